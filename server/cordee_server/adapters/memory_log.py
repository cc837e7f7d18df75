"""The Merkle log over :mod:`.memory`'s journal: for tests."""

from __future__ import annotations

from collections.abc import Mapping

from cordee_shared.canonical import Json
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import SessionId
from cordee_shared.journal.checkpoint import Head, SessionProof, Signer, TlogProof
from cordee_shared.journal.merkle import (
    grow,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    prove_several,
    root,
)
from cordee_shared.journal.notice import HOUSE, Notice, NoticeKind, write_notice

from ..evidence import LogHead, LogRow
from .memory import MemoryJournal


class MemoryLog:
    """A :class:`~cordee_server.evidence.LogStore`: grown when somebody asks."""

    def __init__(self, journal: MemoryJournal, signer: Signer) -> None:
        self._journal = journal
        self._signer = signer
        self._kept: dict[tuple[int, int], bytes] = {}
        self._size = 0
        #: Signed heads by size: one for each append.
        self._notes: dict[int, str] = {}
        self._notices: list[Notice] = []

    async def checkpoint(self, size: int | None = None) -> str | None:
        """Return the signed head of this size, or the newest."""
        self._grow()
        return self._notes.get(self._size if size is None else size)

    async def proof_of(self, session: SessionId, since: int = 0) -> SessionProof | None:
        """Prove a session's entries from ``since`` on, under the newest head."""
        self._grow()
        mine = {
            entry.raw
            for entry in await self._journal.entries_of(session)
            if entry.n >= since
        }
        raws = [raw for _, one in self._journal.appended(0) for raw in one]
        indexes = tuple(at for at, raw in enumerate(raws) if raw in mine)
        if not indexes:
            return None
        path = prove_inclusion(indexes[-1], self._size, self._node)
        return SessionProof(
            TlogProof(indexes[-1], tuple(path), self._notes[self._size]),
            indexes,
            tuple(prove_several(indexes, self._size, self._node)),
        )

    async def consistency(self, first: int, second: int) -> list[bytes]:
        """Prove that the log of ``first`` entries grew into that of ``second``."""
        self._grow()
        if second > self._size:
            raise LocalViolation(f"the journal has {self._size} entries, not {second}")
        return prove_consistency(first, second, self._node)

    async def note(
        self, kind: NoticeKind, at_ms: int, data: Mapping[str, Json]
    ) -> Notice:
        """Append a notice of the relay's own."""
        made = write_notice(len(self._notices), at_ms, kind, data, self._signer.key)
        self._notices.append(made)
        self._journal.append_raw(made.raw)
        return made

    async def notices(self) -> list[Notice]:
        """Return the notices, in order."""
        return list(self._notices)

    async def size(self) -> int:
        """Return how many entries there are."""
        self._grow()
        return self._size

    async def rows(self, since: int, limit: int) -> list[LogRow]:
        """Return the rows after the first ``since``, in order."""
        found: list[LogRow] = []
        by_raw = {entry.raw: entry for entry in await self._journal.everything()}
        notices = {notice.raw: notice for notice in self._notices}
        raws = [raw for _, one in self._journal.appended(0) for raw in one]
        for seq, raw in enumerate(raws, 1):
            if raw in by_raw:
                entry = by_raw[raw]
                place = str(entry.session), entry.n, entry.state.value
            else:
                place = HOUSE, notices[raw].n, HOUSE
            found.append(LogRow(seq, *place, leaf_hash(raw), raw))
        return found[since : since + limit]

    async def heads(self) -> list[LogHead]:
        """Return every head, the smallest first."""
        self._grow()
        return [
            LogHead(size, root(size, self._node), note)
            for size, note in sorted(self._notes.items())
        ]

    async def subtrees(self) -> list[tuple[int, int, bytes]]:
        """Return every complete subtree above the leaves."""
        self._grow()
        return [(level, at, one) for (level, at), one in self._kept.items() if level]

    async def root_at(self, size: int) -> bytes:
        """Compute the root over the first ``size`` leaves."""
        self._grow()
        return root(size, self._node)

    def _grow(self) -> None:
        for size, raws in self._journal.appended(self._size):
            for raw in raws:
                leaf = leaf_hash(raw)
                self._kept[0, self._size] = leaf
                for level, at, found in grow(self._size, leaf, self._node):
                    self._kept[level, at] = found
                self._size += 1
            assert self._size == size, "appends come whole"
            head = Head(size, root(size, self._node))
            self._notes[size] = self._signer.checkpoint(head)

    def _node(self, level: int, at: int) -> bytes:
        return self._kept[level, at]
