import datetime as dt

import pytest

from cordee_shared.billing import french
from tests.shared.billing.papers import PARIS
from tests.shared.journals import WALL_MS


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00 €"),
        (5, "0,05 €"),
        (125_050, "1\u202f250,50\u00a0€"),
        (-2_500, "-25,00\u00a0€"),
        (100_000_000, "1\u202f000\u202f000,00\u00a0€"),
    ],
)
def test_amounts_are_written_as_the_cldr_has_them(cents: int, text: str) -> None:
    assert french.money(cents) == text.replace(" €", "\u00a0€")


def test_another_currency_is_named() -> None:
    assert french.money(100, "CHF") == "1,00\u00a0CHF"


def test_percents_lose_the_zeros_that_say_nothing() -> None:
    shown = [french.percent(rate) for rate in (2000, 550, 210, 0)]
    assert shown == ["20\u00a0%", "5,5\u00a0%", "2,1\u00a0%", "0\u00a0%"]


def test_the_first_of_a_month_is_its_first() -> None:
    assert french.day(dt.date(2026, 12, 1)) == "1er décembre 2026"
    assert french.day(dt.date(2026, 8, 31)) == "31 août 2026"


def test_moments_are_those_of_the_zones_wall() -> None:
    assert french.date(WALL_MS, PARIS) == "23 novembre 2026"
    assert french.clock(WALL_MS, PARIS).replace("\u00a0", " ") == "10 h 00 min 00 s"
    assert french.stamp(WALL_MS, PARIS) == "23/11/2026 10:00:00"


def test_lengths_are_to_the_second() -> None:
    shown = [
        french.length(s).replace("\u00a0", " ") for s in (0, 59, 61, 3_609, 36_000)
    ]
    assert shown == ["0 s", "59 s", "1 min 01 s", "1 h 00 min 09 s", "10 h 00 min 00 s"]


def test_a_price_is_for_a_unit_that_has_a_name() -> None:
    shown = [french.span(s).replace("\u00a0", " ") for s in (1800, 3600, 900, 600, 90)]
    assert shown == ["demi-heure", "heure", "quart d’heure", "10 min", "1 min 30 s"]
