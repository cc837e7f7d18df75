"""A file is written as it comes, and what goes wrong with the disk is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from cordee_agent.together.arriving import Arriving
from cordee_agent.together.carried import Carried
from cordee_agent.transfer.incoming import Incoming
from cordee_shared.wire.files import Why

_T = TypeVar("_T")
ORIGIN = "https://aide.example"


async def at_once(work: Callable[[], _T]) -> _T:
    """Do what touches the disk here and now."""
    await asyncio.sleep(0)
    return work()


def draw(size: int) -> bytes:
    """Return bytes that are no dice."""
    return bytes(size)


async def arrive(folder: Path, *pieces: bytes) -> tuple[Path | Why, list[int]]:
    """Write a file; return where it is, and what was acknowledged."""
    body = b"".join(pieces)
    arriving = Arriving(Carried(2, "a.bin", len(body), is_leaving=False), at_once)
    for piece in pieces:
        arriving.put(piece)
    arriving.put(None)
    wrote: list[int] = []
    ready: list[bool] = []
    came = await arriving.run(
        folder, ORIGIN, draw, lambda: ready.append(True), wrote.append
    )
    assert ready == ([] if came is Why.DISK and not wrote else [True])
    arriving.discard()
    return came, wrote


async def test_every_piece_is_acknowledged_once_it_is_written(tmp_path: Path) -> None:
    came, wrote = await arrive(tmp_path, b"abc", b"de")
    assert came == tmp_path / "a.bin"
    assert (tmp_path / "a.bin").read_bytes() == b"abcde"
    assert wrote == [3, 2]


async def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    came, wrote = await arrive(tmp_path)
    assert came == tmp_path / "a.bin"
    assert wrote == []


async def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    assert await arrive(tmp_path / "gone", b"abc") == (Why.DISK, [])


async def test_a_disk_that_fills_up_on_the_way_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(incoming: object, data: bytes) -> None:
        if data == b"de":
            raise OSError(28, "no space left on device")

    monkeypatch.setattr(Incoming, "write", full)
    came, wrote = await arrive(tmp_path, b"abc", b"de")
    assert came is Why.DISK
    assert wrote == [3]
    assert [each.name for each in await at_once(lambda: list(tmp_path.iterdir()))] == []
