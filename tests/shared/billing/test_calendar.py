"""Days: against the ``holidays`` package, and against the dates of the reference."""

import datetime as dt

import holidays as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.calendar import (
    OpeningHours,
    Slot,
    follow_up_deadline,
    holidays,
    is_working_day,
    law_deadline,
    local,
    service_date,
    terms_deadline,
    withdrawal_deadline,
)
from tests.shared.told import PARIS, SLOT_MS, paris_ms

HOURS = OpeningHours(PARIS)
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# --- holidays -----------------------------------------------------------------------


@pytest.mark.parametrize("alsace", [False, True])
def test_r04_the_holidays_are_those_that_everybody_knows(alsace: bool) -> None:
    region = "57" if alsace else None
    wrong = {
        year
        for year in range(1983, 2101)
        if holidays(year, alsace_moselle=alsace)
        != set(oracle.country_holidays("FR", subdiv=region, years=year))
    }
    # Whit Monday was in dispute then (law of 30 June 2004, taken back in 2008).
    assert wrong == {2005, 2006, 2007}


def test_r04_there_are_eleven_and_two_more_in_alsace() -> None:
    assert len(holidays(2026)) == 11
    more = holidays(2026, alsace_moselle=True) - holidays(2026)
    assert more == {day("2026-04-03"), day("2026-12-26")}


# --- opening hours ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("local_time", "is_open"),
    [
        ((2026, 11, 23, 8, 59, 59), False),
        ((2026, 11, 23, 9, 0, 0), True),
        ((2026, 11, 23, 19, 59, 59), True),
        ((2026, 11, 23, 20, 0, 0), False),
        ((2026, 11, 21, 10, 0, 0), True),  # a Saturday
        ((2026, 11, 22, 10, 0, 0), False),  # a Sunday
        ((2026, 11, 11, 10, 0, 0), False),
        ((2026, 4, 6, 10, 0, 0), False),  # Easter Monday
        ((2027, 5, 6, 10, 0, 0), False),  # Ascension
        ((2026, 10, 26, 9, 0, 0), True),  # the first day of winter time
        ((2026, 3, 30, 8, 59, 59), False),  # the first day of summer time
        ((2026, 3, 30, 9, 0, 0), True),
    ],
)
def test_r04_the_hours_are_half_open_and_by_the_wall(
    local_time: tuple[int, ...], is_open: bool
) -> None:
    assert HOURS.is_open(paris_ms(*local_time)) is is_open


def test_r04_alsace_rests_on_good_friday() -> None:
    friday = paris_ms(2026, 4, 3, 10)
    assert HOURS.is_open(friday)
    assert not OpeningHours(PARIS, alsace_moselle=True).is_open(friday)


@pytest.mark.parametrize(
    ("minutes", "is_within"),
    [(-16, False), (-15, True), (0, True), (120, True), (121, False)],
)
def test_r03_a_quarter_of_an_hour_early_is_on_time(
    minutes: int, is_within: bool
) -> None:
    slot = Slot(SLOT_MS, SLOT_MS + 2 * 3_600_000)
    assert slot.holds(SLOT_MS + minutes * 60_000) is is_within


# --- the date of a service ----------------------------------------------------------


@pytest.mark.parametrize(
    ("local_time", "expected"),
    [
        ((2026, 11, 23, 23, 50), "2026-11-23"),
        ((2026, 11, 24, 0, 0), "2026-11-24"),
        ((2026, 12, 31, 23, 59), "2026-12-31"),
        ((2026, 10, 25, 2, 50), "2026-10-25"),
        ((2026, 3, 29, 1, 50), "2026-03-29"),
    ],
)
def test_b02_a_service_is_dated_by_the_local_day_on_which_it_began(
    local_time: tuple[int, ...], expected: str
) -> None:
    assert service_date(paris_ms(*local_time), PARIS) == day(expected)


def test_b02_midnight_in_paris_is_not_midnight_in_greenwich() -> None:
    just_after = paris_ms(2026, 7, 1, 0, 30)
    assert local(just_after, dt.UTC).date() == day("2026-06-30")
    assert service_date(just_after, PARIS) == day("2026-07-01")


# --- withdrawal ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("concluded", "by_terms", "by_law"),
    [
        ("2026-11-20", "2026-11-30", "2026-12-04"),
        ("2026-10-28", "2026-11-05", "2026-11-12"),
        ("2026-12-11", "2026-12-21", "2026-12-28"),
        ("2026-12-18", "2026-12-28", "2027-01-04"),
    ],
)
def test_r12_both_limits_are_computed_and_the_later_one_applies(
    concluded: str, by_terms: str, by_law: str
) -> None:
    contract = day(concluded)
    assert terms_deadline(contract) == day(by_terms)
    assert law_deadline(contract) == day(by_law)
    assert withdrawal_deadline(contract) == day(by_law)


def test_r12_who_was_not_informed_has_twelve_months_more() -> None:
    assert law_deadline(day("2026-11-20"), informed=False) == day("2027-12-06")
    assert withdrawal_deadline(day("2024-02-15"), informed=False) == day("2025-02-28")


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.booleans())
def test_r12_a_limit_ends_on_a_working_day_and_never_early(
    concluded: dt.date, informed: bool
) -> None:
    last = withdrawal_deadline(concluded, informed=informed)
    assert is_working_day(last)
    assert (last - concluded).days >= 14
    assert last >= terms_deadline(concluded)


def test_b06_coming_again_is_due_within_ten_working_days() -> None:
    assert follow_up_deadline(day("2026-11-23")) == day("2026-12-07")
    # Christmas, New Year's Day and three week-ends lie between.
    assert follow_up_deadline(day("2026-12-21")) == day("2027-01-06")
