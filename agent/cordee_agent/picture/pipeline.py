"""The customer's screen, as a sequence of messages at the way's own pace.

The event loop decides *when* (`pacer.py`), a thread of its own does everything that
touches pixels (`grab.py`). One message is drawn, or the few that show one small change;
they are handed to the link, and only then the next: nothing is queued here, so what is
sent is never older than the link.

That the loop is never delayed was checked so: a task that wakes every 5 ms ran on
it while a 1920 x 1080 screen of noise, the worst there is, was streamed without a
pause; the test of this module repeats that, and `benchmarks/bench_codec.py` says how
late it woke. NumPy's comparisons and zstd let go of the interpreter's lock; Pillow
holds it for one chunk, under a millisecond.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from cordee_agent.desktops.base import Screen
from cordee_agent.picture.epoch import Way
from cordee_agent.picture.grab import LOOK_S, Drawn, Grabber
from cordee_agent.picture.pacer import PING_S, Pacer
from cordee_shared.wire.picture import Coding, Kind, decode_ack, decode_takes

#: How long a console may take to say what it takes, in seconds; one that does not say
#: so by then is of an older kind, and takes the plain form. Without waiting, a browser
#: without WebAssembly would be sent a stream when the customer is quick with the yes.
TOLD_WITHIN_S = 2.0
#: How what a console takes begins.
_TAKES = bytes((Kind.TAKES,))


class PictureSource:
    """Streams one screen to one viewer. Lives on the event loop."""

    def __init__(
        self,
        screen_factory: Callable[[], Screen],
        send: Callable[[bytes], Awaitable[None]],
        clock: Callable[[], float],
        told_within_s: float = TOLD_WITHIN_S,
    ) -> None:
        """Touch nothing yet: the screen is opened by :meth:`run`.

        Args:
            screen_factory: opens the desktop, in the picture's thread.
            send: hands one message to the link, and waits while it is full.
            clock: monotonic seconds, callable from any thread.
            told_within_s: how long to wait for what the console takes, in seconds.
        """
        self._screen_factory = screen_factory
        self._send = send
        self._clock = clock
        self._pacer = Pacer()
        self._painted = asyncio.Event()
        # A viewer may get another source later: its epochs should not be taken
        # for ours by an acknowledgement that comes late.
        self._epoch = int(clock() * 1000) % 65536
        self._level: int | None = None
        #: What the console unfolds; until it has said so, the plain form only.
        self._takes = frozenset({Coding.EXACT})
        self._told = asyncio.Event()
        self._told_within_s = told_within_s

    async def run(self) -> None:
        """Stream until cancelled; each run is a new epoch.

        When this returns, by whatever way, the screen is closed.

        Raises:
            NoDesktop: the system shows nothing (any more).
        """
        thread = ThreadPoolExecutor(1, thread_name_prefix="picture")
        opening = thread.submit(
            Grabber,
            self._screen_factory,
            self._clock,
            (self._epoch + 1) % 65536,
            self._level,
        )
        try:
            grabber = await asyncio.shield(asyncio.wrap_future(opening))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._told_within_s):
                    await self._told.wait()
            while True:
                for drawn in await self._next(thread, grabber):
                    await self._hand_over(drawn)
        finally:
            # After whatever the thread still does: a tenth of a second at most.
            closing = thread.submit(self._close, opening)
            thread.shutdown(wait=False)
            await asyncio.shield(asyncio.wrap_future(closing))

    async def _next(self, thread: ThreadPoolExecutor, eyes: Grabber) -> list[Drawn]:
        """Return the next messages when they may be sent; none: ask again."""
        in_thread = asyncio.get_running_loop().run_in_executor
        now = self._clock()
        if self._pacer.must_ping(now):
            self._pacer.pinged(now)
            trip_ms = min(int(self._pacer.measured_trip * 1000), 65535)
            kbit = int(self._pacer.rate * 8 / 1000)
            ping = await in_thread(thread, eyes.ping, trip_ms, kbit)
            return [] if ping is None else [ping]
        way = Way(self._pacer.rate, self._pacer.may_fill, self._takes)
        if self._pacer.may_send(now):
            return await in_thread(thread, eyes.draw_together, way)
        self._painted.clear()
        pause = PING_S
        if self._pacer.may_send(now, urgent=True):
            if (drawn := await in_thread(thread, eyes.draw_urgent, way)) is not None:
                return [drawn]
            pause = LOOK_S
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._painted.wait()
        return []

    async def _hand_over(self, drawn: Drawn) -> None:
        now = self._clock()
        if drawn.seq == 0:
            self._epoch = drawn.epoch
            self._pacer.begin(now)
        # Before it is sent: its acknowledgement may be back while the link drains.
        self._pacer.sent(drawn.seq, len(drawn.payload), now)
        await self._send(drawn.payload)

    def _close(self, opening: Future[Grabber]) -> None:
        """Close what was opened. In the picture's thread."""
        if opening.cancelled() or opening.exception() is not None:
            return
        grabber = opening.result()
        self._level = grabber.level
        grabber.close()

    def acknowledged(self, payload: bytes) -> None:
        """Take an acknowledgement that the console sent, or what it takes.

        Raises:
            MalformedFrame: it is neither; the peer broke the rules.
        """
        if payload[:1] == _TAKES:
            self._takes = decode_takes(payload).codings
            self._told.set()
            return
        ack = decode_ack(payload)
        if ack.epoch == self._epoch and self._pacer.painted(ack.seq, self._clock()):
            self._painted.set()
