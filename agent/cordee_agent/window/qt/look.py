"""Colours, fonts and the few shapes of the window (agent_platform.md 6).

Nothing below 16 px, every state with words, contrast AA or better.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QLabel, QWidget

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
GREEN_PALE: Final = "#E3F4EB"
RED_PALE: Final = "#FDE7EA"

_FONTS = Path(__file__).parent.parent / "fonts"
_FAMILY: Final = "Atkinson Hyperlegible Next"


def load_fonts() -> None:
    """Make the shipped fonts known to Qt; called once, before the first window."""
    for file in sorted(_FONTS.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def font(pixels: int, *, bold: bool = False) -> QFont:
    """Return the product's font at a size in pixels."""
    made = QFont(_FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return made


STYLE: Final = f"""
QWidget#page {{ background: {PAPER}; color: {INK}; }}
QLabel {{ color: {INK}; background: transparent; }}
QFrame#card {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 14px; }}
QLabel#warning {{ background: {AMBER_PALE}; border-radius: 10px; padding: 12px; }}
QLabel#danger {{ background: {RED_PALE}; color: {RED}; border-radius: 10px;
    padding: 12px; }}
QLabel#calm {{ background: {GREEN_PALE}; border-radius: 10px; padding: 12px; }}
QLabel#quiet {{ color: {QUIET}; }}
QLineEdit {{ background: {CARD}; color: {INK}; border: 2px solid {LINE};
    border-radius: 12px; padding: 8px; selection-background-color: {BLUE}; }}
QLineEdit:focus {{ border: 3px solid {AMBER}; }}
QPushButton {{ min-height: 58px; border-radius: 12px; padding: 0 22px;
    border: 2px solid {BLUE}; background: {CARD}; color: {BLUE}; }}
QPushButton:hover {{ background: #EAF1FD; }}
QPushButton:focus {{ border: 3px solid {AMBER}; }}
QPushButton:disabled {{ color: {QUIET}; border-color: {LINE}; background: {PAPER}; }}
QPushButton#main {{ background: {BLUE}; color: white; }}
QPushButton#main:hover {{ background: #0F469D; }}
QPushButton#main:disabled {{ background: {LINE}; color: {QUIET}; }}
QPushButton#yes {{ background: {GREEN}; border-color: {GREEN}; color: white; }}
QPushButton#yes:hover {{ background: #0B6039; }}
QPushButton#no {{ background: {CARD}; border-color: {INK}; color: {INK}; }}
QPushButton#yes:focus, QPushButton#no:focus, QPushButton#main:focus {{
    border: 3px solid {AMBER}; }}
QPushButton#yes:disabled, QPushButton#no:disabled {{ background: {PAPER};
    border-color: {LINE}; color: {QUIET}; }}
QPushButton#link {{ min-height: 44px; border: 2px solid transparent;
    background: transparent; color: {BLUE}; text-decoration: underline; }}
QPushButton#link:focus {{ border: 3px solid {AMBER}; }}
QScrollArea {{ border: none; background: {PAPER}; }}
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


def paint(widget: QWidget, colour: str) -> None:
    """Fill a widget with one colour."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setStyleSheet(f"background: {colour};")
