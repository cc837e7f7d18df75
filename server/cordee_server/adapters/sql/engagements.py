"""Engagements in SQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from cordee_shared.billing.agreed import Deal
from cordee_shared.billing.particulars import Particulars
from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.canonical import canonical
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import EngagementId, TechnicianId
from cordee_shared.session.offer import Offer

from ...ports import Engagement
from .engine import Database
from .privacy import corrected
from .tables import ENGAGEMENTS
from .vault import Use, Vault, sealed_columns


class SqlEngagements:
    """An :class:`~cordee_server.ports.EngagementStore`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add(self, engagement: Engagement) -> None:
        """Store a new engagement; durable on return."""

        def work(connection: Connection) -> None:
            columns = sealed_columns(
                connection,
                self._db.vault,
                engagement.id,
                canonical(asdict(engagement.offer)),
                engagement.particulars,
            )
            try:
                connection.execute(
                    insert(ENGAGEMENTS).values(
                        id=engagement.id,
                        technician=engagement.confirmed_by,
                        channel=engagement.channel,
                        policy=engagement.policy.canonical(),
                        tariff=engagement.tariff.canonical(),
                        **columns,
                    )
                )
            except IntegrityError:
                raise LocalViolation(f"engagement {engagement.id} exists") from None

        await self._db.write(work)

    async def find(self, engagement: EngagementId) -> Engagement | None:
        """Return the engagement, or ``None``."""

        def work(connection: Connection) -> Engagement | None:
            row = connection.execute(
                select(ENGAGEMENTS).where(ENGAGEMENTS.c.id == engagement)
            ).one_or_none()
            return None if row is None else _engagement(connection, self._db.vault, row)

        return await self._db.read(work)

    async def of(self, technician: TechnicianId, limit: int) -> list[Engagement]:
        """Return a technician's latest, latest first."""

        def work(connection: Connection) -> list[Engagement]:
            rows = connection.execute(
                select(ENGAGEMENTS)
                .where(ENGAGEMENTS.c.technician == technician)
                .order_by(ENGAGEMENTS.c.seq.desc())
                .limit(limit)
            ).all()
            found = (_engagement(connection, self._db.vault, row) for row in rows)
            return [one for one in found if one is not None]

        return await self._db.read(work)


def _engagement(
    connection: Connection, vault: Vault, row: Row[Any]
) -> Engagement | None:
    """Open an engagement; ``None``: its customer was erased, and nothing held it."""
    customer = row.customer or ""
    offer = vault.open(connection, customer, Use.BILLING, f"offer {row.id}", row.offer)
    if offer is None:
        return None
    particulars = (
        None
        if row.particulars is None
        else vault.open(
            connection,
            customer,
            Use.SERVICE,
            f"particulars {row.id}",
            row.particulars,
        )
    )
    deal = (
        None
        if row.deal is None or particulars is not None
        else vault.open(connection, customer, Use.BILLING, f"deal {row.id}", row.deal)
    )
    return Engagement(
        # What we stored ourselves; a field added since takes its default.
        offer=msgspec.json.decode(offer, type=Offer),
        policy=Policy.read(row.policy),
        tariff=Tariff.read(row.tariff),
        confirmed_by=TechnicianId(row.technician),
        channel=row.channel,
        particulars=None if particulars is None else Particulars.read(particulars),
        deal=None if deal is None else msgspec.json.decode(deal, type=Deal),
        corrected=corrected(connection, vault, customer),
    )
