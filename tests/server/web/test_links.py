"""WebSockets as the relay's links see them, and raw sockets that mean no good."""

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from cordee_server.relay.metrics import Parting
from cordee_server.settings import Deadlines
from cordee_server.web.links import CLOSE_CODES
from cordee_shared.limits import QUEUE_BYTES
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.ends import connected
from tests.house import house

HELLO = control.encode(control.Hello(v=1))
UPGRADE = (
    "GET /agent/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def test_every_parting_has_its_close_code() -> None:
    assert set(CLOSE_CODES) == set(Parting)
    assert all(
        code in (1000, 1009, 1011, 1012, 1013) or 4000 <= code < 5000
        for code in CLOSE_CODES.values()
    )
    assert CLOSE_CODES[Parting.VIOLATION] == 4400
    assert CLOSE_CODES[Parting.RELAY_STOPPED] == 1012


async def test_a_ping_is_answered(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, connect(relay.agent_url) as link:
        await link.send(HELLO)
        async with asyncio.timeout(5):
            await (await link.ping(b"there?"))


async def test_a_ping_is_no_hello(tmp_path: Path) -> None:
    async with (
        house(tmp_path, Deadlines(hello_s=1)) as relay,
        connect(relay.agent_url) as link,
    ):
        await link.ping()
        await link.send(HELLO)
        assert "welcome" in str(await link.recv())


async def test_a_relay_about_to_stop_takes_no_link(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        relay.sessions.node.is_draining = True
        with pytest.raises(InvalidStatus) as refused:
            await connect(relay.agent_url)
        assert refused.value.response.status_code == 503


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """Read until the relay closes the connection."""
    async with asyncio.timeout(10):
        try:
            return await reader.read(-1)
        except ConnectionError:
            return b""


@pytest.mark.slow
@pytest.mark.parametrize(
    "begin", ["", "GET /agent/v1 HTTP/1.1\r\nHost: localhost\r\nX-Slow: "]
)
async def test_s44_silent_and_dripping_connections_are_closed(
    tmp_path: Path, begin: str
) -> None:
    async with house(tmp_path, keepalive_s=1) as relay:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(begin.encode())
        await until_closed(reader)
        writer.close()


@pytest.mark.slow
async def test_a_live_websocket_outlives_the_keepalive(tmp_path: Path) -> None:
    async with (
        house(tmp_path, keepalive_s=1) as relay,
        connect(relay.agent_url) as link,
    ):
        await link.send(HELLO)
        await link.recv()
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        await until_closed(reader)
        writer.close()
        await (await link.ping())


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\xc1\x80\x00\x00\x00\x00", 1002),  # compressed, which nobody agreed on
        (b"\x83\x80\x00\x00\x00\x00", 1002),  # an opcode that does not exist
        (b"\x81\x81\x00\x00\x00\x00\xff", 1007),  # text that is no UTF-8
        (b"\x82\xff\x00\x00\x00\x00\x7f\xff\xff\xff", 1009),  # 2 GiB are announced
    ],
)
async def test_frames_that_are_none_close_the_socket_with_their_code(
    tmp_path: Path, frame: bytes, code: int
) -> None:
    async with house(tmp_path) as relay:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        writer.write(UPGRADE.encode() + frame)
        said = (await until_closed(reader)).partition(b"\r\n\r\n")[2]
        assert said[0] == 0x88
        assert int.from_bytes(said[2:4], "big") == code
        writer.close()


@pytest.mark.slow
async def test_a_console_that_stops_reading_stops_the_agent_and_loses_nothing(
    tmp_path: Path,
) -> None:
    """Back-pressure end to end: real sockets, real kernel buffers."""
    async with house(tmp_path) as relay:
        agent, console = relay.agent(), relay.console()
        headers = relay.headers(await relay.sign_in())
        async with (
            connected(agent, relay.agent_url),
            connected(console, relay.console_url, headers) as technician,
        ):
            console.invite(relay.engagement)
            await console.until(lambda: console.code)
            assert console.code is not None
            agent.claim(console.code)
            await agent.until_state(State.CONSENTING)
            agent.grant(Scope.VIEW)
            await console.until_state(State.VIEWING)

            def pictures() -> list[int]:
                return [
                    int.from_bytes(record.payload[:4], "big")
                    for record in console.opened
                    if record.channel is Channel.SCREEN
                ]

            technician.transport.pause_reading()
            count = 400
            for number in range(count):
                agent.seal(Channel.SCREEN, number.to_bytes(4, "big") * 16_000)
            (peer,) = (p for p in relay.sessions.node.hub.peers if p.who.technician)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await agent.until(lambda: not agent.out)
            assert len(agent.out) > count // 4, "most of it waits at the agent"
            assert 0 < peer.outbox.size <= QUEUE_BYTES
            technician.transport.resume_reading()
            await console.until(lambda: pictures() == list(range(count)))
