"""The state of deliveries and the journal's head, in SQL."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select

from cordee_shared.billing.manifest import JournalHead
from cordee_shared.ids import RecordId
from cordee_shared.journal.frontier import Frontier

from ...sinks import Delivery, DeliveryState, Due
from .engine import Database
from .journal import open_record
from .tables import DELIVERIES, ENTRIES, GONE_SINKS, RECORDS

#: Rows of the journal that are read at a time.
_BATCH = 10_000


class SqlDeliveries:
    """A :class:`~cordee_server.sinks.DeliveryStore`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def due(self, now_ms: int, limit: int) -> list[Due]:
        """Return what waits and is due, the longest due first."""
        waits = and_(
            DELIVERIES.c.state == DeliveryState.WAITING.value,
            DELIVERIES.c.next_ms <= now_ms,
        )
        statement = (
            select(RECORDS.c.id, RECORDS.c.engagement, RECORDS.c.bytes, *DELIVERIES.c)
            .join_from(
                RECORDS,
                DELIVERIES,
                DELIVERIES.c.record == RECORDS.c.id,
                isouter=True,
            )
            .where(or_(DELIVERIES.c.record.is_(None), waits))
            .order_by(
                func.coalesce(DELIVERIES.c.next_ms, 0),
                RECORDS.c.engagement,
                RECORDS.c.revision,
            )
            .limit(limit)
        )

        def work(connection: Connection) -> list[Due]:
            return [
                Due(
                    record=RecordId(row.id),
                    raw=raw,
                    delivery=(
                        Delivery(record=RecordId(row.id))
                        if row.record is None
                        else _delivery(row)
                    ),
                )
                for row in connection.execute(statement).all()
                if (raw := open_record(connection, self._db.vault, row)) is not None
            ]

        return await self._db.read(work)

    async def all(self) -> dict[RecordId, Delivery]:
        """Return what is known, by record."""
        rows = await self._db.read(
            lambda connection: connection.execute(select(DELIVERIES)).all()
        )
        return {RecordId(row.record): _delivery(row) for row in rows}

    async def put(self, delivery: Delivery) -> None:
        """Replace what is known of one record."""

        def work(connection: Connection) -> None:
            connection.execute(
                delete(DELIVERIES).where(DELIVERIES.c.record == delivery.record)
            )
            connection.execute(
                insert(DELIVERIES).values(
                    record=delivery.record,
                    state=delivery.state.value,
                    attempts=delivery.attempts,
                    next_ms=delivery.next_ms,
                    last_ms=delivery.last_ms,
                    status=delivery.status,
                    why=delivery.why,
                )
            )

        await self._db.write(work)

    async def forget(self, records: Collection[RecordId] | None = None) -> int:
        """Forget these, or everything."""

        def work(connection: Connection) -> int:
            if records is None:
                return connection.execute(delete(DELIVERIES)).rowcount
            return sum(
                connection.execute(
                    delete(DELIVERIES).where(DELIVERIES.c.record == record)
                ).rowcount
                for record in records
            )

        return await self._db.write(work)

    async def gone_since(self, sink: str) -> int | None:
        """Return when a sink said that it wants no more."""
        return await self._db.read(
            lambda connection: connection.scalar(
                select(GONE_SINKS.c.since_ms).where(GONE_SINKS.c.sink == sink)
            )
        )

    async def set_gone(self, sink: str, at_ms: int | None) -> None:
        """Note that a sink wants no more, or may be tried again."""

        def work(connection: Connection) -> None:
            connection.execute(delete(GONE_SINKS).where(GONE_SINKS.c.sink == sink))
            if at_ms is not None:
                connection.execute(insert(GONE_SINKS).values(sink=sink, since_ms=at_ms))

        await self._db.write(work)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        record=RecordId(row.record),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_ms=row.next_ms,
        last_ms=row.last_ms,
        status=row.status,
        why=row.why,
    )


class SqlHeads:
    """A :class:`~cordee_server.sinks.JournalHeads`: reads each leaf once."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._frontier = Frontier()
        self._seq = 0
        #: Readers are threads, and there are several.
        self._lock = threading.Lock()

    async def head(self) -> JournalHead:
        """Return size and root of the journal."""
        return await self._db.read(self._read_on)

    def _read_on(self, connection: Connection) -> JournalHead:
        statement = (
            select(ENTRIES.c.seq, ENTRIES.c.leaf).order_by(ENTRIES.c.seq).limit(_BATCH)
        )
        with self._lock:
            while rows := connection.execute(
                statement.where(ENTRIES.c.seq > self._seq)
            ).all():
                for seq, leaf in rows:
                    self._frontier.add(leaf)
                    self._seq = seq
            return JournalHead(self._frontier.size, self._frontier.root().hex())
