"""Gate and picture follow the state, and no path forgets one of them."""

import asyncio
from dataclasses import replace

import pytest

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.power import Power
from cordee_shared.session.states import DRIVEN, VISIBLE, State
from cordee_shared.wire.picture import Layout, Monitor, Pointer, Rect, encode
from tests.agent.opposite import FakePictures, Opposite


def seen(power: Power) -> Layout | None:
    return power.layout


async def send(_payload: bytes) -> None:
    """Nowhere."""


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
async def test_every_move_leaves_what_the_state_allows(
    before: State, after: State
) -> None:
    opposite = Opposite()
    async with asyncio.TaskGroup() as group:
        power = Power(opposite.parts(), group, lambda: None)
        for state in (before, after):
            power.settle(state, send)
            await asyncio.sleep(0)
            running = sum(picture.runs for picture in opposite.pictures)
            assert running == (1 if state in VISIBLE else 0)
            assert opposite.hands.is_open == (state in DRIVEN)
        power.stop()


async def test_stopping_works_at_once_and_the_same_state_starts_anew() -> None:
    opposite = Opposite()
    async with asyncio.TaskGroup() as group:
        power = Power(opposite.parts(), group, lambda: None)
        power.settle(State.CONTROLLING, send)
        await asyncio.sleep(0)
        power.stop()
        assert not opposite.hands.is_open
        await asyncio.sleep(0)
        assert opposite.pictures[0].runs == 0
        power.settle(State.VIEWING, send)
        await asyncio.sleep(0)
        assert opposite.pictures[1].runs == 1
        power.stop()


async def test_an_acknowledgement_goes_to_the_picture_that_runs() -> None:
    opposite = Opposite()
    async with asyncio.TaskGroup() as group:
        power = Power(opposite.parts(), group, lambda: None)
        power.acknowledged(b"nobody")
        power.settle(State.VIEWING, send)
        power.acknowledged(b"this")
        assert opposite.pictures[0].acknowledgements == [b"this"]
        power.stop()
        power.acknowledged(b"nobody")
        assert opposite.pictures[0].acknowledgements == [b"this"]


async def test_what_the_console_takes_is_told_to_each_picture() -> None:
    opposite = Opposite()
    takes = b"\x11\x00\x07"
    async with asyncio.TaskGroup() as group:
        power = Power(opposite.parts(), group, lambda: None)
        power.acknowledged(takes)  # usually long before the customer's yes
        for picture in range(2):
            power.settle(State.VIEWING, send)
            assert opposite.pictures[picture].acknowledgements == [takes]
            power.stop()


async def test_a_screen_that_is_gone_is_told_once() -> None:
    opposite = Opposite()
    told: list[bool] = []

    class Gone(FakePictures):
        async def run(self) -> None:
            raise NoDesktop("the screen was taken away")

    parts = replace(opposite.parts(), pictures=Gone)
    async with asyncio.TaskGroup() as group:
        power = Power(parts, group, lambda: told.append(True))
        power.settle(State.VIEWING, send)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert told == [True]
        power.stop()


async def test_the_monitors_are_known_as_the_technician_has_them_while_seen() -> None:
    opposite = Opposite()
    rect = Rect(0, 0, 1280, 720)
    layout = Layout(1, 77, 20, 1280, 720, (Monitor(0, True, rect),))
    async with asyncio.TaskGroup() as group:
        power = Power(opposite.parts(), group, lambda: None)
        power.settle(State.VIEWING, send)
        assert seen(power) is None
        await opposite.pictures[-1].send(encode(layout))
        await opposite.pictures[-1].send(encode(Pointer(1, 5, 5)))
        assert seen(power) == layout
        power.settle(State.CONTROLLING, send)
        assert seen(power) == layout
        power.settle(State.PAUSED, send)
        assert seen(power) is None
