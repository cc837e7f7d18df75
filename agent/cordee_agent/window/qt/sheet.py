"""An ordinary window with one page in it, as large as the page needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cordee_agent.window.qt.look import STYLE
from cordee_agent.window.qt.pages import Page

#: The height of every ordinary page, so that the window does not jump between them:
#: it stands on 1366 x 768 with a task bar and a title.
_HEIGHT_PX: Final = 688
#: Room for a window's title and frame.
_TITLE_PX: Final = 32
_GAP_PX: Final = 12


class Sheet(QWidget):
    """Shows one page at a time; closing it is told, and closes nothing by itself."""

    def __init__(
        self, title: str, closed: Callable[[], None], *, on_top: bool = False
    ) -> None:
        """Make an empty window, hidden.

        Args:
            title: in its frame.
            closed: called when somebody closes it by its frame.
            on_top: whether it stays above other windows.
        """
        super().__init__()
        if on_top:
            self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
            # Only its own two buttons answer what it asks.
            self.setWindowFlag(Qt.WindowType.WindowMinimizeButtonHint, False)
        self.setWindowTitle(title)
        self.setStyleSheet(STYLE)
        self._closed = closed
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.page: Page | None = None

    def put(self, page: Page) -> None:
        """Put ``page`` in place of the former."""
        former, self.page = self.page, page
        if former is not None:
            # Hidden at once: a press that still waits is for what is gone.
            former.hide()
            self._box.removeWidget(former)
            former.deleteLater()
        self._box.addWidget(page)
        page.show()

    def stand(self) -> None:
        """Show in the middle of the screen, as large as the page needs."""
        assert self.page is not None  # put before
        space = QGuiApplication.primaryScreen().availableGeometry()
        width = min(self.page.width_px, space.width())
        height = max(_HEIGHT_PX, self.page.wanted_height(width))
        height = min(height, space.height() - _TITLE_PX)
        if (width, height) != (self.width(), self.height()) or not self.isVisible():
            place = QRect(0, 0, width, height)
            place.moveCenter(space.center())
            place.moveTop(max(place.top(), space.top() + _TITLE_PX))
            self.resize(width, height)
            self.move(place.x(), place.y() - _TITLE_PX // 2)
        self.setMinimumSize(min(480, width), min(320, height))
        self.show()
        self.raise_()
        self.activateWindow()

    def hang_under(self, bar: QWidget) -> None:
        """Show right below the bar, as large as the page needs."""
        assert self.page is not None  # put before
        space = QGuiApplication.primaryScreen().availableGeometry()
        below = bar.geometry()
        top = below.bottom() + _GAP_PX
        width = min(self.page.width_px, space.width())
        room = space.bottom() - top - _TITLE_PX
        self.resize(width, min(self.page.wanted_height(width), room))
        self.move(below.center().x() - width // 2, top)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell, and let the session decide what is shown next."""
        event.ignore()
        self._closed()
