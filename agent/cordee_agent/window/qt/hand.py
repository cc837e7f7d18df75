"""Buttons that only the customer's own hand presses (S-22).

Qt cannot tell an injected press from the customer's. Each press carries the display
system's time stamp, and so does the guard's report of it: a button acts when both
have come and the report says "customer". A press that nobody reports is nobody's.

Rules:

1. What gives power (a yes, control, the screen) takes the customer's hand, always.
2. What only takes power away may also be pressed by a program: that is how a screen
   reader presses, with no event for the guard to see. A press that the guard did see
   counts only when it was the customer's.
3. Before and after a session nothing is injected and there may be no guard: there
   anybody's press counts.
4. A press counts for what was shown when it was made, never for what came after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from cordee_agent.window.model import Hand, Presses
from cordee_agent.window.qt.icons import ICON_GAP_PX, icon
from cordee_agent.window.qt.look import INK, RING_PX, font

#: How long a press waits for the guard's report. 99 of 100 came within 110 ms on a
#: busy machine, the slowest after 223; a lost click on "Terminer" costs more than a
#: late one.
REPORT_MS: Final = 1000
#: X time stamps are 32 bits wide and wrap after 49 days.
_TIME_MASK: Final = 0xFFFF_FFFF

OnPress = Callable[[Hand], None]


class Whose(Enum):
    """Whose press counts; the rules above."""

    CUSTOMER = auto()
    CUSTOMER_OR_PROGRAM = auto()
    ANYBODY = auto()


@dataclass(slots=True)
class _Waiting:
    time_ms: int
    act: Callable[[], None]
    since: QElapsedTimer


class Judge(QObject):
    """Decides whose press it was. Owned by the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Know nothing yet."""
        super().__init__(parent)
        self._presses = Presses()
        self._waiting: list[_Waiting] = []
        self._timer = QTimer(self)
        self._timer.setInterval(REPORT_MS // 4)
        self._timer.timeout.connect(self._forget)

    def reported(self, time_ms: int, customer: bool) -> None:
        """Take the guard's report of one press."""
        self._presses.add(time_ms & _TIME_MASK, customer=customer)
        self._forget()
        ready = [
            each
            for each in self._waiting
            if self._presses.is_the_customer(each.time_ms) is not None
        ]
        for each in ready:
            self._waiting.remove(each)
            self.ask(each.time_ms, each.act)

    def ask(self, time_ms: int, act: Callable[[], None]) -> None:
        """Call ``act`` if the press with this time stamp was the customer's.

        Waits for the guard's report up to ``REPORT_MS``; without one, nothing.
        """
        stamp = time_ms & _TIME_MASK
        whose = self._presses.is_the_customer(stamp)
        if whose:
            act()
        elif whose is None:
            since = QElapsedTimer()
            since.start()
            self._waiting.append(_Waiting(stamp, act, since))
            self._timer.start()

    def _forget(self) -> None:
        self._waiting = [
            each for each in self._waiting if each.since.elapsed() < REPORT_MS
        ]
        if not self._waiting:
            self._timer.stop()


class HandButton(QPushButton):
    """A button with words, for the hand that :class:`Whose` names."""

    def __init__(
        self,
        text: str,
        judge: Judge,
        act: OnPress,
        *,
        whose: Whose = Whose.CUSTOMER,
        name: str = "",
        pixels: int = 20,
        parent: QWidget | None = None,
    ) -> None:
        """Make a button that calls ``act`` with the hand that pressed it."""
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setFont(font(pixels, bold=True))
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._judge = judge
        self._act = act
        self._whose = whose
        self._pressed_at: tuple[int, Hand] | None = None
        self._shown = 0
        self._is_on = True
        self._deaf = QTimer(self)
        self._deaf.setSingleShot(True)
        self._deaf.timeout.connect(self._settle)
        self.clicked.connect(self._clicked)

    def mark(self, sign: str, colour: str, pixels: int = 24) -> HandButton:
        """Put a sign before the words."""
        self.setIcon(icon(sign, colour, pixels))
        self.setIconSize(QSize(pixels + ICON_GAP_PX, pixels))
        return self

    def be_deaf(self, milliseconds: int) -> None:
        """Be off for a while, and show it: nobody can have meant this button yet."""
        self._deaf.start(milliseconds)
        self._settle()

    def switch(self, on: bool) -> None:
        """Be on or off, once it is not deaf any more."""
        self._is_on = on
        self._settle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note when the press was made."""
        self._pressed_at = (event.timestamp(), Hand.MOUSE)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick second press is a press like any other."""
        self._pressed_at = (event.timestamp(), Hand.MOUSE)
        super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that ended elsewhere is over; it says nothing about a later one."""
        super().mouseReleaseEvent(event)
        self._pressed_at = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Note when the key went down; Enter presses as the space bar does."""
        if event.isAutoRepeat():
            return
        self._pressed_at = (event.timestamp(), Hand.KEYBOARD)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            self._pressed_at = None
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The space bar came up again."""
        super().keyReleaseEvent(event)
        if not event.isAutoRepeat():
            self._pressed_at = None

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key that was held here is held elsewhere now."""
        super().focusOutEvent(event)
        if self._pressed_at is not None and self._pressed_at[1] is Hand.KEYBOARD:
            self._pressed_at = None

    def hideEvent(self, event: QHideEvent) -> None:
        """What was pressed is not there any more."""
        super().hideEvent(event)
        self._pressed_at = None
        self._shown += 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button; with the keyboard, a ring that shows on every ground."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(INK), 1.5))
            inside = RING_PX + 1
            ring = self.rect().adjusted(inside, inside, -inside, -inside)
            painter.drawRoundedRect(ring, 9, 9)
            painter.end()

    def _settle(self) -> None:
        self.setEnabled(self._is_on and not self._deaf.isActive())

    def _clicked(self) -> None:
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is None:
            # No press came before it: a program clicked.
            if self._whose is not Whose.CUSTOMER:
                self._act(Hand.KEYBOARD)
            return
        time_ms, hand = pressed
        if self._whose is Whose.ANYBODY:
            self._act(hand)
            return
        shown = self._shown

        def act() -> None:
            # The report may come after this button was taken away.
            still = isValid(self) and self.isEnabled() and self.isVisible()
            if still and shown == self._shown:
                self._act(hand)

        self._judge.ask(time_ms, act)
