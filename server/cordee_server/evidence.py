"""What evidence needs from outside, in the relay's own words.

Each docstring is a contract. The rules for stores are those of ``ports.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cordee_shared.billing.correction import Correction
from cordee_shared.canonical import Json
from cordee_shared.ids import EngagementId, SessionId
from cordee_shared.journal.checkpoint import SessionProof
from cordee_shared.journal.notice import Notice, NoticeKind


class PrivacyStore(Protocol):
    """What is kept of customers, under keys of their own."""

    async def customers(self) -> list[str]:
        """Return every customer of whom a key is kept."""
        ...

    async def engagements_of(self, customer: str) -> list[EngagementId]:
        """Return a customer's engagements, in their order."""
        ...

    async def correction_of(self, customer: str) -> Correction | None:
        """Return what a customer had put right."""
        ...

    async def correct(
        self, customer: str, correction: Correction, at_ms: int
    ) -> Notice:
        """Keep a correction beside the former ones, with a notice: both or none."""
        ...

    async def erase(
        self,
        customer: str,
        uses: Sequence[str],
        data: Mapping[str, Json],
        at_ms: int,
    ) -> Notice | None:
        """Delete keys, with a notice: both or none.

        ``None``: none of them was there, and nothing was noted.
        """
        ...

    async def let_bodies_go(
        self, before_ms: int, at_ms: int, data: Mapping[str, Json]
    ) -> int:
        """Delete what sessions that ended before said, with a notice; count it.

        Not of a session with a record that can still be read: it rests on them.
        """
        ...

    async def newest_of(self, customer: str) -> int:
        """Return when a customer's newest entry was made, Unix ms; 0: there is none."""
        ...


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the log, as it is stored; nothing in it is checked."""

    #: Its index in the log and one.
    seq: int
    #: Or :data:`~cordee_shared.journal.notice.HOUSE`.
    session: str
    n: int
    state: str
    leaf: bytes
    #: ``None``: it is gone, and its leaf stayed.
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogHead:
    """A head as it is stored; nothing in it is checked."""

    size: int
    root: bytes
    note: str


class LogStore(Protocol):
    """The Merkle log over the journal: every entry, in the order of appending.

    What :meth:`~cordee_server.ports.JournalStore.append` made durable is under a signed
    checkpoint in the same transaction.
    """

    async def checkpoint(self, size: int | None = None) -> str | None:
        """Return the signed checkpoint of this size, or the newest.

        ``None``: the log never stood at this size, or is empty.
        """
        ...

    async def proof_of(self, session: SessionId, since: int = 0) -> SessionProof | None:
        """Prove a session's entries from number ``since`` on, under the newest head.

        ``None`` when there are none.
        """
        ...

    async def consistency(self, first: int, second: int) -> list[bytes]:
        """Prove that the log of ``first`` entries grew into that of ``second``.

        Raises:
            LocalViolation: the sizes are not in order, or the log is smaller.
        """
        ...

    async def note(
        self, kind: NoticeKind, at_ms: int, data: Mapping[str, Json]
    ) -> Notice:
        """Append a notice of the relay's own, signed and numbered.

        Raises:
            Unavailable: nothing was stored.
        """
        ...

    async def notices(self) -> list[Notice]:
        """Return the notices, in order."""
        ...

    async def size(self) -> int:
        """Return how many entries there are."""
        ...

    async def rows(self, since: int, limit: int) -> list[LogRow]:
        """Return the rows after the first ``since``, in order."""
        ...

    async def heads(self) -> list[LogHead]:
        """Return every head, the smallest first."""
        ...

    async def subtrees(self) -> list[tuple[int, int, bytes]]:
        """Return every complete subtree above the leaves: level, place, hash."""
        ...

    async def root_at(self, size: int) -> bytes:
        """Return the root over the first ``size`` entries, computed anew."""
        ...
