"""What the technician points at is drawn, touches nothing, and fades."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cordee_agent.together.marks import Marks
from cordee_agent.window.sharing import Shared, Stroke
from cordee_shared.limits import MARK_S, MARKS_MAX
from cordee_shared.wire.picture import Layout, Monitor, Rect
from cordee_shared.wire.talk import Mark
from tests.agent.together.grounds import Did, ground

LAYOUT = Layout(
    epoch=1,
    cfg=7,
    window_log=20,
    width=3000,
    height=1000,
    monitors=(
        Monitor(0, True, Rect(0, 0, 1000, 1000)),
        Monitor(1, False, Rect(1000, 0, 2000, 500)),
    ),
)
FAR = 65535


@asynccontextmanager
async def marks() -> AsyncIterator[tuple[Marks, Did]]:
    did = Did(layout=LAYOUT)
    async with asyncio.TaskGroup() as group:
        yield Marks(ground(group, did)), did


def drawn(made: Marks) -> tuple[Stroke, ...]:
    return made.show(Shared()).marks


def mark(
    number: int, *points: tuple[int, int], mon: int = 0, cfg: int = LAYOUT.cfg
) -> Mark:
    return Mark(id=number, mon=mon, cfg=cfg, points=points)


async def test_a_line_is_drawn_where_it_is_meant_on_its_monitor() -> None:
    async with marks() as (made, did):
        made.on_mark(mark(1, (0, 0), (FAR, FAR)))
        made.on_mark(mark(1, (FAR, 0)))
        made.on_mark(mark(2, (0, FAR), mon=1))
        assert drawn(made) == (((0, 0), (999, 999), (999, 0)), ((1000, 499),))
        assert (did.sealed, did.acts) == ([], [])


async def test_a_mark_for_monitors_that_are_gone_or_not_seen_is_dropped() -> None:
    async with marks() as (made, did):
        made.on_mark(mark(1, (0, 0), cfg=LAYOUT.cfg + 1))
        made.on_mark(mark(2, (0, 0), mon=9))
        did.layout = None
        made.on_mark(mark(3, (0, 0)))
        assert drawn(made) == ()


async def test_marks_fade_after_their_last_point() -> None:
    async with marks() as (made, did):
        made.on_mark(mark(1, (0, 0)))
        did.clock.advance(seconds=MARK_S - 1)
        made.on_mark(mark(1, (5, 5)))
        made.on_mark(mark(2, (9, 9)))
        did.clock.advance(seconds=MARK_S - 1)
        made.on_time()
        assert len(drawn(made)) == 2
        did.clock.advance(seconds=1)
        made.on_time()
        assert drawn(made) == ()


async def test_the_technician_and_the_hidden_screen_take_them_away() -> None:
    async with marks() as (made, did):
        made.on_mark(mark(1, (0, 0)))
        made.settle(True)
        assert drawn(made)
        made.on_unmark()
        assert drawn(made) == ()
        made.on_mark(mark(2, (0, 0)))
        did.layout = None
        made.settle(True)
        assert drawn(made) == ()
        did.layout = LAYOUT
        made.on_mark(mark(3, (0, 0)))
        made.stop()
        assert drawn(made) == ()


async def test_whoever_scribbles_without_end_fills_no_memory() -> None:
    async with marks() as (made, _):
        for number in range(1, 201):
            made.on_mark(mark(number, *[(0, 0)] * 64))
        assert sum(map(len, drawn(made))) <= MARKS_MAX
        for _ in range(200):
            made.on_mark(mark(500, *[(FAR, 0)] * 64))
        assert drawn(made) == (((999, 0),) * MARKS_MAX,)
