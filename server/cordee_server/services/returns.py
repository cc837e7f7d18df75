"""Lost links, and coming back (security.md 1.6, relay.md 7).

Rules:

1. A lost link is a fact in the journal, with the last proof of life of both sides;
   what it means for the session is the table's business (S-16).
2. Coming back takes the token of the last connection. The newest link wins: it
   replaces one that only seemed alive.
3. The two ends prove themselves to each other by r1 to r3, which the relay carries.
   ``link_restored`` is durable before the last of them is handed on, so that nothing
   sealed under the new keys can arrive before the state that allows it.
4. Until then records are dropped: they are under keys that nobody holds any more.
5. Whoever was away when the session ended is told the end and its bill for a while.
"""

from __future__ import annotations

import structlog

from cordee_server.relay.deadlines import Deadline
from cordee_server.relay.exchange import RESUME, Exchange
from cordee_server.relay.metrics import Parting
from cordee_server.relay.peer import Peer
from cordee_server.relay.room import OTHER, Room, Seat
from cordee_server.relay.tokens import TOKEN_BYTES
from cordee_server.services.claims import Claims
from cordee_server.services.endings import Endings
from cordee_server.services.node import Node
from cordee_shared.canonical import b64
from cordee_shared.errors import SessionOver, Unavailable, UnexpectedMessage
from cordee_shared.session.states import TRANSITIONS, EndReason, Event, Side, State
from cordee_shared.wire import control

_log = structlog.get_logger("cordee.sessions")


