"""What the two ends say on the sealed control channel, and what the line carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_agent.sealed import Said, read_said, said_act, said_ping
from cordee_shared.errors import MalformedFrame
from cordee_shared.wire.frames import Channel
from tests.agent.opposite import Opposite


def test_an_act_and_a_ping_come_back_as_they_were() -> None:
    said = read_said(said_act('{"v":1}', "ab" * 64))
    assert (said.t, said.raw, said.signature) == ("act", b'{"v":1}', b"\xab" * 64)
    assert read_said(said_ping()) == Said("ping")


@given(st.binary(max_size=200))
def test_whatever_comes_is_said_or_malformed(payload: bytes) -> None:
    try:
        said = read_said(payload)
    except MalformedFrame:
        return
    assert said.t in ("act", "ping", "pong")


def test_a_signature_that_is_none_is_malformed() -> None:
    with pytest.raises(MalformedFrame):
        _ = read_said(said_act("{}", "zz")).signature


async def test_a_picture_of_old_keys_is_not_sent() -> None:
    opposite = Opposite()
    met = opposite.meet().met
    assert met is not None
    opposite.heard.clear()
    sending = met.line.send_picture(b"old")
    met.line.drop()
    await sending
    assert list(opposite.heard) == []


async def test_a_line_that_is_shut_carries_nothing() -> None:
    opposite = Opposite()
    met = opposite.meet().met
    assert met is not None
    met.line.close("customer_ended")
    opposite.heard.clear()
    met.line.seal(Channel.CONTROL, b"late")
    met.line.close("customer_ended")
    assert met.line.open(b"\x01\x00\x00" + b"x" * 16) is None
    assert list(opposite.heard) == []
    assert not met.line.is_open
