"""Facts of engagements: written, signed, read back only as they were signed.

What a fact comes to is the business of ``cordee_shared.billing``; with which record it
is stored, that of :class:`~cordee_server.services.billing.BillingService`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.billing.calendar import OpeningHours, Slot
from cordee_shared.billing.facts import (
    EngagementFact,
    FactKind,
    newest,
    verify_engagement_fact,
    write_fact_of,
)
from cordee_shared.canonical import Json
from cordee_shared.ids import EngagementId
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import Event, Side

from ..keyfiles import public_bytes
from ..ports import Clock, FactStore, Outgoing


class Facts:
    """The facts of every engagement, in the relay's name."""

    def __init__(
        self,
        store: FactStore,
        relay_key: Ed25519PrivateKey,
        clock: Clock,
        hours: OpeningHours | None = None,
    ) -> None:
        self._store = store
        self._key = relay_key
        self._relay = public_bytes(relay_key)
        self._clock = clock
        #: When the provider can be called; ``None``: at any time.
        self._hours = hours

    async def of(self, engagement: EngagementId) -> list[EngagementFact]:
        """Return an engagement's facts by number.

        Raises:
            Tampered: one is not what this relay signed.
        """
        facts = await self._store.of(engagement)
        for fact in facts:
            verify_engagement_fact(fact, self._relay)
        return facts

    async def without_record(self) -> list[EngagementFact]:
        """Return the facts that made no record, the oldest first."""
        return await self._store.without_record()

    async def append(
        self, fact: EngagementFact, record: Outgoing | None = None
    ) -> None:
        """Append a fact with the record that it makes: both or none.

        Raises:
            LocalViolation: it is not the engagement's next.
            Unavailable: nothing was stored.
        """
        await self._store.append(fact, record)

    def write(
        self,
        engagement: EngagementId,
        former: Sequence[EngagementFact],
        after: int,
        kind: FactKind,
        side: Side,
        author: str,
        data: Mapping[str, Json],
    ) -> EngagementFact:
        """Write an engagement's next fact; nothing is stored yet.

        Args:
            engagement: what it is about.
            former: the engagement's facts.
            after: how many of its sessions are over.
            kind: what is stated.
            side: by whom.
            author: the technician's account, else empty.
            data: all that the kind says.

        Raises:
            BadInput: the kind does not say that, or not by this side.
        """
        at_ms, n = self._clock.now_ms(), len(former)
        return write_fact_of(
            engagement, n, after, kind, at_ms, side, author, data, self._key
        )

    def notice(
        self,
        engagement: EngagementId,
        entries: Sequence[Entry],
        after: int,
        former: Sequence[EngagementFact],
    ) -> EngagementFact | None:
        """Return what there is to note of a session's begin, once (R03, R04).

        A session begins when the customer first shows something. Outside the opening
        hours, or the agreed slot, is said; it stops nothing and costs nothing.
        """
        began = next((e for e in entries if e.kind is Event.VIEW_GRANTED), None)
        noted = {fact.data.get("session") for fact in former}
        if began is None or began.session in noted:
            return None
        at_ms = began.moment.at_ms
        agreed = newest(former, FactKind.SLOT_CONFIRMED)
        slot = Slot(agreed.data["from_ms"], agreed.data["until_ms"]) if agreed else None
        missed = slot is not None and not slot.holds(at_ms)
        closed = self._hours is not None and not self._hours.is_open(at_ms)
        if not (missed or closed):
            return None
        data: dict[str, Json] = {
            "session": began.session,
            "hours": closed,
            "slot": missed,
        }
        return self.write(
            engagement, former, after, FactKind.OUTSIDE, Side.RELAY, "", data
        )
