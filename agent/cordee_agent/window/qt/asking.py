"""The question: who asks, what for, word by word as it is hashed, and two buttons.

Rules:

1. The text is evidence: shown exactly, as plain text, all of it or scrollable.
2. All buttons are deaf for ``QUESTION_DEAF_S`` after it was first shown, so that a
   click meant for something else answers nothing.
3. Neither answer is prepared for a stray key, but of an unverified name: there the
   keyboard starts on "refuse", and refusing is the button that stands out (S-24).
4. Where something is asked beside it, there is no yes before every answer is given,
   and none is given before the customer gives it (R08, R13, R31).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from cordee_agent.window import model
from cordee_agent.window.model import Hand
from cordee_agent.window.qt.answers import Answers
from cordee_agent.window.qt.hand import Judge, Whose
from cordee_agent.window.qt.icons import Badge, initials
from cordee_agent.window.qt.look import BLUE, QUIET, RED, label
from cordee_agent.window.qt.pages import Now, Page, Tell
from cordee_agent.window.text import duration
from cordee_shared.limits import QUESTION_DEAF_S
from cordee_shared.session.consent import Language
from cordee_shared.session.extra import ExtraText


class QuestionPage(Page):
    """One consent, and two buttons of equal weight."""

    #: Wide enough that the longest question stands without scrolling at 1366 x 768.
    width_px = 1000

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.Question,
        *,
        in_session: bool = False,
        read: Callable[[], None] = lambda: None,
    ) -> None:
        """Show ``view``; the buttons are deaf for a moment.

        Args:
            language: of the buttons; the question brings its own words.
            judge: tells whose press it was.
            tell: takes the answer.
            now: monotonic seconds.
            view: the question.
            in_session: it hangs under the session's bar, which says who is there.
            read: shows the general terms, where the question brings them (R09).
        """
        super().__init__(language, judge, tell, now)
        self._view = view
        self._read = read
        self.heard = False
        self.is_listening = False
        if view.verified and not in_session:
            self.head(view.organisation)
        if not view.verified:
            self.strip("danger", self.text["ask.unverified"], 18)
        who = QHBoxLayout()
        who.setSpacing(16)
        badge = Badge(initials(view.technician), 56, BLUE if view.verified else QUIET)
        who.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.title = label(view.text.title, 23, bold=True)
        who.addWidget(self.title, 1)
        self.column.addLayout(who)
        inside = self.card()
        inside.setSpacing(8)
        self.paragraphs = [label(each, 17) for each in view.text.paragraphs]
        for paragraph in self.paragraphs:
            inside.addWidget(paragraph)
        self.answers = Answers(view.text.questions, judge, self._answers_changed)
        self.answers.setVisible(bool(view.text.questions))
        self.answers.setEnabled(False)
        if view.text.questions:
            self.column.addWidget(self.answers)
        self.column.addStretch()
        # What scrolls is scrolled by keys, and read out as a whole.
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(" ".join((view.text.title, *view.text.paragraphs)))
        self._add_buttons(view)
        self._answers_changed()
        self.tick()

    def tick(self) -> None:
        """Count down."""
        left = max(0, round(self._view.until - self.now()))
        self.left.setText(self.text["ask.left"].format(time=duration(left)))

    def showEvent(self, event: QShowEvent) -> None:
        """Start to listen, a moment after it was first seen."""
        super().showEvent(event)
        if not self.heard:
            self.heard = True
            QTimer.singleShot(int(QUESTION_DEAF_S * 1000), self, self.hear)

    def _add_buttons(self, view: model.Question) -> None:
        self.more = self.button(
            "ask.more.one", lambda _: self._to_the_next(), "link", Whose.ANYBODY
        )
        self.foot.addWidget(self.more)
        unknown = self.text["ask.unknown"].format(technician=view.technician)
        above = QHBoxLayout()
        above.addWidget(label(unknown, 17), 1)
        self.terms = self.button(
            "ask.terms", lambda _: self._read(), "link", Whose.ANYBODY
        )
        self.terms.setVisible(bool(view.terms))
        above.addWidget(self.terms)
        self.report = self.button(
            "ask.report", lambda _: self.tell(model.Report()), "link", Whose.CUSTOMER
        )
        self.report.setEnabled(False)
        above.addWidget(self.report)
        self.foot.addLayout(above)
        buttons = QHBoxLayout()
        buttons.setSpacing(16)
        risky = not view.verified
        self.no = self.button(
            "ask.no",
            lambda hand: self._answer(False, hand),
            "refuse" if risky else "no",
            Whose.CUSTOMER,
        )
        self.yes = self.button(
            "ask.accept" if isinstance(view.text, ExtraText) else "ask.yes",
            lambda hand: self._answer(True, hand),
            "no" if risky else "yes",
            Whose.CUSTOMER,
        )
        self.no.mark("cross", "white" if risky else RED)
        self.yes.mark("tick", QUIET if risky else "white")
        for each in (self.no, self.yes):
            each.setEnabled(False)
            buttons.addWidget(each, 1)
        # A stray key's way to an answer is as short as ever.
        self.setTabOrder(self.yes, self.terms)
        self.setTabOrder(self.terms, self.report)
        self.foot.addLayout(buttons)
        self.left = label("", 16, name="quiet")
        self.left.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.foot.addWidget(self.left)

    def hear(self) -> None:
        """The question has stood long enough to be seen before it is answered."""
        self.is_listening = True
        self.answers.setEnabled(True)
        self.no.setEnabled(True)
        self.report.setEnabled(True)
        self._answers_changed()
        if self._view.verified:
            self.area.setFocus()
        else:
            self.no.setFocus()

    def _answers_changed(self) -> None:
        """A yes only with every answer; until then it is said what is missing."""
        left = len(self.answers.left)
        self.yes.setEnabled(self.is_listening and not left)
        key = "ask.more.one" if left == 1 else "ask.more.many"
        text = self.text[key].format(count=left)
        self.more.setText(text)
        self.more.setAccessibleName(text)
        self.more.setVisible(bool(left))

    def _to_the_next(self) -> None:
        for one in self.answers.left[:1]:
            self.area.ensureWidgetVisible(self.answers.place_of(one), 0, 40)

    def _answer(self, yes: bool, hand: Hand) -> None:
        self.is_listening = False
        self.answers.setEnabled(False)
        self.no.setEnabled(False)
        self.yes.setEnabled(False)
        self.tell(model.Answer(self._view.id, yes, hand, self.answers.given))
