"""The journal and its outbox in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    bindparam,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from cordee_shared.errors import LocalViolation, Tampered
from cordee_shared.ids import EngagementId, RecordId, SessionId
from cordee_shared.journal.entry import Entry, read_entry
from cordee_shared.journal.merkle import leaf_hash
from cordee_shared.journal.notice import HOUSE
from cordee_shared.session.states import State

from ...ports import Outgoing, SessionSummary, engagement_named
from .engine import Database
from .log_tables import BODIES
from .tables import ENTRIES, FACTS, RECORDS
from .vault import Use, Vault, about, customer_of

_ENDED = State.ENDED.value


class SqlJournal:
    """A :class:`~cordee_server.ports.JournalStore` and its outbox."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def append(
        self, entries: Sequence[Entry], record: Outgoing | None = None
    ) -> None:
        """Append, all or none; durable on return."""

        def work(connection: Connection) -> None:
            for entry in entries:
                _append(connection, entry)
            if record is not None:
                add_record(connection, record, self._db.vault)

        await self._db.write(work)

    async def entries_of(self, session: SessionId) -> list[Entry]:
        """Return a session's entries by number.

        Raises:
            Tampered: a row is not what was appended.
        """
        rows = await self._db.read(
            lambda connection: connection.execute(
                select(ENTRIES.c.n, ENTRIES.c.leaf, BODIES.c.bytes)
                .join(BODIES, BODIES.c.seq == ENTRIES.c.seq)
                .where(ENTRIES.c.session == session)
                .order_by(ENTRIES.c.n)
            ).all()
        )
        for n, hashed, raw in rows:
            if leaf_hash(raw) != hashed:
                raise Tampered(f"entry {n} of {session}", "its bytes were changed")
        return [read_entry(raw) for _, _, raw in rows]

    async def sessions_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return an engagement's sessions, by their first mention of it."""
        return await self._sessions(
            select(ENTRIES.c.session)
            .where(_is_first_mention(ENTRIES))
            .where(ENTRIES.c.engagement == engagement)
            .order_by(ENTRIES.c.seq)
        )

    async def ended_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return those that are over, by their end."""
        named = ENTRIES.alias("named")
        return await self._sessions(
            select(ENTRIES.c.session)
            .join(named, named.c.session == ENTRIES.c.session)
            .where(ENTRIES.c.state == _ENDED)
            .where(_is_first_mention(named))
            .where(named.c.engagement == engagement)
            .order_by(ENTRIES.c.seq)
        )

    async def engagement_of(self, session: SessionId) -> EngagementId | None:
        """Return the engagement of a session."""
        found = await self._db.read(
            lambda connection: connection.scalar(
                select(ENTRIES.c.engagement)
                .where(ENTRIES.c.session == session)
                .where(ENTRIES.c.engagement.is_not(None))
                .order_by(ENTRIES.c.seq)
                .limit(1)
            )
        )
        return EngagementId(found) if found is not None else None

    async def unfinished(self) -> list[SessionId]:
        """Return the sessions that have not ended, oldest first."""
        later = ENTRIES.alias("later")
        ended = exists().where(
            later.c.session == ENTRIES.c.session, later.c.state == _ENDED
        )
        return await self._sessions(
            select(ENTRIES.c.session)
            .where(ENTRIES.c.n == 0, ~ended, ENTRIES.c.session != HOUSE)
            .order_by(ENTRIES.c.seq)
        )

    async def without_record(self) -> list[SessionId]:
        """Return ended sessions with an engagement and no record."""
        named = ENTRIES.alias("named")
        agreed = exists().where(
            named.c.session == ENTRIES.c.session, named.c.engagement.is_not(None)
        )
        billed = exists().where(RECORDS.c.session == ENTRIES.c.session)
        return await self._sessions(
            select(ENTRIES.c.session)
            .where(ENTRIES.c.state == _ENDED, agreed, ~billed)
            .order_by(ENTRIES.c.seq)
        )

    async def summaries(self, limit: int) -> list[SessionSummary]:
        """Return the latest sessions, the latest first."""
        inner = ENTRIES.alias("inner_")
        here = inner.c.session == ENTRIES.c.session
        last = (
            select(inner.c.state).where(here).order_by(inner.c.n.desc()).limit(1)
        ).scalar_subquery()
        count = select(func.count()).where(here).scalar_subquery()
        named = (
            select(inner.c.engagement)
            .where(here, inner.c.engagement.is_not(None))
            .order_by(inner.c.seq)
            .limit(1)
        ).scalar_subquery()
        rows = await self._db.read(
            lambda connection: connection.execute(
                select(ENTRIES.c.session, ENTRIES.c.at_ms, last, count, named)
                .where(ENTRIES.c.n == 0, ENTRIES.c.session != HOUSE)
                .order_by(ENTRIES.c.seq.desc())
                .limit(limit)
            ).all()
        )
        return [
            SessionSummary(
                session=SessionId(session),
                engagement=EngagementId(engagement) if engagement else None,
                started_ms=at_ms,
                state=state,
                entries=entries,
            )
            for session, at_ms, state, entries, engagement in rows
        ]

    async def last_at_ms(self) -> int | None:
        """Return the wall time of the newest entry."""
        return await self._db.read(
            lambda connection: connection.scalar(
                select(ENTRIES.c.at_ms).order_by(ENTRIES.c.seq.desc()).limit(1)
            )
        )

    # --- BillingOutbox -------------------------------------------------------------

    async def records(self) -> list[Outgoing]:
        """Return every record, by the end or the fact that made it."""
        ended = (ENTRIES.c.session == RECORDS.c.session) & (ENTRIES.c.state == _ENDED)
        stated = (FACTS.c.engagement == RECORDS.c.engagement) & (
            FACTS.c.n == RECORDS.c.fact
        )
        return await self._outgoing(
            select(RECORDS)
            .outerjoin(ENTRIES, ended)
            .outerjoin(FACTS, stated)
            .order_by(
                func.coalesce(ENTRIES.c.seq, FACTS.c.after_seq),
                func.coalesce(FACTS.c.seq, 0),
            )
        )

    async def records_of(self, engagement: EngagementId) -> list[Outgoing]:
        """Return an engagement's records by revision."""
        return await self._outgoing(
            select(RECORDS)
            .where(RECORDS.c.engagement == engagement)
            .order_by(RECORDS.c.revision)
        )

    async def add(self, record: Outgoing) -> None:
        """Store a record that was derived later."""

        def work(connection: Connection) -> None:
            there = connection.execute(
                select(RECORDS).where(RECORDS.c.id == record.id)
            ).one_or_none()
            vault = self._db.vault
            if there is None or _record(connection, vault, there) != record:
                add_record(connection, record, vault)

        await self._db.write(work)

    # --- reading -------------------------------------------------------------------

    async def _sessions(self, statement: Select[Any]) -> list[SessionId]:
        found = await self._db.read(
            lambda connection: connection.scalars(statement).all()
        )
        return [SessionId(session) for session in found]

    async def _outgoing(self, statement: Select[Any]) -> list[Outgoing]:
        def work(connection: Connection) -> list[Outgoing]:
            rows = connection.execute(statement).all()
            found = (_record(connection, self._db.vault, row) for row in rows)
            return [one for one in found if one is not None]

        return await self._db.read(work)


