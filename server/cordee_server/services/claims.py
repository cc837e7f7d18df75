"""Codes: asked for, claimed, paired under, failed, taken back (security.md 1.4).

Rules:

1. The relay gives the nameplate and never learns the secret: whether a claim was
   right only the two ends find out, and they say so by ``run_failed``.
2. Unknown, spent and expired are one answer (S-12).
3. The relay counts runs as well as the code's owner does: one when the agent shows
   the code, three when the console invites. A claim that came to nothing is a run
   spent, however it did: a refusal, a violation, a lost link, silence.
4. Every claim is throttled before it is looked at, and a technician's failed run
   counts against the account (S-13).
"""

from __future__ import annotations

import structlog

from cordee_server.relay.deadlines import Deadline
from cordee_server.relay.exchange import PairingExchange
from cordee_server.relay.peer import Peer
from cordee_server.relay.room import OTHER, Agreed, Code, Direction, Room, Seat
from cordee_server.relay.tokens import TOKEN_BYTES, Tokens
from cordee_server.services.endings import Endings
from cordee_server.services.node import Node
from cordee_shared.canonical import Json, b64
from cordee_shared.errors import CodeUnknown, Unavailable, UnexpectedMessage
from cordee_shared.ids import read_nameplate, session_id
from cordee_shared.journal.act import ActReader
from cordee_shared.limits import AGENT_CODE_RUNS, INVITATION_RUNS
from cordee_shared.session.offer import Attestation, Signed
from cordee_shared.session.states import EndReason, Event, Remark, Side, State
from cordee_shared.wire import control
from cordee_shared.wire.terms import in_pieces

_log = structlog.get_logger("cordee.sessions")


