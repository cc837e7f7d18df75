"""The pages of the ordinary window: code, question, end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cordee_agent.window import model
from cordee_agent.window.model import Command, Hand
from cordee_agent.window.qt.hand import HandButton, Judge
from cordee_agent.window.qt.look import GREEN, INK, font, label
from cordee_agent.window.text import duration, said, texts
from cordee_shared.code import read_code
from cordee_shared.errors import CodeMistyped
from cordee_shared.limits import QUESTION_DEAF_S
from cordee_shared.session.consent import Language, money

Tell = Callable[[Command], None]
Now = Callable[[], float]


class Page(QWidget):
    """One page: a column of things to read, then the buttons."""

    def __init__(self, language: Language, judge: Judge, tell: Tell, now: Now) -> None:
        """Make an empty page."""
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.language = language
        self.text = texts(language)
        self.judge = judge
        self.tell = tell
        self.now = now
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(32, 24, 32, 24)
        self.column.setSpacing(14)

    def tick(self) -> None:
        """Time has passed."""

    def head(self, organisation: str) -> None:
        """Put the product's and the provider's name on top."""
        row = QHBoxLayout()
        row.addWidget(label(self.text["app"], 18, name="quiet"))
        name = label(organisation, 18, bold=True)
        name.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(name)
        self.column.addLayout(row)

    def card(self) -> QVBoxLayout:
        """Add a white card and return its column."""
        frame = QFrame()
        frame.setObjectName("card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(22, 18, 22, 18)
        inside.setSpacing(12)
        self.column.addWidget(frame)
        return inside

    def button(self, key: str, act: Callable[[Hand], None], name: str) -> HandButton:
        """Make a button out of the sentence ``key``."""
        return HandButton(self.text[key], self.judge, act, name=name, parent=self)


class HomePage(Page):
    """One field for the code, what will happen, and a warning."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.Home,
    ) -> None:
        """Show ``view``."""
        super().__init__(language, judge, tell, now)
        self.head(view.organisation)
        inside = self.card()
        inside.addWidget(label(self.text["home.title"], 24, bold=True))
        self.field = QLineEdit()
        self.field.setFont(font(40, bold=True))
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setMaxLength(40)
        self.field.setMinimumHeight(76)
        self.field.setAccessibleName(self.text["home.code"])
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.field.textEdited.connect(self._group)
        self.field.returnPressed.connect(self._go)
        inside.addWidget(self.field)
        self.trouble = label("", 18, bold=True, name="danger")
        inside.addWidget(self.trouble)
        self.go = self.button("home.go", lambda _: self._go(), "main")
        inside.addWidget(self.go)
        self.column.addWidget(label(self.text["home.next"], 18, bold=True))
        for number in (1, 2, 3):
            step = self.text[f"home.step{number}"]
            self.column.addWidget(label(f"{number}.  {step}", 17))
        self.column.addWidget(label(self.text["home.scam"], 17, name="warning"))
        self.column.addStretch()
        foot = QHBoxLayout()
        self.state = label("", 17)
        self.state.setWordWrap(False)
        foot.addWidget(self.state, 1)
        foot.addWidget(
            self.button("home.other", lambda _: self.tell(model.CodeWanted()), "link")
        )
        self.column.addLayout(foot)
        self.update_view(view)

    def update_view(self, view: model.Home) -> None:
        """Show what has changed, and leave what is being typed."""
        self.state.setText(
            "●  " + self.text["home.ready" if view.ready else "home.waiting"]
        )
        self.state.setStyleSheet(f"color: {GREEN if view.ready else INK};")
        self._say(view.trouble)
        if view.trouble.startswith("code_"):
            self.field.selectAll()
        self.field.setFocus()

    def _say(self, trouble: str) -> None:
        sentence = said(self.language, "trouble", trouble) if trouble else ""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _group(self, typed: str) -> None:
        digits = "".join(each for each in typed if each.isdigit())[:9]
        grouped = " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))
        if grouped != typed:
            self.field.setText(grouped)
        self._say("")

    def _go(self) -> None:
        try:
            read_code(self.field.text())
        except CodeMistyped as error:
            # Found here, so that a mishearing costs nothing (S-10).
            self._say(error.code)
            self.field.selectAll()
            self.field.setFocus()
            return
        self.tell(model.CodeTyped(self.field.text()))


