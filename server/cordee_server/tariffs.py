"""Tariffs as an operator writes them: rows of prices by day, made into exact ones.

The row in force at the date of the offer counts, never the session's (R05). A gap or
an overlap between rows of one tariff is refused before anything starts; so is a row
that does not say its increment and minimum (B03).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import msgspec

from cordee_shared.billing.policy import Tariff, check_rows
from cordee_shared.errors import BadInput, SettingsError
from cordee_shared.limits import TEXT_MAX

from .whereabouts import parse, read_text, sentence


class TariffRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One price, as the operator wrote it."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    #: What the technician chooses by.
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]
    #: All taxes included, for each begun unit.
    price_cents: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
    #: Seconds of one unit. No default: B03.
    unit_s: Annotated[int, msgspec.Meta(ge=60, le=86_400)]
    #: Units that are due as soon as any are. No default: B03.
    minimum_units: Annotated[int, msgspec.Meta(ge=1, le=48)]
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")] = "EUR"
    #: First day; without, from ever.
    valid_from: dt.date | None = None
    #: The day it does not count any more; without, it stays.
    valid_to: dt.date | None = None

    def exact(self, zone: ZoneInfo) -> Tariff:
        """Return the row with its days as moments: midnight in ``zone``."""

        def start(day: dt.date | None) -> int | None:
            if day is None:
                return None
            at = dt.datetime(day.year, day.month, day.day, tzinfo=zone)
            return max(0, int(at.timestamp() * 1000))

        return Tariff(
            id=self.id,
            label=self.label,
            price_cents=self.price_cents,
            currency=self.currency,
            unit_s=self.unit_s,
            minimum_units=self.minimum_units,
            valid_from_ms=start(self.valid_from) or 0,
            valid_to_ms=start(self.valid_to),
        )


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of prices."""

    #: Of the file's form; another one is refused, never guessed at.
    version: Literal[1]
    tariffs: Annotated[tuple[TariffRow, ...], msgspec.Meta(min_length=1)]


def read_tariffs(files: Sequence[Path]) -> tuple[TariffRow, ...]:
    """Read rows out of files of their own.

    Raises:
        SettingsError: which file, line and key, and what was expected.
    """
    rows: list[TariffRow] = []
    for file in files:
        text, where = read_text(file, "a file of tariffs"), str(file)
        try:
            rows += msgspec.convert(parse(text, where), _File).tariffs
        except msgspec.ValidationError as error:
            raise sentence(str(error), text, where, {}) from None
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class TariffBook:
    """All rows, by tariff and by day."""

    rows: tuple[Tariff, ...]

    @classmethod
    def of(cls, rows: Sequence[TariffRow], zone: str) -> Self:
        """Put rows in order.

        Raises:
            SettingsError: no row, or rows with a gap or an overlap.
            ZoneInfoNotFoundError: no such time zone.
        """
        if not rows:
            raise SettingsError("tariffs: expected at least one")
        ordered = sorted(rows, key=lambda row: (row.id, row.valid_from or dt.date.min))
        # The same as check_rows, said in the operator's days.
        for one, two in pairwise(ordered):
            if one.id == two.id and (
                one.valid_to is None or one.valid_to != two.valid_from
            ):
                raise SettingsError(
                    f"tariffs: {one.id}: expected one row's valid_to to be the next "
                    f"one's valid_from ({two.valid_from or 'none'}); "
                    f"got {one.valid_to or 'none'}"
                )
        try:
            return cls(check_rows(row.exact(ZoneInfo(zone)) for row in ordered))
        except SettingsError as error:
            raise SettingsError(f"tariffs: {error}") from None

    def in_force(self, at_ms: int) -> list[Tariff]:
        """Return the row of each tariff that is in force, by its id."""
        return [row for row in self.rows if row.is_in_force(at_ms)]

    def find(self, tariff: str, at_ms: int) -> Tariff:
        """Return the row of ``tariff`` in force at a moment.

        Raises:
            BadInput: there is none.
        """
        for row in self.in_force(at_ms):
            if row.id == tariff:
                return row
        raise BadInput("This tariff is not in force today. Choose another one.")
