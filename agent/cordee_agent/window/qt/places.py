"""Where the bar's buttons stand: in every state the same place, with enough words.

Rules:

1. Buttons that never stand together share a place; it stays while neither is shown.
   A hand that has aimed once finds the same button there again.
2. Where there is little room buttons say less, in steps, all states alike. Taking
   back, giving back and ending keep their words; others keep their signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cordee_agent.window.qt.hand import HandButton

#: Unread messages are counted so far.
UNREAD_MAX: Final = 99
#: Between two places, in pixels.
GAP_PX: Final = 10


class _Level(NamedTuple):
    """How much the buttons say."""

    is_short: bool
    #: Only their signs; a screen reader has the words.
    bare: tuple[str, ...] = ()


#: From all words to as few as there is room for.
_LEVELS: Final = (
    _Level(False),
    _Level(True),
    _Level(True, ("talk",)),
    _Level(True, ("talk", "hide", "show")),
)


class Place(QWidget):
    """Where one button of several stands, also while none is shown."""

    def __init__(self, buttons: Mapping[str, HandButton]) -> None:
        """Make the place of these buttons, by their key in the texts."""
        super().__init__()
        self.buttons = buttons
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        for button in buttons.values():
            box.addWidget(button)


class Places:
    """All of them. Owned by the bar."""

    def __init__(
        self, text: Mapping[str, str], *groups: Mapping[str, HandButton]
    ) -> None:
        """Make a place for each group of buttons.

        Args:
            text: the window's sentences; a button's are ``bar.<key>``.
            groups: buttons that share a place.
        """
        self._text = text
        self.all = tuple(Place(group) for group in groups)
        self._unread = 0
        self._level = _LEVELS[0]

    def fit(self, room_px: int) -> None:
        """Say as much as fits into ``room_px`` pixels."""
        for level in _LEVELS:
            self._level = level
            width = sum(self._settle(place) + GAP_PX for place in self.all)
            if width <= room_px:
                break
        self.tell_unread(self._unread)

    def tell_unread(self, count: int) -> None:
        """Say on the button how many messages wait to be read."""
        self._unread = count
        shown = min(count, UNREAD_MAX)
        whole = self._text["bar.talk"]
        if shown:
            whole = self._text["bar.talk.unread"].format(count=shown)
        for place in self.all:
            if (talk := place.buttons.get("talk")) is not None:
                bare = str(shown) if shown else ""
                talk.setText(bare if "talk" in self._level.bare else whole)
                talk.setAccessibleName(whole)

    def _settle(self, place: Place) -> int:
        """Write a place's buttons; return its width in pixels."""
        width = 0
        for key, button in place.buttons.items():
            for text in reversed(self._texts(key)):
                button.setText(text)
                width = max(width, button.sizeHint().width())
        for button in place.buttons.values():
            button.setFixedWidth(width)
        place.setFixedWidth(width)
        return width

    def _texts(self, key: str) -> tuple[str, ...]:
        """Return what a button may say; the first is what it says at first."""
        whole = self._text[f"bar.{key}"]
        if key in self._level.bare:
            return ("", str(UNREAD_MAX)) if key == "talk" else ("",)
        if self._level.is_short:
            whole = self._text.get(f"bar.{key}.short", whole)
        if key == "talk":
            return whole, self._text["bar.talk.unread"].format(count=UNREAD_MAX)
        return (whole,)
