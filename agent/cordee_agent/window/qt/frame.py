"""The red frame round every screen while somebody else drives: seen, never in the way.

It takes no input and no focus, and no window manager puts anything over it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cordee_agent.window.qt.look import RED, paint

FRAME_PX: Final = 8


class RedFrame:
    """Four thin windows a screen. Owned by the bar."""

    def __init__(self) -> None:
        """Make none yet."""
        self.edges: list[QWidget] = []

    def show_around(self, on: bool) -> None:
        """Show the frame round every screen there is now, or none."""
        sides = _sides() if on else []
        while len(self.edges) < len(sides):
            self.edges.append(_edge())
        for edge, side in zip(self.edges, sides, strict=False):
            edge.setGeometry(side)
            edge.show()
        for edge in self.edges[len(sides) :]:
            edge.hide()

    def stay_on_top(self) -> None:
        """Come back from under whatever was opened since, on the screens there are."""
        if any(edge.isVisible() for edge in self.edges):
            self.show_around(True)
            for edge in self.edges:
                edge.raise_()


def _sides() -> list[QRect]:
    found = []
    for screen in QGuiApplication.screens():
        full = screen.geometry()
        x, y, w, h, px = full.x(), full.y(), full.width(), full.height(), FRAME_PX
        found += [
            QRect(x, y, w, px),
            QRect(x, y + h - px, w, px),
            QRect(x, y + px, px, h - 2 * px),
            QRect(x + w - px, y + px, px, h - 2 * px),
        ]
    return found


def _edge() -> QWidget:
    made = QWidget(
        None,
        Qt.WindowType.Tool
        | Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.WindowTransparentForInput
        | Qt.WindowType.WindowDoesNotAcceptFocus
        | Qt.WindowType.X11BypassWindowManagerHint,
    )
    made.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    paint(made, RED)
    return made
