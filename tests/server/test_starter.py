from pathlib import Path

import pytest

from cordee_server.settings import load
from cordee_server.starter import starter
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
