import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from cordee_server.adapters.sql.engine import GROUP_MAX, Database, open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_shared.errors import LocalViolation, SettingsError, Unavailable
from tests.builders import ended, invited, outgoing, raw


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cordee.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    opened = open_sqlite(file, busy_s=0.05)
    yield opened
    opened.close()


def count(connection: Connection) -> int:
    found: int = connection.execute(text("SELECT count(*) FROM entries")).scalar_one()
    return found


def pragma(connection: Connection) -> tuple[object, ...]:
    names = ("journal_mode", "synchronous", "foreign_keys")
    return tuple(
        connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names
    )


async def test_what_is_written_is_synced_to_the_disk(database: Database) -> None:
    assert await database.write(pragma) == ("wal", 2, 1)


async def test_all_writing_is_done_by_one_thread(database: Database) -> None:
    async def thread(_: int) -> str:
        return await database.write(lambda _: threading.current_thread().name)

    names = await asyncio.gather(*(thread(n) for n in range(20)))
    assert set(names) == {"db-write"}


async def test_what_gathers_while_the_disk_is_busy_shares_a_commit(
    database: Database,
) -> None:
    hold, transactions = threading.Event(), []

    def first(_: Connection) -> None:
        hold.wait(5)

    def work(connection: Connection) -> None:
        transactions.append(id(connection.get_transaction()))

    async with asyncio.timeout(5):
        held = asyncio.gather(database.write(first))
        rest = asyncio.gather(*(database.write(work) for _ in range(100)))
        await asyncio.sleep(0)
        hold.set()
        await held
        await rest
    assert len(transactions) == 100
    assert len(set(transactions)) < 100 / 10
    assert GROUP_MAX >= 100


async def test_one_refusal_in_a_group_leaves_its_neighbours_alone(
    database: Database,
) -> None:
    journal = SqlJournal(database)
    several = [ended(number) for number in range(1, 20)]
    answers = await asyncio.gather(
        *(journal.append(written.entries) for written in several),
        *(journal.append(written.entries[1:]) for written in several),
        return_exceptions=True,
    )
    assert answers[:19] == [None] * 19
    assert all(isinstance(answer, LocalViolation) for answer in answers[19:])
    assert await database.read(count) == 2 * 19


async def test_a_bug_in_one_piece_of_work_is_its_callers(database: Database) -> None:
    def bug(_: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(bug)
    await SqlJournal(database).append(invited().entries)
    assert await database.read(count) == 1


async def test_what_was_acknowledged_is_there_after_the_process_is_gone(
    file: Path,
) -> None:
    first = open_sqlite(file)
    written = ended()
    await SqlJournal(first).append(written.entries, outgoing(written))
    # Not closed: as after a kill, with the write-ahead log still beside.
    second = open_sqlite(file)
    assert raw(await SqlJournal(second).entries_of(written.id)) == raw(written.entries)
    first.close()
    second.close()


async def test_a_database_that_is_held_locked_is_unavailable_and_loses_nothing(
    database: Database, file: Path
) -> None:
    journal = SqlJournal(database)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="another program holds the database locked"):
        await journal.append(invited().entries)
    other.execute("ROLLBACK")
    other.close()
    await journal.append(invited().entries)
    assert await database.read(count) == 1


async def test_a_full_disk_is_unavailable_and_loses_nothing(
    database: Database,
) -> None:
    journal = SqlJournal(database)
    await journal.append(invited(1).entries)

    def shrink(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def grow(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

    await database.write(shrink)
    why = ""
    for number in range(2, 200):
        try:
            await journal.append(ended(number).entries)
        except Unavailable as error:
            why = str(error)
            break
    assert why == "the disk is full"
    before = await database.read(count)
    assert await journal.entries_of(invited(1).id) != []
    await database.write(grow)
    await journal.append(ended(500).entries)
    assert await database.read(count) == before + 2


async def test_a_read_only_database_is_unavailable(database: Database) -> None:
    await database.write(
        lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON").close()
    )
    with pytest.raises(Unavailable, match="read-only"):
        await SqlJournal(database).append(invited().entries)


async def test_a_full_queue_refuses_and_never_blocks(file: Path) -> None:
    whole = open_sqlite(file)
    small = Database(whole._writer, whole._reader, queued=2)
    hold, begun = threading.Event(), threading.Event()

    def first(_: Connection) -> None:
        begun.set()
        hold.wait(5)

    held = asyncio.gather(small.write(first))
    await asyncio.sleep(0)
    assert await asyncio.to_thread(begun.wait, 5)
    queued = asyncio.gather(*(small.write(count) for _ in range(2)))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="too much is waiting"):
        await small.write(count)
    hold.set()
    await held
    assert await queued == [0, 0]
    small.close()
    whole.close()


async def test_a_caller_who_gave_up_while_waiting_has_written_nothing(
    database: Database,
) -> None:
    hold, begun = threading.Event(), threading.Event()

    def first(_: Connection) -> None:
        begun.set()
        hold.wait(5)

    held = asyncio.gather(database.write(first))
    await asyncio.sleep(0)
    assert await asyncio.to_thread(begun.wait, 5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await SqlJournal(database).append(invited().entries)
    hold.set()
    await held
    assert await database.read(count) == 0


async def test_closing_writes_what_is_queued_and_refuses_the_rest(file: Path) -> None:
    database = open_sqlite(file)
    journal = SqlJournal(database)
    async with asyncio.TaskGroup() as group:
        for number in range(1, 50):
            group.create_task(journal.append(invited(number).entries))
        await asyncio.sleep(0)
        await asyncio.to_thread(database.close)
    for ask in (database.write, database.read):
        with pytest.raises(Unavailable, match="closed"):
            await ask(count)
    again = open_sqlite(file)
    assert await again.read(count) == 49
    again.close()


@pytest.mark.parametrize("table", ["entries", "records"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET session = 'x'", "DELETE FROM {}"])
async def test_what_is_written_can_be_neither_changed_nor_deleted(
    database: Database, file: Path, table: str, statement: str
) -> None:
    written = ended()
    await SqlJournal(database).append(written.entries, outgoing(written))
    intruder = sqlite3.connect(file)
    with pytest.raises(sqlite3.IntegrityError, match="are never changed"):
        intruder.execute(statement.format(table))
    intruder.close()
    assert raw(await SqlJournal(database).entries_of(written.id)) == raw(
        written.entries
    )


def test_a_locked_database_is_said_at_start(file: Path) -> None:
    open_sqlite(file).close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SettingsError, match="another program holds the database"):
        open_sqlite(file, busy_s=0.05)
    other.close()


def test_what_is_no_database_is_said_at_start(tmp_path: Path) -> None:
    text_file = tmp_path / "notes.db"
    text_file.write_text("These are my notes. " * 500)
    with pytest.raises(SettingsError, match="is no database"):
        open_sqlite(text_file)
    with pytest.raises(SettingsError, match="cannot be opened or made there"):
        open_sqlite(tmp_path / "nowhere" / "cordee.db")
    assert text_file.read_text().startswith("These are my notes.")
