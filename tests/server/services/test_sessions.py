"""Whole sessions as dialogues: real pairing and acts, journal and bills, no socket."""

from pathlib import Path

import pytest

from cordee_server.relay.metrics import DropReason, Parting
from cordee_shared.journal.act import ActWriter
from cordee_shared.journal.entry import verify_fact
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, Side, State
from cordee_shared.signing import Label, verify
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.builders import AGREED
from tests.stage import Stage, known, wrong


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


# --- the whole path -----------------------------------------------------------------


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


# --- codes and claims ---------------------------------------------------------------


async def test_s11_a_wrong_code_burns_the_code_that_an_agent_shows(
    stage: Stage,
) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.show_code()
    await stage.play()
    console.claim(wrong(known(agent)), AGREED)
    await stage.play()
    assert agent.state is State.ENDED
    assert agent.entries[-1].data["reason"] == "code_refused"
    assert agent.closed == Parting.DONE
    assert console.closed is None
    console.claim(known(agent), AGREED)
    await stage.play()
    assert console.refusals() == ["code_invalid"]


async def test_s11_an_invitation_survives_two_wrong_codes_and_not_a_third(
    stage: Stage,
) -> None:
    console = await stage.console()
    console.invite(AGREED)
    await stage.play()
    code = known(console)
    left = []
    for _ in range(3):
        agent = await stage.agent()
        agent.claim(wrong(code))
        await stage.play()
        told = agent.last(control.RunFailed)
        left.append(told.left if isinstance(told, control.RunFailed) else 0)
        console.code = code
    assert left == [2, 1, 0]
    assert console.entries[-1].data["reason"] == "code_refused"
    assert console.kinds().count("run_failed") == 2


async def test_after_a_wrong_code_the_same_agent_may_try_the_right_one(
    stage: Stage,
) -> None:
    console, agent = await stage.console(), await stage.agent()
    console.invite(AGREED)
    await stage.play()
    code = known(console)
    agent.claim(wrong(code))
    await stage.play()
    agent.claim(code)
    await stage.play()
    assert agent.state is State.CONSENTING
    assert console.state is State.CONSENTING


async def test_s11_a_code_expires_and_is_then_unknown(stage: Stage) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.show_code()
    await stage.play()
    await stage.pass_time(stage.node.times.agent_code_s)
    assert agent.entries[-1].data["reason"] == "code_expired"
    assert agent.closed is None, "it may ask for another one"
    console.claim(known(agent), AGREED)
    await stage.play()
    assert console.refusals() == ["code_invalid"]


async def test_s12_unknown_spent_and_expired_codes_give_the_same_answer(
    stage: Stage,
) -> None:
    first, _ = await stage.viewing()
    late = await stage.agent()
    late.show_code()
    await stage.play()
    await stage.pass_time(stage.node.times.agent_code_s)
    asking = await stage.console()
    unknown = wrong(known(first))
    free = stage.node.hub.draw_nameplate()
    answers = []
    for code in (known(first), known(late), type(unknown)(free, "00000")):
        asking.heard.clear()
        asking.claim(code, AGREED)
        await stage.play()
        answers.append([control.encode(message) for message in asking.heard])
    assert answers[0] == answers[1] == answers[2]
    assert asking.refusals() == ["code_invalid"]


async def test_s13_claims_are_throttled_before_they_are_looked_at(
    stage: Stage,
) -> None:
    console = await stage.console()
    console.invite(AGREED)
    await stage.play()
    agent = await stage.agent()
    for number in range(7):
        nameplate = f"{(int(known(console).nameplate) + 1 + number) % 1000:03d}"
        agent.say(control.Claim(np=nameplate))
        await stage.play()
    assert agent.refusals() == ["code_invalid"] * 5 + ["too_many_guesses"] * 2
    agent.claim(known(console))
    await stage.play()
    assert agent.refusals()[-1] == "too_many_guesses"


async def test_s13_failed_runs_count_against_the_technicians_account(
    stage: Stage,
) -> None:
    console = await stage.console()
    for _ in range(10):
        agent = await stage.agent(address="203.0.113.5")
        agent.show_code()
        await stage.play()
        console.claim(wrong(known(agent)), AGREED)
        await stage.play()
        await stage.pass_time(20)
    assert stage.locked == [stage.ends[console].who.technician.id]  # type: ignore[union-attr]  # a console has one


