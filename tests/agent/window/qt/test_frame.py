"""The red frame: round every screen, in nobody's way."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from cordee_agent.window.qt.frame import FRAME_PX, RedFrame
from cordee_agent.window.qt.look import RED


@pytest.fixture
def frame(qtbot: QtBot) -> Iterator[RedFrame]:
    made = RedFrame()
    yield made
    made.show_around(False)
    for edge in made.edges:
        edge.deleteLater()


def test_there_is_none_before_it_is_wanted_and_none_after(frame: RedFrame) -> None:
    assert frame.edges == []
    frame.show_around(True)
    assert all(edge.isVisible() for edge in frame.edges)
    frame.show_around(False)
    assert not any(edge.isVisible() for edge in frame.edges)


def test_it_goes_round_every_screen(frame: RedFrame) -> None:
    frame.show_around(True)
    screens = QGuiApplication.screens()
    assert len(frame.edges) == 4 * len(screens)
    for number, screen in enumerate(screens):
        place = screen.geometry()
        sides = [each.geometry() for each in frame.edges[4 * number : 4 * number + 4]]
        whole = QRect()
        for side in sides:
            whole = whole.united(side)
            assert min(side.width(), side.height()) == FRAME_PX
        assert whole == place


def test_it_takes_neither_clicks_nor_keys_and_no_manager_hides_it(
    frame: RedFrame,
) -> None:
    frame.show_around(True)
    wanted = (
        Qt.WindowType.WindowTransparentForInput
        | Qt.WindowType.WindowDoesNotAcceptFocus
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.X11BypassWindowManagerHint
    )
    for edge in frame.edges:
        assert edge.windowFlags() & wanted == wanted
        assert edge.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_it_is_red(frame: RedFrame) -> None:
    frame.show_around(True)
    for edge in frame.edges:
        assert edge.grab().toImage().pixelColor(2, 2) == QColor(RED)


def test_staying_on_top_makes_no_frame_where_there_is_none(frame: RedFrame) -> None:
    frame.stay_on_top()
    assert frame.edges == []
    frame.show_around(True)
    frame.stay_on_top()
    assert all(edge.isVisible() for edge in frame.edges)
