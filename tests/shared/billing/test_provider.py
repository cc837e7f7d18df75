"""Who bills: every legal fact there and right, or one sentence that says which not."""

from typing import Any

import pytest

from cordee_shared.billing.provider import (
    LEGAL_FORMS,
    Provider,
    VatMention,
    VatRegime,
)
from cordee_shared.billing.siren import vat_number_of
from cordee_shared.canonical import canonical, read_canonical
from cordee_shared.errors import SettingsError

WHOLE = """\
name = "Micro-Alpes"
person = "Lemaistre Olivier"
legal_form = "EI"
siren = "828971028"
ape = "6202A"
phones = ["06 86 22 95 74", "04 79 07 11 96"]
email = "contact@micro-alpes.fr"
payment_means = ["transfer"]

[address]
lines = ["Les Carcavelles A3"]
postcode = "73210"
city = "LANDRY"

[vat]
regime = "franchise"

[[vat.mentions]]
text = "TVA non applicable, art. 293 B du CGI"
valid_to = 2026-09-01

[[vat.mentions]]
text = "TVA non applicable (franchise en base)"
valid_from = 2026-09-01

[mediator]
name = "Médiateur d'essai"
address = "1 rue de l'Essai, 75000 Paris"
website = "https://mediateur.example"
"""


