"""The pages before a session: what is typed, what is read out, what is waited for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cordee_agent.window import model
from cordee_agent.window.model import Command
from cordee_agent.window.qt.pages import CodePage, HomePage, PairingPage, Strip
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.text import texts
from cordee_shared.code import Code, read_code
from cordee_shared.errors import CodeMistyped
from cordee_shared.ids import read_nameplate
from cordee_shared.session.consent import Language
from tests.agent.window.conftest import Clock, settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import FIRM, NOW

#: A code as it is spoken, its check digit right.
GOOD = Code(read_nameplate("482"), "91306").spoken
DIGITS = GOOD.replace(" ", "")
FR = texts(Language.FR)


def home(window: QtWindow, **more: object) -> HomePage:
    window.show(model.Home(FIRM, ready=True, **more))  # type: ignore[arg-type]
    settle()
    page = window.main.page
    assert isinstance(page, HomePage)
    return page


def code(window: QtWindow) -> CodePage:
    window.show(model.ShowingCode(FIRM, GOOD, NOW + 582))
    settle()
    page = window.main.page
    assert isinstance(page, CodePage)
    return page


def test_the_keyboard_starts_in_the_field(window: QtWindow, qtbot: QtBot) -> None:
    page = home(window)
    qtbot.waitUntil(page.field.hasFocus)


def test_after_a_wrong_code_the_keyboard_is_in_the_field_again(
    window: QtWindow, qtbot: QtBot
) -> None:
    former = home(window)
    qtbot.waitUntil(former.field.hasFocus)
    window.show(model.Pairing(FIRM))
    settle()
    page = home(window, trouble="code_wrong")
    qtbot.waitUntil(page.field.hasFocus)


def test_digits_are_grouped_as_they_are_spoken(window: QtWindow) -> None:
    page = home(window)
    QTest.keyClicks(page.field, DIGITS + "77")
    assert page.field.text() == GOOD
    page.field.selectAll()
    QTest.keyClicks(page.field, f"le {DIGITS[:3]}-{DIGITS[3:]}")
    assert page.field.text() == GOOD


def test_a_digit_is_put_right_where_it_was_wrong(window: QtWindow) -> None:
    page = home(window)
    QTest.keyClicks(page.field, "482x913067")
    page.field.setCursorPosition(2)
    QTest.keyClick(page.field, Qt.Key.Key_Backspace)
    QTest.keyClicks(page.field, "5")
    assert page.field.text() == "452 913 067"
    assert page.field.cursorPosition() == 2
    page.field.setCursorPosition(0)
    QTest.keyClick(page.field, Qt.Key.Key_Delete)
    QTest.keyClicks(page.field, "9")
    assert page.field.text() == "952 913 067"


def test_enter_sends_the_code_as_the_button_does(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = home(window)
    QTest.keyClicks(page.field, DIGITS)
    QTest.keyClick(page.field, Qt.Key.Key_Return)
    assert told == [model.CodeTyped(GOOD)]
    hands.click(page.go, customer=None)
    assert told == [model.CodeTyped(GOOD)] * 2


def test_a_wrong_digit_is_found_before_anything_is_sent(
    window: QtWindow, told: list[Command]
) -> None:
    page = home(window)
    wrong = DIGITS[:-1] + str((int(DIGITS[-1]) + 1) % 10)
    with pytest.raises(CodeMistyped):
        read_code(wrong)
    QTest.keyClicks(page.field, wrong)
    QTest.keyClick(page.field, Qt.Key.Key_Return)
    assert told == []
    assert page.trouble.isVisible()
    assert page.trouble.words.text() == FR["trouble.code_mistyped"]
    assert page.field.accessibleDescription() == FR["trouble.code_mistyped"]
    assert page.field.selectedText() == page.field.text()
    QTest.keyClicks(page.field, "4")
    assert not page.trouble.isVisible()
    assert page.field.text() == "4"


def test_an_empty_field_sends_nothing_and_blames_nobody(
    window: QtWindow, told: list[Command]
) -> None:
    page = home(window)
    QTest.keyClick(page.field, Qt.Key.Key_Return)
    assert told == []
    assert not page.trouble.isVisible()


def test_news_of_the_relay_leaves_what_is_being_typed(window: QtWindow) -> None:
    page = home(window)
    QTest.keyClicks(page.field, DIGITS[:4])
    page.go.setFocus()
    window.show(model.Home(FIRM, ready=False, trouble="link_lost"))
    settle()
    assert window.main.page is page
    assert page.field.text() == GOOD[:5]
    assert page.go.hasFocus()
    assert page.state.text() == FR["home.waiting"]
    assert page.trouble.words.text() == FR["trouble.link_lost"]
    assert not page.steps.isVisible()
    window.show(model.Home(FIRM, ready=True))
    settle()
    assert page.state.text() == FR["home.ready"]
    assert page.steps.isVisible()


def test_the_warning_against_impostors_is_always_there(window: QtWindow) -> None:
    for trouble in ("", "code_wrong"):
        page = home(window, trouble=trouble)
        warnings = [
            each.words.text() for each in page.findChildren(Strip) if each.isVisible()
        ]
        assert FR["home.scam"] in warnings


def test_the_customer_may_ask_for_a_code_or_leave(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = home(window)
    hands.click(page.other, customer=None)
    hands.click(page.quit, customer=None)
    assert told == [model.CodeWanted(), model.Quit()]


def test_tab_goes_through_the_page_in_reading_order(window: QtWindow) -> None:
    page = home(window)
    order = []
    page.field.setFocus()
    for _ in range(6):
        order.append(page.focusWidget())
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    reading = [page.field, page.go, page.other, page.about, page.quit]
    assert order == [*reading, page.field]


def test_the_code_is_read_out_digit_by_digit(window: QtWindow) -> None:
    page = code(window)
    assert page.code.text() == GOOD
    assert page.code.accessibleName().endswith(" ".join(DIGITS))
    assert page.code.sizeHint().width() <= page.code.width()


def test_the_time_left_is_counted_down_to_nothing(window: QtWindow, now: Clock) -> None:
    page = code(window)
    assert page.left.text() == "Encore 9 min 42 s"
    now.now = NOW + 575
    page.tick()
    assert page.left.text() == "Encore 7 s"
    now.now = NOW + 900
    page.tick()
    assert page.left.text() == "Encore 0 s"


def test_the_code_can_be_copied_and_taken_back(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = code(window)
    hands.click(page.copy, customer=None)
    assert QGuiApplication.clipboard().text() == GOOD
    assert page.copy.text() == FR["code.copied"]
    hands.click(page.back, customer=None)
    assert told == [model.BackHome()]


def test_patience_is_asked_for_in_words(window: QtWindow) -> None:
    window.show(model.Pairing(FIRM))
    settle()
    page = window.main.page
    assert isinstance(page, PairingPage)
    assert page.organisation.text() == FIRM
    assert page.text["pairing.title"] == FR["pairing.title"]
