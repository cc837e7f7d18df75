"""One session on this node: two seats, one table, one journal, one lock.

Rules:

1. Journal first, then tell: an entry is durable before either end reads it, and
   before the session here has moved.
2. Whoever moves the session holds :attr:`Room.lock`, so entries are made in one
   order, and both ends are told in that order.
3. Records pass by their header alone (security.md 1.6). Pictures pass only while
   the customer may be seen (S-19: the relay is the second line, the agent the
   first), input only once the customer has given control, words, clipboard and
   files only after the customer's first yes.
4. A record is forwarded at once or waits in the other side's queue; it is dropped
   only when its keys are dead: the other end is away, or is agreeing on new ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.ports import Clock
from cordee_server.relay.exchange import Exchange, Transcript
from cordee_server.relay.metrics import DropReason, Metrics
from cordee_server.relay.peer import Peer
from cordee_server.relay.tokens import Tokens
from cordee_shared.canonical import Json
from cordee_shared.errors import LocalViolation, PeerGone, UnexpectedMessage
from cordee_shared.ids import EngagementId, Nameplate, SessionId, TechnicianId
from cordee_shared.journal.act import Act, ActReader
from cordee_shared.journal.entry import Entry, write_act, write_fact
from cordee_shared.session.machine import Kind, Session
from cordee_shared.session.offer import Offer, Signed
from cordee_shared.session.states import (
    DRIVEN,
    SEALED,
    SHARED,
    TRANSITIONS,
    VISIBLE,
    Event,
    Side,
    State,
)
from cordee_shared.wire import control
from cordee_shared.wire.frames import TOGETHER, Channel, read_header

#: Who shows the code: the agent (a) or the console's invitation (b).
Direction = Literal["a", "b"]

OTHER: Final[Mapping[Side, Side]] = {
    Side.CUSTOMER: Side.TECHNICIAN,
    Side.TECHNICIAN: Side.CUSTOMER,
}


#: Records that show that somebody is at work (limits.IDLE_S).
BY_A_PERSON: Final = TOGETHER | {Channel.INPUT}


class Keeper(Protocol):
    """Where entries become durable: all of them, or none."""

    async def append(self, entries: Sequence[Entry]) -> None:
        """Append entries, the next ones of their session.

        Raises:
            Unavailable: nothing was stored.
        """
        ...


@dataclass(frozen=True, slots=True)
class Agreed:
    """What for, at which price, and by whom: vouched for before anybody consents."""

    engagement: EngagementId
    technician: TechnicianId
    #: Shown to the customer, out of the attestation.
    technician_name: str
    offer: Offer
    offer_signed: Signed
    attestation: Signed
    #: The general terms, word for word: the customer reads them first (R09).
    terms: str


@dataclass(slots=True)
class Seat:
    """One side's place in a room."""

    #: The live link, if there is one.
    peer: Peer | None = None
    #: Number of the first entry that this side is told.
    first_told: int = 0
    #: Number of the next entry to tell this side.
    next_told: int = 0
    #: Entries are told as they are made; not while the side is joining.
    is_told: bool = False
    tokens: Tokens = field(default_factory=Tokens)
    #: Monotonic microseconds at which the link was found lost.
    lost_us: int | None = None
    #: Last proof of life of a link that is gone.
    alive_us: int | None = None
    acts: ActReader | None = None
    #: Hashes of its acts that were taken: after a resume it may tell one again.
    taken: set[str] = field(default_factory=set)
    #: Its `bind` has been journaled.
    is_bound: bool = False
    #: Messages of exchanges given up that its link may still send, in order.
    stale: list[type[control.Message]] = field(default_factory=list)
    #: It held keys of a run that failed: what they sealed and signed may be on its way.
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """The live code of a session: its routing half and what remains of it."""

    nameplate: Nameplate
    direction: Direction
    owner: Side
    #: Monotonic microseconds.
    expires_us: int


