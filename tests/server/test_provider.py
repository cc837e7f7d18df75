"""The provider's file: what ships, and what is said when it is not filled in."""

from pathlib import Path

import pytest

from cordee_server.provider import TEMPLATE, read_provider
from cordee_shared.billing.provider import Provider
from cordee_shared.errors import SettingsError

FACTS = (
    ('# legal_form = "EI"', 'legal_form = "EI"'),
    ('# regime = "franchise"', 'regime = "franchise"'),
    ('# name = ""', 'name = "Médiateur d\'essai"'),
    ('# address = ""', 'address = "1 rue de l\'Essai, Paris"'),
    ('# website = "https://…"', 'website = "https://mediateur.example"'),
)


def filled() -> str:
    text = TEMPLATE.read_text(encoding="utf-8")
    for old, new in FACTS:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def test_the_shipped_file_lacks_exactly_what_the_terms_do_not_say() -> None:
    with pytest.raises(SettingsError) as refused:
        read_provider(TEMPLATE)
    assert str(refused.value) == (
        f"{TEMPLATE}: billing cannot start; missing: legal_form, vat.regime, "
        "mediator.name, mediator.address, mediator.website"
    )


def test_the_shipped_file_filled_in_is_what_the_terms_say(tmp_path: Path) -> None:
    file = tmp_path / "provider.toml"
    file.write_text(filled(), encoding="utf-8")
    one = read_provider(file)
    assert isinstance(one, Provider)
    terms = (one.name, one.siren, one.ape, one.phones, one.email, one.address.city)
    assert terms == (
        "Micro-Alpes",
        "828971028",
        "6202A",
        ("06 86 22 95 74", "04 79 07 11 96"),
        "contact@micro-alpes.fr",
        "LANDRY",
    )


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="`cordee init` writes"):
        read_provider(tmp_path / "provider.toml")


def test_a_folder_and_other_letters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_provider(tmp_path)
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b'name = "\xe9"')
    with pytest.raises(SettingsError, match="expected TOML in UTF-8"):
        read_provider(odd)
