"""The sealed channel: the next record opens, and nothing else ever does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.canonical import canonical
from cordee_shared.errors import (
    FrameTooLarge,
    LocalViolation,
    MalformedFrame,
    RemoteViolation,
    UnexpectedMessage,
)
from cordee_shared.limits import RECORD_PLAINTEXT_MAX, REKEY_RECORDS, REKEY_S
from cordee_shared.pairing.channel import Closed, Opened, SealedChannel
from cordee_shared.pairing.schedule import Keys, Role
from cordee_shared.wire.frames import (
    EPOCH_MAX,
    HEADER_BYTES,
    RECORD_MAX,
    TAG_BYTES,
    Channel,
    read_header,
)
from tests.shared.pairing.ends import keys

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "shared/vectors/channel.json").read_text("ascii")
)

CARRYING = [channel for channel in Channel if channel is not Channel.CLOSE]
payloads = st.binary(max_size=64)
channels = st.sampled_from(CARRYING)
records = st.tuples(channels, payloads)


def ends(rekey_records: int = REKEY_RECORDS) -> tuple[SealedChannel, SealedChannel]:
    """Return the agent's end and the console's."""
    return (
        SealedChannel(Role.AGENT, keys(), 0, rekey_records=rekey_records),
        SealedChannel(Role.CONSOLE, keys(), 0, rekey_records=rekey_records),
    )


def sealed(count: int, rekey_records: int = REKEY_RECORDS) -> list[bytes]:
    """Return the agent's first ``count`` frames; each carries its own number."""
    agent, _ = ends(rekey_records)
    return [agent.seal(Channel.CHAT, bytes([n]), 0) for n in range(count)]


def open_all(channel: SealedChannel, frames: Iterable[bytes]) -> list[bytes]:
    """Open frames until one is refused, and return the payloads before it."""
    payloads: list[bytes] = []
    with suppress(MalformedFrame):
        for frame in frames:
            payloads.append(channel.open(frame).payload)
    return payloads


def assert_dead(channel: SealedChannel, frame: bytes) -> None:
    """Whatever comes next, even the right record, is refused for good."""
    assert not channel.is_open
    with pytest.raises(UnexpectedMessage):
        channel.open(frame)
    with pytest.raises(LocalViolation):
        channel.seal(Channel.CHAT, b"", 0)
    with pytest.raises(LocalViolation):
        channel.close("lost", 0)


def spread(size: int) -> bytes:
    return bytes((7 * at + 3) & 0xFF for at in range(size))


def test_the_golden_conversation_is_sealed_to_the_same_bytes() -> None:
    talk = VECTORS["conversation"]
    held = Keys(**{name: bytes.fromhex(key) for name, key in talk["keys"].items()})
    side = {
        role: SealedChannel(role, held, 0, rekey_records=talk["rekey_records"])
        for role in Role
    }
    for step in talk["steps"]:
        role, channel = Role(step["by"]), Channel(step["channel"])
        if "spread" in step:
            payload = spread(step["spread"])
        else:
            payload = bytes.fromhex(step["payload"])
        frame = side[role].seal(channel, payload, step["now"])
        if "sha256" in step:
            assert hashlib.sha256(frame).hexdigest() == step["sha256"]
        else:
            assert frame.hex() == step["frame"]
        assert side[role.other].open(frame) == Opened(channel, payload)
    close = talk["close"]
    frame = side[Role.AGENT].close(close["reason"], close["now"])
    assert frame.hex() == close["frame"]
    side[Role.CONSOLE].open(frame)
    expected = Closed(close["reason"], close["sent"], close["received"])
    assert side[Role.CONSOLE].closed == expected


