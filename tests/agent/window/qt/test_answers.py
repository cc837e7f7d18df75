"""What is asked beside a consent: unticked, by mouse or keys, by the customer alone."""

import pytest
from PySide6.QtCore import Qt

from cordee_agent.window.model import Answer, Command
from cordee_agent.window.qt.answers import wrapped
from cordee_agent.window.qt.asking import QuestionPage
from cordee_agent.window.qt.window import QtWindow
from cordee_shared.session.asking import Ask
from cordee_shared.session.consent import Language, Scope
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import question

ALL = tuple(Ask)
GOOD = [("adult", "adult"), ("backup", "done"), ("early", "yes"), ("waiver", "yes")]


def heard(window: QtWindow, asks: tuple[str, ...] = ALL) -> QuestionPage:
    window.show(question(Language.FR, Scope.VIEW, asks=asks))
    settle()
    page = window.main.page
    assert isinstance(page, QuestionPage)
    page.hear()
    return page


def press(page: QuestionPage, hands: Hands, ask: str, value: str) -> None:
    button = page.answers.buttons[ask, value]
    page.area.ensureWidgetVisible(button)
    hands.click(button, customer=True)


def test_R13_nothing_is_ticked_before_the_customer_ticks_it(
    window: QtWindow,
) -> None:
    page = heard(window)
    assert not any(button.isChecked() for button in page.answers.buttons.values())
    assert page.answers.given == ()
    assert not page.yes.isEnabled()
    assert page.no.isEnabled()
    assert "encore 4" in page.more.text()


def test_R08_R13_R31_every_answer_by_mouse_alone_then_a_yes(
    window: QtWindow, hands: Hands, told: list[Command]
) -> None:
    page = heard(window)
    for number, (ask, value) in enumerate(GOOD):
        assert not page.yes.isEnabled(), number
        press(page, hands, ask, value)
    assert page.yes.isEnabled()
    assert not page.more.isVisible()
    hands.click(page.yes, customer=True)
    (answer,) = [each for each in told if isinstance(each, Answer)]
    assert answer.yes
    assert list(answer.answers) == GOOD


@pytest.mark.parametrize("left_out", range(4))
def test_R08_R13_R31_without_an_answer_there_is_no_yes(
    window: QtWindow, hands: Hands, left_out: int
) -> None:
    page = heard(window)
    for number, (ask, value) in enumerate(GOOD):
        if number != left_out:
            press(page, hands, ask, value)
    assert not page.yes.isEnabled()
    assert page.more.text() == "Répondre à la dernière question"


def test_R08_a_minor_finds_no_yes_and_the_refusal_says_why(
    window: QtWindow, hands: Hands, told: list[Command]
) -> None:
    page = heard(window)
    for ask, value in [*GOOD, ("adult", "minor")]:
        press(page, hands, ask, value)
    assert not page.yes.isEnabled()
    hands.click(page.no, customer=True)
    (answer,) = [each for each in told if isinstance(each, Answer)]
    assert not answer.yes
    assert dict(answer.answers)["adult"] == "minor"


def test_R13_a_statement_can_be_taken_back(window: QtWindow, hands: Hands) -> None:
    page = heard(window, ("early",))
    press(page, hands, "early", "yes")
    assert page.yes.isEnabled()
    press(page, hands, "early", "yes")
    assert page.answers.given == ()
    assert not page.yes.isEnabled()


def test_R31_one_answer_replaces_the_other(window: QtWindow, hands: Hands) -> None:
    page = heard(window, ("backup",))
    press(page, hands, "backup", "done")
    press(page, hands, "backup", "please")
    assert page.answers.given == (("backup", "please"),)
    chosen = [key for key, each in page.answers.buttons.items() if each.isChecked()]
    assert chosen == [("backup", "please")]


@pytest.mark.parametrize("reported", [False, None])
def test_R13_a_press_that_is_not_the_customers_answers_nothing(
    window: QtWindow, hands: Hands, reported: bool | None
) -> None:
    page = heard(window, ("adult",))
    button = page.answers.buttons["adult", "adult"]
    hands.click(button, customer=reported)
    assert page.answers.given == ()
    assert not button.isChecked()
    assert not page.yes.isEnabled()


def test_R13_keys_answer_as_the_mouse_does(window: QtWindow, hands: Hands) -> None:
    page = heard(window, ("adult",))
    hands.key(page.answers.buttons["adult", "adult"], Qt.Key.Key_Space, customer=True)
    assert page.answers.given == (("adult", "adult"),)


def test_where_nothing_is_asked_there_is_nothing_to_answer(window: QtWindow) -> None:
    page = heard(window, ())
    assert page.yes.isEnabled()
    assert not page.more.isVisible()
    assert not page.answers.isVisible()


def test_a_long_answer_is_broken_and_a_sign_stays_one() -> None:
    assert "\n" in wrapped("délai de rétractation " * 12)
    assert wrapped("Tom & Jerry") == "Tom && Jerry"
