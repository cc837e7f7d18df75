"""What only SQL has: the database itself refuses to change a fact or a record."""

import sqlite3
from pathlib import Path

import pytest

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.facts import SqlFacts
from cordee_server.adapters.sql.journal import SqlJournal
from tests.builders import AGREED, ended, make_older, outgoing
from tests.shared.told import Told


async def test_r41_neither_facts_nor_records_can_be_changed(tmp_path: Path) -> None:
    file, written = tmp_path / "cordee.db", ended()
    database = open_sqlite(file)
    await SqlJournal(database).append(written.entries, outgoing(written))
    await SqlFacts(database).append(Told().slot().facts[0])
    database.close()
    with sqlite3.connect(file) as thief:
        for change in (
            "UPDATE facts SET bytes = x'00'",
            "DELETE FROM facts",
            "UPDATE records SET bytes = x'00'",
            "DELETE FROM records",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                thief.execute(change)
    thief.close()


async def test_records_of_an_older_database_are_kept_as_they_were(
    tmp_path: Path,
) -> None:
    file, written = tmp_path / "cordee.db", ended()
    record = outgoing(written)
    make_older(file, "0001", written)
    with sqlite3.connect(file) as old:
        old.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?)",
            (record.id, AGREED, record.revision, record.session, record.raw),
        )
    old.close()
    again = open_sqlite(file)
    assert await SqlJournal(again).records() == [record]
    assert await SqlFacts(again).of(AGREED) == []
    again.close()
