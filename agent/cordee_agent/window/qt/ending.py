"""The last pages: what the session came to, or why there can be none.

Their button works for anybody's press: nothing is injected any more, and where the
guard is what failed, nobody could say whose press it was.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cordee_agent.window import model
from cordee_agent.window.qt.hand import Judge
from cordee_agent.window.qt.icons import Sign
from cordee_agent.window.qt.keeping import ask_where, write_receipt
from cordee_agent.window.qt.look import GREEN, RED, label
from cordee_agent.window.qt.pages import Now, Page, Tell
from cordee_agent.window.text import duration, said
from cordee_shared.session.consent import Language, money


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
        self._view = view
        self.head(view.organisation)
        self.column.addStretch()
        middle = Qt.AlignmentFlag.AlignCenter
        self.column.addWidget(Sign("tick", GREEN, 64), 0, middle)
        title = label(self.text["over.title"], 28, bold=True)
        title.setAlignment(middle)
        self.column.addWidget(title)
        words = said(language, "end", view.reason.value)
        self.who = label(words.replace("{technician}", view.technician), 20)
        self.who.setAlignment(middle)
        self.column.addWidget(self.who)
        self.column.addSpacing(4)
        self.strip("calm", self.text["over.gone"], 18)
        # Where nobody ever saw anything there is nothing to tell.
        if view.seconds or view.cost is not None:
            self._rows(self.card(), view)
        self.kept = label("", 16)
        self.kept.hide()
        self.column.addWidget(self.kept)
        if not view.confirmed and not view.pending:
            self.strip("warning", self.text["over.unconfirmed"], 16)
        self.column.addStretch()
        if view.unproved:
            self.strip("warning", self.text["over.unproved"], 16)
        if view.receipt is not None:
            self.keep_button = self.button("over.keep", lambda _: self._keep(), "link")
            self.foot.addWidget(self.keep_button)
        self.close_button = self.button("close", lambda _: tell(model.Quit()), "main")
        self.foot.addWidget(self.close_button)

    def _keep(self) -> None:
        """Write the receipt where she says, and nowhere unless she does (R20)."""
        receipt = self._view.receipt
        assert receipt is not None, "only then there is a button"
        where = ask_where(self, self.text["over.keep.where"], receipt)
        if where is None:
            return
        try:
            write_receipt(where, receipt)
        except OSError:
            self.kept.setText(self.text["over.keep.failed"])
        else:
            self.kept.setText(self.text["over.keep.done"].format(where=where))
        self.kept.show()

    def _rows(self, inside: QVBoxLayout, view: model.Over) -> None:
        if view.seconds:
            self._row(inside, "over.length", duration(view.seconds))
        if view.reclaims:
            self._row(inside, "over.reclaims", str(view.reclaims))
        amount, counted = self._cost(view)
        self._row(inside, "over.cost", amount)
        if counted:
            more = label(counted, 16, name="quiet")
            more.setAlignment(Qt.AlignmentFlag.AlignRight)
            inside.addWidget(more)

    def _row(self, inside: QVBoxLayout, key: str, value: str) -> None:
        row = QHBoxLayout()
        row.addWidget(label(self.text[key], 18, name="quiet"), 2)
        said_value = label(value, 20, bold=True)
        said_value.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(said_value, 3)
        inside.addLayout(row)

    def _cost(self, view: model.Over) -> tuple[str, str]:
        cost = view.cost
        if cost is None:
            return self.text["over.pending" if view.pending else "over.unknown"], ""
        if cost.amount_cents == 0:
            return self.text["over.free"], ""
        amount = money(cost.amount_cents, cost.currency, self.language)
        counted = self.text["over.counted"].format(time=duration(cost.seconds))
        return self.text["over.amount"].format(amount=amount), counted


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
        middle = Qt.AlignmentFlag.AlignCenter
        self.column.addWidget(Sign("warning", RED, 72), 0, middle)
        self.why = label(said(language, "trouble", view.trouble), 22, bold=True)
        self.why.setAlignment(middle)
        self.column.addWidget(self.why)
        self.column.addStretch()
        self.close_button = self.button("close", lambda _: tell(model.Quit()), "main")
        self.foot.addWidget(self.close_button)
