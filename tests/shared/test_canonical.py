"""The exact bytes: one encoding for each value, and no value for other bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.canonical import (
    SAFE_INTEGER,
    b64,
    canonical,
    lv_cat,
    prepend_len,
    read_canonical,
    sha256_hex,
    transcript,
    transcript_hash,
    unb64,
)
from cordee_shared.errors import MalformedFrame

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "shared/vectors/canonical.json").read_text("ascii")
)

#: What an encoder might treat in a way of its own.
AWKWARD = 'aZ09 "\\/\b\f\n\r\t\x00\x1f\x7f\x80é\u2028\ufeff\uffff\U0001f9d7'

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-SAFE_INTEGER, SAFE_INTEGER)
    | st.text(AWKWARD, max_size=10)
)
keys = st.text([c for c in AWKWARD if c.isascii()], max_size=5)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=6,
)
objects = st.dictionaries(keys, values, max_size=3)


@pytest.mark.parametrize(
    "case", VECTORS["canonical"], ids=lambda case: case["text"][:20]
)
def test_a_golden_value_has_its_one_encoding(case: dict[str, Any]) -> None:
    assert canonical(case["value"]).decode("ascii") == case["text"]
    assert read_canonical(case["text"].encode("ascii")) == case["value"]


@pytest.mark.parametrize("text", VECTORS["refused"], ids=lambda text: repr(text)[:30])
def test_a_text_that_is_no_canonical_object_is_refused(text: str) -> None:
    with pytest.raises(MalformedFrame):
        read_canonical(text.encode())


def test_deep_nesting_is_refused_and_not_fallen_over() -> None:
    with pytest.raises(MalformedFrame):
        read_canonical(b'{"a":' * 5000 + b"1" + b"}" * 5000)


@given(objects)
def test_what_is_written_is_read(value: dict[str, Any]) -> None:
    data = canonical(value)
    assert data.isascii()
    assert read_canonical(data) == value


@given(objects)
def test_the_order_in_which_keys_were_given_leaves_no_trace(
    value: dict[str, Any],
) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(st.binary(max_size=30) | st.text('{}[]":,0a\\e. ', max_size=20).map(str.encode))
def test_random_bytes_are_the_one_encoding_or_refused(data: bytes) -> None:
    try:
        value = read_canonical(data)
    except MalformedFrame:
        return
    assert canonical(value) == data


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, b"bytes", {"a": {1}}])
def test_what_json_has_no_exact_word_for_is_a_bug(value: Any) -> None:  # noqa: ANN401 - on purpose
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), [2**64], {"é": 1}, {1: 2}])
def test_what_javascript_would_read_otherwise_is_a_bug(value: Any) -> None:  # noqa: ANN401 - on purpose
    with pytest.raises(ValueError, match=r"not (exact|ASCII)"):
        canonical(value)


def test_the_golden_concatenation_is_made() -> None:
    case = VECTORS["lv_cat"]
    parts = [b"", b"1234", *(bytes(size) for size in case["sizes"][2:])]
    assert [len(part) for part in parts] == case["sizes"]
    assert sha256_hex(b"".join(parts)) == case["parts_sha256"]
    assert sha256_hex(lv_cat(*parts)) == case["sha256"]


@given(st.lists(st.binary(max_size=200), max_size=3), st.lists(st.binary(), max_size=3))
def test_two_lists_of_parts_never_give_the_same_bytes(
    one: list[bytes], other: list[bytes]
) -> None:
    assert (lv_cat(*one) == lv_cat(*other)) == (one == other)


@pytest.mark.parametrize(
    ("size", "head"), [(0, "00"), (127, "7f"), (128, "8001"), (16384, "808001")]
)
def test_a_length_is_leb128(size: int, head: str) -> None:
    assert prepend_len(bytes(size)) == bytes.fromhex(head) + bytes(size)


def test_a_transcript_names_the_agent_first() -> None:
    said = transcript(b"Ya", b"ADa", b"Yb", b"ADb")
    assert said == b"\x02Ya\x03ADa\x02Yb\x03ADb"
    expected = hashlib.sha256(said).digest()
    assert transcript_hash(b"Ya", b"ADa", b"Yb", b"ADb") == expected


@pytest.mark.parametrize("case", VECTORS["b64"], ids=lambda case: case["hex"])
def test_golden_base64url_is_written_and_read(case: dict[str, Any]) -> None:
    assert b64(bytes.fromhex(case["hex"])) == case["text"]
    assert unb64(case["text"]) == bytes.fromhex(case["hex"])


@pytest.mark.parametrize("text", VECTORS["b64_refused"], ids=repr)
def test_base64url_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(MalformedFrame):
        unb64(text)


@given(st.binary(max_size=100))
def test_base64url_is_read_back(data: bytes) -> None:
    assert unb64(b64(data)) == data


@given(st.text("AEZaz09+/-_= \né", max_size=20))
def test_a_text_is_the_one_base64url_of_its_bytes_or_refused(text: str) -> None:
    try:
        data = unb64(text)
    except MalformedFrame:
        return
    assert b64(data) == text
