"""What may be asked, and with which answers work may begin."""

import pytest

from cordee_shared.session.asking import ANSWERS, MINOR, Ask, Asked, are_answered


def asked(ask: Ask) -> Asked:
    """Return a question with some words."""
    words = tuple((value, value) for value in ANSWERS[ask])
    return Asked(ask, "?", words, (MINOR,) if ask is Ask.ADULT else ())


ALL = tuple(asked(ask) for ask in Ask)
GOOD = {"adult": "adult", "backup": "done", "early": "yes", "waiver": "yes"}


def test_every_question_has_answers_and_some_that_let_work_begin() -> None:
    for each in ALL:
        assert any(each.lets_begin(value) for value, _ in each.answers)


def test_R13_a_statement_has_one_answer_which_nobody_prepares() -> None:
    assert [each.is_statement for each in ALL] == [False, False, True, True]
    assert not are_answered(ALL, {})


def test_R08_a_minor_without_authorisation_cannot_begin() -> None:
    assert are_answered(ALL, GOOD | {"adult": "authorised"})
    assert not are_answered(ALL, GOOD | {"adult": "minor"})


@pytest.mark.parametrize("name", GOOD)
def test_R13_R31_each_question_needs_its_own_answer(name: str) -> None:
    left_out = {key: value for key, value in GOOD.items() if key != name}
    assert not are_answered(ALL, left_out)
    for odd in ("", "perhaps", True, None):
        assert not are_answered(ALL, GOOD | {name: odd})


def test_an_answer_to_what_was_not_asked_is_refused() -> None:
    assert are_answered((), {})
    assert not are_answered((), {"adult": "adult"})
    assert not are_answered(ALL, GOOD | {"colour": "blue"})