class Returns:
    """Journals losses and takes links up again."""

    def __init__(self, node: Node, claims: Claims, endings: Endings) -> None:
        self._node = node
        self._claims = claims
        self._endings = endings

    # --- away -----------------------------------------------------------------------

    async def lost(self, room: Room, peer: Peer, why: str) -> None:
        """Take note that a side's link is gone. The room's lock is held.

        Raises:
            Unavailable: the journal cannot be written.
        """
        room.rise(peer)
        room.is_sealed = False
        if room.state is not State.PAIRING:
            room.give_up_exchange(peer.side)
        match room.state:
            case State.WAITING:
                await self._endings.by_relay(room, EndReason.CODE_CANCELLED)
            case State.PAIRING if peer.side is not room.code.owner:
                await self._claims.fail_run(room, "link_lost", by=peer.side)
            case _:
                await self._note_loss(room, peer.side, why)

    async def _note_loss(self, room: Room, side: Side, why: str) -> None:
        seat = room.seats[side]
        if seat.lost_us is not None:
            return  # it had come back alone, and was not taken up again
        entry = room.draft(
            Event.LINK_LOST, {"side": side.value, "why": why, **room.proof_of_life()}
        )
        if entry.state is State.ENDED:
            # Pairing cannot be taken up again: each drop would be a free guess.
            await self._endings.by_entry(room, entry)
            return
        await room.keep(entry)
        seat.lost_us = self._node.now_us()
        self._expect_return(room)
        _log.info("link_lost", session=room.id, side=side.value, why=why)

    async def note_again(self, room: Room) -> None:
        """Say once more that a link is lost, where the state would hide it.

        A yes may cross a loss on the wire: given while consenting or paused, it leads
        to where somebody would see, had they not gone. The room's lock is held.
        """
        after = TRANSITIONS[room.state].get(Event.LINK_LOST)
        if after is not State.INTERRUPTED or room.state is after:
            return
        for side, seat in room.seats.items():
            if seat.lost_us is not None:
                data = {"side": side.value, "why": "still", **room.proof_of_life()}
                await room.note(Event.LINK_LOST, data)
                return

    def _expect_return(self, room: Room) -> None:
        lost = [s.lost_us for s in room.seats.values() if s.lost_us is not None]
        at_us = min(lost) + self._node.times.resume_s * 1_000_000
        self._node.hub.deadlines.set(room.id, Deadline.RESUME, at_us)

    # --- back -----------------------------------------------------------------------

    async def resume(self, peer: Peer, message: control.Resume) -> None:
        """Give a side's seat to the link that shows its token.

        Raises:
            SessionOver: no such session, or not this link's to take up.
            UnexpectedMessage: the link is in a session, or claims to have seen what
                was never written.
            Unavailable: the journal cannot be written.
        """
        if peer.room is not None:
            raise UnexpectedMessage("resume within a session")
        # Whatever it says next was meant for that session: no violation if it is over.
        peer.was_in_room = True
        room = self._node.hub.find(message.session)
        if room is None:
            raise SessionOver
        async with room.lock:
            seat = room.seats[peer.side]
            if not self._may_return(room, peer, seat, message.token):
                raise SessionOver
            if message.seen >= len(room.entries):
                raise UnexpectedMessage(f"entry {message.seen} was never written")
            if seat.peer is not None:
                await self._replace(room, seat.peer)
            room.sit(peer)
            seat.is_told = False
            seat.next_told = max(seat.first_told, message.seen + 1)
            if room.state is State.ENDED:
                await self._tell_end(room, peer, seat)
            elif room.seats[OTHER[peer.side]].peer is not None:
                self._start(room)

    def _may_return(self, room: Room, peer: Peer, seat: Seat, token: str) -> bool:
        technician = peer.who.technician
        if technician is not None and (
            room.agreed is None or room.agreed.technician != technician.id
        ):
            return False
        if room.state in (State.WAITING, State.PAIRING) or room.is_over:
            # Over and not ended: its end is owed to the journal, nobody comes back.
            return room.state is State.ENDED and seat.tokens.accept(token)
        return seat.tokens.accept(token)

    async def _replace(self, room: Room, old: Peer) -> None:
        """Let the newest link win: the old one only seemed alive."""
        old.cut(Parting.REPLACED)
        try:
            await self.lost(room, old, Parting.REPLACED.value)
        except Unavailable:
            self._endings.unwritten(room)
            raise

    async def _tell_end(self, room: Room, peer: Peer, seat: Seat) -> None:
        """Tell a side that was away how the session ended."""
        self._give(room, seat, b64(self._node.entropy.token(16)))
        room.tell_entries()
        await self._endings.prove(room, peer, seat.first_told)
        if room.bill is not None:
            peer.tell(room.bill)
        room.rise(peer)
        if peer.side is Side.CUSTOMER:
            peer.close(Parting.DONE)

    def _start(self, room: Room) -> None:
        """Both ends are here: let them prove themselves to each other."""
        node = self._node
        room.exchange = Exchange(RESUME)
        rs = b64(node.entropy.token(16))
        for seat in room.seats.values():
            self._give(room, seat, rs)
        room.tell_entries()
        # Whoever comes back in the last second still gets the time it takes.
        least_us = node.now_us() + node.times.pairing_s * 1_000_000
        at_us = node.hub.deadlines.at(room.id, Deadline.RESUME) or 0
        node.hub.deadlines.set(room.id, Deadline.RESUME, max(at_us, least_us))

    def _give(self, room: Room, seat: Seat, rs: str) -> None:
        assert seat.peer is not None, "only who is here is told"
        token = seat.tokens.give(self._node.entropy.token(TOKEN_BYTES))
        seat.peer.tell(control.Resumed(session=room.id, rs=rs, token=token))
        seat.is_told = True

    async def carry(self, room: Room, peer: Peer, message: control.Message) -> None:
        """Carry r1 to r3 to the other end. The room's lock is held.

        Raises:
            UnexpectedMessage, FrameTooLarge: it is not the next of the exchange.
            Unavailable: the journal cannot be written.
        """
        exchange = room.exchange
        assert exchange is not None, "a resume is under way"
        exchange.take(message, peer.side)
        room.seats[peer.side].tokens.confirm()
        other = room.seats[OTHER[peer.side]].peer
        assert other is not None, "a loss ends the exchange"
        if not exchange.is_done:
            other.tell(message)
            return
        await room.note(Event.LINK_RESTORED, {}, is_told=False)
        room.exchange, room.is_sealed = None, True
        for seat in room.seats.values():
            seat.lost_us = None
        self._node.hub.deadlines.clear(room.id, Deadline.RESUME)
        other.tell(message)
        room.tell_entries()
        _log.info("link_restored", session=room.id)
