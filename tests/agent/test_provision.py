"""How a downloaded file knows whom to call."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_agent.provision import this_program, told_by
from cordee_agent.settings import read_settings
from cordee_shared.canonical import b64
from cordee_shared.errors import SettingsError
from cordee_shared.provision import SIDECAR, Provision

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PK = b64(KEY.public_key().public_bytes_raw())
NAMED = Provision("https://named.example.fr", PK)
BESIDE = Provision("https://beside.example.fr", PK, "Aide & Cie", "04 50 00 00 00")


def test_a_plain_program_alone_knows_nothing(tmp_path: Path) -> None:
    assert told_by(tmp_path / "cordee-agent") is None


def test_a_sidecar_is_read(tmp_path: Path) -> None:
    (tmp_path / SIDECAR).write_bytes(BESIDE.sidecar(KEY))
    assert told_by(tmp_path / "cordee-agent") == BESIDE


def test_s25_what_lies_in_the_same_folder_does_not_change_a_named_program(
    tmp_path: Path,
) -> None:
    (tmp_path / SIDECAR).write_bytes(BESIDE.sidecar(KEY))
    assert told_by(tmp_path / NAMED.file_name("cordee-agent.exe")) == NAMED


def test_s25_a_sidecar_that_was_changed_stops_the_program(tmp_path: Path) -> None:
    (tmp_path / SIDECAR).write_bytes(
        BESIDE.sidecar(KEY).replace(b"beside.example", b"others.example")
    )
    with pytest.raises(SettingsError, match="not as your provider made it"):
        told_by(tmp_path / "cordee-agent")


def test_an_installed_package_is_no_file_that_tells() -> None:
    assert this_program() is None


def test_a_bundle_of_macos_is_called_as_its_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = NAMED.file_name("Cordee.app")
    inside = Path("/Applications") / name / "Contents" / "MacOS" / "cordee-agent"
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(inside))
    program = this_program()
    assert program is not None
    assert program.name == name
    assert told_by(program) == NAMED


def test_the_relay_and_its_key_are_those_the_file_tells(tmp_path: Path) -> None:
    program = tmp_path / NAMED.file_name("cordee-agent")
    settings = read_settings("", "fr", "", None, program)
    assert settings.origin == NAMED.origin
    assert settings.pins.given == PK


def test_an_address_given_by_hand_comes_without_the_files_key(tmp_path: Path) -> None:
    program = tmp_path / NAMED.file_name("cordee-agent")
    settings = read_settings("https://other.example.fr", "fr", "", None, program)
    assert settings.origin == "https://other.example.fr"
    assert settings.pins.given == ""
