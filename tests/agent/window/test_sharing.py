"""What the two people share, as the window is told it."""

from dataclasses import replace

from cordee_agent.window.filing import FileAsked, Files
from cordee_agent.window.sharing import NOTHING, Chat, Please, Shared


def test_nothing_is_shared_to_begin_with_and_nothing_asked() -> None:
    assert Shared() == NOTHING
    assert not NOTHING.asks


def test_a_question_of_either_sort_waits_for_an_answer() -> None:
    assert replace(NOTHING, pleases=(Please("machine", 1, "Debian"),)).asks
    asked = FileAsked(2, "notice.pdf", 100, "/home/durand", 12.0)
    assert replace(NOTHING, files=replace(Files(), question=asked)).asks


def test_words_and_marks_ask_for_nothing() -> None:
    shared = Shared(chat=Chat((), 3), marks=(((1, 1),),), notice="screenshot")
    assert not shared.asks
