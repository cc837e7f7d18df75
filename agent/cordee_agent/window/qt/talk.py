"""Where the customer writes to the technician: large, plain, never in the way.

Rules:

1. It comes by itself with the first words, and takes no keyboard by coming: what
   somebody is typing elsewhere stays there.
2. Words are read when the window is in front with the keyboard; not before.
3. What is sent is sent by the customer's own hand: a key that the technician's program
   presses here sends nothing (S-22).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cordee_agent.window.filing import WishToSend
from cordee_agent.window.model import Live
from cordee_agent.window.qt.hand import HandButton, Judge, Whose
from cordee_agent.window.qt.look import STYLE, font, label
from cordee_agent.window.qt.pages import Tell
from cordee_agent.window.sharing import Line, ReadChat, SayIt
from cordee_agent.window.text import texts
from cordee_agent.window.text.filing import words
from cordee_shared.limits import SAID_MAX
from cordee_shared.session.consent import Language

#: Its size where there is room, and what stays free around it, in pixels.
_SIZE: Final = QSize(470, 560)
_EDGE_PX: Final = 24
_TITLE_PX: Final = 32


class Field(QPlainTextEdit):
    """Where words are typed: Enter sends them, Shift and Enter begins a line."""

    def __init__(self, judge: Judge, send: Callable[[], None]) -> None:
        """Be empty; ``send`` is called when the customer pressed Enter."""
        super().__init__()
        self._judge = judge
        self._send = send
        self.setFont(font(20))
        self.setTabChangesFocus(True)
        self.setFixedHeight(96)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send by Enter, if the hand was the customer's."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not is_enter or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._judge.ask(event.timestamp(), self._send)


class TalkWindow(QWidget):
    """The conversation. Owned by what people share (``together.py``)."""

    def __init__(
        self, language: Language, judge: Judge, tell: Tell, give: Callable[[], None]
    ) -> None:
        """Make it, hidden.

        Args:
            language: of the words around the conversation.
            judge: tells whose press it was.
            tell: takes what the customer says.
            give: asks the customer whether the copied text shall go.
        """
        super().__init__()
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setStyleSheet(STYLE)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = texts(language)
        self._tell = tell
        self._name = ""
        self._lines: tuple[Line, ...] = ()
        self._unread = 0
        self._is_placed = False
        self.rows: list[Row] = []
        self.field = Field(judge, self._send)
        self.field.setAccessibleName(self._text["talk.field"])
        self.field.textChanged.connect(self._typed)
        self.unsent = label(self._text["talk.unsent"], 17)
        self.unsent.hide()
        self.send = HandButton(
            self._text["talk.send"], judge, lambda _: self._send(), name="main"
        )
        self.give = HandButton(
            self._text["talk.give"],
            judge,
            lambda _: give(),
            whose=Whose.CUSTOMER,
            name="link",
            pixels=18,
        )
        self.file = HandButton(
            words(language)["give.link"],
            judge,
            lambda _: tell(WishToSend()),
            whose=Whose.CUSTOMER,
            name="link",
            pixels=18,
        )
        self._build()
        self._typed()

    # --- what the window asks -------------------------------------------------------

    def update_view(self, view: Live) -> None:
        """Show what was said; come by itself with words that nobody read yet."""
        chat, self._name = view.shared.chat, view.technician
        title = self._text["talk.title"].format(technician=view.technician)
        if chat.unread:
            title = f"({chat.unread}) {title}"
        self.setWindowTitle(title)
        self.unsent.setVisible(not view.linked)
        if chat.lines != self._lines:
            self._write(chat.lines)
        more, self._unread = chat.unread > self._unread, chat.unread
        if more:
            self._come()
        self._read()

    def open(self) -> None:
        """The customer wants to write."""
        self._show()
        self.showNormal()
        self.raise_()
        self.activateWindow()
        self.field.setFocus()
        self._read()

    def put_away(self) -> None:
        """The session is over: every word goes."""
        self._write(())
        self.field.clear()
        self._unread = 0
        self._is_placed = False
        self.hide()

    # --- events ---------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """In front, what is there is read."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self._read()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it only puts it away; what was said stays until the end."""
        event.ignore()
        self.hide()

    # --- inside ---------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        inside = QWidget()
        inside.setObjectName("page")
        self._said = QVBoxLayout(inside)
        self._said.setContentsMargins(0, 0, 6, 0)
        self._said.setSpacing(10)
        self.empty = label(self._text["talk.empty"], 18, name="quiet")
        self._said.addWidget(self.empty)
        self._said.addStretch()
        self.area = QScrollArea()
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(self._text["talk.messages"])
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bar = self.area.verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, most: bar.setValue(most))
        column.addWidget(self.area, 1)
        column.addWidget(self.unsent)
        column.addWidget(self.field)
        buttons = QHBoxLayout()
        buttons.addWidget(self.give, 1)
        buttons.addWidget(self.send, 1)
        column.addLayout(buttons)
        column.addWidget(self.file)

    def _write(self, lines: tuple[Line, ...]) -> None:
        """Bring the rows in line with ``lines``, touching no more than must be."""
        before, self._lines = self._lines, lines
        grows = lines[: len(before)] and before and _same(before[0], lines[0])
        if not grows or len(lines) < len(before):
            for row in self.rows:
                self._said.removeWidget(row)
                row.deleteLater()
            self.rows = []
        for at, line in enumerate(lines):
            if at < len(self.rows):
                self.rows[at].tell(line)
            else:
                row = Row(line, self._name, self._text)
                self.rows.append(row)
                self._said.insertWidget(self._said.count() - 1, row)
        self.empty.setVisible(not lines)

    def _come(self) -> None:
        """Be seen, and leave the keyboard where it is."""
        if not self.isVisible() or self.isMinimized():
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, True)
            self._show()
            self.raise_()
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
        if not self.isActiveWindow():
            QApplication.alert(self)

    def _show(self) -> None:
        if not self._is_placed:
            self._is_placed = True
            space = QGuiApplication.primaryScreen().availableGeometry()
            width = min(_SIZE.width(), space.width() - 2 * _EDGE_PX)
            height = min(_SIZE.height(), space.height() - 2 * _EDGE_PX - _TITLE_PX)
            self.resize(width, height)
            self.move(
                space.right() - width - _EDGE_PX, space.bottom() - height - _EDGE_PX
            )
        if self.isMinimized():
            self.showNormal()
        self.show()

    def _read(self) -> None:
        if self._unread and self.isVisible() and self.isActiveWindow():
            # After this event: the session may answer at once.
            QTimer.singleShot(0, self, lambda: self._tell(ReadChat()))

    def _typed(self) -> None:
        self.send.setEnabled(bool(self.field.toPlainText().strip()))

    def _send(self) -> None:
        typed = self.field.toPlainText().strip()
        if not typed:
            return
        self._tell(SayIt(typed[:SAID_MAX]))
        # What one message cannot hold waits for the next press, and is not lost.
        self.field.setPlainText(typed[SAID_MAX:])
        self.field.setFocus()


class Row(QFrame):
    """One message: who, when, what became of it, and the words as they were typed."""

    def __init__(self, line: Line, name: str, text: Mapping[str, str]) -> None:
        """Show ``line``; ``name`` is the technician's."""
        super().__init__()
        self.setObjectName("mine" if line.mine else "card")
        if line.mine:
            self.setStyleSheet(
                "QFrame#mine { background: #E6EEFB; border: 1px solid #A9C3EE;"
                " border-radius: 14px; }"
            )
        self._texts = text
        self._who = text["talk.you"] if line.mine else name
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(2)
        self.about = label("", 16, name="quiet")
        self.words = label(line.text, 21)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.about)
        column.addWidget(self.words)
        self.tell(line)

    def tell(self, line: Line) -> None:
        """Say what became of it."""
        at = time.strftime("%H:%M", time.localtime(line.at))
        fate = self._texts[f"talk.fate.{line.fate.value}"] if line.mine else ""
        about = " – ".join(each for each in (f"{self._who}, {at}", fate) if each)
        self.about.setText(about)
        self.words.setText(line.text)
        self.setAccessibleName(f"{about}. {line.text}")


def _same(one: Line, other: Line) -> bool:
    return (one.mine, one.id) == (other.mine, other.id)
