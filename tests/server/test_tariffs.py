import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cordee_server.tariffs import TariffBook, TariffRow
from cordee_shared.errors import BadInput, SettingsError

PARIS = ZoneInfo("Europe/Paris")


def row(
    first: dt.date | None = None,
    until: dt.date | None = None,
    *,
    id: str = "remote",
    cents: int = 2500,
) -> TariffRow:
    return TariffRow(
        id=id,
        label="À distance",
        price_cents=cents,
        unit_s=1800,
        minimum_units=1,
        valid_from=first,
        valid_to=until,
    )


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Return a moment in Paris as Unix milliseconds."""
    there = dt.datetime(year, month, day, hour, minute, tzinfo=PARIS)
    return int(there.timestamp() * 1000)


def test_r05_the_row_of_the_offers_day_counts_from_midnight_to_midnight() -> None:
    new_year = dt.date(2027, 1, 1)
    book = TariffBook.of(
        [row(new_year, cents=3000), row(None, new_year)], "Europe/Paris"
    )
    assert book.find("remote", at(2026, 12, 31, 23, 59)).price_cents == 2500
    assert book.find("remote", at(2027, 1, 1)).price_cents == 3000
    assert [r.price_cents for r in book.in_force(at(2027, 6, 1))] == [3000]


@pytest.mark.parametrize("day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
def test_a_row_begins_at_midnight_also_when_the_clocks_change(day: dt.date) -> None:
    exact = row(day).exact(PARIS)
    assert exact.valid_from_ms == at(day.year, day.month, day.day)


@pytest.mark.parametrize(
    "rows",
    [
        [row(None, dt.date(2026, 1, 1)), row(dt.date(2026, 1, 2))],
        [row(None, dt.date(2026, 1, 2)), row(dt.date(2026, 1, 1))],
        [row(), row(dt.date(2026, 1, 1))],
        [row(), row()],
        [row(dt.date(2026, 1, 2), dt.date(2026, 1, 1))],
        [],
    ],
    ids=["gap", "overlap", "no end", "twice", "ends before it begins", "none"],
)
def test_r05_rows_with_a_gap_or_an_overlap_are_refused(rows: list[TariffRow]) -> None:
    with pytest.raises(SettingsError, match="tariff"):
        TariffBook.of(rows, "Europe/Paris")


def test_tariffs_of_different_names_stand_side_by_side() -> None:
    book = TariffBook.of([row(id="b"), row(id="a", cents=1)], "Europe/Paris")
    assert [r.id for r in book.in_force(at(2026, 1, 1))] == ["a", "b"]


def test_a_tariff_that_is_not_in_force_is_refused() -> None:
    book = TariffBook.of([row(dt.date(2027, 1, 1))], "Europe/Paris")
    for name, moment in (("remote", at(2026, 1, 1)), ("other", at(2028, 1, 1))):
        with pytest.raises(BadInput):
            book.find(name, moment)
