"""What the window shows of the things two people share: chat, questions, marks."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cordee_agent.window.model import Live
from cordee_agent.window.qt.hand import Judge
from cordee_agent.window.qt.handing import FileWindows
from cordee_agent.window.qt.marks import MarkLayer
from cordee_agent.window.qt.pages import Now, Tell
from cordee_agent.window.qt.pleases import PleasePage
from cordee_agent.window.qt.sheet import Sheet
from cordee_agent.window.qt.talk import TalkWindow
from cordee_agent.window.sharing import Please, Pleased
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language

#: The customer's own wish to send what was copied.
_OWN = Please("give", 0)


class Together:
    """Owned by the window."""

    def __init__(self, language: Language, judge: Judge, tell: Tell, now: Now) -> None:
        """Make everything, hidden."""
        self._language, self._judge, self._tell, self._now = language, judge, tell, now
        self.talk = TalkWindow(language, judge, tell, self._want_to_give)
        self.card = Sheet(texts(language)["app"], self._card_closed, on_top=True)
        self.files = FileWindows(language, judge, tell, now)
        self.marks = MarkLayer()
        self._view: Live | None = None
        self._bar: QWidget | None = None
        #: What the customer is asked: the technician's question, or an own wish.
        self._asked: Please | None = None
        self._wish: Please | None = None

    @property
    def windows(self) -> tuple[QWidget, ...]:
        """The windows in which something is pressed: nobody else's hand works there."""
        return (self.talk, self.card, *self.files.windows)

    def update_view(self, view: Live, bar: QWidget, *others: QWidget) -> None:
        """Show ``view``; questions hang under ``bar``, and marks spare ``others``."""
        self._view, self._bar = view, bar
        self.talk.update_view(view)
        self._ask()
        self.files.update_view(view, bar, is_asked=self._asked is not None)
        self.marks.draw(view.shared.marks, (bar, *others, *self.windows))

    def put_away(self) -> None:
        """The session is over: nothing of it stays."""
        self._view = self._asked = self._wish = None
        self.talk.put_away()
        self.card.hide()
        self.files.put_away()
        self.marks.draw((), ())

    def stay_on_top(self) -> None:
        """Let marks come back from under whatever was opened since."""
        self.marks.stay_on_top()
        self.files.tick()

    # --- questions ------------------------------------------------------------------

    def _ask(self) -> None:
        """Show what waits the longest, when nothing more important is asked."""
        view = self._view
        if view is None or self._bar is None:
            return
        asked = next(iter(view.shared.pleases), self._wish)
        if view.question is not None:
            asked = None
        if asked == self._asked:
            return
        self._asked = asked
        if asked is None:
            self.card.hide()
            return
        page = PleasePage(
            self._language, self._judge, self._told, self._now, asked, view.technician
        )
        self.card.put(page)
        self.card.hang_under(self._bar)

    def _want_to_give(self) -> None:
        self._wish = _OWN
        self._ask()

    def _told(self, answer: object) -> None:
        """Pass an answer on; an own wish is over with it."""
        assert isinstance(answer, Pleased)  # a page of ours says nothing else
        if not answer.number:
            self._wish = None
            if answer.yes:
                self._tell(answer)
            self._ask()
        else:
            self._tell(answer)

    def _card_closed(self) -> None:
        """Closed by its frame: that is no."""
        if (asked := self._asked) is not None:
            self._told(Pleased(asked.key, asked.number, False))
