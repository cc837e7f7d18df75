"""A file on its way to this computer: written piece by piece in the files' thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cordee_agent.together.carried import Carried
from cordee_agent.together.leaving import InThread
from cordee_agent.transfer.incoming import Incoming, has_room
from cordee_shared.wire.files import Why
from cordee_shared.wire.transfer import Receiving


class Arriving:
    """One file that arrives, from the customer's yes on."""

    def __init__(self, carried: Carried, in_thread: InThread) -> None:
        """Have nothing of it yet."""
        self.carried = carried
        self.receiving = Receiving(carried.id, carried.size)
        self.task: asyncio.Task[None] | None = None
        #: The disk is ready, so pieces may come.
        self.is_ready = False
        self._in_thread = in_thread
        self._incoming: Incoming | None = None
        #: What waits for the disk, ``None`` at the end; bounded by the flight's bound.
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()

    def put(self, piece: bytes | None) -> None:
        """Queue a piece that :attr:`receiving` took; ``None``: it is whole."""
        self._pieces.put_nowait(piece)

    async def run(
        self,
        folder: Path,
        origin: str,
        draw: Callable[[int], bytes],
        ready: Callable[[], None],
        wrote: Callable[[int], None],
    ) -> Path | Why:
        """Write until it is whole; return where it is, or why it came to nothing.

        Args:
            folder: chosen by the customer.
            origin: the relay's, for the mark.
            draw: random bytes.
            ready: called once pieces may come.
            wrote: called with the bytes of each piece that is on the disk.
        """
        try:
            if not await self._in_thread(lambda: has_room(folder, self.carried.size)):
                return Why.DISK
            incoming = await self._in_thread(lambda: self._open(folder, draw))
            self.is_ready = True
            ready()
            while (piece := await self._pieces.get()) is not None:
                await self._in_thread(partial(incoming.write, piece))
                wrote(len(piece))
            return await self._in_thread(
                lambda: incoming.place(self.carried.name, origin)
            )
        except OSError:
            return Why.DISK

    def _open(self, folder: Path, draw: Callable[[int], bytes]) -> Incoming:
        # Noted in the thread: whoever discards there afterwards finds it.
        self._incoming = Incoming(folder, draw)
        return self._incoming

    def discard(self) -> None:
        """Leave nothing of what is not whole. In the files' thread."""
        if self._incoming is not None:
            self._incoming.discard()
