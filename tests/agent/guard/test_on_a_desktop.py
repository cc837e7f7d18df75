"""The guard as it is shipped, on a real X server with a real hand (issue: reclaim)."""

import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from Xlib import X
from Xlib.ext import xtest

from cordee_agent.desktops.x11.monitors import read_layout
from cordee_agent.guard.client import Guard
from cordee_agent.guard.pipe import Died, Pressed, Ready, Reclaimed
from cordee_shared.wire.input import (
    FAR,
    Button,
    InputEvent,
    Key,
    Mod,
    Pointer,
    encode_batch,
)
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.listener import Kind, Listener
from tests.e2e.rig.processes import PATIENCE_S, Program
from tests.e2e.rig.xclient import terminal
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

pytestmark = [pytest.mark.platform, pytest.mark.slow]


async def next_event(guard: Guard) -> object:
    async with asyncio.timeout(PATIENCE_S):
        return await guard.wait_event()


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

    async def take_control(self) -> None:
        """Open the gate where it is shut, and wait until input passes."""
        if not self.guard._open:
            self.guard.open()
        self.guard.alive()
        mark = self._listener.mark()
        self.point(100, 100)
        await self.wait_done("move", mark)

    def point(self, x: int, y: int) -> None:
        self.send(Pointer(mon=0, cfg=self.cfg, x=x, y=y))

    def press(self, x: int = 30000, y: int = 30000) -> None:
        self.send(Button(mon=0, cfg=self.cfg, x=x, y=y, btn=0, down=1))

    def key(self, code: str, key: str, mods: int) -> None:
        """Press a key and let it go, its modifiers with it."""
        how = {"code": code, "key": key, "loc": 0, "rep": 0}
        self.send(
            msgspec.convert({"t": "k", **how, "down": 1, "mods": mods}, Key),
            msgspec.convert({"t": "k", **how, "down": 0, "mods": 0}, Key),
        )

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


async def test_the_customers_mouse_takes_control_and_releases_what_was_held(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    hand.jump(500, 500)
    async with guarded(desktop) as guard:
        await hold_a_button_and_ctrl(guard, desktop, listener)
        hand.move(540, 500)
        assert (await next_reclaim(guard)).cause == "pointer"
        assert held(desktop) == (False, False)


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


async def test_a_jittering_desk_does_not_take_control_and_a_slow_hand_does(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    hand.jump(500, 500)
    listener.wait_for(source="physical")
    async with guarded(desktop) as guard:
        technician = Technician(guard, desktop, listener)
        await technician.take_control()
        for x in (501, 500, 501):
            hand.jump(x, 500)
        assert await guard.wait_still(0.05, PATIENCE_S)
        await technician.take_control()  # it is still there
        assert await guard.wait_still(0.05, PATIENCE_S)
        hand.jump(500, 500)  # the fourth pixel
        assert (await next_reclaim(guard)).cause == "pointer"


async def test_the_strict_setting_takes_a_single_pixel(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    hand.jump(500, 500)
    listener.wait_for(source="physical")
    async with guarded(desktop, dead_zone_px=0) as guard:
        technician = Technician(guard, desktop, listener)
        await technician.take_control()
        hand.jump(501, 500)
        assert (await next_reclaim(guard)).cause == "pointer"


@pytest.mark.parametrize("cause", ["button", "wheel", "key"])
async def test_a_click_the_wheel_and_a_key_take_control_under_an_open_menu(
    desktop: Desktop, hand: Hand, listener: Listener, cause: str
) -> None:
    hand.jump(500, 500)
    listener.wait_for(source="physical")
    async with guarded(desktop) as guard:
        with closing(desktop.connect()) as connection:
            root = connection.screen().root
            how = (X.GrabModeAsync, X.GrabModeAsync)
            root.grab_pointer(False, 0, *how, X.NONE, X.NONE, X.CurrentTime)
            root.grab_keyboard(False, *how, X.CurrentTime)
            await hold_a_button_and_ctrl(guard, desktop, listener)
            {
                "button": lambda: hand.press(3),
                "wheel": lambda: hand.wheel(1),
                "key": lambda: hand.key_down("b"),
            }[cause]()
            assert (await next_reclaim(guard)).cause == cause
            with_button, with_ctrl = held(desktop)
            assert (with_button, with_ctrl) == (False, False)


@pytest.mark.parametrize(("layout", "a_key"), [("fr", 24), ("us", 38)])
async def test_what_a_french_technician_types_arrives_on_any_keyboard(
    desktop: Desktop, listener: Listener, layout: str, a_key: int
) -> None:
    """The technician has AZERTY: positions, characters and dead keys as it sends."""
    desktop.keyboard(layout)
    place = await asyncio.to_thread(terminal, desktop)
    typed = [
        *[
            ("Digit2", "é", 0),
            ("Digit7", "è", 0),
            ("Digit9", "ç", 0),
            ("Digit0", "à", 0),
        ],
        *[("Quote", "ù", 0), ("KeyE", "€", Mod.ALTGR), ("Digit0", "@", Mod.ALTGR)],
        *[("Digit3", "#", Mod.ALTGR), ("BracketLeft", "Dead", 0), ("KeyE", "ê", 0)],
        *[("Digit2", "Dead", Mod.ALTGR), ("KeyN", "ñ", 0), ("KeyQ", "A", Mod.SHIFT)],
        *[("Digit1", "1", Mod.SHIFT), ("Space", " ", 0), ("Semicolon", "m", Mod.CAPS)],
    ]
    async with guarded(desktop) as guard:
        technician = Technician(guard, desktop, listener)
        guard.open()
        for code, key, mods in typed:
            technician.key(code, key, mods)
            guard.alive()
        await asyncio.to_thread(place.wait_for, "éèçàù€@#êñA1 m")
        guard.alive()
        mark = listener.mark()
        technician.key("KeyQ", "a", Mod.CTRL)  # where A is on AZERTY
        # The last character's key may come up after it is on the screen.
        await asyncio.to_thread(
            listener.wait_for,
            lambda s: [event.detail for event in s][-4:] == [37, a_key, a_key, 37],
            mark=mark,
            source="xtest",
        )


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


async def test_a_server_that_goes_ends_the_guard(folder: Path) -> None:
    released: list[str | None] = []
    guard = Guard(release=released.append)

    async def lose_the_server() -> None:
        with xvnc(folder / "x", manager=False) as desktop:
            await guard.start(desktop.display)
            assert await next_event(guard) == Ready()
            desktop.server.kill()
            assert await next_event(guard) == Died(
                "the input guard ended with status 3"
            )
            assert released == [desktop.display]
            await guard.stop()

    # The rig, too, says that the server is not there any more.
    with pytest.raises(AssertionError, match="the X server died"):
        await lose_the_server()