class Claims:
    """Brings two links together under a code."""

    def __init__(self, node: Node, endings: Endings) -> None:
        self._node = node
        self._endings = endings

    # --- a code goes live -----------------------------------------------------------

    async def show_code(self, peer: Peer) -> None:
        """Give the agent a nameplate for a code that it will show (direction a).

        Raises:
            TooManyGuesses: this address has enough codes that wait.
            Unavailable: no session can start now.
        """
        await self._put_down(peer)
        self._node.throttle.codes.take(peer.who.address)
        try:
            await self._issue(peer, "a", AGENT_CODE_RUNS, None)
        except BaseException:
            self._node.throttle.codes.release(peer.who.address)
            raise

    async def invite(self, peer: Peer, engagement: str) -> None:
        """Give the console a nameplate for an engagement (direction b).

        Raises:
            NotAllowed: it is not this technician's engagement.
            Unavailable: no session can start now.
        """
        await self._put_down(peer)
        agreed = await self._agree(peer, engagement)
        await self._issue(peer, "b", INVITATION_RUNS, agreed)

    async def _issue(
        self, peer: Peer, direction: Direction, runs: int, agreed: Agreed | None
    ) -> None:
        node = self._node
        if node.is_draining:
            raise Unavailable("the relay is about to stop")
        times = node.times
        life_s = times.agent_code_s if direction == "a" else times.invitation_s
        code = Code(
            node.hub.draw_nameplate(),
            direction,
            peer.side,
            node.now_us() + life_s * 1_000_000,
        )
        room = Room(
            session_id(node.entropy.token(16)),
            code,
            runs,
            key=node.key,
            keeper=node.journal,
            clock=node.clock,
            metrics=node.metrics,
        )
        room.agreed = agreed
        node.hub.open(room)
        async with room.lock:
            data: dict[str, Json] = {
                "dir": direction,
                "runs": runs,
                "lifetime_s": life_s,
            }
            if agreed is not None:
                data["engagement"] = agreed.engagement
            try:
                await room.note(Remark.CODE_ISSUED, data)
            except Unavailable:
                node.hub.close(room)
                raise
            if direction == "a":
                room.code_held_by = peer.who.address
            seat = room.sit(peer)
            node.expect(room, Deadline.CODE, life_s)
            peer.tell(
                control.CodeGiven(
                    session=room.id, np=code.nameplate, runs=runs, lifetime_s=life_s
                )
            )
            seat.is_told = True
            room.tell_entries()
        node.metrics.sessions[direction] += 1
        _log.info("code_issued", session=room.id, direction=direction)

    async def cancel(self, peer: Peer) -> None:
        """Take a code back; one that is being claimed at this moment, too.

        Raises:
            UnexpectedMessage: this is not its owner, or the code is spent.
        """
        room = peer.room
        if room is None:
            self._node.drop(peer, "cancel")
            return
        async with room.lock:
            if not room.holds(peer) or room.state is State.ENDED:
                self._node.drop(peer, "cancel")
                return
            if peer.side is not room.code.owner or room.state not in (
                State.WAITING,
                State.PAIRING,
            ):
                raise UnexpectedMessage(f"cancel while {room.state.value}")
            await self._endings.by_relay(room, EndReason.CODE_CANCELLED)

    async def _put_down(self, peer: Peer) -> None:
        """Take back the waiting code of a link that is about to do something else."""
        if peer.room is not None and peer.room.state is State.ENDED:
            # It was told the end, and the bill is on its way: what it asks for waits.
            async with peer.room.lock:
                pass
        if peer.room is None:
            return
        if peer.room.state is not State.WAITING:
            raise UnexpectedMessage(f"another code while {peer.room.state.value}")
        await self.cancel(peer)

    # --- a code is claimed ----------------------------------------------------------

    async def claim(self, peer: Peer, message: control.Claim) -> None:
        """Bring a claimer to the code's owner, and let them pair.

        Raises:
            TooManyGuesses: too many claims; this one was not looked at.
            CodeUnknown: no such code waits for this side.
            NotAllowed: it is not this technician's engagement.
            Unavailable: no session can start now.
        """
        node = self._node
        nameplate = read_nameplate(message.np)
        account = peer.who.technician.id if peer.who.technician else None
        node.throttle.claim(peer.who.address, nameplate, account)
        if node.is_draining:
            raise Unavailable("the relay is about to stop")
        room = node.hub.by_nameplate(nameplate)
        if room is None or room is peer.room or not self._waits_for(room, peer.side):
            await node.throttle.claim_failed(account)
            raise CodeUnknown
        agreed = room.agreed or await self._agree(peer, message.engagement)
        await self._put_down(peer)
        async with room.lock:
            owner = room.seats[room.code.owner].peer
            if owner is None or not self._waits_for(room, peer.side):
                raise CodeUnknown
            room.sit(peer)
            try:
                await self._meet(room, agreed)
            except Unavailable:
                room.rise(peer)
                raise

    def _waits_for(self, room: Room, side: Side) -> bool:
        return (
            room.state is State.WAITING
            and not room.is_over
            and side is OTHER[room.code.owner]
            and self._node.now_us() < room.code.expires_us
        )

    async def _agree(self, peer: Peer, engagement: str) -> Agreed:
        """Put together what the relay vouches for: what for, how much, and who asks."""
        technician, attestation = peer.who.technician, peer.who.attestation
        assert technician is not None, "only a signed-in console gets here"
        assert attestation is not None, "a console is attested by its welcome"
        offer = await self._node.offers.offer_for(engagement, technician.id)
        return Agreed(
            engagement=offer.engagement,
            technician=technician.id,
            technician_name=technician.display_name,
            offer=offer,
            offer_signed=offer.signed(self._node.key),
            attestation=attestation,
            terms=await self._node.terms_of(offer),
        )

    async def _meet(self, room: Room, agreed: Agreed) -> None:
        """Journal that the code was claimed, then start a run."""
        node = self._node
        await room.note(
            Event.CODE_CLAIMED,
            {
                "engagement": agreed.engagement,
                "technician": agreed.technician,
                "offer": agreed.offer_signed.hash,
                "attestation": agreed.attestation.hash,
                "by": OTHER[room.code.owner].value,
            },
            is_told=False,
        )
        room.agreed = agreed
        rs = node.entropy.token(16)
        room.exchange = PairingExchange(rs)
        node.expect(room, Deadline.PAIRING, node.times.pairing_s)
        claimed = room.entries[-1].n
        for side, seat in room.seats.items():
            assert seat.peer is not None, "both sides have just met"
            if side is not room.code.owner:
                seat.next_told = seat.first_told = claimed
            seat.tokens = Tokens()
            if side is Side.CUSTOMER:
                for piece in in_pieces(agreed.terms):
                    seat.peer.tell(piece)
            seat.peer.tell(
                control.Paired(
                    session=room.id,
                    rs=b64(rs),
                    np=room.code.nameplate,
                    dir=room.code.direction,
                    n=claimed,
                    offer=_statement(agreed.offer_signed),
                    att=_statement(agreed.attestation),
                    token=seat.tokens.give(node.entropy.token(TOKEN_BYTES)),
                    consent_s=node.times.consent_s,
                )
            )
            seat.is_told = True
        room.tell_entries()

    # --- a run ----------------------------------------------------------------------

    def carry(self, room: Room, peer: Peer, message: control.Message) -> None:
        """Carry h1 to h4 to the other end. The room's lock is held.

        Raises:
            UnexpectedMessage, MalformedFrame, FrameTooLarge: it breaks the run.
        """
        exchange = room.exchange
        assert isinstance(exchange, PairingExchange), "a run is under way"
        exchange.take(message, peer.side)
        room.seats[peer.side].is_behind = False
        other = room.seats[OTHER[peer.side]].peer
        assert other is not None, "a lost link ends a run"
        other.tell(message)
        if not exchange.is_done:
            return
        transcript = exchange.transcript
        assert transcript is not None, "h3 has passed"
        room.transcript = transcript
        room.is_sealed = True
        for side, seat in room.seats.items():
            seat.acts = ActReader(room.id, side, transcript.keys[side], transcript.th)

    async def run_failed(self, peer: Peer) -> None:
        """An end says that the two do not hold the same code."""
        room = peer.room
        if room is None:
            self._node.drop(peer, "run_failed")
            return
        async with room.lock:
            if not room.holds(peer) or room.state is not State.PAIRING:
                # Both ends find out, and both say so.
                self._node.drop(peer, "run_failed")
                return
            await self.fail_run(room, "refused", by=peer.side)

    async def fail_run(self, room: Room, why: str, by: Side | None = None) -> None:
        """Spend a run: wait for another claim, or end. The room's lock is held.

        Args:
            room: in a run.
            why: a name for the journal.
            by: the side that says so, if one does.

        Raises:
            Unavailable: the journal cannot be written.
        """
        node = self._node
        assert room.agreed is not None, "a claimed code is agreed on"
        owner, claimer = room.code.owner, OTHER[room.code.owner]
        room.runs_left -= 1
        node.hub.deadlines.clear(room.id, Deadline.PAIRING)
        if claimer is Side.TECHNICIAN:
            await node.throttle.claim_failed(room.agreed.technician)
        can_wait = room.runs_left > 0 and node.now_us() < room.code.expires_us
        room.give_up_exchange(by)
        if not can_wait or room.seats[owner].peer is None:
            await self._endings.by_relay(room, EndReason.CODE_REFUSED, why=why)
            return
        await room.note(Event.RUN_FAILED, {"left": room.runs_left, "why": why})
        room.tell(control.RunFailed(left=room.runs_left))
        # Its owner may have bound itself before it hears of that: no violation.
        room.seats[owner].is_behind |= room.transcript is not None
        room.transcript = None
        if (gone := room.seats[claimer].peer) is not None:
            room.rise(gone)
        room.seats[claimer] = Seat()
        # The former run's keys are good for nothing any more.
        room.seats[owner].acts, room.seats[owner].is_bound = None, False
        room.seats[owner].taken.clear()
        _log.info("run_failed", session=room.id, left=room.runs_left, why=why)


def attest(node: Node, organisation: str, name: str, pk: str, life_s: int) -> Signed:
    """Vouch for a technician's key, so that the customer may know who asks (1.5)."""
    expires = node.clock.now_ms() // 1000 + life_s
    return Attestation(organisation, name, pk, expires).signed(node.key)


def _statement(signed: Signed) -> control.Statement:
    return control.Statement(text=signed.text, sig=signed.sig)
