"""The console's way in, and whole sessions between two real clients."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyotp
import pytest
from aiohttp import ClientSession
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from cordee_server.roles import Role
from cordee_server.services.technicians import OPERATOR
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.ends import AgentEnd, ConsoleEnd, connected
from tests.house import House, house


@asynccontextmanager
async def both(
    relay: House,
) -> AsyncIterator[tuple[AgentEnd, ConsoleEnd, ClientConnection, ClientConnection]]:
    """Connect an agent and a signed-in console."""
    agent, console = relay.agent(), relay.console()
    token = await relay.sign_in()
    async with (
        connected(agent, relay.agent_url) as customer,
        connected(console, relay.console_url, relay.headers(token)) as technician,
    ):
        yield agent, console, customer, technician


async def meet(relay: House, agent: AgentEnd, console: ConsoleEnd, way: str) -> None:
    """Pair under a code and let the technician see and drive."""
    if way == "a":
        agent.show_code()
        await agent.until(lambda: agent.code)
        assert agent.code is not None
        console.claim(agent.code, relay.engagement)
    else:
        console.invite(relay.engagement)
        await console.until(lambda: console.code)
        assert console.code is not None
        agent.claim(console.code)
    await agent.until_state(State.CONSENTING)
    agent.grant(Scope.VIEW)
    await console.until_state(State.VIEWING)
    console.act(Remark.CONTROL_REQUESTED)
    await agent.until(lambda: agent.kinds()[-1] == "control_requested")
    agent.grant(Scope.CONTROL)
    await console.until_state(State.CONTROLLING)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["a", "b"])
async def test_a_whole_session_over_real_sockets(tmp_path: Path, way: str) -> None:
    async with house(tmp_path) as relay, both(relay) as (agent, console, _, _):
        await meet(relay, agent, console, way)
        pictures = [bytes([n]) * (n * 4000) for n in range(1, 40)]
        for number, picture in enumerate(pictures):
            agent.seal(Channel.SCREEN, picture)
            console.seal(Channel.INPUT, b"%d" % number)
        await console.until(lambda: seen(console) == pictures)
        await agent.until(lambda: len(driven(agent)) == len(pictures))
        assert driven(agent) == [b"%d" % n for n in range(len(pictures))]
        agent.act(Event.RECLAIMED, {"cause": "pointer"})
        await console.until_state(State.RECLAIMED)
        console.end("technician_ended")
        await agent.until(lambda: agent.closed)
        assert agent.closed == 1000
        assert agent.bill is not None
        assert console.closed is None
        assert agent.bill == console.bill
        kinds = [entry.kind.value for entry in await relay.last_entries()]
        assert kinds[-3:] == ["control_granted", "reclaimed", "ended"]
        line = relay.parts.settings.billing_file.read_bytes()
        assert agent.bill.record.encode() in line


def seen(console: ConsoleEnd) -> list[bytes]:
    return [r.payload for r in console.opened if r.channel is Channel.SCREEN]


def driven(agent: AgentEnd) -> list[bytes]:
    return [r.payload for r in agent.opened if r.channel is Channel.INPUT]


@pytest.mark.slow
async def test_a_lost_agent_comes_back_and_control_does_not(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        agent, console = relay.agent(), relay.console()
        token = await relay.sign_in()
        headers = relay.headers(token)
        async with connected(console, relay.console_url, headers):
            async with connected(agent, relay.agent_url) as link:
                await meet(relay, agent, console, "b")
                link.transport.abort()
                await console.until_state(State.INTERRUPTED)
            async with connected(agent, relay.agent_url):
                agent.come_back()
                await agent.until_state(State.VIEWING)
                await console.until_state(State.VIEWING)
                agent.seal(Channel.SCREEN, b"again")
                await console.until(lambda: seen(console) == [b"again"])
                assert console.kinds()[-2:] == ["link_lost", "link_restored"]
                agent.end("customer_ended")
                await agent.until(lambda: agent.closed)


async def test_a_console_needs_a_cookie(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        for cookie in ("", "cordee=abc", f"cordee={'A' * 43}"):
            headers = {"Origin": relay.origin, "Cookie": cookie}
            with pytest.raises(InvalidStatus) as refused:
                await connect(relay.console_url, additional_headers=headers)
            assert refused.value.response.status_code == 401


async def test_s37_a_foreign_page_is_turned_away_with_a_good_cookie(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay:
        headers = relay.headers(await relay.sign_in())
        for origin in ("https://evil.example", "null", relay.origin + "0"):
            with pytest.raises(InvalidStatus) as refused:
                await connect(
                    relay.console_url, additional_headers=headers | {"Origin": origin}
                )
            assert refused.value.response.status_code == 403
        del headers["Origin"]
        with pytest.raises(InvalidStatus):
            await connect(relay.console_url, additional_headers=headers)


async def test_a_console_is_attested_by_name_and_key(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, both(relay) as (_, console, _, _):
        welcome = console.last(control.Welcome)
        assert isinstance(welcome, control.Welcome)
        assert welcome.att is not None
        assert '"technician":"Claire Martin"' in welcome.att.text


@pytest.mark.parametrize("pk", ["", "AAAA", "A" * 43 + "B"])
async def test_a_console_without_a_key_is_closed(tmp_path: Path, pk: str) -> None:
    async with house(tmp_path) as relay:
        headers = relay.headers(await relay.sign_in())
        async with connect(relay.console_url, additional_headers=headers) as link:
            await link.send(control.encode(control.Hello(v=1, pk=pk)))
            async with asyncio.timeout(5):
                await link.wait_closed()
            assert link.close_code == 4400


@pytest.mark.slow
async def test_s50_signing_out_closes_the_link_within_a_second(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        console = relay.console()
        token = await relay.sign_in()
        async with connected(console, relay.console_url, relay.headers(token)):
            async with asyncio.timeout(1):
                await relay.parts.technicians.sign_out(token)
                await console.until(lambda: console.closed)
            assert console.closed == 4401


async def asked(relay: House, token: str, path: str, body: object = None) -> object:
    """Ask the relay for a resource as a browser does; return what it says."""
    url = f"http://127.0.0.1:{relay.port}{path}"
    async with (
        ClientSession() as browser,
        browser.request(
            "GET" if body is None else "POST",
            url,
            json=body,
            headers=relay.headers(token),
        ) as answer,
    ):
        assert answer.status == 200
        said: object = await answer.json()
        return said


@pytest.mark.slow
@pytest.mark.parametrize("by", ["herself", "an admin", "the operator's role"])
async def test_s50_a_revocation_closes_the_open_socket_within_a_second(
    tmp_path: Path, by: str
) -> None:
    async with house(tmp_path) as relay:
        console = relay.console()
        token = await relay.sign_in()
        async with connected(console, relay.console_url, relay.headers(token)):
            if by == "the operator's role":
                role = relay.parts.accounts.set_role
                await role(OPERATOR, "claire", Role.AUDITOR)
            else:
                at = "/api/me" if by == "herself" else "/api/accounts/claire"
                other = token if by == "herself" else await admin(relay)
                said = await asked(relay, other, f"{at}/sign-ins")
                assert isinstance(said, dict)
                (one,) = said["sign_ins"]
                body = {"id": one["id"]}
                await asked(relay, other, f"{at}/sign-ins/revoke", body)
            async with asyncio.timeout(1):
                await console.until(lambda: console.closed)
            assert console.closed == 4401


async def admin(relay: House) -> str:
    """Sign an admin in; return the cookie's value."""
    technicians = relay.parts.technicians
    made = await technicians.add("ada", role=Role.ADMIN)
    digits = pyotp.TOTP(made.seed).at(relay.parts.clock.now_ms() // 1000)
    token, _ = await technicians.sign_in("ada", made.password, digits)
    return token


async def test_s51_an_admin_cannot_join_a_session(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        with pytest.raises(InvalidStatus) as refused:
            await connect(
                relay.console_url, additional_headers=relay.headers(await admin(relay))
            )
        assert refused.value.response.status_code == 403
