"""The database: one writer thread with group commit, and readers beside it.

Rules (relay.md 6):

1. All writing goes through one thread. What has gathered while it committed shares
   the next commit: one sync of the disk for up to 256 pieces of work.
2. A piece of work is a savepoint: when it is refused, its neighbours are not.
3. What has to be true of a whole transaction is done last: :meth:`before_commit`.
4. The queue is bounded. A full queue, a locked, read-only or full database all mean
   ``Unavailable``, and then nothing was stored.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cordee_shared.errors import SettingsError, Tampered, Unavailable

from .vault import NoVault, SqlVault, Vault

#: Pieces of work that may wait; relay.md 6.
QUEUED_MAX: Final = 10_000
#: Pieces of work that share a commit.
GROUP_MAX: Final = 256
#: Another program may hold the database this long before work fails.
BUSY_S: Final = 10.0
#: Reads at the same time.
_READERS: Final = 4

_T = TypeVar("_T")
_log = structlog.get_logger("cordee.database")


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    done: Future[Any] = field(default_factory=Future)


class Database:
    """An open database. ``work`` given to it must do nothing but SQL."""

    def __init__(
        self, writer: Engine, reader: Engine, *, queued: int = QUEUED_MAX
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._jobs: queue.Queue[_Job | None] = queue.Queue(queued)
        self._readers = ThreadPoolExecutor(_READERS, "db-read")
        self._open = True
        self._last: Callable[[Connection], None] | None = None
        #: What names customers passes through it, either way.
        self.vault: Vault = NoVault()
        self._thread = threading.Thread(target=self._run, name="db-write", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[Connection], _T]) -> _T:
        """Run ``work`` in the writer; what it returns is durable.

        Raises:
            Unavailable: nothing was stored.
            CordeeError: whatever ``work`` refuses with; nothing of it was stored.
        """
        if not self._open:
            raise Unavailable("the database is closed")
        job = _Job(work)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise Unavailable("too much is waiting to be written") from None
        result: _T = await asyncio.wrap_future(job.done)
        return result

    async def read(self, work: Callable[[Connection], _T]) -> _T:
        """Run ``work`` on a snapshot of what is durable.

        Raises:
            Unavailable: the database did not answer.
        """
        if not self._open:
            raise Unavailable("the database is closed")

        def run() -> _T:
            try:
                with self._reader.connect() as connection, connection.begin():
                    return work(connection)
            except SQLAlchemyError as error:
                raise Unavailable(sentence(error)) from None

        return await asyncio.wrap_future(self._readers.submit(run))

    def use_vault(self, vault: SqlVault) -> None:
        """Seal from now on, and first of all what is stored open."""
        self.vault = vault
        self._jobs.put(_Job(vault.seal_what_is_open))

    def before_commit(self, last: Callable[[Connection], None]) -> None:
        """Let ``last`` run in every transaction from now on, after all its work.

        And once at once, for what is there already. What it raises undoes the whole
        transaction.
        """
        self._last = last
        self._jobs.put(_Job(lambda _: None))

    def close(self) -> None:
        """Write what is queued, then close. Blocks."""
        if not self._open:
            return
        self._open = False
        self._jobs.put(None)
        self._thread.join()
        self._readers.shutdown()
        self._writer.dispose()
        self._reader.dispose()

    # --- the writer thread -----------------------------------------------------------

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                break
            group, goes_on = [job], True
            while len(group) < GROUP_MAX:
                try:
                    more = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    goes_on = False
                    break
                group.append(more)
            self._commit([j for j in group if j.done.set_running_or_notify_cancel()])
            if not goes_on:
                break
        self._refuse_the_rest()

    def _commit(self, group: list[_Job]) -> None:
        """Run a group in one transaction, then tell each how it went."""
        outcomes: list[tuple[_Job, Any, Exception | None]] = []
        try:
            with self._writer.connect() as connection, connection.begin():
                for job in group:
                    outcomes.append((job, *_attempt(connection, job)))
                if self._last is not None:
                    self._last(connection)
        except (SQLAlchemyError, Tampered) as error:
            why = sentence(error) if isinstance(error, SQLAlchemyError) else str(error)
            _log.error("database_unavailable", why=why, jobs=len(group))
            for job in group:
                job.done.set_exception(Unavailable(why))
            return
        except BaseException as error:
            # A bug here must not leave callers waiting for ever.
            for job in group:
                job.done.set_exception(error)
            raise
        for job, result, refusal in outcomes:
            if refusal is None:
                job.done.set_result(result)
            else:
                job.done.set_exception(refusal)

    def _refuse_the_rest(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is not None and job.done.set_running_or_notify_cancel():
                job.done.set_exception(Unavailable("the database is closed"))


def _attempt(connection: Connection, job: _Job) -> tuple[Any, Exception | None]:
    """Run one piece of work in a savepoint; the database's trouble is everyone's."""
    savepoint = connection.begin_nested()
    try:
        result = job.work(connection)
    except SQLAlchemyError:
        # SQLite may have rolled everything back already (a full disk does): there is
        # no savepoint to go back to, the whole group has failed.
        raise
    except Exception as error:
        savepoint.rollback()
        return None, error
    savepoint.commit()
    return result, None


def open_sqlite(file: Path, *, busy_s: float = BUSY_S) -> Database:
    """Open a SQLite database, made and migrated where necessary.

    Raises:
        SettingsError: it cannot be opened, is locked, is damaged, or was written by
            a newer version.
    """
    # Alembic takes a fifth of a second to import; only opening needs it.
    from .migrate import migrate

    writer = _sqlite(file, busy_s, "BEGIN IMMEDIATE")
    try:
        migrate(writer)
    except SQLAlchemyError as error:
        writer.dispose()
        raise SettingsError(f"{file}: {sentence(error)}") from None
    except SettingsError as error:
        writer.dispose()
        raise SettingsError(f"{file}: {error}") from None
    return Database(writer, _sqlite(file, busy_s, "BEGIN"))


def _sqlite(file: Path, busy_s: float, begin: str) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{file}",
        connect_args={"timeout": busy_s},
        pool_reset_on_return="rollback",
    )

    @event.listens_for(engine, "connect")
    def connected(raw: sqlite3.Connection, _: object) -> None:
        # Python's driver would begin transactions by itself, and not all of them.
        raw.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            # NORMAL may lose the last consent when the power fails (relay.md 6).
            "synchronous = FULL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
            # What is deleted is overwritten: a customer's key is gone for good (S-33).
            "secure_delete = ON",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def sentence(error: SQLAlchemyError) -> str:
    """Say what is wrong with the database, without its statement and parameters."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return "the database did not answer"
    text = str(error.orig)
    for sign, said in (
        ("is locked", "another program holds the database locked"),
        ("readonly database", "the database is read-only"),
        ("is full", "the disk is full"),
        ("unable to open", "the database cannot be opened or made there"),
        ("not a database", "this file is no database"),
        ("malformed", "the database is damaged"),
    ):
        if sign in text:
            return said
    return f"the database did not answer ({text})"
