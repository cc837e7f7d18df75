"""What facts make of the time: rule by rule, and never dearer than the letter."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.due import (
    REMEDIES,
    Due,
    Remedies,
    Settled,
    is_under_guarantee,
    no_show_units,
    pro_rata_cents,
    settle,
)
from cordee_shared.billing.facts import FactKind
from cordee_shared.billing.policy import AS_WRITTEN_2021, LAW_CORRECTED_2026
from cordee_shared.billing.rating import rate
from cordee_shared.billing.tally import Flag, tally, waited_us
from cordee_shared.canonical import Json
from cordee_shared.session.states import Event, Remark, Side
from tests.shared.billing.timelines import Step, ends, play, steps
from tests.shared.journals import MINUTE, TARIFF, TECHNICIAN, Journal, helped
from tests.shared.told import HOUR_MS, SLOT_MS, Told, paris_ms


def settled(told: Told, *journals: Journal) -> Settled:
    """Settle an engagement of these sessions under the default policy."""
    return settle(
        [journal.entries for journal in journals],
        told.facts,
        LAW_CORRECTED_2026,
        TARIFF,
    )


def waiting(
    seconds: int,
    *,
    number: int = 1,
    at_us: int = 0,
    at_ms: int = SLOT_MS,
    reason: str = "code_expired",
) -> Journal:
    """Return an invitation that so many seconds passed over, and nobody came."""
    journal = Journal(number, at_us=at_us, at_ms=at_ms)
    journal.fact(Remark.CODE_ISSUED, {"engagement": "e-0123456789abcdef"})
    return journal.wait(seconds).fact(Event.ENDED, {"reason": reason})


def absent() -> Told:
    """Return all that a no-show takes, told at the end of the slot."""
    return Told(SLOT_MS).slot().attempts(2).at(SLOT_MS + 2 * HOUR_MS).no_show()


# --- nothing told -------------------------------------------------------------------


@given(script=steps, end=ends)
def test_without_facts_it_is_what_the_time_comes_to(
    script: list[Step], end: str
) -> None:
    entries = play(script, end, LAW_CORRECTED_2026).journal.entries
    rated = rate(tally([entries], LAW_CORRECTED_2026), LAW_CORRECTED_2026, TARIFF)
    result = settle([entries], [], LAW_CORRECTED_2026, TARIFF)
    assert (result.due, result.mention, result.wait_s) == (Due.SERVICE, "", 0)
    assert (result.seconds, result.units, result.amount_cents, result.flags) == (
        rated.seconds,
        rated.units,
        rated.amount_cents,
        rated.flags,
    )


# --- no-show ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wait_s", "units"), [(0, 2), (600, 2), (3600, 2), (3601, 3), (5401, 4)]
)
def test_b05_waiting_is_due_for_an_hour_at_least(wait_s: int, units: int) -> None:
    assert no_show_units(wait_s, TARIFF) == units
    journals = [waiting(wait_s)] if wait_s else []
    result = settled(absent(), *journals)
    assert (result.due, result.wait_s, result.units) == (Due.NO_SHOW, wait_s, units)
    assert (result.seconds, result.amount_cents) == (0, units * 2500)
    assert result.mention == "attente – absence"


def test_b05_a_no_show_is_a_draft_until_a_person_lets_it_out() -> None:
    told = absent()
    assert settled(told).flags == {Flag.NO_SHOW, Flag.REVIEW}
    assert Flag.RELEASED in settled(told.released()).flags


def test_b05_waiting_is_the_union_of_the_invitations_that_the_relay_held() -> None:
    one = waiting(600)
    two = waiting(600, number=2, at_us=5 * MINUTE, at_ms=SLOT_MS + 300_000)
    other_run = Journal(3, boot="boot-2", at_ms=SLOT_MS + HOUR_MS)
    other_run.fact(Remark.CODE_ISSUED, {"engagement": "e-0123456789abcdef"})
    other_run.wait(60).fact(Event.ENDED, {"reason": "code_expired"})
    assert settled(absent(), one, two, other_run).wait_s == 15 * 60 + 60


def test_b05_waiting_before_the_slot_is_the_technicians_own() -> None:
    assert settled(absent(), waiting(900, at_ms=SLOT_MS - 600_000)).wait_s == 300
    assert settled(absent(), waiting(60, at_ms=SLOT_MS - 600_000)).wait_s == 0


def test_b05_a_code_that_the_customer_shows_holds_no_technician() -> None:
    shown = Journal(at_ms=SLOT_MS).fact(Remark.CODE_ISSUED).wait(600)
    shown.fact(Event.ENDED, {"reason": "code_expired"})
    assert waited_us([shown.entries], SLOT_MS) == 0


def test_b05_a_relay_that_died_attests_no_waiting() -> None:
    dead = Journal(at_us=60 * MINUTE, at_ms=SLOT_MS)
    dead.fact(Remark.CODE_ISSUED, {"engagement": "e-0123456789abcdef"}).wait(600)
    dead.recover(boot="boot-1", at_us=90 * MINUTE)
    assert waited_us([dead.entries], SLOT_MS) == 0
    assert waited_us([[]], SLOT_MS) == 0


def test_b05_a_code_that_was_typed_ends_the_waiting() -> None:
    typed = Journal(at_ms=SLOT_MS)
    typed.fact(Remark.CODE_ISSUED, {"engagement": "e-0123456789abcdef"}).wait(400)
    typed.fact(Event.CODE_CLAIMED).wait(500)
    typed.lose(customer_us=0, technician_us=0)
    assert waited_us([typed.entries], SLOT_MS) == 400_000_000


def blocked(told: Told, *journals: Journal) -> bool:
    """Tell whether a no-show comes to nothing."""
    result = settled(told, *journals)
    is_blocked = Flag.NO_SHOW_BLOCKED in result.flags
    assert (result.amount_cents == 0) == is_blocked == (Flag.REVIEW not in result.flags)
    return is_blocked


def test_b05_a_slot_that_nobody_confirmed_blocks_a_no_show() -> None:
    assert blocked(Told().attempts(2).no_show())


@pytest.mark.parametrize("attempts", [0, 1])
def test_b05_too_few_attempts_to_reach_the_customer_block_a_no_show(
    attempts: int,
) -> None:
    assert blocked(Told(SLOT_MS).slot().attempts(attempts).no_show())
    once = Remedies(contact_attempts=attempts)
    told = Told(SLOT_MS).slot().attempts(attempts).no_show()
    result = settle([], told.facts, LAW_CORRECTED_2026, TARIFF, once)
    assert result.units == 2
    assert once.hash != REMEDIES.hash


def test_b05_force_majeure_and_a_withdrawal_block_a_no_show() -> None:
    told = absent().tell(FactKind.FORCE_MAJEURE, note="Neige")
    assert blocked(told)
    too_late = absent().withdrawn(stated="2027-06-01")
    assert blocked(too_late)
    result = settled(absent().withdrawn())
    assert (result.due, result.amount_cents) == (Due.WITHDRAWAL, 0)


def test_b05_a_no_show_before_its_slot_is_none() -> None:
    assert blocked(Told(SLOT_MS - 1).slot().attempts(2).no_show())


def test_r16_a_late_engagement_never_produces_a_no_show() -> None:
    last = SLOT_MS + 2 * HOUR_MS + 7 * 24 * HOUR_MS
    assert not blocked(Told(last).slot().attempts(2).no_show())
    assert blocked(Told(last + 1).slot().attempts(2).no_show())


def test_b05_whoever_was_served_was_not_absent() -> None:
    result = settled(absent().session(), helped(600))
    assert (result.due, result.units) == (Due.SERVICE, 1)
    assert Flag.NO_SHOW_BLOCKED in result.flags


def test_r07_b05_a_no_show_has_no_travel_in_it() -> None:
    result = settled(absent(), waiting(3600))
    assert result.amount_cents == result.units * TARIFF.price_cents


# --- withdrawal ---------------------------------------------------------------------


def test_r14_what_was_served_is_due_to_the_second_and_rounded_down() -> None:
    result = settled(Told().early_start().session().withdrawn(), helped(1000))
    assert (result.due, result.units, result.amount_cents) == (Due.WITHDRAWAL, 0, 1388)
    assert Flag.WITHDRAWN in result.flags


def test_r14_without_the_customers_express_request_nothing_is_due() -> None:
    result = settled(Told().session().withdrawn(), helped(1000))
    assert (result.due, result.amount_cents) == (Due.WITHDRAWAL, 0)


def test_r14_before_the_work_began_nothing_is_due() -> None:
    assert settled(Told().early_start().withdrawn()).amount_cents == 0


def test_r14_a_few_seconds_cost_their_few_cents_and_no_minimum() -> None:
    told = Told().early_start().session().withdrawn()
    assert settled(told, helped(12)).amount_cents == 16
    assert pro_rata_cents(0, TARIFF) == 0


def test_r14_a_session_after_the_withdrawal_is_not_in_its_bill() -> None:
    later = Journal(2, boot="boot-2", at_ms=SLOT_MS).help().wait(900).end()
    told = Told(SLOT_MS - 1).early_start().session().withdrawn().session()
    assert settled(told, helped(1000), later).amount_cents == 1388


def test_r15_a_refund_is_due_within_fourteen_days_of_the_statement() -> None:
    told = Told().early_start().session().withdrawn(stated="2026-11-24")
    assert settled(told, helped(1000)).refund_by == "2026-12-08"
    assert settled(Told().session(), helped(1000)).refund_by == ""
    refused = Told().session().withdrawn(consumer=False)
    assert settled(refused, helped(1000)).refund_by == ""


def test_r13_the_right_is_lost_by_all_three_and_by_no_two_of_them() -> None:
    lost = Told().early_start().acknowledged().session().performed().withdrawn()
    result = settled(lost, helped(1000))
    assert (result.due, result.amount_cents) == (Due.SERVICE, 2500)
    assert Flag.WITHDRAWAL_REFUSED in result.flags
    for kept in (
        Told().acknowledged().session().performed().withdrawn(),
        Told().early_start().session().performed().withdrawn(),
        Told().early_start().acknowledged().session().withdrawn(),
        Told().early_start().acknowledged().session().withdrawn().performed(),
    ):
        assert settled(kept, helped(1000)).due is Due.WITHDRAWAL


def test_r12_after_the_last_day_a_withdrawal_changes_nothing() -> None:
    for stated, due in (("2026-12-04", Due.WITHDRAWAL), ("2026-12-05", Due.SERVICE)):
        told = Told().early_start().session().withdrawn(stated=stated)
        assert settled(told, helped(1000)).due is due
    told = Told().session().withdrawn(stated="2027-11-30", informed=False)
    assert settled(told, helped(1000)).amount_cents == 0


def test_r14_a_professional_has_no_right_to_withdraw() -> None:
    told = Told().session().withdrawn(consumer=False)
    assert settled(told, helped(1000)).amount_cents == 2500


# --- guarantee ----------------------------------------------------------------------


def test_b06_the_same_fault_within_ten_days_is_counted_and_costs_nothing() -> None:
    result = settled(Told().follow_up().session(), helped(50 * 60))
    assert (result.due, result.units, result.amount_cents) == (Due.GUARANTEE, 2, 0)
    assert result.mention == "garantie art. 10"
    assert Flag.GUARANTEE in result.flags


@pytest.mark.parametrize(
    ("notified", "is_in"),
    [
        ((2026, 11, 30, 23, 59), True),
        ((2026, 12, 1, 0, 0), False),
        ((2026, 11, 20, 8, 0), True),
        ((2026, 11, 19, 23, 59), False),
    ],
)
def test_b06_the_tenth_day_is_in_to_its_last_minute(
    notified: tuple[int, ...], is_in: bool
) -> None:
    day = "{:04}-{:02}-{:02}".format(*notified[:3])
    (fact,) = Told(paris_ms(*notified)).follow_up(notified=day).facts
    assert is_under_guarantee(fact) is is_in


@pytest.mark.parametrize(
    "other",
    [
        {"written": False},
        {"same_fault": False},
        {"same_machine": False},
        {"same_site": False},
        {"reserves": True},
        {"cause": "virus"},
        {"cause": "misuse"},
        {"cause": "third_party"},
    ],
)
def test_b06_another_fault_or_another_cause_is_paid(other: dict[str, Json]) -> None:
    result = settled(Told().follow_up(**other).session(), helped(50 * 60))
    assert (result.due, result.amount_cents) == (Due.SERVICE, 5000)
    assert Flag.GUARANTEE_REFUSED in result.flags


def test_r43_written_reserves_are_on_the_record() -> None:
    told = Told().session().tell(FactKind.RESERVES, text="L’écran scintille")
    assert Flag.RESERVES in settled(told, helped(600)).flags
    assert Flag.RESERVES not in settled(Told(), helped(600)).flags


# --- what a person decides ----------------------------------------------------------


def test_b01_a_person_may_ask_the_minimum_for_a_short_service_with_a_reason() -> None:
    told = Told().session().tell(FactKind.MINIMUM_DUE, reason="Convenu au téléphone")
    result = settled(told, helped(30))
    assert (result.units, result.amount_cents) == (1, 2500)
    assert {Flag.MINIMUM_SET, Flag.BELOW_MIN_SERVICE} <= result.flags


def test_b01_nobody_can_ask_the_minimum_where_nothing_was_served() -> None:
    told = Told().session().tell(FactKind.MINIMUM_DUE, reason="Dérangement")
    refused = Journal().pair().wait(30).end(reason="consent_denied")
    assert settled(told, refused).units == 0


def test_b04_a_person_may_ask_the_minimum_for_what_our_fault_broke_off() -> None:
    told = Told().session().tell(FactKind.MINIMUM_DUE, reason="Le client l’accepte")
    broken = Journal().help().wait(10)
    broken.end(TECHNICIAN, more={"interruption": "own_fault"})
    assert settled(Told().session(), broken).units == 0
    assert settled(told, broken).units == 1


def test_b01_what_was_parked_is_released_as_it_stands_and_no_more() -> None:
    day = helped(17 * 1800)
    told = Told().session().released()
    assert {Flag.PARKED, Flag.RELEASED} <= settled(told, day).flags
    more = Journal(2, boot="boot-2").help().wait(600).end()
    assert Flag.RELEASED not in settled(told.session(), day, more).flags


def test_a_person_takes_units_off_and_can_put_none_on() -> None:
    told = Told().session()
    told.tell(FactKind.CORRECTED, less_units=1, reason="Geste commercial")
    assert settled(told, helped(3601)).units == 2
    told.tell(FactKind.CORRECTED, less_units=9, reason="Tout offert")
    assert (settled(told, helped(3601)).units, len(told.facts)) == (0, 2)


def test_r03_r04_a_start_outside_hours_or_slot_is_said_and_costs_the_same() -> None:
    for hours, slot, flags in (
        (True, False, {Flag.OUTSIDE_HOURS}),
        (False, True, {Flag.OUTSIDE_SLOT}),
        (True, True, {Flag.OUTSIDE_HOURS, Flag.OUTSIDE_SLOT}),
    ):
        told = Told().tell(
            FactKind.OUTSIDE, Side.RELAY, session="0" * 32, hours=hours, slot=slot
        )
        result = settled(told.session(), helped(600))
        assert set(result.flags) == flags
        assert result.amount_cents == 2500


# --- never above the letter ---------------------------------------------------------

_SAY = {
    "slot": lambda told: told.slot(),
    "attempt": lambda told: told.attempts(1),
    "no_show": lambda told: told.no_show(),
    "early": lambda told: told.early_start(),
    "known": lambda told: told.acknowledged(),
    "done": lambda told: told.performed(),
    "withdrawn": lambda told: told.withdrawn(),
    "again": lambda told: told.follow_up(),
    "released": lambda told: told.released(),
    "minimum": lambda told: told.tell(FactKind.MINIMUM_DUE, reason="Oui"),
    "less": lambda told: told.tell(FactKind.CORRECTED, less_units=1, reason="Oui"),
}


@given(
    script=steps,
    end=ends,
    said=st.lists(st.sampled_from(sorted(_SAY)), max_size=8),
    at=st.integers(SLOT_MS - HOUR_MS, SLOT_MS + 9 * 24 * HOUR_MS),
)
def test_no_facts_make_anything_dearer_than_the_letter_of_the_terms(
    script: list[Step], end: str, said: Sequence[str], at: int
) -> None:
    entries = play(script, end, LAW_CORRECTED_2026).journal.entries
    told = Told(at).session()
    for word in said:
        _SAY[word](told)
    result = settle([entries], told.facts, LAW_CORRECTED_2026, TARIFF)
    letter = rate(tally([entries], AS_WRITTEN_2021), AS_WRITTEN_2021, TARIFF)
    most = letter.amount_cents
    if result.due is Due.NO_SHOW:
        most = 2 * TARIFF.price_cents
        assert Flag.REVIEW in result.flags
    assert 0 <= result.amount_cents <= most