@given(st.lists(st.tuples(st.booleans(), channels, payloads), max_size=30))
def test_what_one_end_seals_the_other_opens(
    said: list[tuple[bool, Channel, bytes]],
) -> None:
    agent, console = ends(rekey_records=4)
    for by_agent, channel, payload in said:
        here, there = (agent, console) if by_agent else (console, agent)
        frame = here.seal(channel, payload, 0)
        assert len(frame) == HEADER_BYTES + len(payload) + TAG_BYTES
        assert read_header(frame).channel is channel
        assert there.open(frame) == (channel, payload)
    assert (agent.sent, agent.received) == (console.received, console.sent)


def test_the_longest_payload_passes_and_one_byte_more_is_never_sealed() -> None:
    agent, console = ends()
    payload = bytes(RECORD_PLAINTEXT_MAX)
    frame = agent.seal(Channel.SCREEN, payload, 0)
    assert len(frame) == RECORD_MAX
    assert console.open(frame).payload == payload
    with pytest.raises(LocalViolation, match="payload"):
        agent.seal(Channel.SCREEN, payload + b"\x00", 0)
    after = agent.seal(Channel.CHAT, b"nothing was lost", 0)
    assert console.open(after).payload == b"nothing was lost"


@given(st.integers(0, 9), st.integers(0, 9))
def test_s14_a_replayed_record_ends_the_channel(first: int, again: int) -> None:
    frames = sealed(10, rekey_records=4)
    _, console = ends(rekey_records=4)
    replayed = min(first, again)
    for frame in frames[: max(first, again) + 1]:
        console.open(frame)
    with pytest.raises(MalformedFrame):
        console.open(frames[replayed])
    assert_dead(console, frames[min(max(first, again) + 1, 9)])


@given(st.permutations(range(8)).filter(lambda order: list(order) != list(range(8))))
def test_s14_records_out_of_order_end_the_channel(order: list[int]) -> None:
    frames = sealed(8, rekey_records=3)
    _, console = ends(rekey_records=3)
    opened = open_all(console, (frames[at] for at in order))
    assert opened == [bytes([n]) for n in range(len(opened))]
    assert_dead(console, frames[len(opened)])


@given(st.sets(st.integers(0, 8), min_size=1), st.integers(1, 5))
def test_s14_a_dropped_record_ends_the_channel(
    dropped: set[int], rekey_records: int
) -> None:
    # The tenth is never dropped: the end of a conversation is what close is for.
    frames = sealed(10, rekey_records)
    _, console = ends(rekey_records)
    carried = (frame for at, frame in enumerate(frames) if at not in dropped)
    assert len(open_all(console, carried)) == min(dropped)
    assert_dead(console, frames[min(dropped)])


def test_s14_the_last_records_before_a_timed_new_key_cannot_be_dropped() -> None:
    agent, console = ends()
    console.open(agent.seal(Channel.CHAT, b"first", 0))
    agent.seal(Channel.CHAT, b"dropped by the relay", 1)
    after = agent.seal(Channel.CHAT, b"under the next key", REKEY_S)
    assert read_header(after).epoch == 1
    with pytest.raises(MalformedFrame):
        console.open(after)


