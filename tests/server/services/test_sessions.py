"""Whole sessions as dialogues: real pairing and acts, journal and bills, no socket."""

import asyncio

import pytest

from cordee_server.relay.metrics import Parting
from cordee_shared.journal.act import ActWriter
from cordee_shared.journal.entry import verify_fact
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, Side, State
from cordee_shared.signing import Label, verify
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.builders import AGREED
from tests.stage import Stage, known

# --- the whole path ------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["a", "b"])
async def test_a_session_runs_from_the_code_to_the_bill(
    stage: Stage, direction: str
) -> None:
    agent, console = await stage.controlling(direction)
    await stage.pass_time(600)
    console.act(Event.CONTROL_RELEASED)
    await stage.play()
    agent.end("customer_ended")
    await stage.play()
    kinds = [entry.kind.value for entry in await stage.journaled(agent)]
    assert kinds == [
        "code_issued",
        "code_claimed",
        "bind",
        "bind",
        "keys_confirmed",
        "view_granted",
        "control_requested",
        "control_granted",
        "checkpoint",
        "control_released",
        "ended",
    ]
    assert (agent.state, console.state) == (State.ENDED, State.ENDED)
    assert agent.bill == console.bill
    assert agent.bill is not None
    assert agent.bill.seconds == 600
    assert agent.bill.amount_cents > 0
    assert stage.billing_file.read_bytes().count(b"\n") == 1


