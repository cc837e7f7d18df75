"""Questions about files wait for those about power, and go with the session."""

from __future__ import annotations

from dataclasses import replace

from cordee_agent.window.filing import FileAsked, FileRow, Files, Stage, WishToSend
from cordee_agent.window.model import Command
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.sharing import Please, Shared
from cordee_shared.session.consent import Language, Scope
from cordee_shared.session.states import State
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import NOW, live, over, question

ASKED = FileAsked(2, "a.pdf", 10, "/home/marie", NOW + 120)
ROW = FileRow(2, "a.pdf", 10, False, 0, 0, Stage.ASKED)


def test_one_question_at_a_time_power_first_then_small_ones(window: QtWindow) -> None:
    card = window.together.files.card
    view = live(State.VIEWING, shared=Shared(files=Files(ASKED)))
    please = Please("machine", 1, "Debian")
    for more in (
        replace(view, question=question(Language.FR, Scope.CONTROL)),
        replace(view, shared=replace(view.shared, pleases=(please,))),
    ):
        window.show(more)
        settle()
        assert not card.isVisible()
    window.show(view)
    settle()
    assert card.isVisible()
    page = card.page
    window.show(replace(view, linked=True, since=NOW - 1))
    settle()
    assert card.page is page


def test_its_windows_are_the_agents_own_and_nothing_stays_after_the_end(
    window: QtWindow,
) -> None:
    files = window.together.files
    assert set(files.windows) <= set(window.together.windows)
    window.show(live(State.VIEWING, shared=Shared(files=Files(ASKED, (ROW,)))))
    settle()
    assert files.card.isVisible()
    assert files.list.isVisible()
    window.show(over())
    settle()
    assert not files.card.isVisible()
    assert not files.list.isVisible()
    assert files.list.rows == {}


def test_s22_the_wish_to_send_takes_the_customers_hand(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    window.show(live(State.CONTROLLING))
    settle()
    window.together.talk.open()
    hands.click(window.together.talk.file, customer=False)
    assert told == []
    hands.click(window.together.talk.file, customer=True)
    assert told == [WishToSend()]
