"""Pictures as they travel on the screen channel (1): one message in each record.

All numbers are big-endian. The first byte says what the message is; none of them
is ``{``, so that none can be taken for the JSON of the control channel.

Agent to console, screen channel::

    layout   01 | epoch u16 | cfg u32 | window_log u8 | width u16 | height u16
                | count u8 | count x (id u8, flags u8, x u16, y u16, w u16, h u16)
    rects    02 | seq u32 | coding u8 | count u16 | count x (x, y, w, h u16)
                | payload: pixels, rectangle after rectangle, in the given coding
    shape    03 | seq u32 | width u16 | height u16 | hot_x u16 | hot_y u16
                | payload: straight RGBA, in coding EXACT; none when it is hidden
    pointer  04 | seq u32 | x u16 | y u16
    ping     05 | seq u32 | trip u16, ms | rate u32, kbit/s (0: not known yet)

Console to agent, on the control channel (0)::

    ack      10 | epoch u16 | seq u32
    takes    11 | codings u16: bit n is set when this browser unfolds coding n

Rules (codec.md 5 and 9):

1. A layout opens an epoch, and every epoch opens with one: the console's picture is
   then black, the stream new, its window ``1 << window_log``, the next seq 1. A
   viewer who comes (back), a pause that ends, a monitor that changes: a new epoch.
2. ``seq`` goes up by one with each message of an epoch; the layout is seq 0.
3. EXACT is RGB, 3 bytes a pixel, through ONE zstd frame for the whole epoch, flushed
   with each message; a pointer's shape goes through the same. Its frame header is
   the plain one: no dictionary, no content size, no checksum. It never ends.
   EXACT gives a rectangle row by row; COLUMNS, through the same stream, column by
   column, so that a letter is one piece of the stream's memory (ADR 0012).
4. A message unfolds to exactly the pixels it announces, at most
   ``PICTURE_PIXELS_MAX``; a rectangle is inside the screen and not empty.
5. The console acknowledges what it has *painted*: ``seq`` and all before it, in that
   epoch. An acknowledgement of another epoch is old news, not an error.
6. The pointer is never in the pixels. Its place is that of its hot spot.
7. Every other coding is one file for one rectangle (`still.py`). LOSSLESS and PNG are
   exact and have its size. WEBP and JPEG are lossy: the file may be a half, a third
   or a quarter of it each way, and the console marks what they show as not sharp
   until exact pixels cover it.
8. A window_log of 0: an epoch without a stream, for browsers without WebAssembly.
   Rectangles come as files, a shape as a PNG.
9. An agent waits 2 s for what a console takes; one that is silent gets EXACT only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

from cordee_shared.errors import (
    FrameTooLarge,
    LocalViolation,
    MalformedFrame,
    UnexpectedMessage,
)
from cordee_shared.limits import (
    CURSOR_SIDE_MAX,
    MONITORS_MAX,
    PICTURE_PIXELS_MAX,
    PICTURE_WINDOW_LOG_MAX,
    RECORD_PLAINTEXT_MAX,
    SCREEN_PIXELS_MAX,
)
from cordee_shared.wire.still import check_size

#: zstd's own smallest window.
WINDOW_LOG_MIN: Final = 10


class Kind(IntEnum):
    """First byte of a message."""

    LAYOUT = 0x01
    RECTS = 0x02
    SHAPE = 0x03
    POINTER = 0x04
    PING = 0x05
    ACK = 0x10
    TAKES = 0x11


class Coding(IntEnum):
    """How the pixels of a rects message are written."""

    #: RGB through the epoch's zstd stream, bit for bit what the customer sees.
    EXACT = 0
    #: The same, but each rectangle column by column.
    COLUMNS = 1
    #: A lossy WebP file; a lossless one; others.
    WEBP = 2
    LOSSLESS = 3
    PNG = 4
    JPEG = 5


#: Through the epoch's stream; everything else is a file.
STREAMED: Final = frozenset({Coding.EXACT, Coding.COLUMNS})
#: What does not show what the customer sees bit for bit.
LOSSY: Final = frozenset({Coding.WEBP, Coding.JPEG})


_LAYOUT = struct.Struct(">BHIBHHB")
_MONITOR = struct.Struct(">BBHHHH")
_RECTS = struct.Struct(">BIBH")
_RECT = struct.Struct(">HHHH")
_SHAPE = struct.Struct(">BIHHHH")
_POINTER = struct.Struct(">BIHH")
_PING = struct.Struct(">BIHI")
_ACK = struct.Struct(">BHI")
_TAKES = struct.Struct(">BH")

_PRIMARY: Final = 0x01


class Rect(NamedTuple):
    """A rectangle of the screen, in desktop pixels."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor: its id, and whether it is the primary one."""

    id: int
    primary: bool
    rect: Rect


