"""The file channel's messages: what is one, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cordee_shared.errors import FrameTooLarge, LocalViolation, MalformedFrame
from cordee_shared.limits import (
    FILE_PIECE_MAX,
    FILE_PIECE_MIN,
    QUEUE_BYTES,
    RECORD_PLAINTEXT_MAX,
)
from cordee_shared.wire import files
from cordee_shared.wire.files import Offer, Piece
from tests.make_file_vectors import BAD, GOOD


@pytest.mark.parametrize("said", GOOD, ids=lambda said: said["t"])
def test_a_message_comes_through_as_it_was_written(said: dict[str, Any]) -> None:
    decoded = files.decode(json.dumps(said).encode())
    assert not isinstance(decoded, Piece)
    assert json.loads(files.encode(decoded)) == said


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_message_is_refused(name: str) -> None:
    with pytest.raises(MalformedFrame):
        files.decode(BAD[name])


def test_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(FrameTooLarge):
        files.decode(b'{"t":"want"' + b" " * files.SAID_MAX + b"}")
    with pytest.raises(FrameTooLarge):
        files.decode(files.encode_piece(1, 0, bytes(FILE_PIECE_MAX + 1)))


def test_a_piece_comes_through_whole() -> None:
    data = bytes(range(256)) * (FILE_PIECE_MAX // 256)
    assert files.decode(files.encode_piece(7, 5, data)) == Piece(7, 5, data)


def test_what_the_peer_would_refuse_is_not_written() -> None:
    with pytest.raises(LocalViolation):
        files.encode(Offer(id=2, name="", size=1))


def test_a_piece_fits_a_record_and_the_relays_queue() -> None:
    longest = FILE_PIECE_MAX + files.PIECE_HEADER
    assert longest < RECORD_PLAINTEXT_MAX
    assert longest < QUEUE_BYTES
    # What waits behind the smallest on 1 Mbit/s: less than one frame of a screen.
    assert FILE_PIECE_MIN * 8 / 1e6 < 0.017
