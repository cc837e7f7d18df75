"""A disk that is full, a database that is locked, a clock that is set back (S-34).

Never a session that nobody wrote down: consent is refused while it cannot be journaled,
a running session ends, and when the disk has room again work goes on.
"""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest

from cordee_server.adapters.system import SystemClock
from cordee_server.parts import open_parts
from cordee_server.settings import load
from cordee_server.web.auth import cookie_name
from cordee_shared.ids import read_session_id
from cordee_shared.journal.entry import Moment
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Remark, State
from tests.chaos.people import LastingAgent, LastingConsole
from tests.e2e.rig.relay import Relay
from tests.ends import AgentEnd, ConsoleEnd, connected
from tests.house import house

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(600)]

PATIENCE_S = 110.0
_NO_LIMIT = resource.RLIM_INFINITY
HOUR_S = 3600


class Desk:
    """A relay of its own process, and a technician who has signed in."""

    def __init__(self, relay: Relay, headers: dict[str, str], engagement: str) -> None:
        self.relay = relay
        self.headers = headers
        self.engagement = engagement

    @property
    def url(self) -> str:
        """Where both ends connect, but for the path."""
        return f"ws://127.0.0.1:{self.relay.port}"

    def fill_the_disk(self) -> None:
        """Let no file of the relay's grow any more: its log's neither."""
        pid = self.relay.process.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, _NO_LIMIT))

    def make_room(self) -> None:
        """Let files grow again."""
        pid = self.relay.process.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_NO_LIMIT, _NO_LIMIT))

    @asynccontextmanager
    async def met(self) -> AsyncIterator[tuple[AgentEnd, ConsoleEnd]]:
        """Bring two people to the first question."""
        origin = f"http://localhost:{self.relay.port}"
        agent, console = LastingAgent(origin), LastingConsole(origin)
        async with (
            asyncio.timeout(PATIENCE_S),
            connected(agent, f"{self.url}/agent/v1"),
            connected(console, f"{self.url}/console/v1", self.headers),
        ):
            console.invite(self.engagement)
            await console.until(lambda: console.code)
            assert console.code is not None
            agent.claim(console.code)
            await agent.until_state(State.CONSENTING)
            await console.until_state(State.CONSENTING)
            yield agent, console


def desk(relay: Relay) -> Desk:
    """Make an account and an engagement before the relay starts."""

    async def made() -> tuple[dict[str, str], str]:
        parts = open_parts(load(relay.config, {}))
        try:
            new = await parts.technicians.add("claire", "Claire")
            digits = pyotp.TOTP(new.seed).at(parts.clock.now_ms() // 1000)
            token, _ = await parts.technicians.sign_in("claire", new.password, digits)
            agreed = await parts.engagements.create(
                new.technician, customer="Mme D.", purpose="essai", tariff="standard"
            )
            cookie = f"{cookie_name(parts.settings)}={token}"
            return {"Origin": parts.settings.origin, "Cookie": cookie}, str(agreed.id)
        finally:
            parts.close()

    relay.command("init")
    headers, engagement = asyncio.run(made())
    return Desk(relay, headers, engagement)


def journal_of(relay: Relay, session: str | None) -> list[tuple[str, str]]:
    """Return kind and state of a session's entries, as they were stored."""

    async def read() -> list[tuple[str, str]]:
        parts = open_parts(load(relay.config, {}))
        try:
            journal = await parts.journal.entries_of(read_session_id(session or ""))
        finally:
            parts.close()
        return [(entry.kind.value, entry.state.value) for entry in journal]

    return asyncio.run(read())


async def _on_a_full_disk(place: Desk) -> tuple[str | None, str | None]:
    async with place.met() as (agent, console):
        place.fill_the_disk()
        agent.grant(Scope.VIEW)
        await agent.until(lambda: agent.closed is not None or agent.refusals())
        await console.until(lambda: console.closed is not None or console.refusals())
        assert State.VIEWING not in [entry.state for entry in agent.entries]
        assert "journal_unavailable" in agent.refusals()
        first = agent.session
    place.make_room()
    async with place.met() as (agent, console):
        agent.grant(Scope.VIEW)
        await console.until_state(State.VIEWING)
        console.end("technician_ended")
        await agent.until_state(State.ENDED)
        return first, agent.session


def test_s34_on_a_full_disk_nobody_is_seen_and_afterwards_work_goes_on(
    tmp_path: Path,
) -> None:
    relay = Relay(tmp_path)
    place = desk(relay)
    with relay:
        first, second = asyncio.run(_on_a_full_disk(place))
    kinds = journal_of(relay, first)
    assert ("view_granted", "viewing") not in kinds
    # Its end was owed, and written when there was room.
    assert kinds[-1] == ("ended", "ended")
    assert journal_of(relay, second)[-1] == ("ended", "ended")


async def _on_a_locked_database(place: Desk) -> str | None:
    async with place.met() as (agent, console):
        file = place.relay.data / "cordee.db"
        holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        try:
            holder.execute("BEGIN IMMEDIATE")
            agent.grant(Scope.VIEW)
            # Until somebody is told: by an entry after the lock, or by a refusal.
            loop = asyncio.get_running_loop()
            loop.call_later(10, holder.execute, "ROLLBACK")
            async with asyncio.timeout(PATIENCE_S):
                while not (
                    agent.refusals() or agent.closed or agent.state is State.VIEWING
                ):
                    agent._changed.clear()
                    await agent._changed.wait()
            told_seen = agent.state is State.VIEWING
            assert told_seen is (console.state is State.VIEWING) or console.closed
        finally:
            holder.close()
        return agent.session


def test_s34_a_database_locked_for_ten_seconds_makes_no_unlogged_session(
    tmp_path: Path,
) -> None:
    relay = Relay(tmp_path)
    place = desk(relay)
    with relay:
        session = asyncio.run(_on_a_locked_database(place))
    kinds = journal_of(relay, session)
    # Whoever was there is out now; whatever was seen stands in the journal.
    assert kinds[-1][1] == "ended"
    assert [kind for kind, _ in kinds].count("view_granted") <= 1


class Steppable(SystemClock):
    """This machine's clocks, and an administrator who sets the time of day."""

    set_back_ms = 0

    def now_ms(self) -> int:
        """Return the time of day as it was set."""
        return super().now_ms() - self.set_back_ms

    def moment(self) -> Moment:
        """Return both clocks in one reading."""
        return replace(super().moment(), at_ms=self.now_ms())


async def test_s29_s34_a_clock_set_back_an_hour_changes_no_bill_and_no_order(
    tmp_path: Path,
) -> None:
    clock = Steppable()
    async with house(tmp_path, clock=clock) as relay:
        agent, console = LastingAgent(relay.origin), LastingConsole(relay.origin)
        headers = relay.headers(await relay.sign_in())
        async with (
            asyncio.timeout(PATIENCE_S),
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
            await agent.until(lambda: "control_requested" in agent.kinds())
            agent.grant(Scope.CONTROL)
            await console.until_state(State.CONTROLLING)
            clock.set_back_ms = HOUR_S * 1000
            console.end("technician_ended")
            await console.until(lambda: console.bill)
        journal = await relay.last_entries()
        (record,) = await relay.parts.billing.derived()
    assert [entry.n for entry in journal] == list(range(len(journal)))
    assert journal[-1].moment.at_ms < journal[0].moment.at_ms
    assert journal[-1].moment.mono_us > journal[0].moment.mono_us
    assert "clock_step" in record.flags
    assert record.seconds <= PATIENCE_S
