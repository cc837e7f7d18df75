"""How figures, moments and lengths of time are written in French documents.

Pure, and without the machine's locale: a document has the same bytes wherever it is
made. Spaces inside a figure are U+202F, before a unit U+00A0, as French typography
and the CLDR have it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from cordee_shared.billing.calendar import local

#: Between groups of three digits.
THIN: Final = "\u202f"
#: Between a figure and its unit.
HARD: Final = "\u00a0"

_MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def whole(number: int) -> str:
    """Write a whole number, its digits in groups of three."""
    return f"{number:,}".replace(",", THIN)


def money(cents: int, currency: str = "EUR") -> str:
    """Write an amount: ``1 250,50 €``."""
    sign = "-" if cents < 0 else ""
    units, rest = divmod(abs(cents), 100)
    symbol = "€" if currency == "EUR" else currency
    return f"{sign}{whole(units)},{rest:02}{HARD}{symbol}"


def percent(basis_points: int) -> str:
    """Write hundredths of a percent: ``20 %``, ``5,5 %``."""
    text = f"{basis_points // 100},{basis_points % 100:02}".rstrip("0").rstrip(",")
    return f"{text}{HARD}%"


def day(on: dt.date) -> str:
    """Write a day: ``1er décembre 2026``."""
    number = "1er" if on.day == 1 else str(on.day)
    return f"{number} {_MONTHS[on.month - 1]} {on.year}"


def date(at_ms: int, zone: dt.tzinfo) -> str:
    """Write the day on which a moment falls in ``zone``."""
    return day(local(at_ms, zone).date())


def clock(at_ms: int, zone: dt.tzinfo) -> str:
    """Write the time of day of a moment, to the second: ``10 h 03 min 07 s``."""
    at = local(at_ms, zone)
    return f"{at.hour}{HARD}h{HARD}{at.minute:02}{HARD}min{HARD}{at.second:02}{HARD}s"


def stamp(at_ms: int, zone: dt.tzinfo) -> str:
    """Write a moment as a table wants it: ``23/11/2026 10:03:07``."""
    return local(at_ms, zone).strftime("%d/%m/%Y %H:%M:%S")


def length(seconds: int) -> str:
    """Write a length of time: ``1 h 05 min 09 s``, ``5 min 09 s``, ``9 s``."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{whole(hours)}{HARD}h{HARD}{minutes:02}{HARD}min{HARD}{left:02}{HARD}s"
    if minutes:
        return f"{minutes}{HARD}min{HARD}{left:02}{HARD}s"
    return f"{left}{HARD}s"


def span(seconds: int) -> str:
    """Write the unit that a price is for: ``demi-heure``, ``heure``, ``15 min``."""
    named = {1800: "demi-heure", 3600: "heure", 900: "quart d’heure"}
    if seconds in named:
        return named[seconds]
    return f"{seconds // 60}{HARD}min" if seconds % 60 == 0 else length(seconds)
