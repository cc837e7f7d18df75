"""Files on their way: how far each is, how fast, how long still, and "cancel".

Rules:

1. It comes by itself with the first file, and takes no keyboard by coming.
2. Closing it only puts it away, until there is another file.
3. Breaking a file off takes something away, so a program (a screen reader) may press it
   too; the technician's injected hand may not (S-22).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cordee_agent.window.filing import FileRow, ForgetFiles, Stage, StopFile
from cordee_agent.window.qt.hand import HandButton, Judge, Whose
from cordee_agent.window.qt.look import STYLE, OneLine, font, label
from cordee_agent.window.qt.pages import Tell
from cordee_agent.window.text import duration
from cordee_agent.window.text.filing import size_words, words
from cordee_shared.session.consent import Language

_SIZE: Final = QSize(470, 260)
_EDGE_PX: Final = 24
_TITLE_PX: Final = 32
#: Steps of a bar: a file's bytes do not fit Qt's int.
_STEPS: Final = 1000


class CarryWindow(QWidget):
    """The list of files. Owned by what people share (``together.py``)."""

    def __init__(self, language: Language, judge: Judge, tell: Tell) -> None:
        """Make it, hidden."""
        super().__init__()
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(STYLE)
        self.setObjectName("page")
        self._language, self._judge, self._tell = language, judge, tell
        self._words = words(language)
        self.setWindowTitle(self._words["rows.title"])
        self.rows: dict[int, Carried] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 14, 18, 14)
        self._column.setSpacing(10)
        self._column.addStretch()
        self.clear = HandButton(
            self._words["rows.clear"],
            judge,
            lambda _: tell(ForgetFiles()),
            whose=Whose.CUSTOMER_OR_PROGRAM,
            name="link",
            pixels=18,
        )
        self._column.addWidget(self.clear)

    def update_view(self, rows: tuple[FileRow, ...], technician: str) -> None:
        """Show ``rows``; come by itself with a new one."""
        is_new = any(row.id not in self.rows for row in rows)
        for id in self.rows.keys() - {row.id for row in rows}:
            gone = self.rows.pop(id)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for row in rows:
            if row.id not in self.rows:
                made = Carried(row.id, self._language, self._judge, self._tell)
                self.rows[row.id] = made
                self._column.insertWidget(self._column.count() - 2, made)
            self.rows[row.id].tell(row, technician)
        over = (Stage.KEPT, Stage.STOPPED)
        self.clear.setVisible(any(row.stage in over for row in rows))
        if not rows:
            self.hide()
        elif is_new:
            self._come()

    def put_away(self) -> None:
        """The session is over: every name goes."""
        self.update_view((), "")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Put it away; the files go on."""
        event.ignore()
        self.hide()

    def _come(self) -> None:
        if not self.isVisible():
            space = QGuiApplication.primaryScreen().availableGeometry()
            width = min(_SIZE.width(), space.width() - 2 * _EDGE_PX)
            height = max(_SIZE.height(), self.sizeHint().height())
            height = min(height, space.height() - 2 * _EDGE_PX - _TITLE_PX)
            self.resize(width, height)
            self.move(space.left() + _EDGE_PX, space.bottom() - height - _EDGE_PX)
            self.show()
        self.raise_()


class Carried(QFrame):
    """One file."""

    def __init__(self, id: int, language: Language, judge: Judge, tell: Tell) -> None:
        """Make an empty row."""
        super().__init__()
        self.setObjectName("card")
        self._language = language
        self._words = words(language)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(4)
        head = QHBoxLayout()
        self.name = OneLine("", 19, bold=True)
        head.addWidget(self.name, 1)
        self.stop = HandButton(
            self._words["rows.stop"],
            judge,
            lambda _: tell(StopFile(id)),
            whose=Whose.CUSTOMER_OR_PROGRAM,
            name="link",
            pixels=17,
        )
        head.addWidget(self.stop)
        column.addLayout(head)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(12)
        column.addWidget(self.bar)
        self.about = label("", 17)
        self.about.setFont(font(17))
        column.addWidget(self.about)

    def tell(self, row: FileRow, technician: str) -> None:
        """Show how far it is."""
        self.name.setText(row.name)
        self.stop.setAccessibleName(
            self._words["rows.stop.named"].format(name=row.name)
        )
        is_moving = row.stage is Stage.MOVING
        is_asked_here = row.stage is Stage.ASKED and not row.is_leaving
        ends = is_moving or (row.stage is Stage.ASKED and row.is_leaving)
        self.stop.setVisible(ends)
        self.bar.setVisible(is_moving)
        share = row.moved * _STEPS // row.size if row.size else _STEPS
        self.bar.setValue(share)
        way = self._words["rows.out" if row.is_leaving else "rows.in"]
        about = f"{way.format(technician=technician)} · {self._about(row)}"
        if is_asked_here:
            about = self._words["rows.asked.in"]
        self.about.setText(about)
        self.bar.setAccessibleName(f"{row.name}, {share // 10} %")
        self.setAccessibleName(f"{row.name}. {about}")

    def _about(self, row: FileRow) -> str:
        text, language = self._words, self._language
        match row.stage:
            case Stage.ASKED:
                return text["rows.asked"]
            case Stage.MOVING:
                said = text["rows.moving"].format(
                    moved=size_words(row.moved, language),
                    size=size_words(row.size, language),
                )
                if (left := row.seconds_left) is not None:
                    rate = size_words(row.rate, language)
                    time = duration(left)
                    said += " · " + text["rows.rate"].format(rate=rate, time=time)
                return said
            case Stage.KEPT if row.is_leaving:
                return text["rows.kept.out"]
            case Stage.KEPT:
                folder = Path(row.place).parent.name or row.place
                return text["rows.kept.in"].format(folder=folder)
            case Stage.STOPPED:
                return text.get(f"why.{row.why}", text["why."])
