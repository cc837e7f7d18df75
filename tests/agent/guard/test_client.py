"""The handle before real processes that play a script; the real guard is next door."""

import asyncio
import sys
import textwrap

import pytest

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.guard.client import Guard, guard_command
from cordee_agent.guard.pipe import Died, Pressed, Ready, Reclaimed
from cordee_shared.limits import GUARD_SILENCE_S
from tests.e2e.rig.processes import PATIENCE_S

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
