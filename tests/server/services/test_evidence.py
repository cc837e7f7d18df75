"""S-28: the provider's copy of a receipt, from a real session on a real relay."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cordee_server.keyfiles import public_bytes
from cordee_server.services.inspection import Inspection
from cordee_shared.errors import NotAllowed, Refused
from cordee_shared.ids import SessionId, TechnicianId
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import check
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire import control
from tests.ends import AgentEnd, ConsoleEnd, connected
from tests.house import House, house


@asynccontextmanager
async def helping(relay: House) -> AsyncIterator[tuple[AgentEnd, ConsoleEnd]]:
    """Both ends, from the code to control."""
    agent, console = relay.agent(), relay.console()
    headers = relay.headers(await relay.sign_in())
    async with (
        connected(agent, relay.agent_url),
        connected(console, relay.console_url, headers),
    ):
        console.invite(relay.engagement)
        await console.until(lambda: console.code)
        assert console.code is not None
        agent.claim(console.code)
        await agent.until_state(State.CONSENTING)
        agent.grant(Scope.VIEW)
        await console.until_state(State.VIEWING)
        console.act(Remark.CONTROL_REQUESTED)
        await agent.until(
            lambda: any(e.kind is Remark.CONTROL_REQUESTED for e in agent.entries)
        )
        agent.grant(Scope.CONTROL)
        await console.until_state(State.CONTROLLING)
        yield agent, console


async def test_s28_a_real_session_has_its_receipt_and_the_journal_holds_it(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay:
        public = public_bytes(relay.parts.relay_key)
        async with helping(relay) as (agent, _):
            running = (await relay.last_session()).session
            with pytest.raises(Refused, match="not over"):
                await relay.parts.evidence.receipt(running)
            agent.end("customer_ended")
            await agent.until_state(State.ENDED)
        await relay.until_ended()
        made = await relay.parts.evidence.receipt(running, TechnicianId("claire"))
        found = check(Receipt.read(made.write()), public)
        kinds = [entry.kind for entry in found.entries]
        assert kinds[0] is Remark.CODE_ISSUED
        assert {Event.VIEW_GRANTED, Event.CONTROL_GRANTED} <= set(kinds)
        assert len(found.texts) == 2
        looking = Inspection(relay.parts.log, public)
        assert (await looking.against(made)).session == running
        inspected = await looking.whole()
        assert inspected.size == len(await relay.last_entries())
        with pytest.raises(NotAllowed):
            await relay.parts.evidence.receipt(running, TechnicianId("somebody"))
        with pytest.raises(NotAllowed):
            await relay.parts.evidence.receipt(SessionId("f" * 32))


async def test_a_session_in_which_nobody_met_has_none(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        console = relay.console()
        headers = relay.headers(await relay.sign_in())
        async with connected(console, relay.console_url, headers):
            console.invite(relay.engagement)
            await console.until(lambda: console.code)
            console.say(control.Cancel())
            await relay.until_ended()
        session = (await relay.last_session()).session
        with pytest.raises(Refused, match="Nobody met"):
            await relay.parts.evidence.receipt(session)
