"""The ordinary window: as large as its page, never larger than the screen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cordee_agent.window.model import Home, Pairing
from cordee_agent.window.qt.hand import Judge
from cordee_agent.window.qt.pages import HomePage, Page, PairingPage
from cordee_agent.window.qt.sheet import Sheet
from cordee_shared.session.consent import Language
from tests.agent.window.screens import FIRM, NOW


@pytest.fixture
def closed() -> list[str]:
    return []


@pytest.fixture
def sheet(qtbot: QtBot, closed: list[str]) -> Sheet:
    made = Sheet("Assistance", lambda: closed.append("closed"))
    qtbot.addWidget(made, before_close_func=QWidget.hide)
    return made


def page(kind: type[HomePage] | type[PairingPage]) -> Page:
    common = (Language.FR, Judge(), lambda _: None, lambda: NOW)
    if kind is HomePage:
        return HomePage(*common, Home(FIRM, ready=True))
    return PairingPage(*common, Pairing(FIRM))


def test_closing_is_told_and_closes_nothing(sheet: Sheet, closed: list[str]) -> None:
    sheet.put(page(PairingPage))
    sheet.stand()
    sheet.close()
    assert closed == ["closed"]
    assert sheet.isVisible()


def test_it_stands_in_the_middle_inside_the_screen(sheet: Sheet) -> None:
    sheet.put(page(HomePage))
    sheet.stand()
    space = QGuiApplication.primaryScreen().availableGeometry()
    assert space.contains(sheet.frameGeometry())
    assert sheet.width() == 560
    assert sheet.height() <= 688
    assert abs(sheet.geometry().center().x() - space.center().x()) <= 2


def test_it_does_not_jump_when_the_page_changes(sheet: Sheet) -> None:
    sheet.put(page(HomePage))
    sheet.stand()
    sheet.move(10, 40)
    place = sheet.geometry()
    sheet.put(page(PairingPage))
    sheet.stand()
    assert sheet.geometry() == place


def test_the_former_page_is_gone_at_once(sheet: Sheet, qtbot: QtBot) -> None:
    first, second = page(HomePage), page(PairingPage)
    sheet.put(first)
    sheet.stand()
    with qtbot.waitSignal(first.destroyed):
        sheet.put(second)
        assert not first.isVisible()
        assert second.isVisible()
    assert sheet.page is second


def test_under_a_bar_it_is_as_high_as_its_page(sheet: Sheet, qtbot: QtBot) -> None:
    bar = QWidget()
    qtbot.addWidget(bar)
    bar.setGeometry(100, 0, 600, 80)
    bar.show()
    shown = page(PairingPage)
    sheet.put(shown)
    sheet.hang_under(bar)
    assert sheet.pos().y() > bar.geometry().bottom()
    assert sheet.height() == shown.wanted_height(560)
    assert abs(sheet.x() + 280 - bar.geometry().center().x()) <= 2


def test_one_that_asks_stays_on_top(qtbot: QtBot) -> None:
    asking = Sheet("Assistance", lambda: None, on_top=True)
    qtbot.addWidget(asking)
    assert asking.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