async def test_one_address_holds_five_waiting_codes(stage: Stage) -> None:
    agents = [await stage.agent() for _ in range(6)]
    for agent in agents:
        agent.show_code()
        await stage.play()
    assert [agent.refusals() for agent in agents] == [[]] * 5 + [["too_many_guesses"]]
    agents[0].say(control.Cancel())
    await stage.play()
    agents[5].show_code()
    await stage.play()
    assert agents[5].state is State.WAITING
    assert agents[5].code is not None


async def test_a_claim_takes_an_engagement_of_ones_own(stage: Stage) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.show_code()
    await stage.play()
    console.claim(known(agent), "e-00000000000000ff")
    await stage.play()
    assert console.refusals() == ["not_allowed"]
    console.claim(known(agent), AGREED)
    await stage.play()
    assert agent.state is State.CONSENTING


async def test_of_two_claims_one_succeeds(stage: Stage) -> None:
    console = await stage.console()
    console.invite(AGREED)
    await stage.play()
    first, second = await stage.agent(), await stage.agent()
    for agent in (first, second):
        agent.claim(known(console))
    await stage.play()
    assert [first.state, second.state] == [State.CONSENTING, State.WAITING]
    assert second.refusals() == ["code_invalid"]


async def test_a_code_is_taken_back_by_asking_for_something_else(stage: Stage) -> None:
    console, agent = await stage.console(), await stage.agent()
    console.invite(AGREED)
    agent.show_code()
    await stage.play()
    shown = known(agent)
    agent.claim(known(console))
    await stage.play()
    assert agent.state is State.CONSENTING
    assert stage.node.hub.by_nameplate(shown.nameplate) is None


async def test_a_waiting_code_dies_with_its_owners_link(stage: Stage) -> None:
    agent = await stage.agent()
    agent.show_code()
    await stage.play()
    await stage.lose(agent)
    assert (await stage.journaled(agent))[-1].data["reason"] == "code_cancelled"


async def test_an_owner_takes_a_code_back_while_it_is_claimed(stage: Stage) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.show_code()
    await stage.play()
    stage.held.add(console)
    console.claim(known(agent), AGREED)
    await stage.sessions.hear(stage.ends[console], console.out.pop())
    agent.say(control.Cancel())
    await stage.play()
    assert agent.entries[-1].data["reason"] == "code_cancelled"
    stage.held.clear()
    await stage.play()
    assert console.closed is None, "what was under way is no violation"


async def test_pairing_that_stalls_is_a_run_spent(stage: Stage) -> None:
    console, agent = await stage.console(), await stage.agent()
    console.invite(AGREED)
    await stage.play()
    stage.held.add(console)
    agent.claim(known(console))
    await stage.play()
    await stage.pass_time(stage.node.times.pairing_s)
    assert console.kinds()[-1] == "run_failed"
    assert agent.last(control.RunFailed) == control.RunFailed(left=2)


async def test_a_claimer_who_hangs_up_has_spent_a_run(stage: Stage) -> None:
    console, agent = await stage.console(), await stage.agent()
    console.invite(AGREED)
    await stage.play()
    code = known(console)
    stage.held.add(console)
    agent.claim(code)
    await stage.play()
    await stage.lose(agent)
    assert console.entries[-1].data == {"left": 2, "why": "link_lost"}
    # The h1 of that run is still under way: it must not pass for the next one's.
    second = await stage.agent()
    second.claim(code)
    await stage.play()
    stage.held.clear()
    await stage.play()
    assert second.state is State.CONSENTING


async def test_an_owner_who_hangs_up_while_pairing_ends_the_session(
    stage: Stage,
) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.silent.add(Remark.BIND)
    agent.show_code()
    await stage.play()
    console.claim(known(agent), AGREED)
    await stage.play()
    assert console.kinds()[-1] == "bind"
    await stage.lose(agent)
    assert console.kinds()[-1] == "link_lost"
    assert console.state is State.ENDED


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


async def test_a_replayed_act_is_a_violation(stage: Stage) -> None:
    agent, console = await stage.viewing()
    act = console.act(Remark.CONTROL_REQUESTED)
    await stage.play()
    console.send_act(act)
    await stage.play()
    assert console.closed == Parting.VIOLATION
    assert agent.kinds().count("control_requested") == 1


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


# --- the relay's own ends -----------------------------------------------------------


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
    assert agent.state is State.CONTROLLING
    agent.act(Remark.TICK)
    await stage.pass_time(idle_s - 60)
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


async def test_what_arrives_after_the_end_is_dropped(stage: Stage) -> None:
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
