"""Names: what has the right form passes, what has not never does."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import MalformedFrame
from cordee_shared.ids import (
    EngagementId,
    engagement_id,
    read_engagement_id,
    read_nameplate,
    read_session_id,
    read_technician_id,
    record_id,
    session_id,
)


@given(st.binary(min_size=16, max_size=16))
def test_a_session_is_named_after_128_bits(random: bytes) -> None:
    name = session_id(random)
    assert bytes.fromhex(name) == random
    assert read_session_id(name) == name


@given(st.binary(min_size=8, max_size=8))
def test_an_engagement_is_named_after_64_bits(random: bytes) -> None:
    name = engagement_id(random)
    assert name == f"e-{random.hex()}"
    assert read_engagement_id(name) == name


@pytest.mark.parametrize("size", [0, 7, 9, 15, 17])
def test_fewer_or_more_random_bytes_are_a_bug(size: int) -> None:
    with pytest.raises(ValueError, match="random bytes"):
        session_id(bytes(size))
    with pytest.raises(ValueError, match="random bytes"):
        engagement_id(bytes(size))


@pytest.mark.parametrize(
    "text",
    ["", "0" * 31, "0" * 33, "A" * 32, "g" * 32, " " + "0" * 31, "0" * 32 + "\n"],
)
def test_what_is_no_session_id_is_refused(text: str) -> None:
    with pytest.raises(MalformedFrame):
        read_session_id(text)


@pytest.mark.parametrize(
    "text", ["", "e-", "0" * 18, "e-" + "0" * 15, "e-" + "0" * 17, "E-" + "0" * 16]
)
def test_what_is_no_engagement_id_is_refused(text: str) -> None:
    with pytest.raises(MalformedFrame):
        read_engagement_id(text)


@pytest.mark.parametrize("text", ["000", "999", "0000", "4821"])
def test_a_nameplate_has_three_digits_or_four(text: str) -> None:
    assert read_nameplate(text) == text


@pytest.mark.parametrize(
    "text", ["", "12", "12345", "12a", "\u0661\u0662\u0663", "12 ", "1\n", "-12"]
)
def test_what_is_no_nameplate_is_refused(text: str) -> None:
    with pytest.raises(MalformedFrame):
        read_nameplate(text)


@pytest.mark.parametrize("text", ["a", "anais", "j.dupont-2_x", "0", "a" * 32])
def test_an_account_name_is_read(text: str) -> None:
    assert read_technician_id(text) == text


@pytest.mark.parametrize(
    "text", ["", "A", ".a", "-a", "a b", "é", "a" * 33, "a\n", "a/b", "../a"]
)
def test_an_account_name_of_another_form_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="1 to 32 characters"):
        read_technician_id(text)


def test_a_billing_record_is_named_by_what_it_bills_and_nothing_else() -> None:
    engagement = EngagementId("e-0123456789abcdef")
    name = record_id("https://aide.example", engagement, 0)
    assert name == record_id("https://aide.example", engagement, 0)
    assert uuid.UUID(name).version == 5
    others = {
        record_id("https://other.example", engagement, 0),
        record_id("https://aide.example", EngagementId("e-0123456789abcdee"), 0),
        record_id("https://aide.example", engagement, 1),
    }
    assert len(others | {name}) == 4
