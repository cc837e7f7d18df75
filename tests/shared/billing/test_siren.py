"""The terms' "Siret" has nine digits: it is a SIREN, and its check digit fits."""

import pytest

from cordee_shared.billing.siren import is_siren, is_siret, luhn, vat_number_of


def test_L13_the_number_in_the_terms_is_a_siren() -> None:
    assert is_siren("828971028")
    assert not is_siret("828971028", "828971028")


@pytest.mark.parametrize("place", range(9))
def test_L13_any_one_wrong_digit_is_found(place: int) -> None:
    right = "828971028"
    for digit in "0123456789":
        text = right[:place] + digit + right[place + 1 :]
        assert is_siren(text) == (text == right)


def test_L13_what_is_no_number_is_none() -> None:
    for odd in ("828 971 028", "٨٢٨٩٧١٠٢٨", "", 828971028, None):
        assert not is_siren(odd)


def test_a_place_belongs_to_its_company() -> None:
    assert luhn("73282932000074")
    assert is_siret("73282932000074", "732829320")
    assert not is_siret("73282932000074", "828971028")
    assert not is_siret("73282932000075", "732829320")


def test_the_vat_number_is_that_of_a_known_company() -> None:
    assert vat_number_of("732829320") == "FR44732829320"
