"""What the services of the sessions on one node share: its rooms, clock and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.papers import DocumentShelf
from cordee_server.ports import Clock, Entropy
from cordee_server.relay.deadlines import Deadline, Times
from cordee_server.relay.hub import Hub
from cordee_server.relay.metrics import DropReason, Metrics
from cordee_server.relay.peer import Peer
from cordee_server.relay.room import Keeper, Room
from cordee_server.services.throttle import Throttle
from cordee_shared.billing.record import BillingRecord
from cordee_shared.errors import NotAllowed
from cordee_shared.ids import SessionId, TechnicianId
from cordee_shared.journal.checkpoint import SessionProof
from cordee_shared.journal.entry import Entry
from cordee_shared.session.offer import Offer

_SECOND_US: Final = 1_000_000

_log = structlog.get_logger("cordee.sessions")


class Offers(Protocol):
    """Where the offer of an engagement comes from (``services/engagements.py``)."""

    async def offer_for(self, engagement: str, technician: TechnicianId) -> Offer:
        """Return the offer of an engagement that this technician may work on.

        Raises:
            NotAllowed: no such engagement of this technician.
            Unavailable: the store did not answer.
        """
        ...


class Biller(Protocol):
    """Where a session's end is journaled, with its record (``services/billing.py``)."""

    async def close(self, entries: Sequence[Entry]) -> BillingRecord | None:
        """Journal the entries that end a session, with the record they make.

        Raises:
            Unavailable: nothing was stored.
        """
        ...


class Prover(Protocol):
    """Where proofs come from (``evidence.py``)."""

    async def proof_of(self, session: SessionId, since: int = 0) -> SessionProof | None:
        """Prove a session's entries from number ``since`` on.

        Raises:
            Unavailable: the journal did not answer.
        """
        ...


@dataclass(eq=False)
class Node:
    """One process's sessions and what they run on. Owned by the loop."""

    hub: Hub
    journal: Keeper
    billing: Biller
    offers: Offers
    throttle: Throttle
    clock: Clock
    entropy: Entropy
    key: Ed25519PrivateKey
    #: The text of terms, by hash.
    terms: DocumentShelf
    #: What was journaled, provably; ends are told with it.
    prover: Prover
    times: Times = field(default_factory=Times)
    metrics: Metrics = field(default_factory=Metrics)
    #: No new session any more: the relay is about to stop.
    is_draining: bool = False

    def now_us(self) -> int:
        """Read the monotonic clock, microseconds."""
        return self.clock.moment().mono_us

    def expect(self, room: Room, what: Deadline, seconds: float) -> None:
        """Set a deadline of a session, so many seconds from now."""
        at_us = self.now_us() + round(seconds * _SECOND_US)
        self.hub.deadlines.set(room.id, what, at_us)

    async def terms_of(self, offer: Offer) -> str:
        """Return the terms that an offer names: nobody agrees to what is not shown.

        Raises:
            NotAllowed: their text is not kept here.
            Unavailable: they cannot be read.
        """
        raw = await self.terms.read(f"{offer.terms_hash}.txt")
        if raw is None:
            raise NotAllowed(
                "The general terms of this engagement are not kept here: make a new "
                "engagement."
            )
        return raw.decode("utf-8", "replace")

    def drop(self, peer: Peer, what: str) -> None:
        """Count something that arrived after what it was for."""
        self.metrics.drops[DropReason.STALE] += 1
        _log.debug("dropped", side=peer.side.value, what=what)