class Room:
    """One session. Its fields are guarded by ``lock``, but for ``forward``."""

    def __init__(
        self,
        session: SessionId,
        code: Code,
        runs: int,
        *,
        key: Ed25519PrivateKey,
        keeper: Keeper,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self.id = session
        self.code = code
        self.runs_left = runs
        self.lock = asyncio.Lock()
        self.session = Session()
        self.entries: list[Entry] = []
        self.seats = {Side.CUSTOMER: Seat(), Side.TECHNICIAN: Seat()}
        self.agreed: Agreed | None = None
        #: The pairing or resume under way.
        self.exchange: Exchange | None = None
        self.transcript: Transcript | None = None
        #: Both ends hold the same keys and both are here.
        self.is_sealed = False
        #: Control was given at least once.
        self.was_driven = False
        #: The session lives no more on this node; the journal may say so later.
        self.is_over = False
        #: What to tell an end that was away when the session ended.
        self.bill: control.Bill | None = None
        #: The address that this session's waiting code is counted under.
        self.code_held_by: str | None = None
        #: Monotonic microseconds of the last thing that a person did.
        self.active_us = clock.moment().mono_us
        self._key = key
        self._keeper = keeper
        self._clock = clock
        self._metrics = metrics

    # --- seats ----------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Where the session stands, by its journal."""
        return self.session.state

    def peers(self) -> list[Peer]:
        """Return the live links, the customer's first."""
        return [seat.peer for seat in self.seats.values() if seat.peer is not None]

    def holds(self, peer: Peer) -> bool:
        """Whether this link is the one that speaks for its side here."""
        return self.seats[peer.side].peer is peer

    def sit(self, peer: Peer) -> Seat:
        """Give a side's seat to a link."""
        seat = self.seats[peer.side]
        seat.peer = peer
        seat.stale = []
        peer.room = self
        peer.was_in_room = True
        return seat

    def rise(self, peer: Peer) -> None:
        """Take a link out of the room; its side's seat stays."""
        seat = self.seats[peer.side]
        if seat.peer is peer:
            seat.peer = None
            seat.alive_us = peer.alive_us
            seat.is_told = False
        if peer.room is self:
            peer.room = None

    def give_up_exchange(self, by: Side | None = None) -> None:
        """Forget the exchange under way and shut the sealed path.

        The one message that was due may be on its way, and must not pass for the
        first of another exchange; unless it was its author who gave up.
        """
        if self.exchange is not None and self.exchange.awaited is not None:
            kind, author = self.exchange.awaited
            if author is not by:
                self.seats[author].stale.append(kind)
        self.exchange = None
        self.is_sealed = False

    def is_stale(self, message: control.Message, side: Side) -> bool:
        """Tell, once, whether a message belongs to an exchange that was given up."""
        stale = self.seats[side].stale
        if stale and type(message) is stale[0]:
            del stale[0]
            return True
        return False

    def tell(self, message: control.Message) -> None:
        """Queue a message for every side that is here and has joined."""
        for seat in self.seats.values():
            if seat.peer is not None and seat.is_told:
                seat.peer.tell(message)

    # --- the journal ----------------------------------------------------------------

    async def note(
        self,
        kind: Kind,
        data: Mapping[str, Json],
        *,
        is_told: bool = True,
    ) -> Entry:
        """Journal a fact of the relay's, move, and tell. The lock is held.

        Raises:
            Unavailable: the journal cannot be written; nothing happened.
        """
        entry = self.draft(kind, data)
        await self.keep(entry, is_told=is_told)
        return entry

    def draft(self, kind: Kind, data: Mapping[str, Json]) -> Entry:
        """Write a fact of the relay's that nobody knows of yet."""
        return write_fact(
            self.session.next_entry,
            self._clock.moment(),
            self.id,
            kind,
            self._after(kind, Side.RELAY),
            data,
            self._key,
        )

    def draft_act(self, act: Act, *, late: bool) -> Entry:
        """Wrap a person's verified act as the next entry."""
        state = self.state if late else self._after(act.kind, act.side)
        moment = self._clock.moment()
        return write_act(self.session.next_entry, moment, act, state, late=late)

    async def keep(
        self, entry: Entry, *, keeper: Keeper | None = None, is_told: bool = True
    ) -> None:
        """Make an entry durable, then move, then tell. The lock is held.

        Raises:
            Unavailable: the journal cannot be written; nothing happened.
        """
        await (keeper or self._keeper).append([entry])
        self.session.follow(
            entry.kind, entry.side, entry.moment.mono_us, late=entry.late
        )
        self.entries.append(entry)
        self._metrics.entries[entry.kind.value] += 1
        if self.state in DRIVEN:
            self.was_driven = True
        if self.state is State.ENDED:
            # Before anybody is told: what is under way is late, and no violation.
            self.is_sealed = False
        if is_told:
            self.tell_entries()

    def tell_entries(self) -> None:
        """Queue for each side that has joined the entries it was not told."""
        for seat in self.seats.values():
            if seat.peer is None or not seat.is_told:
                continue
            for entry in self.entries[seat.next_told :]:
                seat.peer.tell(control.EntryMade(entry=entry.raw.decode("ascii")))
            seat.next_told = len(self.entries)

    def _after(self, kind: Kind, by: Side) -> State:
        if not isinstance(kind, Event):
            return self.state
        try:
            return TRANSITIONS[self.state][kind]
        except KeyError:
            raise LocalViolation(
                f"{kind.value} by {by.value} while {self.state.value}"
            ) from None

    def proof_of_life(self) -> dict[str, Json]:
        """Return when each link last gave a sign, as facts about time quote it.

        Monotonic microseconds of this node; a side that never was here is left out.
        """
        said: dict[str, Json] = {}
        for side, seat in self.seats.items():
            alive = seat.alive_us if seat.peer is None else seat.peer.alive_us
            if alive is not None:
                said[f"{side.value}_us"] = alive
        return said

    # --- records --------------------------------------------------------------------

    async def forward(self, peer: Peer, frame: bytes) -> None:
        """Carry a sealed record to the other end, waiting while its queue is full.

        Raises:
            MalformedFrame, FrameTooLarge: no record.
            UnexpectedMessage: it has no place in the present state.
        """
        channel = read_header(frame).channel
        if not self.is_sealed:
            self._drop_or_refuse(self.seats[peer.side])
            return
        self._insist(channel, peer.side)
        other = self.seats[OTHER[peer.side]].peer
        if other is None:
            self._metrics.drops[DropReason.PEER_AWAY] += 1
            return
        if channel in BY_A_PERSON:
            self.active_us = peer.alive_us
        try:
            await other.carry(frame)
        except PeerGone:
            self._metrics.drops[DropReason.PEER_AWAY] += 1
            return
        self._metrics.records[peer.side.value] += 1
        self._metrics.record_bytes[peer.side.value] += len(frame)

    def _drop_or_refuse(self, seat: Seat) -> None:
        # A run that reached its keys is being given up while its end is journaled.
        had_keys = self.state is State.PAIRING and self.transcript is not None
        if self.state is State.ENDED or self.is_over or seat.is_behind or had_keys:
            self._metrics.drops[DropReason.STALE] += 1
        elif self.state in (State.WAITING, State.PAIRING):
            raise UnexpectedMessage(f"a record while {self.state.value}, before keys")
        elif self.exchange is not None:
            # Sealed before its author knew that the link was taken up again.
            self._metrics.drops[DropReason.RESUMING] += 1
        else:
            self._metrics.drops[DropReason.PEER_AWAY] += 1

    def _insist(self, channel: Channel, side: Side) -> None:
        if self.state not in SEALED:
            raise UnexpectedMessage(f"a record while {self.state.value}")
        if channel is Channel.SCREEN and (
            side is not Side.CUSTOMER or self.state not in VISIBLE
        ):
            raise UnexpectedMessage(f"a picture while {self.state.value}")
        if channel is Channel.INPUT and (
            side is not Side.TECHNICIAN or not self.was_driven
        ):
            # Later states are the agent's to judge: input may cross a reclaim.
            raise UnexpectedMessage("input before control was given")
        if channel in TOGETHER and self.state not in SHARED:
            raise UnexpectedMessage(f"{channel.name} while {self.state.value}")
