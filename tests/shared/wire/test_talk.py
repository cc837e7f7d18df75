"""What the two people say and show each other."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared import errors
from cordee_shared.errors import FrameTooLarge, LocalViolation, MalformedFrame
from cordee_shared.limits import SAID_MAX, TALK_MAX
from cordee_shared.wire import talk
from cordee_shared.wire.talk import encode, from_agent, from_console, words

_FILE = Path(__file__).parents[3] / "shared" / "vectors" / "talk.json"
VECTORS: dict[str, Any] = json.loads(_FILE.read_text("ascii"))


@pytest.mark.parametrize("side", ["agent", "console"])
def test_each_side_says_only_what_is_its_to_say(side: str) -> None:
    read: Any = from_agent if side == "agent" else from_console
    wrong = []
    for vector in VECTORS[side]:
        data = vector["text"].encode()
        try:
            said = read(data)
            is_right = vector.get("good") and read(encode(said)) == said
        except errors.CordeeError as error:
            is_right = vector.get("error") == type(error).__name__
        if not is_right:
            wrong.append(vector)
    assert wrong == []


@given(data=st.binary(max_size=80))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    reads: list[Any] = [from_agent, from_console]
    for read in reads:
        try:
            said = read(data)
        except MalformedFrame:
            continue
        assert read(encode(said)) == said


@given(typed=st.text(max_size=50))
def test_what_is_typed_can_be_said(typed: str) -> None:
    said = words(typed)
    if said:
        say = talk.Say(id=1, text=said)
        assert from_console(encode(say)) == say
    assert words(said) == said


def test_long_words_of_any_script_fit_into_a_record() -> None:
    for character in ("x", "é", "漢", "🖨", '"', "\n"):
        said = words("a" + character * (SAID_MAX + 9) + "b")
        assert len(said) == SAID_MAX
        assert len(encode(talk.Say(id=2**53 - 1, text=said))) <= TALK_MAX


def test_a_record_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(FrameTooLarge):
        from_agent(b" " * (TALK_MAX + 1))


def test_what_the_peer_would_refuse_is_not_sent() -> None:
    with pytest.raises(LocalViolation):
        encode(talk.Say(id=0, text="x"))
    with pytest.raises(LocalViolation):
        encode(talk.Machine(n=1, lines=("",)))
