"""How sessions end for the relay's own reasons, and without a journal."""

import asyncio

from cordee_server.relay.metrics import DropReason, Parting
from cordee_server.services.node import Prover
from cordee_shared.ids import SessionId
from cordee_shared.journal.checkpoint import SessionProof
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.builders import AGREED
from tests.ends import PATIENCE_S, End
from tests.stage import Stage, known


async def test_the_relay_stops_and_every_session_ends_with_that_reason(
    stage: Stage,
) -> None:
    agent, console = await stage.controlling()
    waiting = await stage.agent()
    waiting.show_code()
    await stage.play()
    await stage.sessions.drain()
    await stage.play()
    for end in (agent, console, waiting):
        assert end.closed == Parting.RELAY_STOPPED
        assert end.entries[-1].data["reason"] == "relay_stopped"
    assert await stage.store.unfinished() == []
    assert agent.bill is not None


async def test_a_relay_about_to_stop_gives_no_code(stage: Stage) -> None:
    await stage.sessions.drain()
    agent = await stage.agent()
    agent.show_code()
    await stage.play()
    assert agent.refusals() == ["unavailable"]


async def test_s34_no_session_starts_that_cannot_be_journaled(stage: Stage) -> None:
    stage.store.is_broken = True
    agent = await stage.agent()
    agent.show_code()
    await stage.play()
    assert agent.refusals() == ["unavailable"]
    assert agent.code is None
    stage.store.is_broken = False
    console = await stage.console()
    agent.show_code()
    await stage.play()
    stage.store.is_broken = True
    console.claim(known(agent), AGREED)
    await stage.play()
    assert console.refusals() == ["unavailable"]
    assert agent.last(control.Paired) is None


async def test_s34_a_running_session_ends_when_the_journal_cannot_be_written(
    stage: Stage,
) -> None:
    agent, console = await stage.controlling()
    stage.store.is_broken = True
    stage.clock.advance(seconds=5)
    agent.act(Event.RECLAIMED, {"cause": "pointer"})
    await stage.play()
    for end in (agent, console):
        assert end.refusals() == ["journal_unavailable"]
        assert end.closed == Parting.JOURNAL
    stage.store.is_broken = False
    await stage.pass_time(60)
    last = (await stage.journaled(agent))[-1]
    assert last.data["reason"] == "journal_unavailable"
    assert last.data["customer_us"] < last.moment.mono_us
    assert len(await stage.store.records()) == 1


async def test_s34_a_checkpoint_that_cannot_be_written_ends_the_session(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    stage.store.is_broken = True
    await stage.pass_time(stage.node.times.tick_s)
    assert [agent.closed, console.closed] == [Parting.JOURNAL] * 2


async def test_checkpoints_quote_the_last_proof_of_life(stage: Stage) -> None:
    agent, console = await stage.viewing()
    stage.clock.advance(seconds=10)
    agent.act(Remark.TICK)
    await stage.play()
    alive_us = stage.ends[agent].alive_us
    await stage.pass_time(stage.node.times.tick_s - 10)
    checkpoint = console.entries[-1]
    assert checkpoint.kind is Remark.CHECKPOINT
    assert checkpoint.data["customer_us"] >= alive_us
    assert set(checkpoint.data) == {"customer_us", "technician_us"}


async def test_a_session_in_which_nobody_does_anything_ends(stage: Stage) -> None:
    agent, console = await stage.controlling()
    idle_s = stage.node.times.idle_s
    await stage.pass_time(idle_s - 60)
    console.seal(Channel.INPUT, b"pointer")
    await stage.play()
    await stage.pass_time(120)
    assert agent.kinds()[-1] == "checkpoint"
    agent.act(Remark.TICK)
    await stage.play()
    await stage.pass_time(idle_s - 120)
    assert agent.entries[-1].data["reason"] == "idle"
    assert console.state is State.ENDED


async def test_the_longest_session_is_a_working_day(stage: Stage) -> None:
    agent, console = await stage.viewing()
    for _ in range(9):
        console.act(Remark.CONTROL_REQUESTED)
        await stage.play()
        if agent.state is not State.ENDED:
            await stage.pass_time(3300)
    assert agent.entries[-1].data["reason"] == "time_limit"


async def test_r27_what_arrives_after_the_end_is_dropped(stage: Stage) -> None:
    agent, console = await stage.controlling()
    stage.held.add(console)
    console.act(Event.CONTROL_RELEASED)
    console.seal(Channel.INPUT, b"pointer")
    agent.end("customer_ended")
    await stage.play()
    stage.held.clear()
    await stage.play()
    assert console.closed is None
    assert stage.node.metrics.drops[DropReason.STALE] == 3


class SlowProver:
    """Proves once a test lets it."""

    def __init__(self, prover: Prover) -> None:
        self.is_asked = asyncio.Event()
        self.goes_on = asyncio.Event()
        self._prover = prover

    async def proof_of(self, session: SessionId, since: int = 0) -> SessionProof | None:
        """Wait, then prove."""
        self.is_asked.set()
        await self.goes_on.wait()
        return await self._prover.proof_of(session, since)


async def test_r27_s28_nobody_is_a_violator_while_an_end_is_being_proved(
    stage: Stage,
) -> None:
    agent, console = await stage.controlling()
    prover = stage.node.prover = SlowProver(stage.node.prover)
    technician = stage.ends[console]

    async def heard(end: End) -> None:
        while end.out:
            await stage.sessions.hear(stage.ends[end], end.out.pop(0))

    agent.end("customer_ended")
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        group.create_task(heard(agent))
        await prover.is_asked.wait()
        console.seal(Channel.INPUT, b"pointer")
        await heard(console)
        assert stage.node.metrics.drops[DropReason.STALE] == 1
        console.invite(AGREED)
        group.create_task(heard(console))
        await asyncio.sleep(0)  # the invitation is heard, and waits for the end
        assert console.out == []
        prover.goes_on.set()
    await stage.play()
    assert agent.bill is not None
    assert agent.closed == Parting.DONE
    assert technician.parting is None
    assert console.code is not None


async def test_a_bug_ends_the_session_loudly(stage: Stage) -> None:
    agent, console = await stage.viewing()
    stage.room(agent).session.first += 1  # planted: entries are numbered wrongly
    agent.act(Event.PAUSED)
    await stage.play()
    assert agent.closed == Parting.BUG
    assert console.closed == Parting.JOURNAL
    assert stage.node.hub.rooms == {}
    await stage.pass_time(60)
    assert len(await stage.store.unfinished()) == 1, "the next start ends it"
