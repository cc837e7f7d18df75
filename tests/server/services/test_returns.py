"""Links lost and taken up again; who may come back, and what they are told."""

from dataclasses import replace

import pytest

from cordee_server.relay.metrics import DropReason, Parting
from cordee_server.services.endings import bill_of
from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import b64
from cordee_shared.ids import TechnicianId
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.ends import AgentEnd, ConsoleEnd, End
from tests.stage import TECHNICIAN, Stage


async def reconnect(stage: Stage, *ends: End) -> None:
    """Let ends come back, in this order."""
    for end in ends:
        if isinstance(end, AgentEnd):
            await stage.agent(end)
        else:
            assert isinstance(end, ConsoleEnd)
            await stage.console(end)
        end.come_back()
        await stage.play()


@pytest.mark.parametrize("lost", ["agent", "console"])
async def test_s16_s18_a_lost_link_is_recorded_and_control_does_not_survive(
    stage: Stage, lost: str
) -> None:
    agent, console = await stage.controlling()
    end, other = (agent, console) if lost == "agent" else (console, agent)
    stage.clock.advance(seconds=7)
    await stage.lose(end)
    last = other.entries[-1]
    assert (last.kind, last.state) == (Event.LINK_LOST, State.INTERRUPTED)
    assert last.data["side"] == end.side.value
    assert {"customer_us", "technician_us"} < set(last.data)
    await reconnect(stage, end)
    assert (agent.state, console.state) == (State.VIEWING, State.VIEWING)
    assert agent.kinds()[-2:] == console.kinds()[-2:] == ["link_lost", "link_restored"]
    agent.seal(Channel.SCREEN, b"again")
    await stage.play()
    assert console.opened[-1].payload == b"again"


async def test_both_links_may_be_lost_and_come_back_in_any_order(stage: Stage) -> None:
    agent, console = await stage.viewing()
    await stage.lose(agent)
    await stage.lose(console)
    await reconnect(stage, console)
    assert console.state is State.INTERRUPTED
    await reconnect(stage, agent)
    assert (agent.state, console.state) == (State.VIEWING, State.VIEWING)


async def test_what_was_missed_is_told_once_and_in_order(stage: Stage) -> None:
    agent, console = await stage.controlling()
    await stage.lose(console)
    agent.act(Event.PAUSED)
    await stage.play()
    await reconnect(stage, console)
    assert console.kinds()[-3:] == ["link_lost", "paused", "link_restored"]
    assert [e.n for e in console.entries] == list(
        range(console.entries[0].n, agent.entries[-1].n + 1)
    )
    assert console.state is State.PAUSED, "its return uncovers nothing"


async def test_s18_nobody_comes_back_without_the_token(stage: Stage) -> None:
    agent, _ = await stage.viewing()
    await stage.lose(agent)
    stranger = AgentEnd(agent.origin, stage.clock)
    stranger.session, stranger.token = agent.session, b64(bytes(32))
    for token in ("", "A", b64(bytes(32))):
        stranger.token = token
        await reconnect(stage, stranger)
        assert stranger.refusals()[-1] == "session_over"
    await reconnect(stage, agent)
    assert agent.state is State.VIEWING


async def test_a_token_of_the_other_side_is_no_good(stage: Stage) -> None:
    agent, console = await stage.viewing()
    await stage.lose(agent)
    await stage.lose(console)
    agent.token = console.token
    await reconnect(stage, agent)
    assert agent.refusals() == ["session_over"]


async def test_a_token_works_until_its_successor_has_arrived(stage: Stage) -> None:
    agent, console = await stage.viewing()
    first = agent.token
    await stage.lose(agent)
    stage.held.add(console)
    await reconnect(stage, agent)
    assert agent.token != first
    agent.token = first  # as if `resumed` had been lost on its way
    await stage.lose(agent)
    stage.held.clear()
    await reconnect(stage, agent)
    assert agent.state is State.VIEWING
    await stage.lose(agent)
    agent.token = first
    await reconnect(stage, agent)
    assert agent.refusals() == ["session_over"]
    assert console.state is State.INTERRUPTED


async def test_the_newest_link_wins(stage: Stage) -> None:
    agent, console = await stage.viewing()
    old = stage.ends[agent]
    await reconnect(stage, agent)
    assert old.parting is Parting.REPLACED
    assert console.kinds()[-2:] == ["link_lost", "link_restored"]
    await stage.sessions.gone(old)
    await stage.play()
    assert console.kinds()[-1] == "link_restored", "the old link's end is no loss"


