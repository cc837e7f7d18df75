"""The pump: one file at a time, in pieces that the line has room for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from cordee_agent.together.carried import Carried
from cordee_agent.together.leaving import Leaving, Pump
from cordee_agent.transfer.outgoing import Outgoing
from cordee_shared.limits import FILE_PIECE_MIN
from cordee_shared.wire import files
from cordee_shared.wire.files import Why
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.transfer import EMPTY
from tests.agent.together.grounds import Did, ground

_T = TypeVar("_T")
PATIENCE_S = 60.0


async def at_once(work: Callable[[], _T]) -> _T:
    """Do what touches the disk here and now."""
    await asyncio.sleep(0)
    return work()


class Bench:
    """A pump and what it did."""

    def __init__(self, group: asyncio.TaskGroup, folder: Path) -> None:
        self.did = Did()
        self.folder = folder
        self.broken: list[tuple[int, Why]] = []
        self.pump = Pump(ground(group, self.did), self._in_thread, self._note)
        self.task = group.create_task(self.pump.run())

    def _in_thread(self, work: Callable[[], _T]) -> Awaitable[_T]:
        return at_once(work)

    def _note(self, leaving: Leaving, why: Why) -> None:
        self.broken.append((leaving.carried.id, why))
        self.pump.remove(leaving)

    def file(self, id: int, body: bytes) -> Leaving:
        """Make a file that somebody wants."""
        path = self.folder / str(id)
        path.write_bytes(body)
        leaving = Leaving(Carried(id, path.name, len(body), True), Outgoing(path))
        assert leaving.sending.accept(0, EMPTY)
        self.pump.add(leaving)
        return leaving

    def said(self) -> list[files.Said | files.Piece]:
        """Return everything that was sealed."""
        return [
            files.decode(payload)
            for channel, payload in self.did.sealed
            if channel is Channel.FILE
        ]

    async def until(self, fact: Callable[[], object]) -> None:
        """Let the pump work until ``fact`` holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not fact():  # noqa: ASYNC110
                await asyncio.sleep(0)


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    """Run a pump."""
    async with asyncio.TaskGroup() as group:
        made = Bench(group, folder)
        yield made
        made.task.cancel()


async def test_the_first_pieces_are_small_and_wait_for_their_acknowledgement(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here:
        leaving = here.file(1, bytes(100_000))
        await here.until(lambda: leaving.sending.in_flight == 2 * FILE_PIECE_MIN)
        pieces = here.said()
        assert [len(p.data) for p in pieces if isinstance(p, files.Piece)] == [
            FILE_PIECE_MIN,
            FILE_PIECE_MIN,
        ]
        here.did.clock.advance(seconds=0.01)
        leaving.sending.ack(FILE_PIECE_MIN)
        here.pump.acked(leaving, FILE_PIECE_MIN)
        await here.until(lambda: leaving.sending.at >= 4 * FILE_PIECE_MIN)


async def test_files_go_one_after_the_other_an_empty_one_too(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        first, second = here.file(1, b"abc"), here.file(3, b"")
        await here.until(lambda: first.sending.is_done)
        assert not second.sending.is_done
        here.pump.remove(first)
        await here.until(lambda: second.sending.is_done)
        kinds = [type(each).__name__ for each in here.said()]
        assert kinds == ["Piece", "Done", "Done"]


async def test_a_file_somebody_wrote_to_is_not_called_done(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        leaving = here.file(1, b"")
        with (tmp_path / "1").open("ab") as other:
            other.write(b"more")
        await here.until(lambda: here.broken)
        assert here.broken == [(1, Why.CHANGED)]
        assert not leaving.sending.is_done


async def test_after_a_cut_it_waits_to_be_wanted_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        leaving = here.file(1, bytes(10_000))
        await here.until(lambda: leaving.sending.in_flight == 2 * FILE_PIECE_MIN)
        leaving.sending.cut()
        sent = len(here.said())
        here.did.clock.advance(seconds=100)
        here.pump.acked(leaving, 0)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(here.said()) == sent
        assert leaving.sending.accept(0, EMPTY)
        here.pump.add(leaving)
        await here.until(lambda: len(here.said()) > sent)
