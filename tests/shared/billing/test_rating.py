"""What an engagement comes to: the table of billing_legal.md 3.2, row by row."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from cordee_shared.billing.policy import (
    AS_WRITTEN_2021,
    LAW_CORRECTED_2026,
    Policy,
    Tariff,
    tariff_at,
)
from cordee_shared.billing.rating import Rating, begun_units, rate
from cordee_shared.billing.tally import Flag, tally
from cordee_shared.session.states import Event, Remark, Side
from tests.shared.journals import (
    CUSTOMER,
    MINUTE,
    SECOND,
    TARIFF,
    TECHNICIAN,
    Journal,
    helped,
)

PARIS = ZoneInfo("Europe/Paris")


def rated(
    journals: Journal | Sequence[Journal],
    policy: Policy = LAW_CORRECTED_2026,
    tariff: Tariff = TARIFF,
) -> Rating:
    """Rate an engagement of these sessions."""
    several = [journals] if isinstance(journals, Journal) else journals
    return rate(tally([j.entries for j in several], policy), policy, tariff)


def paris_ms(*local: int, fold: int = 0) -> int:
    """Return the wall label of a local time in Paris."""
    year, month, day, hour, minute = local
    at = dt.datetime(year, month, day, hour, minute, fold=fold, tzinfo=PARIS)
    return int(at.timestamp() * 1000)


# --- no service ---------------------------------------------------------------------


def test_b01_a_refused_consent_costs_nothing() -> None:
    journal = Journal().pair().wait(300)
    journal.act(CUSTOMER, Remark.CONSENT_REFUSED, {"scope": "view", "why": "no"})
    assert rated(journal.end(reason="consent_denied")).units == 0


def test_b01_a_consent_that_timed_out_costs_nothing() -> None:
    journal = Journal().pair().wait(3600).end(Side.RELAY, "consent_expired")
    assert rated(journal).units == 0


def test_b01_time_before_control_is_lent_costs_nothing() -> None:
    result = rated(Journal().pair().grant_view().wait(3600).end())
    assert (result.seconds, result.units, result.flags) == (0, 0, frozenset())


def test_b04_our_own_failure_before_service_costs_nothing() -> None:
    stopped = Journal().pair().grant_view().wait(600).end(Side.RELAY, "relay_stopped")
    dead = Journal().pair().grant_view().wait(600).recover(boot="boot-2", at_us=5)
    assert [rated(journal).units for journal in (stopped, dead)] == [0, 0]
    assert rated(stopped).flags == {Flag.OWN_FAULT}


@pytest.mark.parametrize("policy", [LAW_CORRECTED_2026, AS_WRITTEN_2021])
def test_b04_our_own_failure_before_service_costs_nothing_under_any_policy(
    policy: Policy,
) -> None:
    journal = Journal().pair().grant_view().wait(600).end(Side.RELAY, "relay_stopped")
    assert rated(journal, policy).amount_cents == 0


# --- the threshold ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("us", "units"), [(12 * SECOND, 0), (59_900_000, 0), (60 * SECOND, 1)]
)
def test_b01_less_than_a_minute_of_service_costs_nothing(us: int, units: int) -> None:
    result = rated(helped(us=us))
    assert result.units == units
    assert (Flag.BELOW_MIN_SERVICE in result.flags) == (units == 0)


def test_b01_the_letter_of_the_terms_knows_no_threshold() -> None:
    assert rated(helped(12), AS_WRITTEN_2021).units == 1


@pytest.mark.parametrize("seconds", [10, 180])
def test_b04_a_technician_who_breaks_off_for_a_cause_is_due_the_minimum(
    seconds: int,
) -> None:
    journal = Journal().help().wait(seconds)
    result = rated(journal.end(TECHNICIAN, more={"interruption": "missing_licence"}))
    assert result.units == 1
    assert result.flags == {Flag.TECH_INTERRUPT}


def test_b04_a_technician_who_just_ends_is_under_the_threshold_like_anybody() -> None:
    assert rated(Journal().help().wait(10).end(TECHNICIAN)).units == 0


@pytest.mark.parametrize("cause", ["", "because", ["other"], {"other": 1}, None, 7])
def test_b04_a_cause_that_is_none_does_not_lift_the_threshold(cause: object) -> None:
    data = {"interruption": cause}
    journal = Journal().help().wait(10)
    result = rated(journal.end(TECHNICIAN, more=data))  # type: ignore[arg-type]  # hostile
    assert result.units == 0


def test_b04_the_customer_cannot_be_made_to_interrupt_for_the_technician() -> None:
    journal = Journal().help().wait(10).end(CUSTOMER, more={"interruption": "other"})
    assert rated(journal).units == 0


def test_b04_breaking_off_before_service_is_no_service() -> None:
    journal = Journal().pair().grant_view().wait(600)
    assert rated(journal.end(TECHNICIAN, more={"interruption": "unsafe"})).units == 0


@pytest.mark.parametrize(("free", "units"), [(True, 0), (False, 1)])
def test_b04_breaking_off_for_a_fault_of_ours_owes_no_minimum(
    free: bool, units: int
) -> None:
    policy = replace(LAW_CORRECTED_2026, own_fault_free=free)
    journal = Journal().help().wait(10)
    result = rated(journal.end(TECHNICIAN, more={"interruption": "own_fault"}), policy)
    assert result.units == units
    assert Flag.OWN_FAULT in result.flags


# --- rounding -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("us", "units"),
    [
        (29 * MINUTE + 59 * SECOND, 1),
        (30 * MINUTE, 1),
        (30 * MINUTE + 999_000, 1),
        (30 * MINUTE + SECOND, 2),
        (60 * MINUTE - 100_000, 2),
        (60 * MINUTE, 2),
        (60 * MINUTE + SECOND, 3),
    ],
)
def test_b02_a_half_hour_begun_is_due_and_the_second_is_whole(
    us: int, units: int
) -> None:
    result = rated(helped(us=us))
    assert (result.units, result.amount_cents) == (units, units * 2500)


def test_b02_the_minimum_may_be_more_than_one_unit() -> None:
    hour = replace(TARIFF, minimum_units=2)
    assert [begun_units(s, hour) for s in (0, 1, 1800, 3600, 3601)] == [2, 2, 2, 2, 3]


def test_b01_eight_hours_are_the_most_that_goes_out_unseen() -> None:
    result = rated(helped(us=480 * MINUTE))
    assert (result.units, result.is_parked) == (16, False)


def test_b01_more_than_eight_hours_wait_for_a_person() -> None:
    result = rated(helped(us=480 * MINUTE + SECOND))
    assert (result.units, result.is_parked) == (17, True)
    assert result.flags == {Flag.PARKED}


# --- what stops the meter -----------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "units"), [(LAW_CORRECTED_2026, 1), (AS_WRITTEN_2021, 2)]
)
def test_r26_taking_control_back_costs_nothing_unless_the_policy_says_so(
    policy: Policy, units: int
) -> None:
    journal = Journal().help().wait(20 * 60).reclaim().wait(5 * 60)
    journal.grant_control().wait(9 * 60).end()
    assert rated(journal, policy).units == units


def test_b02_twenty_minutes_and_eleven_are_rounded_once() -> None:
    journal = Journal().help().wait(20 * 60).act(CUSTOMER, Event.PAUSED).wait(600)
    journal.act(CUSTOMER, Event.CONTINUED).wait(11 * 60).end()
    assert (rated(journal).seconds, rated(journal).units) == (31 * 60, 2)


def test_b02_a_lost_link_costs_nothing_and_does_not_round_twice() -> None:
    journal = Journal().help().wait(14 * 60)
    alive = journal.at_us
    journal.wait(15).lose(customer_us=alive + 3 * SECOND, technician_us=alive)
    journal.wait(225).fact(Event.LINK_RESTORED).wait(15 * 60).end()
    assert (rated(journal).seconds, rated(journal).units) == (29 * 60, 1)


def test_b02_two_technicians_at_once_are_one_union() -> None:
    one = helped(25 * 60, number=1)
    two = Journal(2, at_us=10 * MINUTE).help().wait(18 * 60).end()
    assert (rated([one, two]).seconds, rated([one, two]).units) == (28 * 60, 1)


@pytest.mark.parametrize(
    ("checkpoint_s", "death_s", "units"),
    [(31 * 60, 31 * 60 + 10, 2), (29 * 60 + 59, 30 * 60 + 5, 1)],
)
def test_b04_a_dead_relay_bills_up_to_its_last_checkpoint(
    checkpoint_s: int, death_s: int, units: int
) -> None:
    journal = Journal().help().wait(checkpoint_s).checkpoint()
    journal.wait(death_s - checkpoint_s)
    assert rated(journal).units == units
    assert rated(journal.recover(boot="boot-2", at_us=3)).units == units


def test_b02_a_second_session_of_the_engagement_has_no_second_minimum() -> None:
    first = helped(10 * 60, number=1)
    next_day = Journal(2, boot="boot-2", at_us=7).help().wait(12 * 60).end()
    assert (rated([first, next_day]).units, rated(first).units) == (1, 1)


# --- clocks that lie ----------------------------------------------------------------


def test_b02_the_night_that_summer_time_ends_is_billed_as_it_was_lived() -> None:
    journal = Journal(at_ms=paris_ms(2026, 10, 25, 2, 50)).help().wait(20 * 60).end()
    assert journal.at_ms == paris_ms(2026, 10, 25, 2, 10, fold=1)
    assert (rated(journal).seconds, rated(journal).units) == (1200, 1)


def test_b02_the_night_that_summer_time_begins_is_billed_as_it_was_lived() -> None:
    journal = Journal(at_ms=paris_ms(2026, 3, 29, 1, 50)).help().wait(15 * 60).end()
    assert journal.at_ms == paris_ms(2026, 3, 29, 3, 5)
    assert (rated(journal).seconds, rated(journal).units) == (900, 1)


@pytest.mark.parametrize("hours", [-1, 1])
def test_b02_a_wall_clock_that_is_set_changes_a_flag_and_nothing_else(
    hours: int,
) -> None:
    journal = Journal().help().wait(600).step_wall(hours * 3_600_000).wait(600).end()
    result = rated(journal)
    assert (result.seconds, result.units) == (1200, 1)
    assert result.flags == {Flag.CLOCK_STEP}


@pytest.mark.parametrize(("seconds", "units"), [(30 * 60, 1), (30 * 60 + 1, 2)])
def test_b02_midnight_cuts_nothing(seconds: int, units: int) -> None:
    journal = Journal(at_ms=paris_ms(2026, 11, 23, 23, 50)).help().wait(seconds).end()
    counted = tally([journal.entries], LAW_CORRECTED_2026)
    assert rated(journal).units == units
    assert [(s.start_ms, s.end_ms) for s in counted.segments] == [
        (paris_ms(2026, 11, 23, 23, 50), journal.at_ms)
    ]


def test_r05_the_price_is_that_of_the_offer_and_not_of_the_session() -> None:
    new_year = paris_ms(2027, 1, 1, 0, 0)
    old = replace(TARIFF, valid_to_ms=new_year)
    new = replace(TARIFF, price_cents=3000, valid_from_ms=new_year)
    journal = Journal(at_ms=new_year - 600_000).help().wait(1200).end()
    row = tariff_at([old, new], "remote", new_year - 86_400_000)
    assert rated(journal, tariff=row).amount_cents == 2500


def test_b01_the_outcome_never_enters_the_formula() -> None:
    ends = [
        Journal().help().wait(600).end(side, reason)
        for side, reason in (
            (CUSTOMER, "customer_ended"),
            (TECHNICIAN, "technician_ended"),
            (Side.CUSTOMER, "violation"),
        )
    ]
    assert [rated(journal).units for journal in ends] == [1, 1, 1]
