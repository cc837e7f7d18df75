"""The handle before a real process: scripted ones, and the guard on a real desktop."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from Xlib import X
from Xlib.ext import xtest

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.desktops.x11.monitors import read_layout
from cordee_agent.guard.client import Guard, guard_command
from cordee_agent.guard.pipe import Died, Pressed, Ready, Reclaimed
from cordee_shared.limits import GUARD_SILENCE_S
from cordee_shared.wire.input import (
    FAR,
    Button,
    InputEvent,
    Key,
    Pointer,
    encode_batch,
)
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.listener import Kind, Listener
from tests.e2e.rig.processes import PATIENCE_S, Program
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

#: What a scripted guard has at hand.
SCRIPT = """
import os, sys, time
from cordee_agent.guard.pipe import *
reader = Reader()
def say(*reports):
    os.write(1, b"".join(pack(report) for report in reports))
def hear():
    while True:
        data = os.read(0, 65536)
        if not data:
            sys.exit(0)
        yield from reader.take(data, commands)
def rest():
    for command in heard:
        if isinstance(command, Stop):
            sys.exit(0)
heard = hear()
first = next(heard)
"""


class Released:
    """Stands for the X server: counts how often everything was released."""

    def __init__(self) -> None:
        self.displays: list[str | None] = []

    def __call__(self, display: str | None) -> None:
        self.displays.append(display)


def scripted(script: str, released: Released) -> Guard:
    source = SCRIPT + textwrap.dedent(script)
    return Guard([sys.executable, "-c", source], released)


async def next_event(guard: Guard) -> object:
    async with asyncio.timeout(PATIENCE_S):
        return await guard.wait_event()


async def test_it_runs_this_program_again_as_the_guard() -> None:
    assert guard_command() == [sys.executable, "-m", "cordee_agent.guard"]


async def test_a_guard_that_says_why_it_cannot_is_no_desktop() -> None:
    guard = scripted("say(Failed('no screen: ' + first.display))", Released())
    with pytest.raises(NoDesktop, match="no screen: :77"):
        await guard.start(":77")


async def test_a_guard_that_ends_at_once_is_no_desktop() -> None:
    released = Released()
    with pytest.raises(NoDesktop, match="ended with status 7"):
        await scripted("sys.exit(7)", released).start(":77")


async def test_what_was_said_before_the_start_is_said_again_after_it() -> None:
    guard = scripted(
        """
        say(Ready())
        said = [next(heard), next(heard)]
        if said == [Question(True), OwnWindows([(1, 2, 3, 4)])]:
            say(Still())
        rest()
        """,
        Released(),
    )
    guard.question(True)
    guard.own_windows([(1, 2, 3, 4)])
    await guard.start(":77")
    assert await guard.wait_still(within_s=PATIENCE_S)
    await guard.stop()


async def test_input_is_only_sent_between_open_and_what_ends_it() -> None:
    guard = scripted(
        """
        say(Ready())
        for command in heard:
            if isinstance(command, Inject):
                say(Reclaimed(command.batch.decode(), 1))
            if isinstance(command, Stop):
                sys.exit(0)
        """,
        Released(),
    )
    await guard.start(":77")
    assert await next_event(guard) == Ready()
    guard.inject(b"before")
    guard.open()
    guard.inject(b"during")
    assert await next_event(guard) == Reclaimed("during", 1)
    guard.inject(b"after the take-over")
    guard.open()
    guard.shut()
    guard.inject(b"after the shut")
    guard.open()
    guard.inject(b"again")
    assert await next_event(guard) == Reclaimed("again", 1)
    await guard.stop()


async def test_a_guard_that_dies_is_told_after_everything_was_released() -> None:
    released = Released()
    guard = scripted("say(Ready()); next(heard); next(heard); os._exit(9)", released)
    await guard.start(":77")
    assert await next_event(guard) == Ready()
    assert await next_event(guard) == Died("the input guard ended with status 9")
    assert released.displays == [":77"]
    assert await next_event(guard) is None
    await guard.stop()


async def test_a_release_that_fails_is_told_with_the_death() -> None:
    def no_server(_display: str | None) -> None:
        raise NoDesktop("the X server cannot be reached")

    source = SCRIPT + "say(Ready()); next(heard); next(heard); os._exit(9)"
    guard = Guard([sys.executable, "-c", source], no_server)
    await guard.start(":77")
    assert await next_event(guard) == Ready()
    assert await next_event(guard) == Died(
        "the input guard ended with status 9; the X server cannot be reached"
    )
    await guard.stop()


async def test_a_guard_that_speaks_nonsense_is_killed() -> None:
    released = Released()
    guard = scripted(
        "say(Ready()); os.write(1, b'\\xff' * 9); time.sleep(60)", released
    )
    await guard.start(":77")
    assert await next_event(guard) == Ready()
    assert await next_event(guard) == Died("the input guard ended with status -9")
    assert released.displays == [":77"]
    await guard.stop()


async def test_a_guard_that_stops_reading_is_killed() -> None:
    released = Released()
    guard = scripted("say(Ready()); time.sleep(60)", released)
    await guard.start(":77")
    assert await next_event(guard) == Ready()
    guard.open()
    for _ in range(100):
        guard.inject(b"x" * 16_000)
    assert await next_event(guard) == Died("the input guard ended with status -9")
    await guard.stop()


@pytest.mark.slow
async def test_a_guard_that_does_not_answer_is_killed() -> None:
    released = Released()
    guard = scripted("say(Ready()); time.sleep(60)", released)
    await guard.start(":77")
    assert await next_event(guard) == Ready()
    guard.open()
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def keep_alive() -> None:
        while True:
            guard.alive()
            await asyncio.sleep(0.1)

    async with asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(keep_alive())
        assert await next_event(guard) == Died("the input guard ended with status -9")
        beating.cancel()
    assert loop.time() - began > GUARD_SILENCE_S
    await guard.stop()


async def test_presses_nobody_reads_give_way_to_newer_ones_and_a_reclaim_never() -> (
    None
):
    guard = scripted(
        """
        say(Ready(), Reclaimed("key", 1))
        for at in range(1000):
            say(Pressed(at, 1, True))
        say(Reclaimed("wheel", 2), Still())
        rest()
        """,
        Released(),
    )
    await guard.start(":77")
    async with asyncio.timeout(PATIENCE_S):
        await guard._still.wait()
    await guard.stop()
    events = [event async for event in guard.events()]
    assert events[:2] == [Ready(), Reclaimed("key", 1)]
    assert events[-2:] == [Pressed(999, 1, True), Reclaimed("wheel", 2)]
    assert len(events) < 300


async def test_a_guard_that_does_not_stop_is_killed_and_its_keys_released() -> None:
    released = Released()
    guard = scripted("say(Ready()); time.sleep(60)", released)
    await guard.start(":77")
    await guard.stop()
    assert released.displays == [":77"]


# --- on a real desktop --------------------------------------------------------------


@asynccontextmanager
async def guarded(desktop: Desktop, dead_zone_px: int = 4) -> AsyncIterator[Guard]:
    """Run the real guard; it has control, and says that it lives."""
    guard = Guard()
    await guard.start(desktop.display, dead_zone_px)
    assert await next_event(guard) == Ready()
    try:
        yield guard
    finally:
        await guard.stop()


class Technician:
    """Sends input to a guard, and waits until the server has done it."""

    def __init__(self, guard: Guard, desktop: Desktop, listener: Listener) -> None:
        self.guard = guard
        self._listener = listener
        with closing(desktop.connect()) as connection:
            self.cfg = read_layout(connection).cfg

    def point(self, x: int, y: int) -> None:
        self.send(Pointer(mon=0, cfg=self.cfg, x=x, y=y))

    def press(self, x: int = 30000, y: int = 30000) -> None:
        self.send(Button(mon=0, cfg=self.cfg, x=x, y=y, btn=0, down=1))

    def hold_ctrl(self) -> None:
        self.send(Key(code="ControlLeft", key="Control", loc=1, down=1, mods=0, rep=0))

    def send(self, *events: InputEvent) -> None:
        self.guard.inject(encode_batch(list(events)))

    async def wait_done(self, kind: Kind, mark: int) -> None:
        await asyncio.to_thread(
            self._listener.wait_for, mark=mark, source="xtest", kind=kind
        )


async def hold_a_button_and_ctrl(
    guard: Guard, desktop: Desktop, listener: Listener
) -> None:
    technician = Technician(guard, desktop, listener)
    guard.open()
    mark = listener.mark()
    technician.press()
    technician.hold_ctrl()
    await technician.wait_done("key down", mark)
    assert held(desktop) == (True, True)


def held(desktop: Desktop) -> tuple[bool, bool]:
    """Return whether the server has any button, and Ctrl, down."""
    with closing(desktop.connect()) as connection:
        mask = connection.screen().root.query_pointer().mask
        return bool(mask & X.Button1Mask), bool(mask & X.ControlMask)


async def next_reclaim(guard: Guard) -> Reclaimed:
    while True:
        event = await next_event(guard)
        if isinstance(event, Reclaimed):
            return event
        assert isinstance(event, Pressed), event


@pytest.mark.platform
@pytest.mark.slow
async def test_the_customers_mouse_takes_control_and_releases_what_was_held(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    hand.jump(500, 500)
    async with guarded(desktop) as guard:
        await hold_a_button_and_ctrl(guard, desktop, listener)
        hand.move(540, 500)
        assert (await next_reclaim(guard)).cause == "pointer"
        assert held(desktop) == (False, False)


@pytest.mark.platform
@pytest.mark.slow
async def test_nothing_is_injected_after_the_customers_hand_in_the_servers_order(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    hand.jump(500, 500)
    listener.wait_for(source="physical")
    async with guarded(desktop) as guard:
        technician = Technician(guard, desktop, listener)
        stop = asyncio.Event()

        async def drag() -> None:
            place = 0
            while not stop.is_set():
                place = (place + 997) % FAR
                technician.point(place, place)
                guard.alive()
                await asyncio.sleep(0.008)

        for _ in range(10):
            guard.open()
            mark = listener.mark()
            stop.clear()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(drag())
                await technician.wait_done("move", mark)
                hand.jump(hand.x ^ 64, 500)  # one event, 64 pixels away
                moved = await next_reclaim(guard)
                for _ in range(20):  # the technician goes on as if nothing were
                    technician.guard._open = True
                    technician.point(1, 1)
                stop.set()
            # A round trip through guard and server, then all there is to see is seen.
            assert await guard.wait_still(0.05, PATIENCE_S)
            with closing(desktop.connect()) as connection:
                connection.sync()
            mark_end = listener.mark()
            seen = listener.since(mark)[: mark_end - mark]
            first = next(i for i, s in enumerate(seen) if s.source == "physical")
            assert seen[first].server_ms == moved.at_ms
            late = [
                s.server_ms - moved.at_ms for s in seen[first:] if s.source == "xtest"
            ]
            assert [ms for ms in late if ms > 100] == []
            assert len(late) <= 3


@pytest.mark.platform
@pytest.mark.slow
async def test_another_program_that_injects_takes_control_and_we_do_not(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    async with guarded(desktop) as guard:
        technician = Technician(guard, desktop, listener)
        guard.open()
        mark = listener.mark()
        technician.press()
        await technician.wait_done("button down", mark)
        pressed = await next_event(guard)
        assert isinstance(pressed, Pressed)
        assert (pressed.button, pressed.customer) == (1, False)
        with closing(desktop.connect()) as connection:
            xtest.fake_input(connection, X.ButtonPress, 3)
            xtest.fake_input(connection, X.ButtonRelease, 3)
            connection.sync()
        assert (await next_reclaim(guard)).cause == "button"
        pressed = await next_event(guard)
        assert isinstance(pressed, Pressed)
        assert (pressed.button, pressed.customer) == (3, True)


@pytest.mark.platform
@pytest.mark.slow
async def test_a_guard_that_is_killed_leaves_nothing_down(
    desktop: Desktop, listener: Listener
) -> None:
    async with guarded(desktop) as guard:
        await hold_a_button_and_ctrl(guard, desktop, listener)
        assert guard._process is not None
        os.kill(guard._process.get_pid(), signal.SIGKILL)
        while not isinstance(event := await next_event(guard), Died):
            assert isinstance(event, Pressed)
        assert event == Died("the input guard ended with status -9")
        assert held(desktop) == (False, False)


@pytest.mark.platform
@pytest.mark.slow
async def test_an_agent_that_is_killed_leaves_nothing_down(
    desktop: Desktop, listener: Listener
) -> None:
    source = textwrap.dedent(
        """
        import asyncio, sys
        from cordee_agent.guard.client import Guard
        from cordee_agent.desktops.x11 import lib, monitors
        from cordee_shared.wire.input import *
        async def main():
            guard = Guard()
            await guard.start()
            cfg = monitors.read_layout(lib.open_display(None)).cfg
            guard.open()
            guard.inject(encode_batch([
                Button(mon=0, cfg=cfg, x=9, y=9, btn=0, down=1),
                Key(code="ControlLeft", key="Control", loc=1, down=1, mods=0, rep=0),
            ]))
            while True:
                guard.alive()
                await asyncio.sleep(0.2)
        asyncio.run(main())
        """
    )
    agent: Program = desktop.start(sys.executable, "-c", source, name="agent")
    await asyncio.to_thread(listener.wait_for, source="xtest", kind="key down")
    assert held(desktop) == (True, True)
    mark = listener.mark()
    agent.kill()
    await asyncio.to_thread(
        listener.wait_for, mark=mark, source="xtest", kind="button up"
    )
    assert held(desktop) == (False, False)


@pytest.mark.platform
@pytest.mark.slow
async def test_an_agent_that_hangs_leaves_nothing_down(
    desktop: Desktop, listener: Listener
) -> None:
    async with guarded(desktop) as guard:
        await hold_a_button_and_ctrl(guard, desktop, listener)
        mark = listener.mark()
        # Nobody says that it is alive.
        await asyncio.to_thread(
            listener.wait_for, mark=mark, source="xtest", kind="button up"
        )
        assert held(desktop) == (False, False)


@pytest.mark.platform
@pytest.mark.slow
async def test_a_server_that_goes_ends_the_guard(folder: Path) -> None:
    released = Released()
    guard = Guard(release=released)

    async def lose_the_server() -> None:
        with xvnc(folder / "x", manager=False) as desktop:
            await guard.start(desktop.display)
            assert await next_event(guard) == Ready()
            desktop.server.kill()
            assert await next_event(guard) == Died(
                "the input guard ended with status 3"
            )
            assert released.displays == [desktop.display]
            await guard.stop()

    # The rig, too, says that the server is not there any more.
    with pytest.raises(AssertionError, match="the X server died"):
        await lose_the_server()
