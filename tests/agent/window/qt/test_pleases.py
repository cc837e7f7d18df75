"""A small question: what would pass, word by word, and two buttons."""

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from cordee_agent.window.model import Command
from cordee_agent.window.qt.pleases import PleasePage, passable
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.sharing import Please, Pleased, Shared
from cordee_agent.window.text import texts
from cordee_shared.limits import CLIPBOARD_MAX
from cordee_shared.session.consent import Language
from cordee_shared.session.states import State
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import NAME, live

FR = texts(Language.FR)
IBAN = "FR76 3000 1000\n6412 3456 7890 185"


def asked(window: QtWindow, please: Please, *, hear: bool = True) -> PleasePage:
    window.show(live(State.VIEWING, shared=Shared(pleases=(please,))))
    settle()
    page = window.together.card.page
    assert isinstance(page, PleasePage)
    assert page.isVisible()
    if hear:
        page.hear()
    return page


def copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    settle()


def copied() -> str:
    return QGuiApplication.clipboard().text()


def test_s40_the_customer_sees_the_text_before_it_goes(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    copy(IBAN)
    page = asked(window, Please("give", 4))
    assert NAME in page.title.text()
    assert page.body.toPlainText() == IBAN
    assert page.body.isReadOnly()
    hands.click(page.yes, customer=True)
    assert told == [Pleased("give", 4, True, IBAN)]


def test_s40_what_is_copied_meanwhile_is_shown_and_goes(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    copy("")
    page = asked(window, Please("give", 1))
    assert page.body.toPlainText() == FR["please.give.nothing"]
    assert not page.yes.isEnabled()
    copy(IBAN)
    assert page.body.toPlainText() == IBAN
    hands.click(page.yes, customer=True)
    assert told == [Pleased("give", 1, True, IBAN)]


def test_s22_only_the_customers_hand_answers_and_not_at_once(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    copy(IBAN)
    page = asked(window, Please("give", 1), hear=False)
    hands.click(page.yes, customer=True)
    page.hear()
    hands.click(page.yes, customer=False)
    hands.click(page.no, customer=False)
    page.yes.click()
    assert told == []
    hands.click(page.no, customer=True)
    assert told == [Pleased("give", 1, False)]
    assert not page.yes.isEnabled()


def test_it_listens_a_moment_after_it_was_seen(window: QtWindow, qtbot: QtBot) -> None:
    page = asked(window, Please("machine", 1, "Système : Debian"), hear=False)
    assert not page.no.isEnabled()
    qtbot.waitUntil(page.no.isEnabled)
    assert page.yes.isEnabled()


def test_s40_a_text_is_put_on_the_clipboard_by_the_yes_alone(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    copy("d’avant")
    page = asked(window, Please("take", 2, IBAN))
    assert page.body.toPlainText() == IBAN
    hands.click(page.no, customer=True)
    assert copied() == "d’avant"
    page = asked(window, Please("take", 3, IBAN))
    hands.click(page.yes, customer=False)
    assert copied() == "d’avant"
    hands.click(page.yes, customer=True)
    assert copied() == IBAN
    assert told == [Pleased("take", 2, False), Pleased("take", 3, True, IBAN)]


def test_the_summary_of_the_machine_is_shown_line_by_line(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = asked(window, Please("machine", 1, "Système : Debian\nMémoire : 8 Go"))
    assert page.body.toPlainText() == "Système : Debian\nMémoire : 8 Go"
    assert page.body.accessibleName() == page.title.text()
    hands.click(page.yes, customer=True)
    (answer,) = told
    assert isinstance(answer, Pleased)
    assert (answer.key, answer.yes) == ("machine", True)


@pytest.mark.parametrize("key", ["give", "take", "machine"])
@pytest.mark.parametrize("language", list(Language))
def test_every_question_has_its_words(key: str, language: Language) -> None:
    found = texts(language)
    assert all(found[f"please.{key}.{part}"] for part in ("title", "text", "yes"))


def test_what_cannot_pass_is_nothing() -> None:
    assert passable("x" * (CLIPBOARD_MAX + 1)) == ""
    assert passable("\x00") == ""
    assert passable("a\r\nb\x1b") == "a\nb"
