"""The numbers that France gives companies, and the check they carry (L13)."""

from __future__ import annotations

from typing import Final

#: Digits of a company's number, and of one of its places.
SIREN_DIGITS: Final = 9
SIRET_DIGITS: Final = 14


def luhn(digits: str) -> bool:
    """Tell whether digits pass the check that SIREN and SIRET carry."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_siren(text: object) -> bool:
    """Tell whether ``text`` is a company's number: nine digits that fit."""
    return _is_number(text, SIREN_DIGITS)


def is_siret(text: object, siren: str) -> bool:
    """Tell whether ``text`` is the number of a place of the company ``siren``."""
    return _is_number(text, SIRET_DIGITS) and str(text).startswith(siren)


def vat_number_of(siren: str) -> str:
    """Return the French intra-Community number that goes with a SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _is_number(text: object, digits: int) -> bool:
    return (
        isinstance(text, str)
        and len(text) == digits
        and text.isascii()
        and text.isdigit()
        and luhn(text)
    )
