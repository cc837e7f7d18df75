"""Days that the law and the terms count by: holidays, opening hours, time limits.

Pure: a zone is an argument (``ZoneInfo("Europe/Paris")``), and so is every moment.
Nothing here stops anything; it flags, and it computes time limits.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY: Final = dt.timedelta(days=1)
_SATURDAY: Final = 5
_SUNDAY: Final = 6

#: L221-18: days after the one on which the contract was concluded.
LAW_DAYS: Final = 14
#: Terms, 2.4: "sept jours francs"; neither the first day nor the last one counts.
TERMS_CLEAR_DAYS: Final = 7
#: L221-20: so many months more for whoever was not told of the right.
UNINFORMED_MONTHS: Final = 12
#: Terms, 10.5: working days to come again after a notice under the guarantee.
FOLLOW_UP_WORKING_DAYS: Final = 10


@cache
def holidays(year: int, *, alsace_moselle: bool = False) -> frozenset[dt.date]:
    """Return the legal holidays of France (L3133-1), by the Gregorian computus.

    Good from 1983, when 8 May came back; between 2005 and 2007 Whit Monday was in
    dispute and is in here. Alsace-Moselle keeps Good Friday and 26 December as well.
    """
    easter = _easter(year)
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    days = {dt.date(year, month, day) for month, day in fixed}
    days |= {easter + n * _DAY for n in (1, 39, 50)}
    if alsace_moselle:
        days |= {easter - 2 * _DAY, dt.date(year, 12, 26)}
    return frozenset(days)


def _easter(year: int) -> dt.date:
    """Return Easter Sunday (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def is_working_day(day: dt.date, *, alsace_moselle: bool = False) -> bool:
    """Tell whether a time limit may end on ``day`` (L221-19)."""
    free = day in holidays(day.year, alsace_moselle=alsace_moselle)
    return day.weekday() < _SATURDAY and not free


def local(at_ms: int, zone: dt.tzinfo) -> dt.datetime:
    """Return what a clock on the wall showed, exactly."""
    return (_EPOCH + dt.timedelta(milliseconds=at_ms)).astimezone(zone)


def service_date(started_ms: int, zone: dt.tzinfo) -> dt.date:
    """Return the date of a service: the local day on which it began (3.2).

    Work over midnight is one line of the day on which it began; the record's period
    still says both ends.
    """
    return local(started_ms, zone).date()


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When the provider can be called (terms, 2.2 and 2.4): half open, by the wall."""

    zone: dt.tzinfo
    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(20)
    alsace_moselle: bool = False

    def is_open(self, at_ms: int) -> bool:
        """Tell whether ``at_ms`` is within them: a flag, never a bar (R04)."""
        at = local(at_ms, self.zone)
        if at.weekday() == _SUNDAY:
            return False
        if at.date() in holidays(at.year, alsace_moselle=self.alsace_moselle):
            return False
        return self.opens <= at.time() < self.closes


@dataclass(frozen=True, slots=True)
class Slot:
    """The agreed day and hour of an appointment, Unix milliseconds."""

    from_ms: int
    until_ms: int
    #: So much earlier is still on time (R03).
    grace_ms: int = 15 * 60_000

    def holds(self, at_ms: int) -> bool:
        """Tell whether a start at ``at_ms`` is within it: a flag, never a bar (R03)."""
        return self.from_ms - self.grace_ms <= at_ms <= self.until_ms


def terms_deadline(concluded: dt.date, *, alsace_moselle: bool = False) -> dt.date:
    """Return the last day to withdraw by the terms: seven clear days (2.4)."""
    last = concluded + (TERMS_CLEAR_DAYS + 1) * _DAY
    return _first_working(last, alsace_moselle)


def law_deadline(
    concluded: dt.date, *, informed: bool = True, alsace_moselle: bool = False
) -> dt.date:
    """Return the last day to withdraw by the law (L221-18, -19, -20).

    The day of conclusion does not count; a last day that is no working day moves to
    the next one. Whoever was not informed has twelve months more.
    """
    last = concluded + LAW_DAYS * _DAY
    if not informed:
        last = _months_later(last, UNINFORMED_MONTHS)
    return _first_working(last, alsace_moselle)


def withdrawal_deadline(
    concluded: dt.date, *, informed: bool = True, alsace_moselle: bool = False
) -> dt.date:
    """Return the last day on which a consumer may withdraw: the later of both (R12)."""
    return max(
        terms_deadline(concluded, alsace_moselle=alsace_moselle),
        law_deadline(concluded, informed=informed, alsace_moselle=alsace_moselle),
    )


def follow_up_deadline(notified: dt.date, *, alsace_moselle: bool = False) -> dt.date:
    """Return the last day to come again after a notice: ten working days (B06)."""
    day, left = notified, FOLLOW_UP_WORKING_DAYS
    while left:
        day += _DAY
        left -= is_working_day(day, alsace_moselle=alsace_moselle)
    return day


def _first_working(day: dt.date, alsace_moselle: bool) -> dt.date:
    while not is_working_day(day, alsace_moselle=alsace_moselle):
        day += _DAY
    return day


def _months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or that month's last one."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=day.year + years, month=month + 1, day=last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
