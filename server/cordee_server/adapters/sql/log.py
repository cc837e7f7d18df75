"""The Merkle log over the journal, in SQL (security.md 3.2).

Rules:

1. Whatever a transaction appends is under a signed checkpoint when it commits: the
   writer calls :meth:`SqlLog.grow` before every commit, in the same transaction.
2. What the log had grown to is read from the database, not remembered: another process
   may have written in between. Only its right edge is kept, and used if it still fits.
3. A journal that does not continue its own head is written no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select

from cordee_shared.canonical import Json
from cordee_shared.errors import LocalViolation, Tampered
from cordee_shared.ids import SessionId
from cordee_shared.journal.checkpoint import (
    Head,
    SessionProof,
    Signer,
    TlogProof,
    read_checkpoint,
)
from cordee_shared.journal.merkle import (
    EMPTY,
    Nodes,
    grow,
    prove_consistency,
    prove_inclusion,
    prove_several,
    root,
)
from cordee_shared.journal.notice import (
    HOUSE,
    Notice,
    NoticeKind,
    read_notice,
    write_notice,
)

from ...evidence import LogHead, LogRow
from .engine import Database
from .journal import add_entry
from .log_tables import BODIES, HEADS, NODES
from .tables import ENTRIES

#: Built once: these run at every commit.
_LAST: Final = select(HEADS.c.size, HEADS.c.root).order_by(HEADS.c.size.desc()).limit(1)
_NEW: Final = (
    select(ENTRIES.c.seq, ENTRIES.c.leaf)
    .where(ENTRIES.c.seq > bindparam("size"))
    .order_by(ENTRIES.c.seq)
)
_LEAF: Final = select(ENTRIES.c.leaf).where(ENTRIES.c.seq == bindparam("seq"))
_NODE: Final = select(NODES.c.hash).where(
    NODES.c.level == bindparam("on"), NODES.c.at == bindparam("place")
)


class SqlLog:
    """A :class:`~cordee_server.evidence.LogStore`. One for each open database."""

    def __init__(self, database: Database, signer: Signer) -> None:
        """Let the log grow from now on, and over what is there already."""
        self._db = database
        self._signer = signer
        #: The newest head and the subtrees at its right edge. Owned by the writer.
        self._size, self._root = 0, EMPTY
        self._edge: dict[tuple[int, int], bytes] = {}
        database.before_commit(self.grow)

    async def checkpoint(self, size: int | None = None) -> str | None:
        """Return the signed head of this size, or the newest."""
        statement = select(HEADS.c.note).order_by(HEADS.c.size.desc()).limit(1)
        if size is not None:
            statement = statement.where(HEADS.c.size == size)
        return await self._db.read(lambda connection: connection.scalar(statement))

    async def proof_of(self, session: SessionId, since: int = 0) -> SessionProof | None:
        """Prove a session's entries from ``since`` on, under the newest head."""

        def work(connection: Connection) -> SessionProof | None:
            places = connection.scalars(
                select(ENTRIES.c.seq)
                .where(ENTRIES.c.session == session, ENTRIES.c.n >= since)
                .order_by(ENTRIES.c.n)
            ).all()
            newest = connection.execute(
                select(HEADS.c.size, HEADS.c.note)
                .order_by(HEADS.c.size.desc())
                .limit(1)
            ).one_or_none()
            if not places or newest is None or newest.size < places[-1]:
                return None
            nodes = _nodes(connection)
            indexes = tuple(seq - 1 for seq in places)
            path = prove_inclusion(indexes[-1], newest.size, nodes)
            return SessionProof(
                TlogProof(indexes[-1], tuple(path), newest.note),
                indexes,
                tuple(prove_several(indexes, newest.size, nodes)),
            )

        return await self._db.read(work)

    async def consistency(self, first: int, second: int) -> list[bytes]:
        """Prove that the log of ``first`` entries grew into that of ``second``."""

        def work(connection: Connection) -> list[bytes]:
            size = connection.scalar(select(func.max(HEADS.c.size))) or 0
            if second > size:
                raise LocalViolation(f"the journal has {size} entries, not {second}")
            return prove_consistency(first, second, _nodes(connection))

        return await self._db.read(work)

    async def note(
        self, kind: NoticeKind, at_ms: int, data: Mapping[str, Json]
    ) -> Notice:
        """Append a notice of the relay's own; durable on return."""
        return await self._db.write(
            lambda connection: self.note_within(connection, kind, at_ms, data)
        )

    def note_within(
        self,
        connection: Connection,
        kind: NoticeKind,
        at_ms: int,
        data: Mapping[str, Json],
    ) -> Notice:
        """Append a notice within a transaction that does what it tells of."""
        number = connection.scalar(
            select(func.count()).where(ENTRIES.c.session == HOUSE)
        )
        made = write_notice(number or 0, at_ms, kind, data, self._signer.key)
        add_entry(
            connection, made.raw, session=HOUSE, n=made.n, state=HOUSE, at_ms=at_ms
        )
        return made

    async def notices(self) -> list[Notice]:
        """Return the notices, in order."""
        found = await self._db.read(
            lambda connection: connection.scalars(
                select(BODIES.c.bytes)
                .join(ENTRIES, ENTRIES.c.seq == BODIES.c.seq)
                .where(ENTRIES.c.session == HOUSE)
                .order_by(ENTRIES.c.n)
            ).all()
        )
        return [read_notice(raw) for raw in found]

    async def size(self) -> int:
        """Return how many entries there are."""
        statement = select(func.count()).select_from(ENTRIES)
        return await self._db.read(lambda c: c.scalar(statement)) or 0

    async def rows(self, since: int, limit: int) -> list[LogRow]:
        """Return the rows after the first ``since``, in order."""
        statement = (
            select(
                ENTRIES.c.seq,
                ENTRIES.c.session,
                ENTRIES.c.n,
                ENTRIES.c.state,
                ENTRIES.c.leaf,
                BODIES.c.bytes,
            )
            .outerjoin(BODIES, BODIES.c.seq == ENTRIES.c.seq)
            .where(ENTRIES.c.seq > since)
            .order_by(ENTRIES.c.seq)
            .limit(limit)
        )
        rows = await self._db.read(lambda c: c.execute(statement).all())
        # What somebody made a text of is a body that was changed, not a missing one.
        return [
            LogRow(*row[:-1], b"" if isinstance(row.bytes, str) else row.bytes)
            for row in rows
        ]

    async def heads(self) -> list[LogHead]:
        """Return every head, the smallest first."""
        statement = select(HEADS).order_by(HEADS.c.size)
        rows = await self._db.read(lambda c: c.execute(statement).all())
        return [LogHead(row.size, row.root, row.note) for row in rows]

    async def subtrees(self) -> list[tuple[int, int, bytes]]:
        """Return every complete subtree above the leaves."""
        statement = select(NODES.c.level, NODES.c.at, NODES.c.hash)
        rows = await self._db.read(lambda c: c.execute(statement).all())
        return [(level, at, found) for level, at, found in rows]

    async def root_at(self, size: int) -> bytes:
        """Compute the root over the first ``size`` leaves."""
        return await self._db.read(
            lambda connection: root(size, _nodes(connection)) if size else EMPTY
        )

    # --- writing -------------------------------------------------------------------

    def grow(self, connection: Connection) -> None:
        """Add what the transaction appended, and sign the new head.

        Raises:
            Tampered: the journal does not continue its head; nothing is committed.
        """
        last = connection.execute(_LAST).one_or_none()
        size = 0 if last is None else last.size
        rows = connection.execute(_NEW, {"size": size}).all()
        if not rows:
            return
        if (size, EMPTY if last is None else last.root) != (self._size, self._root):
            self._take_edge(connection, size, EMPTY if last is None else last.root)
        edge, made = dict(self._edge), []
        for seq, leaf in rows:
            if seq != size + 1:
                raise Tampered(f"entry {size + 1} of the journal", "is missing")
            edge[0, size] = leaf
            for level, at, found in grow(size, leaf, lambda on, at: edge[on, at]):
                edge[level, at] = found
                made.append({"level": level, "at": at, "hash": found})
            size += 1
        edge = _right(size, edge)
        top = root(size, lambda on, at: edge[on, at])
        note = self._signer.checkpoint(Head(size, top))
        if made:
            connection.execute(insert(NODES), made)
        connection.execute(insert(HEADS).values(size=size, root=top, note=note))
        # Should the commit fail, the next one sees that this does not fit.
        self._size, self._root, self._edge = size, top, edge

    def _take_edge(self, connection: Connection, size: int, expected: bytes) -> None:
        nodes = _nodes(connection)
        if size:
            note = connection.scalar(select(HEADS.c.note).where(HEADS.c.size == size))
            read_checkpoint(note or "", self._signer.public)
        if root(size, nodes) != expected:
            raise Tampered(f"the journal's head of {size} entries", "is not its root")
        self._size, self._root = size, expected
        self._edge = {place: nodes(*place) for place in _edge_of(size)}


def _edge_of(size: int) -> Sequence[tuple[int, int]]:
    """Return the complete subtrees that a tree of this size consists of."""
    found, before = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, before >> level))
            before += 1 << level
    return found


def _right(
    size: int, known: dict[tuple[int, int], bytes]
) -> dict[tuple[int, int], bytes]:
    return {place: known[place] for place in _edge_of(size)}


def _nodes(connection: Connection) -> Nodes:
    """Read subtrees from the database, each once."""
    read: dict[tuple[int, int], bytes] = {}

    def node(level: int, at: int) -> bytes:
        if (level, at) not in read:
            found = (
                connection.scalar(_NODE, {"on": level, "place": at})
                if level
                else connection.scalar(_LEAF, {"seq": at + 1})
            )
            if found is None:
                raise Tampered(f"node {level}/{at} of the journal", "is missing")
            read[level, at] = found
        return read[level, at]

    return node
