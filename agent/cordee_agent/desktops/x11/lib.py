"""What watcher and injector share of X11: connections, XInput 2, whose event it was.

Rules:

1. One connection per thread: python-xlib does not share well.
2. XInput 2.2 is negotiated by hand. python-xlib would ask for 2.0, under which raw
   events stop while any client holds a pointer grab (an open menu, a drag).
3. A device belongs to programs when its property ``XTEST Device`` is 1, never because
   of its name. Which of those events are *ours* says :class:`Requests`.
"""

from __future__ import annotations

import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from Xlib import X, error
from Xlib.display import Display
from Xlib.ext import xinput, xtest

from cordee_agent.desktops.base import NoDesktop

# XI2proto.h; python-xlib knows no raw touch.
HIERARCHY_CHANGED: Final = 11
RAW_KEY_PRESS: Final = 13
RAW_KEY_RELEASE: Final = 14
RAW_BUTTON_PRESS: Final = 15
RAW_BUTTON_RELEASE: Final = 16
RAW_MOTION: Final = 17
RAW_TOUCH_BEGIN: Final = 22
RAW_TOUCH_UPDATE: Final = 23
RAW_TOUCH_END: Final = 24
RAW_KINDS: Final = (*range(RAW_KEY_PRESS, RAW_MOTION + 1), *range(22, 25))

#: deviceid, time, detail, sourceid, number of mask words, flags.
_RAW: Final = struct.Struct("=HIIHHI")
#: The mask of valuators follows four bytes of padding.
_MASK_AT: Final = 22

#: Buttons that XTEST may have left down; 4 to 7 are the wheel and have no state.
_BUTTONS: Final = (1, 2, 3, 8, 9)


def open_display(name: str | None) -> Display:
    """Connect to an X server that can be guarded.

    Args:
        name: a display, ``None`` for the environment's.

    Raises:
        NoDesktop: no server there, or it lacks what the guard needs.
    """
    try:
        display = Display(name)
    except (error.DisplayError, error.ConnectionClosedError, OSError) as failure:
        raise NoDesktop(f"the X server cannot be reached: {failure}") from None
    # A late error (a window that has gone) is no reason to write on the terminal.
    display.set_error_handler(lambda *_: None)
    if display.has_extension("XWAYLAND"):
        display.close()
        raise NoDesktop(
            "this is a Wayland session, where the mouse cannot be told from the "
            "technician's; choose an X11 (Xorg) session when you sign in"
        )
    for extension in ("XTEST", xinput.extname):
        if not display.has_extension(extension):
            display.close()
            raise NoDesktop(f"the X server has no {extension} extension")
    return display


def negotiate_xinput(display: Display) -> int:
    """Agree on XInput 2.2 and return the extension's major opcode.

    Raises:
        NoDesktop: the server has less than 2.1, so a grab would blind the watcher.
    """
    opcode: int = display.display.get_extension_major(xinput.extname)
    try:
        version = xinput.XIQueryVersion(
            display=display.display, opcode=opcode, major_version=2, minor_version=2
        )
    except error.XError:
        raise NoDesktop("the X server has no XInput 2") from None
    if (version.major_version, version.minor_version) < (2, 1):
        raise NoDesktop(
            f"the X server has XInput {version.major_version}.{version.minor_version}; "
            "the customer's mouse can be watched from 2.1 on"
        )
    return opcode


class Raw(NamedTuple):
    """One raw event, decoded."""

    kind: int
    time_ms: int
    detail: int
    source: int
    #: Axis number to value: a position or a distance, as the device reports.
    axes: dict[int, float]


def decode_raw(kind: int, data: bytes) -> Raw:
    """Decode the body of a raw event (XI2proto.h, xXIRawEvent after evtype).

    Values come as FP3232: a signed whole part and 32 bits of fraction. The first
    list of them is what moves the pointer, acceleration included.
    """
    _device, time_ms, detail, source, words, _flags = _RAW.unpack_from(data)
    at = _MASK_AT + 4 * words
    mask = int.from_bytes(data[_MASK_AT:at], "little")
    axes: dict[int, float] = {}
    for axis in range(32 * words):
        if mask >> axis & 1:
            whole, fraction = struct.unpack_from("=iI", data, at)
            axes[axis] = whole + fraction / 2**32
            at += 8
    return Raw(kind, time_ms, detail, source, axes)


