"""What is asked beside a consent: nothing is ticked before the customer ticks it.

Rules:

1. No answer is prepared, and one may be changed until the question is answered.
2. Each is a button that only the customer's own hand presses, by mouse or keyboard
   (``hand.py``): the answers stand in the act of consent (R08, R13, R31).
3. A statement is one tick, pressed again to take it back; a choice is one of several.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cordee_agent.window.model import Hand
from cordee_agent.window.qt.hand import HandButton, Judge, Whose
from cordee_agent.window.qt.look import BLUE, QUIET, font, label
from cordee_shared.session.asking import Asked

_PIXELS: Final = 17
#: What a line of an answer may take of the page, so that none is cut off.
_LINE_PX: Final = 660


class Answers(QFrame):
    """The questions of one consent, and what has been answered so far."""

    def __init__(
        self, asked: tuple[Asked, ...], judge: Judge, changed: Callable[[], None]
    ) -> None:
        """Show ``asked``, unanswered; ``changed`` is called after each press."""
        super().__init__()
        self.setObjectName("card")
        self._asked = asked
        self._changed = changed
        self._given: dict[str, str] = {}
        self.buttons: dict[tuple[str, str], HandButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(6)
        for each in asked:
            column.addWidget(label(each.words, _PIXELS, bold=True))
            for value, words in each.answers:
                column.addWidget(self._button(each, value, words, judge))
        self._draw()

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """What was answered, in the order asked."""
        return tuple(
            (each.ask.value, self._given[each.ask.value])
            for each in self._asked
            if each.ask.value in self._given
        )

    @property
    def left(self) -> tuple[Asked, ...]:
        """What still needs an answer to begin with."""
        return tuple(
            each
            for each in self._asked
            if not each.lets_begin(self._given.get(each.ask.value, ""))
        )

    def place_of(self, one: Asked) -> QWidget:
        """Return the last answer of a question: in sight, all of it is."""
        return self.buttons[one.ask.value, one.answers[-1][0]]

    def _button(self, asked: Asked, value: str, words: str, judge: Judge) -> HandButton:
        made = HandButton(
            wrapped(words),
            judge,
            lambda _hand: self._press(asked, value, _hand),
            whose=Whose.CUSTOMER,
            name="answer",
            pixels=_PIXELS,
            parent=self,
        )
        made.setFont(font(_PIXELS))
        made.setCheckable(True)
        # Qt ticks it on any press; what counts is what the judge let through.
        made.clicked.connect(self._draw)
        self.buttons[asked.ask.value, value] = made
        return made

    def _press(self, asked: Asked, value: str, _hand: Hand) -> None:
        name = asked.ask.value
        if asked.is_statement and self._given.get(name) == value:
            del self._given[name]
        else:
            self._given[name] = value
        self._draw()
        self._changed()

    def _draw(self) -> None:
        for each in self._asked:
            for value, words in each.answers:
                button = self.buttons[each.ask.value, value]
                chosen = self._given.get(each.ask.value) == value
                shape = "box" if each.is_statement else "ring"
                sign = f"{shape}-full" if chosen else shape
                button.mark(sign, BLUE if chosen else QUIET, 22)
                # Which it belongs to and whether it is chosen, for who cannot see it.
                button.setAccessibleName(words)
                button.setAccessibleDescription(each.words)
                button.setChecked(chosen)


def wrapped(words: str) -> str:
    """Return a button's words in lines that fit; a ``&`` stays one."""
    metrics = QFontMetrics(font(_PIXELS))
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if line and metrics.horizontalAdvance(longer) > _LINE_PX:
            lines.append(line)
            longer = word
        line = longer
    return "\n".join((*lines, line)).replace("&", "&&")
