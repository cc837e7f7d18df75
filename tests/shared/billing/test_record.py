"""The billing record: everything it rests on, and the same bytes every time."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from cordee_shared.billing.policy import AS_WRITTEN_2021, LAW_CORRECTED_2026, Policy
from cordee_shared.billing.record import BillingRecord, derive
from cordee_shared.billing.tally import CRASHED
from cordee_shared.canonical import Json, canonical
from cordee_shared.errors import LocalViolation, MalformedFrame, Tampered
from cordee_shared.ids import record_id
from cordee_shared.journal.entry import read_entry
from cordee_shared.session.states import Event, Remark
from tests.shared.billing.timelines import Step, ends, play, steps
from tests.shared.journals import (
    CUSTOMER,
    OFFER_HASH,
    SECOND,
    TARIFF,
    TECHNICIAN,
    WALL_MS,
    Journal,
    agreed,
    consent,
    helped,
)

HALF_HOUR = 30 * 60


def record(*journals: Journal, policy: Policy = LAW_CORRECTED_2026) -> BillingRecord:
    """Derive the record of an engagement of these sessions."""
    sessions = [journal.entries for journal in journals]
    return derive("relay-1", agreed(policy), policy, TARIFF, sessions)


def changed(made: BillingRecord, **fields: Json) -> bytes:
    """Return the record's line with some fields changed, canonical again."""
    return canonical(json.loads(made.line) | fields)


def test_r42_the_record_says_what_was_done_and_what_it_comes_to() -> None:
    journal = Journal().help().wait(HALF_HOUR).reclaim().wait(60)
    made = record(journal.grant_control().wait(1).end(TECHNICIAN))
    assert (made.seconds, made.units, made.amount_cents) == (HALF_HOUR + 1, 2, 5000)
    assert (made.unit_s, made.minimum_units, made.unit_price_cents) == (1800, 1, 2500)
    assert (made.currency, made.unit_label) == ("EUR", TARIFF.label)
    assert made.agreed == agreed()
    assert [(s.start_ms, s.end_ms, s.cause) for s in made.segments] == [
        (WALL_MS, WALL_MS + 1_800_000, "reclaimed"),
        (WALL_MS + 1_860_000, WALL_MS + 1_861_000, "technician_ended"),
    ]
    assert (made.end_reason, made.sessions[0].by) == ("technician_ended", "technician")


def test_b01_a_session_without_service_has_a_record_too() -> None:
    made = record(Journal().pair().wait(30).end(reason="consent_denied"))
    assert (made.units, made.amount_cents, made.segments) == (0, 0, ())
    assert made.end_reason == "consent_denied"


def test_r24_every_yes_that_the_time_rests_on_is_named() -> None:
    journal = Journal().help().wait(60).reclaim().grant_control().wait(5).end()
    made = record(journal)
    grants = [
        entry
        for entry in journal.entries
        if entry.kind in (Event.VIEW_GRANTED, Event.CONTROL_GRANTED)
    ]
    assert [given.entry for given in made.consents] == [entry.hash for entry in grants]
    assert [given.scope for given in made.consents] == ["view", "control", "control"]
    assert {given.text for given in made.consents} == {
        consent("view")["text"],
        consent("control")["text"],
    }


def test_r24_a_yes_to_another_offer_is_flagged() -> None:
    journal = Journal().pair()
    journal.act(CUSTOMER, Event.VIEW_GRANTED, consent("view") | {"offer": "f" * 64})
    assert record(journal.end()).flags == ("other_offer",)
    assert record(helped(60)).flags == ()


def test_r41_the_record_names_the_journals_first_and_last_entry() -> None:
    journal = helped(60)
    (ends_of,) = record(journal).sessions
    assert ends_of.first == journal.entries[0].hash
    assert ends_of.last == journal.entries[-1].hash
    assert ends_of.entries == len(journal.entries)


def test_a_link_lost_while_pairing_is_named_as_the_end() -> None:
    journal = Journal().fact(Remark.CODE_ISSUED).fact(Event.CODE_CLAIMED)
    made = record(journal.lose(customer_us=0, technician_us=0))
    assert (made.end_reason, made.sessions[0].by, made.flags) == (
        "link_lost",
        "relay",
        (),
    )


def test_a_dead_relay_is_named_as_the_end() -> None:
    stopped = Journal().help().wait(60).checkpoint().wait(5)
    assert record(stopped).end_reason == CRASHED
    assert record(stopped.recover(boot="boot-2", at_us=9)).end_reason == CRASHED
    assert record(stopped).flags == ("crash", "own_fault")


def test_a_parked_record_says_so() -> None:
    assert record(helped(16 * HALF_HOUR + 1)).is_parked
    assert not record(helped(16 * HALF_HOUR)).is_parked


