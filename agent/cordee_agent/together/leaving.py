"""A file on its way to the technician: read, sealed and sent as the line lets it.

One file at a time, courteously (``wire/courtesy.py``): pictures, input and acts never
wait for more than one small piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from cordee_agent.channels import Ground
from cordee_agent.together.carried import Carried
from cordee_agent.transfer.outgoing import Outgoing
from cordee_shared.wire.courtesy import Courtesy
from cordee_shared.wire.files import Why
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.transfer import Sending

_T = TypeVar("_T")


class InThread(Protocol):
    """Runs what touches the disk off the loop."""

    def __call__(self, work: Callable[[], _T]) -> Awaitable[_T]:
        """Return what ``work`` returns, or raise what it raises."""


class Leaving:
    """One file that leaves."""

    def __init__(self, carried: Carried, outgoing: Outgoing) -> None:
        """Hold the file open; nothing is read before somebody wants it."""
        self.carried = carried
        self.sending = Sending(carried.id, carried.size)
        self.outgoing = outgoing
        self.is_accepted = False


class Pump:
    """Sends what was accepted, one file after the other. Owned by the files."""

    def __init__(
        self,
        ground: Ground,
        in_thread: InThread,
        broken: Callable[[Leaving, Why], None],
    ) -> None:
        """Be idle.

        Args:
            ground: what seals.
            in_thread: runs what touches the disk.
            broken: told when a file cannot be read as it was.
        """
        self._ground = ground
        self._in_thread = in_thread
        self._broken = broken
        self._queue: list[Leaving] = []
        self._courtesy = Courtesy()
        self._wake = asyncio.Event()

    def add(self, leaving: Leaving) -> None:
        """The receiver wants this one, from where it stands."""
        if leaving not in self._queue:
            self._queue.append(leaving)
        if self._queue[0] is leaving:
            self._courtesy.begin(leaving.sending.at)
        self._wake.set()

    def remove(self, leaving: Leaving) -> None:
        """This one is over."""
        if leaving in self._queue:
            self._queue.remove(leaving)
            if self._queue:
                self._courtesy.begin(self._queue[0].sending.at)
        self._wake.set()

    def acked(self, leaving: Leaving, at: int) -> None:
        """Everything before ``at`` is written at the other end."""
        if self._queue and self._queue[0] is leaving:
            self._courtesy.acked(at, self._ground.clock.monotonic())
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            self._wake.clear()
            pause = await self._send_one()
            if pause is not None:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause or None):
                        await self._wake.wait()

    async def _send_one(self) -> float | None:
        """Send a piece; return seconds to wait when none may go, 0 for "any"."""
        if not self._queue:
            return 0.0
        leaving, now = self._queue[0], self._ground.clock.monotonic()
        sending = leaving.sending
        if sending.is_wanted and sending.at == sending.size and not sending.is_done:
            await self._finish(leaving)
            return None
        size = min(self._courtesy.may_send(now), sending.left)
        if size <= 0:
            return self._courtesy.wait_s(now) if sending.left else 0.0
        at = sending.at
        try:
            data = await self._in_thread(lambda: leaving.outgoing.read(at, size))
        except (OSError, ValueError):
            data = b""
        if leaving not in self._queue or sending.at != at or not sending.is_wanted:
            return None  # stopped or cut while the disk was read
        if len(data) != size:
            self._broken(leaving, Why.CHANGED)
            return None
        record = sending.piece(data)
        if self._queue[0] is leaving:
            self._courtesy.sent(size, now)
        await self._ground.send(Channel.FILE, record)
        return None

    async def _finish(self, leaving: Leaving) -> None:
        """All is sent: say so, unless somebody wrote to the file meanwhile."""
        try:
            same = await self._in_thread(leaving.outgoing.is_as_it_was)
        except OSError:
            same = False
        if leaving not in self._queue:
            return
        if not same:
            self._broken(leaving, Why.CHANGED)
        elif (done := leaving.sending.done()) is not None:
            self._ground.seal(Channel.FILE, done)
