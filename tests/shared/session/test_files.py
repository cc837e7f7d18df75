"""What the journal says of files: each with its own yes, by its number and size."""

from __future__ import annotations

from typing import Any

import pytest

from cordee_shared.errors import MalformedFrame
from cordee_shared.session.files import (
    ABOUT_FILES,
    check_file,
    offered,
    refused,
    sender_of,
    stopped,
)
from cordee_shared.session.states import AUTHORS, PLACES, SHARED, Remark, Side

C, T, R = Side.CUSTOMER, Side.TECHNICIAN, Remark
SIZES = {2: 100, 3: 0}

GOOD = [
    (R.FILE_OFFERED, T, offered(4, 1 << 40)),
    (R.FILE_OFFERED, C, offered(1, 0)),
    (R.FILE_ACCEPTED, C, offered(2, 100)),
    (R.FILE_ACCEPTED, T, offered(3, 0)),
    (R.FILE_REFUSED, C, refused(2, "refused")),
    (R.FILE_KEPT, C, offered(2, 100)),
    (R.FILE_STOPPED, C, stopped(2, 50, "cancelled")),
    (R.FILE_STOPPED, T, stopped(2, 100, "changed")),
]

WRONG: dict[str, tuple[Remark, Side, dict[str, Any]]] = {
    "a number that is the other side's": (R.FILE_OFFERED, C, offered(4, 1)),
    "offered twice": (R.FILE_OFFERED, T, offered(2, 100)),
    "no number": (R.FILE_OFFERED, T, {"file": "4", "size": 1}),
    "number true": (R.FILE_OFFERED, C, {"file": True, "size": 1}),
    "number 0": (R.FILE_OFFERED, T, offered(0, 1)),
    "a name": (R.FILE_OFFERED, T, {**offered(4, 1), "name": "a.pdf"}),
    "too large": (R.FILE_OFFERED, T, offered(4, (1 << 40) + 1)),
    "size true": (R.FILE_OFFERED, T, {"file": 4, "size": True}),
    "not offered": (R.FILE_ACCEPTED, C, offered(8, 100)),
    "accepted by who offers": (R.FILE_ACCEPTED, T, offered(2, 100)),
    "accepted at another size": (R.FILE_ACCEPTED, C, offered(2, 101)),
    "kept by who sent it": (R.FILE_KEPT, T, offered(2, 100)),
    "an empty one kept as false": (R.FILE_KEPT, T, {"file": 3, "size": False}),
    "refused by who offers": (R.FILE_REFUSED, T, refused(2, "refused")),
    "refused for no reason": (R.FILE_REFUSED, C, refused(2, "Bob's virus.exe")),
    "stopped with more than it has": (R.FILE_STOPPED, C, stopped(2, 101, "disk")),
    "stopped for a reason of a refusal": (R.FILE_STOPPED, C, stopped(2, 1, "name")),
    "stopped with a word more": (R.FILE_STOPPED, C, {**stopped(2, 1, "disk"), "x": 1}),
}


@pytest.mark.parametrize(("kind", "side", "data"), GOOD)
def test_R32_each_file_is_offered_accepted_and_ended_by_its_number(
    kind: Remark, side: Side, data: dict[str, Any]
) -> None:
    check_file(kind, side, data, SIZES)
    assert kind in ABOUT_FILES


@pytest.mark.parametrize("name", WRONG)
def test_R32_what_no_act_about_a_file_says_is_refused(name: str) -> None:
    with pytest.raises(MalformedFrame):
        check_file(*WRONG[name], SIZES)


def test_files_have_their_place_where_the_two_share_and_nowhere_before_the_yes() -> (
    None
):
    for kind in ABOUT_FILES:
        assert PLACES[kind] == SHARED
        assert AUTHORS[kind] == {C, T}


def test_a_number_says_whose_file_it_is() -> None:
    assert sender_of(3) is C
    assert sender_of(4) is T
