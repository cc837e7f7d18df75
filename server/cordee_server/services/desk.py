"""What stands on this relay now, for whoever sits at a desk: who waits, who is helped.

Technicians who share a relay see who is with whom; never a code, and nothing of what
is said or shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.ports import Clock, Engagement
from cordee_server.relay.hub import Hub
from cordee_server.relay.room import Room
from cordee_server.services.billing import BillingService
from cordee_server.services.documents import Documents
from cordee_server.services.engagements import LISTED, EngagementService
from cordee_shared.ids import TechnicianId
from cordee_shared.journal.entry import Moment, write_fact
from cordee_shared.session.states import EndReason, Event, State

#: A code that waits is no session yet.
_BEFORE = frozenset({State.WAITING})


@dataclass(frozen=True, slots=True)
class Standing:
    """One session that lives on this node, or an invitation that waits."""

    session: str
    engagement: str
    state: str
    customer: str
    #: Account and name of whoever helps, or has invited.
    technician: str
    technician_name: str
    #: Seconds until the code is worth nothing; 0 once it was claimed.
    code_left_s: int


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour that was agreed on with a customer."""

    engagement: str
    customer: str
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """An intervention whose justificatif is not there yet (R42)."""

    engagement: str
    customer: str
    record: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """What one's own session would be billed if it ended now, by the bill's rules."""

    session: str
    seconds: int
    units: int
    amount_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that the first page shows."""

    #: Customers who show a code that nobody has claimed yet.
    waiting: int
    standing: tuple[Standing, ...]
    so_far: tuple[SoFar, ...]
    slots: tuple[Slot, ...]
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Looks at what stands; keeps nothing.

    Args:
        hub: the rooms of this node.
        engagements: what was agreed.
        documents: whose justificatifs are there.
        billing: what a session comes to.
        clock: for what a code has left.
        key: the relay's; an end that is only supposed is signed like any other.
    """

    hub: Hub
    engagements: EngagementService
    documents: Documents
    billing: BillingService
    clock: Clock
    key: Ed25519PrivateKey

    async def today(self, technician: TechnicianId) -> Today:
        """Return what stands now, and what of this technician's is still to come.

        Slots, costs and what lacks are the technician's own.

        Raises:
            Unavailable: a store did not answer.
        """
        now = self.clock.moment()
        rooms = list(self.hub.rooms.values())
        agreed = await self.engagements.of(technician)
        slots = (_slot(one, self.clock.now_ms()) for one in agreed)
        costs = [await self.so_far(room, now) for room in _of(rooms, technician)]
        return Today(
            waiting=sum(_is_a_customer_waiting(room) for room in rooms),
            standing=tuple(
                _standing(room, now.mono_us) for room in rooms if room.agreed
            ),
            so_far=tuple(cost for cost in costs if cost is not None),
            slots=tuple(slot for slot in slots if slot is not None),
            lacking=tuple(
                Lacking(record.agreed.engagement, record.agreed.customer, record.id)
                for record in await self.documents.lacking(technician, LISTED)
            ),
        )

    async def so_far(self, room: Room, now: Moment) -> SoFar | None:
        """Return what a session would be billed if it ended at a moment.

        It is the record that such an end would make, with the engagement's former
        sessions and facts: the arithmetic of the bill, once.
        """
        if room.agreed is None or room.is_over:
            return None
        entries = list(room.entries)
        end = write_fact(
            len(entries),
            now,
            room.id,
            Event.ENDED,
            State.ENDED,
            {"reason": EndReason.TECHNICIAN_ENDED.value, **room.proof_of_life()},
            self.key,
        )
        record = await self.billing.so_far(room.agreed.engagement, [*entries, end])
        if record is None:
            return None
        return SoFar(
            room.id, record.seconds, record.units, record.amount_cents, record.currency
        )


def _of(rooms: list[Room], technician: TechnicianId) -> list[Room]:
    return [
        room
        for room in rooms
        if room.agreed is not None
        and room.agreed.technician == technician
        and room.state not in _BEFORE
    ]


def _is_a_customer_waiting(room: Room) -> bool:
    return room.agreed is None and room.state is State.WAITING


def _standing(room: Room, now_us: int) -> Standing:
    agreed = room.agreed
    assert agreed is not None, "only what was agreed on stands"
    left_us = room.code.expires_us - now_us if room.state in _BEFORE else 0
    return Standing(
        session=room.id,
        engagement=agreed.engagement,
        state=room.state.value,
        customer=agreed.offer.customer,
        technician=agreed.technician,
        technician_name=agreed.technician_name,
        code_left_s=max(0, -(-left_us // 1_000_000)),
    )


def _slot(one: Engagement, now_ms: int) -> Slot | None:
    agreed = one.particulars
    # Without an appointment the slot begins when it was confirmed: that is no hour.
    if agreed is None or agreed.slot_from_ms <= one.offer.confirmed_ms:
        return None
    if agreed.slot_until_ms < now_ms:
        return None
    customer = one.offer.customer
    return Slot(one.id, customer, agreed.slot_from_ms, agreed.slot_until_ms)
