"""One link: its read loop, its write loop, and whether anybody is still there.

Rules:

1. One reader and one writer. Whoever wants to send queues; only the writer writes.
2. The reader handles one frame before it reads the next. When the other side's
   queue is full it waits there, and nothing more is read: back-pressure.
3. A link without proof of life for 1.5 heartbeats is lost (S-45), unless it is us
   who do not read. One that drains no byte for STUCK_WRITER_S is lost as well.
4. Closing is queued like everything else, so that what was said before arrives. A
   violation discards what waits: the peer is told nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from cordee_server.ports import Clock, Technician
from cordee_server.relay.deadlines import Times
from cordee_server.relay.metrics import Metrics, Parting
from cordee_server.relay.sendqueue import SendQueue
from cordee_shared.errors import PeerGone
from cordee_shared.session.offer import Signed
from cordee_shared.session.states import Side
from cordee_shared.wire import control

if TYPE_CHECKING:
    from cordee_server.relay.room import Room


class Beat(Enum):
    """A sign of life that says nothing else."""

    PING = "ping"
    PONG = "pong"


#: What a link yields; ``None`` once it is gone.
Received: TypeAlias = "str | bytes | Beat | None"
#: Takes one frame and returns when it has been dealt with.
Hear: TypeAlias = Callable[["Peer", str | bytes], Awaitable[None]]


class Link(Protocol):
    """A WebSocket, or a test's stand-in for one. No method raises."""

    async def receive(self) -> Received:
        """Return what came next; ``None`` for ever once the link is gone."""
        ...

    async def send(self, frame: str | bytes) -> bool:
        """Write a frame, wait until the kernel takes it; ``False``: link gone."""
        ...

    async def ping(self) -> bool:
        """Ask for a sign of life; ``False``: link gone."""
        ...

    async def close(self, why: Parting) -> None:
        """Say why and close, waiting a little for the peer to agree."""
        ...

    def abort(self, why: Parting) -> None:
        """Drop the connection at once: nobody is listening."""
        ...

    def undrained(self) -> int:
        """Return the bytes written that the kernel has not taken."""
        ...


@dataclass(frozen=True, slots=True)
class Who:
    """What is known of a peer before it says anything."""

    side: Side
    #: The address that limits are counted under.
    address: str
    #: The signed-in account; an agent has none.
    technician: Technician | None = None
    #: base64url of the console's key, and the relay's word for it.
    pk: str = ""
    attestation: Signed | None = None


@dataclass(slots=True)
class _Writing:
    """A frame that the link has not taken yet."""

    since_us: int
    #: What the kernel had not taken when we last looked; ``None``: not looked yet.
    undrained: int | None = None


@dataclass(eq=False)
class Peer:
    """A side's live link. Owned by its socket's handler; `room` by the services."""

    link: Link
    who: Who
    clock: Clock
    times: Times
    metrics: Metrics
    #: The session it takes part in.
    room: Room | None = None
    #: It has taken part in one before: what was under way then is no violation.
    was_in_room: bool = False
    #: Monotonic microseconds of the last proof of life.
    alive_us: int = field(init=False)
    #: Why it was closed by us, once it was.
    parting: Parting | None = None
    #: What waits for the writer.
    outbox: SendQueue = field(default_factory=SendQueue)
    _writing: _Writing | None = None
    _pinged_us: int | None = None
    _is_reading: bool = False
    _ping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Count the connection itself as the first sign of life."""
        self.alive_us = self.now_us()

    @property
    def side(self) -> Side:
        """Whose link this is."""
        return self.who.side

    def now_us(self) -> int:
        """Read the relay's monotonic clock."""
        return self.clock.moment().mono_us

    def tell(self, message: control.Message) -> None:
        """Queue a message of the relay's; on a link that is closing, do nothing."""
        if self.outbox.is_closed:
            return
        if not self.outbox.put_nowait(control.encode(message)):
            self.lose(Parting.STUCK)

    async def carry(self, record: bytes) -> None:
        """Queue a sealed record, waiting while the queue is full.

        Raises:
            PeerGone: the link is closing.
        """
        try:
            await self.outbox.put(record)
        except PeerGone:
            raise PeerGone(self.side.value, "its link is closing") from None

    def close(self, why: Parting) -> None:
        """Close once everything queued was sent."""
        if self.parting is None:
            self.parting = why
            self.outbox.close()

    def cut(self, why: Parting) -> None:
        """Close, telling the peer nothing more than the close code."""
        if self.parting is None:
            self.parting = why
        self.outbox.close(discard=True)

    def lose(self, why: Parting) -> None:
        """Drop the link at once."""
        self.cut(why)
        self.link.abort(why)

    async def run(self, hear: Hear) -> None:
        """Read and write until the link is gone, whoever closed it."""
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(self._write())
            beats = group.create_task(self._ask())
            await self._read(hear)
            # What was read last may have been answered; nobody is there to take it.
            self.outbox.close(discard=self.parting is None)
            beats.cancel()
            await asyncio.wait([writer], timeout=self.times.stuck_s)
            writer.cancel()
        if self.parting is not None:
            self.metrics.partings[self.parting] += 1

    async def _read(self, hear: Hear) -> None:
        while True:
            self._is_reading = True
            received = await self.link.receive()
            self._is_reading = False
            if received is None:
                return
            self.alive_us = self.now_us()
            self._pinged_us = None
            if not isinstance(received, Beat) and self.parting is None:
                await hear(self, received)

    async def _write(self) -> None:
        while (frame := await self.outbox.get()) is not None:
            self._writing = _Writing(self.now_us())
            was_sent = await self.link.send(frame)
            self._writing = None
            if not was_sent:
                self.lose(self.parting or Parting.MUTE)
                return
        self._writing = _Writing(self.now_us())
        await self.link.close(self.parting or Parting.DONE)

    async def _ask(self) -> None:
        while True:
            await self._ping.wait()
            self._ping.clear()
            await self.link.ping()

    def check(self) -> None:
        """Ping a quiet link; lose one that is mute, or stuck."""
        now_us = self.now_us()
        heartbeat_us = round(self.times.heartbeat_s * 1_000_000)
        writing = self._writing
        if writing is not None:
            undrained = self.link.undrained()
            if writing.undrained is None:
                writing.undrained = undrained
            elif undrained < writing.undrained:
                writing.since_us, writing.undrained = now_us, undrained
            if now_us - writing.since_us >= self.times.stuck_s * 1_000_000:
                self.lose(Parting.STUCK)
                return
        if not self._is_reading:
            # It may be saying a lot: it is us who do not listen at the moment.
            self._pinged_us = None
        elif self._pinged_us is not None:
            if now_us - self._pinged_us >= heartbeat_us // 2:
                self.lose(Parting.MUTE)
        elif now_us - self.alive_us >= heartbeat_us:
            self._pinged_us = now_us
            self._ping.set()
