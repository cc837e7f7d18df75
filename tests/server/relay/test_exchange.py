"""Pairing and resume messages, carried in their one order."""

import itertools
from collections.abc import Sequence

import pytest

from cordee_server.relay.exchange import (
    CARRIED,
    PAIRING,
    RESUME,
    Exchange,
    PairingExchange,
)
from cordee_shared.canonical import b64, canonical, transcript_hash
from cordee_shared.errors import FrameTooLarge, MalformedFrame, UnexpectedMessage
from cordee_shared.session.states import Side
from cordee_shared.wire import control

AD_A, AD_B = (canonical({"pk": b64(bytes([n]) * 32)}) for n in (1, 2))
YA, YB, TAG = bytes([3]) * 32, bytes([4]) * 32, bytes(64)
H1 = control.H1(ad=b64(AD_B))
H2 = control.H2(ad=b64(AD_A), y=b64(YA))
H3 = control.H3(y=b64(YB), tag=b64(TAG))
H4 = control.H4(tag=b64(TAG))
RUN = (
    (H1, Side.TECHNICIAN),
    (H2, Side.CUSTOMER),
    (H3, Side.TECHNICIAN),
    (H4, Side.CUSTOMER),
)
BACK = (
    (control.R1(y="", n=""), Side.TECHNICIAN),
    (control.R2(y="", n="", tag=""), Side.CUSTOMER),
    (control.R3(tag=""), Side.TECHNICIAN),
)


def test_a_whole_run_passes_and_gives_the_transcript() -> None:
    exchange = PairingExchange(b"r" * 16)
    for message, side in RUN[:3]:
        exchange.take(message, side)
    due = [exchange.awaited]
    exchange.take(*RUN[3])
    due.append(exchange.awaited)
    assert due == [(control.H4, Side.CUSTOMER), None]
    assert exchange.is_done
    found = exchange.transcript
    assert found is not None
    assert found.th == transcript_hash(YA, AD_A, YB, AD_B)
    assert found.keys == {Side.CUSTOMER: b"\1" * 32, Side.TECHNICIAN: b"\2" * 32}
    assert found.evidence() == {
        "pairing": found.th.hex(),
        "rs": b64(b"r" * 16),
        "ya": b64(YA),
        "ad_a": b64(AD_A),
        "yb": b64(YB),
        "ad_b": b64(AD_B),
    }


@pytest.mark.parametrize("run", [RUN, BACK], ids=["pairing", "resume"])
def test_every_other_order_and_author_is_refused(
    run: Sequence[tuple[control.Message, Side]],
) -> None:
    for length in range(len(run)):
        for message, side in itertools.product(
            (m for m, _ in (*RUN, *BACK)), (Side.CUSTOMER, Side.TECHNICIAN)
        ):
            if (message, side) == run[length]:
                continue
            exchange = PairingExchange(b"") if run is RUN else Exchange(RESUME)
            for taken in run[:length]:
                exchange.take(*taken)
            with pytest.raises(UnexpectedMessage):
                exchange.take(message, side)
            exchange.take(*run[length])  # nothing had changed


def test_nothing_passes_after_the_last_one() -> None:
    exchange = Exchange(PAIRING)
    for taken in RUN:
        exchange.take(*taken)
    with pytest.raises(UnexpectedMessage):
        exchange.take(*RUN[0])


@pytest.mark.parametrize(
    "ad",
    [b"", b"[]", b"{}", b'{"pk":1}', canonical({"pk": b64(b"short")}), b'{"pk": "x"}'],
)
def test_associated_data_without_a_key_break_the_run(ad: bytes) -> None:
    with pytest.raises(MalformedFrame):
        PairingExchange(b"").take(control.H1(ad=b64(ad)), Side.TECHNICIAN)


def test_a_message_above_four_kib_breaks_the_run() -> None:
    with pytest.raises(FrameTooLarge):
        Exchange(PAIRING).take(control.H1(ad="A" * 4096), Side.TECHNICIAN)


def test_every_message_that_is_carried_has_its_place_in_one_order() -> None:
    assert set(CARRIED) == {kind for kind, _ in (*PAIRING, *RESUME)}
    assert len(CARRIED) == 7
