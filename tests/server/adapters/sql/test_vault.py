"""S-33: what names a customer is sealed, and a deleted key erases it."""

import sqlite3
from pathlib import Path

import pytest

from cordee_server.adapters.sql.engagements import SqlEngagements
from cordee_server.adapters.sql.engine import Database, open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.adapters.sql.vault import NoVault, SqlVault, Use
from cordee_shared.errors import Tampered
from tests.builders import AGREED, Dice, ended, engagement, outgoing

MASTER = bytes(range(32))


def opened(file: Path, master: bytes = MASTER) -> tuple[Database, SqlVault]:
    database = open_sqlite(file)
    vault = SqlVault(master, Dice(str(file)).token)
    database.use_vault(vault)
    return database, vault


def content(file: Path) -> bytes:
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


async def test_s33_no_name_stands_in_the_database_and_all_come_back(
    tmp_path: Path,
) -> None:
    file, agreed = tmp_path / "cordee.db", engagement()
    database, _ = opened(file)
    store, journal = SqlEngagements(database), SqlJournal(database)
    await store.add(agreed)
    record = outgoing(ended(), text=b'{"customer":"Mme Canari"}')
    await journal.append(ended().entries, record)
    found = await store.find(agreed.id)
    assert found is not None
    assert (found.offer, found.particulars) == (agreed.offer, agreed.particulars)
    assert await journal.records() == [record]
    assert [one.id for one in await store.of(agreed.confirmed_by, 9)] == [agreed.id]
    database.close()
    for name in (b"Mme Canari", agreed.offer.customer.encode()):
        assert name not in content(file)


async def test_s33_what_was_stored_open_is_sealed_when_the_database_is_opened(
    tmp_path: Path,
) -> None:
    file, agreed = tmp_path / "cordee.db", engagement()
    plain = open_sqlite(file)
    await SqlEngagements(plain).add(agreed)
    with sqlite3.connect(file) as older:
        older.execute("UPDATE engagements SET customer = NULL")
    older.close()
    record = outgoing(ended(), text=b'{"customer":"Mme Canari"}')
    await SqlJournal(plain).append(ended().entries, record)
    plain.close()
    assert b"Mme Canari" in content(file)
    database, _ = opened(file)
    await database.write(lambda _: None)
    assert await SqlJournal(database).records() == [record]
    found = await SqlEngagements(database).find(agreed.id)
    assert found is not None
    assert found.offer == agreed.offer
    thief = sqlite3.connect(file)
    with thief, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        thief.execute("UPDATE records SET bytes = x'00'")
    thief.close()
    database.close()
    cleaner = sqlite3.connect(file, isolation_level=None)
    cleaner.execute("VACUUM")
    cleaner.close()
    assert b"Mme Canari" not in content(file)


async def test_s33_a_deleted_key_erases_what_it_sealed(tmp_path: Path) -> None:
    database, vault = opened(tmp_path / "cordee.db")
    await SqlEngagements(database).add(engagement())
    customer = await database.read(
        lambda c: str(c.exec_driver_sql("SELECT customer FROM engagements").scalar())
    )
    assert await database.write(lambda c: vault.forget(c, customer, Use.BILLING))
    assert not await database.write(lambda c: vault.forget(c, customer, Use.BILLING))
    assert await SqlEngagements(database).find(AGREED) is None
    database.close()


async def test_another_key_file_opens_nothing(tmp_path: Path) -> None:
    file = tmp_path / "cordee.db"
    database, _ = opened(file)
    await SqlEngagements(database).add(engagement())
    database.close()
    again, _ = opened(file, bytes(32))
    with pytest.raises(Tampered, match="the key file is another"):
        await SqlEngagements(again).find(AGREED)
    again.close()


async def test_without_a_vault_everything_is_as_it_was_given(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "cordee.db")
    vault = NoVault()
    sealed = await database.write(
        lambda c: vault.seal(c, "c-1", Use.SERVICE, "x", b"{}")
    )
    assert sealed == b"{}"
    assert (
        await database.read(lambda c: vault.open(c, "c-1", Use.SERVICE, "x", b"{}"))
        == b"{}"
    )
    database.close()
