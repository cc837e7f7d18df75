"""The two XKB requests the injector needs and python-xlib lacks (XKBproto).

The state (which group, is Caps Lock on) and locking or unlocking a modifier without
any key: a key would be seen by every program.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from Xlib import error
from Xlib.display import Display
from Xlib.protocol import rq

from cordee_agent.desktops.base import NoDesktop

EXTENSION: Final = "XKEYBOARD"
#: The core modifier bit of Caps Lock.
LOCK: Final = 1 << 1
_CORE_KEYBOARD: Final = 0x100


class _UseExtension(rq.ReplyRequest):  # type: ignore[misc] # python-xlib has no types
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(0),
        rq.RequestLength(),
        rq.Card16("major"),
        rq.Card16("minor"),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Bool("supported"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card16("major"),
        rq.Card16("minor"),
        rq.Pad(20),
    )


class _GetState(rq.ReplyRequest):  # type: ignore[misc] # python-xlib has no types
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(4),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Pad(2),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("device"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("mods"),
        rq.Card8("base_mods"),
        rq.Card8("latched_mods"),
        rq.Card8("locked_mods"),
        rq.Card8("group"),
        rq.Card8("locked_group"),
        rq.Pad(18),
    )


class _LatchLockState(rq.Request):  # type: ignore[misc] # python-xlib has no types
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(5),
        rq.RequestLength(),
        rq.Card16("device"),
        rq.Card8("affect_locks"),
        rq.Card8("locks"),
        rq.Bool("lock_group"),
        rq.Card8("group"),
        rq.Card8("affect_latches"),
        rq.Card8("latches"),
        rq.Pad(1),
        rq.Bool("latch_group"),
        rq.Card16("group_latch"),
    )


class State(NamedTuple):
    """What of the keyboard's state matters here."""

    group: int
    caps_lock: bool


class Keyboard:
    """The core keyboard's state, over one connection. Owned with that connection."""

    def __init__(self, display: Display) -> None:
        """Start XKB on a connection.

        Raises:
            NoDesktop: the server has no XKB.
        """
        answer = display.query_extension(EXTENSION)
        if answer is None:
            raise NoDesktop("the X server has no XKB extension")
        self._opcode = answer.major_opcode
        self._display = display
        try:
            _UseExtension(
                display=display.display, opcode=self._opcode, major=1, minor=0
            )
        except error.XError as failure:
            raise NoDesktop(f"the X server refuses XKB: {failure}") from None

    def state(self) -> State:
        """Ask for the state; one round trip."""
        answer = _GetState(
            display=self._display.display, opcode=self._opcode, device=_CORE_KEYBOARD
        )
        return State(answer.group, bool(answer.locked_mods & LOCK))

    def set_caps_lock(self, on: bool) -> None:
        """Lock or unlock capitals; the light on the keyboard follows."""
        _LatchLockState(
            display=self._display.display,
            opcode=self._opcode,
            device=_CORE_KEYBOARD,
            affect_locks=LOCK,
            locks=LOCK if on else 0,
            lock_group=0,
            group=0,
            affect_latches=0,
            latches=0,
            latch_group=0,
            group_latch=0,
        )
        self._display.flush()