@dataclass(slots=True)
class Device:
    """What must be known of a device to read its events."""

    #: A program's, by XTEST.
    xtest: bool
    #: Its axes 0 and 1 say where it is, not how far it went.
    absolute: bool
    #: min and max of axes 0 and 1, where it has a range.
    ranges: dict[int, tuple[float, float]] = field(default_factory=dict)
    scroll_axes: frozenset[int] = frozenset()
    #: The last values of axes 0 and 1.
    position: dict[int, float] = field(default_factory=dict)
    #: A relative device may turn out to send positions (see the watcher).
    settled: bool = False


def read_devices(display: Display) -> dict[int, Device]:
    """Ask for all devices, and which of them belong to programs."""
    marker = display.intern_atom("XTEST Device")
    found: dict[int, Device] = {}
    for info in display.xinput_query_device(xinput.AllDevices).devices:
        try:
            answer = display.xinput_get_device_property(
                info.deviceid, marker, X.AnyPropertyType, 0, 1
            )
            # What python-xlib makes of a property: its format and its bytes.
            of_programs = answer.value is not None and answer.value[1] == b"\x01"
        except error.XError:  # it was taken away in between: not ours
            of_programs = False
        axes = [c for c in info.classes if c.type == xinput.ValuatorClass]
        scroll = [c for c in info.classes if c.type == xinput.ScrollClass]
        place = [axis for axis in axes if axis.number in (0, 1)]
        absolute = any(axis.mode == 1 for axis in place)
        found[info.deviceid] = Device(
            xtest=of_programs,
            absolute=absolute,
            ranges={axis.number: (axis.min, axis.max) for axis in place},
            scroll_axes=frozenset(axis.number for axis in scroll),
            position={axis.number: axis.value for axis in place},
            settled=absolute,
        )
    return found


def find_xtest_keyboard(display: Display) -> int | None:
    """Return the device id of the keyboard that injected keys come from."""
    programs = {id for id, device in read_devices(display).items() if device.xtest}
    for info in display.xinput_query_device(xinput.AllDevices).devices:
        if info.deviceid in programs and info.use == xinput.SlaveKeyboard:
            return int(info.deviceid)
    return None


class Request(NamedTuple):
    """One XTEST request, as the raw event it will come back as."""

    kind: int
    detail: int
    x: int = 0
    y: int = 0


class Requests:
    """Our own XTEST requests that have not come back as raw events yet.

    XTEST events carry no sender. But the server does one connection's requests in
    order, so ours come back in the order they were sent, mixed with those of other
    programs. What does not match is somebody else's: an on-screen keyboard, a
    switch, an eye tracker, and so the customer's hand. Should a foreign event look
    exactly like one of ours, ours is the one left without a match: one of the two
    is always counted as the customer's. Guarded by ``_lock``.
    """

    #: A request that caused no event (a key that was down already) is forgotten then.
    KEPT_S: Final = 5.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._sent: deque[tuple[float, Request]] = deque()
        self._clock = clock

    def expect(self, request: Request) -> None:
        """Remember a request, before it is sent."""
        now = self._clock()
        with self._lock:
            while self._sent and now - self._sent[0][0] > self.KEPT_S:
                self._sent.popleft()
            self._sent.append((now, request))

    def is_ours(self, seen: Request) -> bool:
        """Tell whether a program's event is one of ours, and forget up to it."""
        with self._lock:
            for index, (_, request) in enumerate(self._sent):
                if request == seen:
                    for _ in range(index + 1):
                        self._sent.popleft()
                    return True
            return False


def release_everything(name: str | None) -> None:
    """Release every key and button, over a connection of its own.

    For when the process that pressed them is gone. A key that the customer holds at
    this moment is released with the others: it counts again when pressed again.

    Raises:
        NoDesktop: the X server cannot be reached; then it holds nothing either.
    """
    display = open_display(name)
    try:
        for byte, bits in enumerate(display.query_keymap()):
            for bit in range(8):
                if bits >> bit & 1:
                    xtest.fake_input(display, X.KeyRelease, 8 * byte + bit)
        for button in _BUTTONS:
            xtest.fake_input(display, X.ButtonRelease, button)
        display.sync()
    finally:
        display.close()
