"""Moves, presses and types on X11, by XTEST.

Two connections: one acts, under the gate's lock; the other (``typist.py``) learns the
keyboard and lends spare keycodes, on the typing thread. Each method ends with a round
trip: at most one event is on its way when the customer's hand shuts the gate.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

from Xlib import X, error
from Xlib.ext import randr, xtest

from cordee_agent.desktops.base import Layout, NoDesktop
from cordee_agent.desktops.x11.codes import KEYCODES
from cordee_agent.desktops.x11.keymap import MODIFIERS
from cordee_agent.desktops.x11.lib import (
    RAW_BUTTON_PRESS,
    RAW_BUTTON_RELEASE,
    RAW_KEY_PRESS,
    RAW_KEY_RELEASE,
    RAW_MOTION,
    Request,
    Requests,
    open_display,
)
from cordee_agent.desktops.x11.monitors import read_layout
from cordee_agent.desktops.x11.typist import Typist
from cordee_agent.desktops.x11.xkb import Keyboard

_P = ParamSpec("_P")
_R = TypeVar("_R")

_NOTCH: Final = 120
_UP, _DOWN, _LEFT, _RIGHT = 4, 5, 6, 7
_SHIFTS: Final = ("ShiftLeft", "ShiftRight")


def _or_no_desktop(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Say that the server has gone in the words of the port."""

    @functools.wraps(method)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return method(*args, **kwargs)
        except (error.ConnectionClosedError, OSError) as failure:
            raise NoDesktop(f"the X server has gone: {failure}") from None

    return called


