import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from cordee_agent.desktops.base import NoDesktop, Screen
from cordee_agent.picture.pacer import URGENT_EXTRA, WINDOW_MIN
from cordee_agent.picture.pipeline import PictureSource
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import RECORD_PLAINTEXT_MAX
from cordee_shared.wire import picture as wire
from tests.agent.picture import screens

SIZE = (640, 256)
PATIENCE_S = 20.0
#: Bytes after which a stream is one at full speed.
ENOUGH = 3_000_000
PLAIN = frozenset({wire.Coding.EXACT})
FILES = frozenset({wire.Coding.LOSSLESS, wire.Coding.PNG, wire.Coding.WEBP})


class Console:
    """Receives; acknowledges at once while it is told to."""

    def __init__(self) -> None:
        self.viewer = screens.Viewer()
        self.source: PictureSource | None = None
        self.acks = True
        self.unacked = 0
        self.most_unacked = 0
        self._news = asyncio.Condition()

    async def send(self, payload: bytes) -> None:
        self.viewer.receive(payload)
        self.unacked += len(payload)
        self.most_unacked = max(self.most_unacked, self.unacked)
        async with self._news:
            self._news.notify_all()
        if self.acks:
            self.acknowledge()

    def acknowledge(self) -> None:
        assert self.source is not None
        self.unacked = 0
        self.source.acknowledged(self.viewer.ack())

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(is_so)


def told(
    opened: Callable[[], Screen],
    send: Callable[[bytes], Awaitable[None]],
    clock: Callable[[], float],
) -> PictureSource:
    """Return a source that knows its console: one that takes the plain form."""
    source = PictureSource(opened, send, clock)
    source.acknowledged(wire.encode(wire.Takes(PLAIN)))
    return source


@asynccontextmanager
async def streaming(
    screen: screens.ScriptedScreen, console: Console
) -> AsyncIterator[asyncio.Task[None]]:
    if console.source is None:
        console.source = told(lambda: screen, console.send, time.monotonic)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(console.source.run())
        yield task
        task.cancel()


async def test_the_viewer_sees_the_screen_and_its_changes() -> None:
    page = screens.page(1, *SIZE)
    screen, console = screens.ScriptedScreen(page), Console()
    async with streaming(screen, console):
        await console.wait_until(lambda: console.viewer.shows(page))
        after = screens.typed(page, 300, 200, "q")
        screen.show(after)
        await console.wait_until(lambda: console.viewer.shows(after))
        assert isinstance(console.viewer.messages[0], wire.Layout)
    assert screen.is_closed


async def test_without_acknowledgements_no_more_than_a_window_is_sent() -> None:
    screen, console = screens.ScriptedScreen(screens.noise(1, *SIZE)), Console()
    console.acks = False
    async with streaming(screen, console):
        await console.wait_until(lambda: console.unacked >= WINDOW_MIN)
        sent = console.unacked
        for step in range(3):
            screen.show(screens.noise(step, *SIZE))
            await asyncio.to_thread(_grabbed, screen, screen.grabs + 1)
        assert console.unacked == sent
        # One chunk begins below the window; the first is of unknown weight.
        assert sent < WINDOW_MIN + URGENT_EXTRA + RECORD_PLAINTEXT_MAX
        console.acks = True
        console.acknowledge()
        last = screen.shown
        await console.wait_until(lambda: console.viewer.shows(last))


def _grabbed(screen: screens.ScriptedScreen, count: int) -> None:
    """Wait in a thread until so many looks were taken, or a moment has passed."""
    waiting = threading.Event()
    for _ in range(20):
        if screen.grabs >= count:
            return
        waiting.wait(0.01)


async def test_the_link_is_waited_for() -> None:
    page = screens.page(1, *SIZE)
    screen, console = screens.ScriptedScreen(page), Console()
    may_go = asyncio.Event()
    sent: list[bytes] = []

    async def full(payload: bytes) -> None:
        sent.append(payload)
        await may_go.wait()
        await console.send(payload)

    console.source = told(lambda: screen, full, time.monotonic)
    async with streaming(screen, console):
        await asyncio.to_thread(_grabbed, screen, 5)
        assert len(sent) <= 1
        may_go.set()
        await console.wait_until(lambda: console.viewer.shows(page))


async def test_each_run_is_a_new_epoch_with_a_fresh_picture() -> None:
    page = screens.page(1, *SIZE)
    screen, console = screens.ScriptedScreen(page), Console()
    epochs = []
    for _ in range(2):
        async with streaming(screen, console):
            console.viewer.shown = screens.paper(1, 1, (0, 0, 0))
            await console.wait_until(lambda: console.viewer.shows(page))
        assert console.viewer.layout is not None
        epochs.append(console.viewer.layout.epoch)
    assert epochs[1] == (epochs[0] + 1) % 65536


async def test_an_acknowledgement_of_another_epoch_is_old_news() -> None:
    screen, console = screens.ScriptedScreen(screens.noise(1, *SIZE)), Console()
    console.acks = False
    async with streaming(screen, console):
        await console.wait_until(lambda: console.unacked >= WINDOW_MIN)
        sent, layout = console.unacked, console.viewer.layout
        assert layout is not None
        assert console.source is not None
        old = wire.Ack((layout.epoch - 1) % 65536, console.viewer.seq)
        console.source.acknowledged(wire.encode(old))
        screen.show(screens.noise(2, *SIZE))
        await asyncio.to_thread(_grabbed, screen, screen.grabs + 2)
        assert console.unacked == sent


