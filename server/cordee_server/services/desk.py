"""What stands on this relay now, for whoever sits at a desk: who waits, who is helped.

Technicians who share a relay see who is with whom; never a code, and nothing of what
is said or shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from cordee_server.ports import Clock, Engagement
from cordee_server.relay.hub import Hub
from cordee_server.relay.room import Room
from cordee_server.services.documents import Documents
from cordee_server.services.engagements import LISTED, EngagementService
from cordee_shared.ids import TechnicianId
from cordee_shared.session.states import State

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
class Today:
    """Everything that the first page shows."""

    #: Customers who show a code that nobody has claimed yet.
    waiting: int
    standing: tuple[Standing, ...]
    slots: tuple[Slot, ...]
    lacking: tuple[Lacking, ...]


async def today(
    technician: TechnicianId,
    hub: Hub,
    engagements: EngagementService,
    documents: Documents,
    clock: Clock,
) -> Today:
    """Return what stands now, and what of this technician's is still to come.

    Args:
        technician: who asks; slots and what lacks are theirs.
        hub: the rooms of this node.
        engagements: what was agreed.
        documents: whose justificatifs are there.
        clock: for what a code has left.

    Raises:
        Unavailable: a store did not answer.
    """
    now_us = clock.moment().mono_us
    rooms = list(hub.rooms.values())
    return Today(
        waiting=sum(_is_a_customer_waiting(room) for room in rooms),
        standing=tuple(_standing(room, now_us) for room in rooms if room.agreed),
        slots=tuple(
            slot
            for one in await engagements.of(technician)
            if (slot := _slot(one, clock.now_ms())) is not None
        ),
        lacking=tuple(
            Lacking(record.agreed.engagement, record.agreed.customer, record.id)
            for record in await documents.lacking(technician, LISTED)
        ),
    )


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
