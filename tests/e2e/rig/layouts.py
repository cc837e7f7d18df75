"""The technician's keyboard: keys of a real layout, pressed on her own X server.

Every character that a layout has, level by level, as its keys give it; and what its
dead keys compose. Keys go through XTEST into a real browser with a window.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Self

from Xlib import X, display
from Xlib.ext import xtest

from cordee_agent.desktops.x11.codes import KEYCODES
from cordee_agent.desktops.x11.keymap import MODIFIERS, KeymapReader, Stroke
from cordee_agent.desktops.x11.lib import find_xtest_keyboard

#: On a keyboard that has it the third level's key is the right Alt.
_ALTGR = KEYCODES["AltRight"]
_SHIFT = KEYCODES["ShiftLeft"]
#: BÉPO's AltGr and =: Chromium 156 makes a key of code point 0 of it, in any page.
UNKNOWN_TO_CHROMIUM = "‰"


@dataclass(frozen=True)
class Layout:
    """One of the four: its name, and what its dead keys compose.

    ``dead`` maps what comes out to the dead key's position, whether Shift is held
    with it, and the letter typed after it.
    """

    name: str
    variant: str
    dead: dict[str, tuple[str, bool, str]]


AZERTY = Layout(
    "fr",
    "",
    {
        "â": ("BracketLeft", False, "a"),
        "ë": ("BracketLeft", True, "e"),
        "Ô": ("BracketLeft", False, "O"),
    },
)
QWERTY = Layout("us", "", {})
QWERTZ = Layout(
    "de",
    "",
    {
        "é": ("Equal", False, "e"),
        "à": ("Equal", True, "a"),
        "û": ("Backquote", False, "u"),
    },
)
BEPO = Layout("fr", "bepo", {"â": ("KeyY", False, "a"), "Î": ("KeyY", False, "I")})


class Keys:
    """Presses keys on one X server."""

    def __init__(self, name: str) -> None:
        """Connect."""
        self._display: Any = display.Display(name)
        self._reader = KeymapReader(name)
        self._strokes: dict[str, Stroke] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        self._display.close()

    def read(self) -> None:
        """Read the layout that is in force now."""
        device = find_xtest_keyboard(self._display)
        keymap = self._reader.read(device, 0)
        # Some layouts have third levels, but on their keyboards no key to reach them.
        has_altgr = _ALTGR not in (
            keymap.keysyms.get(keysym) for keysym in MODIFIERS["AltRight"]
        )
        self._strokes = {
            character: stroke
            for character, stroke in keymap.strokes.items()
            if has_altgr or not stroke.level3
        }

    @property
    def characters(self) -> str:
        """Everything that the layout's keys give by themselves, in order."""
        return "".join(
            sorted(
                character
                for character in self._strokes
                if not unicodedata.combining(character)
                and character not in UNKNOWN_TO_CHROMIUM
            )
        )

    def type(self, text: str) -> None:
        """Type characters that the layout has."""
        for character in text:
            self._press(self._strokes[character])

    def compose(self, code: str, letter: str, *, shift: bool) -> None:
        """Press a dead key, then a letter."""
        self._press(Stroke(KEYCODES[code], shift, False))
        self.type(letter)

    def _press(self, stroke: Stroke) -> None:
        held = [_SHIFT] * stroke.shift + [_ALTGR] * stroke.level3
        for keycode in (*held, stroke.keycode):
            xtest.fake_input(self._display, X.KeyPress, keycode)
        for keycode in (stroke.keycode, *reversed(held)):
            xtest.fake_input(self._display, X.KeyRelease, keycode)
        self._display.sync()
