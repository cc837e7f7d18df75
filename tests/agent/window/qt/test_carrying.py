"""Files on their way: how far, how fast, how long still, and a way to break off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cordee_agent.window.filing import FileRow, Files, ForgetFiles, Stage, StopFile
from cordee_agent.window.model import Command
from cordee_agent.window.qt.carrying import Carried, CarryWindow
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.sharing import Shared
from cordee_shared.session.states import State
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import NAME, live

MOVING = FileRow(
    2, "film.mkv", 2_000_000_000, False, 500_000_000, 1_500_000, Stage.MOVING
)


def shown(window: QtWindow, *rows: FileRow) -> CarryWindow:
    """Show these rows."""
    window.show(live(State.CONTROLLING, shared=Shared(files=Files(None, rows))))
    settle()
    return window.together.files.list


def row(window: QtWindow, row: FileRow) -> Carried:
    """Show one row."""
    return shown(window, row).rows[row.id]


def test_how_far_how_fast_and_how_long_still(window: QtWindow) -> None:
    one = row(window, MOVING)
    assert one.name.text() == "film.mkv"
    about = one.about.text()
    for said in (NAME, "500\u00a0Mo sur 2\u00a0Go", "1,5\u00a0Mo/s", "16 min 40 s"):
        assert said in about
    assert one.bar.value() == 250
    assert not one.bar.isHidden()
    assert "film.mkv" in one.accessibleName()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stage": Stage.ASKED, "is_leaving": True}, "en attente de son accord"),
        ({"stage": Stage.ASKED}, "à vous de répondre"),
        ({"stage": Stage.KEPT, "place": "/home/marie/Bureau/film.mkv"}, "« Bureau »"),
        ({"stage": Stage.KEPT, "is_leaving": True}, "reçu et vérifié"),
        ({"stage": Stage.STOPPED, "why": "disk"}, "pas assez de place"),
        ({"stage": Stage.STOPPED, "why": "of another version"}, "arrêté"),
    ],
)
def test_every_stage_has_its_words(
    window: QtWindow, change: dict[str, object], said: str
) -> None:
    one = row(window, replace(MOVING, **change))  # type: ignore[arg-type]  # of a row
    assert said in one.about.text()
    assert one.bar.isHidden()


def test_it_is_broken_off_by_the_customer_or_a_screen_reader_not_by_us(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    one = row(window, MOVING)
    hands.click(one.stop, customer=False)
    assert told == []
    hands.click(one.stop, customer=True)
    one.stop.click()
    assert told == [StopFile(2), StopFile(2)]
    assert "film.mkv" in one.stop.accessibleName()


def test_what_is_done_can_be_cleared_and_rows_that_are_gone_go(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    kept = replace(MOVING, stage=Stage.KEPT)
    window_of_rows = shown(window, kept, replace(MOVING, id=4))
    assert not window_of_rows.clear.isHidden()
    hands.click(window_of_rows.clear, customer=True)
    assert told == [ForgetFiles()]
    assert set(shown(window, replace(MOVING, id=4)).rows) == {4}
    assert window_of_rows.clear.isHidden()


def test_closed_it_stays_away_until_there_is_another_file(window: QtWindow) -> None:
    files = shown(window, MOVING)
    assert files.isVisible()
    files.close()
    shown(window, replace(MOVING, moved=600_000_000))
    assert not files.isVisible()
    shown(window, MOVING, replace(MOVING, id=4))
    assert files.isVisible()
    assert not shown(window).isVisible()
