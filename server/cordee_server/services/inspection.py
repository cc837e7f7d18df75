"""The whole journal, from its bytes to its heads: what is wrong first, and where.

Rules (S-27, S-31, S-32):

1. Everything is computed anew; what is stored is only compared with it.
2. A body that is not there must be in a notice that says so; its leaf still counts.
3. What is cut off at the end leaves no trace in what remains: that is found by a
   checkpoint or a receipt from outside, by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from cordee_shared.canonical import transcript_hash, unb64
from cordee_shared.errors import CordeeError, Tampered
from cordee_shared.ids import SessionId
from cordee_shared.journal.act import ActReader
from cordee_shared.journal.checkpoint import Head, TlogProof, read_checkpoint
from cordee_shared.journal.entry import Entry, read_entry, verify_fact
from cordee_shared.journal.frontier import Frontier
from cordee_shared.journal.merkle import check_consistency, grow, leaf_hash
from cordee_shared.journal.notice import HOUSE, NoticeKind, read_notice, verify_notice
from cordee_shared.journal.receipt import PAIRING, Receipt
from cordee_shared.journal.receipt_check import Checked, check, keys_in
from cordee_shared.session.machine import Session
from cordee_shared.session.states import Event, Side

from ..evidence import LogRow, LogStore

_T = TypeVar("_T")
#: Rows that are read at a time.
BATCH = 5_000


@dataclass(slots=True)
class Inspected:
    """What was looked at, and found in order."""

    size: int = 0
    sessions: int = 0
    notices: int = 0
    #: Entries whose bodies are gone, as a notice says.
    pruned: int = 0
    heads: int = 0
    head: Head | None = None


@dataclass(slots=True)
class _Watched:
    """One session on its way through the inspection."""

    table: Session = field(default_factory=Session)
    entries: list[Entry] = field(default_factory=list)
    readers: dict[Side, ActReader] = field(default_factory=dict)
    #: An entry of it is gone: nothing that chains can be checked any more.
    is_pruned: bool = False


class Inspection:
    """Looks through one journal. Nothing is written."""

    def __init__(self, log: LogStore, relay_pk: bytes) -> None:
        """Look at this log, which this key has to have signed."""
        self._log = log
        self._relay_pk = relay_pk

    async def whole(self) -> Inspected:
        """Check every row, every subtree and every head.

        Raises:
            Tampered: the first thing that is wrong.
        """
        found = Inspected()
        sessions: dict[str, _Watched] = {}
        gone: list[int] = []
        allowed: set[int] = set()
        frontier, kept = Frontier(), _Kept()
        heads = {head.size: head for head in await self._log.heads()}
        while rows := await self._log.rows(found.size, BATCH):
            for row in rows:
                _insist(
                    row.seq == found.size + 1,
                    f"entry {found.size + 1} of the journal",
                    "is missing",
                )
                if row.body is None:
                    gone.append(row.seq)
                    if row.session != HOUSE:
                        sessions.setdefault(row.session, _Watched()).is_pruned = True
                else:
                    _insist(
                        leaf_hash(row.body) == row.leaf,
                        _where(row),
                        "its bytes were changed",
                    )
                    if row.session == HOUSE:
                        allowed |= self._notice(row, found.notices)
                        found.notices += 1
                    else:
                        watched = sessions.setdefault(row.session, _Watched())
                        self._entry(row, watched)
                kept.add(row.leaf)
                frontier.add(row.leaf)
                found.size += 1
                if (head := heads.pop(found.size, None)) is not None:
                    self._head(head.note, head.root, frontier)
                    found.heads += 1
                    found.head = Head(found.size, frontier.root())
        for seq in gone:
            _insist(
                seq in allowed, f"entry {seq} of the journal", "its bytes are missing"
            )
        if heads:
            raise Tampered(
                f"the journal's head of {min(heads)} entries",
                f"is above what is there: {found.size} entries",
            )
        newest = found.head.size if found.head is not None else 0
        _insist(newest == found.size, "the journal", "its newest entries have no head")
        _compare(kept.nodes, await self._log.subtrees())
        found.pruned = len(gone)
        found.sessions = len(sessions)
        return found

    async def between(self, first: str, second: str) -> tuple[Head, Head]:
        """Check that the journal stood at two checkpoints, and grew between them.

        Raises:
            Tampered: it did not.
            MalformedFrame: one is no checkpoint.
        """
        old = read_checkpoint(first, self._relay_pk)
        new = read_checkpoint(second, self._relay_pk)
        for head in (old, new):
            await self._stood_at(head, "checkpoint")
        if old.size:
            path = await self._log.consistency(old.size, new.size)
            check_consistency(old.size, new.size, old.root, new.root, path)
        return old, new

    async def against(self, receipt: Receipt) -> Checked:
        """Check a receipt, and that this journal still holds what it proves.

        Raises:
            Tampered: the receipt is not in order, or the journal is another.
        """
        checked = check(receipt, self._relay_pk)
        await self._stood_at(checked.head, "receipt")
        proof = TlogProof.read(receipt.proof)
        leaves = dict(
            zip(receipt.indexes, map(_leaf, checked.entries), strict=True)
        ) | {proof.index: _leaf(checked.entries[-1])}
        for index, leaf in leaves.items():
            (row,) = await self._log.rows(index, 1) or (None,)
            _insist(
                row is not None and row.seq == index + 1 and row.leaf == leaf,
                f"entry {index + 1} of the journal",
                "is not what the receipt proves",
            )
        return checked

    async def _stood_at(self, head: Head, whose: str) -> None:
        size = await self._log.size()
        if head.size > size:
            raise Tampered(
                "the journal",
                f"its end was cut off: the {whose} knows {head.size} entries, and "
                f"{size} are there",
            )
        _insist(
            await self._log.root_at(head.size) == head.root,
            "the journal",
            f"is another than the {whose} knows: its first {head.size} entries differ",
        )

    # --- one row

    def _notice(self, row: LogRow, number: int) -> set[int]:
        """Check a notice; return the entries that it says are gone."""
        assert row.body is not None, "a notice that is there"
        notice = _named(_where(row), partial(read_notice, row.body))
        _insist(notice.n == row.n == number, _where(row), "is out of its order")
        _named(_where(row), partial(verify_notice, notice, self._relay_pk))
        gone: set[int] = set()
        if notice.kind is NoticeKind.RETAINED:
            for first, last in notice.data.get("bodies", ()):
                gone.update(range(int(first), int(last) + 1))
        return gone

    def _entry(self, row: LogRow, watched: _Watched) -> None:
        assert row.body is not None, "an entry that is there"
        entry = _named(_where(row), partial(read_entry, row.body))
        where = f"entry {entry.n} of session {entry.session} ({_where(row)})"
        _insist(
            entry.session == row.session and entry.n == row.n,
            where,
            "is not what its row says",
        )
        _insist(entry.state.value == row.state, where, "is not in its row's state")
        if entry.act is None:
            _named(where, partial(verify_fact, entry, self._relay_pk))
        if watched.is_pruned:
            return
        _insist(
            entry.n == len(watched.entries),
            where,
            "is missing, doubled or out of its place",
        )
        watched.entries.append(entry)
        at_us = entry.moment.mono_us
        if entry.data.get("recovered") is True:
            at_us = max(at_us, watched.table.at_us or 0)
        follow = partial(watched.table.follow, entry.kind, entry.side, at_us)
        after = _named(where, partial(follow, late=entry.late))
        _insist(after is entry.state, where, "says another state than the table")
        if entry.kind is Event.KEYS_CONFIRMED:
            _named(where, partial(self._begin, entry, watched))
        elif entry.act is not None and watched.readers:
            self._act(entry, watched, where)

    def _begin(self, entry: Entry, watched: _Watched) -> None:
        """Take the keys; the acts before them are the two that bind to them."""
        parts = {name: unb64(str(entry.data[name])) for name in PAIRING}
        th = transcript_hash(*(parts[name] for name in PAIRING[1:]))
        watched.readers = {
            side: ActReader(SessionId(entry.session), side, key, th)
            for side, key in keys_in(parts).items()
        }
        for former in watched.entries:
            if former.act is not None:
                self._act(former, watched, f"entry {former.n} of {former.session}")

    def _act(self, entry: Entry, watched: _Watched, where: str) -> None:
        assert entry.act is not None, "an act"
        reader = watched.readers[entry.act.side]
        _named(where, partial(reader.read, entry.act.raw, entry.act.signature))

    def _head(self, note: str, root: bytes, frontier: Frontier) -> None:
        where = f"the journal's head of {frontier.size} entries"
        _insist(root == frontier.root(), where, "is not the root of what is there")
        said = _named(where, partial(read_checkpoint, note, self._relay_pk))
        _insist(
            said == Head(frontier.size, frontier.root()), where, "says something else"
        )


class _Kept:
    """The subtrees as they should be."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self._leaves: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Grow by one leaf."""
        size = len(self._leaves)
        self._leaves.append(leaf)
        for level, at, found in grow(size, leaf, self._node):
            self.nodes[level, at] = found

    def _node(self, level: int, at: int) -> bytes:
        return self.nodes[level, at] if level else self._leaves[at]


def _compare(
    expected: dict[tuple[int, int], bytes],
    stored: Iterable[tuple[int, int, bytes]],
) -> None:
    for level, at, found in stored:
        _insist(
            expected.pop((level, at), None) == found,
            f"node {level}/{at} of the journal",
            "is not what the entries give",
        )
    for level, at in expected:
        raise Tampered(f"node {level}/{at} of the journal", "is missing")


def _leaf(entry: Entry) -> bytes:
    return leaf_hash(entry.raw)


def _where(row: LogRow) -> str:
    return f"entry {row.seq} of the journal"


def _insist(is_so: bool, where: str, why: str) -> None:
    if not is_so:
        raise Tampered(where, why)


def _named(where: str, work: Callable[[], _T]) -> _T:
    try:
        return work()
    except Tampered as error:
        raise Tampered(where, f"{error.where} {error.why}") from None
    except CordeeError as error:
        raise Tampered(where, str(error)) from None
    except (KeyError, TypeError, ValueError) as error:
        raise Tampered(where, f"cannot be read ({error})") from None
