"""The window as the session knows it: shows one view at a time, from any thread."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from cordee_agent.window import model
from cordee_agent.window.model import Command, View
from cordee_agent.window.qt.bar import Bar
from cordee_agent.window.qt.hand import Judge
from cordee_agent.window.qt.look import STYLE, load_fonts
from cordee_agent.window.qt.pages import (
    CodePage,
    HomePage,
    OverPage,
    Page,
    PairingPage,
    QuestionPage,
    StoppedPage,
)
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language

Rects = list[tuple[int, int, int, int]]

_MOVES = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}
)


class QtWindow(QObject):
    """Implements ``model.Window``. Lives in the main thread."""

    _shown = Signal(object)
    _reported = Signal(int, bool)
    _left = Signal()

    def __init__(
        self,
        language: Language,
        commands: Callable[[Command], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the window; :meth:`run` shows it.

        Args:
            language: what it speaks.
            commands: takes what the customer does, in the main thread.
            now: monotonic seconds, for the times counted down.
        """
        self._app = QApplication.instance() or QApplication(sys.argv[:1])
        super().__init__()
        QGuiApplication.setQuitOnLastWindowClosed(False)
        load_fonts()
        #: Takes the rectangles of the agent's own windows, in desktop pixels.
        self.on_rects: Callable[[Rects], object] = lambda _rects: None
        self._language = language
        self._commands = commands
        self._now = now
        self.judge = Judge(self)
        self.main = _Main(texts(language)["app"], self._closed)
        self.bar = Bar(language, self.judge, commands, now)
        self.card = _Main(texts(language)["app"], self._closed, on_top=True)
        self._view: View | None = None
        self._rects: Rects = []
        for window in (self.main, self.bar, self.card):
            window.installEventFilter(self)
        self._shown.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self.judge.reported, Qt.ConnectionType.QueuedConnection)
        self._left.connect(self._leave, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def show(self, view: View) -> None:
        """Replace what is shown; from any thread."""
        self._shown.emit(view)

    def pressed(self, time_ms: int, *, customer: bool) -> None:
        """Take the guard's report of a press; from any thread."""
        # A signal's int has 32 bits, and X time stamps use all of them.
        signed = time_ms - (1 << 32) if time_ms & (1 << 31) else time_ms
        self._reported.emit(signed, customer)

    def quit(self) -> None:
        """End :meth:`run`; from any thread, even before it."""
        self._left.emit()

    def run(self) -> None:
        """Show the window until :meth:`quit`."""
        self._app.exec()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice where our windows are."""
        if event.type() in _MOVES:
            QTimer.singleShot(0, self, self._tell_rects)
        return super().eventFilter(watched, event)

    # --- in the main thread ---------------------------------------------------------

    def _show(self, view: View) -> None:
        before, self._view = self._view, view
        if isinstance(view, model.Live):
            self.main.hide()
            self.bar.update_view(view)
            asked = before.question if isinstance(before, model.Live) else None
            if view.question is None:
                self.card.hide()
            elif view.question != asked:
                self.card.put(self._page(view.question))
                self.card.hang_under(self.bar)
            return
        self.card.hide()
        self.bar.put_away()
        page = self.main.page
        if isinstance(view, model.Home) and isinstance(before, model.Home):
            if isinstance(page, HomePage):
                page.update_view(view)
                return
        self.main.put(self._page(view))
        self.main.stand()

    def _page(self, view: View) -> Page:
        common = (self._language, self.judge, self._commands, self._now)
        match view:
            case model.Home():
                return HomePage(*common, view)
            case model.ShowingCode():
                return CodePage(*common, view)
            case model.Pairing():
                return PairingPage(*common, view)
            case model.Question():
                return QuestionPage(*common, view)
            case model.Over():
                return OverPage(*common, view)
            case model.Stopped():
                return StoppedPage(*common, view)
            case model.Live():
                raise AssertionError("a session has a bar, not a page")

    def _closed(self) -> None:
        """The system's close button: no during a question, the end otherwise."""
        live = isinstance(self._view, model.Live | model.Question)
        self._commands(model.EndSession() if live else model.Quit())

    def _tick(self) -> None:
        self.bar.tick()
        for window in (self.main, self.card):
            if window.isVisible() and window.page is not None:
                window.page.tick()

    def _leave(self) -> None:
        for window in (self.main, self.card):
            window.hide()
        self.bar.put_away()
        self._app.quit()

    def _tell_rects(self) -> None:
        found: Rects = []
        for window in (self.main, self.bar, self.card):
            if window.isVisible():
                scale = window.devicePixelRatioF()
                frame = window.frameGeometry()
                found.append(
                    (
                        round(frame.x() * scale),
                        round(frame.y() * scale),
                        round(frame.width() * scale),
                        round(frame.height() * scale),
                    )
                )
        if found != self._rects:
            self._rects = found
            self.on_rects(found)


class _Main(QWidget):
    """An ordinary window with one page in it."""

    def __init__(
        self, title: str, closed: Callable[[], None], *, on_top: bool = False
    ) -> None:
        super().__init__()
        if on_top:
            self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(title)
        self.setStyleSheet(STYLE)
        self._closed = closed
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.page: Page | None = None

    def put(self, page: Page) -> None:
        """Put ``page`` in place of the former."""
        if self.page is not None:
            self._box.removeWidget(self.page)
            self.page.deleteLater()
        self.page = page
        self._box.addWidget(page)

    def stand(self) -> None:
        """Show in the middle of the screen, as large as it needs."""
        if not self.isVisible():
            space = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(560, min(688, space.height() - 40))
            frame = self.frameGeometry()
            frame.moveCenter(space.center())
            self.move(frame.topLeft())
        self.show()
        self.raise_()
        self.activateWindow()

    def hang_under(self, bar: QWidget) -> None:
        """Show right below the bar."""
        self.resize(560, 460)
        below = bar.frameGeometry()
        self.move(below.center().x() - 280, below.bottom() + 12)
        self.show()
        self.raise_()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell, and let the session decide what is shown next."""
        event.ignore()
        self._closed()