def but(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_a_whole_file_is_read_and_survives_its_canonical_form() -> None:
    one = Provider.from_toml(WHOLE)
    assert one.legal_name == "Lemaistre Olivier EI"
    assert one.vat.regime is VatRegime.FRANCHISE
    assert one.address.country == "FR"
    assert Provider.read(one.canonical()) == one
    assert Provider.read(one.canonical()).hash == one.hash


def test_L15_the_exemption_mention_depends_on_the_day() -> None:
    vat = Provider.from_toml(WHOLE).vat
    assert vat.mention_on("2026-08-31") == "TVA non applicable, art. 293 B du CGI"
    assert vat.mention_on("2026-09-01") == "TVA non applicable (franchise en base)"


def test_L15_a_day_without_a_mention_is_refused_not_guessed() -> None:
    text = but(
        "valid_from = 2026-09-01", "valid_from = 2026-09-01\nvalid_to=2028-01-01"
    )
    with pytest.raises(SettingsError, match="none is in force on 2028-01-01"):
        Provider.from_toml(text).vat.mention_on("2028-01-01")


def test_every_fact_that_is_missing_is_named_in_one_sentence() -> None:
    text = but('legal_form = "EI"\n', "").replace('regime = "franchise"\n', "")
    text = text[: text.index("[mediator]")]
    with pytest.raises(SettingsError) as refused:
        Provider.from_toml(text, "p.toml")
    assert str(refused.value) == (
        "p.toml: billing cannot start; missing: legal_form, vat.regime, "
        "mediator.name, mediator.address, mediator.website"
    )


MISTAKES = {
    "a SIREN of the wrong length (L13)": (
        "828971028",
        "82897102",
        "siren: expected 9 digits",
    ),
    "a SIREN whose check digit is wrong (L13)": (
        "828971028",
        "828971029",
        "siren: expected 9 digits",
    ),
    "a SIRET where the SIREN goes (L13)": (
        "828971028",
        "82897102800011",
        "goes into siret",
    ),
    "no such legal form (L14)": ('"EI"', '"gérant"', "legal_form: expected one of EI"),
    "a company without its register": ('"EI"', '"SARL"', "registration: expected"),
    "no such regime (B09)": (
        '"franchise"',
        '"none"',
        "vat.regime: expected franchise or standard",
    ),
    "VAT under franchise": (
        'regime = "franchise"',
        'regime = "franchise"\nrate_bp = 2000',
        "vat.rate_bp: expected none under franchise",
    ),
    "a VAT number that is another's": (
        'regime = "franchise"',
        'regime = "franchise"\nnumber = "FR00828971028"',
        "vat.number: expected FR",
    ),
    "standard VAT without a rate": (
        '"franchise"',
        '"standard"',
        "vat: expected rate_bp and number",
    ),
    "a gap between mentions": (
        "valid_from = 2026-09-01",
        "valid_from = 2026-10-01",
        "vat.mentions: expected one row's valid_to",
    ),
    "a mention without a day's form": (
        "valid_to = 2026-09-01",
        'valid_to = "en 2026"',
        "vat.mentions: expected days like",
    ),
    "cash at a distance (B07)": ('"transfer"', '"cash"', "payment_means: expected"),
    "no e-mail": ("contact@micro-alpes.fr", "contact", "email: expected an e-mail"),
    "a mediator without an address on the web": (
        "https://mediateur.example",
        "chez lui",
        "mediator.website: expected",
    ),
    "an unknown key": (
        'ape = "6202A"',
        'naf = "6202A"',
        "naf: is no key; there are name",
    ),
    "a code that is none": ("6202A", "62.02", "ape: expected a code"),
    "a country in words": (
        'city = "LANDRY"',
        'city = "LANDRY"\ncountry = "France"',
        "address.country: expected two capitals",
    ),
    "a list that is none": (
        'phones = ["06 86 22 95 74", "04 79 07 11 96"]',
        'phones = "06"',
        "phones: expected a list",
    ),
    "a line break in a name": (
        '"Micro-Alpes"',
        '"Micro\\nAlpes"',
        "name: expected a text",
    ),
    "a demonstration of no sense": (
        'ape = "6202A"',
        "demonstration = 1",
        "demonstration: expected true or false",
    ),
    "no TOML": ("[mediator]", "[mediator", "expected TOML"),
}


@pytest.mark.parametrize("case", MISTAKES, ids=str)
def test_each_mistake_has_its_sentence(case: str) -> None:
    old, new, sentence = MISTAKES[case]
    with pytest.raises(SettingsError) as refused:
        Provider.from_toml(but(old, new))
    assert str(refused.value).startswith("provider.toml: ")
    assert sentence in str(refused.value)


def test_a_siret_has_to_begin_with_the_siren() -> None:
    for siret in ("82897102800011", "73282932000074"):
        with pytest.raises(SettingsError, match="siret: expected 14 digits"):
            Provider.from_toml(but('ape = "6202A"', f'siret = "{siret}"'))


def test_a_company_prints_its_form_and_standard_vat_its_number() -> None:
    text = (
        but('"EI"', '"SARL"')
        .replace('ape = "6202A"', 'registration = "RCS Chambéry, capital 1 000 €"')
        .replace('regime = "franchise"', 'regime = "standard"\nrate_bp = 2000')
    )
    start, end = text.index("[[vat.mentions]]"), text.index("[mediator]")
    number = vat_number_of("828971028")
    text = f'{text[:start]}number = "{number}"\n{text[end:]}'
    one = Provider.from_toml(text)
    assert one.legal_name == "Micro-Alpes SARL"
    assert one.vat.mention_on("2026-12-01") == ""


def test_its_bytes_do_not_depend_on_how_a_day_was_written() -> None:
    quoted = but("2026-09-01", '"2026-09-01"')
    assert Provider.from_toml(quoted).hash == Provider.from_toml(WHOLE).hash
    mention = Provider.from_toml(quoted).vat.mentions[0]
    assert mention == VatMention(
        text="TVA non applicable, art. 293 B du CGI", valid_to="2026-09-01"
    )


@pytest.mark.parametrize("form", LEGAL_FORMS)
def test_every_form_is_printed(form: str) -> None:
    text = but('"EI"', f'"{form}"').replace(
        'ape = "6202A"', 'registration = "RCS Chambéry"'
    )
    assert form in Provider.from_toml(text).legal_name


def test_another_version_is_refused() -> None:
    value: dict[str, Any] = read_canonical(Provider.from_toml(WHOLE).canonical())
    with pytest.raises(SettingsError, match="not of version 1"):
        Provider.read(canonical(value | {"v": 2}))
