"""The two questions about files: may this one come, and which one shall go.

Rules:

1. Two buttons of equal weight; they are deaf for a moment, and only the customer's own
   hand presses them (S-22). Nothing is injected while either question stands, so the
   dialogs that they open are the customer's as well.
2. What stands here is what is written: the file's name, and the folder it goes to.
"""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from cordee_agent.window.filing import (
    FileAsked,
    FileChosen,
    FileWanted,
    NothingChosen,
    RefuseFile,
    TakeFile,
)
from cordee_agent.window.model import Hand
from cordee_agent.window.qt.hand import HandButton, Judge, OnPress, Whose
from cordee_agent.window.qt.look import RED, label
from cordee_agent.window.qt.pages import Now, Page, Tell
from cordee_agent.window.text import duration
from cordee_agent.window.text.filing import size_words, words
from cordee_shared.limits import QUESTION_DEAF_S
from cordee_shared.session.consent import Language


class _FilePage(Page):
    """What both questions have: two buttons, a moment's deafness, a countdown."""

    width_px = 640

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        technician: str,
    ) -> None:
        super().__init__(language, judge, tell, now)
        self.words = words(language)
        self.technician = technician
        self.dialog: QFileDialog | None = None
        self._until = 0.0
        self._was_heard = False

    def tick(self) -> None:
        """Count down."""
        left = max(0, round(self._until - self.now()))
        self.left.setText(self.words["left"].format(time=duration(left)))

    def showEvent(self, event: QShowEvent) -> None:
        """Start to listen, a moment after it was first seen."""
        super().showEvent(event)
        if not self._was_heard:
            self._was_heard = True
            QTimer.singleShot(int(QUESTION_DEAF_S * 1000), self, self.hear)

    def hear(self) -> None:
        """It has stood long enough to be seen before it is answered."""
        for each in (self.no, self.yes):
            each.setEnabled(True)

    def _title(self, key: str) -> None:
        text = self.words[key].format(technician=self.technician)
        self.title = label(text, 23, bold=True)
        self.column.addWidget(self.title)

    def _buttons(self, family: str, until: float) -> None:
        self._until = until
        self.column.addStretch()
        row = QHBoxLayout()
        row.setSpacing(16)
        self.no = self._press(f"{family}.no", lambda _: self._refuse(), "no")
        self.no.mark("cross", RED)
        self.yes = self._press(f"{family}.yes", lambda _: self._accept(), "yes")
        self.yes.mark("tick", "white")
        for each in (self.no, self.yes):
            each.setEnabled(False)
            row.addWidget(each, 1)
        self.foot.addLayout(row)
        self.left = label("", 16, name="quiet")
        self.foot.addWidget(self.left)
        self.tick()

    def _press(self, key: str, act: OnPress, name: str) -> HandButton:
        return HandButton(
            self.words[key], self.judge, act, whose=Whose.CUSTOMER, name=name
        )

    def _ask(self, dialog: QFileDialog) -> None:
        """Open a dialog of the system's; it goes with this page."""
        self.dialog = dialog
        dialog.open()

    @abstractmethod
    def _refuse(self) -> None:
        """Say no."""

    @abstractmethod
    def _accept(self) -> None:
        """Say yes, or ask what else has to be known."""


class TakePage(_FilePage):
    """May this file come to this computer?"""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        asked: FileAsked,
        technician: str,
    ) -> None:
        """Show ``asked``."""
        super().__init__(language, judge, tell, now, technician)
        self._asked = asked
        self.folder = asked.folder
        self._title("take.title")
        inside = self.card()
        self.name = label(asked.name, 21, bold=True)
        inside.addWidget(self.name)
        inside.addWidget(label(size_words(asked.size, language), 18))
        self.where = label("", 18)
        self.column.addWidget(self.where)
        self.other = self._press("take.folder", self._other, "link")
        self.column.addWidget(self.other)
        self.column.addWidget(label(self.words["take.more"], 17, name="quiet"))
        self._buttons("take", asked.until)
        self._show_folder(asked.folder)

    def _other(self, _hand: Hand) -> None:
        dialog = QFileDialog(self, self.words["take.folder"], self.folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._show_folder)
        self._ask(dialog)

    def _show_folder(self, folder: str) -> None:
        self.folder = folder
        shown = Path(folder).name or folder
        self.where.setText(self.words["take.where"].format(folder=shown))
        self.where.setToolTip(folder)

    def _accept(self) -> None:
        self.tell(TakeFile(self._asked.id, self.folder))

    def _refuse(self) -> None:
        self.tell(RefuseFile(self._asked.id))


class GivePage(_FilePage):
    """Which file shall go to the technician?"""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        wanted: FileWanted,
        technician: str,
    ) -> None:
        """Show ``wanted``."""
        super().__init__(language, judge, tell, now, technician)
        self._wanted = wanted
        self._title("give.asked" if wanted.is_asked else "give.title")
        self.column.addWidget(label(self.words["give.text"], 18))
        self._buttons("give", wanted.until)

    def _accept(self) -> None:
        title = self.words["give.yes"]
        dialog = QFileDialog(self, title, str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.chosen)
        self._ask(dialog)

    def chosen(self, path: str) -> None:
        """The customer chose this file."""
        self.tell(FileChosen(self._wanted.number, path))

    def _refuse(self) -> None:
        self.tell(NothingChosen(self._wanted.number))
