"""Every state of a record comes again out of the journal, to the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.due import Due
from cordee_shared.billing.facts import FactKind
from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.record import BillingRecord, derive
from cordee_shared.billing.revisions import revise
from cordee_shared.errors import LocalViolation, MalformedFrame, Tampered
from cordee_shared.ids import record_id
from tests.shared.billing.test_record import changed
from tests.shared.journals import TARIFF, Journal, agreed, helped
from tests.shared.told import SLOT_MS, Told


def revised(told: Told, *journals: Journal) -> list[BillingRecord]:
    """Derive every revision of an engagement of these sessions."""
    sessions = [journal.entries for journal in journals]
    return revise("relay-1", agreed(), LAW_CORRECTED_2026, TARIFF, sessions, told.facts)


def derived(told: Told, *journals: Journal) -> BillingRecord:
    """Derive the record as it stands in the end."""
    sessions = [journal.entries for journal in journals]
    return derive("relay-1", agreed(), LAW_CORRECTED_2026, TARIFF, sessions, told.facts)


def second(seconds: int = 600) -> Journal:
    return Journal(2, boot="boot-2").help().wait(seconds).end()


def test_without_facts_each_session_makes_a_revision_of_version_one() -> None:
    records = revised(Told(), helped(1200), second())
    assert [r.revision for r in records] == [1, 2]
    assert [r.weighed for r in records] == [None, None]
    assert all(b'"v":1' in r.line and b"weighed" not in r.line for r in records)


def test_a_correction_is_a_revision_with_reason_and_author() -> None:
    told = Told().session()
    told.tell(FactKind.CORRECTED, less_units=1, reason="Geste commercial")
    first, corrected = revised(told, helped(3601))
    assert (first.units, corrected.units, corrected.amount_cents) == (3, 2, 5000)
    assert corrected.supersedes == first.id
    assert corrected.id == record_id("relay-1", agreed().engagement, 2)
    assert corrected.weighed is not None
    weighed = corrected.weighed
    assert (weighed.side, weighed.author, weighed.reason) == (
        "technician",
        "luc",
        "Geste commercial",
    )
    assert [fact.hash for fact in weighed.facts] == [told.facts[0].hash]
    assert first.weighed is None  # it was not known then


def test_b01_a_parked_record_waits_until_a_person_releases_it() -> None:
    parked, released = revised(Told().session().released(), helped(17 * 1800))
    assert (parked.is_parked, released.is_parked) == (True, False)
    assert parked.units == released.units == 17
    assert revised(Told(), helped(16 * 1800))[0].is_parked is False


def test_b05_a_no_show_is_drafted_without_any_session() -> None:
    told = Told(SLOT_MS).slot().attempts(2).no_show()
    (draft,) = revised(told)
    assert (draft.revision, draft.units, draft.due) == (1, 2, Due.NO_SHOW)
    assert (draft.is_parked, draft.sessions) == (True, ())
    assert draft.weighed is not None
    assert draft.weighed.mention == "attente – absence"
    due = revised(told.released())[-1]
    assert (due.revision, due.is_parked) == (2, False)


def test_facts_before_the_first_end_make_no_revision_of_their_own() -> None:
    (only,) = revised(Told().slot().early_start().session(), helped(600))
    assert only.revision == 1
    assert only.weighed is not None
    assert [fact.kind for fact in only.weighed.facts] == [
        "slot_confirmed",
        "early_start_requested",
    ]
    assert (only.weighed.reason, only.weighed.author) == ("", "")


def test_b02_a_second_session_after_a_fact_is_merged_as_ever() -> None:
    told = Told().session().tell(FactKind.RESERVES, text="Encore lent")
    records = revised(told.session(), helped(20 * 60), second(11 * 60))
    assert [(r.revision, r.seconds, r.units) for r in records] == [
        (1, 1200, 1),
        (2, 1200, 1),
        (3, 1860, 2),
    ]


def test_r14_a_withdrawal_is_the_next_revision() -> None:
    told = Told().early_start().session().withdrawn()
    before, after = revised(told, helped(1000))
    assert (before.amount_cents, after.amount_cents) == (2500, 1388)
    assert (after.units, after.due) == (0, Due.WITHDRAWAL)
    assert BillingRecord.read(after.line) == after


def test_b06_a_guarantee_keeps_its_units_and_costs_nothing() -> None:
    (record,) = revised(Told().follow_up().session(), helped(50 * 60))
    assert (record.units, record.unit_price_cents, record.amount_cents) == (2, 2500, 0)
    assert BillingRecord.read(record.line) == record


_SAYINGS = ("session", "reserve", "less", "release", "early", "again", "absent")


@given(said=st.lists(st.sampled_from(_SAYINGS), min_size=1, max_size=7))
def test_every_revision_comes_again_to_the_byte(said: list[str]) -> None:
    told = Told(SLOT_MS)
    journals: list[Journal] = []
    for word in ("session", *said):
        match word:
            case "session":
                number = len(journals) + 1
                journal = Journal(number, boot=f"boot-{number}").help()
                journals.append(journal.wait(700 * number).end())
                told.session()
            case "reserve":
                told.tell(FactKind.RESERVES, text="Oui")
            case "less":
                told.tell(FactKind.CORRECTED, less_units=1, reason="Oui")
            case "release":
                told.released()
            case "early":
                told.early_start()
            case "again":
                told.follow_up()
            case _:
                told.no_show()
    records = revised(told, *journals)
    assert [r.revision for r in records] == list(range(1, len(said) + 2))
    assert [r.supersedes for r in records[1:]] == [r.id for r in records[:-1]]
    assert records[-1].line == derived(told, *journals).line
    assert [r.line for r in revised(told, *journals)] == [r.line for r in records]
    for record in records:
        assert BillingRecord.read(record.line) == record


def test_a_fact_after_a_session_that_is_not_given_is_our_mistake() -> None:
    with pytest.raises(LocalViolation, match="not given"):
        derived(Told().session().session().released(), helped(600))


def test_facts_alone_without_a_no_show_make_no_record() -> None:
    assert revised(Told().slot().attempts(2)) == []
    with pytest.raises(LocalViolation, match="nothing to bill"):
        derived(Told().slot().attempts(2))


def test_r41_facts_of_another_engagement_are_not_weighed() -> None:
    other = agreed()
    told = Told().session().released()
    sessions = [helped(600).entries]
    with pytest.raises(Tampered):
        derive(
            "relay-1",
            other,
            LAW_CORRECTED_2026,
            TARIFF,
            sessions,
            [*told.facts, *Told().slot().facts],
        )


def test_a_record_with_facts_whose_amount_is_too_high_is_not_read() -> None:
    record = revised(Told().early_start().session().withdrawn(), helped(1000))[-1]
    with pytest.raises(Tampered, match="more than its line"):
        BillingRecord.read(changed(record, amount_cents=1389))
    free = revised(Told().follow_up().session(), helped(600))[-1]
    with pytest.raises(Tampered, match="more than its line"):
        BillingRecord.read(changed(free, amount_cents=1))
    with pytest.raises(MalformedFrame):
        BillingRecord.read(changed(free, v=1))
