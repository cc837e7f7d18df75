"""One WebSocket: order, room, and a reason when it is down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from cordee_agent.link import Link, LinkDown, LinkUp, read_origin
from cordee_shared.errors import SettingsError
from cordee_shared.limits import QUEUE_BYTES
from cordee_shared.wire import control


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("relay.example", "https://relay.example"),
        ("https://Relay.example:443/", "https://relay.example"),
        ("https://relay.example:8443", "https://relay.example:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_becomes_the_origin_a_browser_has(given: str, origin: str) -> None:
    assert read_origin(given) == origin


@pytest.mark.parametrize(
    "given",
    [
        "http://relay.example",
        "ftp://relay.example",
        "https://relay.example/path",
        "https://relay.example:99999",
        "https://",
    ],
)
def test_s17_an_address_that_would_send_in_clear_or_is_none_is_refused(
    given: str,
) -> None:
    with pytest.raises(SettingsError, match="relay"):
        read_origin(given)


class Relay:
    """The far end of one link."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.connection: asyncio.Future[ServerConnection] = (
            asyncio.get_running_loop().create_future()
        )
        self.reads = asyncio.Event()
        self.reads.set()
        self.origin = ""

    async def serve(self, connection: ServerConnection) -> None:
        self.connection.set_result(connection)
        while True:
            await self.reads.wait()
            try:
                self.received.put_nowait(await connection.recv())
            except Exception:
                return


@asynccontextmanager
async def linked() -> AsyncIterator[tuple[Relay, Link, asyncio.Queue[object]]]:
    relay = Relay()
    inbox: asyncio.Queue[object] = asyncio.Queue()
    async with serve(relay.serve, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        link = Link(f"http://127.0.0.1:{port}", inbox.put_nowait)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(link.run())
            async with asyncio.timeout(5):
                assert await inbox.get() == LinkUp()
            try:
                yield relay, link, inbox
            finally:
                link.close()
                async with asyncio.timeout(5):
                    await asyncio.wait({running})


async def test_what_is_sent_arrives_in_the_order_of_sending() -> None:
    async with linked() as (relay, link, _):
        link.send(control.ShowCode())
        for n in range(100):
            link.send_record(bytes([n]))
        link.send(control.Cancel())
        got = [await relay.received.get() for _ in range(102)]
        assert got == [
            control.encode(control.ShowCode()),
            *(bytes([n]) for n in range(100)),
            control.encode(control.Cancel()),
        ]


async def test_messages_and_records_are_delivered_decoded() -> None:
    async with linked() as (relay, _, inbox):
        connection = await relay.connection
        await connection.send(control.encode(control.RunFailed(left=2)))
        await connection.send(b"\x01\x00\x00sealed")
        assert await inbox.get() == control.RunFailed(left=2)
        assert await inbox.get() == b"\x01\x00\x00sealed"


async def test_pictures_wait_while_the_queue_is_full() -> None:
    async with linked() as (relay, link, _):
        relay.reads.clear()
        link.send_record(b"p" * QUEUE_BYTES)
        waiting = asyncio.ensure_future(link.wait_room())  # noqa: TID251 - awaited below
        assert not waiting.done()
        link.send(control.Cancel())
        relay.reads.set()
        async with asyncio.timeout(5):
            await waiting
            assert await relay.received.get() == b"p" * QUEUE_BYTES
            assert await relay.received.get() == control.encode(control.Cancel())


async def test_a_closed_link_says_so_and_sends_nothing_more() -> None:
    async with linked() as (relay, link, inbox):
        await (await relay.connection).close()
        assert await inbox.get() == LinkDown("link_lost")
        link.send(control.Cancel())
        assert not link.is_up


async def test_nonsense_from_a_relay_ends_the_link_for_good() -> None:
    async with linked() as (relay, _, inbox):
        await (await relay.connection).send("{}")
        assert await inbox.get() == LinkDown("link_violation")


async def test_nobody_there_is_unreachable() -> None:
    inbox: asyncio.Queue[object] = asyncio.Queue()
    await Link("http://127.0.0.1:1", inbox.put_nowait).run()
    assert await inbox.get() == LinkDown("link_unreachable")