def test_a_malformed_acknowledgement_is_a_violation() -> None:
    screen, console = screens.ScriptedScreen(screens.page(1, *SIZE)), Console()
    source = told(lambda: screen, console.send, time.monotonic)
    with pytest.raises(MalformedFrame):
        source.acknowledged(b"\x10")


async def test_a_desktop_that_cannot_be_seen_is_said() -> None:
    def none() -> screens.ScriptedScreen:
        raise NoDesktop("nothing here")

    console = Console()
    source = told(none, console.send, time.monotonic)
    with pytest.raises(NoDesktop, match="nothing here"):
        await source.run()


async def test_a_desktop_that_goes_away_ends_the_stream_and_is_closed() -> None:
    page = screens.page(1, *SIZE)
    screen, console = screens.ScriptedScreen(page), Console()
    console.source = told(lambda: screen, console.send, time.monotonic)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(_ended(console.source))
        await console.wait_until(lambda: console.viewer.shows(page))
        screen.is_gone = True
        screen.show(screens.page(2, *SIZE))
    assert isinstance(task.result(), NoDesktop)
    assert screen.is_closed


async def _ended(source: PictureSource) -> NoDesktop | None:
    try:
        await source.run()
    except NoDesktop as gone:
        return gone
    return None


async def test_no_thread_is_left_when_it_has_been_cancelled() -> None:
    screen, console = screens.ScriptedScreen(screens.page(1, *SIZE)), Console()
    async with streaming(screen, console):
        await console.wait_until(lambda: console.viewer.epochs == 1)
    assert screen.is_closed
    left = [one for one in threading.enumerate() if one.name.startswith("picture")]
    for one in left:
        one.join(PATIENCE_S)
    assert not any(one.is_alive() for one in left)


async def test_cancelling_before_the_screen_opened_closes_it_too() -> None:
    may_open = threading.Event()
    screen, console = screens.ScriptedScreen(screens.page(1, *SIZE)), Console()

    def slow() -> screens.ScriptedScreen:
        may_open.wait(PATIENCE_S)
        return screen

    source = told(slow, console.send, time.monotonic)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(source.run())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        may_open.set()
    assert screen.is_closed
    assert console.viewer.epochs == 0


@pytest.mark.slow
async def test_streaming_never_delays_the_loop() -> None:
    """A task that wakes every 5 ms while the worst there is streams at full speed."""
    frames = [screens.noise(seed, 1920, 1080) for seed in range(3)]
    screen, console = screens.ScriptedScreen(frames[0]), Console()
    late: list[float] = []

    async def beat() -> None:
        loop = asyncio.get_running_loop()
        # So many, and until enough was streamed: a starved machine takes its time.
        while len(late) < 300 or console.viewer.bytes <= ENOUGH:
            due = loop.time() + 0.005
            await asyncio.sleep(0.005)
            late.append(loop.time() - due)

    # The viewer would itself hold the loop: only count what comes.
    async def send(payload: bytes) -> None:
        console.viewer.bytes += len(payload)
        if payload[0] == wire.Kind.LAYOUT:
            layout = wire.decode(payload, None)
            assert isinstance(layout, wire.Layout)
            console.viewer.layout, seq = layout, 0
        else:
            seq = int.from_bytes(payload[1:5])
        assert console.source is not None
        assert console.viewer.layout is not None
        ack = wire.Ack(console.viewer.layout.epoch, seq)
        console.source.acknowledged(wire.encode(ack))
        screen.show(frames[seq % 3])

    console.source = told(lambda: screen, send, time.monotonic)
    with suppress(asyncio.CancelledError):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(console.source.run())
            await group.create_task(beat())
            task.cancel()
    assert console.viewer.bytes > ENOUGH
    late.sort()
    # The machine itself may stop a process for longer: not the worst, the usual.
    assert late[int(len(late) * 0.95)] < 0.030


async def test_a_yes_before_the_console_says_what_it_takes_begins_no_stream() -> None:
    page = screens.page(1, *SIZE)
    screen, console = screens.ScriptedScreen(page), Console()
    console.source = PictureSource(
        lambda: screen, console.send, time.monotonic, told_within_s=PATIENCE_S
    )
    async with streaming(screen, console):
        await asyncio.to_thread(_grabbed, screen, 1)
        assert console.viewer.messages == []
        console.source.acknowledged(wire.encode(wire.Takes(FILES)))
        await console.wait_until(lambda: console.viewer.shows(page))
    [layout] = [one for one in console.viewer.messages if isinstance(one, wire.Layout)]
    assert layout.window_log == 0
    codings = {
        one.coding for one in console.viewer.messages if isinstance(one, wire.Rects)
    }
    assert codings <= FILES


async def test_a_console_that_never_says_what_it_takes_gets_the_plain_form() -> None:
    page = screens.page(1, *SIZE)
    screen, console = screens.ScriptedScreen(page), Console()
    console.source = PictureSource(
        lambda: screen, console.send, time.monotonic, told_within_s=0.0
    )
    async with streaming(screen, console):
        await console.wait_until(lambda: console.viewer.shows(page))
    codings = {
        one.coding for one in console.viewer.messages if isinstance(one, wire.Rects)
    }
    assert codings == PLAIN