@dataclass(frozen=True, slots=True)
class Layout:
    """Opens an epoch: the screen is black, ``width`` by ``height`` pixels."""

    epoch: int
    #: Version of the monitors; input that names another one is dropped.
    cfg: int
    #: Base-2 logarithm of the zstd window, in bytes.
    window_log: int
    width: int
    height: int
    monitors: tuple[Monitor, ...]


@dataclass(frozen=True, slots=True)
class Rects:
    """Rectangles, and their pixels one after the other."""

    seq: int
    coding: Coding
    rects: tuple[Rect, ...]
    payload: bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """What the pointer looks like from now on; 0 by 0 is a hidden one."""

    seq: int
    width: int
    height: int
    hot_x: int
    hot_y: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is."""

    seq: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Nothing to paint: acknowledged at once, it measures the way, and tells of it."""

    seq: int
    #: Milliseconds there and back; 0: not known yet.
    trip_ms: int = 0
    #: Kilobits a second that the way carries; 0: not known yet.
    rate_kbit: int = 0


@dataclass(frozen=True, slots=True)
class Ack:
    """Painted: ``seq`` and all before it, in ``epoch``."""

    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Takes:
    """What this browser can unfold."""

    codings: frozenset[Coding]


FromAgent: TypeAlias = Layout | Rects | Shape | Pointer | Ping


def encode(message: FromAgent | Ack | Takes) -> bytes:
    """Write one message.

    Raises:
        LocalViolation: what was built here is no such message.
    """
    try:
        data = _encode(message)
        # The peer would end the session for it: better that this side says why.
        if isinstance(message, Layout):
            _check_layout(message)
        elif isinstance(message, Rects):
            _check_rects(message, None)
        elif isinstance(message, Shape):
            _check_shape(message)
    except (struct.error, MalformedFrame) as error:
        raise LocalViolation(str(error)) from None
    if len(data) > RECORD_PLAINTEXT_MAX:
        raise LocalViolation(f"a picture message of {len(data)} bytes")
    return data


def _encode(message: FromAgent | Ack | Takes) -> bytes:
    match message:
        case Rects(seq, coding, rects, payload):
            head = _RECTS.pack(Kind.RECTS, seq, coding, len(rects))
            return head + b"".join(_RECT.pack(*rect) for rect in rects) + payload
        case Pointer(seq, x, y):
            return _POINTER.pack(Kind.POINTER, seq, x, y)
        case Shape(seq, width, height, hot_x, hot_y, payload):
            return _SHAPE.pack(Kind.SHAPE, seq, width, height, hot_x, hot_y) + payload
        case Ping(seq, trip_ms, rate_kbit):
            return _PING.pack(Kind.PING, seq, trip_ms, rate_kbit)
        case Ack(epoch, seq):
            return _ACK.pack(Kind.ACK, epoch, seq)
        case Takes(codings):
            return _TAKES.pack(Kind.TAKES, sum(1 << coding for coding in codings))
        case Layout(epoch, cfg, window_log, width, height, monitors):
            return _LAYOUT.pack(
                Kind.LAYOUT, epoch, cfg, window_log, width, height, len(monitors)
            ) + b"".join(
                _MONITOR.pack(one.id, _PRIMARY if one.primary else 0, *one.rect)
                for one in monitors
            )


def decode(data: bytes, screen: Layout | None) -> FromAgent:
    """Read what an agent sent.

    Args:
        data: one record's content.
        screen: the epoch's layout; ``None`` before the first one.

    Raises:
        FrameTooLarge: longer than a record can be.
        MalformedFrame: not such a message, or a number out of its bounds.
        UnexpectedMessage: a picture before any layout.
    """
    if len(data) > RECORD_PLAINTEXT_MAX:
        raise FrameTooLarge(f"a picture message of {len(data)} bytes")
    kind = data[0] if data else None
    if kind == Kind.LAYOUT:
        return _decode_layout(data)
    if kind not in (Kind.RECTS, Kind.SHAPE, Kind.POINTER, Kind.PING):
        raise MalformedFrame(f"no picture message begins with {kind}")
    if screen is None:
        raise UnexpectedMessage("a picture before its layout")
    try:
        if kind == Kind.RECTS:
            return _decode_rects(data, screen)
        if kind == Kind.SHAPE:
            _, seq, width, height, hot_x, hot_y = _SHAPE.unpack_from(data)
            shape = Shape(seq, width, height, hot_x, hot_y, data[_SHAPE.size :])
            _check_shape(shape)
            if shape.payload and not screen.window_log:
                check_size("PNG", shape.payload, (shape.width, shape.height))
            return shape
        if kind == Kind.POINTER:
            pointer = Pointer(*_POINTER.unpack(data)[1:])
            if pointer.x >= screen.width or pointer.y >= screen.height:
                raise MalformedFrame("a pointer outside the screen")
            return pointer
        return Ping(*_PING.unpack(data)[1:])
    except struct.error as error:
        raise MalformedFrame(f"a picture message of kind {kind}: {error}") from None


