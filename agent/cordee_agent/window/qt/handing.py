"""The windows about files: the question that stands, and what is on its way."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cordee_agent.window.filing import (
    FileAsked,
    FileWanted,
    NothingChosen,
    RefuseFile,
)
from cordee_agent.window.model import Live
from cordee_agent.window.qt.carrying import CarryWindow
from cordee_agent.window.qt.filing import GivePage, TakePage
from cordee_agent.window.qt.hand import Judge
from cordee_agent.window.qt.pages import Now, Tell
from cordee_agent.window.qt.sheet import Sheet
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language


class FileWindows:
    """Owned by what people share (``together.py``)."""

    def __init__(self, language: Language, judge: Judge, tell: Tell, now: Now) -> None:
        """Make everything, hidden."""
        self._language, self._judge, self._tell, self._now = language, judge, tell, now
        self.card = Sheet(texts(language)["app"], self._closed, on_top=True)
        self.list = CarryWindow(language, judge, tell)
        self._asked: FileAsked | FileWanted | None = None

    @property
    def windows(self) -> tuple[QWidget, ...]:
        """The windows in which something is pressed."""
        return (self.card, self.list)

    def update_view(self, view: Live, bar: QWidget, *, is_asked: bool) -> None:
        """Show ``view``; nothing is asked while something else ``is_asked``."""
        files = view.shared.files
        self.list.update_view(files.rows, view.technician)
        asked = None if is_asked or view.question is not None else files.question
        if asked == self._asked:
            return
        self._asked = asked
        if asked is None:
            self.card.hide()
            return
        common = (self._language, self._judge, self._tell, self._now)
        if isinstance(asked, FileAsked):
            self.card.put(TakePage(*common, asked, view.technician))
        else:
            self.card.put(GivePage(*common, asked, view.technician))
        self.card.hang_under(bar)

    def tick(self) -> None:
        """Count down."""
        if self.card.isVisible() and self.card.page is not None:
            self.card.page.tick()

    def put_away(self) -> None:
        """The session is over: every name goes."""
        self._asked = None
        self.card.hide()
        self.list.put_away()

    def _closed(self) -> None:
        """Closed by its frame: that is no."""
        match self._asked:
            case FileAsked(id=id):
                self._tell(RefuseFile(id))
            case FileWanted(number=number):
                self._tell(NothingChosen(number))
