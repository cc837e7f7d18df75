"""A relay in one file, and back."""

import os
import sqlite3
import tarfile
from pathlib import Path

import pytest

from cordee_server.backup import MANIFEST, read_backup, write_backup
from cordee_server.parts import initialise
from cordee_server.settings import Settings, load
from cordee_shared.errors import SettingsError
from tests.server.test_settings import LEAST


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The settings of a relay with data."""
    folder = tmp_path / "relay"
    folder.mkdir()
    (folder / "terms.txt").write_text("1 - VALIDITÉ", encoding="utf-8")
    (folder / "cordee.toml").write_text(LEAST, encoding="utf-8")
    (folder / "provider.toml").write_text("# facts\n", encoding="utf-8")
    settings = load(folder / "cordee.toml", {})
    initialise(settings)
    (settings.data / "documents").mkdir()
    (settings.data / "documents" / "a.pdf").write_bytes(b"%PDF")
    return folder / "cordee.toml"


@pytest.fixture
def settings(config: Path) -> Settings:
    """What they say."""
    return load(config, {})


def places(folder: Path) -> set[str]:
    """Return the files below a folder."""
    return {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}


def test_all_of_it_comes_back(config: Path, settings: Settings, tmp_path: Path) -> None:
    with sqlite3.connect(settings.database_file) as live:
        # A transaction that is open meanwhile is not in it, and does not hinder it.
        live.execute("create table written (what)")
        live.execute("insert into written values ('before')")
        live.commit()
        live.execute("insert into written values ('not yet')")
        kept = write_backup(settings, config, tmp_path / "b.tar.gz")
    assert kept.outside == ()
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
    back = tmp_path / "back"
    assert read_backup(tmp_path / "b.tar.gz", back) == kept.files
    assert places(back) == {
        *("cordee.toml", "terms.txt", "provider.toml", "data/cordee.db"),
        *("data/relay.key", "data/seeds.key", "data/customers.key"),
        "data/documents/a.pdf",
    }
    with sqlite3.connect(back / "data" / "cordee.db") as copy:
        assert copy.execute("select what from written").fetchall() == [("before",)]
    for name in ("relay.key", "seeds.key", "documents/a.pdf"):
        assert (back / "data" / name).read_bytes() == (
            settings.data / name
        ).read_bytes()
    assert not list(settings.data.glob(".backup-*"))


def test_what_lies_elsewhere_is_named(
    config: Path, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text("# facts\n", encoding="utf-8")
    config.write_text(f'provider_file = "{elsewhere}"\n' + LEAST, encoding="utf-8")
    kept = write_backup(load(config, {}), config, tmp_path / "b.tar.gz")
    assert kept.outside == (elsewhere,)


def test_nothing_is_written_over(
    config: Path, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "b.tar.gz").write_bytes(b"mine")
    with pytest.raises(SettingsError, match="is there already"):
        write_backup(settings, config, tmp_path / "b.tar.gz")
    assert (tmp_path / "b.tar.gz").read_bytes() == b"mine"
    write_backup(settings, config, tmp_path / "c.tar.gz")
    with pytest.raises(SettingsError, match="is not empty"):
        read_backup(tmp_path / "c.tar.gz", config.parent)


def test_a_backup_cut_short_is_none(
    config: Path, settings: Settings, tmp_path: Path
) -> None:
    whole = tmp_path / "b.tar.gz"
    write_backup(settings, config, whole)
    data = whole.read_bytes()
    for keep in (0, 1, len(data) // 2, len(data) - 400):
        short = tmp_path / f"short-{keep}.tar.gz"
        short.write_bytes(data[:keep])
        with pytest.raises(SettingsError, match="is no whole backup"):
            read_backup(short, tmp_path / f"back-{keep}")


def test_a_file_that_was_changed_is_named(
    config: Path, settings: Settings, tmp_path: Path
) -> None:
    whole, other = tmp_path / "b.tar.gz", tmp_path / "other.tar.gz"
    write_backup(settings, config, whole)
    inside = tmp_path / "inside"
    with tarfile.open(whole) as tar:
        tar.extractall(inside, filter="data")
    (inside / "data" / "documents" / "a.pdf").write_bytes(b"%PDX")
    with tarfile.open(other, "w:gz") as tar:
        for place in sorted(places(inside)):
            tar.add(inside / place, place)
    with pytest.raises(SettingsError, match=r"data/documents/a\.pdf is not what"):
        read_backup(other, tmp_path / "back")


@pytest.mark.parametrize("name", ["../escaped", "/etc/escaped"])
def test_nothing_leaves_the_folder(name: str, tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar.gz"
    (tmp_path / "x").write_bytes(b"x")
    with tarfile.open(evil, "w:gz") as tar:
        tar.add(tmp_path / "x", name)
    with pytest.raises(SettingsError):
        read_backup(evil, tmp_path / "deep" / "back")
    assert not (tmp_path / "deep" / "escaped").exists()
    assert not os.path.exists("/etc/escaped")


def test_the_manifest_does_not_stay(
    config: Path, settings: Settings, tmp_path: Path
) -> None:
    write_backup(settings, config, tmp_path / "b.tar.gz")
    read_backup(tmp_path / "b.tar.gz", tmp_path / "back")
    assert not (tmp_path / "back" / MANIFEST).exists()
