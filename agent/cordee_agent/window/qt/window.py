"""The window as the session knows it: shows one view at a time, from any thread."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from cordee_agent.window import model
from cordee_agent.window.model import Command, Hand, View
from cordee_agent.window.qt.asking import QuestionPage
from cordee_agent.window.qt.bar import Bar
from cordee_agent.window.qt.ending import OverPage, StoppedPage
from cordee_agent.window.qt.hand import Judge
from cordee_agent.window.qt.look import load_fonts
from cordee_agent.window.qt.pages import CodePage, HomePage, Page, PairingPage
from cordee_agent.window.qt.sheet import Sheet
from cordee_agent.window.qt.terms import TermsPage
from cordee_agent.window.qt.together import Together
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language

Rect = tuple[int, int, int, int]
Rects = list[Rect]

_MOVES = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}
)


#: How often times are counted and the bar looks whether it is on top.
_TICK_MS: Final = 400


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
        self.main = Sheet(texts(language)["app"], self._closed)
        self.together = Together(language, self.judge, commands, now)
        talk = self.together.talk.open
        self.bar = Bar(language, self.judge, commands, now, talk)
        self.card = Sheet(texts(language)["app"], self._card_closed, on_top=True)
        #: What is good to know, and the terms; above whatever asks for them.
        self.reading = Sheet(texts(language)["app"], self._stop_reading, on_top=True)
        self._view: View | None = None
        self._rects: Rects = []
        for window in self._windows:
            window.installEventFilter(self)
        self._shown.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self.judge.reported, Qt.ConnectionType.QueuedConnection)
        self._left.connect(self._leave, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
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

    @property
    def _windows(self) -> tuple[QWidget, ...]:
        """Every window in which something is pressed."""
        shared = self.together.windows
        return (self.main, self.bar, self.card, self.reading, *shared)

    def put_away(self) -> None:
        """Show nothing any more."""
        self._timer.stop()
        for window in (self.main, self.card, self.reading):
            window.hide()
        self.bar.put_away()
        self.together.put_away()

    def _show(self, view: View) -> None:
        before, self._view = self._view, view
        if not isinstance(view, model.Home | model.Question):
            self._stop_reading()
        if isinstance(view, model.Live):
            self.main.hide()
            self.bar.update_view(view)
            asked = before.question if isinstance(before, model.Live) else None
            if view.question is None:
                self.card.hide()
            elif view.question != asked:
                self.card.put(self._page(view.question, in_session=True))
                self.card.hang_under(self.bar)
            self.together.update_view(view, self.bar, self.card, self.reading)
            return
        self.card.hide()
        self.bar.put_away()
        self.together.put_away()
        page = self.main.page
        seen = self.main.isVisible()
        if isinstance(view, model.Home) and isinstance(page, HomePage) and seen:
            page.update_view(view)
            return
        self.main.put(self._page(view))
        self.main.stand()

    def _page(self, view: View, *, in_session: bool = False) -> Page:
        common = (self._language, self.judge, self._commands, self._now)
        match view:
            case model.Home():
                return HomePage(*common, view, read=lambda: self.read(""))
            case model.ShowingCode():
                return CodePage(*common, view)
            case model.Pairing():
                return PairingPage(*common, view)
            case model.Question():
                return QuestionPage(
                    *common,
                    view,
                    in_session=in_session,
                    read=lambda: self.read(view.terms),
                )
            case model.Over():
                return OverPage(*common, view)
            case model.Stopped():
                return StoppedPage(*common, view)
            case model.Live():
                raise AssertionError("a session has a bar, not a page")

    def read(self, terms: str) -> None:
        """Show what is good to know, and the general terms if there are any (R09)."""
        common = (self._language, self.judge, self._commands, self._now)
        self.reading.put(TermsPage(*common, terms, self._stop_reading))
        self.reading.stand()

    def _stop_reading(self) -> None:
        self.reading.hide()

    def _closed(self) -> None:
        """The system's close button: a session ends, the program otherwise."""
        live = isinstance(self._view, model.Live | model.Question)
        self._commands(model.EndSession() if live else model.Quit())

    def _card_closed(self) -> None:
        """The question during a session was closed: that is no, and only that."""
        view = self._view
        if isinstance(view, model.Live) and view.question is not None:
            self._commands(model.Answer(view.question.id, False, Hand.MOUSE))

    def _tick(self) -> None:
        self.bar.tick()
        self.bar.stay_on_top()
        self.together.stay_on_top()
        for window in (self.main, self.card):
            if window.isVisible() and window.page is not None:
                window.page.tick()

    def _leave(self) -> None:
        self.put_away()
        self._app.quit()

    def _tell_rects(self) -> None:
        found: Rects = []
        for window in self._windows:
            if window.isVisible():
                found.append(in_desktop_pixels(window))
        if found != self._rects:
            self._rects = found
            self.on_rects(found)


def in_desktop_pixels(window: QWidget) -> Rect:
    """Return where a window and its frame are, in the desktop's own pixels.

    Qt scales sizes, but leaves the corner of each screen where the desktop has it.
    """
    scale = window.devicePixelRatioF()
    corner = window.screen().geometry().topLeft()
    frame = window.frameGeometry().translated(-corner)
    left, top = frame.x() * scale, frame.y() * scale
    return (
        corner.x() + math.floor(left),
        corner.y() + math.floor(top),
        math.ceil(left + frame.width() * scale) - math.floor(left),
        math.ceil(top + frame.height() * scale) - math.floor(top),
    )
