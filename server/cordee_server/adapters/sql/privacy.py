"""Customers' keys, corrections and what was kept too long, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from cordee_shared.billing.correction import Correction
from cordee_shared.canonical import Json
from cordee_shared.ids import EngagementId
from cordee_shared.journal.notice import Notice, NoticeKind
from cordee_shared.session.states import State

from .engine import Database
from .log import SqlLog
from .log_tables import BODIES, CORRECTIONS, CUSTOMER_KEYS
from .tables import ENGAGEMENTS, ENTRIES, RECORDS
from .vault import SqlVault, Use


class SqlPrivacy:
    """A :class:`~cordee_server.evidence.PrivacyStore`."""

    def __init__(self, database: Database, vault: SqlVault, log: SqlLog) -> None:
        self._db = database
        self._vault = vault
        self._log = log

    async def customers(self) -> list[str]:
        """Return every customer of whom a key is kept."""
        statement = select(CUSTOMER_KEYS.c.customer).distinct()
        found = await self._db.read(lambda c: c.scalars(statement).all())
        return sorted(found)

    async def engagements_of(self, customer: str) -> list[EngagementId]:
        """Return a customer's engagements, in their order."""
        statement = (
            select(ENGAGEMENTS.c.id)
            .where(ENGAGEMENTS.c.customer == customer)
            .order_by(ENGAGEMENTS.c.seq)
        )
        found = await self._db.read(lambda c: c.scalars(statement).all())
        return [EngagementId(one) for one in found]

    async def correction_of(self, customer: str) -> Correction | None:
        """Return what a customer had put right."""
        return await self._db.read(
            lambda connection: corrected(connection, self._vault, customer)
        )

    async def correct(
        self, customer: str, correction: Correction, at_ms: int
    ) -> Notice:
        """Keep a correction, sealed, with a notice that names nothing of it."""

        def work(connection: Connection) -> Notice:
            whole = correction.over(corrected(connection, self._vault, customer))
            sealed = self._vault.seal(
                connection,
                customer,
                Use.SERVICE,
                f"correction {customer}",
                whole.canonical(),
            )
            connection.execute(
                delete(CORRECTIONS).where(CORRECTIONS.c.customer == customer)
            )
            connection.execute(
                insert(CORRECTIONS).values(customer=customer, bytes=sealed)
            )
            data: dict[str, Json] = {
                "customer": customer,
                "fields": correction.fields,
            }
            return self._log.note_within(connection, NoticeKind.RECTIFIED, at_ms, data)

        return await self._db.write(work)

    async def erase(
        self, customer: str, uses: Sequence[str], data: Mapping[str, Json], at_ms: int
    ) -> Notice | None:
        """Delete these keys of a customer, with a notice; ``None``: none was there."""

        def work(connection: Connection) -> Notice | None:
            gone = [self._vault.forget(connection, customer, Use(use)) for use in uses]
            if not any(gone):
                return None
            connection.execute(
                delete(CORRECTIONS).where(CORRECTIONS.c.customer == customer)
            )
            return self._log.note_within(connection, NoticeKind.ERASED, at_ms, data)

        return await self._db.write(work)

    async def let_bodies_go(
        self, before_ms: int, at_ms: int, data: Mapping[str, Json]
    ) -> int:
        """Delete the bodies of sessions that ended before; their leaves stay."""

        def work(connection: Connection) -> int:
            over = (
                select(ENTRIES.c.session)
                .where(ENTRIES.c.state == State.ENDED.value)
                .where(ENTRIES.c.at_ms < before_ms)
            )
            # A bill is derived from its session: that stays as long as the bill can be.
            billed = (
                select(RECORDS.c.session)
                .join(ENGAGEMENTS, ENGAGEMENTS.c.id == RECORDS.c.engagement)
                .join(CUSTOMER_KEYS, CUSTOMER_KEYS.c.customer == ENGAGEMENTS.c.customer)
                .where(CUSTOMER_KEYS.c.use == Use.BILLING.value)
                .where(RECORDS.c.session.is_not(None))
            )
            rows = connection.scalars(
                select(BODIES.c.seq)
                .join(ENTRIES, ENTRIES.c.seq == BODIES.c.seq)
                .where(ENTRIES.c.session.in_(over), ~ENTRIES.c.session.in_(billed))
                .order_by(BODIES.c.seq)
            ).all()
            if not rows:
                return 0
            for first, last in runs(rows):
                connection.execute(
                    delete(BODIES).where(BODIES.c.seq.between(first, last))
                )
            bodies: list[Json] = [list(run) for run in runs(rows)]
            said = {**data, "bodies": bodies}
            self._log.note_within(connection, NoticeKind.RETAINED, at_ms, said)
            return len(rows)

        return await self._db.write(work)

    async def newest_of(self, customer: str) -> int:
        """Return when a customer's newest session ended, Unix ms; 0: none has."""
        sessions = (
            select(ENTRIES.c.session)
            .join(ENGAGEMENTS, ENGAGEMENTS.c.id == ENTRIES.c.engagement)
            .where(ENGAGEMENTS.c.customer == customer)
        )
        statement = select(func.max(ENTRIES.c.at_ms)).where(
            ENTRIES.c.session.in_(sessions)
        )
        return await self._db.read(lambda c: c.scalar(statement)) or 0


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return rising numbers as runs: first and last of each."""
    found: list[tuple[int, int]] = []
    for one in rows:
        if found and found[-1][1] == one - 1:
            found[-1] = found[-1][0], one
        else:
            found.append((one, one))
    return found


def corrected(
    connection: Connection, vault: object, customer: str
) -> Correction | None:
    """Open what a customer had put right, if anything was."""
    raw = connection.scalar(
        select(CORRECTIONS.c.bytes).where(CORRECTIONS.c.customer == customer)
    )
    if raw is None or not isinstance(vault, SqlVault):
        return None
    about = f"correction {customer}"
    opened = vault.open(connection, customer, Use.SERVICE, about, raw)
    return None if opened is None else Correction.read(opened)
