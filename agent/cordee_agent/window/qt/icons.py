"""The few signs beside the words, drawn here: the font has none, and no file is read.

Each is one filled shape on a field of 24 x 24, so it is sharp at every scale.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPixmap,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from cordee_agent.window.qt.look import BLUE, font

_FIELD: Final = 24.0
#: Qt leaves little room between a button's sign and its words.
ICON_GAP_PX: Final = 6
#: A grey that shows on white and on navy.
_OFF: Final = "#8A94AE"
#: Scales that pictures of a button's sign are kept for.
_SCALES: Final = (1.0, 1.25, 1.5, 2.0, 3.0)


def _line(width: float, *points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    return _stroked(path, width)


def _stroked(path: QPainterPath, width: float) -> QPainterPath:
    pen = QPainterPathStroker()
    pen.setWidth(width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen.createStroke(path).simplified()


def _round(x: float, y: float, width: float, height: float, r: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), r, r)
    return path


def _circle(x: float, y: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _tick() -> QPainterPath:
    return _line(3.2, (4.5, 12.8), (9.8, 18.0), (19.5, 6.5))


def _cross() -> QPainterPath:
    return _line(3.2, (6, 6), (18, 18)).united(_line(3.2, (18, 6), (6, 18)))


def _dot() -> QPainterPath:
    return _circle(12, 12, 8)


def _pause() -> QPainterPath:
    return _round(5.5, 4, 4.5, 16, 1.5).united(_round(14, 4, 4.5, 16, 1.5))


def _hand() -> QPainterPath:
    """An open hand, raised: stop."""
    hand = _round(6.2, 10, 12.4, 12, 5.2)
    for x, top in ((6.2, 5.2), (9.5, 2.6), (12.8, 2.2), (16.1, 4.4)):
        hand = hand.united(_round(x, top, 2.5, 12, 1.25))
    thumb = QTransform().translate(7.8, 18.6).rotate(-42)
    return hand.united(thumb.map(_round(-1.35, -8.6, 2.7, 9.2, 1.35))).simplified()


def _lens() -> QPainterPath:
    lens = QPainterPath(QPointF(1.8, 12))
    lens.quadTo(QPointF(12, 0.6), QPointF(22.2, 12))
    lens.quadTo(QPointF(12, 23.4), QPointF(1.8, 12))
    return lens


def _eye() -> QPainterPath:
    return _stroked(_lens(), 2.2).united(_circle(12, 12, 3.4))


def _no_eye() -> QPainterPath:
    gap = _line(5.6, (4.5, 3.5), (19.5, 20.5))
    return _eye().subtracted(gap).united(_line(2.4, (4.5, 3.5), (19.5, 20.5)))


def _warning() -> QPainterPath:
    edge = QPainterPath(QPointF(12, 4.2))
    for x, y in ((21.2, 20), (2.8, 20), (12, 4.2)):
        edge.lineTo(QPointF(x, y))
    edge.closeSubpath()
    triangle = edge.united(_stroked(edge, 2.6))
    mark = _line(2.3, (12, 9.6), (12, 14)).united(_circle(12, 17.4, 1.35))
    return triangle.subtracted(mark)


def _mouse() -> QPainterPath:
    body = _stroked(_round(6.2, 2.6, 11.6, 18.8, 5.8), 2.2)
    return body.united(_line(2.2, (12, 6.6), (12, 9.8)))


def _unlinked() -> QPainterPath:
    """Two ends of a rope that do not meet."""
    left = QPainterPath()
    left.arcMoveTo(QRectF(1.6, 7, 10, 10), 50)
    left.arcTo(QRectF(1.6, 7, 10, 10), 50, 260)
    right = QTransform().translate(24, 24).rotate(180).map(left)
    return _stroked(left, 2.6).united(_stroked(right, 2.6))


def _rope() -> QPainterPath:
    """Two loops, one through the other: the product's own sign."""
    left = _stroked(_round(1.8, 6.6, 13, 10.8, 5.4), 2.7)
    right = _stroked(_round(9.2, 6.6, 13, 10.8, 5.4), 2.7)
    # Above, the left loop passes over; below, the right one does.
    over_left = _stroked(_round(1.8, 6.6, 13, 10.8, 5.4), 5.2)
    upper = _round(8, 0, 9, 12, 0)
    right = right.subtracted(over_left.intersected(upper))
    over_right = _stroked(_round(9.2, 6.6, 13, 10.8, 5.4), 5.2)
    lower = _round(7, 12, 9, 12, 0)
    left = left.subtracted(over_right.intersected(lower))
    return left.united(right)


