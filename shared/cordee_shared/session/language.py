"""The languages that people are asked in, and how each writes an amount and a day."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """Languages that a consent text exists in."""

    FR = "fr"
    EN = "en"


_MONTHS: Final = {
    Language.FR: (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
        *("septembre", "octobre", "novembre", "décembre"),
    ),
    Language.EN: (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
}


def money(cents: int, currency: str, language: Language) -> str:
    """Write an amount as the language does: ``25,00 €``, ``€25.00``."""
    sign = "€" if currency == "EUR" else currency
    whole, rest = divmod(cents, 100)
    if language is Language.FR:
        return f"{whole},{rest:02d}\u00a0{sign}"
    return f"{sign}{whole}.{rest:02d}"


def long_day(iso: str, language: Language) -> str:
    """Write a day as the language does: ``7 décembre 2026``, ``7 December 2026``.

    Raises:
        ValueError: ``iso`` is no day.
    """
    day = dt.date.fromisoformat(iso)
    first = "1er" if language is Language.FR and day.day == 1 else str(day.day)
    return f"{first} {_MONTHS[language][day.month - 1]} {day.year}"
