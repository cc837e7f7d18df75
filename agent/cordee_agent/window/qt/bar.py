"""The session bar: always on top, says who has what, and takes it back."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cordee_agent.window import model
from cordee_agent.window.model import Hand, Live
from cordee_agent.window.qt.hand import HandButton, Judge
from cordee_agent.window.qt.look import GREEN, NAVY, RED, font, label
from cordee_agent.window.qt.pages import Now, Tell
from cordee_agent.window.text import duration, texts
from cordee_shared.session.consent import Language
from cordee_shared.session.states import State

_WIDTH = 980
_FRAME_PX = 8

_ON_TOP = (
    Qt.WindowType.Window
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
)


class Bar(QWidget):
    """Owned by the window; shown from the first yes to the end."""

    def __init__(self, language: Language, judge: Judge, tell: Tell, now: Now) -> None:
        """Make the bar, hidden."""
        super().__init__(None, _ON_TOP | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(texts(language)["app"])
        self._text = texts(language)
        self._tell = tell
        self._now = now
        self._view: Live | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._stripe = QFrame()
        self._stripe.setFixedHeight(6)
        outer.addWidget(self._stripe)
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 16, 12)
        row.setSpacing(12)
        outer.addLayout(row)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = label("", 20, bold=True)
        self._more = label("", 16)
        words.addWidget(self._title)
        words.addWidget(self._more)
        row.addLayout(words, 1)
        self.take = self._button("bar.take", judge, model.TakeBack(), RED)
        self.give = self._button("bar.give", judge, model.GiveBack(), "")
        self.hide_screen = self._button("bar.hide", judge, model.HideScreen(), "")
        self.show_screen = self._button("bar.show", judge, model.ShowScreen(), "")
        self.end = self._button("bar.end", judge, model.EndSession(), "")
        self._buttons = (
            self.take,
            self.give,
            self.hide_screen,
            self.show_screen,
            self.end,
        )
        for button in self._buttons:
            row.addWidget(button)
        self._edges = [_Edge() for _ in range(4)]

    def update_view(self, view: Live) -> None:
        """Show ``view``."""
        self._view = view
        state = view.state
        for button, on in (
            (self.take, state is State.CONTROLLING),
            (self.give, state is State.RECLAIMED),
            (self.hide_screen, state is not State.PAUSED),
            (self.show_screen, state is State.PAUSED),
            (self.end, True),
        ):
            button.setVisible(on)
        driven = state is State.CONTROLLING
        colour = NAVY if driven else GREEN
        if state is State.INTERRUPTED:
            colour = NAVY
        self.setStyleSheet(
            f"Bar {{ background: {colour}; }} QLabel {{ color: white; }}"
        )
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._stripe.setStyleSheet(f"background: {RED if driven else colour};")
        self.tick()
        self._place()
        self._frame(driven)
        self.show()
        self.raise_()

    def put_away(self) -> None:
        """The session is over: bar and frame go."""
        self._view = None
        self._frame(False)
        self.hide()

    def tick(self) -> None:
        """Show the running time, and stay on top of what came since."""
        view = self._view
        if view is None:
            return
        words = {"technician": view.technician}
        key = f"bar.{view.state.value}"
        self._title.setText(self._text.get(key, "").format_map(words))
        more = self._text.get(f"{key}.more", "").format_map(words)
        running = duration(int(self._now() - view.since)) if view.since else ""
        self._more.setText(f"{running}  ·  {more}" if running else more)
        self._more.setVisible(self.width() >= 900 or view.state is not State.VIEWING)
        self.setAccessibleName(f"{self._title.text()}. {more}")
        self.raise_()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the bar ends the session; the bar goes with the session's end."""
        event.ignore()
        self._tell(model.EndSession())

    def _button(
        self, key: str, judge: Judge, command: model.Command, colour: str
    ) -> HandButton:
        def press(_hand: Hand) -> None:
            self._tell(command)

        made = HandButton(self._text[key], judge, press, pixels=18)
        ground = colour or "transparent"
        made.setFont(font(18, bold=True))
        made.setStyleSheet(
            f"QPushButton {{ background: {ground}; color: white; min-height: 54px;"
            " border: 2px solid white; border-radius: 10px; padding: 0 16px; }"
            " QPushButton:hover { background: rgba(255, 255, 255, 0.22); }"
        )
        return made

    def _place(self) -> None:
        screen = QGuiApplication.primaryScreen().geometry()
        width = min(_WIDTH, screen.width() - 40)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(screen.x() + (screen.width() - width) // 2, screen.y())

    def _frame(self, on: bool) -> None:
        full = QGuiApplication.primaryScreen().geometry()
        x, y, w, h, px = full.x(), full.y(), full.width(), full.height(), _FRAME_PX
        sides = (
            QRect(x, y, w, px),
            QRect(x, y + h - px, w, px),
            QRect(x, y, px, h),
            QRect(x + w - px, y, px, h),
        )
        for edge, side in zip(self._edges, sides, strict=True):
            edge.setGeometry(side)
            edge.setVisible(on)


class _Edge(QWidget):
    """One side of the red frame: seen, never in the way of a click."""

    def __init__(self) -> None:
        super().__init__(
            None,
            _ON_TOP
            | Qt.WindowType.Tool
            | Qt.WindowType.WindowTransparentForInput
            | Qt.WindowType.WindowDoesNotAcceptFocus
            | Qt.WindowType.X11BypassWindowManagerHint,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"background: {RED};")
