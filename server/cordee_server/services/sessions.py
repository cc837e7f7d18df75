"""The life of the sessions on one node: hear, judge, journal, then tell.

Rules:

1. Whatever an end sends is dealt with before its link is read again.
2. An act is verified (key, chain, pairing), looked at (``acts.py``), judged by the
   table, journaled, and only then told. The relay authors no act of a person's.
3. What broke the protocol ends the session with ``violation``; its author's link is
   closed and told nothing. A refusal is a sentence for a person and ends nothing.
4. What arrives for a run or a session that is over was under way: it is dropped.
"""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from cordee_server.relay.deadlines import Deadline
from cordee_server.relay.exchange import CARRIED, PairingExchange
from cordee_server.relay.metrics import Parting
from cordee_server.relay.peer import Peer
from cordee_server.relay.room import Room
from cordee_server.services.acts import check_data, offered_files, waiting_extras
from cordee_server.services.claims import Claims
from cordee_server.services.endings import Endings
from cordee_server.services.node import Node
from cordee_server.services.returns import Returns
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import (
    FrameTooLarge,
    LocalViolation,
    MalformedFrame,
    ProtocolViolation,
    Refused,
    RemoteViolation,
    Tampered,
    Unavailable,
    UnexpectedMessage,
)
from cordee_shared.ids import SessionId
from cordee_shared.journal.entry import Entry
from cordee_shared.session.machine import Verdict, is_allowed
from cordee_shared.session.states import EndReason, Event, Remark, Side, State
from cordee_shared.wire import control

#: How often :meth:`Sessions.tend` wants to be called.
TEND_S: Final = 0.25
#: Where a lost link may still be taken up, so that a late r1 to r3 is no violation.
_RESUMABLE: Final = frozenset({State.INTERRUPTED, State.CONSENTING, State.PAUSED})

_log = structlog.get_logger("cordee.sessions")


