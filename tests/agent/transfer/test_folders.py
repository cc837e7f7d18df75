"""Files go where the customer's desktop puts downloads."""

from __future__ import annotations

from pathlib import Path

import pytest

from cordee_agent.transfer.folders import downloads


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".config").mkdir()
    return tmp_path


def test_the_desktops_own_word_for_it_is_found(home: Path) -> None:
    (home / "Téléchargements").mkdir()
    named = 'XDG_DESKTOP_DIR="$HOME/Bureau"\nXDG_DOWNLOAD_DIR="$HOME/Téléchargements"\n'
    (home / ".config/user-dirs.dirs").write_text(named, "utf-8")
    assert downloads() == home / "Téléchargements"


def test_an_absolute_folder_is_found(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    line = f'XDG_DOWNLOAD_DIR="{elsewhere}"\n'
    (home / ".config/user-dirs.dirs").write_text(line, "utf-8")
    assert downloads() == elsewhere


@pytest.mark.parametrize("config", [None, b"\xff", b'XDG_DOWNLOAD_DIR="$HOME/gone"\n'])
def test_home_is_there_when_nothing_else_is(home: Path, config: bytes | None) -> None:
    if config is not None:
        (home / ".config/user-dirs.dirs").write_bytes(config)
    assert downloads() == home


def test_the_usual_folder_is_taken_without_any_word(home: Path) -> None:
    (home / "Downloads").mkdir()
    assert downloads() == home / "Downloads"
