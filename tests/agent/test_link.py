"""One WebSocket: order, room, and a reason when it is down."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from cordee_agent.link import Link, LinkDown, LinkUp, read_origin, trouble_of
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


# --- why there is no link -------------------------------------------------------------


async def down(origin: str) -> str:
    """Return the trouble of a link that never stood."""
    inbox: asyncio.Queue[object] = asyncio.Queue()
    async with asyncio.timeout(20):
        await Link(origin, inbox.put_nowait).run()
    told = inbox.get_nowait()
    assert isinstance(told, LinkDown)
    return told.trouble


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """Somebody who says the same to everybody."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        ("200 OK", "link_captive"),
        ("511 Network Authentication Required", "link_captive"),
        ("403 Forbidden", "link_refused"),
        ("502 Bad Gateway", "link_refused"),
    ],
)
async def test_what_answers_in_the_relays_place_has_its_sentence(
    status: str, trouble: str
) -> None:
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nhi".encode()
    async with answering(answer) as origin:
        assert await down(origin) == trouble


@pytest.mark.parametrize("code", [9, 10])
def test_a_certificate_of_another_day_speaks_of_the_clock(code: int) -> None:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code = code
    assert trouble_of(error) == "link_clock"


def test_s17_an_intercepted_connection_is_not_trusted() -> None:
    error = ssl.SSLCertVerificationError("self-signed certificate in chain")
    error.verify_code = 19
    assert trouble_of(error) == "link_not_trusted"


async def test_the_systems_proxy_is_used_and_its_refusal_has_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refuses = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with answering(refuses) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        assert await down("https://relay.invalid") == "link_proxy"


async def test_a_proxy_of_a_kind_that_is_not_spoken_has_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("all_proxy", "socks5h://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "socks5h://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert await down("https://relay.invalid") == "link_proxy"