class CodePage(Page):
    """The code to read out, huge."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.ShowingCode,
    ) -> None:
        """Show ``view``."""
        super().__init__(language, judge, tell, now)
        self._until = view.until
        self.head(view.organisation)
        inside = self.card()
        inside.addWidget(label(self.text["code.title"], 24, bold=True))
        code = label(view.spoken.replace(" ", "\u2002"), 82, bold=True)
        code.setWordWrap(False)
        code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        digits = " ".join(view.spoken.replace(" ", ""))
        code.setAccessibleName(self.text["code.named"].format(digits=digits))
        inside.addWidget(code)
        self.left = label("", 20, name="quiet")
        self.left.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self.left)
        copy = self.button("code.copy", lambda _: self._copy(view.spoken), "link")
        inside.addWidget(copy)
        self._copied = copy
        self.column.addWidget(label(self.text["code.only"], 18, name="warning"))
        self.column.addStretch()
        self.column.addWidget(
            self.button("back", lambda _: self.tell(model.BackHome()), "no")
        )
        self.tick()

    def tick(self) -> None:
        """Count down."""
        left = max(0, round(self._until - self.now()))
        self.left.setText(self.text["code.left"].format(time=duration(left)))

    def _copy(self, spoken: str) -> None:
        QGuiApplication.clipboard().setText(spoken)
        self._copied.setText(self.text["code.copied"])


class PairingPage(Page):
    """A moment's patience."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.Pairing,
    ) -> None:
        """Show ``view``."""
        super().__init__(language, judge, tell, now)
        self.head(view.organisation)
        self.column.addStretch()
        title = label(self.text["pairing.title"], 28, bold=True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(title)
        more = label(self.text["pairing.text"], 18)
        more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(more)
        self.column.addStretch()


class QuestionPage(Page):
    """One consent, word by word as it is hashed; two buttons of equal weight."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.Question,
    ) -> None:
        """Show ``view``; the buttons are deaf for a moment."""
        super().__init__(language, judge, tell, now)
        self._until = view.until
        self.head(view.organisation)
        inside = QWidget()
        inside.setObjectName("page")
        words = QVBoxLayout(inside)
        words.setContentsMargins(0, 0, 8, 0)
        words.setSpacing(12)
        words.addWidget(label(view.text.title, 24, bold=True))
        if not view.verified:
            words.addWidget(label(self.text["ask.unverified"], 18, name="danger"))
        for paragraph in view.text.paragraphs:
            words.addWidget(label(paragraph, 18))
        words.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column.addWidget(area, 1)
        unknown = self.text["ask.unknown"].format(technician=view.technician)
        self.column.addWidget(label(unknown, 17, name="warning"))
        self.left = label("", 17, name="quiet")
        self.left.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self.left)
        buttons = QHBoxLayout()
        buttons.setSpacing(16)
        self.no = self.button(
            "ask.no", lambda hand: self._answer(view, False, hand), "no"
        )
        self.yes = self.button(
            "ask.yes", lambda hand: self._answer(view, True, hand), "yes"
        )
        for each in (self.no, self.yes):
            each.setEnabled(False)
            buttons.addWidget(each, 1)
        self.column.addLayout(buttons)
        self._verified = view.verified
        QTimer.singleShot(int(QUESTION_DEAF_S * 1000), self, self._hear)
        self.tick()

    def tick(self) -> None:
        """Count down."""
        left = max(0, round(self._until - self.now()))
        self.left.setText(self.text["ask.left"].format(time=duration(left)))

    def _hear(self) -> None:
        """The question has stood long enough to be seen before it is answered."""
        self.no.setEnabled(True)
        self.yes.setEnabled(True)
        self.no.setFocus()

    def _answer(self, view: model.Question, yes: bool, hand: Hand) -> None:
        self.no.setEnabled(False)
        self.yes.setEnabled(False)
        self.tell(model.Answer(view.id, yes, hand))


class OverPage(Page):
    """Who ended, how long, how much; and that nobody is there any more."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.Over,
    ) -> None:
        """Show ``view``."""
        super().__init__(language, judge, tell, now)
        self.head(view.organisation)
        self.column.addWidget(label("✓  " + self.text["over.title"], 28, bold=True))
        who = said(language, "end", view.reason.value).format(
            technician=view.technician
        )
        self.column.addWidget(label(who, 20))
        self.column.addWidget(label(self.text["over.gone"], 20, bold=True, name="calm"))
        inside = self.card()
        for name, value in self._facts(view):
            row = QHBoxLayout()
            row.addWidget(label(name, 18, name="quiet"), 2)
            row.addWidget(label(value, 20, bold=True), 3)
            inside.addLayout(row)
        if not view.confirmed and not view.pending:
            self.column.addWidget(
                label(self.text["over.unconfirmed"], 17, name="warning")
            )
        self.column.addStretch()
        self.column.addWidget(
            self.button("close", lambda _: self.tell(model.Quit()), "main")
        )

    def _facts(self, view: model.Over) -> list[tuple[str, str]]:
        facts = [(self.text["over.length"], duration(view.seconds))]
        if view.reclaims:
            facts.append((self.text["over.reclaims"], str(view.reclaims)))
        facts.append((self.text["over.cost"], self._cost(view)))
        return facts

    def _cost(self, view: model.Over) -> str:
        cost = view.cost
        if cost is None:
            return self.text["over.pending" if view.pending else "over.unknown"]
        if cost.amount_cents == 0:
            return self.text["over.free"]
        amount = money(cost.amount_cents, cost.currency, self.language)
        counted = self.text["over.counted"].format(time=duration(cost.seconds))
        return f"{self.text['over.amount'].format(amount=amount)} {counted}"


class StoppedPage(Page):
    """Why it cannot go on, in red, and what to do."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.Stopped,
    ) -> None:
        """Show ``view``."""
        super().__init__(language, judge, tell, now)
        self.head("")
        self.column.addStretch()
        why: QLabel = label(
            said(language, "trouble", view.trouble), 22, bold=True, name="danger"
        )
        self.column.addWidget(why)
        self.column.addStretch()
        # No guard may be there to say whose press it is: the window's own close
        # button, which is the system's, ends the program as well.
        self.column.addWidget(
            self.button("close", lambda _: self.tell(model.Quit()), "main")
        )
