"""Whatever the relay does, the customer's word holds (security.md 6).

A state machine walks the real agent through clicks, hands, input, losses and lies:
nothing on the screen before consent (S-19), no input after a reclaim (S-20, S-21), one
run per code (S-11), nothing accepted out of order (S-14, S-27).
"""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from cordee_agent.assist import Assist
from cordee_agent.consent import is_about_seeing
from cordee_agent.window import model
from cordee_shared.session.machine import Kind, is_allowed
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire import control
from tests.agent.opposite import Opposite
from tests.property.hostile import Hostile, begun
from tests.property.thorough import many

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

KINDS = [*Event, *Remark]


def meddles(self: Walk) -> bool:
    """Whether the relay may still change what is said in this session."""
    return self.lies > 0


class Walk(RuleBasedStateMachine):
    """One customer after the other, between an honest technician and a liar."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.loop = self.runner.get_loop()
        self.group: asyncio.TaskGroup
        self._over = asyncio.Event()
        ready: asyncio.Future[asyncio.TaskGroup] = self.loop.create_future()
        self._holding = self.loop.create_task(self._hold(ready))
        self.group = self.loop.run_until_complete(ready)
        self._batch = 0
        self._begin()

    @initialize(depth=st.sampled_from([2, 1, 0]), lies=st.integers(0, 3))
    def start_somewhere(self, depth: int, lies: int) -> None:
        """Begin at the question, where somebody sees, or where somebody drives."""
        self._go(depth, lies)

    def _go(self, depth: int, lies: int) -> None:
        #: How often the relay may still meddle with what is said: its first
        #: lie is mostly its last, so it is not always the first thing that happens.
        self.lies = lies
        if depth > 0:
            self.answer(yes=True)
            self.deliver(count=20)
        if depth > 1:
            self.ask_for_control()
            self.deliver(count=20)
            self.answer(yes=True)
            self.deliver(count=20)
            assert self.hostile.hands.is_open

    async def _hold(self, ready: asyncio.Future[asyncio.TaskGroup]) -> None:
        async with asyncio.TaskGroup() as group:
            ready.set_result(group)
            await self._over.wait()

    def _begin(self) -> None:
        async def begin() -> tuple[Hostile, Assist]:
            return begun(self.group)

        self.hostile, self.assist = self.loop.run_until_complete(begin())
        #: What the customer's own clicks and hand have said so far.
        self.may_see = self.may_drive = False
        self.lies = 0
        self.hostile.hands.is_wanted = lambda: self.may_drive

    def teardown(self) -> None:
        """Let go of everything."""
        self.assist.on_command(model.EndSession())
        self._over.set()
        self.loop.run_until_complete(self._holding)
        self.runner.close()

    def step(self) -> None:
        """Let tasks start and stop."""
        for _ in range(3):
            self.loop.run_until_complete(asyncio.sleep(0))

    # --- the customer ---------------------------------------------------------------

    @rule(yes=st.sampled_from([True, True, True, False]))
    def answer(self, yes: bool) -> None:
        """Click on the question that is shown."""
        question = self.assist.open_question
        if question is None:
            return
        if yes and is_about_seeing(question):
            self.may_see = True
        elif yes:
            self.may_drive = True
        self.assist.on_command(model.Answer(question.id, yes, model.Hand.MOUSE))
        self.hostile.listen()
        self.step()

    @rule()
    @precondition(lambda self: self.hostile.hands.is_open)
    def move_the_mouse(self) -> None:
        """Take control back by hand: the guard shuts its gate before it says so."""
        self.hostile.hands.shut()
        self.may_drive = False
        self.assist.on_reclaim("pointer")
        self.hostile.listen()

    @rule()
    @precondition(lambda self: self.hostile.hands.is_open)
    def press_take_back(self) -> None:
        """Take control back by the button."""
        self.may_drive = False
        self.assist.on_command(model.TakeBack())
        self.hostile.listen()

    @rule()
    def press_give_back(self) -> None:
        """Ask to be asked again."""
        self.assist.on_command(model.GiveBack())
        self.hostile.listen()

    @rule(show=st.booleans())
    def hide_or_show(self, show: bool) -> None:
        """Hide the screen, or show it again."""
        if show:
            self.may_see |= self.assist._state is State.PAUSED
            self.assist.on_command(model.ShowScreen())
        else:
            if is_allowed(Event.PAUSED, self.assist._state):
                self.may_see = self.may_drive = False
            self.assist.on_command(model.HideScreen())
        self.hostile.listen()
        self.step()

    # --- the technician -------------------------------------------------------------

    @rule(arrives=st.booleans())
    def drive(self, arrives: bool) -> None:
        """Send input, whether or not it was allowed."""
        self._batch += 1
        self.hostile.drive(self._batch)
        if arrives:
            self.deliver(count=20)

    @rule(say=st.booleans())
    def lend_and_drive(self, say: bool) -> None:
        """Go the usual way to where somebody drives, and drive."""
        self.deliver(count=20)
        if self.assist._state is State.CONSENTING:
            self.answer(yes=True)
            self.deliver(count=20)
        if self.assist._state in (State.VIEWING, State.RECLAIMED) and say:
            self.ask_for_control()
            self.deliver(count=20)
            self.answer(yes=True)
            self.deliver(count=20)
        self.drive(arrives=True)

    @rule(first=st.booleans())
    def drive_into_a_reclaim(self, first: bool) -> None:
        """Let input be under way while the customer's hand moves."""
        self.lend_and_drive(say=True)
        self.drive(arrives=False)
        if self.hostile.hands.is_open:
            (self.move_the_mouse if first else self.press_take_back)()
        self.deliver(count=20)

    @rule()
    def ask_for_control(self) -> None:
        """Ask, where the table has a place for it."""
        state = self.hostile.table.state
        if self.hostile.channel is not None and is_allowed(
            Remark.CONTROL_REQUESTED, state
        ):
            self.hostile.say(Remark.CONTROL_REQUESTED, {})

    # --- the relay ------------------------------------------------------------------

    @rule(count=st.sampled_from([1, 2, 20]))
    def deliver(self, count: int) -> None:
        """Do what a relay is for."""
        self.hostile.deliver(count)
        self.step()

    @rule(waits=st.booleans())
    def withhold(self, waits: bool) -> None:
        """Keep the customer's acts back, or journal what was kept."""
        self.hostile.journal_waits = waits
        if not waits:
            try:
                self.hostile.journal()
            except Exception:
                # It has lied itself into a corner; only the agent matters here.
                self.hostile.acts.clear()

    @rule(at=st.integers(0, 200))
    @precondition(meddles)
    def say_again(self, at: int) -> None:
        """Repeat something old: it is never taken."""
        self.lies -= 1
        self.hostile.waiting.clear()
        taken = self.taken()
        self.hostile.say_again(at)
        assert self.taken() == taken, "said twice, and taken twice"
        self.step()

    @rule(by=st.integers(0, 5000))
    @precondition(lambda self: self.hostile.waiting and self.lies)
    def alter(self, by: int) -> None:
        """Change a byte of the next thing that passes: it is never taken."""
        self.lies -= 1
        del self.hostile.waiting[1:]
        must_not = self.hostile.alter(by)
        taken = self.taken()
        self.hostile.deliver()
        assert not must_not or self.taken() == taken, "altered, and taken"
        self.step()

    @rule(swap=st.booleans())
    @precondition(meddles)
    def drop_or_swap(self, swap: bool) -> None:
        """Lose what comes next, or let it be overtaken."""
        self.lies -= 1
        if swap:
            self.hostile.swap()
        elif self.hostile.waiting:
            del self.hostile.waiting[0]

    @rule(kind=st.sampled_from(KINDS))
    @precondition(meddles)
    def lie(self, kind: Kind) -> None:
        """Journal a fact that is not so."""
        self.lies -= 1
        self.hostile.lie(kind)

    @rule(kind=st.sampled_from(KINDS))
    @precondition(meddles)
    def forge(self, kind: Kind) -> None:
        """Say it in the customer's name."""
        self.lies -= 1
        self.hostile.waiting.clear()
        self.hostile.forge(kind)
        self.step()

    @rule()
    @precondition(meddles)
    def call_late(self) -> None:
        """Say that what the customer did came too late."""
        self.lies -= 1
        self.hostile.call_late()
        self.step()

    # --- time and links ---------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.5, 0.5, 20, 121]))
    def pass_time(self, seconds: float) -> None:
        """Let deadlines fall due."""
        self.hostile.clock.advance(seconds=seconds)
        self.assist.on_time()
        self.hostile.listen()
        self.step()

    @rule()
    @precondition(lambda self: self.hostile.link.is_up and not self.assist.is_over)
    def cut(self) -> None:
        """Take the customer's network away."""
        self.may_drive = False
        self.hostile.cut()
        self.step()

    @rule(hides=st.booleans())
    @precondition(lambda self: not self.hostile.link.is_up and not self.assist.is_over)
    def restore(self, hides: bool) -> None:
        """Give it back, and say that it was gone, or not."""
        try:
            self.hostile.restore(hides=hides)
        except Exception:
            self.hostile.waiting.clear()  # after its own lies nothing fits any more
        self.step()

    @rule(depth=st.sampled_from([2, 1, 0]), lies=st.integers(0, 3))
    @precondition(lambda self: self.assist.is_over)
    def somebody_else(self, depth: int, lies: int) -> None:
        """After an end comes another customer."""
        self._begin()
        self._go(depth, lies)

    # --- what must hold ---------------------------------------------------------------

    def taken(self) -> tuple[int, int]:
        """Return how much the agent has accepted: entries and input."""
        return self.assist._ledger.table.next_entry, len(self.hostile.hands.injected)

    @invariant()
    def nothing_is_seen_before_consent(self) -> None:
        """S-19: the picture runs only after the customer's own click."""
        assert self.may_see or not self.hostile.is_seen
        assert not (self.assist.is_over and self.hostile.is_seen)

    @invariant()
    def nobody_drives_after_a_reclaim(self) -> None:
        """S-20, S-21: gate and input follow the customer's last word."""
        assert self.may_drive or not self.hostile.hands.is_open
        assert not (self.assist.is_over and self.hostile.hands.is_open)
        assert self.hostile.hands.unwanted == []

    @invariant()
    def input_comes_once_and_in_order(self) -> None:
        """S-14: what is injected is what was sealed, in its order, each once."""
        sealed = iter(self.hostile.batches)
        assert all(batch in sealed for batch in self.hostile.hands.injected)


