"""What evidence needs from outside, in the relay's own words.

Each docstring is a contract. The rules for stores are those of ``ports.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from cordee_shared.canonical import Json
from cordee_shared.ids import SessionId
from cordee_shared.journal.checkpoint import SessionProof
from cordee_shared.journal.notice import Notice, NoticeKind


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

    async def root_at(self, size: int) -> bytes:
        """Return the root over the first ``size`` entries, computed anew."""
        ...