# --- the same every time


@given(script=steps, end=ends)
def test_re_rating_an_old_journal_gives_the_same_bytes(
    script: list[Step], end: str
) -> None:
    journal = play(script, end, LAW_CORRECTED_2026).journal
    made = record(journal)
    old = [read_entry(entry.raw) for entry in journal.entries]
    policy = Policy.read(LAW_CORRECTED_2026.canonical())
    again = derive("relay-1", agreed(policy), policy, TARIFF, [old])
    assert again.line == made.line


@given(script=steps, end=ends)
def test_a_record_reads_back_as_it_was(script: list[Step], end: str) -> None:
    made = record(play(script, end, AS_WRITTEN_2021).journal, policy=AS_WRITTEN_2021)
    assert BillingRecord.read(made.line) == made
    assert BillingRecord.read(made.line.rstrip(b"\n")).line == made.line


def test_a_record_is_one_line() -> None:
    line = record(helped(60)).line
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1


def test_the_id_is_derived_from_relay_engagement_and_revision() -> None:
    made = record(helped(60))
    assert made.id == record_id("relay-1", agreed().engagement, 1)
    assert (made.revision, made.supersedes) == (1, "")
    elsewhere = derive(
        "relay-2", agreed(), LAW_CORRECTED_2026, TARIFF, [helped(60).entries]
    )
    assert elsewhere.id != made.id


def test_b02_a_further_session_makes_a_revision_that_holds_the_whole() -> None:
    first = helped(20 * 60, number=1)
    second = Journal(2, boot="boot-2").help().wait(11 * 60).end()
    one, both = record(first), record(first, second)
    assert (both.revision, both.supersedes) == (2, one.id)
    assert (both.seconds, both.units) == (31 * 60, 2)
    assert [s.session for s in both.sessions] == [first.id, second.id]


def test_two_technicians_at_once_leave_one_segment() -> None:
    one = helped(25 * 60, number=1)
    two = Journal(2, at_us=600 * SECOND, at_ms=WALL_MS + 600_000)
    made = record(one, two.help().wait(18 * 60).end(TECHNICIAN))
    assert [(s.start_us, s.end_us, s.cause) for s in made.segments] == [
        (0, 28 * 60 * SECOND, "technician_ended")
    ]


# --- refused


def test_r05_another_tariff_than_agreed_is_not_used() -> None:
    dearer = replace(TARIFF, price_cents=9900)
    with pytest.raises(LocalViolation, match="tariff"):
        derive("r", agreed(), LAW_CORRECTED_2026, dearer, [helped(60).entries])


def test_another_policy_than_agreed_is_not_used() -> None:
    stricter = replace(LAW_CORRECTED_2026, min_service_s=0)
    for policy in (AS_WRITTEN_2021, stricter):
        with pytest.raises(LocalViolation, match="policy"):
            derive("r", agreed(), policy, TARIFF, [helped(60).entries])


def test_an_engagement_without_session_has_no_record() -> None:
    with pytest.raises(LocalViolation, match="nothing to bill"):
        record()
    with pytest.raises(LocalViolation, match="nothing to bill"):
        derive("r", agreed(), LAW_CORRECTED_2026, TARIFF, [[]])


def test_r41_a_journal_that_does_not_hold_together_has_no_record() -> None:
    entries = helped(60).entries
    with pytest.raises(Tampered):
        derive("r", agreed(), LAW_CORRECTED_2026, TARIFF, [entries[1:]])


@pytest.mark.parametrize(
    "fields",
    [
        {"amount_cents": 1},
        {"units": 3},
        {"seconds": 59},
        {"revision": 2},
        {"relay": "relay-2"},
        {"id": "0" * 36},
    ],
)
def test_a_record_whose_sums_or_name_do_not_hold_is_not_read(
    fields: dict[str, Json],
) -> None:
    with pytest.raises(Tampered):
        BillingRecord.read(changed(record(helped(60)), **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"v": True},
        {"units": "1"},
        {"flags": "none"},
        {"colour": "blue"},
        {"agreed": {}},
        {"segments": [{}]},
    ],
)
def test_what_is_no_record_is_not_read(fields: dict[str, Json]) -> None:
    with pytest.raises(MalformedFrame):
        BillingRecord.read(changed(record(helped(60)), **fields))


@pytest.mark.parametrize("line", [b"", b"{}", b"[]\n", b"{} \n", b"\xff"])
def test_bytes_that_are_no_record_are_not_read(line: bytes) -> None:
    with pytest.raises(MalformedFrame):
        BillingRecord.read(line)


def test_the_offer_that_was_agreed_is_the_one_consented_to() -> None:
    assert {given.offer for given in record(helped(60)).consents} == {OFFER_HASH}