@given(records, st.data())
def test_s14_a_flipped_bit_ends_the_channel(
    record: tuple[Channel, bytes], data: st.DataObject
) -> None:
    agent, console = ends()
    frame = agent.seal(*record, 0)
    at = data.draw(st.integers(0, 8 * len(frame) - 1))
    flipped = bytearray(frame)
    flipped[at // 8] ^= 1 << at % 8
    with pytest.raises(RemoteViolation):
        console.open(bytes(flipped))
    assert_dead(console, frame)


@given(records, st.data())
def test_s14_a_cut_or_lengthened_record_ends_the_channel(
    record: tuple[Channel, bytes], data: st.DataObject
) -> None:
    agent, console = ends()
    frame = agent.seal(*record, 0)
    cut = frame[: data.draw(st.integers(0, len(frame) - 1))]
    with pytest.raises(MalformedFrame):
        console.open(cut)
    assert_dead(console, frame)
    _, console = ends()
    with pytest.raises(MalformedFrame):
        console.open(frame + data.draw(st.binary(min_size=1, max_size=20)))
    assert_dead(console, frame)


@given(records)
def test_s14_a_reflected_record_ends_the_channel(
    record: tuple[Channel, bytes],
) -> None:
    for end in ends():
        frame = end.seal(*record, 0)
        with pytest.raises(MalformedFrame):
            end.open(frame)
        assert_dead(end, frame)


def test_s14_a_record_of_another_session_ends_the_channel() -> None:
    other = SealedChannel(Role.AGENT, keys("another"), 0)
    _, console = ends()
    with pytest.raises(MalformedFrame):
        console.open(other.seal(Channel.CHAT, b"", 0))


@pytest.mark.parametrize("channel", CARRYING)
def test_s19_a_record_cannot_be_moved_to_another_channel(channel: Channel) -> None:
    agent, console = ends()
    frame = bytearray(agent.seal(channel, b"payload", 0))
    frame[2] = (channel + 1) % 6
    with pytest.raises(MalformedFrame):
        console.open(bytes(frame))


def test_a_frame_longer_than_any_record_ends_the_channel() -> None:
    _, console = ends()
    with pytest.raises(FrameTooLarge):
        console.open(b"\x01\x00\x00" + bytes(RECORD_MAX))
    assert not console.is_open


@given(st.binary(max_size=80))
def test_no_other_error_comes_out_of_random_bytes(frame: bytes) -> None:
    _, console = ends()
    with pytest.raises(RemoteViolation):
        console.open(frame)


# --- new keys -------------------------------------------------------------------------


def test_s15_the_limits_are_those_of_the_protocol() -> None:
    assert VECTORS["limits"] == {
        "record_plaintext_max": RECORD_PLAINTEXT_MAX,
        "rekey_records": REKEY_RECORDS,
        "rekey_s": REKEY_S,
    }


@pytest.mark.slow
def test_s15_a_new_key_comes_after_2_to_the_20_records() -> None:
    agent, console = ends()
    epochs = set()
    for _ in range(REKEY_RECORDS):
        frame = agent.seal(Channel.INPUT, b"", 0)
        console.open(frame)
        epochs.add(frame[1])
    assert epochs == {0}
    frame = agent.seal(Channel.INPUT, b"first of the next", 0)
    assert read_header(frame).epoch == 1
    assert console.open(frame).payload == b"first of the next"


def test_s15_a_new_key_comes_after_ten_minutes_and_not_before() -> None:
    agent, console = ends()
    epochs = []
    for now in (0, REKEY_S - 0.001, REKEY_S, 2 * REKEY_S - 0.001, 2 * REKEY_S, 9000):
        frame = agent.seal(Channel.CHAT, b"", now)
        console.open(frame)
        epochs.append(read_header(frame).epoch)
    assert epochs == [0, 0, 1, 1, 2, 3]


def test_s15_each_direction_turns_its_own_key() -> None:
    agent, console = ends(rekey_records=2)
    for _ in range(5):
        console.open(agent.seal(Channel.SCREEN, b"", 0))
    assert read_header(console.seal(Channel.INPUT, b"", 0)).epoch == 0
    assert read_header(agent.seal(Channel.SCREEN, b"", 0)).epoch == 2


def test_s15_a_key_used_beyond_its_records_is_refused() -> None:
    lax = SealedChannel(Role.AGENT, keys(), 0, rekey_records=5)
    _, console = ends(rekey_records=3)
    for _ in range(3):
        console.open(lax.seal(Channel.CHAT, b"", 0))
    with pytest.raises(MalformedFrame, match="longer than it may"):
        console.open(lax.seal(Channel.CHAT, b"", 0))


@pytest.mark.parametrize("epoch", [0, 1, 3, 4, 255])
def test_an_epoch_is_never_skipped_nor_taken_back(epoch: int) -> None:
    agent, console = ends(rekey_records=1)
    for _ in range(2):
        console.open(agent.seal(Channel.CHAT, b"", 0))
    right = agent.seal(Channel.CHAT, b"", 0)
    assert read_header(right).epoch == 2
    with pytest.raises(MalformedFrame):
        console.open(right[:1] + bytes([epoch]) + right[2:])
    assert_dead(console, right)


def test_a_worn_out_channel_ends_rather_than_use_an_epoch_twice() -> None:
    agent, _ = ends(rekey_records=1)
    frames = [agent.seal(Channel.CHAT, b"", 0) for _ in range(EPOCH_MAX + 1)]
    assert [read_header(frame).epoch for frame in frames] == list(range(EPOCH_MAX + 1))
    with pytest.raises(LocalViolation, match="worn out"):
        agent.seal(Channel.CHAT, b"", 0)
    assert_dead(agent, frames[-1])


def test_after_the_last_epoch_the_peer_cannot_start_again_at_zero() -> None:
    agent, console = ends(rekey_records=1)
    frames = [agent.seal(Channel.CHAT, b"", 0) for _ in range(EPOCH_MAX + 1)]
    for frame in frames:
        console.open(frame)
    with pytest.raises(MalformedFrame):
        console.open(frames[0])


# --- the end --------------------------------------------------------------------------


def test_s16_a_close_says_why_and_what_was_seen() -> None:
    agent, console = ends()
    for n in range(3):
        console.open(agent.seal(Channel.SCREEN, bytes([n]), 0))
    agent.open(console.seal(Channel.INPUT, b"", 0))
    under_way = console.seal(Channel.INPUT, b"", 0)
    frame = agent.close("customer_ended", 0)
    assert console.open(frame).channel is Channel.CLOSE
    assert console.closed == Closed("customer_ended", sent=3, received=1)
    assert console.sent - console.closed.received == 1
    assert_dead(console, frame)
    assert_dead(agent, under_way)
    assert agent.closed is None


@pytest.mark.parametrize("reason", ["", "Because", "a b", "x" * 41, "é", "a-b", "_"])
def test_a_reason_is_a_name(reason: str) -> None:
    agent, _ = ends()
    with pytest.raises(LocalViolation, match="reason"):
        agent.close(reason, 0)
    assert agent.is_open


def test_a_close_is_not_sealed_as_a_payload() -> None:
    agent, _ = ends()
    with pytest.raises(LocalViolation, match="close"):
        agent.seal(Channel.CLOSE, b"{}", 0)
    assert agent.is_open


def lying(payload: bytes) -> bytes:
    """Return a close that an agent off its rules seals, after one good record."""
    agent, _ = ends()
    agent.seal(Channel.CHAT, b"", 0)
    return agent._seal(Channel.CLOSE, payload, 0)


LIES: list[Callable[[dict[str, Any]], object]] = [
    lambda said: said.update(sent=0),
    lambda said: said.update(sent=2),
    lambda said: said.update(received=1),
    lambda said: said.update(received=-1),
    lambda said: said.update(reason="Because"),
    lambda said: said.update(reason=None),
    lambda said: said.pop("sent"),
    lambda said: said.pop("received"),
    lambda said: said.pop("reason"),
]


@pytest.mark.parametrize("lie", LIES)
def test_a_close_that_does_not_add_up_is_none(
    lie: Callable[[dict[str, Any]], object],
) -> None:
    said: dict[str, Any] = {"reason": "ended", "sent": 1, "received": 0}
    agent, console = ends()
    console.open(agent.seal(Channel.CHAT, b"", 0))
    lie(said)
    with pytest.raises(MalformedFrame):
        console.open(lying(canonical(said)))
    assert console.closed is None
    assert not console.is_open


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"close", bytes(100)])
def test_a_close_is_canonical_json(payload: bytes) -> None:
    agent, console = ends()
    console.open(agent.seal(Channel.CHAT, b"", 0))
    with pytest.raises(MalformedFrame):
        console.open(lying(payload))
    assert console.closed is None
