"""Days as each language writes them; amounts are tested with the consent's words."""

import pytest

from cordee_shared.session.language import Language, long_day, money


@pytest.mark.parametrize(
    ("iso", "french", "english"),
    [
        ("2026-12-07", "7 décembre 2026", "7 December 2026"),
        ("2027-02-01", "1er février 2027", "1 February 2027"),
        ("2026-08-31", "31 août 2026", "31 August 2026"),
    ],
)
def test_a_day_is_written_in_full(iso: str, french: str, english: str) -> None:
    assert long_day(iso, Language.FR) == french
    assert long_day(iso, Language.EN) == english


def test_no_day_is_no_day() -> None:
    with pytest.raises(ValueError, match="month"):
        long_day("2026-13-01", Language.FR)


def test_an_amount_has_two_decimals() -> None:
    assert money(5, "EUR", Language.FR) == "0,05\u00a0€"
