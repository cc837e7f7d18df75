"""The agent's handle on its guard: never waits, and knows when the guard is gone.

Owned by the agent's asyncio thread. The methods that give or take power only
write to a pipe. Rules:

1. :meth:`Guard.shut` and the like are for what the agent knows first (an act, a lost
   link). What the customer's hand does, the guard does itself and reports after.
2. The caller says :meth:`Guard.alive` at least twice a second while control lasts;
   after ``GUARD_SILENCE_S`` of silence nothing passes until it is said again.
3. A guard that ends, stops answering, or stops reading is killed, and every key
   and button is released through a connection of our own, before ``Died`` is told.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, TypeAlias, cast

from cordee_agent.desktops import choose
from cordee_agent.desktops.base import NoDesktop
from cordee_agent.guard.pipe import (
    Alive,
    Beat,
    Command,
    Configure,
    Died,
    Failed,
    Inject,
    Open,
    OwnWindows,
    Pressed,
    Question,
    Reader,
    Ready,
    Reclaimed,
    Rect,
    Report,
    Shut,
    Still,
    Stop,
    WaitStill,
    pack,
    reports,
)
from cordee_shared.errors import LocalViolation
from cordee_shared.limits import DEAD_ZONE_PX, GUARD_SILENCE_S

#: What a caller reads: ``Ready`` first, ``Died`` last.
GuardEvent: TypeAlias = Ready | Reclaimed | Pressed | Died

#: To start Python and open the display, on a machine that is busy starting the rest.
START_S: Final = 20.0
#: After ``GUARD_SILENCE_S`` without an answer, before the guard is killed.
LAST_CHANCE_S: Final = 0.5
#: To release everything and end; afterwards it is killed.
STOP_S: Final = 3.0
#: Presses kept for a reader who is late; the oldest go first, never a reclaim.
_PRESSES_KEPT: Final = 256
#: Unread commands; more means that the guard has stopped reading.
_BACKLOG_MAX: Final = 256 * 1024


def guard_command() -> list[str]:
    """Return the command that runs a guard: this program again, in that role."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "guard"]
    return [sys.executable, "-m", "cordee_agent.guard"]


