"""Facts of engagements in SQL, beside the journal's entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from cordee_shared.billing.facts import EngagementFact, read_fact
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import EngagementId

from ...ports import Outgoing
from .engine import Database
from .journal import add_record
from .tables import ENTRIES, FACTS, RECORDS
from .vault import Use, about, customer_of


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
                    bytes=self._seal(connection, fact),
                )
            )
            if record is not None:
                add_record(connection, record, self._db.vault)

        await self._db.write(work)

    def _seal(self, connection: Connection, fact: EngagementFact) -> bytes:
        customer = customer_of(connection, fact.engagement)
        about = f"fact {fact.engagement} {fact.n}"
        return self._db.vault.seal(connection, customer, Use.BILLING, about, fact.raw)

    def _open(
        self, connection: Connection, rows: Sequence[Row[Any]]
    ) -> list[EngagementFact]:
        """Open facts, all but those of customers whose keys are gone."""
        found = []
        for row in rows:
            customer = customer_of(connection, row.engagement)
            raw = self._db.vault.open(
                connection, customer, Use.BILLING, about(FACTS, row), row.bytes
            )
            if raw is not None:
                found.append(read_fact(raw))
        return found

    async def of(self, engagement: EngagementId) -> list[EngagementFact]:
        """Return an engagement's facts by number."""
        return await self._db.read(
            lambda connection: self._open(
                connection,
                connection.execute(
                    select(FACTS)
                    .where(FACTS.c.engagement == engagement)
                    .order_by(FACTS.c.n)
                ).all(),
            )
        )

    async def without_record(self) -> list[EngagementFact]:
        """Return the facts that made no record."""
        statement = (
            select(FACTS)
            .outerjoin(
                RECORDS,
                (RECORDS.c.engagement == FACTS.c.engagement)
                & (RECORDS.c.fact == FACTS.c.n),
            )
            .where(RECORDS.c.id.is_(None))
            .order_by(FACTS.c.seq)
        )
        return await self._db.read(
            lambda connection: self._open(
                connection, connection.execute(statement).all()
            )
        )
