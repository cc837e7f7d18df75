import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared import errors
from cordee_shared.errors import FrameTooLarge, MalformedFrame, TextRefused
from cordee_shared.limits import CLIPBOARD_MAX
from cordee_shared.wire.clipboard import read_text, write_text

_FILE = Path(__file__).parents[3] / "shared" / "vectors" / "clipboard.json"
VECTORS: dict[str, Any] = json.loads(_FILE.read_text())


@pytest.mark.parametrize("vector", VECTORS["written"], ids=repr)
def test_s40_a_text_is_plain_and_short_or_refused(vector: dict[str, Any]) -> None:
    text = vector["text"] * vector["times"]
    if vector.get("refused"):
        with pytest.raises(TextRefused):
            write_text(text)
        return
    payload = write_text(text)
    assert len(payload) == vector["bytes"]
    assert payload.hex() == vector.get("payload", payload.hex())
    assert write_text(read_text(payload)) == payload


@pytest.mark.parametrize("vector", VECTORS["read"], ids=repr)
def test_s40_what_no_sender_writes_is_refused(vector: dict[str, Any]) -> None:
    payload = bytes.fromhex(vector["payload"]) * vector["times"]
    if "error" in vector:
        with pytest.raises(getattr(errors, vector["error"])):
            read_text(payload)
        return
    text = read_text(payload)
    assert text == vector.get("text", text)
    assert len(text) == vector.get("length", len(text))


@given(data=st.binary(max_size=60))
def test_s40_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = read_text(data)
    except MalformedFrame:
        return
    assert write_text(text) == data


def test_s40_a_byte_too_many_is_too_large() -> None:
    with pytest.raises(FrameTooLarge):
        read_text(b"x" * (CLIPBOARD_MAX + 1))
