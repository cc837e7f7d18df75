"""The question: exact, deaf at first, answered once, by the customer alone."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cordee_agent.window.model import Answer, Command, Hand, Question, Report
from cordee_agent.window.qt.asking import QuestionPage
from cordee_agent.window.qt.pages import Strip
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.text import texts
from cordee_shared.limits import QUESTION_DEAF_S
from cordee_shared.session.consent import Language, Scope
from tests.agent.window.conftest import Clock, settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import LONG_FIRM, LONG_NAME, NOW, question

FR = texts(Language.FR)
#: What 1366 x 768 leaves to a window's inside, below its title, above a task bar.
ROOM_PX = 768 - 24 - 40


def ask(window: QtWindow, view: Question | None = None) -> QuestionPage:
    window.show(view or question(Language.FR, Scope.VIEW))
    settle()
    page = window.main.page
    assert isinstance(page, QuestionPage)
    return page


def heard(window: QtWindow, view: Question | None = None) -> QuestionPage:
    page = ask(window, view)
    page.hear()
    return page


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("language", Language)
def test_the_text_is_shown_word_by_word_as_it_is_hashed(
    window: QtWindow, scope: Scope, language: Language
) -> None:
    view = question(language, scope)
    page = ask(window, view)
    shown = [page.title, *page.paragraphs]
    assert tuple(each.text() for each in shown) == (
        view.text.title,
        *view.text.paragraphs,
    )
    assert all(each.textFormat() == Qt.TextFormat.PlainText for each in shown)
    assert all(each.isVisible() for each in shown)
    assert page.area.accessibleName() == " ".join(
        (view.text.title, *view.text.paragraphs)
    )


def test_markup_in_a_name_is_shown_and_not_obeyed(window: QtWindow) -> None:
    name = "<h1>Votre banque</h1>"
    page = ask(window, question(Language.FR, Scope.VIEW, name=name))
    assert name in page.title.text()
    assert all(
        each.textFormat() == Qt.TextFormat.PlainText
        for each in page.findChildren(QLabel)
    )


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("language", Language)
def test_all_of_it_is_seen_without_scrolling_on_a_small_screen(
    window: QtWindow, language: Language, verified: bool
) -> None:
    page = ask(window, question(language, Scope.VIEW, verified=verified))
    assert page.wanted_height(page.width_px) <= (ROOM_PX if verified else 736)


def test_what_does_not_fit_is_scrolled_by_keys(window: QtWindow, qtbot: QtBot) -> None:
    view = question(Language.FR, Scope.VIEW, name=LONG_NAME, firm=LONG_FIRM)
    page = heard(window, view)
    window.main.resize(480, 420)
    settle()
    bar = page.area.verticalScrollBar()
    assert bar.maximum() > 100
    last = page.paragraphs[-1]
    qtbot.waitUntil(page.area.hasFocus)
    QTest.keyClick(page.area, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    bar.setValue(bar.maximum())
    settle()
    bottom = last.mapTo(page.area.viewport(), last.rect().bottomLeft()).y()
    assert 0 < bottom <= page.area.viewport().height()


def test_it_is_deaf_until_it_has_been_seen_for_a_moment(
    window: QtWindow, told: list[Command], hands: Hands, qtbot: QtBot
) -> None:
    page = ask(window)
    for button in (page.yes, page.no):
        hands.click(button, customer=True)
        hands.key(button, Qt.Key.Key_Return, customer=True)
    assert told == []
    assert QUESTION_DEAF_S == 0.8
    qtbot.waitUntil(page.yes.isEnabled, timeout=5000)
    assert page.no.isEnabled()
    hands.click(page.yes, customer=True)
    assert told == [Answer(1, True, Hand.MOUSE)]


def test_the_moment_begins_when_it_is_first_shown(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, window: QtWindow
) -> None:
    began: list[int] = []
    monkeypatch.setattr(QTimer, "singleShot", lambda ms, *_: began.append(int(ms)))
    view = question(Language.FR, Scope.VIEW)
    page = QuestionPage(Language.FR, window.judge, lambda _: None, lambda: NOW, view)
    qtbot.addWidget(page)
    assert began == []
    page.show()
    page.hide()
    page.show()
    assert began == [800]


@pytest.mark.parametrize("yes", [True, False])
def test_only_the_customers_hand_answers_and_which_hand_is_kept(
    window: QtWindow, told: list[Command], hands: Hands, yes: bool
) -> None:
    page = heard(window)
    button = page.yes if yes else page.no
    hands.click(button, customer=False)
    hands.click(button, customer=None)
    hands.key(button, Qt.Key.Key_Return, customer=False)
    button.click()
    assert told == []
    hands.key(button, Qt.Key.Key_Space, customer=True)
    assert told == [Answer(1, yes, Hand.KEYBOARD)]


def test_it_is_answered_once(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = heard(window)
    hands.click(page.no, customer=True)
    hands.click(page.yes, customer=True)
    hands.click(page.no, customer=True)
    assert told == [Answer(1, False, Hand.MOUSE)]


def test_no_answer_is_prepared_for_a_stray_key(
    window: QtWindow, told: list[Command], hands: Hands, qtbot: QtBot
) -> None:
    page = heard(window)
    qtbot.waitUntil(page.area.hasFocus)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape):
        hands.key(page.area, key, customer=True)
    assert told == []


def test_both_answers_have_the_same_size_and_words(window: QtWindow) -> None:
    page = heard(window)
    assert page.yes.size() == page.no.size()
    assert 58 <= page.yes.height() <= 64
    assert (page.no.text(), page.yes.text()) == (FR["ask.no"], FR["ask.yes"])
    assert not page.yes.icon().isNull()
    assert not page.no.icon().isNull()


def test_an_unverified_name_is_warned_of_and_refusing_is_prepared(
    window: QtWindow, qtbot: QtBot
) -> None:
    page = heard(window, question(Language.FR, Scope.VIEW, verified=False))
    strips = [each for each in page.findChildren(Strip) if each.isVisible()]
    assert [(each.objectName(), each.words.text()) for each in strips] == [
        ("danger", FR["ask.unverified"])
    ]
    qtbot.waitUntil(page.no.hasFocus)
    assert page.no.objectName() == "refuse"
    assert page.yes.objectName() != "yes"


def test_a_verified_name_is_not_warned_of(window: QtWindow) -> None:
    page = heard(window)
    assert page.findChildren(Strip) == []
    assert page.yes.objectName() == "yes"


def test_the_time_left_is_counted_down(window: QtWindow, now: Clock) -> None:
    page = ask(window)
    assert page.left.text() == "Sans réponse dans 1 min 52 s, ce sera non."
    now.now += 110
    page.tick()
    assert page.left.text() == "Sans réponse dans 2 s, ce sera non."
    now.now += 60
    page.tick()
    assert page.left.text() == "Sans réponse dans 0 s, ce sera non."


def test_tab_reaches_the_text_and_both_answers(window: QtWindow) -> None:
    page = heard(window)
    page.area.setFocus()
    order = []
    for _ in range(6):
        order.append(page.focusWidget())
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    assert order == [
        page.area,
        page.no,
        page.yes,
        page.terms,
        page.report,
        page.area,
    ]


def test_what_is_asked_beside_it_is_deaf_as_well(
    window: QtWindow, hands: Hands
) -> None:
    asks = ("adult", "backup", "early", "waiver")
    page = ask(window, question(Language.FR, Scope.VIEW, asks=asks))
    buttons = list(page.answers.buttons.values())
    for button in buttons:
        hands.click(button, customer=True)
    assert list(page.answers.given) == []
    page.hear()
    hands.click(buttons[0], customer=True)
    assert len(page.answers.given) == 1
    hands.click(page.no, customer=True)
    hands.click(buttons[-1], customer=True)
    assert len(page.answers.given) == 1


def test_s22_a_report_is_the_customers_own_press_and_deaf_at_first(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = ask(window)
    hands.click(page.report, customer=True)
    assert told == []
    page.hear()
    hands.click(page.report, customer=False)
    assert told == []
    hands.click(page.report, customer=True)
    assert told == [Report()]
