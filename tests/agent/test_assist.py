"""The session at the customer's side, against real rules at the other end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from cordee_agent.assist import FAREWELL_S, Assist
from cordee_agent.window import model
from cordee_agent.window.sharing import SayIt
from cordee_shared.canonical import Json, b64
from cordee_shared.journal.act import read_act
from cordee_shared.limits import RESUME_S, TICK_S
from cordee_shared.pairing.channel import SealedChannel
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.session.consent import Language, Scope, check_consent, render
from cordee_shared.session.extra import check_accepted
from cordee_shared.session.states import EndReason, Event, Remark, Side, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.talk import Got, Say, encode
from tests.agent.opposite import OFFER, Dice, FakeLink, Opposite

YES_BY_MOUSE = model.Hand.MOUSE


@asynccontextmanager
async def session() -> AsyncIterator[tuple[Opposite, Assist]]:
    opposite = Opposite()
    async with asyncio.TaskGroup() as group:
        assist = opposite.begin(group)
        try:
            yield opposite, assist
        finally:
            assist.on_command(model.EndSession())


def answer(assist: Assist, opposite: Opposite, *, yes: bool = True) -> None:
    question = assist.open_question
    assert question is not None
    assist.on_command(model.Answer(question.id, yes, YES_BY_MOUSE))
    opposite.pump()


def viewing(assist: Assist, opposite: Opposite) -> None:
    answer(assist, opposite)


def controlling(assist: Assist, opposite: Opposite) -> None:
    viewing(assist, opposite)
    opposite.say(Remark.CONTROL_REQUESTED, {})
    answer(assist, opposite)


def gate_is_open(opposite: Opposite) -> bool:
    return opposite.hands.is_open


def state_shown(opposite: Opposite) -> State:
    view = opposite.views[-1]
    assert isinstance(view, model.Live)
    return view.state


async def test_the_first_question_is_the_text_in_force_word_by_word() -> None:
    async with session() as (opposite, _):
        view = opposite.views[-1]
        assert isinstance(view, model.Question)
        assert view.text == render(Scope.VIEW, Language.FR, OFFER, "Claire Martin")
        assert (view.technician, view.verified) == ("Claire Martin", True)


async def test_s19_no_picture_runs_before_the_yes_is_in_the_journal() -> None:
    async with session() as (opposite, assist):
        opposite.journal_waits = True
        answer(assist, opposite)
        assert opposite.pictures == []
        opposite.journal()
        assert len(opposite.pictures) == 1
        assert opposite.entries[-1].state is State.VIEWING


async def test_r24_the_consent_names_the_text_that_was_shown() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        data = opposite.entries[-1].data
        check_consent(data, Scope.VIEW, OFFER, opposite.offer.hash, "Claire Martin")
        assert data["hand"] == "mouse"


async def test_no_to_seeing_ends_and_is_journaled() -> None:
    async with session() as (opposite, assist):
        answer(assist, opposite, yes=False)
        assert opposite.kinds()[-2:] == ["consent_refused", "ended"]
        assert opposite.entries[-1].data == {"reason": "consent_denied"}
        assert opposite.pictures == []


async def test_silence_means_no() -> None:
    async with session() as (opposite, assist):
        opposite.clock.advance(seconds=121)
        assist.on_time()
        opposite.pump()
        assert opposite.entries[-2].data == {"scope": "view", "why": "timeout"}
        assert opposite.entries[-1].data == {"reason": "consent_expired"}


async def test_control_is_asked_apart_and_opens_the_gate_by_its_entry() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        assert not gate_is_open(opposite)
        opposite.say(Remark.CONTROL_REQUESTED, {})
        assert opposite.hands.asking
        opposite.journal_waits = True
        answer(assist, opposite)
        assert not gate_is_open(opposite)
        opposite.journal()
        assert gate_is_open(opposite)
        assert not opposite.hands.asking


async def test_no_to_control_leaves_the_seeing() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.CONTROL_REQUESTED, {})
        answer(assist, opposite, yes=False)
        assert state_shown(opposite) is State.VIEWING
        assert opposite.entries[-1].data == {"scope": "control", "why": "no"}


@pytest.mark.parametrize("cause", ["pointer", "button", "wheel", "key"])
async def test_s21_the_hand_wins_before_anything_is_said(cause: str) -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        opposite.journal_waits = True
        assist.on_reclaim(cause)
        assert not gate_is_open(opposite)
        assert state_shown(opposite) is State.RECLAIMED
        opposite.journal_waits = False
        opposite.pump()
        opposite.journal()
        assert opposite.entries[-1].data == {"cause": cause}
        assert opposite.entries[-1].state is State.RECLAIMED


async def test_s20_input_that_crossed_the_hand_reaches_nobody() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        opposite.send(Channel.INPUT, b"[1]")
        assist.on_reclaim("pointer")
        opposite.send(Channel.INPUT, b"[2]")
        assert opposite.hands.injected == [b"[1]"]


async def test_r26_control_comes_back_only_by_a_fresh_yes() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        assist.on_reclaim("pointer")
        opposite.pump()
        opposite.clock.advance(seconds=600)
        assist.on_time()
        assert not gate_is_open(opposite)
        assist.on_command(model.GiveBack())
        assert not gate_is_open(opposite)
        answer(assist, opposite)
        assert gate_is_open(opposite)
        assert opposite.kinds()[-2:] == ["reclaimed", "control_granted"]


async def test_the_banner_takes_control_back_too() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        assist.on_command(model.TakeBack())
        opposite.pump()
        assert opposite.entries[-1].data == {"cause": "banner"}
        assert not gate_is_open(opposite)


async def test_hiding_stops_the_picture_before_it_is_told() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        await asyncio.sleep(0)
        assert opposite.pictures[-1].runs == 1
        opposite.journal_waits = True
        assist.on_command(model.HideScreen())
        await asyncio.sleep(0)
        assert opposite.pictures[-1].runs == 0
        assert not gate_is_open(opposite)
        opposite.journal_waits = False
        opposite.pump()
        opposite.journal()
        assert opposite.entries[-1].kind is Event.PAUSED
        assist.on_command(model.ShowScreen())
        opposite.pump()
        assert opposite.entries[-1].state is State.VIEWING
        assert len(opposite.pictures) == 2


async def test_a_question_that_was_overtaken_cannot_be_answered() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.CONTROL_REQUESTED, {})
        question = assist.open_question
        assert question is not None
        assist.on_command(model.HideScreen())
        assist.on_command(model.Answer(question.id, True, YES_BY_MOUSE))
        opposite.pump()
        assert "control_granted" not in opposite.kinds()


async def test_acts_reach_the_console_through_the_sealed_channel_as_well() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        own = [
            e.act.raw.decode()
            for e in opposite.entries
            if e.act is not None and e.side is Side.CUSTOMER
        ]
        assert opposite.mirrored() == own
        last = read_act(own[-1].encode(), b"")
        assert last.peer == opposite.technician.last


async def test_the_technician_may_release_and_end() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        opposite.say(Event.CONTROL_RELEASED, {})
        assert not gate_is_open(opposite)
        assert state_shown(opposite) is State.VIEWING
        opposite.say(Event.ENDED, {"reason": "technician_ended"})
        view = opposite.views[-1]
        assert isinstance(view, model.Over)
        assert (view.reason, view.by) == (
            EndReason.TECHNICIAN_ENDED,
            Side.TECHNICIAN,
        )
        assert view.confirmed


async def test_the_end_says_how_long_and_what_it_costs() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        opposite.clock.advance(seconds=125)
        assist.on_command(model.EndSession())
        opposite.pump()
        assist.on_message(
            control.Bill(
                seconds=125, units=1, amount_cents=2500, currency="EUR", record="r"
            )
        )
        view = opposite.views[-1]
        assert isinstance(view, model.Over)
        assert view.seconds == 125
        assert view.cost == model.Cost(125, 1, 2500, "EUR")
        assert (view.confirmed, view.pending) == (True, False)
        assert assist.is_finished
        assert opposite.link.is_closed


async def test_s16_the_end_is_sealed_so_that_it_is_not_taken_for_a_loss() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        assist.on_command(model.EndSession())
        opposite.pump()
        assert opposite.channel is not None
        assert opposite.channel.closed is not None
        assert opposite.channel.closed.reason == "customer_ended"


async def test_r28_the_end_is_shown_at_once_when_the_relay_says_nothing() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.journal_waits = True
        assist.on_command(model.EndSession())
        view = opposite.views[-1]
        assert isinstance(view, model.Over)
        assert (view.confirmed, view.pending) == (False, True)
        opposite.clock.advance(seconds=FAREWELL_S + 1)
        assist.on_time()
        view = opposite.views[-1]
        assert isinstance(view, model.Over)
        assert (view.confirmed, view.pending) == (False, False)
        assert assist.is_finished


async def test_an_end_whose_price_the_loss_swallowed_waits_for_it_no_longer() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.journal_waits = True
        assist.on_command(model.EndSession())
        assist.on_link_down()
        view = opposite.views[-1]
        assert isinstance(view, model.Over)
        assert (view.reason, view.pending) == (EndReason.CUSTOMER_ENDED, False)
        assert assist.is_finished


async def test_s34_without_a_journal_it_ends_here_and_says_why() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        assist.on_message(
            control.RefusedNow(code="journal_unavailable", about="session")
        )
        assert not gate_is_open(opposite)
        assist.on_link_down()
        view = opposite.views[-1]
        assert isinstance(view, model.Over)
        assert view.reason is EndReason.JOURNAL_UNAVAILABLE
        assert (view.by, view.pending) == (Side.RELAY, False)
        assert assist.is_finished


async def test_s14_a_record_out_of_order_ends_the_session() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        assert opposite.channel is not None
        frame = opposite.channel.seal(Channel.INPUT, b"[]", 0)
        assist.on_record(frame)
        assist.on_record(frame)
        opposite.pump()
        assert opposite.entries[-1].data == {"reason": "violation"}
        assert not gate_is_open(opposite)


async def test_an_entry_that_the_relay_made_up_ends_the_session() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        forged = opposite.entries[-1].raw.replace(b'"n":', b'"n":1')
        assist.on_message(control.EntryMade(entry=forged.decode()))
        opposite.pump()
        assert opposite.entries[-1].data == {"reason": "violation"}


async def test_ticks_are_signed_while_the_session_lives() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        for _ in range(3):
            opposite.clock.advance(seconds=TICK_S)
            assist.on_time()
            opposite.pump()
        ticks = [e for e in opposite.entries if e.kind is Remark.TICK]
        assert len(ticks) == 3


async def test_s18_a_lost_link_takes_control_and_only_a_click_gives_it_back() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        opposite.link.is_up = False
        assist.on_link_down()
        assert not gate_is_open(opposite)
        assert state_shown(opposite) is State.INTERRUPTED
        await come_back(opposite, assist)
        assert state_shown(opposite) is State.VIEWING
        assert not gate_is_open(opposite)
        opposite.say(Remark.CONTROL_REQUESTED, {})
        answer(assist, opposite)
        assert gate_is_open(opposite)


async def test_what_was_hidden_while_the_link_was_lost_stays_hidden() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.link.is_up = False
        assist.on_link_down()
        assist.on_command(model.HideScreen())
        assert state_shown(opposite) is State.PAUSED
        await come_back(opposite, assist)
        assert state_shown(opposite) is State.PAUSED
        assert opposite.kinds()[-3:] == ["link_lost", "paused", "link_restored"]
        await asyncio.sleep(0)
        assert [picture.runs for picture in opposite.pictures] == [0]


async def test_s18_a_yes_that_the_loss_swallowed_gives_no_control() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.CONTROL_REQUESTED, {})
        opposite.link.is_up = False
        answer(assist, opposite)
        assist.on_link_down()
        await come_back(opposite, assist)
        granted = [e for e in opposite.entries if e.kind is Event.CONTROL_GRANTED]
        assert [entry.late for entry in granted] == [True]
        assert state_shown(opposite) is State.VIEWING
        assert not gate_is_open(opposite)


async def test_a_link_that_does_not_come_back_ends_the_session_here() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.link.is_up = False
        assist.on_link_down()
        opposite.clock.advance(seconds=RESUME_S + 1)
        assist.on_time()
        view = opposite.views[-1]
        assert isinstance(view, model.Over)
        assert (view.reason, view.confirmed) == (EndReason.LINK_EXPIRED, False)


async def test_a_console_that_comes_back_gets_new_keys_and_a_new_picture() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.fact(Event.LINK_LOST, {"side": "technician"})
        assert state_shown(opposite) is State.INTERRUPTED
        await come_back(opposite, assist)
        assert state_shown(opposite) is State.VIEWING
        assert len(opposite.pictures) == 2
        send: Callable[[bytes], Awaitable[None]] = opposite.pictures[0].send
        await send(b"stale")  # the old picture's last words go out under new keys
        opposite.pump()


async def test_s18_a_yes_that_the_relay_kept_back_over_a_loss_gives_no_control() -> (
    None
):
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.CONTROL_REQUESTED, {})
        opposite.journal_waits = True
        answer(assist, opposite)
        opposite.link.is_up = False
        assist.on_link_down()
        await come_back(opposite, assist)
        assert state_shown(opposite) is State.VIEWING
        opposite.journal_waits = False
        del opposite.acts[1:]  # it was said again, and is the same act
        opposite.journal()
        assert "control_granted" in opposite.kinds()
        assert not gate_is_open(opposite)
        assert opposite.kinds()[-1] == "reclaimed"
        assert opposite.entries[-1].data == {"cause": "link"}
        assert state_shown(opposite) is State.RECLAIMED


async def test_s18_a_loss_that_the_relay_hides_still_takes_control() -> None:
    async with session() as (opposite, assist):
        controlling(assist, opposite)
        assert gate_is_open(opposite)
        resumed = control.Resumed(
            session=opposite.session, rs=b64(b"q" * 16), token="second"
        )
        assist.on_message(resumed)
        resume_console(opposite, assist, resumed)
        opposite.pump()
        assert not gate_is_open(opposite)
        assert opposite.kinds()[-1] == "reclaimed"
        assist.on_command(model.GiveBack())
        answer(assist, opposite)
        assert gate_is_open(opposite)


async def come_back(opposite: Opposite, assist: Assist) -> None:
    """Lose and restore, as the relay and the console would."""
    if not opposite.link.is_up:
        opposite.link = FakeLink(opposite)
        opposite.heard.clear()
        assist.on_link_up(opposite.link)  # type: ignore[arg-type]  # a link all the same
        asked = opposite.heard.popleft()
        assert isinstance(asked, control.Resume)
        assert asked.seen == opposite.entries[-1].n
        resumed = control.Resumed(
            session=opposite.session, rs=b64(b"q" * 16), token="second"
        )
        assist.on_message(resumed)
        opposite.fact(Event.LINK_LOST, {"side": "customer"})
    else:
        resumed = control.Resumed(
            session=opposite.session, rs=b64(b"q" * 16), token="second"
        )
        assist.on_message(resumed)
    resume_console(opposite, assist, resumed)
    opposite.fact(Event.LINK_RESTORED, {})
    opposite.pump()


def resume_console(
    opposite: Opposite, assist: Assist, resumed: control.Resumed
) -> None:
    """Let both ends agree on new keys."""
    resume = Resume(opposite.agreement, Dice(5000))
    r1 = resume.receive(resumed)
    assert isinstance(r1, control.R1)
    assist.on_message(r1)
    r2 = opposite.heard.popleft()
    assert isinstance(r2, control.R2)
    r3 = resume.receive(r2)
    assert isinstance(r3, control.R3)
    agreement = resume.agreement
    assert agreement is not None
    opposite.agreement = agreement
    opposite.channel = SealedChannel(
        Role.CONSOLE, agreement.keys, opposite.clock.monotonic()
    )
    assist.on_message(r3)


# --- extra work (R06)

EXTRA: dict[str, Json] = {"label": "Antivirus, un an", "price_cents": 3990}


async def test_R06_an_extra_is_asked_by_itself_and_accepted_by_a_click() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.EXTRA_PROPOSED, EXTRA)
        proposal = opposite.entries[-1].act
        assert proposal is not None
        question = assist.open_question
        assert question is not None
        assert "39,90" in " ".join(question.text.paragraphs)
        assert opposite.hands.asking
        answer(assist, opposite)
        assert opposite.entries[-1].kind is Remark.EXTRA_ACCEPTED
        data = opposite.entries[-1].data
        check_accepted(data, {proposal.hash: EXTRA}, OFFER, "Claire Martin")
        assert state_shown(opposite) is State.VIEWING


async def test_R06_no_to_an_extra_and_silence_end_nothing() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.EXTRA_PROPOSED, EXTRA)
        answer(assist, opposite, yes=False)
        assert opposite.entries[-1].kind is Remark.EXTRA_REFUSED
        assert opposite.entries[-1].data["why"] == "no"
        opposite.say(Remark.EXTRA_PROPOSED, EXTRA)
        opposite.clock.advance(seconds=121)
        assist.on_time()
        opposite.pump()
        assert [e.data["why"] for e in opposite.entries if "why" in e.data] == [
            "no",
            "timeout",
        ]
        assert state_shown(opposite) is State.VIEWING


async def test_R06_an_extra_waits_while_control_is_asked_for() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.EXTRA_PROPOSED, EXTRA)
        opposite.say(Remark.CONTROL_REQUESTED, {})
        question = assist.open_question
        assert question is not None
        assert question.text == render(
            Scope.CONTROL, Language.FR, OFFER, "Claire Martin"
        )
        answer(assist, opposite, yes=False)
        question = assist.open_question
        assert question is not None
        assert "Antivirus" in question.text.title
        answer(assist, opposite)
        assert opposite.kinds()[-2:] == ["consent_refused", "extra_accepted"]


async def test_R06_a_proposal_without_a_price_is_a_relays_lie() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.EXTRA_PROPOSED, {"label": "Antivirus"})
        assert assist.is_over


async def test_a_picture_that_the_technician_keeps_is_announced() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.say(Remark.SCREENSHOT_TAKEN, {})
        view = opposite.views[-1]
        assert isinstance(view, model.Live)
        assert view.shared.notice == "screenshot"


async def test_s40_words_before_the_first_yes_end_the_session() -> None:
    async with session() as (opposite, assist):
        opposite.send(Channel.CHAT, encode(Say(id=1, text="Dites oui")))
        assert assist.is_over
        assert opposite.entries[-1].data == {"reason": "violation"}


async def test_words_pass_both_ways_hidden_screen_or_not_and_go_with_the_end() -> None:
    async with session() as (opposite, assist):
        viewing(assist, opposite)
        opposite.send(Channel.CHAT, encode(Say(id=1, text="Bonjour")))
        assist.on_command(model.HideScreen())
        opposite.pump()
        assist.on_command(SayIt("Un instant"))
        opposite.pump()
        said = [p for channel, p in opposite.opened if channel is Channel.CHAT]
        assert said == [encode(Got(id=1)), encode(Say(id=1, text="Un instant"))]
        view = opposite.views[-1]
        assert isinstance(view, model.Live)
        words = [line.text for line in view.shared.chat.lines]
        assert words == ["Bonjour", "Un instant"]
        assist.on_command(model.EndSession())
        assert assist._channels.shared.chat.lines == ()
        assert "Un instant" not in "".join(e.raw.decode() for e in opposite.entries)
