"""Each fault of the bad line does what it is called, and nothing is left after it."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.chaos.proxy import Fault, Line

PATIENCE_S = 30.0
SAID = bytes(range(256)) * 20


@asynccontextmanager
async def echoing() -> AsyncIterator[tuple[Line, list[str]]]:
    """A line to something that says back what it hears; whom it heard."""
    heard: list[str] = []

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        heard.append(writer.get_extra_info("peername")[0])
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with asyncio.timeout(PATIENCE_S), server:
        async with Line(port, random.Random(7), "127.3.2.1").standing() as line:
            yield line, heard
        assert line.connections == 0


@pytest.mark.parametrize(
    "fault", [Fault.LATENCY, Fault.BANDWIDTH, Fault.SLICER, Fault.SLOW_CLOSE]
)
async def test_what_is_slow_arrives_whole_and_in_order(fault: Fault) -> None:
    async with echoing() as (line, heard):
        line.strike(fault)
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(SAID)
        writer.write_eof()
        assert await reader.read() == SAID
        assert heard == ["127.3.2.1"]
        writer.close()


async def test_a_reset_breaks_what_stands_and_not_what_comes() -> None:
    async with echoing() as (line, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(b"x")
        assert await reader.readexactly(1) == b"x"
        line.strike(Fault.RESET)
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(b"y")
        assert await reader.readexactly(1) == b"y"
        writer.close()


async def test_a_black_hole_keeps_what_it_swallowed_until_it_is_healed() -> None:
    async with echoing() as (line, _):
        line.strike(Fault.BLACK_HOLE)
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(b"x")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.readexactly(1)
        line.heal()
        assert await reader.readexactly(1) == b"x"
        writer.close()


async def test_where_nobody_listens_the_near_end_is_closed() -> None:
    async with Line(1, random.Random(7), "127.0.0.1").standing() as line:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        async with asyncio.timeout(PATIENCE_S):
            try:
                said = await reader.read()
            except ConnectionError:
                said = b""
        assert said == b""
        writer.close()
