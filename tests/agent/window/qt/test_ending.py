"""The last pages: who, how long, how much, and a way out that always works."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel

from cordee_agent.window.model import Command, Cost, Kept, Over, Quit, Stopped
from cordee_agent.window.qt.ending import OverPage, StoppedPage
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language
from cordee_shared.session.states import EndReason
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import NAME, over

FR = texts(Language.FR)


def end(window: QtWindow, view: Over) -> OverPage:
    window.show(view)
    settle()
    page = window.main.page
    assert isinstance(page, OverPage)
    return page


def words(page: OverPage) -> list[str]:
    return [each.text() for each in page.findChildren(QLabel) if each.isVisible()]


def test_it_says_who_ended_how_long_and_how_much(window: QtWindow) -> None:
    said = words(end(window, over()))
    assert f"{NAME} a mis fin à la séance." in said
    assert "30 min 27 s" in said
    assert "2" in said
    assert "50,00\u00a0€ TTC" in said
    assert "pour 27 min de temps compté" in said
    assert FR["over.gone"] in said


@pytest.mark.parametrize("reason", EndReason)
def test_every_reason_is_said_and_nobody_can_see_any_more(
    spoken: QtWindow, language: Language, reason: EndReason
) -> None:
    page = end(spoken, over(reason))
    assert page.who.text()
    assert "{" not in page.who.text()
    assert texts(language)["over.gone"] in words(page)


def test_the_amount_is_awaited_then_shown(window: QtWindow) -> None:
    assert FR["over.pending"] in words(end(window, over(cost=None, pending=True)))
    assert "50,00\u00a0€ TTC" in words(end(window, over()))
    assert FR["over.unknown"] in words(end(window, over(cost=None)))
    free = Cost(0, 0, 0, "EUR")
    assert FR["over.free"] in words(end(window, over(cost=free)))


def test_who_saw_nothing_is_told_nothing_of_money(window: QtWindow) -> None:
    refused = over(EndReason.CONSENT_DENIED, cost=None, seconds=0, reclaims=0)
    said = words(end(window, refused))
    assert FR["over.cost"] not in said
    assert FR["over.length"] not in said


def test_an_end_the_relay_did_not_confirm_is_said(window: QtWindow) -> None:
    assert FR["over.unconfirmed"] in words(
        end(window, over(cost=None, confirmed=False))
    )
    waiting = over(cost=None, confirmed=False, pending=True)
    assert FR["over.unconfirmed"] not in words(end(window, waiting))
    assert FR["over.unconfirmed"] not in words(end(window, over()))


def test_it_closes_although_nobody_says_whose_press_it_was(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    hands.click(end(window, over()).close_button, customer=None)
    assert told == [Quit()]


def test_what_stops_the_agent_is_said_and_can_be_closed_without_a_guard(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    window.show(Stopped("no_desktop"))
    settle()
    page = window.main.page
    assert isinstance(page, StoppedPage)
    assert page.why.text() == FR["trouble.no_desktop"]
    hands.click(page.close_button, customer=None)
    window.main.close()
    assert told == [Quit(), Quit()]
    assert window.main.isVisible()


def test_s28_the_receipt_is_kept_where_she_says(
    window: QtWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    where: list[str] = [
        "",
        str(tmp_path / "nowhere" / "a.json"),
        str(tmp_path / "a.json"),
    ]
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (where.pop(0), "JSON")
    )
    page = end(window, over(receipt=Kept("recu", b"{}\n", "<p>")))
    page.keep_button.click()
    settle()
    assert list(tmp_path.iterdir()) == []
    assert not page.kept.isVisible()
    page.keep_button.click()
    settle()
    assert page.kept.text() == FR["over.keep.failed"]
    page.keep_button.click()
    settle()
    assert (tmp_path / "a.json").read_bytes() == b"{}\n"
    assert str(tmp_path / "a.json") in page.kept.text()


def test_s28_no_button_where_there_is_nothing_to_keep(window: QtWindow) -> None:
    page = end(window, over())
    assert not hasattr(page, "keep_button")
    assert FR["over.unproved"] not in words(page)
    assert FR["over.unproved"] in words(end(window, over(unproved="entry 3: …")))
