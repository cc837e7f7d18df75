"""Engagements in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from cordee_shared.billing.particulars import Particulars
from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.canonical import canonical
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import EngagementId, TechnicianId
from cordee_shared.session.offer import Offer

from ...ports import Engagement
from .engine import Database
from .tables import ENGAGEMENTS


class SqlEngagements:
    """An :class:`~cordee_server.ports.EngagementStore`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, engagement: Engagement) -> None:
        """Store a new engagement; durable on return."""
        more = engagement.particulars

        def work(connection: Connection) -> None:
            try:
                connection.execute(
                    insert(ENGAGEMENTS).values(
                        id=engagement.id,
                        technician=engagement.confirmed_by,
                        channel=engagement.channel,
                        offer=canonical(asdict(engagement.offer)),
                        policy=engagement.policy.canonical(),
                        tariff=engagement.tariff.canonical(),
                        particulars=None if more is None else more.canonical(),
                    )
                )
            except IntegrityError:
                raise LocalViolation(f"engagement {engagement.id} exists") from None

        await self._db.write(work)

    async def find(self, engagement: EngagementId) -> Engagement | None:
        """Return the engagement, or ``None``."""
        row = await self._db.read(
            lambda connection: connection.execute(
                select(ENGAGEMENTS).where(ENGAGEMENTS.c.id == engagement)
            ).one_or_none()
        )
        return None if row is None else _engagement(row)

    async def of(self, technician: TechnicianId, limit: int) -> list[Engagement]:
        """Return a technician's latest, latest first."""
        rows = await self._db.read(
            lambda connection: connection.execute(
                select(ENGAGEMENTS)
                .where(ENGAGEMENTS.c.technician == technician)
                .order_by(ENGAGEMENTS.c.seq.desc())
                .limit(limit)
            ).all()
        )
        return [_engagement(row) for row in rows]


def _engagement(row: Row[Any]) -> Engagement:
    return Engagement(
        # What we stored ourselves; a field added since takes its default.
        offer=msgspec.json.decode(row.offer, type=Offer),
        policy=Policy.read(row.policy),
        tariff=Tariff.read(row.tariff),
        confirmed_by=TechnicianId(row.technician),
        channel=row.channel,
        particulars=(
            None if row.particulars is None else Particulars.read(row.particulars)
        ),
    )
