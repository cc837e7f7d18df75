"""Tariffs: rows of prices, each valid from one day up to another.

The row in force at the date of the offer counts, never the session's (R05). A gap or
an overlap between rows of one tariff is refused before anything starts; so is a row
that does not say its increment and minimum (B03).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import msgspec

from cordee_shared.canonical import canonical, sha256_hex
from cordee_shared.errors import BadInput, SettingsError
from cordee_shared.limits import TEXT_MAX


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
    #: First day, and the day it does not count any more; open without.
    valid_from: dt.date = dt.date(1970, 1, 2)
    valid_to: dt.date | None = None

    @property
    def hash(self) -> str:
        """SHA-256 over every field."""
        until = self.valid_to.isoformat() if self.valid_to else ""
        return sha256_hex(
            canonical(
                {
                    "id": self.id,
                    "label": self.label,
                    "price_cents": self.price_cents,
                    "unit_s": self.unit_s,
                    "minimum_units": self.minimum_units,
                    "currency": self.currency,
                    "valid_from": self.valid_from.isoformat(),
                    "valid_to": until,
                }
            )
        )


@dataclass(frozen=True, slots=True)
class TariffBook:
    """All rows, by tariff and by day, with the moments they are in force."""

    #: First and first-not millisecond of each row; ``None``: open.
    _rows: tuple[tuple[int, int | None, TariffRow], ...]

    @classmethod
    def of(cls, rows: Sequence[TariffRow], zone: str) -> Self:
        """Put rows in order.

        Raises:
            SettingsError: no row, or rows with a gap or an overlap.
            ZoneInfoNotFoundError: no such time zone.
        """
        if not rows:
            raise SettingsError("tariffs: expected at least one")
        midnight = ZoneInfo(zone)
        ordered = sorted(rows, key=lambda row: (row.id, row.valid_from))
        for row in ordered:
            if row.valid_to is not None and row.valid_to <= row.valid_from:
                raise SettingsError(
                    f"tariffs.{row.id}: expected valid_to after {row.valid_from}"
                )
        for one, two in pairwise(ordered):
            if one.id == two.id and one.valid_to != two.valid_from:
                raise SettingsError(
                    f"tariffs.{one.id}: expected the row of {one.valid_from} to be "
                    f"valid_to {two.valid_from}, where the next begins; "
                    f"got {one.valid_to or 'no end'}"
                )

        def start(day: dt.date) -> int:
            at = dt.datetime(day.year, day.month, day.day, tzinfo=midnight)
            return int(at.timestamp() * 1000)

        return cls(
            tuple(
                (
                    start(row.valid_from),
                    None if row.valid_to is None else start(row.valid_to),
                    row,
                )
                for row in ordered
            )
        )

    def in_force(self, at_ms: int) -> list[TariffRow]:
        """Return the row of each tariff that is in force, by its id."""
        return [
            row
            for first, until, row in self._rows
            if first <= at_ms and (until is None or at_ms < until)
        ]

    def find(self, tariff: str, at_ms: int) -> TariffRow:
        """Return the row of ``tariff`` in force at a moment.

        Raises:
            BadInput: there is none.
        """
        for row in self.in_force(at_ms):
            if row.id == tariff:
                return row
        raise BadInput("This tariff is not in force today. Choose another one.")