TestS14S19S20S21S27WhateverTheRelayDoes = Walk.TestCase
Walk.TestCase.settings = settings(
    max_examples=many(25, 500),
    stateful_step_count=many(40, 60),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@given(
    said=st.lists(
        st.tuples(st.sampled_from(["h1", "h3"]), st.integers(-1, 400)), max_size=6
    )
)
@settings(max_examples=many(60, 500))
def test_s11_a_run_that_failed_stays_failed_whatever_is_said_next(
    said: list[tuple[str, int]],
) -> None:
    """One run per code: no order, repetition or change of messages gives a second."""
    opposite = Opposite()
    meeting = opposite.meeting()
    first = opposite.pairing.receive(opposite.paired)
    assert isinstance(first, control.H1)
    genuine = True
    for expected, (name, at) in zip(["h1", "h3"], said, strict=False):
        genuine &= name == expected and at < 0
    failed = False
    h3: control.H3 | None = None
    for name, at in said:
        if name == "h1":
            ad = first.ad
            if at >= 0:
                place = at % len(ad)
                ad = ad[:place] + ("A" if ad[place] != "A" else "B") + ad[place + 1 :]
            meeting.on_message(control.H1(ad=ad))
        else:
            if h3 is None and opposite.heard:
                answer = opposite.heard[0]
                if isinstance(answer, control.H2):
                    h3 = _third(opposite, answer)
            y, tag = (h3.y, h3.tag) if h3 is not None else ("A" * 43, "A" * 86)
            if at >= 0:
                place = at % len(tag)
                tag = (
                    tag[:place] + ("A" if tag[place] != "A" else "B") + tag[place + 1 :]
                )
            meeting.on_message(control.H3(y=y, tag=tag))
        assert not (failed and meeting.met is not None), "a run that failed has met"
        failed |= meeting.has_failed
    met = meeting.met is not None
    assert not met or (genuine and len(said) >= 2)


def _third(opposite: Opposite, h2: control.H2) -> control.H3 | None:
    answer = opposite.pairing.receive(h2)
    return answer if isinstance(answer, control.H3) else None