async def test_a_message_of_an_older_resume_is_not_taken_for_one_of_the_next(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    await stage.lose(agent)
    stage.held.add(console)
    await reconnect(stage, agent)
    await stage.lose(agent)
    await reconnect(stage, agent)
    stage.held.clear()  # r1 of the first and r1 of the second resume, in order
    await stage.play()
    assert (agent.state, console.state) == (State.VIEWING, State.VIEWING)


async def test_records_under_way_while_resuming_are_dropped(stage: Stage) -> None:
    agent, console = await stage.viewing()
    stage.held.add(agent)
    agent.seal(Channel.SCREEN, b"old")
    await stage.lose(console)
    await reconnect(stage, console)
    stage.held.clear()
    await stage.play()
    assert stage.node.metrics.drops[DropReason.RESUMING] == 1
    assert agent.state is State.VIEWING
    assert all(record.payload != b"old" for record in console.opened)


async def test_records_for_somebody_who_is_away_are_dropped(stage: Stage) -> None:
    agent, console = await stage.viewing()
    await stage.lose(console)
    agent.seal(Channel.SCREEN, b"for nobody")
    await stage.play()
    assert agent.closed is None
    assert stage.node.metrics.drops[DropReason.PEER_AWAY] == 1


async def test_a_link_that_stays_away_ends_the_session(stage: Stage) -> None:
    agent, console = await stage.controlling()
    await stage.lose(agent)
    await stage.pass_time(stage.node.times.resume_s - 1)
    assert console.state is State.INTERRUPTED
    await stage.pass_time(1)
    assert console.entries[-1].data["reason"] == "link_expired"


async def test_time_to_come_back_is_counted_for_each_side(stage: Stage) -> None:
    agent, console = await stage.viewing()
    resume_s = stage.node.times.resume_s
    await stage.lose(agent)
    await stage.pass_time(resume_s - 20)
    await stage.lose(console)
    await stage.pass_time(10)
    await reconnect(stage, agent)
    await stage.pass_time(20)
    assert (await stage.journaled(agent))[-1].data["reason"] == "link_expired"


async def test_who_was_away_at_the_end_is_told_it_and_the_bill(stage: Stage) -> None:
    agent, console = await stage.controlling()
    stage.clock.advance(seconds=90)
    await stage.lose(agent)
    console.end("technician_ended")
    await stage.play()
    await reconnect(stage, agent)
    assert agent.entries[-1].data["reason"] == "technician_ended"
    assert agent.bill == console.bill
    assert agent.closed == Parting.DONE
    record = BillingRecord.read((await stage.store.records())[0].raw)
    assert agent.bill == bill_of(record)


async def test_an_ended_session_is_forgotten_after_a_while(stage: Stage) -> None:
    agent, console = await stage.viewing()
    await stage.lose(agent)
    console.end("technician_ended")
    await stage.play()
    await stage.pass_time(stage.node.times.resume_s)
    await reconnect(stage, agent)
    assert agent.refusals() == ["session_over"]
    assert stage.node.hub.ended == {}


async def test_the_question_stands_while_a_link_is_lost(stage: Stage) -> None:
    agent, console = await stage.paired()
    await stage.lose(console)
    await reconnect(stage, console)
    assert (agent.kinds()[-1], agent.state) == ("link_restored", State.CONSENTING)
    agent.grant(Scope.VIEW)
    await stage.play()
    assert console.state is State.VIEWING


async def test_a_yes_that_crossed_a_loss_shows_nothing_until_the_return(
    stage: Stage,
) -> None:
    agent, console = await stage.paired()
    stage.held.add(agent)
    agent.grant(Scope.VIEW)
    await stage.lose(console)
    stage.held.clear()
    await stage.play()
    assert agent.kinds()[-3:] == ["link_lost", "view_granted", "link_lost"]
    assert agent.state is State.INTERRUPTED
    await reconnect(stage, console)
    assert (agent.state, console.state) == (State.VIEWING, State.VIEWING)


async def test_a_claimer_whose_run_failed_cannot_resume_into_the_next(
    stage: Stage,
) -> None:
    console = await stage.console()
    console.invite("e-0123456789abcdef")
    await stage.play()
    assert console.code is not None
    code = console.code
    first = await stage.agent()
    stage.held.add(console)
    first.claim(code)
    await stage.play()
    assert first.last(control.Paired) is not None
    await stage.lose(first)
    stage.held.clear()
    second = await stage.agent()
    second.claim(code)
    await stage.play()
    assert second.state is State.CONSENTING
    await reconnect(stage, first)
    assert first.refusals() == ["session_over"]
    assert second.closed is None


async def test_another_technician_cannot_take_up_the_session(stage: Stage) -> None:
    _, console = await stage.viewing()
    await stage.lose(console)
    other = replace(TECHNICIAN, id=TechnicianId("anna"))
    await stage.console(console, other)
    console.come_back()
    await stage.play()
    assert console.refusals() == ["session_over"]


async def test_claiming_to_have_seen_what_was_never_written_is_a_violation(
    stage: Stage,
) -> None:
    agent, _ = await stage.viewing()
    await stage.lose(agent)
    assert agent.session is not None
    await stage.agent(agent)
    agent.say(control.Resume(session=agent.session, token=agent.token, seen=99))
    await stage.play()
    assert agent.closed == Parting.VIOLATION


async def test_a_resume_of_nothing_is_refused(stage: Stage) -> None:
    agent = await stage.agent()
    agent.say(control.Resume(session="0" * 32, token="", seen=-1))
    await stage.play()
    assert agent.refusals() == ["session_over"]


async def test_s34_a_loss_that_cannot_be_written_ends_the_session(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    stage.store.is_broken = True
    await stage.lose(agent)
    assert console.closed == Parting.JOURNAL


async def test_s34_a_return_that_cannot_be_written_ends_the_session(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    await stage.lose(agent)
    stage.store.is_broken = True
    await reconnect(stage, agent)
    assert [agent.closed, console.closed] == [Parting.JOURNAL] * 2


async def test_a_technician_can_end_while_the_customer_is_away(stage: Stage) -> None:
    agent, console = await stage.controlling()
    await stage.lose(agent)
    console.act(Event.ENDED, {"reason": "technician_ended"})
    await stage.play()
    assert console.state is State.ENDED
    assert (await stage.journaled(console))[-1].kind is Event.ENDED


async def test_ticks_that_crossed_a_loss_are_late(stage: Stage) -> None:
    agent, console = await stage.viewing()
    stage.held.add(agent)
    agent.act(Remark.TICK)
    await stage.lose(console)
    stage.held.clear()
    await stage.play()
    assert agent.entries[-1].kind is Remark.TICK
    assert agent.entries[-1].late


async def test_a_loss_is_recorded_once_until_the_link_was_taken_up_again(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    await stage.lose(agent)
    await stage.lose(console)
    await reconnect(stage, agent)
    await stage.lose(agent)
    entries = await stage.journaled(agent)
    assert [e.data["side"] for e in entries if e.kind is Event.LINK_LOST] == [
        "customer",
        "technician",
    ]


async def test_an_act_that_the_loss_swallowed_is_told_again_with_the_resume(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    act = agent.write(Event.PAUSED)
    await stage.lose(agent)
    await stage.agent(agent)
    agent.come_back()
    agent.send_act(act)
    agent.send_act(act)
    await stage.play()
    assert console.kinds()[-3:] == ["link_lost", "paused", "link_restored"]
    assert agent.state is State.PAUSED


async def test_a_yes_that_the_loss_swallowed_gives_no_control(stage: Stage) -> None:
    agent, console = await stage.viewing()
    yes = agent.write(Event.CONTROL_GRANTED, agent.grant_data(Scope.CONTROL))
    await stage.lose(agent)
    await stage.agent(agent)
    agent.come_back()
    agent.send_act(yes)
    await stage.play()
    late = next(e for e in console.entries if e.kind is Event.CONTROL_GRANTED)
    assert late.late
    assert console.state is State.VIEWING


async def test_what_comes_with_a_resume_that_is_refused_is_dropped(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    act = agent.write(Event.PAUSED)
    await stage.lose(agent)
    console.end("technician_ended")
    await stage.play()
    await stage.pass_time(stage.node.times.resume_s)
    await stage.agent(agent)
    agent.come_back()
    agent.send_act(act)
    await stage.play()
    assert agent.refusals() == ["session_over"]
    assert agent.closed is None
