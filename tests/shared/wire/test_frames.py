"""The header: what the relay reads of a record, and all it can refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared import errors
from cordee_shared.errors import FrameTooLarge, MalformedFrame, RemoteViolation
from cordee_shared.limits import FRAME_MAX
from cordee_shared.wire.frames import (
    FRAME_MIN,
    RECORD_MAX,
    VERSION,
    Channel,
    header,
    read_header,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "shared/vectors/channel.json").read_text("ascii")
)


def test_the_channels_have_the_numbers_of_the_wire() -> None:
    assert {channel.name: channel.value for channel in Channel} == VECTORS["channels"]


@pytest.mark.parametrize("case", VECTORS["headers"], ids=lambda case: case["hex"])
def test_a_golden_header_is_written_and_read(case: dict[str, Any]) -> None:
    head = header(case["epoch"], Channel(case["channel"]))
    assert head.hex() == case["hex"]
    assert read_header(head + bytes(16)) == (case["epoch"], case["channel"])


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["hex"])
def test_a_frame_that_is_no_record_is_refused(case: dict[str, Any]) -> None:
    frame = bytes.fromhex(case["hex"]) + bytes(case["body"])
    with pytest.raises(getattr(errors, case["error"])):
        read_header(frame)


@given(st.integers(0, 255), st.sampled_from(Channel), st.integers(0, 100))
def test_what_is_written_is_read(epoch: int, channel: Channel, more: int) -> None:
    frame = header(epoch, channel) + bytes(16 + more)
    assert read_header(frame) == (epoch, channel)
    assert read_header(frame).channel is channel


@given(st.binary(max_size=64))
def test_random_bytes_are_a_header_or_a_violation(frame: bytes) -> None:
    try:
        epoch, channel = read_header(frame)
    except RemoteViolation:
        return
    assert frame[:3] == bytes((VERSION, epoch, channel))


def test_all_256_channel_numbers_are_known_or_refused() -> None:
    known = set()
    for number in range(256):
        try:
            known.add(read_header(bytes((VERSION, 0, number)) + bytes(16)).channel)
        except MalformedFrame:
            continue
    assert known == set(Channel)


def test_s43_the_longest_record_fits_into_a_frame_of_the_socket() -> None:
    assert read_header(b"\x01\x00\x00" + bytes(RECORD_MAX - 3)) == (0, 0)
    with pytest.raises(FrameTooLarge):
        read_header(b"\x01\x00\x00" + bytes(RECORD_MAX - 2))
    assert FRAME_MIN < RECORD_MAX <= FRAME_MAX
