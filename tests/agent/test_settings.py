"""What the agent is told at its start."""

from pathlib import Path

import pytest

from cordee_agent.settings import read_language, read_settings, state_folder
from cordee_shared.errors import SettingsError
from cordee_shared.limits import DEAD_ZONE_PX
from cordee_shared.session.consent import Language


def test_an_address_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    settings = read_settings("relay.example", "fr", "", None)
    assert settings.origin == "https://relay.example"
    assert settings.dead_zone_px == DEAD_ZONE_PX
    assert settings.pins.file.is_relative_to(state_folder())


@pytest.mark.parametrize(
    ("relay", "lang", "key", "dead_zone", "about"),
    [
        ("", "fr", "", None, "relay"),
        ("https://relay.example", "de", "", None, "lang"),
        ("https://relay.example", "fr", "short", None, "relay-key"),
        ("https://relay.example", "fr", "", -1, "dead-zone"),
        ("https://relay.example", "fr", "", 51, "dead-zone"),
    ],
)
def test_a_mistake_is_named(
    relay: str, lang: str, key: str, dead_zone: int | None, about: str
) -> None:
    with pytest.raises(SettingsError, match=about):
        read_settings(relay, lang, key, dead_zone)


def test_the_strict_setting_is_allowed() -> None:
    assert read_settings("https://relay.example", "fr", "", 0).dead_zone_px == 0


@pytest.mark.parametrize(
    ("system", "language"),
    [("fr_FR.UTF-8", Language.FR), ("de_DE.UTF-8", Language.EN)],
)
def test_the_language_is_the_systems(
    monkeypatch: pytest.MonkeyPatch, system: str, language: Language
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (system, None))
    assert read_language("") is language
