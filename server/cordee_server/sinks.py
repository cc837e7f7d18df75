"""What handing bills over needs from outside, in the relay's own words.

Each docstring is a contract: ``tests/contract/`` checks it on every adapter. The
rules for stores are those of ``ports.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cordee_shared.billing.manifest import JournalHead
from cordee_shared.ids import RecordId


class JournalHeads(Protocol):
    """How far the journal is."""

    async def head(self) -> JournalHead:
        """Return size and Merkle root over every entry that is durable now.

        Raises:
            Unavailable: the store did not answer.
        """
        ...


class BillingFolder(Protocol):
    """Where the files of a hand-over are put."""

    async def write(self, files: Mapping[str, bytes]) -> None:
        """Give each file its content, whole or not at all, in this order.

        Raises:
            Unavailable: one cannot be written; it and those after it stay as they were.
        """
        ...


# --- one record at a time ----------------------------------------------------------


class Outcome(StrEnum):
    """What came of one attempt."""

    #: The sink has it, durably.
    DELIVERED = "delivered"
    #: It may have it or not: try again.
    FAILED = "failed"
    #: It wants nothing more, ever.
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sink said to one record."""

    outcome: Outcome
    #: Of HTTP; 0 without an answer.
    status: int = 0
    #: One word for logs and people: ``status``, ``timeout``, ``address``…
    why: str = ""
    #: Seconds that everything shall rest for; 0 for none.
    pause_s: int = 0


class BillingSink(Protocol):
    """Another system that takes records, one at a time, in any order.

    It knows a record by its id and may be given it any number of times.
    """

    #: SHA-256 of where it is: a sink elsewhere is another one.
    name: str

    async def hand_over(self, record: RecordId, raw: bytes) -> Answer:
        """Hand over a record; never raises for what the other system does."""
        ...

    async def close(self) -> None:
        """Let go of whatever is open."""
        ...


class DeliveryState(StrEnum):
    """How far the hand-over of one record is."""

    #: To be tried, now or later.
    WAITING = "waiting"
    #: Acknowledged.
    DELIVERED = "delivered"
    #: Every attempt of the schedule failed: kept, until somebody resends it.
    GIVEN_UP = "given_up"
    #: Waits for a person; its release is another revision.
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is known of the hand-over of one record. All of it may be lost."""

    record: RecordId
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    #: When it is tried next, Unix milliseconds.
    next_ms: int = 0
    #: When it was last tried; 0 for never.
    last_ms: int = 0
    status: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A record that is to be tried now."""

    record: RecordId
    raw: bytes = field(repr=False)
    delivery: Delivery


class DeliveryStore(Protocol):
    """The state of deliveries, beside the outbox and never in it.

    A record that nothing is known of is to be delivered: losing all of this costs
    duplicates, which a sink knows by their id, and no record.
    """

    async def due(self, now_ms: int, limit: int) -> list[Due]:
        """Return records of the outbox that wait and are due, the longest due first."""
        ...

    async def all(self) -> dict[RecordId, Delivery]:
        """Return what is known, by record."""
        ...

    async def put(self, delivery: Delivery) -> None:
        """Replace what is known of one record.

        Raises:
            Unavailable: nothing was stored.
        """
        ...

    async def forget(self, records: Collection[RecordId] | None = None) -> int:
        """Forget these, or everything: they are due again. Returns how many."""
        ...

    async def gone_since(self, sink: str) -> int | None:
        """Return when a sink said that it wants no more; ``None`` if it did not."""
        ...

    async def set_gone(self, sink: str, at_ms: int | None) -> None:
        """Note that a sink wants no more; with ``None``, that it may be tried again."""
        ...
