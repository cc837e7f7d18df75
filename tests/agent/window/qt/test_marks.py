"""The technician's marks: seen, never in the way."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cordee_agent.window.qt import marks as marks_module
from cordee_agent.window.qt.marks import DOT_PX, MarkLayer
from tests.agent.window.conftest import settle

LINE = ((100, 100), (300, 100), (300, 200))


@pytest.fixture
def layer(qtbot: QtBot) -> MarkLayer:
    return MarkLayer()


def inked(layer: MarkLayer, x: int, y: int) -> bool:
    settle()
    return any(
        each.isVisible() and each.mask().contains(QPoint(x, y) - each.pos())
        for each in layer.layers
    )


def test_a_line_is_inked_where_it_goes_and_nowhere_else(layer: MarkLayer) -> None:
    layer.draw((LINE,), ())
    assert inked(layer, 200, 100)
    assert inked(layer, 300, 150)
    assert not inked(layer, 200, 150)
    assert not inked(layer, 200, 112)


def test_one_point_is_a_dot(layer: MarkLayer) -> None:
    layer.draw((((400, 300),),), ())
    assert inked(layer, 400, 300)
    assert inked(layer, 400 + round(DOT_PX) - 3, 300)
    assert not inked(layer, 400 + round(DOT_PX) + 3, 300)


def test_lines_that_cross_leave_no_hole(layer: MarkLayer) -> None:
    layer.draw((((100, 100), (300, 300), (300, 100), (100, 300)),), ())
    assert inked(layer, 200, 200)
    layer.draw((LINE, tuple(reversed(LINE))), ())
    assert inked(layer, 200, 100)


def test_it_takes_neither_clicks_nor_keys(layer: MarkLayer) -> None:
    layer.draw((LINE,), ())
    (made,) = layer.layers
    flags = made.windowFlags()
    assert flags & Qt.WindowType.WindowTransparentForInput
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.X11BypassWindowManagerHint
    assert made.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_nobody_draws_upon_the_agents_own_windows(
    layer: MarkLayer, qtbot: QtBot
) -> None:
    bar, hidden = QWidget(), QWidget()
    for each in (bar, hidden):
        qtbot.addWidget(each)
    bar.setGeometry(180, 80, 60, 60)
    hidden.setGeometry(280, 120, 60, 60)
    bar.show()
    layer.draw((LINE,), (bar, hidden))
    assert not inked(layer, 200, 100)
    assert inked(layer, 150, 100)
    assert inked(layer, 300, 150)


def test_marks_go_and_leave_nothing(
    layer: MarkLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer.draw((), ())
    assert layer.layers == []
    layer.draw((LINE,), ())
    layer.stay_on_top()
    layer.draw((), ())
    settle()
    assert not any(each.isVisible() for each in layer.layers)


def test_a_mark_beyond_the_screen_shows_nothing(layer: MarkLayer) -> None:
    far = QGuiApplication.primaryScreen().geometry().right() + 500
    layer.draw((((far, 10),),), ())
    settle()
    assert not any(each.isVisible() for each in layer.layers)


def test_places_are_the_desktops_and_scaled_for_qt(
    layer: MarkLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = QGuiApplication.primaryScreen()

    class Twice:
        geometry = staticmethod(screen.geometry)
        devicePixelRatio = staticmethod(lambda: 2.0)

    outline = marks_module._outline(((200, 200), (400, 200)), Twice())  # type: ignore[arg-type]  # what is asked of a screen
    assert outline.contains(QPoint(150, 100))
    assert not outline.contains(QPoint(300, 200))
