"""The state of deliveries in memory, beside :mod:`.memory`'s journal: for tests."""

from __future__ import annotations

from collections.abc import Collection

from cordee_shared.billing.manifest import JournalHead
from cordee_shared.ids import RecordId
from cordee_shared.journal.frontier import Frontier
from cordee_shared.journal.merkle import leaf_hash

from ..ports import BillingOutbox
from ..sinks import Delivery, DeliveryState, Due
from .memory import MemoryJournal


class MemoryDeliveries:
    """A :class:`~cordee_server.sinks.DeliveryStore`."""

    def __init__(self, outbox: BillingOutbox) -> None:
        self._outbox = outbox
        self._known: dict[RecordId, Delivery] = {}
        self._gone: dict[str, int] = {}

    async def due(self, now_ms: int, limit: int) -> list[Due]:
        """Return what waits and is due, the longest due first."""
        found = [
            (one, self._known.get(one.id, Delivery(record=one.id)))
            for one in await self._outbox.records()
        ]
        due = [
            Due(one.id, one.raw, delivery)
            for one, delivery in sorted(
                found, key=lambda f: (f[1].next_ms, f[0].engagement, f[0].revision)
            )
            if delivery.state is DeliveryState.WAITING and delivery.next_ms <= now_ms
        ]
        return due[:limit]

    async def all(self) -> dict[RecordId, Delivery]:
        """Return what is known, by record."""
        return dict(self._known)

    async def put(self, delivery: Delivery) -> None:
        """Replace what is known of one record."""
        self._known[delivery.record] = delivery

    async def forget(self, records: Collection[RecordId] | None = None) -> int:
        """Forget these, or everything."""
        chosen = list(self._known) if records is None else list(records)
        return sum(self._known.pop(one, None) is not None for one in chosen)

    async def gone_since(self, sink: str) -> int | None:
        """Return when a sink said that it wants no more."""
        return self._gone.get(sink)

    async def set_gone(self, sink: str, at_ms: int | None) -> None:
        """Note that a sink wants no more, or may be tried again."""
        self._gone.pop(sink, None)
        if at_ms is not None:
            self._gone[sink] = at_ms


class MemoryHeads:
    """A :class:`~cordee_server.sinks.JournalHeads`."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def head(self) -> JournalHead:
        """Return size and root of the journal."""
        frontier = Frontier()
        for _, raws in self._journal.appended(0):
            for raw in raws:
                frontier.add(leaf_hash(raw))
        return JournalHead(frontier.size, frontier.root().hex())
