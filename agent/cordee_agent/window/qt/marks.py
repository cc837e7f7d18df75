"""The technician's marks over the desktop: seen, never in the way.

One window for each screen, cut to the shape of the lines themselves: it needs no
compositor, takes no input and no keyboard, and lies over everything but the agent's
own windows, which nobody draws upon. The picture that the technician sees shows the
marks where the customer has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QPainterPath,
    QPainterPathStroker,
    QPolygonF,
    QRegion,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from cordee_agent.window.qt.look import paint
from cordee_agent.window.sharing import Stroke

#: Seen on white, black and on most wallpapers.
MARK_COLOUR: Final = "#E5007D"
#: A line's width and a dot's radius, in pixels as Qt counts them.
LINE_PX: Final = 7.0
DOT_PX: Final = 15.0


class MarkLayer:
    """Owned by what people share (``together.py``)."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self.layers: list[QWidget] = []
        self._drawn: tuple[Stroke, ...] = ()

    def draw(self, marks: tuple[Stroke, ...], spare: Sequence[QWidget]) -> None:
        """Draw ``marks``, but for where the windows in ``spare`` are."""
        if not marks and not self._drawn:
            return
        self._drawn = marks
        screens = QGuiApplication.screens() if marks else []
        while len(self.layers) < len(screens):
            self.layers.append(_layer())
        free = [each.frameGeometry() for each in spare if each.isVisible()]
        for layer, screen in zip(self.layers, screens, strict=False):
            _shape(layer, screen, marks, free)
        for layer in self.layers[len(screens) :]:
            layer.hide()

    def stay_on_top(self) -> None:
        """Come back from under whatever was opened since."""
        for layer in self.layers:
            if layer.isVisible():
                layer.raise_()


def _layer() -> QWidget:
    made = QWidget(
        None,
        Qt.WindowType.Tool
        | Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.WindowTransparentForInput
        | Qt.WindowType.WindowDoesNotAcceptFocus
        | Qt.WindowType.X11BypassWindowManagerHint,
    )
    made.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    paint(made, MARK_COLOUR)
    return made


def _shape(
    layer: QWidget, screen: QScreen, marks: tuple[Stroke, ...], free: list[QRect]
) -> None:
    whole = screen.geometry()
    region = QRegion()
    for stroke in marks:
        region = region.united(_outline(stroke, screen))
    for rect in free:
        region = region.subtracted(QRegion(rect.translated(-whole.topLeft())))
    region = region.intersected(QRegion(QRect(QPoint(0, 0), whole.size())))
    if region.isEmpty():
        layer.hide()
        return
    layer.setGeometry(whole)
    layer.setMask(region)
    layer.show()
    layer.raise_()


def _outline(stroke: Stroke, screen: QScreen) -> QRegion:
    """Return what a stroke covers on a screen, in Qt's pixels from its corner."""
    corner, scale = screen.geometry().topLeft(), screen.devicePixelRatio()
    points = [
        QPointF((x - corner.x()) / scale, (y - corner.y()) / scale) for x, y in stroke
    ]
    if len(points) == 1:
        path = QPainterPath()
        path.addEllipse(points[0], DOT_PX, DOT_PX)
    else:
        line = QPainterPath(points[0])
        for point in points[1:]:
            line.lineTo(point)
        pen = QPainterPathStroker()
        pen.setWidth(LINE_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        path = pen.createStroke(line)
    polygon: QPolygonF = path.toFillPolygon()
    return QRegion(polygon.toPolygon(), Qt.FillRule.WindingFill)
