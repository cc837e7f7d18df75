"""S-27, S-31, S-32: whatever is done to a journal is found and named; real SQLite."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cordee_server.adapters.memory import MemoryJournal
from cordee_server.adapters.memory_log import MemoryLog
from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.adapters.sql.log import SqlLog
from cordee_server.services.inspection import Inspection
from cordee_shared.canonical import b64
from cordee_shared.errors import Tampered
from cordee_shared.journal.notice import NoticeKind
from cordee_shared.journal.receipt import Receipt
from tests.builders import ended
from tests.receipts import SIGNED, SIGNER, Evident, evident
from tests.shared.journals import RELAY, Journal

LOCKS = [
    ("entries", "update"),
    ("entries", "delete"),
    ("bodies", "update"),
    ("nodes", "update"),
    ("nodes", "delete"),
    ("heads", "update"),
    ("heads", "delete"),
]
SESSIONS = [evident(1), evident(2), ended(3), evident(4)]


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[tuple[SqlJournal, SqlLog]]:
    database = open_sqlite(file)
    try:
        yield SqlJournal(database), SqlLog(database, SIGNER)
    finally:
        database.close()


async def fill(journal: SqlJournal | MemoryJournal, *sessions: Journal) -> None:
    """Append sessions side by side, entry by entry."""
    for n in range(max(len(session.entries) for session in sessions)):
        for session in sessions:
            await journal.append(session.entries[n : n + 1])


async def receipt(log: SqlLog, session: Evident) -> Receipt:
    proof = await log.proof_of(session.id)
    assert proof is not None
    public = b64(SIGNER.public)
    return Receipt.of(public, SIGNED, session.entries, proof, session.texts)


def harm(file: Path, *changes: str, **values: int) -> None:
    """Change a database as somebody could who has the file."""
    with sqlite3.connect(file) as thief:
        for table, action in LOCKS:
            thief.execute(f"DROP TRIGGER IF EXISTS {table}_no_{action}")
        for change in changes:
            assert thief.execute(change, values).rowcount, change
    thief.close()


async def look(file: Path) -> str:
    """Return what is wrong, or nothing."""
    database = open_sqlite(file)
    log = SqlLog(database, SIGNER)
    try:
        await Inspection(log, SIGNER.public).whole()
    except Tampered as error:
        return str(error)
    finally:
        database.close()
    return ""


async def test_s31_a_whole_journal_is_in_order(tmp_path: Path) -> None:
    async with opened(tmp_path / "cordee.db") as (journal, log):
        await fill(journal, *SESSIONS)
        await log.note(NoticeKind.ERASED, 1, {"customer": "c-1"})
        found = await Inspection(log, SIGNER.public).whole()
        entries = sum(len(session.entries) for session in SESSIONS)
        assert (found.size, found.sessions) == (entries + 1, 4)
        assert (found.notices, found.pruned) == (1, 0)
        assert found.head is not None
        assert found.head.root == await log.root_at(found.size)


async def test_a_journal_in_memory_is_looked_through_alike() -> None:
    journal = MemoryJournal()
    log = MemoryLog(journal, SIGNER)
    await fill(journal, *SESSIONS)
    await log.note(NoticeKind.ERASED, 1, {"customer": "c-1"})
    found = await Inspection(log, SIGNER.public).whole()
    assert (found.sessions, found.notices) == (4, 1)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "UPDATE bodies SET bytes = CAST(replace(bytes, 'viewing', 'pausing')"
            " AS BLOB) WHERE seq = 20",
            "entry 20 of the journal: its bytes were changed",
        ),
        (
            "UPDATE entries SET leaf = zeroblob(32) WHERE seq = 9",
            "entry 9 of the journal: its bytes were changed",
        ),
        ("DELETE FROM entries WHERE seq = 12", "entry 12 of the journal: is missing"),
        (
            "DELETE FROM bodies WHERE seq = 12",
            "entry 12 of the journal: its bytes are missing",
        ),
        ("UPDATE entries SET n = 99 WHERE seq = 7", "is not what its row says"),
        (
            "UPDATE entries SET state = 'ended' WHERE seq = 9",
            "is not in its row's state",
        ),
        (
            "UPDATE nodes SET hash = zeroblob(32) WHERE level = 1 AND at = 2",
            "node 1/2 of the journal: is not what the entries give",
        ),
        ("DELETE FROM nodes WHERE level = 2", "of the journal: is missing"),
        (
            "UPDATE heads SET root = zeroblob(32) WHERE size = 10",
            "the journal's head of 10 entries: is not the root",
        ),
        (
            "UPDATE heads SET note = (SELECT note FROM heads WHERE size = 9)"
            " WHERE size = 10",
            "the journal's head of 10 entries: says something else",
        ),
    ],
)
async def test_s31_any_change_is_found_and_named(
    tmp_path: Path, change: str, named: str
) -> None:
    file = tmp_path / "cordee.db"
    async with opened(file) as (journal, _):
        await fill(journal, *SESSIONS)
    harm(file, change)
    assert named in await look(file)


async def test_s27_entries_swapped_or_doubled_with_their_leaves_are_found(
    tmp_path: Path,
) -> None:
    for place, changes in enumerate(
        (
            [
                "UPDATE bodies SET seq = 1000 WHERE seq = 15",
                "UPDATE bodies SET seq = 15 WHERE seq = 19",
                "UPDATE bodies SET seq = 19 WHERE seq = 1000",
            ],
            [
                "UPDATE bodies SET bytes = (SELECT bytes FROM bodies WHERE seq = 15)"
                " WHERE seq = 19",
                "UPDATE entries SET leaf = (SELECT leaf FROM entries WHERE seq = 15)"
                " WHERE seq = 19",
            ],
        )
    ):
        file = tmp_path / f"{place}.db"
        async with opened(file) as (journal, _):
            await fill(journal, *SESSIONS)
        harm(file, *changes)
        assert "of the journal" in await look(file)


async def test_s31_one_changed_byte_anywhere_in_a_row_is_found(tmp_path: Path) -> None:
    source = tmp_path / "whole.db"
    async with opened(source) as (journal, _):
        await fill(journal, evident(1))
    with sqlite3.connect(source) as reader:
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes = reader.execute("SELECT seq, length(bytes) FROM bodies").fetchall()
    reader.close()
    content = source.read_bytes()
    for seq, size in sizes:
        file = tmp_path / f"{seq}.db"
        file.write_bytes(content)
        at = (seq * 37) % size + 1
        harm(
            file,
            "UPDATE bodies SET bytes = CAST(substr(bytes, 1, :before) || '~' "
            "|| substr(bytes, :after) AS BLOB) WHERE seq = :seq",
            before=at - 1,
            after=at + 1,
            seq=seq,
        )
        assert (await look(file)).startswith(f"entry {seq} of the journal"), seq


async def test_s32_a_tail_that_was_cut_off_is_found_by_any_receipt(
    tmp_path: Path,
) -> None:
    file, (first, second) = tmp_path / "cordee.db", (evident(1), evident(2))
    async with opened(file) as (journal, log):
        await journal.append(first.entries)
        early = await receipt(log, first)
        note = await log.checkpoint()
        await journal.append(second.entries)
        late = await receipt(log, second)
        newest = await log.checkpoint()
        looking = Inspection(log, SIGNER.public)
        for kept, session in ((early, first), (late, second)):
            assert (await looking.against(kept)).session == session.id
        assert note is not None
        assert newest is not None
        old, new = await looking.between(note, newest)
        assert (old.size, new.size) == (14, 28)
    size = len(first.entries)
    harm(
        file,
        "DELETE FROM entries WHERE seq > :size",
        "DELETE FROM bodies WHERE seq > :size",
        "DELETE FROM heads WHERE size > :size",
        "DELETE FROM nodes WHERE ((at + 1) << level) > :size",
        size=size,
    )
    async with opened(file) as (_, log):
        looking = Inspection(log, SIGNER.public)
        await looking.whole()  # nothing in what is left tells
        await looking.against(early)
        with pytest.raises(Tampered, match="its end was cut off: the receipt knows 28"):
            await looking.against(late)
        with pytest.raises(Tampered, match="cut off: the checkpoint knows 28"):
            await looking.between(note, newest)


async def test_s32_another_history_under_the_same_key_is_found(tmp_path: Path) -> None:
    async with opened(tmp_path / "one.db") as (journal, log):
        await fill(journal, evident(1), evident(2))
        kept, note = await receipt(log, evident(1)), await log.checkpoint()
    async with opened(tmp_path / "other.db") as (journal, log):
        await fill(journal, evident(2), evident(1))
        looking = Inspection(log, SIGNER.public)
        await looking.whole()
        with pytest.raises(Tampered, match="is another than the receipt knows"):
            await looking.against(kept)
        with pytest.raises(Tampered, match="is another than the checkpoint knows"):
            await looking.between(note or "", await log.checkpoint() or "")


async def test_another_relays_journal_is_not_ours(tmp_path: Path) -> None:
    async with opened(tmp_path / "cordee.db") as (journal, log):
        await fill(journal, evident(1))
        other = Journal().keys
        public = next(iter(other.values())).public_key().public_bytes_raw()
        with pytest.raises(Tampered):
            await Inspection(log, public).whole()
    assert RELAY is SIGNER.key
