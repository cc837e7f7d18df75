"""A small question during a session: what would pass, word by word, and two buttons.

Rules:

1. What is shown is what passes: a copied text is read from the clipboard while the
   customer looks at it, and what stood there at the click goes.
2. Only the customer's own hand answers (S-22), and not before it was seen a moment.
3. A text that is accepted is put on the clipboard at the click, and only then.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from cordee_agent.window.qt.hand import Judge, Whose
from cordee_agent.window.qt.look import RED, font, label
from cordee_agent.window.qt.pages import Now, Page, Tell
from cordee_agent.window.sharing import Please, Pleased
from cordee_shared.errors import TextRefused
from cordee_shared.limits import QUESTION_DEAF_S
from cordee_shared.session.consent import Language
from cordee_shared.wire.clipboard import write_text

_BODY_PX: Final = 230


class PleasePage(Page):
    """One :class:`Please`."""

    width_px = 640

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        please: Please,
        technician: str,
    ) -> None:
        """Show ``please``; the buttons are deaf for a moment.

        Args:
            language: of the words.
            judge: tells whose press it was.
            tell: takes the answer.
            now: monotonic seconds.
            please: what waits for an answer.
            technician: who asks.
        """
        super().__init__(language, judge, tell, now)
        self.please = please
        self._is_deaf = True
        key = "own" if please.key == "give" and not please.number else please.key
        title = self.text[f"please.{key}.title"].format(technician=technician)
        self.title = label(title, 23, bold=True)
        self.column.addWidget(self.title)
        self.about = label(self.text[f"please.{key}.text"], 18)
        self.column.addWidget(self.about)
        self.body = QPlainTextEdit()
        self.body.setReadOnly(True)
        self.body.setFont(font(18))
        self.body.setFixedHeight(_BODY_PX)
        self.body.setTabChangesFocus(True)
        self.body.setAccessibleName(title)
        self.column.addWidget(self.body)
        self.column.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(16)
        self.no = self.button("please.no", lambda _: self._no(), "no", Whose.CUSTOMER)
        self.no.mark("cross", RED)
        self.yes = self.button(
            f"please.{please.key}.yes", lambda _: self._yes(), "yes", Whose.CUSTOMER
        )
        self.yes.mark("tick", "white")
        for each in (self.no, self.yes):
            each.setEnabled(False)
            buttons.addWidget(each, 1)
        self.foot.addLayout(buttons)
        if please.key == "give":
            QGuiApplication.clipboard().dataChanged.connect(self._look)
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """Start to listen, a moment after it was first seen."""
        super().showEvent(event)
        if self._is_deaf:
            QTimer.singleShot(int(QUESTION_DEAF_S * 1000), self, self.hear)

    def hear(self) -> None:
        """It has stood long enough to be seen before it is answered."""
        self._is_deaf = False
        self.no.setEnabled(True)
        self._look()

    def _look(self) -> None:
        """Show what would pass, as it is now."""
        body = self.please.body
        if self.please.key == "give":
            body = passable(QGuiApplication.clipboard().text())
        self.body.setPlainText(body or self.text["please.give.nothing"])
        self.body.setEnabled(bool(body))
        self.yes.setEnabled(bool(body) and not self._is_deaf)

    def _yes(self) -> None:
        body = self.body.toPlainText()
        if self.please.key == "take":
            QGuiApplication.clipboard().setText(self.please.body)
        self._answer(Pleased(self.please.key, self.please.number, True, body))

    def _no(self) -> None:
        self._answer(Pleased(self.please.key, self.please.number, False))

    def _answer(self, answer: Pleased) -> None:
        self._is_deaf = True
        self.no.setEnabled(False)
        self.yes.setEnabled(False)
        self.tell(answer)


def passable(copied: str) -> str:
    """Return a copied text as it would pass; empty when it cannot."""
    try:
        return write_text(copied).decode()
    except TextRefused:
        return ""


__all__ = ["PleasePage", "passable"]
