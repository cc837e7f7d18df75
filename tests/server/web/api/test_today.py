"""What a desk shows of a whole relay, over HTTP."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp

from cordee_shared.limits import INVITATION_LIFETIME_S
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import State
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
