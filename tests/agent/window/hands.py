"""Hands for a window that is drawn in memory: presses with time stamps, as X sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from cordee_agent.window.qt.hand import Judge

_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.MouseButton.NoButton
_PLAIN = Qt.KeyboardModifier.NoModifier
#: Of an X server that has run for 40 days: beyond what 31 bits hold.
_FIRST_MS = 3_456_000_000


@dataclass
class Hands:
    """The customer's hand and the technician's, and the guard that tells them apart."""

    judge: Judge
    time_ms: int = field(default=_FIRST_MS)

    def click(self, button: QPushButton, *, customer: bool | None) -> int:
        """Press and release, and report it unless ``None``; return its time."""
        with self.holding(button):
            pass
        if customer is not None:
            self.report(customer)
        return self.time_ms

    @contextmanager
    def holding(
        self,
        button: QPushButton,
        kind: QEvent.Type = QEvent.Type.MouseButtonPress,
        *,
        inside: bool = True,
    ) -> Iterator[None]:
        """Hold the left button down; let it go inside the button or elsewhere."""
        self.time_ms += 7
        self._mouse(button, kind, inside=True)
        yield
        self._mouse(button, QEvent.Type.MouseButtonRelease, inside=inside)

    def report(self, customer: bool) -> None:
        """The guard says whose the last press was."""
        self.judge.reported(self.time_ms, customer)

    def key(
        self,
        widget: QWidget,
        key: Qt.Key,
        *,
        customer: bool | None,
        repeated: bool = False,
    ) -> None:
        """Press a key and let it go."""
        self.time_ms += 7
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, _PLAIN, "", repeated)
            event.setTimestamp(self.time_ms)
            QApplication.sendEvent(widget, event)
        if customer is not None:
            self.report(customer)

    def _mouse(self, button: QWidget, kind: QEvent.Type, *, inside: bool) -> None:
        at = button.rect().center() if inside else button.rect().bottomRight() * 3
        held = _NONE if kind is QEvent.Type.MouseButtonRelease else _LEFT
        place = QPointF(at)
        there = QPointF(button.mapToGlobal(at))
        event = QMouseEvent(kind, place, there, _LEFT, held, _PLAIN)
        event.setTimestamp(self.time_ms)
        QApplication.sendEvent(button, event)