class Sessions:
    """Everything that happens to sessions, whichever link it comes from."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._endings = Endings(node)
        self._claims = Claims(node, self._endings)
        self._returns = Returns(node, self._claims, self._endings)

    # --- what links bring -----------------------------------------------------------

    def arrive(self, peer: Peer) -> None:
        """Take in a link that has said hello."""
        self.node.hub.arrive(peer)
        self.node.metrics.links[peer.side.value] += 1

    async def hear(self, peer: Peer, frame: str | bytes) -> None:
        """Deal with one frame. Raises nothing: what goes wrong has its outcome here."""
        about = ""
        try:
            if isinstance(frame, bytes):
                await self._on_record(peer, frame)
            else:
                message = _decode(peer.side, frame)
                about = str(type(message).__struct_config__.tag)
                await self._on_message(peer, message)
        except Refused as refusal:
            self._refuse(peer, refusal.code, about)
        except Unavailable as error:
            await self._on_unavailable(peer, about, error)
        except (RemoteViolation, Tampered) as error:
            await self._on_violation(peer, error)
        except (LocalViolation, AssertionError) as error:
            await self._on_bug(peer, error)

    async def gone(self, peer: Peer) -> None:
        """Take note that a link is down. Raises nothing."""
        self.node.hub.leave(peer)
        room = peer.room
        if room is None:
            return
        why = peer.parting.value if peer.parting is not None else "gone"
        async with room.lock:
            if not room.holds(peer) or room.state is State.ENDED:
                return
            try:
                await self._returns.lost(room, peer, why)
            except Unavailable:
                self._endings.unwritten(room)

    async def _on_record(self, peer: Peer, frame: bytes) -> None:
        room = peer.room
        if room is not None and room.holds(peer):
            await room.forward(peer, frame)
        elif peer.was_in_room:
            self.node.drop(peer, "record")
        else:
            raise UnexpectedMessage("a record outside a session")

    async def _on_message(self, peer: Peer, message: control.Message) -> None:
        match message:
            case control.Hello():
                raise UnexpectedMessage("a second hello")
            case control.ShowCode():
                await self._claims.show_code(peer)
            case control.Invite(engagement=engagement):
                await self._claims.invite(peer, engagement)
            case control.Claim():
                await self._claims.claim(peer, message)
            case control.Resume():
                await self._returns.resume(peer, message)
            case _ if peer.room is None:
                if not peer.was_in_room:
                    raise UnexpectedMessage(
                        f"{type(message).__name__} outside a session"
                    )
                self.node.drop(peer, type(message).__name__)
            case control.Cancel():
                await self._claims.cancel(peer)
            case control.RunFailed():
                await self._claims.run_failed(peer)
            case control.ActSent():
                await self._on_act(peer, peer.room, message)
            case _:
                assert isinstance(message, CARRIED), "every message has its case"
                await self._on_carried(peer, peer.room, message)

    async def _on_carried(
        self, peer: Peer, room: Room, message: control.Message
    ) -> None:
        async with room.lock:
            if not room.holds(peer) or room.is_stale(message, peer.side):
                self.node.drop(peer, type(message).__name__)
            elif isinstance(room.exchange, PairingExchange):
                self._claims.carry(room, peer, message)
            elif room.exchange is not None:
                await self._returns.carry(room, peer, message)
            elif room.state in _RESUMABLE or room.state is State.ENDED:
                self.node.drop(peer, type(message).__name__)
            else:
                raise UnexpectedMessage(
                    f"{type(message).__name__} while {room.state.value}"
                )

    # --- acts -----------------------------------------------------------------------

    async def _on_act(self, peer: Peer, room: Room, sent: control.ActSent) -> None:
        async with room.lock:
            if not room.holds(peer) or room.state is State.ENDED:
                self.node.drop(peer, "act")
                return
            seat = room.seats[peer.side]
            if seat.acts is None and seat.is_behind:
                self.node.drop(peer, "act")
                return
            if seat.acts is None or room.transcript is None or room.agreed is None:
                raise UnexpectedMessage("an act before the keys")
            if not sent.act.isascii():
                raise MalformedFrame("an act is ASCII")
            raw = sent.act.encode("ascii")
            if sha256_hex(raw) in seat.taken:
                # Told again, because its entry had not come back: once is enough.
                self.node.drop(peer, "act")
                return
            act = seat.acts.read(raw, bytes.fromhex(sent.sig))
            seat.taken.add(act.hash)
            extras, files = waiting_extras(room.entries), offered_files(room.entries)
            check_data(act, room.agreed, room.transcript.th, extras, files)
            verdict = room.session.judge(act.kind, act.side, act.seen)
            if act.kind is Remark.BIND:
                if seat.is_bound:
                    raise UnexpectedMessage("bound twice")
                seat.is_bound = True
            if act.kind not in (Remark.BIND, Remark.TICK):
                room.active_us = self.node.now_us()
            entry = room.draft_act(act, late=verdict is Verdict.LATE)
            if entry.state is State.ENDED:
                await self._endings.by_entry(room, entry)
                return
            await room.keep(entry)
            if not entry.late:
                await self._after(room, entry)

    async def _after(self, room: Room, entry: Entry) -> None:
        """Do what follows from an act that has taken effect."""
        match entry.kind:
            case Remark.BIND if all(seat.is_bound for seat in room.seats.values()):
                await self._confirm(room)
            case Event.VIEW_GRANTED:
                self.node.hub.deadlines.clear(room.id, Deadline.CONSENT)
                await self._returns.note_again(room)
            case Event.CONTINUED:
                await self._returns.note_again(room)

    async def _confirm(self, room: Room) -> None:
        """Both sides have signed under the same pairing: the code is spent."""
        assert room.transcript is not None, "both have bound themselves to it"
        await room.note(Event.KEYS_CONFIRMED, room.transcript.evidence())
        room.exchange = None
        self._endings.retire_code(room)
        node, times = self.node, self.node.times
        node.hub.deadlines.clear(room.id, Deadline.CODE, Deadline.PAIRING)
        consent_s = times.consent_s + times.consent_grace_s
        node.expect(room, Deadline.CONSENT, consent_s)
        node.expect(room, Deadline.LONGEST, times.session_s)
        node.expect(room, Deadline.IDLE, times.idle_s)
        node.expect(room, Deadline.CHECKPOINT, times.tick_s)

    # --- what goes wrong ------------------------------------------------------------

    def _refuse(self, peer: Peer, code: str, about: str) -> None:
        self.node.metrics.refusals[code] += 1
        peer.tell(control.RefusedNow(code=code, about=about))
        _log.info("refused", side=peer.side.value, code=code, about=about)

    async def _on_unavailable(self, peer: Peer, about: str, error: Unavailable) -> None:
        _log.warning("unavailable", about=about, why=str(error))
        room = peer.room
        # A code that waits goes on waiting; what was asked for just did not start.
        if room is None or room.state is State.WAITING:
            self._refuse(peer, Unavailable.code, about)
        else:
            self._endings.unwritten(room)

    async def _on_violation(
        self, peer: Peer, error: ProtocolViolation | Tampered
    ) -> None:
        _log.warning("violation", side=peer.side.value, why=str(error)[:200])
        large = isinstance(error, FrameTooLarge)
        peer.cut(Parting.TOO_LARGE if large else Parting.VIOLATION)
        await self._break(peer, EndReason.VIOLATION)

    async def _on_bug(self, peer: Peer, error: Exception) -> None:
        """End the session loudly: a bug is no reason to carry on as if nothing were."""
        _log.error("bug", side=peer.side.value, exc_info=error)
        peer.cut(Parting.BUG)
        await self._break(peer, EndReason.RELAY_STOPPED)

    async def _break(self, peer: Peer, reason: EndReason) -> None:
        """End the session of a link that was cut."""
        room = peer.room
        if room is None:
            return
        async with room.lock:
            if not room.holds(peer) or room.state is State.ENDED or room.is_over:
                return
            room.rise(peer)
            is_claimer = peer.side is not room.code.owner
            try:
                if room.state is State.PAIRING and is_claimer:
                    # Else an outsider could burn an invitation by one bad frame.
                    await self._claims.fail_run(room, reason.value, by=peer.side)
                else:
                    await self._endings.by_relay(room, reason, side=peer.side.value)
            except (Unavailable, LocalViolation):
                self._endings.unwritten(room)

    # --- time -----------------------------------------------------------------------

    async def tend(self) -> None:
        """Do what is due. Called every :data:`TEND_S`; raises nothing expected."""
        for peer in tuple(self.node.hub.peers):
            peer.check()
        due = self.node.hub.deadlines.due(self.node.now_us())
        if due:
            async with asyncio.TaskGroup() as group:
                for session, what in due:
                    group.create_task(self._on_due(session, what))
        await self._endings.settle_owed()

    async def _on_due(self, session: SessionId, what: Deadline) -> None:
        if what is Deadline.FORGET:
            self.node.hub.ended.pop(session, None)
            return
        room = self.node.hub.rooms.get(session)
        if room is None:
            return
        async with room.lock:
            if room.state is State.ENDED or room.is_over:
                return
            try:
                await self._overdue(room, what)
            except Unavailable:
                self._endings.unwritten(room)
            except LocalViolation as error:
                _log.error("bug", session=session, exc_info=error)
                self._endings.unwritten(room)

    async def _overdue(self, room: Room, what: Deadline) -> None:
        endings = self._endings
        match what:
            case Deadline.CODE if room.state is State.WAITING:
                await endings.by_relay(room, EndReason.CODE_EXPIRED)
            case Deadline.PAIRING if room.state is State.PAIRING:
                await self._claims.fail_run(room, "timeout")
            case Deadline.CONSENT if room.state is State.CONSENTING:
                await endings.by_relay(room, EndReason.CONSENT_EXPIRED)
            case Deadline.RESUME:
                await endings.by_relay(room, EndReason.LINK_EXPIRED)
            case Deadline.LONGEST:
                await endings.by_relay(room, EndReason.TIME_LIMIT)
            case Deadline.IDLE:
                await self._on_idle(room)
            case Deadline.CHECKPOINT:
                if is_allowed(Remark.CHECKPOINT, room.state):
                    await room.note(Remark.CHECKPOINT, room.proof_of_life())
                self.node.expect(room, Deadline.CHECKPOINT, self.node.times.tick_s)

    async def _on_idle(self, room: Room) -> None:
        idle_us = self.node.times.idle_s * 1_000_000
        until_us = room.active_us + idle_us
        if until_us <= self.node.now_us():
            await self._endings.by_relay(room, EndReason.IDLE)
        else:
            self.node.hub.deadlines.set(room.id, Deadline.IDLE, until_us)

    # --- stopping -------------------------------------------------------------------

    async def drain(self) -> None:
        """Take nothing new; end every session with a journaled reason; say so.

        Afterwards every link is closing, once it has taken what was queued for it.
        """
        self.node.is_draining = True
        async with asyncio.TaskGroup() as group:
            for room in tuple(self.node.hub.rooms.values()):
                group.create_task(self._stop(room))
        for peer in tuple(self.node.hub.peers):
            peer.close(Parting.RELAY_STOPPED)
        await self._endings.settle_owed()

    async def _stop(self, room: Room) -> None:
        async with room.lock:
            if room.state is State.ENDED or room.is_over:
                return
            try:
                await self._endings.by_relay(room, EndReason.RELAY_STOPPED)
            except Unavailable:
                self._endings.unwritten(room)


def _decode(side: Side, text: str) -> control.Message:
    """Read a message that this side may send.

    Raises:
        MalformedFrame, FrameTooLarge: it is none.
    """
    if side is Side.CUSTOMER:
        return control.decode(text, control.from_agent)
    return control.decode(text, control.from_console)
