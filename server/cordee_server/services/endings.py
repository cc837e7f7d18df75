"""How sessions end, and what is left to do when even that cannot be written.

Rules:

1. An end is an entry like others: durable, with the billing record it makes, before
   anybody is told (architecture.md 3).
2. After the entry each side is told what the session comes to. The agent's link is
   closed then; the console's stays for the next session.
3. If the journal cannot be written the session ends all the same, at once (S-34).
   Its end is owed: it is written as soon as the journal answers again, and says when
   both sides were last known to be there, so that no minute is billed beyond that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog

from cordee_server.relay.metrics import Parting
from cordee_server.relay.peer import Peer
from cordee_server.relay.room import Room
from cordee_server.services.node import Node
from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import Json
from cordee_shared.errors import LocalViolation, Unavailable
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import EndReason, Event, Side, State
from cordee_shared.wire import control
from cordee_shared.wire.proof import in_pieces

#: Ends before anybody was met: the agent's link stays, for another code.
_STILL_WAITING: Final = frozenset({EndReason.CODE_EXPIRED, EndReason.CODE_CANCELLED})
#: Between two tries to write an end that is owed.
_RETRY_S: Final = 2

_log = structlog.get_logger("cordee.sessions")


class Endings:
    """Ends sessions of one node. The room's lock is held, unless said otherwise."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._owed: list[Room] = []
        self._retry_us = 0

    @property
    def owed(self) -> int:
        """Sessions whose end the journal has not taken yet."""
        return len(self._owed)

    async def by_relay(self, room: Room, reason: EndReason, **more: Json) -> None:
        """End a session for a reason of the relay's.

        Raises:
            Unavailable: the journal cannot be written; see :meth:`unwritten`.
        """
        data = {"reason": reason.value, **room.proof_of_life(), **more}
        await self.by_entry(room, room.draft(Event.ENDED, data))

    async def by_entry(self, room: Room, entry: Entry) -> None:
        """End a session with an entry after which it has ended: tell, bill, part.

        Raises:
            Unavailable: as above.
        """
        record = await self._write(room, entry)
        for seat in room.seats.values():
            # Also a side that was still coming back: it need not wait any longer.
            seat.is_told = seat.peer is not None
        room.tell_entries()
        for seat in room.seats.values():
            if seat.peer is not None and room.transcript is not None:
                await self.prove(room, seat.peer, seat.first_told)
        if record is not None:
            room.bill = bill_of(record)
            room.tell(room.bill)
        reason = str(entry.data.get("reason", entry.kind.value))
        self._part(room, reason)
        if room.transcript is not None:
            until_us = self._node.now_us() + self._node.times.resume_s * 1_000_000
            self._node.hub.remember(room, until_us)
        _log.info("session_ended", session=room.id, reason=reason, by=entry.side.value)

    async def prove(self, room: Room, peer: Peer, since: int) -> None:
        """Give a side what proves every entry that it was told (S-28)."""
        if peer.side is not Side.CUSTOMER:
            return  # the console fetches the technician's receipt, and need not wait
        try:
            proof = await self._node.prover.proof_of(room.id, since)
        except Unavailable as error:
            _log.warning("no_proof", session=room.id, why=str(error))
            return
        if proof is not None:
            for piece in in_pieces(proof.write()):
                peer.tell(piece)

    async def _write(self, room: Room, entry: Entry) -> BillingRecord | None:
        """Make the end durable, together with the record that it makes."""
        keeping = _Keeping(self._node)
        await room.keep(entry, keeper=keeping, is_told=False)
        return keeping.record

    def _part(self, room: Room, reason: str) -> None:
        """Let everybody go, and take the room out of the hub."""
        node = self._node
        node.metrics.ends[reason] += 1
        self.retire_code(room)
        node.hub.close(room)
        for peer in room.peers():
            room.rise(peer)
            if node.is_draining:
                peer.close(Parting.RELAY_STOPPED)
            elif peer.side is Side.CUSTOMER and reason not in _STILL_WAITING:
                peer.close(Parting.DONE)

    def retire_code(self, room: Room) -> None:
        """Let a code go that is spent or dead: its owner may ask for another."""
        self._node.hub.retire_code(room)
        if room.code_held_by is not None:
            self._node.throttle.codes.release(room.code_held_by)
            room.code_held_by = None

    def unwritten(self, room: Room) -> None:
        """End a session whose journal cannot be written: now, and say so (S-34).

        Needs no lock: nothing of the session is waited for any more.
        """
        if room.is_over:
            return
        _log.error("session_unwritten", session=room.id, state=room.state.value)
        room.tell(
            control.RefusedNow(
                code=EndReason.JOURNAL_UNAVAILABLE.value, about="session"
            )
        )
        self._node.metrics.ends[EndReason.JOURNAL_UNAVAILABLE.value] += 1
        self.retire_code(room)
        self._node.hub.close(room)
        for peer in room.peers():
            room.rise(peer)
            peer.close(Parting.JOURNAL)
        if room.entries:
            self._owed.append(room)

    async def settle_owed(self) -> None:
        """Try to write the ends that are owed; none is lost by a failure."""
        now_us = self._node.now_us()
        if not self._owed or now_us < self._retry_us:
            return
        self._retry_us = now_us + _RETRY_S * 1_000_000
        for room in tuple(self._owed):
            async with room.lock:
                data = {
                    "reason": EndReason.JOURNAL_UNAVAILABLE.value,
                    **room.proof_of_life(),
                }
                try:
                    await self._write(room, room.draft(Event.ENDED, data))
                except Unavailable:
                    return
                except LocalViolation as error:
                    # What failed had been stored after all: a start finds it.
                    _log.error("end_not_written", session=room.id, why=str(error))
            self._owed.remove(room)


class _Keeping:
    """A keeper that closes: the ending entry and its record in one transaction."""

    def __init__(self, node: Node) -> None:
        self._billing = node.billing
        self.record: BillingRecord | None = None

    async def append(self, entries: Sequence[Entry]) -> None:
        """Make the end durable."""
        assert entries[-1].state is State.ENDED, "only ends are billed"
        self.record = await self._billing.close(entries)


def bill_of(record: BillingRecord) -> control.Bill:
    """Say what an engagement comes to so far."""
    return control.Bill(
        seconds=record.seconds,
        units=record.units,
        amount_cents=record.amount_cents,
        currency=record.currency,
        record=record.id,
    )
