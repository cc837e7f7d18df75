"""The sessions that live on this node, by id and by code, and its links.

Rules (security.md 1.4):

1. A nameplate is drawn at random among the free ones, and rests for half an hour
   once its code is dead: fast reuse would double what somebody in the middle may try.
2. When more than 40 % are taken no new code is given, for guessed ones would hit.
3. A code that is unknown, spent or expired is simply not found: the three are one
   answer (S-12).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator

from cordee_server.ports import Clock, Entropy
from cordee_server.relay.deadlines import Deadline, Deadlines
from cordee_server.relay.peer import Peer
from cordee_server.relay.room import Room
from cordee_shared.errors import Unavailable
from cordee_shared.ids import Nameplate, SessionId
from cordee_shared.limits import (
    NAMEPLATE_DIGITS,
    NAMEPLATE_FULL_PERCENT,
    NAMEPLATE_REST_S,
)
from cordee_shared.session.states import State


class Hub:
    """Rooms and links of this node. Owned by the loop; nothing here awaits."""

    def __init__(
        self, clock: Clock, entropy: Entropy, *, rest_s: int = NAMEPLATE_REST_S
    ) -> None:
        self.rooms: dict[SessionId, Room] = {}
        #: Ended a moment ago; an end that was away may still ask how.
        self.ended: dict[SessionId, Room] = {}
        self.deadlines = Deadlines()
        self.peers: set[Peer] = set()
        self._is_deserted = asyncio.Event()
        self._is_deserted.set()
        self._clock = clock
        self._entropy = entropy
        self._rest_us = rest_s * 1_000_000
        self._by_nameplate: dict[Nameplate, Room] = {}
        self._resting: deque[tuple[int, Nameplate]] = deque()

    # --- codes ----------------------------------------------------------------------

    def draw_nameplate(self) -> Nameplate:
        """Return a free nameplate, all equally likely; it is not taken yet.

        Raises:
            Unavailable: too many are in use; some will end.
        """
        self._wake()
        total = 10**NAMEPLATE_DIGITS
        if len(self._by_nameplate) * 100 >= total * NAMEPLATE_FULL_PERCENT:
            raise Unavailable("too many codes wait to be claimed")
        resting = {nameplate for _, nameplate in self._resting}
        free = [
            nameplate
            for number in range(total)
            if (nameplate := Nameplate(f"{number:0{NAMEPLATE_DIGITS}d}"))
            not in self._by_nameplate
            and nameplate not in resting
        ]
        if not free:
            raise Unavailable("every nameplate rests")
        return free[self._entropy.below(len(free))]

    def by_nameplate(self, nameplate: Nameplate) -> Room | None:
        """Return the room whose code waits under this nameplate."""
        return self._by_nameplate.get(nameplate)

    def retire_code(self, room: Room) -> None:
        """Let a room's nameplate rest: its code is spent or gone."""
        nameplate = room.code.nameplate
        if self._by_nameplate.get(nameplate) is room:
            del self._by_nameplate[nameplate]
            until = self._clock.moment().mono_us + self._rest_us
            self._resting.append((until, nameplate))

    def _wake(self) -> None:
        now_us = self._clock.moment().mono_us
        while self._resting and self._resting[0][0] <= now_us:
            self._resting.popleft()

    # --- rooms ----------------------------------------------------------------------

    def open(self, room: Room) -> None:
        """Take in a room, under its id and its code's nameplate."""
        self.rooms[room.id] = room
        self._by_nameplate[room.code.nameplate] = room

    def find(self, session: str) -> Room | None:
        """Return a room by its session's id, also one that ended a moment ago."""
        key = SessionId(session)
        return self.rooms.get(key) or self.ended.get(key)

    def close(self, room: Room) -> None:
        """Take a room out: its session lives no more on this node."""
        room.is_over = True
        self.retire_code(room)
        self.deadlines.clear(room.id)
        self.rooms.pop(room.id, None)

    def remember(self, room: Room, until_us: int) -> None:
        """Keep an ended room for an end that was away, until a moment."""
        self.ended[room.id] = room
        self.deadlines.set(room.id, Deadline.FORGET, until_us)

    # --- links ----------------------------------------------------------------------

    def arrive(self, peer: Peer) -> None:
        """Take in a link."""
        self.peers.add(peer)
        self._is_deserted.clear()

    def leave(self, peer: Peer) -> None:
        """Let a link go."""
        self.peers.discard(peer)
        if not self.peers:
            self._is_deserted.set()

    async def wait_deserted(self) -> None:
        """Wait until no link is left."""
        await self._is_deserted.wait()

    # --- figures --------------------------------------------------------------------

    def gauges(self) -> dict[str, int]:
        """Return what stands at this moment, for the metrics."""
        return {
            "links": len(self.peers),
            "sessions": len(self.rooms),
            "codes_waiting": len(self._by_nameplate),
            "queued_bytes": sum(peer.outbox.size for peer in self.peers),
            **{f"sessions_{name}": count for name, count in self._states()},
        }

    def _states(self) -> Iterator[tuple[str, int]]:
        standing = Counter(room.state for room in self.rooms.values())
        for state in State:
            if state is not State.ENDED:
                yield state.value, standing[state]
