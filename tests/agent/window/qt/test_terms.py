"""What is good to know and the general terms: readable here, kept by who wants them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cordee_agent.window.model import Command, Home, Pairing
from cordee_agent.window.qt.asking import QuestionPage
from cordee_agent.window.qt.pages import HomePage
from cordee_agent.window.qt.terms import NOTICES, TermsPage, keep_copy
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language, Scope
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import FIRM, NOW, TERMS, question


def reading(window: QtWindow) -> TermsPage:
    page = window.reading.page
    assert isinstance(page, TermsPage)
    return page


def test_R09_the_terms_are_read_before_any_answer_in_a_window_of_the_agent(
    window: QtWindow, hands: Hands, told: list[Command]
) -> None:
    window.show(question(Language.FR, Scope.VIEW))
    settle()
    page = window.main.page
    assert isinstance(page, QuestionPage)
    # Also while the answers are still deaf.
    assert page.terms.isVisible()
    hands.click(page.terms, customer=True)
    settle()
    assert window.reading.isVisible()
    assert reading(window).words.text() == TERMS
    assert reading(window).words.textFormat() is Qt.TextFormat.PlainText
    assert told == [], "reading answers nothing"
    hands.click(reading(window).close_button, customer=True)
    assert not window.reading.isVisible()
    assert window.main.isVisible()


def test_R09_they_are_scrolled_by_keys(window: QtWindow, qtbot: QtBot) -> None:
    window.read(TERMS)
    settle()
    page = reading(window)
    page.area.setFocus()
    bar = page.area.verticalScrollBar()
    assert bar.maximum() > 500
    QTest.keyClick(page.area, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_R09_the_question_about_control_brings_no_terms_again(
    window: QtWindow,
) -> None:
    window.show(question(Language.FR, Scope.CONTROL))
    settle()
    page = window.main.page
    assert isinstance(page, QuestionPage)
    assert not page.terms.isVisible()


def test_R09_a_copy_can_be_kept(qtbot: QtBot, tmp_path: Path, window: QtWindow) -> None:
    page = TermsPage(
        *(Language.FR, window.judge, lambda _: None, lambda: NOW),
        TERMS,
        lambda: None,
        tmp_path / "Téléchargements",
    )
    qtbot.addWidget(page)
    Hands(window.judge).click(page.save, customer=True)
    (kept,) = (tmp_path / "Téléchargements").iterdir()
    assert kept.read_text(encoding="utf-8") == TERMS
    assert page.said.text() == f"Copie enregistrée\u00a0: {kept}"
    assert keep_copy(TERMS, kept.parent) == kept, "the same text is one file"


def test_R09_a_copy_that_cannot_be_kept_is_said(
    qtbot: QtBot, tmp_path: Path, window: QtWindow
) -> None:
    (tmp_path / "file").write_text("")
    page = TermsPage(
        *(Language.FR, window.judge, lambda _: None, lambda: NOW),
        TERMS,
        lambda: None,
        tmp_path / "file",
    )
    qtbot.addWidget(page)
    Hands(window.judge).click(page.save, customer=True)
    assert page.said.text() == texts(Language.FR)["terms.unsaved"]


def test_R29_R30_R32_R37_what_is_good_to_know_is_a_click_away_from_the_first_window(
    window: QtWindow, hands: Hands
) -> None:
    window.show(Home(FIRM, ready=True))
    settle()
    home = window.main.page
    assert isinstance(home, HomePage)
    hands.click(home.about, customer=True)
    settle()
    page = reading(window)
    assert [each.text() for each in page.notices] == [
        texts(Language.FR)[key] for key in NOTICES
    ]
    assert all(each.isVisible() for each in page.notices)
    assert not page.save.isVisible(), "no terms are known yet"
    # It goes when something else begins.
    window.show(Pairing(FIRM))
    settle()
    assert not window.reading.isVisible()


@pytest.mark.parametrize(
    ("key", "french", "english"),
    [
        ("terms.needs", "1 Mbit/s", "1 Mbit/s"),
        ("terms.antivirus", "antivirus", "antivirus"),
        ("terms.data", "clé USB", "USB stick"),
        ("terms.internet", "strictement confidentiel", "strictly confidential"),
        ("terms.warranty", "garantie", "warranty"),
    ],
)
def test_R29_R30_R32_R37_each_notice_says_it_in_both_languages(
    key: str, french: str, english: str
) -> None:
    assert french in texts(Language.FR)[key]
    assert english in texts(Language.EN)[key]


def test_R29_nothing_old_is_asked_for(language: Language) -> None:
    said = " ".join(texts(language).values()).lower()
    assert [old for old in ("flash", "java", "explorer", "adsl") if old in said] == []
