"""The pages before a session: typing a code, reading one out, a moment's patience."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cordee_agent.window import model
from cordee_agent.window.model import Command, Hand
from cordee_agent.window.qt.hand import HandButton, Judge, Whose
from cordee_agent.window.qt.icons import Badge, Sign
from cordee_agent.window.qt.look import (
    AMBER_DARK,
    BLUE,
    GREEN,
    LINE,
    QUIET,
    RED,
    OneLine,
    font,
    label,
)
from cordee_agent.window.text import duration, said, texts
from cordee_shared.code import read_code
from cordee_shared.errors import CodeMistyped
from cordee_shared.session.consent import Language

Tell = Callable[[Command], None]
Now = Callable[[], float]

_SIDE_PX: Final = 28
_CODE_DIGITS: Final = 9
#: Kinds of strip: the sign in front, and its colour.
_STRIPS: Final = {
    "warning": ("warning", AMBER_DARK),
    "danger": ("warning", RED),
    "calm": ("tick", GREEN),
}


class Page(QWidget):
    """One page: what is read, which scrolls where it must, and the buttons below."""

    #: How wide the page likes to be, in pixels.
    width_px = 560

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
        inside = QWidget()
        inside.setObjectName("page")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(_SIDE_PX, 18, _SIDE_PX, 8)
        self.column.setSpacing(12)
        self.area = QScrollArea()
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.foot = QVBoxLayout()
        self.foot.setContentsMargins(_SIDE_PX, 6, _SIDE_PX, 18)
        self.foot.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.area, 1)
        whole.addLayout(self.foot)

    def tick(self) -> None:
        """Time has passed."""

    def wanted_height(self, width: int) -> int:
        """Return the height at which all of it is seen, in pixels."""
        return sum(_height(part, width) for part in (self.column, self.foot))

    def head(self, organisation: str) -> None:
        """Put the product's and the provider's name on top."""
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Sign("rope", BLUE, 34))
        row.addWidget(label(self.text["app"], 18, bold=True), 1)
        self.organisation = OneLine(organisation, 17)
        self.organisation.setObjectName("quiet")
        self.organisation.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        row.addWidget(self.organisation, 1)
        self.column.addLayout(row)

    def card(self) -> QVBoxLayout:
        """Add a white card and return its column."""
        frame = QFrame()
        frame.setObjectName("card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(10)
        self.column.addWidget(frame)
        return inside

    def strip(self, kind: str, text: str, pixels: int = 17) -> Strip:
        """Add a coloured strip: ``warning``, ``danger`` or ``calm``."""
        made = Strip(kind, text, pixels)
        self.column.addWidget(made)
        return made

    def button(
        self,
        key: str,
        act: Callable[[Hand], None],
        name: str,
        whose: Whose = Whose.ANYBODY,
    ) -> HandButton:
        """Make a button out of the sentence ``key``."""
        return HandButton(
            self.text[key], self.judge, act, whose=whose, name=name, parent=self
        )


class Strip(QFrame):
    """A sentence that stands out: by its sign and its ground, not by colour alone."""

    def __init__(self, kind: str, text: str, pixels: int) -> None:
        """Show ``text``."""
        super().__init__()
        self.setObjectName(kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(Sign(*_STRIPS[kind]), 0, Qt.AlignmentFlag.AlignVCenter)
        self.words = label(text, pixels, bold=kind != "warning")
        row.addWidget(self.words, 1)


class HomePage(Page):
    """One field for the code, what will happen, and a warning."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        view: model.Home,
        read: Callable[[], None] = lambda: None,
    ) -> None:
        """Show ``view``; ``read`` shows what is good to know."""
        super().__init__(language, judge, tell, now)
        self.head(view.organisation)
        inside = self.card()
        inside.addWidget(label(self.text["home.title"], 24, bold=True))
        self.field = self._field()
        inside.addWidget(self.field)
        self.trouble = Strip("danger", "", 17)
        inside.addWidget(self.trouble)
        self.go = self.button("home.go", lambda _: self._go(), "main")
        inside.addWidget(self.go)
        self.other = self.button("home.other", lambda _: tell(model.CodeWanted()), "")
        self.other.setObjectName("link")
        inside.addWidget(self.other)
        self.steps = self._steps()
        self.column.addWidget(self.steps)
        self.column.addStretch()
        self.strip("warning", self.text["home.scam"], 16)
        foot = QHBoxLayout()
        self._sign = Sign("dot", GREEN, 18)
        foot.addWidget(self._sign)
        self.state = label("", 17)
        self.state.setWordWrap(False)
        foot.addWidget(self.state, 1)
        self.about = self.button("home.about", lambda _: read(), "link")
        foot.addWidget(self.about)
        self.quit = self.button("quit", lambda _: tell(model.Quit()), "link")
        foot.addWidget(self.quit)
        self.foot.setContentsMargins(_SIDE_PX, 2, _SIDE_PX, 10)
        self.foot.addLayout(foot)
        self.update_view(view)
        self.field.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the field the keyboard: before it is in a window nobody can have it."""
        super().showEvent(event)
        self.field.setFocus()

    def update_view(self, view: model.Home) -> None:
        """Show what has changed, and leave what is being typed."""
        self.organisation.setText(view.organisation)
        self.state.setText(self.text["home.ready" if view.ready else "home.waiting"])
        self._sign.become("dot" if view.ready else "unlinked", _of(view.ready))
        self._say(view.trouble)
        if view.trouble.startswith("code_"):
            self.field.setFocus()
            self.field.selectAll()

    def _field(self) -> QLineEdit:
        made = QLineEdit()
        made.setFont(font(40, bold=True))
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
        made.setMaxLength(40)
        made.setMinimumHeight(72)
        made.setAccessibleName(self.text["home.code"])
        made.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        made.textEdited.connect(self._group)
        made.returnPressed.connect(self._go)
        return made

    def _steps(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(self.text["home.next"], 18, bold=True))
        for number in (1, 2, 3):
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(Badge(str(number), 26), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(self.text[f"home.step{number}"], 17), 1)
            column.addLayout(row)
        return made

    def _say(self, trouble: str) -> None:
        sentence = said(self.language, "trouble", trouble) if trouble else ""
        self.trouble.words.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence or self.text["home.title"])
        # One thing at a time: what is wrong, before what comes next.
        self.steps.setVisible(not sentence)

    def _group(self, typed: str) -> None:
        """Write what is typed in groups of three, as it is spoken."""
        ahead = _digits(typed[: self.field.cursorPosition()])
        digits = _digits(typed)[:_CODE_DIGITS]
        grouped = " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))
        if grouped != typed:
            self.field.setText(grouped)
            at = min(len(ahead), len(digits))
            self.field.setCursorPosition(at + max(0, at - 1) // 3)
        self._say("")

    def _go(self) -> None:
        if not self.field.text():
            self.field.setFocus()
            return
        try:
            read_code(self.field.text())
        except CodeMistyped as error:
            # Found here, so that a mishearing costs nothing (S-10).
            self._say(error.code)
            self.field.setFocus()
            self.field.selectAll()
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
        self.column.addStretch()
        inside = self.card()
        inside.addWidget(label(self.text["code.title"], 24, bold=True))
        self.code = QLabel(view.spoken)
        self.code.setTextFormat(Qt.TextFormat.PlainText)
        self.code.setFont(font(74, bold=True))
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        digits = " ".join(_digits(view.spoken))
        self.code.setAccessibleName(self.text["code.named"].format(digits=digits))
        inside.addWidget(self.code)
        self._bar = _Left(view.until - now())
        inside.addWidget(self._bar)
        self.left = label("", 18, name="quiet")
        self.left.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self.left)
        self.copy = self.button("code.copy", lambda _: self._copy(view.spoken), "link")
        inside.addWidget(self.copy)
        self.strip("warning", self.text["code.only"], 18)
        self.column.addStretch()
        self.back = self.button("back", lambda _: tell(model.BackHome()), "no")
        self.foot.addWidget(self.back)
        self.tick()

    def tick(self) -> None:
        """Count down."""
        left = max(0, round(self._until - self.now()))
        self.left.setText(self.text["code.left"].format(time=duration(left)))
        self._bar.show_left(left)

    def _copy(self, spoken: str) -> None:
        QGuiApplication.clipboard().setText(spoken)
        self.copy.setText(self.text["code.copied"])
        self.copy.setAccessibleName(self.text["code.copied"])


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
        middle = Qt.AlignmentFlag.AlignCenter
        self.column.addWidget(Sign("rope", BLUE, 72), 0, middle)
        title = label(self.text["pairing.title"], 28, bold=True)
        title.setAlignment(middle)
        self.column.addWidget(title)
        more = label(self.text["pairing.text"], 18)
        more.setAlignment(middle)
        self.column.addWidget(more)
        self.column.addStretch()


class _Left(QWidget):
    """How much time is left, as a thin bar; the words beside it say it too."""

    def __init__(self, whole: float) -> None:
        super().__init__()
        self.setFixedHeight(8)
        self._whole = max(whole, 1.0)
        self._left = self._whole

    def show_left(self, left: float) -> None:
        """Show that so many seconds are left."""
        self._left = left
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        share = min(1.0, self._left / self._whole)
        for colour, part in ((LINE, 1.0), (BLUE, share)):
            painter.setBrush(QColor(colour))
            shape = QRectF(0, 0, self.width() * part, self.height())
            painter.drawRoundedRect(shape, 4, 4)
        painter.end()


def _height(layout: QLayout, width: int) -> int:
    if layout.hasHeightForWidth():
        return layout.totalHeightForWidth(width)
    return layout.totalSizeHint().height()


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isascii() and each.isdigit())


def _of(ready: bool) -> str:
    return GREEN if ready else QUIET
