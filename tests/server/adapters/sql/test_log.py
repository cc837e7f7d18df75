"""What only SQL has: one transaction, other processes, older databases."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.adapters.sql.log import SqlLog
from cordee_shared.errors import Unavailable
from cordee_shared.journal.checkpoint import Signer, read_checkpoint
from cordee_shared.journal.frontier import Frontier
from cordee_shared.journal.merkle import leaf_hash
from tests.builders import ended, invited, make_older
from tests.shared.journals import RELAY

SIGNER = Signer(RELAY)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cordee.db"


def expected(*numbers: int) -> bytes:
    frontier = Frontier()
    for number in numbers:
        for entry in ended(number).entries:
            frontier.add(leaf_hash(entry.raw))
    return frontier.root()


async def test_s30_an_older_database_gets_its_tree_and_a_head_when_it_is_opened(
    file: Path,
) -> None:
    make_older(file, "0001", ended(1), ended(2), ended(3))
    database = open_sqlite(file)
    log = SqlLog(database, SIGNER)
    await database.write(lambda _: None)
    head = read_checkpoint(await log.checkpoint() or "", SIGNER.public)
    assert (head.size, head.root) == (6, expected(1, 2, 3))
    await SqlJournal(database).append(ended(4).entries)
    assert await log.root_at(8) == expected(1, 2, 3, 4)
    found = await SqlJournal(database).entries_of(ended(2).id)
    assert [entry.raw for entry in found] == [e.raw for e in ended(2).entries]
    database.close()


async def test_two_processes_grow_one_log(file: Path) -> None:
    first, second = open_sqlite(file), open_sqlite(file)
    logs = SqlLog(first, SIGNER), SqlLog(second, SIGNER)
    for number in range(1, 9):
        database = (first, second)[number % 2]
        await SqlJournal(database).append(ended(number).entries)
    for log in logs:
        note = await log.checkpoint()
        assert read_checkpoint(note or "", SIGNER.public).root == expected(*range(1, 9))
    first.close()
    second.close()


async def test_appends_that_share_a_transaction_share_a_head(file: Path) -> None:
    database = open_sqlite(file)
    log = SqlLog(database, SIGNER)
    await asyncio.gather(
        *(SqlJournal(database).append(invited(number).entries) for number in range(80))
    )
    database.close()
    with sqlite3.connect(file) as reader:
        (heads,) = reader.execute("SELECT count(*) FROM heads").fetchone()
        (newest,) = reader.execute("SELECT max(size) FROM heads").fetchone()
    reader.close()
    assert newest == 80
    assert heads < 80
    assert log is not None


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE heads SET root = zeroblob(32)",
        "UPDATE heads SET note = replace(note, 'cordee', 'cordez')",
        "UPDATE nodes SET hash = zeroblob(32)",
        "DELETE FROM nodes",
    ],
)
async def test_s34_a_journal_that_was_tampered_with_is_written_no_more(
    file: Path, harm: str
) -> None:
    database = open_sqlite(file)
    SqlLog(database, SIGNER)
    for number in range(1, 4):
        await SqlJournal(database).append(ended(number).entries)
    database.close()
    with sqlite3.connect(file) as thief:
        for table in ("heads", "nodes"):
            for action in ("update", "delete"):
                thief.execute(f"DROP TRIGGER {table}_no_{action}")
        thief.execute(harm)
    thief.close()
    again = open_sqlite(file)
    SqlLog(again, SIGNER)
    with pytest.raises(Unavailable):
        await SqlJournal(again).append(ended(4).entries)
    assert await SqlJournal(again).entries_of(ended(4).id) == []
    again.close()