def _give() -> QPainterPath:
    """An arrow that goes over to somebody."""
    head = _line(2.8, (13.5, 5.5), (20, 12), (13.5, 18.5))
    return _line(2.8, (4, 12), (19, 12)).united(head)


def _bubble() -> QPainterPath:
    """Words on their way to somebody."""
    tail = QPainterPath(QPointF(6, 14))
    for x, y in ((5.2, 21.4), (13, 16)):
        tail.lineTo(QPointF(x, y))
    tail.closeSubpath()
    return _round(2, 3, 20, 14, 5).united(tail)


def _box() -> QPainterPath:
    return _stroked(_round(3.6, 3.6, 16.8, 16.8, 3.4), 2.2)


def _box_full() -> QPainterPath:
    mark = _line(2.8, (7.2, 12.6), (10.6, 16), (17, 8.4))
    return _round(2.5, 2.5, 19, 19, 4).subtracted(mark)


def _ring() -> QPainterPath:
    return _stroked(_circle(12, 12, 8.6), 2.2)


SIGNS: Final[dict[str, Callable[[], QPainterPath]]] = {
    "tick": _tick,
    "cross": _cross,
    "dot": _dot,
    "pause": _pause,
    "hand": _hand,
    "eye": _eye,
    "no-eye": _no_eye,
    "warning": _warning,
    "mouse": _mouse,
    "unlinked": _unlinked,
    "rope": _rope,
    "give": _give,
    "bubble": _bubble,
    "box": _box,
    "box-full": _box_full,
    "ring": _ring,
    "ring-full": lambda: _ring().united(_circle(12, 12, 4.6)),
}


def icon(sign: str, colour: str, pixels: int = 24) -> QIcon:
    """Return a sign for a button, grey while the button is off."""
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, _OFF)):
        for scale in _SCALES:
            picture = QPixmap(QSize(pixels + ICON_GAP_PX, pixels) * scale)
            picture.setDevicePixelRatio(scale)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            _draw(painter, SIGNS[sign](), ink, pixels)
            painter.end()
            made.addPixmap(picture, mode)
    return made


class Sign(QWidget):
    """A sign beside words; a screen reader has the words."""

    def __init__(self, sign: str, colour: str, pixels: int = 26) -> None:
        """Show ``sign`` in ``colour``."""
        super().__init__()
        self.setFixedSize(pixels, pixels)
        self._sign = sign
        self._path = SIGNS[sign]()
        self._colour = colour

    def become(self, sign: str, colour: str) -> None:
        """Show another one."""
        if (sign, colour) != (self._sign, self._colour):
            self._sign, self._path, self._colour = sign, SIGNS[sign](), colour
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        _draw(painter, self._path, self._colour, self.width())
        painter.end()


class Badge(QWidget):
    """A disc with letters: whose face it would be, or which step."""

    def __init__(self, letters: str, pixels: int, colour: str = BLUE) -> None:
        """Show ``letters``, two at most."""
        super().__init__()
        self.setFixedSize(pixels, pixels)
        self._letters = letters[:2]
        self._colour = colour
        self._font: QFont = font(round(pixels * 0.46), bold=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawEllipse(self.rect())
        painter.setPen(QColor("white"))
        painter.setFont(self._font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)
        painter.end()


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper()[0] for word in ends)


def _draw(painter: QPainter, path: QPainterPath, colour: str, pixels: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixels / _FIELD, pixels / _FIELD)
    painter.fillPath(path, QColor(colour))
