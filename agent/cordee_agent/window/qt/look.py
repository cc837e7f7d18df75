"""Colours, fonts and the few shapes of the window (agent_platform.md 6).

Nothing below 16 px, every state with words, contrast AA or better.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

INK: Final = "#17213B"
PAPER: Final = "#F5F6FA"
CARD: Final = "#FFFFFF"
LINE: Final = "#C9CFDD"
QUIET: Final = "#4A5573"
BLUE: Final = "#1557C0"
GREEN: Final = "#0F7A4B"
RED: Final = "#C8152D"
NAVY: Final = "#141D36"
AMBER: Final = "#FFB300"
AMBER_PALE: Final = "#FFF3D6"
AMBER_DARK: Final = "#7A4F00"
GREEN_PALE: Final = "#E3F4EB"
RED_PALE: Final = "#FDE7EA"
BLUE_PALE: Final = "#E6EEFB"

#: The least height of a button's text, so that the whole is 60 px high.
BUTTON_PX: Final = 54
#: How wide the ring of what has the keyboard is.
RING_PX: Final = 3
#: Smaller than this is not readable for everybody.
SMALLEST_PX: Final = 16

_FONTS = Path(__file__).parent.parent / "fonts"
_FAMILY: Final = "Atkinson Hyperlegible Next"


def load_fonts() -> None:
    """Make the shipped fonts known to Qt; called once, before the first window."""
    for file in sorted(_FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def font(pixels: int, *, bold: bool = False) -> QFont:
    """Return the product's font at a size in pixels."""
    made = QFont(_FAMILY)
    made.setPixelSize(max(pixels, SMALLEST_PX))
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


STYLE: Final = f"""
QWidget#page {{ background: {PAPER}; color: {INK}; }}
QLabel {{ color: {INK}; background: transparent; }}
QLabel#quiet {{ color: {QUIET}; }}
QFrame#card {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 14px; }}
QFrame#warning {{ background: {AMBER_PALE}; border-radius: 12px; }}
QFrame#danger {{ background: {RED_PALE}; border-radius: 12px; }}
QFrame#danger QLabel {{ color: #A00F22; }}
QFrame#calm {{ background: {GREEN_PALE}; border-radius: 12px; }}
QLineEdit {{ background: {CARD}; color: {INK}; border: {RING_PX}px solid {LINE};
    border-radius: 12px; padding: 4px; selection-background-color: {BLUE}; }}
QPlainTextEdit {{ background: {CARD}; color: {INK}; border: {RING_PX}px solid {LINE};
    border-radius: 12px; padding: 6px; selection-background-color: {BLUE}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {AMBER}; }}
QPushButton {{ min-height: {BUTTON_PX}px; border-radius: 12px; padding: 0 18px;
    border: {RING_PX}px solid {BLUE}; background: {CARD}; color: {BLUE}; }}
QPushButton:hover {{ background: {BLUE_PALE}; }}
QPushButton#main {{ background: {BLUE}; border-color: {BLUE}; color: white; }}
QPushButton#main:hover {{ background: #0F469D; border-color: #0F469D; }}
QPushButton#yes {{ background: {GREEN}; border-color: {GREEN}; color: white; }}
QPushButton#yes:hover {{ background: #0B6039; border-color: #0B6039; }}
QPushButton#no {{ border-color: {INK}; color: {INK}; }}
QPushButton#no:hover {{ background: #E9ECF4; }}
QPushButton#refuse {{ background: {RED}; border-color: {RED}; color: white; }}
QPushButton#refuse:hover {{ background: #A31124; border-color: #A31124; }}
QPushButton#link {{ min-height: 42px; border-color: transparent; padding: 0 10px;
    background: transparent; color: {BLUE}; text-decoration: underline; }}
QPushButton#link:hover {{ background: {BLUE_PALE}; }}
QPushButton#answer {{ min-height: 36px; padding: 3px 12px; text-align: left;
    border-color: transparent; background: transparent; color: {INK}; }}
QPushButton#answer:hover {{ background: {BLUE_PALE}; }}
QPushButton#answer:checked {{ border-color: {BLUE}; background: {BLUE_PALE}; }}
QPushButton:disabled {{ color: {QUIET}; border-color: {LINE}; background: {PAPER}; }}
QPushButton:focus, QPushButton#main:focus, QPushButton#yes:focus,
QPushButton#no:focus, QPushButton#refuse:focus, QPushButton#link:focus,
QPushButton#answer:focus {{
    border-color: {AMBER}; }}
QPushButton#main:disabled,
QPushButton#yes:disabled, QPushButton#no:disabled, QPushButton#refuse:disabled {{
    color: {QUIET}; border-color: {LINE}; background: {PAPER}; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollBar:vertical {{ width: 18px; background: {PAPER}; border: none; }}
QScrollBar::handle:vertical {{ background: #8A94AE; border-radius: 7px;
    min-height: 40px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
"""


def label(text: str, pixels: int = 18, *, bold: bool = False, name: str = "") -> QLabel:
    """Make a label that wraps and shows its text as text, never as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setFont(font(pixels, bold=bold))
    if name:
        made.setObjectName(name)
    return made


class OneLine(QLabel):
    """A line that never breaks nor pushes: what does not fit ends in ``…``.

    A screen reader and the tool tip say all of it.
    """

    def __init__(self, text: str, pixels: int, *, bold: bool = False) -> None:
        """Show ``text``."""
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(pixels, bold=bold))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Give way to everything else."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        text = self.text()
        shown = fitting(text, self.fontMetrics(), self.width())
        self.setToolTip(text if shown != text else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), shown)
        painter.end()


def fitting(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return ``text`` in one line of at most ``width`` pixels."""
    plain = " ".join(text.split())
    return metrics.elidedText(plain, Qt.TextElideMode.ElideRight, width)


def naming(sentence: str, name: str, metrics: QFontMetrics, width: int) -> str:
    """Return a sentence about somebody in one line: the name gives way first.

    Args:
        sentence: with ``{technician}`` in it, or without.
        name: what stands there.
        metrics: of the font it is shown in.
        width: in pixels.
    """
    plain = " ".join(name.split())
    rest = metrics.horizontalAdvance(sentence.replace("{technician}", ""))
    least = metrics.horizontalAdvance("MMM…")
    room = max(width - rest, least)
    short = metrics.elidedText(plain, Qt.TextElideMode.ElideRight, room)
    return fitting(sentence.replace("{technician}", short), metrics, width)


def paint(widget: QWidget, colour: str) -> None:
    """Fill a widget with one colour."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setStyleSheet(f"background: {colour};")
