"""The two commands on a relay that the commands made."""

from pathlib import Path

import pytest

from tests.server.test_cli import Run, cordee, refused, relay

__all__ = ["cordee", "relay"]

pytestmark = pytest.mark.slow


def test_a_backup_is_restored_and_its_journal_verified(
    cordee: Run,
    relay: Path,
    tmp_path: Path,
) -> None:
    done = cordee("backup", "kept.tar.gz")
    assert done.returncode == 0, done.stderr
    assert "encrypt it before it leaves" in done.stdout
    back = cordee("restore", "kept.tar.gz", "again")
    assert back.returncode == 0, back.stderr
    assert "In order: 0 entries" in back.stdout
    first = cordee("init").stdout.splitlines()[-1]
    second = cordee("init", "--config", "again/cordee.toml").stdout.splitlines()[-1]
    assert first == second
    assert "relay key: " in first


def test_what_cannot_be_is_one_sentence(
    cordee: Run,
    relay: Path,
    tmp_path: Path,
) -> None:
    assert "is no whole backup" in refused(cordee("restore", "nothing.tar.gz", "x"))
    (tmp_path / "there.tar.gz").write_bytes(b"")
    assert "is there already" in refused(cordee("backup", "there.tar.gz"))
