"""Acts: chained, signed, and taken in their order only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.canonical import canonical, read_canonical
from cordee_shared.errors import CordeeError, MalformedFrame, Tampered
from cordee_shared.ids import SessionId
from cordee_shared.journal.act import NONE, Act, ActReader, ActWriter, read_act
from cordee_shared.session.states import Event, Remark, Side
from tests.make_rule_vectors import VECTORS
from tests.shared.journals import CUSTOMER, TECHNICIAN, key, public

SESSION = SessionId("0f" * 16)
TH = bytes(range(32))
KEY = key("customer")


def writer(
    side: Side = CUSTOMER, th: bytes = TH, session: SessionId = SESSION
) -> ActWriter:
    """Return a writer whose clock began at 1000 ms."""
    return ActWriter(session, side, KEY, th, 1000)


def reader(th: bytes = TH) -> ActReader:
    """Return the customer's reader."""
    return ActReader(SESSION, CUSTOMER, public(KEY), th)


def three() -> list[Act]:
    """Return three acts of one chain."""
    made = writer()
    return [
        made.write(Remark.BIND, 1000, -1, NONE, {"pairing": TH.hex()}),
        made.write(Event.VIEW_GRANTED, 2000, 4, NONE, {}),
        made.write(Event.PAUSED, 2000, 5, "a" * 64, {}),
    ]


def read_all(acts: list[Act], by: ActReader | None = None) -> list[Act]:
    """Read acts one after the other."""
    by = by or reader()
    return [by.read(act.raw, act.signature) for act in acts]


def test_an_act_reads_back_as_it_was_written() -> None:
    acts = three()
    assert read_all(acts) == acts


def test_each_act_names_the_one_before_it() -> None:
    acts = three()
    assert [act.seq for act in acts] == [0, 1, 2]
    assert [act.prev for act in acts] == [NONE, acts[0].hash, acts[1].hash]
    assert [act.el_ms for act in acts] == [0, 1000, 1000]
    assert acts[2].peer == "a" * 64


def test_the_reader_knows_the_last_act_it_took() -> None:
    by, acts = reader(), three()
    assert by.last == NONE
    read_all(acts, by)
    assert by.last == acts[-1].hash


def test_a_clock_that_began_later_never_counts_below_zero() -> None:
    assert writer().write(Remark.TICK, 5, 0, NONE, {}).el_ms == 0


@pytest.mark.parametrize("order", [[1], [0, 0], [0, 2], [0, 1, 1], [0, 2, 1]])
def test_an_act_left_out_repeated_or_moved_is_found(order: list[int]) -> None:
    acts = three()
    by = reader()
    read_all([acts[at] for at in order[:-1] if at == order.index(at)][:1], by)
    with pytest.raises(Tampered, match="not the next"):
        read_all([acts[at] for at in order[1:] or order], by)


def test_a_refused_act_changes_nothing() -> None:
    acts, by = three(), reader()
    with pytest.raises(Tampered):
        by.read(acts[1].raw, acts[1].signature)
    with pytest.raises(Tampered):
        by.read(acts[0].raw, bytes(64))
    assert read_all(acts, by) == acts


def test_a_chain_written_again_from_the_middle_is_found() -> None:
    acts, other = three(), writer()
    forked = [
        other.write(Remark.BIND, 1000, -1, NONE, {"pairing": "other"}),
        other.write(Event.VIEW_GRANTED, 2000, 4, NONE, {}),
    ]
    by = reader()
    read_all(acts[:1], by)
    with pytest.raises(Tampered, match="not the next"):
        by.read(forked[1].raw, forked[1].signature)


def test_acts_of_another_side_session_or_pairing_are_found() -> None:
    for made in (writer(TECHNICIAN), writer(session=SessionId("1f" * 16))):
        act = made.write(Remark.BIND, 1000, -1, NONE, {})
        with pytest.raises(Tampered, match="another session or side"):
            reader().read(act.raw, act.signature)
    act = writer(th=bytes(32)).write(Remark.BIND, 1000, -1, NONE, {})
    with pytest.raises(Tampered, match="does not fit"):
        reader().read(act.raw, act.signature)


def test_a_side_whose_clock_runs_backwards_is_found() -> None:
    made, by = writer(), reader()
    first = made.write(Remark.TICK, 9000, 0, NONE, {})
    second = made.write(Remark.TICK, 8999, 0, NONE, {})
    by.read(first.raw, first.signature)
    with pytest.raises(Tampered, match="backwards"):
        by.read(second.raw, second.signature)


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_bit_of_an_act_can_be_changed(at: int, bit: int) -> None:
    act = three()[0]
    raw = bytearray(act.raw)
    raw[at % len(raw)] ^= 1 << bit
    with pytest.raises(CordeeError):
        reader().read(bytes(raw), act.signature)


# --- hostile bytes

FIELDS = sorted({*read_canonical(three()[0].raw), "more"})


def golden(name: str) -> list[Any]:
    """Return what is no act, from the vectors."""
    made = json.loads((VECTORS / "journal.json").read_text("ascii"))
    return list(made[name])


@pytest.mark.parametrize("bad", golden("no_acts"), ids=lambda bad: str(bad["name"]))
def test_what_is_no_act_is_refused_as_in_the_console(bad: dict[str, str]) -> None:
    with pytest.raises(CordeeError) as caught:
        read_act(bad["text"].encode(), bytes.fromhex(bad["sig"]))
    assert type(caught.value).__name__ == bad["error"]


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    fields=st.dictionaries(
        st.sampled_from(
            [
                "v",
                "session",
                "side",
                "seq",
                "prev",
                "peer",
                "seen",
                "kind",
                "el_ms",
                "data",
                "more",
            ]
        ),
        _JSON,
    )
)
def test_only_documented_errors_come_out_of_hostile_fields(
    fields: dict[str, Any],
) -> None:
    raw = canonical(read_canonical(three()[0].raw) | fields)
    try:
        act = read_act(raw, bytes(64))
    except CordeeError:
        return
    assert act.raw == raw
    assert {act.seq >= 0, act.seen >= -1, act.el_ms >= 0} == {True}


@given(raw=st.binary(max_size=200))
def test_only_documented_errors_come_out_of_hostile_bytes(raw: bytes) -> None:
    with pytest.raises(MalformedFrame):
        read_act(raw, bytes(64))


def test_an_act_has_one_encoding_only() -> None:
    raw = three()[0].raw
    for other in (raw + b" ", raw.replace(b":", b": ", 1), b"[" + raw + b"]"):
        with pytest.raises(MalformedFrame):
            read_act(other, bytes(64))
