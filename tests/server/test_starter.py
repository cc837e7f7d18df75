import re
from pathlib import Path

import pytest

from cordee_server.provider import TEMPLATE
from cordee_server.settings import load
from cordee_server.starter import provider_starter, starter
from cordee_shared.billing.provider import Provider
from cordee_shared.errors import SettingsError
from cordee_shared.limits import HALF_HOUR_S


@pytest.mark.parametrize(
    "name", ["Aide & Cie", 'L"atelier"', "Dépannage\\Nord", "a\tb\x7f", "漢字 🧗"]
)
def test_the_first_settings_work_as_they_are(tmp_path: Path, name: str) -> None:
    file = tmp_path / "cordee.toml"
    text = starter(
        organisation=name,
        phone="01 23 45 67 89",
        terms_version=name,
        terms_hash="0" * 64,
        price_cents=2500,
        port=9090,
    )
    file.write_text(text, encoding="utf-8")
    settings = load(file, {})
    assert settings.provider.organisation == name
    assert settings.terms.version == name
    assert settings.origin == "http://localhost:9090"
    (tariff,) = settings.tariff_book().in_force(0)
    assert (tariff.price_cents, tariff.unit_s) == (2500, HALF_HOUR_S)


def test_the_shipped_business_gets_what_its_terms_say() -> None:
    assert provider_starter("Micro-Alpes") == TEMPLATE.read_text(encoding="utf-8")


def test_another_business_gets_none_of_its_facts() -> None:
    with pytest.raises(SettingsError) as refused:
        Provider.from_toml(provider_starter('Aide "&" Cie'))
    for name in ("person", "siren", "address.lines", "phones", "email", "legal_form"):
        assert name in str(refused.value)
    assert " name," not in str(refused.value)
    assert "828971028" not in re.sub(
        r"^#.*$", "", provider_starter("Aide"), flags=re.MULTILINE
    )
