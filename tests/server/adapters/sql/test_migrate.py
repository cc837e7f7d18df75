import sqlite3
from pathlib import Path

import pytest

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_shared.errors import SettingsError
from tests.builders import ended, raw


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "cordee.db"
    first = open_sqlite(file)
    await SqlJournal(first).append(ended().entries)
    first.close()
    second = open_sqlite(file)
    found = await SqlJournal(second).entries_of(ended().id)
    second.close()
    assert raw(found) == raw(ended().entries)


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "cordee.db"
    open_sqlite(file).close()
    with sqlite3.connect(file) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(SettingsError, match="a newer version of Cordée wrote this"):
        open_sqlite(file)


def test_a_migration_that_cannot_be_finished_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    file = tmp_path / "cordee.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE technicians (mine TEXT)")
    other.close()
    with pytest.raises(SettingsError):
        open_sqlite(file)
    with sqlite3.connect(file) as after:
        found = after.execute("SELECT name FROM sqlite_master").fetchall()
    after.close()
    assert found == [("technicians",)]
