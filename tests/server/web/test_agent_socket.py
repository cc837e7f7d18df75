"""The agent's way in, with a real client over a real socket."""

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from cordee_server.settings import Deadlines
from cordee_shared.limits import FRAME_MAX, SOCKETS_PER_ADDRESS
from cordee_shared.session.states import State
from cordee_shared.wire import control
from tests.ends import connected
from tests.house import house

HELLO = control.encode(control.Hello(v=1))


async def closed(url: str, *frames: str | bytes) -> int | None:
    """Connect, send, and return the relay's close code."""
    async with connect(url, compression=None, max_size=None) as link:
        for frame in frames:
            await link.send(frame)
        async with asyncio.timeout(5):
            await link.wait_closed()
        return link.close_code


async def test_an_agent_is_greeted_and_gets_a_code(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        agent = relay.agent()
        async with connected(agent, relay.agent_url):
            agent.show_code()
            await agent.until(lambda: agent.code)
            given = agent.last(control.CodeGiven)
            assert isinstance(given, control.CodeGiven)
            assert (given.runs, given.lifetime_s) == (1, 600)
            assert agent.kinds() == ["code_issued"]
        await relay.until_ended()


async def test_s37_no_page_plays_the_agent(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        for origin in (relay.origin, "https://evil.example", "null"):
            with pytest.raises(InvalidStatus) as refused:
                await connect(relay.agent_url, additional_headers={"Origin": origin})
            assert refused.value.response.status_code == 403


async def test_s42_compression_is_not_negotiated(tmp_path: Path) -> None:
    async with (
        house(tmp_path) as relay,
        connect(relay.agent_url, compression="deflate") as link,
    ):
        assert link.response is not None
        assert "Sec-WebSocket-Extensions" not in link.response.headers


async def test_s43_a_frame_above_the_limit_closes_with_1009(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        assert await closed(relay.agent_url, HELLO, bytes(FRAME_MAX + 1)) == 1009


@pytest.mark.slow
async def test_a_silent_connection_is_closed_after_hello_time(tmp_path: Path) -> None:
    async with house(tmp_path, Deadlines(hello_s=1)) as relay:
        assert await closed(relay.agent_url) == 4408


@pytest.mark.parametrize(
    "first",
    [
        "",
        "{}",
        '{"t":"show_code"}',
        '{"t":"hello","v":"1"}',
        b"\x01\x00\x00" + bytes(16),
    ],
)
async def test_whatever_is_no_hello_closes_with_4400(
    tmp_path: Path, first: str | bytes
) -> None:
    async with house(tmp_path) as relay:
        assert await closed(relay.agent_url, first) == 4400


async def test_another_version_is_told_so(tmp_path: Path) -> None:
    async with (
        house(tmp_path) as relay,
        connect(relay.agent_url, compression=None) as link,
    ):
        await link.send(control.encode(control.Hello(v=2)))
        told = control.decode(str(await link.recv()), control.to_agent)
        assert told == control.RefusedNow(code="version", about="hello")


@pytest.mark.parametrize(
    "frame",
    ["nonsense", '{"t":"invite","engagement":"e"}', b"\x01\x00\x01" + bytes(16)],
)
async def test_a_message_that_is_not_an_agents_closes_with_4400(
    tmp_path: Path, frame: str | bytes
) -> None:
    async with house(tmp_path) as relay:
        assert await closed(relay.agent_url, HELLO, frame) == 4400


async def test_one_address_has_so_many_sockets_and_gets_them_back(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay:
        links = [await connect(relay.agent_url) for _ in range(SOCKETS_PER_ADDRESS)]
        with pytest.raises(InvalidStatus) as refused:
            await connect(relay.agent_url)
        assert refused.value.response.status_code == 429
        for link in links:
            await link.close()
        async with connect(relay.agent_url) as link:
            await link.send(HELLO)
            assert "welcome" in str(await link.recv())


@pytest.mark.slow
async def test_s45_a_mute_agent_is_dropped_and_the_technician_told(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, Deadlines(heartbeat_s=1)) as relay:
        agent, console = relay.agent(), relay.console()
        token = await relay.sign_in()
        async with (
            connected(console, relay.console_url, relay.headers(token)),
            connected(agent, relay.agent_url) as link,
        ):
            console.invite(relay.engagement)
            await console.until(lambda: console.code)
            assert console.code is not None
            agent.claim(console.code)
            await agent.until_state(State.CONSENTING)
            link.transport.pause_reading()
            await console.until(lambda: console.kinds()[-1] == "link_lost")
            assert console.entries[-1].data["why"] == "mute"


async def test_a_relay_that_stops_closes_with_1012(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        agent = relay.agent()
        async with connected(agent, relay.agent_url):
            agent.show_code()
            await agent.until(lambda: agent.entries)
            await relay.runner.shutdown()
            await agent.until(lambda: agent.closed)
            assert agent.closed == 1012
            assert agent.entries[-1].data["reason"] == "relay_stopped"
