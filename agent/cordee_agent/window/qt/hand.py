"""Buttons that only the customer's own hand presses (S-22).

Qt cannot tell an injected press from the customer's. Each press carries the display
system's time stamp, and so does the guard's report of it: a button acts when both
have come and the report says "customer". A press that nobody reports is nobody's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPushButton, QWidget

from cordee_agent.window.model import Hand, Presses
from cordee_agent.window.qt.look import font

#: How long a press waits for the guard's report; p99 under load was 110 ms there.
REPORT_MS: Final = 300
#: X time stamps are 32 bits wide and wrap after 49 days.
_TIME_MASK: Final = 0xFFFF_FFFF

OnPress = Callable[[Hand], None]


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
        self._timer.setInterval(REPORT_MS // 6)
        self._timer.timeout.connect(self._forget)

    def reported(self, time_ms: int, customer: bool) -> None:
        """Take the guard's report of one press."""
        self._presses.add(time_ms & _TIME_MASK, customer=customer)
        for waiting in list(self._waiting):
            if self._presses.is_the_customer(waiting.time_ms) is not None:
                self._waiting.remove(waiting)
                self.ask(waiting.time_ms, waiting.act)

    def ask(self, time_ms: int, act: Callable[[], None]) -> None:
        """Call ``act`` if the press with this time stamp was the customer's."""
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
    """A button with words, for the customer's hand alone."""

    def __init__(
        self,
        text: str,
        judge: Judge,
        act: OnPress,
        *,
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
        self._pressed_at: tuple[int, Hand] | None = None
        self.clicked.connect(self._clicked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note when the press was made."""
        self._pressed_at = (event.timestamp(), Hand.MOUSE)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick second press is a press like any other."""
        self._pressed_at = (event.timestamp(), Hand.MOUSE)
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Note when the key went down; Enter presses as the space bar does."""
        if event.isAutoRepeat():
            return
        self._pressed_at = (event.timestamp(), Hand.KEYBOARD)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _clicked(self) -> None:
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is None:
            return  # no press came before it: a program clicked
        time_ms, hand = pressed
        self._judge.ask(time_ms, lambda: self._act(hand) if self.isEnabled() else None)