def decode_ack(data: bytes) -> Ack:
    """Read what a console sent.

    Raises:
        MalformedFrame: not an acknowledgement.
    """
    if len(data) != _ACK.size or data[0] != Kind.ACK:
        raise MalformedFrame("not an acknowledgement of pictures")
    return Ack(*_ACK.unpack(data)[1:])


def decode_takes(data: bytes) -> Takes:
    """Read what a console says it can unfold; codings unknown here are left out.

    Raises:
        MalformedFrame: it says no such thing.
    """
    if len(data) != _TAKES.size or data[0] != Kind.TAKES:
        raise MalformedFrame("not what a console takes")
    (_, bits) = _TAKES.unpack(data)
    return Takes(frozenset(coding for coding in Coding if bits >> coding & 1))


def _decode_layout(data: bytes) -> Layout:
    if len(data) < _LAYOUT.size:
        raise MalformedFrame(f"a layout of {len(data)} bytes")
    _, epoch, cfg, window_log, width, height, count = _LAYOUT.unpack_from(data)
    if len(data) != _LAYOUT.size + count * _MONITOR.size:
        raise MalformedFrame(f"a layout of {len(data)} bytes for {count} monitors")
    monitors = []
    for id_, flags, *rect in _MONITOR.iter_unpack(data[_LAYOUT.size :]):
        if flags not in (0, _PRIMARY):
            raise MalformedFrame(f"monitor flags {flags}")
        monitors.append(Monitor(id_, flags == _PRIMARY, Rect(*rect)))
    layout = Layout(epoch, cfg, window_log, width, height, tuple(monitors))
    _check_layout(layout)
    return layout


def _check_layout(layout: Layout) -> None:
    if not layout.width or not layout.height:
        raise MalformedFrame("a screen without pixels")
    if layout.width * layout.height > SCREEN_PIXELS_MAX:  # S-41
        raise MalformedFrame(f"a screen of {layout.width} x {layout.height}")
    log = layout.window_log
    if log and not WINDOW_LOG_MIN <= log <= PICTURE_WINDOW_LOG_MAX:
        raise MalformedFrame(f"a window of 2^{log} bytes")
    if not 1 <= len(layout.monitors) <= MONITORS_MAX:
        raise MalformedFrame(f"{len(layout.monitors)} monitors")
    if len({one.id for one in layout.monitors}) != len(layout.monitors):
        raise MalformedFrame("two monitors of one id")
    for one in layout.monitors:
        _check_rect(one.rect, layout)


def _decode_rects(data: bytes, screen: Layout) -> Rects:
    _, seq, coding, count = _RECTS.unpack_from(data)
    end = _RECTS.size + count * _RECT.size
    if coding not in Coding._value2member_map_:
        raise MalformedFrame(f"pixels in coding {coding}")
    if coding in STREAMED and not screen.window_log:
        raise MalformedFrame("pixels of a stream that this epoch does not have")
    if len(data) < end:
        raise MalformedFrame(f"{count} rectangles in {len(data)} bytes")
    rects = tuple(map(Rect._make, _RECT.iter_unpack(data[_RECTS.size : end])))
    message = Rects(seq, Coding(coding), rects, data[end:])
    _check_rects(message, screen)
    return message


def _check_rects(message: Rects, screen: Layout | None) -> None:
    if not message.rects or not message.payload:
        raise MalformedFrame("a picture without pixels")
    if sum(rect.w * rect.h for rect in message.rects) > PICTURE_PIXELS_MAX:
        raise MalformedFrame("more pixels than one message may hold")
    for rect in message.rects:
        _check_rect(rect, screen)
    if message.coding not in STREAMED:
        if len(message.rects) > 1:
            raise MalformedFrame("one file for several rectangles")
        [rect] = message.rects
        least = 4 if message.coding in LOSSY else 1
        check_size(message.coding.name, message.payload, (rect.w, rect.h), least)


def _check_rect(rect: Rect, screen: Layout | None) -> None:
    if not rect.w or not rect.h:
        raise MalformedFrame("an empty rectangle")
    if screen and (rect.x + rect.w > screen.width or rect.y + rect.h > screen.height):
        raise MalformedFrame("a rectangle outside the screen")


def _check_shape(shape: Shape) -> None:
    if not (shape.width <= CURSOR_SIDE_MAX and shape.height <= CURSOR_SIDE_MAX):
        raise MalformedFrame(f"a pointer of {shape.width} x {shape.height}")
    if bool(shape.width) != bool(shape.height) or bool(shape.payload) != bool(
        shape.width
    ):
        raise MalformedFrame("a pointer's size and pixels do not agree")
    if shape.width and not (shape.hot_x < shape.width and shape.hot_y < shape.height):
        raise MalformedFrame("a pointer's hot spot outside its shape")
