"""A link that a test plays: what arrives, what was taken, and when it breaks."""

import asyncio

from cordee_server.relay.metrics import Parting
from cordee_server.relay.peer import Received


class FakeLink:
    """A :class:`cordee_server.relay.peer.Link` without a socket."""

    def __init__(self) -> None:
        self._arrived: asyncio.Queue[Received] = asyncio.Queue()
        #: Frames that the relay wrote, in order.
        self.taken: list[str | bytes] = []
        self.pings = 0
        self.closed: Parting | None = None
        self.aborted: Parting | None = None
        self.is_gone = False
        #: Bytes that the kernel has not taken.
        self.backlog = 0
        self._can_send = asyncio.Event()
        self._can_send.set()
        self._wrote = asyncio.Event()

    # --- what the test does -------------------------------------------------------

    def arrive(self, received: Received) -> None:
        """Let something arrive; ``None`` ends the link."""
        self._arrived.put_nowait(received)

    def stall(self, backlog: int) -> None:
        """Take no frame any more: the kernel's buffers are full."""
        self.backlog = backlog
        self._can_send.clear()

    def flow(self) -> None:
        """Take frames again."""
        self.backlog = 0
        self._can_send.set()

    @property
    def unread(self) -> int:
        """How much has arrived and was not read."""
        return self._arrived.qsize()

    async def wait_taken(self, count: int) -> None:
        """Wait until the relay has written so many frames."""
        async with asyncio.timeout(5):
            while len(self.taken) < count:
                self._wrote.clear()
                await self._wrote.wait()

    # --- what the relay does ------------------------------------------------------

    async def receive(self) -> Received:
        """Return what came next."""
        if self.is_gone:
            return None
        received = await self._arrived.get()
        self.is_gone = received is None
        return received

    async def send(self, frame: str | bytes) -> bool:
        """Take a frame, once the kernel would."""
        await self._can_send.wait()
        if self.is_gone:
            return False
        self.taken.append(frame)
        self._wrote.set()
        return True

    async def ping(self) -> bool:
        """Count it."""
        self.pings += 1
        return not self.is_gone

    async def close(self, why: Parting) -> None:
        """Say goodbye: nothing arrives any more."""
        self.closed = why
        self.arrive(None)

    def abort(self, why: Parting) -> None:
        """Break off."""
        self.aborted = self.aborted or why
        self.is_gone = True
        self._can_send.set()
        self.arrive(None)

    def undrained(self) -> int:
        """Return the backlog."""
        return self.backlog