async def test_after_the_end_the_agents_link_is_closed_and_the_consoles_stays(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    console.end("technician_ended")
    await stage.play()
    assert agent.closed == Parting.DONE
    assert console.closed is None
    console.invite(AGREED)
    await stage.play()
    assert console.state is State.WAITING


async def test_both_ends_are_told_the_same_entries_once_each(stage: Stage) -> None:
    agent, console = await stage.controlling("b")
    claimed = next(
        n for n, kind in enumerate(console.kinds()) if kind == "code_claimed"
    )
    assert [e.raw for e in agent.entries] == [e.raw for e in console.entries[claimed:]]


async def test_nobody_is_told_before_the_journal_knows(stage: Stage) -> None:
    agent, console = await stage.paired()
    journaled = await stage.journaled(agent)
    assert [e.raw for e in journaled] == [e.raw for e in agent.entries]
    assert journaled[-1].kind is Event.KEYS_CONFIRMED
    assert console.state is State.CONSENTING


async def test_s26_each_act_verifies_with_the_key_named_in_the_pairing(
    stage: Stage,
) -> None:
    agent, console = await stage.controlling()
    keys = {Side.CUSTOMER: agent.pk, Side.TECHNICIAN: console.pk}
    assert agent.agreement is not None
    th = agent.agreement.th
    entries = await stage.journaled(agent)
    confirmed = next(e for e in entries if e.kind is Event.KEYS_CONFIRMED)
    assert confirmed.data["pairing"] == th.hex()
    for entry in entries:
        if entry.act is None:
            verify_fact(entry, stage.key.public_key().public_bytes_raw())
        else:
            key, act = keys[entry.side], entry.act
            verify(key, Label.EVENT, act.raw, act.signature, th)
    acts = [entry for entry in entries if entry.act is not None]
    assert len(acts) == 5


# --- consent ------------------------------------------------------------------------


async def test_a_refused_consent_ends_with_that_reason(stage: Stage) -> None:
    agent, console = await stage.paired()
    agent.act(Remark.CONSENT_REFUSED, {"scope": "view", "why": "no"})
    agent.end("consent_denied")
    await stage.play()
    assert console.kinds()[-2:] == ["consent_refused", "ended"]
    assert console.entries[-1].data == {"reason": "consent_denied"}
    assert console.bill is not None
    assert console.bill.amount_cents == 0


async def test_no_answer_means_no_even_if_the_agent_says_nothing(stage: Stage) -> None:
    agent, console = await stage.paired()
    times = stage.node.times
    await stage.pass_time(times.consent_s)
    assert console.state is State.CONSENTING, "the agent's own no says more"
    await stage.pass_time(times.consent_grace_s)
    assert console.entries[-1].data["reason"] == "consent_expired"
    assert agent.state is State.ENDED


async def test_a_consent_to_another_text_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.paired()
    data = dict(agent.grant_data(Scope.VIEW))
    data["text"] = "0" * 64
    agent.act(Event.VIEW_GRANTED, data)
    await stage.play()
    assert agent.closed == Parting.VIOLATION
    assert console.entries[-1].data["reason"] == "violation"
    assert "view_granted" not in console.kinds()


async def test_a_yes_to_seeing_is_no_yes_to_driving(stage: Stage) -> None:
    agent, console = await stage.viewing()
    agent.act(Event.CONTROL_GRANTED, agent.grant_data(Scope.VIEW))
    await stage.play()
    assert agent.closed == Parting.VIOLATION
    assert console.state is State.ENDED


# --- acts ---------------------------------------------------------------------------


async def test_an_act_that_crossed_another_is_late_and_no_violation(
    stage: Stage,
) -> None:
    agent, console = await stage.controlling()
    stage.held.add(console)
    console.act(Event.CONTROL_RELEASED)
    agent.act(Event.RECLAIMED, {"cause": "pointer"})
    await stage.play()
    assert agent.state is State.RECLAIMED
    stage.held.clear()
    await stage.play()
    last = agent.entries[-1]
    assert (last.kind, last.late) == (Event.CONTROL_RELEASED, True)
    assert console.state is State.RECLAIMED


async def test_a_reclaim_is_never_worse_than_late(stage: Stage) -> None:
    agent, console = await stage.controlling()
    stage.held.add(agent)
    agent.act(Event.RECLAIMED, {"cause": "key"})
    console.act(Event.CONTROL_RELEASED)
    await stage.play()
    stage.held.clear()
    await stage.play()
    assert agent.entries[-1].late
    assert console.state is State.VIEWING


async def test_an_act_of_the_other_side_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.controlling()
    assert console.agreement is not None
    assert console.session is not None
    forged = ActWriter(
        console.session, Side.CUSTOMER, console.key, console.agreement.th, 0
    ).write(Event.PAUSED, 1, console.seen, "0" * 64, {})
    console.send_act(forged)
    await stage.play()
    assert console.closed == Parting.VIOLATION
    assert agent.entries[-1].data["side"] == "technician"


async def test_an_act_that_is_not_the_sides_to_say_is_a_violation(
    stage: Stage,
) -> None:
    agent, console = await stage.controlling()
    console.act(Event.RECLAIMED, {"cause": "pointer"})
    await stage.play()
    assert console.closed == Parting.VIOLATION
    assert agent.state is State.ENDED


async def test_an_act_that_is_told_again_is_journaled_once(stage: Stage) -> None:
    agent, console = await stage.viewing()
    act = console.act(Remark.CONTROL_REQUESTED)
    await stage.play()
    console.send_act(act)
    await stage.play()
    assert console.closed is None
    assert agent.kinds().count("control_requested") == 1


async def test_s27_an_act_out_of_its_chain_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.viewing()
    console.write(Remark.CONTROL_REQUESTED)  # left out
    console.send_act(console.write(Remark.CONTROL_REQUESTED))
    await stage.play()
    assert console.closed == Parting.VIOLATION
    assert "control_requested" not in agent.kinds()


async def test_an_act_under_another_pairing_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.viewing()
    assert agent.session is not None
    other = ActWriter(agent.session, Side.CUSTOMER, agent.key, b"x" * 32, 0)
    agent.send_act(other.write(Event.PAUSED, 1, agent.seen, "0" * 64, {}))
    await stage.play()
    assert agent.closed == Parting.VIOLATION
    assert console.state is State.ENDED


async def test_an_act_before_the_keys_is_a_violation(stage: Stage) -> None:
    agent = await stage.agent()
    agent.show_code()
    await stage.play()
    agent.say(control.ActSent(act="{}", sig="0" * 128))
    await stage.play()
    assert agent.closed == Parting.VIOLATION


async def test_an_outsider_cannot_burn_an_invitation_by_one_bad_frame(
    stage: Stage,
) -> None:
    console, agent = await stage.console(), await stage.agent()
    console.invite(AGREED)
    await stage.play()
    stage.held.add(console)
    agent.claim(known(console))
    await stage.play()
    agent.out.append(b"\x01\x00\x01" + bytes(16))
    await stage.play()
    assert agent.closed == Parting.VIOLATION
    assert console.entries[-1].data == {"left": 2, "why": "violation"}


async def test_the_offender_is_told_nothing_and_the_other_one_why(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    told = len(agent.heard)
    agent.out.append("no message of ours")
    await stage.play()
    assert len(agent.heard) == told
    assert agent.closed == Parting.VIOLATION
    assert console.entries[-1].data["reason"] == "violation"
    assert console.bill is not None


async def test_binding_twice_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.agent(), await stage.console()
    console.silent.add(Remark.BIND)
    agent.show_code()
    await stage.play()
    console.claim(known(agent), AGREED)
    await stage.play()
    assert agent.agreement is not None
    agent.act(Remark.BIND, {"pairing": agent.agreement.th.hex()})
    await stage.play()
    assert agent.closed == Parting.VIOLATION


async def test_an_act_of_a_link_that_was_replaced_meanwhile_is_dropped(
    stage: Stage,
) -> None:
    agent, _ = await stage.viewing()
    room, old = stage.room(agent), stage.ends[agent]
    agent.act(Event.PAUSED)
    frames = [frame for frame in agent.out if isinstance(frame, str)]
    agent.out.clear()
    async with asyncio.TaskGroup() as group, room.lock:
        group.create_task(stage.sessions.hear(old, frames[0]))
        await asyncio.sleep(0)  # it waits for the room
        room.rise(old)
    assert room.state is State.VIEWING
    assert old.parting is None


# --- records ------------------------------------------------------------------------


async def test_s19_a_picture_before_the_consent_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.paired()
    agent.seal(Channel.SCREEN, b"picture")
    await stage.play()
    assert agent.closed == Parting.VIOLATION
    assert all(record.channel is not Channel.SCREEN for record in console.opened)
    assert console.entries[-1].data["reason"] == "violation"


async def test_a_picture_while_the_screen_is_hidden_is_a_violation(
    stage: Stage,
) -> None:
    agent, console = await stage.viewing()
    agent.seal(Channel.SCREEN, b"picture")
    agent.act(Event.PAUSED)
    await stage.play()
    assert console.opened[-2].channel is Channel.SCREEN
    agent.seal(Channel.SCREEN, b"picture")
    await stage.play()
    assert agent.closed == Parting.VIOLATION


async def test_input_before_control_was_given_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.viewing()
    console.seal(Channel.INPUT, b"pointer")
    await stage.play()
    assert console.closed == Parting.VIOLATION
    assert all(record.channel is not Channel.INPUT for record in agent.opened)


async def test_input_that_crossed_a_reclaim_is_left_to_the_agent(stage: Stage) -> None:
    agent, console = await stage.controlling()
    agent.act(Event.RECLAIMED, {"cause": "pointer"})
    await stage.play()
    console.seal(Channel.INPUT, b"pointer")
    await stage.play()
    assert agent.opened[-1].channel is Channel.INPUT
    assert console.closed is None


async def test_records_before_the_keys_are_a_violation(stage: Stage) -> None:
    agent = await stage.agent()
    agent.out.append(b"\x01\x00\x00" + bytes(16))
    await stage.play()
    assert agent.closed == Parting.VIOLATION
