"""What this agent knows of a session's acts and entries, checked as they come.

Pure: it holds the agent's copy of the table, writes the customer's acts, reads the
technician's (mirrored through the sealed channel, and again inside entries), and
holds back what the customer withdrew before the journal confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import Json
from cordee_shared.errors import Tampered, UnexpectedMessage
from cordee_shared.ids import SessionId
from cordee_shared.journal.act import Act, ActReader, ActWriter, read_act
from cordee_shared.journal.entry import Entry, read_entry, verify_fact
from cordee_shared.session.machine import Hold, Kind, Session
from cordee_shared.session.states import WITHDRAWALS, Event, Side, State
from cordee_shared.signing import Label, verify


@dataclass(slots=True)
class Ledger:
    """One session's acts and entries at the customer's side."""

    session: SessionId
    key: Ed25519PrivateKey
    th: bytes
    peer_pk: bytes
    relay_pk: bytes
    #: The table's copy, as it stood when the two ends met.
    table: Session
    started_ms: int
    _hold: Hold = field(default_factory=Hold)
    #: Our acts whose entry has not come back, oldest first.
    _open: dict[str, Act] = field(default_factory=dict)
    _peers: set[str] = field(default_factory=set)
    #: The technician's acts that the mirror brought and no entry has yet.
    _mirrored: dict[str, Act] = field(default_factory=dict)
    #: Everything that was followed, for the receipt.
    entries: list[Entry] = field(default_factory=list)
    #: The customer's last yes to control that no loss of a link has made void, and the
    #: one that the journal last applied: a relay may keep one back, or hide a loss.
    _warm: str = ""
    _applied: str = ""
    #: The technician's acts that entries have brought.
    _journaled: int = 0
    _writer: ActWriter = field(init=False)
    _reader: ActReader = field(init=False)

    def __post_init__(self) -> None:
        """Start both chains."""
        self._writer = ActWriter(
            self.session, Side.CUSTOMER, self.key, self.th, self.started_ms
        )
        self._reader = ActReader(self.session, Side.TECHNICIAN, self.peer_pk, self.th)

    @property
    def state(self) -> State:
        """The state that counts here: the journal's, less what is withdrawn."""
        return self._hold.effective(self.table.state)

    @property
    def seen(self) -> int:
        """Number of the last entry that was followed."""
        return self.table.next_entry - 1

    def write(self, kind: Kind, at_ms: int, data: Mapping[str, Json]) -> Act:
        """Write the customer's next act; a withdrawal holds from here on."""
        act = self._writer.write(kind, at_ms, self.seen, self._reader.last, data)
        self._open[act.hash] = act
        if isinstance(kind, Event) and kind in WITHDRAWALS:
            self._hold.withdraw(kind, act.hash)
        if kind is Event.CONTROL_GRANTED:
            self._warm = act.hash
        return act

    def cool(self) -> None:
        """A link was lost: control comes back by a new yes alone (S-18)."""
        self._warm = ""

    @property
    def is_cold(self) -> bool:
        """Whether the journal gives control by a yes from before a loss."""
        return self.state is State.CONTROLLING and self._applied != self._warm

    @property
    def unconfirmed(self) -> tuple[Act, ...]:
        """Our acts without an entry yet; after a resume they are sent again."""
        return tuple(self._open.values())

    @property
    def withheld(self) -> tuple[Act, ...]:
        """Both sides' acts that the relay has not journaled, for the receipt."""
        return (*self._mirrored.values(), *self._open.values())

    def mirrored(self, raw: bytes, signature: bytes) -> Act | None:
        """Take an act of the technician's from the sealed channel.

        Returns:
            The act, or ``None`` when its entry had brought it already.

        Raises:
            Tampered, MalformedFrame: not the technician's next act.
        """
        act = self._take(read_act(raw, signature))
        if act is not None:
            self._mirrored[act.hash] = act
        return act

    def follow(self, raw: bytes) -> Entry:
        """Take the next entry from the relay and move the table's copy.

        Raises:
            Tampered: a signature or a chain does not fit.
            UnexpectedMessage: not the next entry, not of this session, or an act
                under this side's name that this side never wrote.
            LocalViolation: the table has no place for it.
        """
        entry = read_entry(raw)
        if entry.session != self.session or entry.n != self.table.next_entry:
            raise UnexpectedMessage(f"entry {entry.n} out of turn")
        if entry.act is None:
            verify_fact(entry, self.relay_pk)
        elif entry.side is Side.CUSTOMER:
            ours = next(iter(self._open.values()), None)
            if ours is None or ours.hash != entry.act.hash:
                raise Tampered(f"entry {entry.n}", "is not the act we wrote next")
            if ours.signature != entry.act.signature:
                raise Tampered(f"entry {entry.n}", "is not signed as we signed it")
            del self._open[entry.act.hash]
        else:
            if self._take(entry.act) is None:
                # The mirror's copy was checked; the entry's own is what is kept.
                act = entry.act
                verify(self.peer_pk, Label.EVENT, act.raw, act.signature, self.th)
            self._mirrored.pop(entry.act.hash, None)
            # The mirror may have brought it first: its entry still comes in its order,
            # and once, else a relay could say an old act again.
            if entry.act.seq != self._journaled:
                raise Tampered(f"entry {entry.n}", "is not the technician's next act")
            self._journaled += 1
        after = self.table.follow(
            entry.kind, entry.side, entry.moment.mono_us, late=entry.late
        )
        if after is not entry.state:
            raise Tampered(f"entry {entry.n}", f"says {entry.state}, the table {after}")
        if entry.act is not None:
            self._hold.confirmed(entry.act.hash)
        if entry.kind is Event.CONTROL_GRANTED and entry.act and not entry.late:
            self._applied = entry.act.hash
        elif entry.kind is Event.LINK_LOST:
            self.cool()
        self.entries.append(entry)
        return entry

    def _take(self, act: Act) -> Act | None:
        if act.hash in self._peers:
            return None
        read = self._reader.read(act.raw, act.signature)
        self._peers.add(read.hash)
        return read