def _is_first_mention(entries: FromClause) -> ColumnElement[bool]:
    """Tell whether a row is the first of its session that names an engagement."""
    earlier = ENTRIES.alias("earlier")
    return ~exists().where(
        earlier.c.session == entries.c.session,
        earlier.c.engagement.is_not(None),
        earlier.c.n < entries.c.n,
    )


def _record(connection: Connection, vault: Vault, row: Row[Any]) -> Outgoing | None:
    """Open a record; ``None``: its time was over and its key was deleted."""
    raw = open_record(connection, vault, row)
    if raw is None:
        return None
    return Outgoing(
        id=RecordId(row.id),
        engagement=EngagementId(row.engagement),
        revision=row.revision,
        session=None if row.session is None else SessionId(row.session),
        fact=row.fact,
        raw=raw,
    )


def open_record(connection: Connection, vault: Vault, row: Row[Any]) -> bytes | None:
    """Open a record's bytes; ``None``: their key was deleted."""
    customer = customer_of(connection, row.engagement)
    name = about(RECORDS, row)
    return vault.open(connection, customer, Use.BILLING, name, row.bytes)


#: Built once: every entry of every session goes through these two.
_LAST = (
    select(ENTRIES.c.n, ENTRIES.c.state)
    .where(ENTRIES.c.session == bindparam("of"))
    .order_by(ENTRIES.c.n.desc())
    .limit(1)
)
_INSERT = insert(ENTRIES)
_BODY = insert(BODIES)


def _append(connection: Connection, entry: Entry) -> None:
    last = connection.execute(_LAST, {"of": entry.session}).one_or_none()
    if entry.n != (0 if last is None else last.n + 1):
        raise LocalViolation(f"entry {entry.n} is not the next of {entry.session}")
    if last is not None and last.state == _ENDED:
        raise LocalViolation(f"{entry.session} has ended")
    add_entry(
        connection,
        entry.raw,
        session=entry.session,
        n=entry.n,
        state=entry.state.value,
        at_ms=entry.moment.at_ms,
        engagement=engagement_named(entry),
    )


def add_entry(connection: Connection, raw: bytes, **columns: object) -> None:
    """Store a row of the journal and what its leaf stands for."""
    stored = connection.execute(_INSERT, {**columns, "leaf": leaf_hash(raw)})
    (seq,) = stored.inserted_primary_key or (None,)
    connection.execute(_BODY, {"seq": seq, "bytes": raw})


def add_record(connection: Connection, record: Outgoing, vault: Vault) -> None:
    """Store a record, within a transaction of the journal's or the facts'.

    Raises:
        LocalViolation: what should have made it is not there, or another stands.
    """
    if (record.session is None) == (record.fact is None):
        raise LocalViolation("a record is made by an end or by a fact")
    if record.fact is None:
        made = (ENTRIES.c.session == record.session, ENTRIES.c.state == _ENDED)
    else:
        made = (FACTS.c.engagement == record.engagement, FACTS.c.n == record.fact)
    if not connection.scalar(select(func.count()).where(*made)):
        raise LocalViolation(f"nothing has made record {record.id}")
    try:
        connection.execute(
            insert(RECORDS).values(
                id=record.id,
                engagement=record.engagement,
                revision=record.revision,
                session=record.session,
                fact=record.fact,
                bytes=vault.seal(
                    connection,
                    customer_of(connection, record.engagement),
                    Use.BILLING,
                    f"record {record.id}",
                    record.raw,
                ),
            )
        )
    except IntegrityError:
        raise LocalViolation(f"another record stands in place of {record.id}") from None