class Guard:
    """One guard process, from :meth:`start` to :meth:`stop`."""

    def __init__(
        self,
        command: Sequence[str] | None = None,
        release: Callable[[str | None], None] = choose.release_everything,
    ) -> None:
        """Make the handle; nothing runs yet.

        Args:
            command: what to run, :func:`guard_command` by default.
            release: frees all keys and buttons of a display when the guard cannot.
        """
        self._command = list(command or guard_command())
        self._release = release
        self._display: str | None = None
        self._process: asyncio.SubprocessTransport | None = None
        self._pipe: asyncio.WriteTransport | None = None
        self._events: deque[GuardEvent] = deque()
        self._news = asyncio.Event()
        self._still = asyncio.Event()
        self._started: asyncio.Future[None] | None = None
        self._gone: asyncio.Future[None] | None = None
        self._open = False
        self._stopping = False
        self._unanswered_since: float | None = None
        self._last_chance: asyncio.TimerHandle | None = None
        # Said again to a guard that starts later.
        self._asking = False
        self._rects: list[Rect] = []

    async def start(
        self, display: str | None = None, dead_zone_px: int = DEAD_ZONE_PX
    ) -> None:
        """Start the process and wait until it watches the customer's hand.

        Args:
            display: an X display, ``None`` for the environment's.
            dead_zone_px: see ``limits.DEAD_ZONE_PX``; 0 is the strict setting.

        Raises:
            NoDesktop: it cannot watch or inject here; the sentence says why.
        """
        loop = asyncio.get_running_loop()
        self._display = display
        self._started = loop.create_future()
        self._gone = loop.create_future()
        process, _ = await loop.subprocess_exec(
            lambda: _Pipes(self._take, self._ended), *self._command, stderr=None
        )
        self._process = process
        self._pipe = cast(asyncio.WriteTransport, process.get_pipe_transport(0))
        self._send(Configure(display or os.environ.get("DISPLAY", ""), dead_zone_px))
        try:
            async with asyncio.timeout(START_S):
                await asyncio.shield(self._started)
        except TimeoutError:
            await self.stop()
            raise NoDesktop("the input guard did not start in time") from None
        except BaseException:
            await self.stop()
            raise
        self.question(self._asking)
        self.own_windows(self._rects)

    async def stop(self) -> None:
        """Release everything and end the process; returns when it is gone."""
        if self._process is None or self._gone is None:
            return
        self._stopping = True
        self._open = False
        if self._last_chance is not None:
            self._last_chance.cancel()
        self._send(Stop())
        try:
            async with asyncio.timeout(STOP_S):
                await asyncio.shield(self._gone)
        except TimeoutError:
            self._kill()
            await asyncio.shield(self._gone)
        self._process.close()
        self._process = self._pipe = None
        self._news.set()

    # --- power; none of these waits ------------------------------------------------

    def open(self) -> None:
        """Let input pass: the journal says that control was granted."""
        self._open = True
        self._unanswered_since = None
        self._send(Open())
        self.alive()

    def shut(self) -> None:
        """Let nothing pass any more, and release everything."""
        self._open = False
        self._send(Shut())

    def inject(self, batch: bytes) -> None:
        """Pass one opened input record on; the guard checks and does it, or drops it.

        What it holds is read in the guard's process: this one never does it.
        """
        if self._open:
            self._send(Inject(batch))

    def alive(self) -> None:
        """Say that the session still runs; at least twice a second while open."""
        now = asyncio.get_running_loop().time()
        if self._unanswered_since is None:
            self._unanswered_since = now
        elif now - self._unanswered_since > GUARD_SILENCE_S and not self._last_chance:
            # Its answer may be waiting in the pipe, unread by a loop that was busy.
            loop = asyncio.get_running_loop()
            self._last_chance = loop.call_later(LAST_CHANCE_S, self._give_up)
        self._send(Alive())

    def question(self, open: bool) -> None:
        """Say that the customer is being asked something, or no longer is."""
        self._asking = open
        self._send(Question(open))

    def own_windows(self, rects: Sequence[Rect]) -> None:
        """Say where the agent's windows are: x, y, width, height in desktop pixels."""
        self._rects = list(rects)
        self._send(OwnWindows(self._rects))

    # --- what it reports -------------------------------------------------------------

    async def wait_event(self) -> GuardEvent | None:
        """Wait for the next event; ``None`` once the guard is gone and all is told."""
        while not self._events:
            if self._gone is None or self._gone.done():
                return None
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()

    async def events(self) -> AsyncIterator[GuardEvent]:
        """Yield every event until the guard is gone, ``Died`` last if it died."""
        while (event := await self.wait_event()) is not None:
            yield event

    async def wait_still(self, quiet_s: float = 0.5, within_s: float = 3.0) -> bool:
        """Wait until the customer's hand has rested ``quiet_s``, ``within_s`` at most.

        The hand that has just clicked "yes" still moves a little. Asked before the
        grant is signed, this keeps that movement from taking control back at once,
        without ever being blind to it.
        """
        self._still.clear()
        self._send(WaitStill(quiet_s))
        try:
            async with asyncio.timeout(within_s):
                await self._still.wait()
        except TimeoutError:
            return False
        return True

    # --- the process -----------------------------------------------------------------

    def _send(self, command: Command) -> None:
        if self._pipe is None or self._pipe.is_closing():
            return
        self._pipe.write(pack(command))
        if self._pipe.get_write_buffer_size() > _BACKLOG_MAX:
            self._kill()

    def _kill(self) -> None:
        """End a guard that does not answer; :meth:`_ended` follows."""
        self._open = False
        if self._process is not None:
            self._process.kill()

    def _give_up(self) -> None:
        self._last_chance = None
        if self._unanswered_since is not None:
            self._kill()

    def _take(self, report: Report) -> None:
        if self._started is None:
            raise LocalViolation("a report before the start")
        match report:
            case Ready():
                if not self._started.done():
                    self._started.set_result(None)
                self._tell(report)
            case Failed(why):
                if not self._started.done():
                    self._started.set_exception(NoDesktop(why))
            case Beat():
                self._unanswered_since = None
            case Still():
                self._still.set()
            case Reclaimed():
                # The gate is shut already; this only spares the pipe.
                self._open = False
                self._tell(report)
            case Pressed():
                self._tell(report)

    def _tell(self, event: GuardEvent) -> None:
        if isinstance(event, Pressed) and len(self._events) >= _PRESSES_KEPT:
            oldest = next(
                (
                    at
                    for at, kept in enumerate(self._events)
                    if isinstance(kept, Pressed)
                ),
                None,
            )
            if oldest is not None:
                del self._events[oldest]
        self._events.append(event)
        self._news.set()

    def _ended(self, status: int | None) -> None:
        """The process is gone. Unless it was asked to, free what it held."""
        self._open = False
        if self._stopping and status == 0:
            self._finish(None)
            return
        why = f"the input guard ended with status {status}"
        loop = asyncio.get_running_loop()
        # The X server may be slow to answer; the session's loop must not be.
        released = loop.run_in_executor(None, self._release, self._display)
        released.add_done_callback(lambda done: self._finish(why, done.exception()))

    def _finish(self, why: str | None, error: BaseException | None = None) -> None:
        if self._gone is None or self._gone.done():
            return
        self._gone.set_result(None)
        if self._started is not None and not self._started.done():
            self._started.set_exception(NoDesktop(why or "the input guard ended"))
        elif why is not None and not self._stopping:
            self._tell(Died(why if error is None else f"{why}; {error}"))
        self._news.set()


class _Pipes(asyncio.SubprocessProtocol):
    """Hands on what the process writes, and that it has ended."""

    def __init__(
        self, take: Callable[[Report], None], ended: Callable[[int | None], None]
    ) -> None:
        self._reader = Reader()
        self._take = take
        self._ended = ended
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the process."""
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Read the guard's reports."""
        if fd != 1:
            return
        try:
            for report in self._reader.take(data, reports):
                self._take(report)
        except LocalViolation:
            # Its memory cannot be trusted any more.
            if self._transport is not None:
                self._transport.kill()

    def process_exited(self) -> None:
        """Tell once that the process is gone."""
        status = None if self._transport is None else self._transport.get_returncode()
        self._ended(status)
