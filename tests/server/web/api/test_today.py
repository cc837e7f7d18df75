"""What a desk shows of a whole relay, over HTTP."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp

from cordee_server.services.desk import Desk
from cordee_shared.limits import INVITATION_LIFETIME_S
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Remark, State
from tests.ends import connected
from tests.house import House, house


async def ask(served: House, token: str, path: str = "/api/today") -> dict[str, Any]:
    """Ask for a resource as a signed-in browser."""
    async with (
        aiohttp.ClientSession(headers=served.headers(token)) as browser,
        browser.get(f"http://127.0.0.1:{served.port}{path}") as answer,
    ):
        return dict(await answer.json())


async def test_an_invitation_waits_with_its_countdown_then_it_is_a_session(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as served:
        token = await served.sign_in()
        agent, console = served.agent(), served.console()
        async with (
            connected(console, served.console_url, served.headers(token)),
            connected(agent, served.agent_url),
        ):
            assert await ask(served, token) == {
                "waiting": 0,
                "standing": [],
                "so_far": [],
                "slots": [],
                "lacking": [],
            }
            console.invite(served.engagement)
            await console.until(lambda: console.code is not None)
            (waits,) = (await ask(served, token))["standing"]
            assert (waits["state"], waits["technician"]) == ("waiting", "claire")
            assert 0 < waits["code_left_s"] <= INVITATION_LIFETIME_S
            assert console.code is not None
            assert console.code.spoken.replace(" ", "") not in str(waits)

            agent.claim(console.code)
            await agent.until(lambda: agent.state is State.CONSENTING)
            agent.grant(Scope.VIEW)
            await console.until(lambda: console.state is State.VIEWING)
            (lives,) = (await ask(served, token))["standing"]
            assert (lives["state"], lives["code_left_s"]) == ("viewing", 0)
            assert lives["engagement"] == served.engagement


async def test_what_it_costs_so_far_is_the_bill_of_ending_now(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        token = await served.sign_in()
        agent, console = served.agent(), served.console()
        async with (
            connected(console, served.console_url, served.headers(token)),
            connected(agent, served.agent_url),
        ):
            console.invite(served.engagement)
            await console.until(lambda: console.code is not None)
            assert console.code is not None
            agent.claim(console.code)
            await agent.until(lambda: agent.state is State.CONSENTING)
            agent.grant(Scope.VIEW)
            await console.until(lambda: console.state is State.VIEWING)
            console.act(Remark.CONTROL_REQUESTED, {})
            await agent.until(lambda: "control_requested" in agent.kinds())
            agent.grant(Scope.CONTROL)
            await console.until(lambda: console.state is State.CONTROLLING)
            (room,) = served.sessions.node.hub.rooms.values()
            desk = Desk(
                hub=served.sessions.node.hub,
                engagements=served.parts.engagements,
                documents=served.parts.documents,
                billing=served.parts.billing,
                clock=served.parts.clock,
                key=served.parts.relay_key,
            )
            now = served.parts.clock.moment()
            for minutes, cents in ((0, 0), (10, 2500), (31, 5000)):
                later = replace(now, mono_us=now.mono_us + minutes * 60_000_000)
                for seat in room.seats.values():
                    assert seat.peer is not None
                    seat.peer.alive_us = later.mono_us  # as if it had gone on so long
                cost = await desk.so_far(room, later)
                assert cost is not None
                assert (minutes, cost.amount_cents) == (minutes, cents)
            before = [entry.raw for entry in room.entries]
            said = (await ask(served, token))["so_far"]
            assert [one["session"] for one in said] == [room.id]
            # Supposing an end ends nothing, and journals nothing.
            assert [entry.raw for entry in room.entries] == before
            assert room.state is State.CONTROLLING
            assert await served.parts.journal.entries_of(room.id) == room.entries


async def test_a_customer_who_shows_a_code_is_a_customer_who_waits(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as served:
        token = await served.sign_in()
        agent = served.agent()
        async with connected(agent, served.agent_url):
            agent.show_code()
            await agent.until(lambda: agent.code is not None)
            said = await ask(served, token)
            assert (said["waiting"], said["standing"]) == (1, [])
            assert agent.code is not None
            assert agent.code.nameplate not in str(said)
        async with asyncio.timeout(10):
            while (await ask(served, token))["waiting"]:  # noqa: ASYNC110
                await asyncio.sleep(0)  # lets the relay go on
