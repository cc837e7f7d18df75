import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.reconcile import (
    SENTENCES,
    Kind,
    compare,
    read_list,
)
from cordee_shared.errors import BadInput

A, B, C = (str(uuid.UUID(int=n)) for n in (1, 2, 3))
X, Y = "a" * 64, "b" * 64


def kinds(found: list[object]) -> list[str]:
    return [str(one).split()[0] for one in found]


def test_three_accounts_that_agree_say_nothing() -> None:
    both = {A: X, B: Y}
    assert compare(both, both, acknowledged=both, received=both) == []
    assert compare({}, {}) == []


@pytest.mark.parametrize(
    ("derived", "stored", "rest", "kind"),
    [
        ({A: X}, {A: Y}, {}, Kind.ALTERED),
        ({}, {A: X}, {}, Kind.UNFOUNDED),
        ({A: X}, {}, {}, Kind.NOT_STORED),
        ({A: X}, {A: X}, {"received": {A: Y}}, Kind.DIFFERENT),
        ({}, {}, {"received": {A: X}}, Kind.EXTRA),
        ({A: X}, {A: X}, {"acknowledged": [A], "received": {}}, Kind.LOST),
        ({A: X}, {A: X}, {"acknowledged": [], "received": {}}, Kind.MISSING),
        ({A: X}, {A: X}, {"received": {}}, Kind.MISSING),
        ({A: X}, {A: X}, {"parked": [A], "received": {A: X}}, Kind.EARLY),
        ({A: X}, {A: X}, {"acknowledged": []}, Kind.UNACKNOWLEDGED),
    ],
)
def test_every_difference_has_a_name(
    derived: dict[str, str], stored: dict[str, str], rest: dict[str, object], kind: Kind
) -> None:
    (found,) = compare(derived, stored, **rest)  # type: ignore[arg-type]
    assert (found.kind, found.id) == (kind, A)
    assert str(found).endswith(SENTENCES[kind])


def test_what_waits_for_a_person_is_missed_by_nobody() -> None:
    assert compare({A: X}, {A: X}, parked=[A], acknowledged=[], received={}) == []


def test_an_answer_that_was_lost_is_no_difference() -> None:
    assert compare({A: X}, {A: X}, acknowledged=[], received={A: X}) == []


_IDS = st.sampled_from([A, B, C])
_SOME = st.dictionaries(_IDS, st.sampled_from([X, Y]))


@given(_SOME, _SOME, _SOME, st.sets(_IDS), st.sets(_IDS))
def test_nothing_is_said_exactly_when_the_accounts_agree(
    derived: dict[str, str],
    stored: dict[str, str],
    received: dict[str, str],
    parked: set[str],
    acknowledged: set[str],
) -> None:
    found = compare(
        derived, stored, parked=parked, acknowledged=acknowledged, received=received
    )
    due = {name: h for name, h in stored.items() if name not in parked}
    assert (found == []) is (derived == stored and received == due)
    assert len(found) == len(set(found))


def test_every_kind_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Kind)


def test_a_list_is_an_array_or_lines() -> None:
    listed = [{"id": A, "sha256": X, "units": 3}, {"id": B, "sha256": Y}]
    lines = "\n".join(json.dumps(row) for row in listed)
    assert read_list(json.dumps(listed).encode()) == {A: X, B: Y}
    assert read_list(lines.encode()) == {A: X, B: Y}
    assert read_list(b"\xef\xbb\xbf" + lines.encode()) == {A: X, B: Y}
    assert read_list(b"") == read_list(b"[]") == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("\udcff", "not JSON"),
        ("[1]", "Row 1 of the receiver's list has no record's id"),
        ('{"id": "x", "sha256": "y"}', "Row 1 of the receiver's list has no record"),
        (json.dumps({"id": A}), "Row 1 of the receiver's list has no sha256"),
        (json.dumps([{"id": A, "sha256": X}] * 2), "stands twice"),
    ],
)
def test_a_list_that_is_none_is_told_why(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_list(text.encode("utf-8", "surrogateescape"))
