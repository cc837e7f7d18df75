"""Injected presses never press; the customer's always do (S-22)."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cordee_agent.window.model import Hand
from cordee_agent.window.qt import hand as hand_module
from cordee_agent.window.qt.hand import HandButton, Judge, Whose
from tests.agent.window.hands import Hands

ENTER, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Space


@pytest.fixture
def judge(qtbot: QtBot) -> Judge:
    return Judge()


@pytest.fixture
def hands(judge: Judge) -> Hands:
    return Hands(judge)


@pytest.fixture
def pressed() -> list[Hand]:
    return []


@pytest.fixture
def button(qtbot: QtBot, judge: Judge, pressed: list[Hand]) -> HandButton:
    return shown(qtbot, HandButton("Autoriser", judge, pressed.append))


def shown(qtbot: QtBot, button: HandButton) -> HandButton:
    qtbot.addWidget(button)
    button.show()
    qtbot.waitExposed(button)
    return button


def test_the_customers_click_acts(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    hands.click(button, customer=True)
    assert pressed == [Hand.MOUSE]


def test_an_injected_click_does_not(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    hands.click(button, customer=False)
    assert pressed == []


def test_a_click_nobody_reported_is_nobodys(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    hands.click(button, customer=None)
    assert pressed == []


def test_the_report_may_come_before_the_click(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    with hands.holding(button):
        hands.report(customer=True)
        assert pressed == []
    assert pressed == [Hand.MOUSE]


def test_time_stamps_that_differ_by_2_to_the_32_are_the_same(
    button: HandButton, hands: Hands, pressed: list[Hand], judge: Judge
) -> None:
    at = hands.click(button, customer=None)
    assert at > 2**31
    judge.reported(at - 2**32, True)
    assert pressed == [Hand.MOUSE]


def test_quick_second_presses_are_judged_each_by_itself(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    hands.click(button, customer=True)
    with hands.holding(button, QEvent.Type.MouseButtonDblClick):
        hands.report(customer=False)
    assert pressed == [Hand.MOUSE]
    with hands.holding(button, QEvent.Type.MouseButtonDblClick):
        hands.report(customer=True)
    assert pressed == [Hand.MOUSE, Hand.MOUSE]


@pytest.mark.parametrize("key", [ENTER, SPACE])
def test_keys_are_judged_as_clicks_are(
    button: HandButton, hands: Hands, pressed: list[Hand], key: Qt.Key
) -> None:
    hands.key(button, key, customer=False)
    assert pressed == []
    hands.key(button, key, customer=True)
    assert pressed == [Hand.KEYBOARD]


@pytest.mark.parametrize("key", [ENTER, SPACE])
def test_a_key_that_repeats_presses_nothing(
    button: HandButton, hands: Hands, pressed: list[Hand], key: Qt.Key
) -> None:
    hands.key(button, key, customer=True, repeated=True)
    assert pressed == []


def test_a_program_cannot_press_what_gives_power(
    button: HandButton, pressed: list[Hand]
) -> None:
    button.click()
    assert pressed == []


def test_a_press_that_ended_elsewhere_says_nothing_of_a_later_one(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    with hands.holding(button, inside=False):
        hands.report(customer=True)
    button.click()
    assert pressed == []


def test_a_screen_reader_may_press_what_only_takes_power_away(
    qtbot: QtBot, judge: Judge, hands: Hands, pressed: list[Hand]
) -> None:
    whose = Whose.CUSTOMER_OR_PROGRAM
    end = shown(qtbot, HandButton("Terminer", judge, pressed.append, whose=whose))
    end.click()
    assert pressed == [Hand.KEYBOARD]
    hands.click(end, customer=False)
    assert pressed == [Hand.KEYBOARD]
    hands.click(end, customer=True)
    assert pressed == [Hand.KEYBOARD, Hand.MOUSE]


def test_where_there_is_no_guard_anybody_may_press(
    qtbot: QtBot, judge: Judge, hands: Hands, pressed: list[Hand]
) -> None:
    whose = Whose.ANYBODY
    close = shown(qtbot, HandButton("Fermer", judge, pressed.append, whose=whose))
    hands.click(close, customer=None)
    hands.key(close, ENTER, customer=None)
    close.click()
    assert pressed == [Hand.MOUSE, Hand.KEYBOARD, Hand.KEYBOARD]


def test_a_press_that_waits_acts_on_nothing_that_was_taken_away(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    hands.click(button, customer=None)
    button.hide()
    hands.report(customer=True)
    assert pressed == []


def test_nor_on_what_came_back_in_the_meantime(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    hands.click(button, customer=None)
    button.hide()
    button.show()
    hands.report(customer=True)
    assert pressed == []


def test_nor_on_what_was_switched_off(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    hands.click(button, customer=None)
    button.setEnabled(False)
    hands.report(customer=True)
    assert pressed == []


def test_nor_on_what_does_not_exist_any_more(
    qtbot: QtBot, hands: Hands, pressed: list[Hand], judge: Judge
) -> None:
    button = HandButton("Autoriser", judge, pressed.append)
    button.show()
    hands.click(button, customer=None)
    with qtbot.waitSignal(button.destroyed):
        button.deleteLater()
    hands.report(customer=True)
    assert pressed == []


def test_a_press_waits_for_its_report_and_not_for_ever(
    button: HandButton,
    hands: Hands,
    pressed: list[Hand],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert hand_module.REPORT_MS == 1000
    monkeypatch.setattr(hand_module, "REPORT_MS", 0)
    hands.click(button, customer=True)
    assert pressed == []


def test_a_deaf_button_is_off_and_says_so_and_then_hears_the_customer(
    button: HandButton, hands: Hands, pressed: list[Hand], qtbot: QtBot
) -> None:
    button.be_deaf(60_000)
    assert not button.isEnabled()
    hands.click(button, customer=True)
    assert pressed == []
    button.be_deaf(1)
    qtbot.waitUntil(button.isEnabled)
    hands.click(button, customer=True)
    assert pressed == [Hand.MOUSE]


def test_what_is_switched_off_while_it_is_deaf_stays_off(
    button: HandButton, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(button._deaf.timeout):
        button.be_deaf(1)
        button.switch(False)
    assert not button.isEnabled()
    button.switch(True)
    assert button.isEnabled()


def test_of_200_mixed_presses_none_is_misjudged(
    button: HandButton, hands: Hands, pressed: list[Hand]
) -> None:
    ours = {number for number in range(200) if number * 7919 % 3 == 0}
    for number in range(200):
        hands.click(button, customer=number not in ours)
    assert len(pressed) == 200 - len(ours)


def test_the_button_says_what_it_is_and_shows_the_keyboards_place(
    button: HandButton, qtbot: QtBot
) -> None:
    assert button.accessibleName() == "Autoriser"
    assert button.focusPolicy() == Qt.FocusPolicy.StrongFocus
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    focused = button.grab().toImage()
    button.clearFocus()
    assert button.grab().toImage() != focused


def test_a_sign_before_the_words_leaves_the_words(button: HandButton) -> None:
    marked: QPushButton = button.mark("tick", "white")
    assert marked.text() == "Autoriser"
    assert not marked.icon().isNull()
