"""The questions about files: equal buttons, the customer's hand alone (R32, S-22)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from cordee_agent.window.filing import (
    FileAsked,
    FileChosen,
    Files,
    FileWanted,
    NothingChosen,
    RefuseFile,
    TakeFile,
)
from cordee_agent.window.model import Command
from cordee_agent.window.qt.filing import GivePage, TakePage
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.sharing import Shared
from cordee_shared.session.states import State
from tests.agent.window.conftest import Clock, settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import NAME, NOW, live


def take_page(
    window: QtWindow, folder: str = "/home/marie/Téléchargements"
) -> TakePage:
    """Ask about a file."""
    asked = FileAsked(2, "facture été.pdf", 2_147_483_648, folder, NOW + 120)
    window.show(live(State.VIEWING, shared=Shared(files=Files(asked))))
    settle()
    page = window.together.files.card.page
    assert isinstance(page, TakePage)
    return page


def give_page(window: QtWindow, *, is_asked: bool) -> GivePage:
    """Ask for a file."""
    wanted = FileWanted(7, is_asked, NOW + 600)
    window.show(live(State.VIEWING, shared=Shared(files=Files(wanted))))
    settle()
    page = window.together.files.card.page
    assert isinstance(page, GivePage)
    return page


def test_R32_who_what_how_large_and_where_is_read_before_any_yes(
    window: QtWindow, now: Clock
) -> None:
    page = take_page(window)
    assert NAME in page.title.text()
    assert page.name.text() == "facture été.pdf"
    assert "« Téléchargements »" in page.where.text()
    assert page.where.toolTip() == "/home/marie/Téléchargements"
    now.now += 60
    window.together.stay_on_top()
    assert "1 min" in page.left.text()


def test_the_two_buttons_have_equal_weight_and_are_deaf_for_a_moment(
    window: QtWindow,
) -> None:
    page = take_page(window)
    assert not page.yes.isEnabled()
    assert not page.no.isEnabled()
    page.hear()
    assert page.yes.isEnabled()
    assert page.no.isEnabled()
    assert abs(page.yes.width() - page.no.width()) <= 1
    assert page.yes.height() == page.no.height()


def test_S22_only_the_customers_hand_says_yes(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = take_page(window)
    page.hear()
    hands.click(page.yes, customer=False)
    assert told == []
    hands.click(page.yes, customer=True)
    assert told == [TakeFile(2, "/home/marie/Téléchargements")]


def test_no_is_no_by_its_button_and_by_the_frame(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = take_page(window)
    page.hear()
    hands.click(page.no, customer=True)
    window.together.files.card.close()
    assert told == [RefuseFile(2), RefuseFile(2)]


def test_another_folder_can_be_chosen_and_is_the_one_that_counts(
    window: QtWindow, told: list[Command], hands: Hands, tmp_path: Path
) -> None:
    page = take_page(window, str(tmp_path))
    page.hear()
    hands.click(page.other, customer=False)
    assert page.findChildren(QFileDialog) == []
    hands.click(page.other, customer=True)
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(tmp_path / "Bureau"))
    assert "« Bureau »" in page.where.text()
    hands.click(page.yes, customer=True)
    assert told == [TakeFile(2, str(tmp_path / "Bureau"))]


@pytest.mark.parametrize("is_asked", [True, False])
def test_R32_the_customer_chooses_the_file_in_a_dialog_of_her_own(
    window: QtWindow, told: list[Command], hands: Hands, is_asked: bool
) -> None:
    page = give_page(window, is_asked=is_asked)
    assert NAME in page.title.text()
    page.hear()
    hands.click(page.yes, customer=True)
    assert page.dialog is not None
    assert told == []
    page.dialog.fileSelected.emit("/home/marie/photo.jpg")
    assert told == [FileChosen(7, "/home/marie/photo.jpg")]


def test_nothing_chosen_is_nothing_sent(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    page = give_page(window, is_asked=True)
    page.hear()
    hands.click(page.no, customer=True)
    window.together.files.card.close()
    assert told == [NothingChosen(7), NothingChosen(7)]
