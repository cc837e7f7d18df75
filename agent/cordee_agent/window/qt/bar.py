"""The session bar: always on top, says who has what, and takes it back (S-23).

Rules:

1. Shown from the first yes to the end; closing it ends the session.
2. It is an ordinary window that stays on top, so the keyboard reaches it. A program
   over the whole screen lies above such windows: when the bar is not on the screen
   where it should be, it becomes one that no window manager puts anything over.
3. A hand that was on its way to "take back" must not give back, when that very
   movement changed the buttons: a button that gives power is off for a while after it
   appeared. One that takes power away works from the first moment.
4. Every button has its own place, whatever the state: who has aimed once finds it
   there again. Those that never stand together share one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import (
    QBitmap,
    QCloseEvent,
    QColor,
    QFont,
    QGuiApplication,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cordee_agent.window import model
from cordee_agent.window.model import Hand, Live
from cordee_agent.window.qt.frame import RedFrame
from cordee_agent.window.qt.hand import HandButton, Judge, Whose
from cordee_agent.window.qt.icons import Sign
from cordee_agent.window.qt.look import (
    AMBER_DARK,
    BLUE,
    GREEN,
    NAVY,
    RED,
    font,
    label,
    naming,
)
from cordee_agent.window.qt.pages import Now, Tell
from cordee_agent.window.qt.places import GAP_PX, Places
from cordee_agent.window.text import duration, texts
from cordee_shared.session.consent import Language
from cordee_shared.session.states import State

#: Width where there is room, and the width below which it has one line.
WIDTH_PX: Final = 1280
TWO_LINES_PX: Final = 1000
#: Below this not even the running time has room.
TIME_PX: Final = 900
#: A button that gives power, and has just appeared, is off for so long.
DEAF_MS: Final = 1500
_STRIPE_PX: Final = 6
_SLATE: Final = "#3A4460"
_PINK: Final = "#FF5C70"
_MARGINS_PX: Final = 40
#: Margins of the row, the sign, and a gap.
_SIDES_PX: Final = 18 + 14 + 30 + GAP_PX
_TIME_ROOM_PX: Final = 100
#: What the words keep beside the buttons, before those say less.
_WORDS_PX: Final = 170

#: State: the sign, its colour, the ground, the stripe.
_LOOKS: Final = {
    State.VIEWING: ("eye", "white", NAVY, BLUE),
    State.CONTROLLING: ("dot", _PINK, NAVY, RED),
    State.RECLAIMED: ("hand", "white", GREEN, GREEN),
    State.PAUSED: ("no-eye", "white", _SLATE, _SLATE),
    State.INTERRUPTED: ("unlinked", "white", _SLATE, _SLATE),
}
_SEEN: Final = frozenset({State.VIEWING, State.CONTROLLING, State.RECLAIMED})
_ON_TOP: Final = (
    Qt.WindowType.Window
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
)


class Bar(QWidget):
    """Owned by the window; shown from the first yes to the end."""

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        talk: Callable[[], None] = lambda: None,
    ) -> None:
        """Make the bar, hidden; ``talk`` opens what people write in."""
        super().__init__(None, _ON_TOP)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = texts(language)
        self.setWindowTitle(self._text["app"])
        self._judge = judge
        self._tell = tell
        self._now = now
        self._view: Live | None = None
        self._missed = 0
        self.red_frame = RedFrame()

        def says(command: model.Command) -> Callable[[], None]:
            return lambda: tell(command)

        self.take = self._button("take", says(model.TakeBack()), "hand", RED)
        self.give = self._button("give", says(model.GiveBack()), "give", gives=True)
        self.talk = self._button("talk", talk, "bubble")
        self.hide_screen = self._button("hide", says(model.HideScreen()), "no-eye")
        self.show_screen = self._button(
            "show", says(model.ShowScreen()), "eye", gives=True
        )
        self.end = self._button("end", says(model.EndSession()), "cross")
        self._places = Places(
            self._text,
            {"take": self.take, "give": self.give},
            {"talk": self.talk},
            {"hide": self.hide_screen, "show": self.show_screen},
            {"end": self.end},
        )
        self.buttons = tuple(
            button for place in self._places.all for button in place.buttons.values()
        )
        self._unread = 0
        self._two_lines = True
        self._build()

    # --- what the window asks -------------------------------------------------------

    def update_view(self, view: Live) -> None:
        """Show ``view``."""
        before, self._view = self._view, view
        if before is None or before.state is not view.state:
            self._wear(view.state)
        self.show_screen.switch(view.linked)
        if view.shared.chat.unread != self._unread:
            self._unread = view.shared.chat.unread
            self._dress(self.talk, AMBER_DARK if self._unread else "")
            self._places.tell_unread(self._unread)
        self._place()
        self.tick()
        self.red_frame.show_around(view.state is State.CONTROLLING)
        if not self.isVisible():
            self._missed = 0
            self.show()
        self.raise_()

    def put_away(self) -> None:
        """The session is over: bar and frame go."""
        if self._view is not None:
            self._view = None
            self.red_frame.show_around(False)
            self.hide()
            if self.windowFlags() & Qt.WindowType.X11BypassWindowManagerHint:
                self._stand_above(False)

    def tick(self) -> None:
        """Show the running time."""
        view = self._view
        if view is None:
            return
        key = f"bar.{view.state.value}"
        title, more = self._text[key], self._text[f"{key}.more"]
        shown = title if self._two_lines else self._text.get(f"{key}.short", title)
        if view.state is State.PAUSED and not view.linked:
            more = self._text["bar.unlinked"]
        if view.shared.notice:
            # What is announced stands in the line that every width shows.
            title = shown = self._text[f"notice.{view.shared.notice}"]
        running = duration(int(self._now() - view.since)) if view.since else ""
        self._title.say(shown, view.technician)
        self._more.say(f"{running}  ·  {more}" if running else more, view.technician)
        self._running.setText(running)
        whole = f"{title}. {more}".replace("{technician}", view.technician)
        self.setAccessibleName(whole)
        self.setWindowTitle(title.replace("{technician}", view.technician))

    def stay_on_top(self) -> None:
        """Come back from under whatever came over the bar, or put it away."""
        if self._view is None:
            return
        if self.isMinimized() or not self.isVisible():
            self.showNormal()
        self._place()
        self.red_frame.stay_on_top()
        self.raise_()
        self._missed = 0 if self._is_seen() else self._missed + 1
        if self._missed > 1:
            self._missed = 0
            self._stand_above(True)

    # --- events ---------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the bar ends the session; the bar goes with the session's end."""
        event.ignore()
        self._tell(model.EndSession())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hang from the edge with two round corners, also without a compositor."""
        super().resizeEvent(event)
        shape = QBitmap(self.size())
        shape.clear()
        painter = QPainter(shape)
        painter.setBrush(Qt.GlobalColor.color1)
        painter.drawRoundedRect(self.rect().adjusted(0, -40, -1, -1), 14, 14)
        painter.end()
        self.setMask(shape)

    # --- inside ---------------------------------------------------------------------

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._stripe = QFrame()
        self._stripe.setFixedHeight(_STRIPE_PX)
        outer.addWidget(self._stripe)
        row = QHBoxLayout()
        row.setContentsMargins(18, 8, 14, 10)
        row.setSpacing(GAP_PX)
        outer.addLayout(row)
        self._sign = Sign("eye", "white", 30)
        row.addWidget(self._sign)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = _Line(20, bold=True)
        self._more = _Line(17)
        words.addStretch()
        words.addWidget(self._title)
        words.addWidget(self._more)
        words.addStretch()
        row.addLayout(words, 1)
        self._running = label("", 18, bold=True)
        self._running.setWordWrap(False)
        # All digits alike wide: the words beside the time stand still, and each second
        # costs the customer's line a digit instead of a sentence.
        for one in (self._more, self._running):
            even = one.font()
            even.setFeature(QFont.Tag("tnum"), 1)
            one.setFont(even)
        row.addWidget(self._running)
        for place in self._places.all:
            row.addWidget(place)

    def _button(
        self,
        key: str,
        act: Callable[[], None],
        sign: str,
        ground: str = "",
        *,
        gives: bool = False,
    ) -> HandButton:
        def press(_hand: Hand) -> None:
            act()

        whose = Whose.CUSTOMER if gives else Whose.CUSTOMER_OR_PROGRAM
        text = self._text[f"bar.{key}"]
        made = HandButton(text, self._judge, press, whose=whose, pixels=18)
        made.mark(sign, "white", 24)
        self._dress(made, ground)
        return made

    @staticmethod
    def _dress(button: HandButton, ground: str) -> None:
        lit = {RED: "#A31124", AMBER_DARK: "#5F3D00"}.get(ground, "#33FFFFFF")
        button.setStyleSheet(
            f"QPushButton {{ background: {ground or 'transparent'}; color: white;"
            " min-height: 52px; border: 3px solid #D5D9E4; border-radius: 12px;"
            " padding: 0 12px; }"
            f" QPushButton:hover {{ border-color: white; background: {lit}; }}"
            " QPushButton:disabled { color: #B8BFD0; border-color: #77809A; }"
            " QPushButton:focus { border-color: #FFB300; }"
        )

    def _wear(self, state: State) -> None:
        """Put on the colours, the sign and the buttons of a state."""
        sign, colour, ground, stripe = _LOOKS[state]
        self._sign.become(sign, colour)
        self.setStyleSheet(f"Bar {{ background: {ground}; }} QLabel {{ color: white }}")
        self._stripe.setStyleSheet(f"background: {stripe};")
        for button, on in (
            (self.take, state is State.CONTROLLING),
            (self.give, state is State.RECLAIMED),
            (self.hide_screen, state in _SEEN),
            (self.show_screen, state is State.PAUSED),
        ):
            appears = on and button.isHidden() and self.isVisible()
            if appears and button in (self.give, self.show_screen):
                button.be_deaf(DEAF_MS)
            button.setVisible(on)

    def _place(self) -> None:
        screen = QGuiApplication.primaryScreen().geometry()
        width = min(WIDTH_PX, screen.width() - _MARGINS_PX)
        self._fit(width)
        height = self.sizeHint().height()
        x = screen.x() + (screen.width() - width) // 2
        wanted = QRect(x, screen.y(), width, height)
        if self.geometry() != wanted:
            self.setFixedSize(width, height)
            self.move(wanted.topLeft())

    def _fit(self, width: int) -> None:
        """Say less where there is less room; never smaller than it can be read."""
        two = self._two_lines = width >= TWO_LINES_PX
        self._more.setVisible(two)
        self._running.setVisible(TIME_PX <= width < TWO_LINES_PX)
        self._title.setFont(font(20 if two else 18, bold=True))
        taken = _SIDES_PX + (_TIME_ROOM_PX if not self._running.isHidden() else 0)
        self._places.fit(width - taken - _WORDS_PX)

    def _stand_above(self, above: bool) -> None:
        """Leave the window manager's order, or come back to it.

        As another window of the X server's: a manager that is still busy with the
        former one would take this one along.
        """
        bypass = Qt.WindowType.X11BypassWindowManagerHint
        self.destroy()
        self.setWindowFlags(_ON_TOP | bypass if above else _ON_TOP)
        if self._view is not None:
            self.show()
            self.raise_()

    def _is_seen(self) -> bool:
        """Whether the bar's stripe is on the screen where the bar is."""
        if QGuiApplication.platformName() != "xcb" or self._view is None:
            return True
        screen = QGuiApplication.primaryScreen()
        place = self.geometry().translated(-screen.geometry().topLeft())
        y, half = place.y() + _STRIPE_PX // 2, place.width() // 2
        wanted = QColor(_LOOKS[self._view.state][3])
        for x in (place.x() + half // 2, place.x() + half, place.x() + 3 * half // 2):
            seen = screen.grabWindow(0, x, y, 1, 1).toImage().pixelColor(0, 0)
            if _distance(seen, wanted) > 48:
                return False
        return True


class _Line(QLabel):
    """One line about somebody; a long name gives way before the sentence does."""

    def __init__(self, pixels: int, *, bold: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(pixels, bold=bold))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._said = ("", "")

    def say(self, sentence: str, technician: str) -> None:
        """Say ``sentence``, with the name where ``{technician}`` stands."""
        self._said = (sentence, technician)
        whole = sentence.replace("{technician}", technician)
        self.setText(naming(sentence, technician, self.fontMetrics(), self.width()))
        self.setToolTip(whole if self.text() != whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self.say(*self._said)


def _distance(one: QColor, other: QColor) -> int:
    """How far two colours are apart, for an eye that a night light may tint."""
    return max(
        abs(one.red() - other.red()),
        abs(one.green() - other.green()),
        abs(one.blue() - other.blue()),
    )
