"""Facts of engagements in SQL, beside the journal's entries."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from cordee_shared.billing.facts import EngagementFact, read_fact
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import EngagementId

from ...ports import Outgoing
from .engine import Database
from .journal import add_record
from .tables import ENTRIES, FACTS, RECORDS


class SqlFacts:
    """A :class:`~cordee_server.ports.FactStore`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def append(
        self, fact: EngagementFact, record: Outgoing | None = None
    ) -> None:
        """Append, both or none; durable on return."""

        def work(connection: Connection) -> None:
            count = connection.scalar(
                select(func.count()).where(FACTS.c.engagement == fact.engagement)
            )
            if fact.n != count:
                raise LocalViolation(
                    f"fact {fact.n} is not the next of {fact.engagement}"
                )
            newest = connection.scalar(select(func.max(ENTRIES.c.seq)))
            connection.execute(
                insert(FACTS).values(
                    engagement=fact.engagement,
                    n=fact.n,
                    after_seq=newest or 0,
                    bytes=fact.raw,
                )
            )
            if record is not None:
                add_record(connection, record)

        await self._db.write(work)

    async def of(self, engagement: EngagementId) -> list[EngagementFact]:
        """Return an engagement's facts by number."""
        found = await self._db.read(
            lambda connection: connection.scalars(
                select(FACTS.c.bytes)
                .where(FACTS.c.engagement == engagement)
                .order_by(FACTS.c.n)
            ).all()
        )
        return [read_fact(raw) for raw in found]

    async def without_record(self) -> list[EngagementFact]:
        """Return the facts that made no record."""
        found = await self._db.read(
            lambda connection: connection.scalars(
                select(FACTS.c.bytes)
                .outerjoin(
                    RECORDS,
                    (RECORDS.c.engagement == FACTS.c.engagement)
                    & (RECORDS.c.fact == FACTS.c.n),
                )
                .where(RECORDS.c.id.is_(None))
                .order_by(FACTS.c.seq)
            ).all()
        )
        return [read_fact(raw) for raw in found]
