"""What the technician's hand does, as it travels on the input channel (2).

One sealed record carries one batch: a JSON array of 1 to ``INPUT_BATCH_MAX``
objects, at most ``INPUT_MAX`` bytes of UTF-8, done in order. Console to agent only.

::

    [{"t":"p","mon":0,"cfg":3,"x":32767,"y":512},
     {"t":"b","mon":0,"cfg":3,"x":32767,"y":512,"btn":0,"down":1}]

    k  key      {"t":"k","code":"KeyQ","key":"a","loc":0,"down":1,"mods":0,"rep":0}
    t  text     {"t":"t","s":"texte"}
    p  pointer  {"t":"p","mon":0,"cfg":3,"x":0,"y":0}
    b  button   {"t":"b","mon":0,"cfg":3,"x":0,"y":0,"btn":0,"down":1}
    w  wheel    {"t":"w","mon":0,"cfg":3,"x":0,"y":0,"dx120":0,"dy120":120}
    r  release  {"t":"r"}

Every field is needed, integers are JSON integers, and truth is 0 or 1. Rules:

1. ``mon`` is the monitor's id, ``x`` and ``y`` go from 0 (left, top pixel) to
   65535 (right, bottom pixel) of that monitor: :func:`pixel` is the one way back.
   ``cfg`` is the monitors' version the console had drawn: with a stale one the
   whole event is dropped, for it would land somewhere else.
2. ``btn`` is ``MouseEvent.button``: 0 left, 1 middle, 2 right, 3 back, 4 forward.
   Button and wheel carry their place: no move need come before them.
3. The wheel counts 1/120 notches, right and down positive. Lines of a
   ``WheelEvent`` are 40 each, pixels 1.2 each, a page 360.
4. ``code``, ``key`` and ``loc`` are those of the ``KeyboardEvent``; ``code`` may be
   empty where the browser knows none. ``mods`` holds what is down or locked *besides*
   the key itself, as bits of :class:`Mod`. On Windows AltGr shows as Ctrl+Alt with
   ``getModifierState("AltGraph")``: send ``ALTGR`` alone. On macOS an Option that
   makes a character is ``ALTGR`` too. ``rep`` is the event's ``repeat``.
5. A dead key goes as it is (``key: "Dead"``) and does nothing at the agent; what it
   composes comes as the next ``k`` with the composed ``key``, or as ``t``.
6. ``t`` is what an input method composed or what is pasted as typing; it holds no key
   down. Line feed and tab are the keys Enter and Tab; other controls are refused.
7. ``r`` is sent when the console can no longer see key releases: on blur, when the
   tab is hidden, when control ends.

What the agent makes of a key stands in ``cordee_agent/guard/keys.py``.
"""

from __future__ import annotations

from enum import IntFlag
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from cordee_shared.errors import FrameTooLarge, LocalViolation, MalformedFrame
from cordee_shared.limits import INPUT_BATCH_MAX, INPUT_MAX, TYPED_MAX

#: The last pixel of a monitor, whatever its size.
FAR: Final = 65535

_Place = Annotated[int, msgspec.Meta(ge=0, le=FAR)]
_Version = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
#: Names of UI Events' ``code``: ASCII letters and digits.
_Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{0,32}\Z")]
#: A character (some are several code points) or a name such as ``ArrowLeft``.
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
_Turn = Annotated[int, msgspec.Meta(ge=-120 * 100, le=120 * 100)]
_Bit = Literal[0, 1]
_Text = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=TYPED_MAX,
        pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*\Z",
    ),
]


class Mod(IntFlag):
    """Modifiers held, or locks on, while a key is pressed."""

    SHIFT = 1
    CTRL = 2
    ALT = 4
    META = 8
    ALTGR = 16
    CAPS = 32
    NUM = 64


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="t"):
    """One thing the technician's hand did."""


class Key(_Event, frozen=True, tag="k"):
    """A key went down or up."""

    code: _Code
    key: _Key
    loc: Annotated[int, msgspec.Meta(ge=0, le=3)]
    down: _Bit
    mods: Annotated[int, msgspec.Meta(ge=0, le=127)]
    rep: _Bit


class Text(_Event, frozen=True, tag="t"):
    """Characters, without any key's state."""

    s: _Text


class Pointer(_Event, frozen=True, tag="p"):
    """The pointer moved."""

    mon: Annotated[int, msgspec.Meta(ge=0, le=255)]
    cfg: _Version
    x: _Place
    y: _Place


class Button(_Event, frozen=True, tag="b"):
    """A mouse button went down or up, there."""

    mon: Annotated[int, msgspec.Meta(ge=0, le=255)]
    cfg: _Version
    x: _Place
    y: _Place
    btn: Annotated[int, msgspec.Meta(ge=0, le=4)]
    down: _Bit


class Wheel(_Event, frozen=True, tag="w"):
    """The wheel turned, there."""

    mon: Annotated[int, msgspec.Meta(ge=0, le=255)]
    cfg: _Version
    x: _Place
    y: _Place
    dx120: _Turn
    dy120: _Turn


class Release(_Event, frozen=True, tag="r"):
    """Let go of every key and button."""


InputEvent: TypeAlias = Key | Text | Pointer | Button | Wheel | Release

_Batch = Annotated[
    list[InputEvent], msgspec.Meta(min_length=1, max_length=INPUT_BATCH_MAX)
]
_decoder: Final = msgspec.json.Decoder(_Batch)


def decode_batch(data: bytes) -> list[InputEvent]:
    """Read one input record.

    Raises:
        FrameTooLarge: more than ``INPUT_MAX`` bytes.
        MalformedFrame: not such a batch, or a field out of its bounds.
    """
    if len(data) > INPUT_MAX:
        raise FrameTooLarge(f"an input record of {len(data)} bytes")
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedFrame(str(error)) from None


def encode_batch(events: list[InputEvent]) -> bytes:
    """Write one input record.

    Raises:
        LocalViolation: what was built here is no batch; the peer would refuse it.
    """
    data = msgspec.json.encode(events)
    try:
        decode_batch(data)
    except (FrameTooLarge, MalformedFrame) as error:
        raise LocalViolation(str(error)) from None
    return data


def pixel(place: int, start: int, size: int) -> int:
    """Return the desktop pixel of ``place`` on a monitor's side of ``size`` pixels.

    0 is its first pixel and 65535 its last, so both edges can be reached.
    """
    return start + (place * (size - 1) + FAR // 2) // FAR
