"""Chat, questions and marks around a session, and nothing of them after it."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication

from cordee_agent.window.model import Command
from cordee_agent.window.qt.pleases import PleasePage
from cordee_agent.window.qt.window import QtWindow, Rects
from cordee_agent.window.sharing import Please, Pleased, Shared
from cordee_shared.session.consent import Language, Scope
from cordee_shared.session.states import State
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import live, over, question

MACHINE = Please("machine", 1, "Système : Debian")
TAKE = Please("take", 2, "texte")


def show(window: QtWindow, **shared: object) -> PleasePage | None:
    window.show(live(State.VIEWING, shared=replace(Shared(), **shared)))  # type: ignore[arg-type]  # checked at run time
    settle()
    card = window.together.card
    page = card.page if card.isVisible() else None
    assert page is None or isinstance(page, PleasePage)
    return page


def test_one_question_at_a_time_the_oldest_first(window: QtWindow) -> None:
    page = show(window, pleases=(MACHINE, TAKE))
    assert page is not None
    assert page.please == MACHINE
    again = show(window, pleases=(MACHINE, TAKE), notice="screenshot")
    assert again is page
    page = show(window, pleases=(TAKE,))
    assert page is not None
    assert page.please == TAKE
    assert show(window) is None


def test_the_question_about_power_comes_first(window: QtWindow) -> None:
    view = live(State.VIEWING, shared=Shared(pleases=(MACHINE,)))
    window.show(replace(view, question=question(Language.FR, Scope.CONTROL)))
    settle()
    assert window.card.isVisible()
    assert not window.together.card.isVisible()
    window.show(view)
    settle()
    assert window.together.card.isVisible()


def test_closing_a_question_by_its_frame_is_a_no(
    window: QtWindow, told: list[Command]
) -> None:
    show(window, pleases=(MACHINE,))
    window.together.card.close()
    assert told == [Pleased("machine", 1, False)]


@pytest.mark.parametrize("yes", [True, False])
def test_s40_the_customer_sees_an_own_text_too_before_it_goes(
    window: QtWindow, told: list[Command], hands: Hands, yes: bool
) -> None:
    QGuiApplication.clipboard().setText("IBAN")
    show(window)
    window.together.talk.open()
    hands.click(window.together.talk.give, customer=True)
    settle()
    page = window.together.card.page
    assert isinstance(page, PleasePage)
    assert page.body.toPlainText() == "IBAN"
    page.hear()
    hands.click(page.yes if yes else page.no, customer=True)
    assert told == ([Pleased("give", 0, True, "IBAN")] if yes else [])
    settle()
    assert not window.together.card.isVisible()


def test_s22_where_its_windows_are_is_told_to_the_guard(window: QtWindow) -> None:
    found: list[Rects] = []
    window.on_rects = found.append
    show(window, pleases=(MACHINE,))
    window.together.talk.open()
    settle()
    assert len(found[-1]) == 3


def test_nothing_stays_after_the_end(window: QtWindow) -> None:
    show(window, pleases=(MACHINE,), marks=(((10, 10), (50, 50)),))
    window.together.talk.open()
    settle()
    assert any(layer.isVisible() for layer in window.together.marks.layers)
    window.show(over())
    settle()
    every = (*window.together.windows, *window.together.marks.layers)
    assert not any(each.isVisible() for each in every)
