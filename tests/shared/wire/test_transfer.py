"""A transfer is whole at the end, wherever it was cut, and bounded on the way."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import FILE_FLIGHT_MAX
from cordee_shared.wire import files
from cordee_shared.wire.files import Accept, Done, Piece
from cordee_shared.wire.transfer import EMPTY, Receiving, Sending
from tests.make_file_vectors import content


def taken_up(sending: Sending, receiving: Receiving) -> bool:
    """Carry the receiver's yes to the sender."""
    said = files.decode(receiving.accept())
    assert isinstance(said, Accept)
    return sending.accept(said.at, said.sha256)


def arrive(receiving: Receiving, record: bytes) -> bytes:
    """Carry one piece to the receiver; return its bytes."""
    piece = files.decode(record)
    assert isinstance(piece, Piece)
    receiving.take(piece.at, piece.data)
    return piece.data


def done(sending: Sending) -> str:
    """Return the hash that the sender says at the end."""
    record = sending.done()
    assert record is not None
    said = files.decode(record)
    assert isinstance(said, Done)
    return said.sha256


def test_nothing_may_be_sent_before_the_yes() -> None:
    sending = Sending(2, 10)
    assert sending.left == 0
    assert sending.done() is None


def test_R32_an_empty_file_needs_its_yes_too() -> None:
    sending, receiving = Sending(2, 0), Receiving(2, 0)
    assert sending.done() is None
    assert taken_up(sending, receiving)
    assert receiving.is_right(done(sending))


@given(
    size=st.integers(1, 4000),
    cuts=st.lists(st.integers(0, 30), max_size=5),
    lengths=st.lists(st.integers(1, 700), min_size=1, max_size=30),
)
def test_cut_anywhere_and_resumed_it_is_the_same_file(
    size: int, cuts: list[int], lengths: list[int]
) -> None:
    body = content(size)
    sending, receiving, out = Sending(3, size), Receiving(3, size), b""
    taken_up(sending, receiving)
    turn = 0
    while receiving.at < size:
        if turn in cuts:
            # What was on its way is lost, and with it what was not acknowledged.
            sending.cut()
            assert sending.left == 0
            assert taken_up(sending, receiving)
        length = min(lengths[turn % len(lengths)], sending.left)
        record = sending.piece(body[sending.at : sending.at + length])
        if turn % 3 != 1 or turn not in cuts:
            out += arrive(receiving, record)
            if turn % 2:
                sending.ack(_at(receiving.wrote(receiving.at - receiving.written)))
        turn += 1
        if receiving.at < sending.at:
            sending.cut()
            assert taken_up(sending, receiving)
    assert out == body
    assert receiving.is_right(done(sending))
    assert sending.done() is None


def _at(ack: bytes) -> int:
    said = files.decode(ack)
    assert isinstance(said, files.Ack)
    return said.at


def test_a_receiver_with_other_bytes_is_not_gone_on_with() -> None:
    sending, other = Sending(3, 10), Receiving(3, 10)
    taken_up(sending, Receiving(3, 10))
    sending.piece(b"abcd")
    other.take(0, b"abcX")
    sending.cut()
    assert not taken_up(sending, other)
    assert sending.left == 0


def test_a_receiver_in_the_middle_of_a_piece_is_not_gone_on_with() -> None:
    sending = Sending(3, 10)
    sending.accept(0, EMPTY)
    sending.piece(b"abcd")
    assert not sending.accept(2, hashlib.sha256(b"ab").hexdigest())


@pytest.mark.parametrize("at", [1, 5])
def test_an_acknowledgement_of_what_was_not_sent_is_refused(at: int) -> None:
    sending = Sending(3, 10)
    sending.accept(0, EMPTY)
    sending.piece(b"abcd")
    with pytest.raises(MalformedFrame):
        sending.ack(at)


def test_a_disk_that_is_behind_after_a_cut_takes_nothing_back() -> None:
    sending, receiving = Sending(3, 2 * FILE_FLIGHT_MAX), Receiving(3, 1 << 30)
    taken_up(sending, receiving)
    for _ in range(8):
        arrive(receiving, sending.piece(bytes(32768)))
    sending.cut()
    assert taken_up(sending, receiving)
    # As much again may come, and the acknowledgements of what came before are old.
    for _ in range(8):
        sending.ack(_at(receiving.wrote(32768)))
        arrive(receiving, sending.piece(bytes(32768)))
    assert sending.acked == FILE_FLIGHT_MAX


@pytest.mark.parametrize(
    ("at", "data"),
    [(1, b"a"), (0, b"a" * 11), (5, b"a")],
    ids=["not the next", "more than the file", "far away"],
)
def test_a_piece_out_of_its_place_is_refused(at: int, data: bytes) -> None:
    receiving = Receiving(2, 10)
    with pytest.raises(MalformedFrame):
        receiving.take(at, data)


def test_a_sender_that_floods_is_refused() -> None:
    receiving = Receiving(2, 10 * FILE_FLIGHT_MAX)
    receiving.take(0, bytes(FILE_FLIGHT_MAX))
    with pytest.raises(MalformedFrame):
        receiving.take(FILE_FLIGHT_MAX, b"a")
    receiving.wrote(1)
    receiving.take(FILE_FLIGHT_MAX, b"a")


def test_our_own_sender_never_floods() -> None:
    sending = Sending(2, 10 * FILE_FLIGHT_MAX)
    sending.accept(0, EMPTY)
    while sending.left:
        sending.piece(bytes(min(sending.left, 32768)))
    assert sending.in_flight == FILE_FLIGHT_MAX


def test_done_before_the_end_is_refused_and_a_wrong_hash_is_seen() -> None:
    receiving = Receiving(2, 3)
    with pytest.raises(MalformedFrame):
        receiving.is_right(EMPTY)
    receiving.take(0, b"abc")
    assert not receiving.is_right(EMPTY)
    assert receiving.is_right(hashlib.sha256(b"abc").hexdigest())
