"""Each value of a fact is what its sentence says, and nothing else."""

from collections.abc import Callable

import pytest

from cordee_shared.billing.forms import (
    WORDING_MAX,
    is_cause,
    is_count,
    is_day,
    is_engagement,
    is_name,
    is_wording,
    is_yes,
)


@pytest.mark.parametrize(
    ("test", "good", "bad"),
    [
        (is_wording, ["a", "x" * WORDING_MAX], ["", " ", "x" * (WORDING_MAX + 1), 1]),
        (is_count, [0, 7], [-1, True, 1.0, "1"]),
        (is_yes, [True, False], [0, 1, None, "yes"]),
        (is_day, ["2026-11-23", "2028-02-29"], ["2026-02-29", "20261123", 1, ""]),
        (is_cause, ["", "virus"], ["else", None]),
        (is_engagement, ["e-0123456789abcdef"], ["", "e-1", 5, None]),
        (is_name, ["luc", "claire.m"], ["", "Luc", "a b", None]),
    ],
)
def test_a_value_is_taken_or_it_is_not(
    test: Callable[[object], bool], good: list[object], bad: list[object]
) -> None:
    assert [value for value in good if not test(value)] == []
    assert [value for value in bad if test(value)] == []
