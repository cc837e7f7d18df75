import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cordee_server.tariffs import TariffBook, TariffRow, read_tariffs
from cordee_shared.errors import BadInput, SettingsError

OWN = """\
version = 1

[[tariffs]]
id = "remote"
label = "À distance"
price_cents = 2500
unit_s = 1800
minimum_units = 1
valid_to = 2027-01-01
"""
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


def test_R05_prices_stand_in_files_of_their_own(tmp_path: Path) -> None:
    old, new = tmp_path / "2026.toml", tmp_path / "2027.toml"
    old.write_text(OWN, encoding="utf-8")
    later = OWN.replace("valid_to", "valid_from").replace("2500", "3000")
    new.write_text(later, encoding="utf-8")
    book = TariffBook.of(read_tariffs([new, old]), "Europe/Paris")
    assert book.find("remote", at(2026, 12, 31)).price_cents == 2500
    assert book.find("remote", at(2027, 1, 1)).price_cents == 3000
    hashes = {one.hash for one in book.rows}
    assert len(hashes) == 2
    with pytest.raises(SettingsError, match="valid_to to be the next"):
        TariffBook.of(read_tariffs([old, old]), "Europe/Paris")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("version = 1", "version = 2", "line 1: version: "),
        ("version = 1", "", "version: expected, and missing"),
        ("unit_s = 1800\n", "", "tariffs.0.unit_s: expected, and missing"),
        ("minimum_units = 1\n", "", "tariffs.0.minimum_units: expected, and missing"),
        ("unit_s = 1800", "units = 1800", "line 7: tariffs.0.units: no such setting"),
        ("price_cents = 2500", 'price_cents = "25"', "line 6: tariffs.0.price_cents"),
        ("[[tariffs]]", "[[", "expected TOML"),
    ],
)
def test_B03_each_mistake_in_a_file_has_its_sentence(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    file = tmp_path / "tariffs.toml"
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_tariffs([file])
    assert str(refused.value).startswith(str(file))
    assert sentence in str(refused.value)


def test_a_file_of_prices_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected a file of tariffs"):
        read_tariffs([tmp_path / "none.toml"])