class X11Injector:
    """Acts on one X server. Owned by the gate; see ``desktops.base.Injector``."""

    def __init__(
        self,
        name: str,
        requests: Requests,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Connect; nothing is touched yet.

        Args:
            name: the display.
            requests: shared with the watcher of the same guard.
            pause: waits a number of seconds while programs read a new mapping.

        Raises:
            NoDesktop: the server lacks XTEST or XKB.
        """
        self._requests = requests
        self._display = open_display(name)
        try:
            self._keyboard = Keyboard(self._display)
            self._typist = Typist(name, pause)
        except BaseException:
            self._display.close()
            raise
        root = self._display.screen().root
        if self._display.has_extension("RANDR"):
            root.xrandr_select_input(
                randr.RRScreenChangeNotifyMask | randr.RRCrtcChangeNotifyMask
            )
        self._layout: Layout = read_layout(self._display)
        #: What is down, and by which call, oldest first.
        self._buttons: list[int] = []
        self._keys: dict[tuple[str, str], int] = {}
        self._turned = [0, 0]
        self._capitals_cleared = False

    @_or_no_desktop
    def layout(self) -> Layout:
        """Return the monitors; asked for again only when the server said so."""
        changed = False
        for _ in range(self._display.pending_events()):
            event: Any = self._display.next_event()
            changed = changed or event.type != X.MappingNotify
        if changed:
            self._layout = read_layout(self._display)
        return self._layout

    @_or_no_desktop
    def move(self, x: int, y: int) -> None:
        """Put the pointer at a desktop pixel."""
        self._requests.expect(Request(RAW_MOTION, 0, x, y))
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()

    @_or_no_desktop
    def button(self, button: int, *, down: bool) -> None:
        """Press or release a button."""
        if down == (button in self._buttons):
            return
        if down:
            self._buttons.append(button)
        else:
            self._buttons.remove(button)
        self._fake_button(button, down=down)
        self._display.sync()

    @_or_no_desktop
    def wheel(self, dx120: int, dy120: int) -> None:
        """Turn the wheel; whole notches are button clicks here."""
        for axis, turn, back, on in ((0, dx120, _LEFT, _RIGHT), (1, dy120, _UP, _DOWN)):
            if turn * self._turned[axis] < 0:
                self._turned[axis] = 0  # it turns the other way: begin anew
            total = self._turned[axis] + turn
            notches = int(total / _NOTCH)  # towards zero
            self._turned[axis] = total - notches * _NOTCH
            button = on if notches > 0 else back
            for _ in range(abs(notches)):
                self._fake_button(button, down=True)
                self._fake_button(button, down=False)
        self._display.sync()

    @_or_no_desktop
    def prepare(self, text: str) -> int:
        """Make characters typable; on the typing thread, without the gate's lock."""
        return self._typist.prepare(text)

    @_or_no_desktop
    def type_character(self, character: str) -> None:
        """Type one prepared character."""
        stroke = self._typist.stroke(character)
        if stroke is None:
            return
        self._clear_capitals()
        held = [code for code in self._keys.values() if code in self._modifiers()]
        shifts = {self._typist.keymap.modifier(code) for code in _SHIFTS}
        level3 = self._typist.keymap.modifier("AltGraph")
        wanted: list[int | None] = []
        if stroke.shift and not shifts & set(held):
            wanted.append(self._typist.keymap.modifier("ShiftLeft"))
        if stroke.level3 and level3 not in held:
            wanted.append(level3)
        if None in wanted:
            return  # a layout with characters that no key of it can reach
        lifted = [
            code
            for code in held
            if not (stroke.shift and code in shifts)
            and not (stroke.level3 and code == level3)
        ]
        if stroke.keycode in self._keys.values():
            # Held as a shortcut's letter; pressing it again would do nothing.
            self._let_go(stroke.keycode)
        added = [code for code in wanted if code is not None]
        for code in lifted:
            self._fake_key(code, down=False)
        for code in (*added, stroke.keycode):
            self._fake_key(code, down=True)
        for code in (stroke.keycode, *reversed(added)):
            self._fake_key(code, down=False)
        for code in lifted:
            self._fake_key(code, down=True)
        self._display.sync()

    @_or_no_desktop
    def key(self, code: str, letter: str, *, down: bool) -> None:
        """Press or release a key, by letter first, else by position."""
        name = (code, letter)
        if not down:
            keycode = self._keys.pop(name, None)
            if keycode is not None and keycode not in self._keys.values():
                self._fake_key(keycode, down=False)
                self._display.sync()
            return
        if name in self._keys:
            return
        keycode = self._find(code, letter)
        if keycode is None:
            return
        already = keycode in self._keys.values()
        self._keys[name] = keycode
        if not already:
            self._fake_key(keycode, down=True)
            self._display.sync()

    def release_all(self) -> None:
        """Release what is held here, newest first, and put Caps Lock back."""
        # A server that has gone holds nothing.
        with contextlib.suppress(error.ConnectionClosedError, OSError):
            self._release_all()

    def close(self) -> None:
        """Release everything, give the spare keycodes back, disconnect."""
        self.release_all()
        self._typist.close()
        with contextlib.suppress(error.ConnectionClosedError, OSError):
            self._display.close()

    def _release_all(self) -> None:
        for keycode in dict.fromkeys(reversed(self._keys.values())):
            self._fake_key(keycode, down=False)
        for button in reversed(self._buttons):
            self._fake_button(button, down=False)
        self._keys.clear()
        self._buttons.clear()
        self._turned = [0, 0]
        if self._capitals_cleared:
            self._capitals_cleared = False
            self._keyboard.set_caps_lock(True)
        self._display.sync()

    def _find(self, code: str, letter: str) -> int | None:
        keymap = self._typist.keymap
        if letter:
            keycode = self._typist.key_of(letter)
            if keycode is not None:
                return keycode
        if code in MODIFIERS:
            keycode = keymap.modifier(code)
            if keycode is not None:
                return keycode
        return KEYCODES.get(code)

    def _modifiers(self) -> set[int | None]:
        return {self._typist.keymap.modifier(code) for code in MODIFIERS}

    def _let_go(self, keycode: int) -> None:
        self._keys = {
            name: code for name, code in self._keys.items() if code != keycode
        }
        self._fake_key(keycode, down=False)

    def _clear_capitals(self) -> None:
        """Turn Caps Lock off while characters are typed: they come as they are."""
        if not self._capitals_cleared and self._keyboard.state().caps_lock:
            self._keyboard.set_caps_lock(False)
            self._capitals_cleared = True

    def _fake_key(self, keycode: int, *, down: bool) -> None:
        kind = RAW_KEY_PRESS if down else RAW_KEY_RELEASE
        self._requests.expect(Request(kind, keycode))
        xtest.fake_input(self._display, X.KeyPress if down else X.KeyRelease, keycode)

    def _fake_button(self, button: int, *, down: bool) -> None:
        kind = RAW_BUTTON_PRESS if down else RAW_BUTTON_RELEASE
        self._requests.expect(Request(kind, button))
        xtest.fake_input(
            self._display, X.ButtonPress if down else X.ButtonRelease, button
        )
