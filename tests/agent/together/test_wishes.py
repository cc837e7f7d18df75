"""What is asked about files: one thing at a time, each with its own time."""

from __future__ import annotations

from pathlib import Path

from cordee_agent.together.wishes import CHOOSING_S, Wishes
from cordee_agent.window.filing import FileAsked, FileWanted
from cordee_shared.limits import CONSENT_S
from tests.clock import ManualClock


def asked(wishes: Wishes) -> int:
    """Return the number of the file that is asked about."""
    assert isinstance(wishes.open, FileAsked)
    return wishes.open.id


def test_R32_the_second_file_has_its_own_question_and_its_own_time() -> None:
    clock = ManualClock()
    wishes = Wishes(clock, lambda: Path("/home/marie"))
    wishes.ask(2, "a", 1)
    wishes.ask(4, "b", 1)
    clock.advance(seconds=CONSENT_S - 1)
    assert wishes.expired() is None
    assert wishes.answered(2)
    assert asked(wishes) == 4
    assert wishes.open is not None
    assert wishes.open.until == clock.monotonic() + CONSENT_S
    clock.advance(seconds=CONSENT_S)
    expired = wishes.expired()
    assert isinstance(expired, FileAsked)
    assert (expired.id, expired.folder) == (4, "/home/marie")
    assert wishes.open is None


def test_a_file_taken_back_is_asked_about_no_more() -> None:
    wishes = Wishes(ManualClock(), Path)
    for id in (2, 4, 6):
        wishes.ask(id, "a", 1)
    wishes.withdraw(4)
    wishes.withdraw(2)
    assert asked(wishes) == 6


def test_one_wish_at_a_time_and_only_its_own_answer_counts() -> None:
    clock = ManualClock()
    wishes = Wishes(clock, Path)
    wishes.want(is_asked=True)
    wishes.want(is_asked=False)
    assert wishes.open == FileWanted(1, True, clock.monotonic() + CHOOSING_S)
    assert wishes.chosen(2) is None
    assert wishes.chosen(1) is True
    assert wishes.chosen(1) is None
    assert not wishes.answered(1)


def test_a_file_waits_while_one_is_chosen_and_nothing_is_asked_at_the_end() -> None:
    wishes = Wishes(ManualClock(), Path)
    wishes.want(is_asked=False)
    wishes.ask(2, "a", 1)
    assert isinstance(wishes.open, FileWanted)
    assert wishes.chosen(1) is False
    assert asked(wishes) == 2
    wishes.forget()
    assert wishes.open is None
