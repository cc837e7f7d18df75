"""Entries: what the relay appends says what its act says, or is signed by the relay."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.canonical import canonical, read_canonical
from cordee_shared.errors import CordeeError, MalformedFrame, Tampered
from cordee_shared.journal.entry import (
    Entry,
    Moment,
    read_entry,
    verify_fact,
    write_act,
    write_fact,
)
from cordee_shared.session.machine import Session
from cordee_shared.session.states import Event, Remark, Side, State
from cordee_shared.signing import Label, verify
from tests.make_rule_vectors import VECTORS
from tests.shared.journals import CUSTOMER, RELAY, Journal, key, public

GOLDEN: dict[str, Any] = json.loads((VECTORS / "journal.json").read_text("ascii"))
RELAY_PK = public(RELAY)


def a_fact() -> Entry:
    """Return a fact of the relay's."""
    return Journal().fact(Remark.CODE_ISSUED, {"np": "482"}).entries[0]


def an_act() -> Entry:
    """Return an entry around an act of the customer's."""
    return Journal().pair().grant_view().entries[-1]


def test_an_entry_reads_back_as_it_was_written() -> None:
    for entry in (a_fact(), an_act()):
        assert read_entry(entry.raw) == entry


def test_a_fact_is_signed_by_the_relay_and_an_act_by_its_author() -> None:
    verify_fact(a_fact(), RELAY_PK)
    journal = Journal().pair().grant_view()
    entry = journal.entries[-1]
    assert entry.act is not None
    verify(
        public(journal.keys[CUSTOMER]),
        Label.EVENT,
        entry.act.raw,
        entry.signature,
        journal.th,
    )


def test_an_entry_says_what_its_act_says() -> None:
    entry = an_act()
    assert entry.act is not None
    assert (entry.kind, entry.side, entry.data) == (
        entry.act.kind,
        entry.act.side,
        entry.act.data,
    )
    assert (entry.state, entry.late) == (State.VIEWING, False)


def test_a_late_act_is_marked_so_and_nothing_else_is() -> None:
    journal = Journal().help()
    act = journal.write(Side.TECHNICIAN, Event.CONTROL_RELEASED)
    late = journal.reclaim().append(act, late=True).entries[-1]
    assert (late.late, late.state) == (True, State.RECLAIMED)
    assert not a_fact().late


def test_r41_both_clocks_and_the_boot_stand_in_the_entry() -> None:
    moment = Moment("boot-7", 123_456, 1_795_424_400_000)
    entry = write_fact(
        0, moment, Journal().id, Remark.CODE_ISSUED, State.WAITING, {}, RELAY
    )
    assert read_entry(entry.raw).moment == moment


@pytest.mark.parametrize("name", ["n", "mono_us", "at_ms", "boot", "state", "data"])
def test_r41_a_fact_that_was_changed_is_found(name: str) -> None:
    other = {"boot": "other", "state": "paused", "data": {}}.get(name, 77)
    fields = read_canonical(a_fact().raw) | {name: other}
    with pytest.raises(Tampered, match="entry"):
        verify_fact(read_entry(canonical(fields)), RELAY_PK)


def test_a_fact_of_another_relay_is_found() -> None:
    with pytest.raises(Tampered):
        verify_fact(a_fact(), public(key("another relay")))


def test_an_act_never_passes_for_a_fact() -> None:
    entry = an_act()
    for pk in (RELAY_PK, public(Journal().keys[CUSTOMER])):
        with pytest.raises(Tampered):
            verify_fact(entry, pk)


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_r41_no_bit_of_a_fact_can_be_changed(at: int, bit: int) -> None:
    raw = bytearray(a_fact().raw)
    raw[at % len(raw)] ^= 1 << bit
    with pytest.raises(CordeeError):
        verify_fact(read_entry(bytes(raw)), RELAY_PK)


def test_one_and_true_are_not_the_same_data() -> None:
    journal = Journal().pair()
    act = journal.write(CUSTOMER, Remark.TICK, {"share": True})
    entry = write_act(5, journal.moment, act, State.CONSENTING, late=False)
    fields = read_canonical(entry.raw) | {"data": {"share": 1}}
    with pytest.raises(MalformedFrame, match="other than its act"):
        read_entry(canonical(fields))


@pytest.mark.parametrize("made", GOLDEN["entries"], ids=lambda made: str(made["n"]))
def test_the_golden_journal_reads_as_it_says(made: dict[str, Any]) -> None:
    entry = read_entry(made["text"].encode())
    assert entry.hash == made["hash"]
    assert (entry.n, entry.kind, entry.state) == (
        made["n"],
        made["kind"],
        made["state"],
    )
    assert (entry.act.hash if entry.act else "") == made["act"]


def test_the_golden_journal_leads_where_it_says() -> None:
    session = Session()
    for made in GOLDEN["entries"]:
        entry = read_entry(made["text"].encode())
        after = session.follow(
            entry.kind, entry.side, entry.moment.mono_us, late=entry.late
        )
        assert after is entry.state
    assert session.state is State.ENDED


@pytest.mark.parametrize("bad", GOLDEN["no_entries"], ids=lambda bad: str(bad["name"]))
def test_what_is_no_entry_is_refused_as_in_the_console(bad: dict[str, str]) -> None:
    with pytest.raises(CordeeError) as caught:
        read_entry(bad["text"].encode())
    assert type(caught.value).__name__ == bad["error"]


FIELDS = sorted({*read_canonical(a_fact().raw), "more"})
_VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=20)
    | st.lists(st.integers(0, 9), max_size=2)
    | st.dictionaries(st.text("ab", max_size=2), st.integers(0, 9), max_size=2)
)


@given(
    fields=st.dictionaries(
        st.sampled_from(
            [
                "v",
                "session",
                "n",
                "boot",
                "mono_us",
                "at_ms",
                "side",
                "kind",
                "state",
                "late",
                "data",
                "act",
                "sig",
                "x",
            ]
        ),
        _VALUES,
    ),
    whole=st.sampled_from([a_fact().raw, an_act().raw]),
)
def test_only_documented_errors_come_out_of_hostile_fields(
    fields: dict[str, Any], whole: bytes
) -> None:
    raw = canonical(read_canonical(whole) | fields)
    try:
        entry = read_entry(raw)
    except CordeeError:
        return
    assert entry.raw == raw
    assert entry.n >= 0


@given(raw=st.binary(max_size=200))
def test_only_documented_errors_come_out_of_hostile_bytes(raw: bytes) -> None:
    with pytest.raises(MalformedFrame):
        read_entry(raw)
