"""The relay's key is remembered, and a change is never accepted in silence."""

from pathlib import Path

import pytest

from cordee_agent.pins import Pins, read_key
from cordee_shared.canonical import b64
from cordee_shared.errors import SettingsError

A, B = b64(b"a" * 32), b64(b"b" * 32)
RELAY = "https://relay.example"


def test_the_first_key_is_pinned_and_another_refused(tmp_path: Path) -> None:
    pins = Pins(tmp_path / "state" / "relays.json")
    assert pins.is_the_pinned(RELAY, A)
    assert Pins(pins.file).is_the_pinned(RELAY, A)
    assert not Pins(pins.file).is_the_pinned(RELAY, B)
    assert pins.is_the_pinned("https://another.example", B)


def test_s25_a_given_key_wins_over_what_was_seen(tmp_path: Path) -> None:
    pins = Pins(tmp_path / "relays.json", given=B)
    assert not pins.is_the_pinned(RELAY, A)
    assert pins.is_the_pinned(RELAY, B)
    assert not pins.file.exists()


@pytest.mark.parametrize("damaged", ["{", "[]"])
def test_a_damaged_file_is_said_and_kept(tmp_path: Path, damaged: str) -> None:
    file = tmp_path / "relays.json"
    file.write_text(damaged)
    with pytest.raises(SettingsError, match=r"relays\.json"):
        Pins(file).is_the_pinned(RELAY, A)
    assert file.read_text() == damaged


def test_a_key_has_one_form() -> None:
    assert read_key(A) == A
    for wrong in ("", "x", A[:-1], A + "="):
        with pytest.raises(SettingsError, match="relay-key"):
            read_key(wrong)
