"""Codes: asked for, claimed, spent, expired, taken back."""

from cordee_server.relay.metrics import Parting
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.builders import AGREED
from tests.stage import Stage, known, wrong


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


async def test_r22_s11_a_code_expires_and_is_then_unknown(stage: Stage) -> None:
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


async def test_r22_s13_claims_are_throttled_before_they_are_looked_at(
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


async def test_r22_of_two_claims_one_succeeds(stage: Stage) -> None:
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


async def test_b05_a_waiting_code_dies_with_its_owners_link(stage: Stage) -> None:
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


async def test_whoever_bound_in_a_run_that_failed_may_bind_in_the_next(
    stage: Stage,
) -> None:
    console, first = await stage.console(), await stage.agent()
    console.invite(AGREED)
    await stage.play()
    code = known(console)
    first.silent.add(Remark.BIND)
    first.claim(code)
    await stage.play()
    assert console.kinds()[-1] == "bind"
    await stage.pass_time(stage.node.times.pairing_s)
    first.silent.clear()
    first.claim(code)
    await stage.play()
    assert first.state is State.CONSENTING
    assert console.state is State.CONSENTING


async def test_a_claimer_who_bound_leaves_nothing_to_the_next_one(
    stage: Stage,
) -> None:
    console, first = await stage.console(), await stage.agent()
    console.invite(AGREED)
    await stage.play()
    code = known(console)
    console.silent.add(Remark.BIND)
    first.claim(code)
    await stage.play()
    await stage.lose(first)
    console.silent.clear()
    second = await stage.agent()
    second.claim(code)
    await stage.play()
    assert second.state is State.CONSENTING


async def test_an_owner_whose_run_failed_unheard_has_broken_nothing(
    stage: Stage,
) -> None:
    console, first = await stage.console(), await stage.agent()
    console.invite(AGREED)
    await stage.play()
    code = known(console)
    console.silent.add(Remark.BIND)
    first.claim(code)
    await stage.play()
    assert console.agreement is not None
    # Sealed and signed before it can know that the other's link is gone.
    console.act(Remark.BIND, {"pairing": console.agreement.th.hex()})
    stage.held.add(console)
    await stage.lose(first)
    stage.held.clear()
    await stage.play()
    assert console.closed is None
    assert console.kinds()[-1] == "run_failed"
    console.silent.clear()
    second = await stage.agent()
    second.claim(code)
    await stage.play()
    assert second.state is State.CONSENTING
    assert console.state is State.CONSENTING


async def test_a_record_that_meets_the_end_of_its_run_breaks_nothing(
    stage: Stage,
) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.silent.add(Remark.BIND)
    console.silent.add(Remark.BIND)
    agent.show_code()
    await stage.play()
    console.claim(known(agent), AGREED)
    await stage.play()
    # The loss of the owner's link is being journaled: the path is shut before.
    stage.room(agent).is_sealed = False
    console.seal(Channel.CONTROL, b"sealed before it could know")
    await stage.play()
    assert console.closed is None
    await stage.lose(agent)
    assert console.state is State.ENDED
    assert console.entries[-1].kind is Event.LINK_LOST


async def test_an_expired_code_is_unknown_even_before_anybody_noticed(
    stage: Stage,
) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.show_code()
    await stage.play()
    stage.clock.advance(seconds=stage.node.times.agent_code_s)
    console.claim(known(agent), AGREED)
    await stage.play()
    assert console.refusals() == ["code_invalid"]


async def test_a_code_waits_for_the_other_side_only(stage: Stage) -> None:
    agent, console = await stage.agent(), await stage.console()
    agent.show_code()
    console.invite(AGREED)
    await stage.play()
    same, twin = await stage.agent(), await stage.console()
    same.claim(known(agent))
    twin.claim(known(console), AGREED)
    await stage.play()
    assert same.refusals() == twin.refusals() == ["code_invalid"]
    assert (agent.state, console.state) == (State.WAITING, State.WAITING)


async def test_r22_s11_a_code_that_was_used_is_spent_and_its_nameplate_rests(
    stage: Stage,
) -> None:
    agent, _ = await stage.paired()
    hub = stage.node.hub
    assert hub.by_nameplate(known(agent).nameplate) is None
    assert hub.gauges()["codes_waiting"] == 0
    stage.clock.advance(seconds=stage.node.times.nameplate_rest_s - 1)
    drawn = {hub.draw_nameplate() for _ in range(50)}
    assert known(agent).nameplate not in drawn
