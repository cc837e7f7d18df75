"""Makes any character typable on the customer's layout, whatever the layout.

What the layout has is typed with its own keys. What it lacks gets one of the
keycodes that give nothing (a keyboard leaves some 19), for as long as control lasts.
Owned by the thread that types; nothing here presses a key.
"""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from Xlib import X, error
from Xlib.display import Display

from cordee_agent.desktops.x11.keymap import Keymap, KeymapReader, Stroke
from cordee_agent.desktops.x11.lib import find_xtest_keyboard, open_display
from cordee_agent.desktops.x11.xkb import Keyboard

#: Of the spare keycodes, so many are ours; the rest stay for other programs.
POOL: Final = 12
#: Until programs have read the changed mapping (agent_platform 2.1: 30 ms measured
#: right with xterm, Tk, Qt and Chromium).
SETTLE_S: Final = 0.03

#: A spare keycode is not given another character sooner than this after it was typed
#: with: a program that is starved looks the key up late, and would find the new one
#: (seen with xterm on a loaded machine). 12 keycodes make 24 new characters a second.
REUSE_S: Final = 0.5

#: Typed with keys, not as characters.
_KEYS: Final = {"\n": 0xFF0D, "\t": 0xFF09}


class Typist:
    """Knows the keymap and owns the spare keycodes it has filled."""

    def __init__(
        self,
        name: str,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect and read the keyboard.

        Args:
            name: the display.
            pause: waits a number of seconds.
            now: seconds that never go back.

        Raises:
            NoDesktop: the server, or a library for its keyboard, is missing.
        """
        self._pause = pause
        self._now = now
        # Of changes by others the server tells those clients that speak no XKB by a
        # MappingNotify; so the connection that hears of them speaks none.
        self._display = open_display(name)
        self._xkb_display: Display | None = None
        self._reader: KeymapReader | None = None
        try:
            self._xkb_display = open_display(name)
            self._keyboard = Keyboard(self._xkb_display)
            self._reader = KeymapReader(name)
            # Injected keys are read with the layout of the device they come from.
            self._device = find_xtest_keyboard(self._display)
            self._group = self._keyboard.state().group
            self.keymap: Keymap = self._reader.read(self._device, self._group)
        except BaseException:
            self._close()
            raise
        self._pool: tuple[int, ...] = self.keymap.spare[-POOL:]
        #: Characters on spare keycodes, the one used longest ago first.
        self._lent: OrderedDict[str, int] = OrderedDict()
        #: When a spare keycode was last typed with.
        self._typed_at: dict[int, float] = {}

    def close(self) -> None:
        """Give the spare keycodes back."""
        # Where the server went first, the mapping went with it.
        with contextlib.suppress(error.ConnectionClosedError, OSError):
            for keycode in self._lent.values():
                self._map(keycode, X.NoSymbol)
            self._display.sync()
        self._lent.clear()
        self._close()

    def prepare(self, text: str) -> int:
        """Make characters typable; see ``Injector.prepare``."""
        self._refresh()
        lacking: list[str] = []
        used: set[str] = set()
        ready = 0
        for character in text:
            if self._is_in_layout(character):
                pass
            elif character in self._lent:
                self._lent.move_to_end(character)
                used.add(character)
            elif len(used) < len(self._pool):
                used.add(character)
                lacking.append(character)
                self._lend(character, keep=used)
            elif self._pool:
                break  # the rest comes next, on the same keycodes
            ready += 1
        if lacking:
            self._display.sync()
            self._take_events()
            self._pause(SETTLE_S)
        return ready

    def stroke(self, character: str) -> Stroke | None:
        """Return how to type a prepared character; ``None`` if it cannot be."""
        if character in _KEYS:
            keycode = self.keymap.keysyms.get(_KEYS[character])
            return None if keycode is None else Stroke(keycode, False, False)
        found = self.keymap.strokes.get(character)
        if found is None and character in self._lent:
            found = Stroke(self._lent[character], False, False)
            self._typed_at[found.keycode] = self._now()
        return found

    def key_of(self, letter: str) -> int | None:
        """Return the key that gives a letter in the customer's layout."""
        found = self.keymap.strokes.get(letter) or self.keymap.strokes.get(
            letter.lower()
        )
        return None if found is None else found.keycode

    def _is_in_layout(self, character: str) -> bool:
        return character in self.keymap.strokes or character in _KEYS

    def _lend(self, character: str, keep: set[str]) -> None:
        """Put a character on a spare keycode, taking the one longest unused."""
        free = [code for code in self._pool if code not in self._lent.values()]
        if free:
            keycode = free[0]
        else:
            oldest = next(kept for kept in self._lent if kept not in keep)
            keycode = self._lent.pop(oldest)
            rest = self._typed_at.get(keycode, float("-inf")) + REUSE_S - self._now()
            if rest > 0:
                self._pause(rest)
        assert self._reader is not None
        self._map(keycode, self._reader.keysym(character))
        self._lent[character] = keycode

    def _map(self, keycode: int, keysym: int) -> None:
        # Twice: some programs look at the shifted column only when Shift is down.
        self._display.change_keyboard_mapping(keycode, [(keysym, keysym)])

    def _refresh(self) -> None:
        """Read the keymap again when somebody else changed it, or its group."""
        changed = self._take_events()
        group = self._keyboard.state().group
        if not changed and group == self._group:
            return
        assert self._reader is not None
        self._group = group
        self._device = find_xtest_keyboard(self._display)
        keymap = self._reader.read(self._device, group)
        ours = {
            character
            for character, stroke in keymap.strokes.items()
            if self._lent.get(character) == stroke.keycode
        }
        # A new layout took our characters away with the old one.
        for character in [c for c in self._lent if c not in ours]:
            del self._lent[character]
        strokes = {c: s for c, s in keymap.strokes.items() if c not in ours}
        self.keymap = keymap._replace(strokes=strokes)
        self._pool = tuple(
            sorted((*self._lent.values(), *keymap.spare[-POOL + len(self._lent) :]))
        )

    def _take_events(self) -> bool:
        """Read what has arrived; ``True`` if others changed the keyboard."""
        changed = False
        for _ in range(self._display.pending_events()):
            event: Any = self._display.next_event()
            if event.type != X.MappingNotify or event.request == X.MappingPointer:
                continue
            ours = event.count == 1 and event.first_keycode in self._pool
            changed = changed or not ours
        return changed

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        for display in (self._display, self._xkb_display):
            if display is not None:
                with contextlib.suppress(error.ConnectionClosedError, OSError):
                    display.close()
