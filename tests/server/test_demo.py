"""The demonstration: settings that hold, one account, parts that end."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cordee_server import demo
from cordee_server.settings import load
from cordee_shared.billing.provider import Provider
from cordee_shared.errors import SettingsError


@pytest.mark.slow
def test_the_first_run_writes_settings_that_the_relay_takes(tmp_path: Path) -> None:
    config = demo._settings(tmp_path / "data")
    settings = load(config, {})
    assert settings.provider.organisation == "Micro-Alpes"
    assert settings.relay_key_file.exists()
    written, key = config.read_bytes(), settings.relay_key_file.read_bytes()
    assert demo._settings(tmp_path / "data") == config
    assert config.read_bytes() == written
    assert settings.relay_key_file.read_bytes() == key


def test_R09_a_folder_of_a_former_version_gets_the_terms(tmp_path: Path) -> None:
    config = tmp_path / "cordee.toml"
    text = demo._SETTINGS.format(port=8080)
    config.write_text(text.replace('file = "terms.txt"\n', ""), encoding="utf-8")
    assert demo._settings(tmp_path) == config
    assert "1 - VALIDITE DU CONTRAT" in load(config, {}).terms_text()
    written = config.read_bytes()
    assert demo._settings(tmp_path).read_bytes() == written


def test_the_demonstrations_provider_is_whole_and_says_what_it_is() -> None:
    facts = Provider.from_toml(demo._provider())
    assert facts.demonstration
    assert facts.name == "Micro-Alpes"


@pytest.mark.slow
def test_there_is_one_first_technician(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = demo._settings(tmp_path)
    said: list[str] = []
    demo._first_technician(config, said.append)
    first = capfd.readouterr().out
    assert "Password:" in first
    assert "otpauth://totp/" in first
    assert said == []
    demo._first_technician(config, said.append)
    assert "Password:" not in capfd.readouterr().out
    assert said[0].startswith("Technician: claire, as before")


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="give another folder with --data"):
        demo._settings(tmp_path / "file" / "data")


def test_another_port_is_taken_when_8080_is_not_free() -> None:
    with socket.socket() as mine:
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            mine.bind(("127.0.0.1", 8080))
        except OSError:
            pass  # somebody else has it: as good
        else:
            mine.listen()
        assert demo._free_port() != 8080


@pytest.mark.slow
def test_a_part_is_asked_to_end_and_gone() -> None:
    with demo._part("sleeper", [sys.executable, "-c", "input()"]) as part:
        process = part.process
    assert process.returncode is not None


@pytest.mark.slow
def test_a_part_that_does_not_listen_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo, "FAREWELL_S", 0.2)
    deaf = (
        "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); signal.pause()"
    )
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"deaf\n"
    demo.Part("deaf", process).stop()
    process.stdout.close()
    assert process.returncode == -9


@pytest.mark.slow
def test_a_relay_that_ends_at_once_is_said() -> None:
    with demo._part("relay", [sys.executable, "-c", ""]) as part:
        part.process.wait()
        with pytest.raises(SettingsError, match="the relay did not start"):
            demo._wait_relay(part, "http://localhost:1")
