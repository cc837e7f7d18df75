"""One session as a pure object, and the power that is held back at the agent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import LocalViolation, UnexpectedMessage
from cordee_shared.session.machine import (
    Hold,
    Kind,
    Session,
    Verdict,
    is_allowed,
    read_kind,
)
from cordee_shared.session.states import (
    AUTHORS,
    DRIVEN,
    PLACES,
    TRANSITIONS,
    VISIBLE,
    WITHDRAWALS,
    Event,
    Remark,
    Side,
    State,
)

E, R, S = Event, Remark, State
KINDS: tuple[Kind, ...] = (*Event, *Remark)

#: The shortest way to each state, with who says what.
WAYS: dict[State, list[tuple[Kind, Side]]] = {S.WAITING: []}
WAYS[S.PAIRING] = [(E.CODE_CLAIMED, Side.RELAY)]
WAYS[S.CONSENTING] = [*WAYS[S.PAIRING], (E.KEYS_CONFIRMED, Side.RELAY)]
WAYS[S.VIEWING] = [*WAYS[S.CONSENTING], (E.VIEW_GRANTED, Side.CUSTOMER)]
WAYS[S.CONTROLLING] = [*WAYS[S.VIEWING], (E.CONTROL_GRANTED, Side.CUSTOMER)]
WAYS[S.RECLAIMED] = [*WAYS[S.CONTROLLING], (E.RECLAIMED, Side.CUSTOMER)]
WAYS[S.PAUSED] = [*WAYS[S.VIEWING], (E.PAUSED, Side.CUSTOMER)]
WAYS[S.INTERRUPTED] = [*WAYS[S.VIEWING], (E.LINK_LOST, Side.RELAY)]
WAYS[S.ENDED] = [(E.ENDED, Side.RELAY)]


def session_in(state: State) -> Session:
    """Return a session that has come to ``state`` by the shortest way."""
    session = Session()
    for kind, by in WAYS[state]:
        session.follow(kind, by, 0)
    assert session.state is state
    return session


def frozen(session: Session) -> tuple[object, ...]:
    """Return everything that a refused event must not change."""
    return (session.state, session.next_entry, session.at_us, dict(session.spent_us))


# --- following the journal ----------------------------------------------------------


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", Side)
def test_an_entry_is_followed_where_table_and_authors_have_it_and_nowhere_else(
    state: State, kind: Kind, by: Side
) -> None:
    session = session_in(state)
    before = frozen(session)
    allowed = by in AUTHORS[kind] and (
        kind in TRANSITIONS[state] if isinstance(kind, Event) else state in PLACES[kind]
    )
    if not allowed:
        with pytest.raises(LocalViolation):
            session.follow(kind, by, 5)
        assert frozen(session) == before
        return
    after = session.follow(kind, by, 5)
    assert after is (TRANSITIONS[state][kind] if isinstance(kind, Event) else state)
    assert session.next_entry == before[1] + 1  # type: ignore[operator]  # a number


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("kind", KINDS)
def test_a_late_entry_changes_no_state_and_one_in_time_is_never_late(
    state: State, kind: Kind
) -> None:
    session = session_in(state)
    before = frozen(session)
    author = next(iter(AUTHORS[kind]))
    if is_allowed(kind, state):
        with pytest.raises(LocalViolation, match="late"):
            session.follow(kind, author, 5, late=True)
        assert frozen(session) == before
    else:
        assert session.follow(kind, author, 5, late=True) is state


def test_a_relay_cannot_undo_a_reclaim_by_calling_it_late() -> None:
    agent = session_in(S.CONTROLLING)
    with pytest.raises(LocalViolation):
        agent.follow(E.RECLAIMED, Side.CUSTOMER, 5, late=True)


def test_time_never_goes_backwards() -> None:
    session = Session()
    session.follow(R.CODE_ISSUED, Side.RELAY, 100)
    before = frozen(session)
    with pytest.raises(LocalViolation, match="backwards"):
        session.follow(E.CODE_CLAIMED, Side.RELAY, 99)
    assert frozen(session) == before


def test_time_is_kept_per_state() -> None:
    session = Session()
    steps: list[tuple[Kind, Side, int]] = [
        (R.CODE_ISSUED, Side.RELAY, 1_000),
        (E.CODE_CLAIMED, Side.RELAY, 1_010),
        (E.KEYS_CONFIRMED, Side.RELAY, 1_030),
        (E.VIEW_GRANTED, Side.CUSTOMER, 1_060),
        (R.TICK, Side.CUSTOMER, 1_100),
        (E.ENDED, Side.CUSTOMER, 1_150),
    ]
    for kind, by, at_us in steps:
        session.follow(kind, by, at_us)
    assert session.spent_us == {
        S.WAITING: 10,
        S.PAIRING: 20,
        S.CONSENTING: 30,
        S.VIEWING: 90,
    }


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**9)), max_size=30))
def test_the_time_of_all_states_adds_up_to_what_passed(
    steps: list[tuple[int, int]],
) -> None:
    session, at_us = Session(), 0
    session.follow(R.CODE_ISSUED, Side.RELAY, at_us)
    for pick, passed in steps:
        if session.state is S.ENDED:
            break
        choices = list(TRANSITIONS[session.state])
        event = choices[pick % len(choices)]
        at_us += passed
        session.follow(event, min(AUTHORS[event]), at_us)
    assert sum(session.spent_us.values()) == at_us


def test_a_copy_that_joins_later_counts_from_its_first_entry() -> None:
    session = Session(State.PAIRING, first=2)
    assert session.next_entry == 2
    assert session.state_after(1) is S.PAIRING
    session.follow(E.KEYS_CONFIRMED, Side.RELAY, 7)
    assert (session.state_after(2), session.next_entry) == (S.CONSENTING, 3)
    for unseen in (0, 3, -1):
        with pytest.raises(UnexpectedMessage):
            session.state_after(unseen)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_by_its_name(kind: Kind) -> None:
    assert read_kind(kind.value) is kind


@pytest.mark.parametrize("name", ["", "view", "ENDED", "ended ", "x" * 10_000])
def test_a_kind_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UnexpectedMessage):
        read_kind(name)


# --- judging acts -------------------------------------------------------------------


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", [Side.CUSTOMER, Side.TECHNICIAN])
def test_an_act_that_never_had_a_place_is_a_violation_and_changes_nothing(
    state: State, kind: Kind, by: Side
) -> None:
    session = session_in(state)
    before = frozen(session)
    seen = session.next_entry - 1
    withdrawal = by is Side.CUSTOMER and kind in WITHDRAWALS
    if by not in AUTHORS[kind]:
        expected: Verdict | None = None
    elif is_allowed(kind, state):
        expected = Verdict.APPLY
    else:
        expected = Verdict.LATE if withdrawal else None
    if expected is None:
        with pytest.raises(UnexpectedMessage):
            session.judge(kind, by, seen)
    else:
        assert session.judge(kind, by, seen) is expected
    assert frozen(session) == before


def test_a_yes_after_a_reclaim_that_came_late_is_late_too() -> None:
    # Taken back and given again before the agent knew that the link was lost.
    session = session_in(S.CONTROLLING)
    seen = session.next_entry - 1
    session.follow(E.LINK_LOST, Side.RELAY, 1)
    with pytest.raises(UnexpectedMessage):
        session.judge(E.CONTROL_GRANTED, Side.CUSTOMER, seen)
    assert session.judge(E.RECLAIMED, Side.CUSTOMER, seen) is Verdict.LATE
    session.follow(E.RECLAIMED, Side.CUSTOMER, 2, late=True)
    assert session.judge(E.CONTROL_GRANTED, Side.CUSTOMER, seen) is Verdict.LATE
    # Whoever has seen the late entry has no such excuse.
    with pytest.raises(UnexpectedMessage):
        session.judge(E.CONTROL_GRANTED, Side.CUSTOMER, session.next_entry - 1)


def test_a_release_that_crossed_a_reclaim_is_late() -> None:
    session = session_in(S.CONTROLLING)
    seen = session.next_entry - 1
    session.follow(E.RECLAIMED, Side.CUSTOMER, 1)
    assert session.judge(E.CONTROL_RELEASED, Side.TECHNICIAN, seen) is Verdict.LATE
    with pytest.raises(UnexpectedMessage):
        session.judge(E.CONTROL_RELEASED, Side.TECHNICIAN, seen + 1)


def test_a_button_pressed_twice_is_late_and_no_violation() -> None:
    session = session_in(S.VIEWING)
    seen = session.next_entry - 1
    for kind in (E.PAUSED, E.CONTINUED):
        assert session.judge(kind, Side.CUSTOMER, seen) is Verdict.APPLY
        session.follow(kind, Side.CUSTOMER, 1)
    assert session.judge(E.CONTINUED, Side.CUSTOMER, seen) is Verdict.LATE


@pytest.mark.parametrize("seen", [-2, 99])
def test_an_act_cannot_have_seen_an_entry_that_does_not_exist(seen: int) -> None:
    session = session_in(S.CONTROLLING)
    with pytest.raises(UnexpectedMessage, match="not one that was seen"):
        session.judge(E.CONTROL_RELEASED, Side.TECHNICIAN, seen)
    assert session.judge(E.RECLAIMED, Side.CUSTOMER, seen) is Verdict.APPLY


@pytest.mark.parametrize("event", WITHDRAWALS)
@pytest.mark.parametrize("state", S)
def test_a_withdrawal_by_the_customer_is_never_a_violation(
    event: Event, state: State
) -> None:
    verdict = session_in(state).judge(event, Side.CUSTOMER, -1)
    assert verdict is (Verdict.APPLY if is_allowed(event, state) else Verdict.LATE)


# --- the power that is held back ----------------------------------------------------


@pytest.mark.parametrize("event", WITHDRAWALS)
@pytest.mark.parametrize("state", S)
def test_a_pending_withdrawal_never_leaves_more_than_it_says(
    event: Event, state: State
) -> None:
    hold = Hold()
    hold.withdraw(event, "act")
    effective = hold.effective(state)
    assert effective not in DRIVEN
    if event is not E.RECLAIMED:
        assert effective not in VISIBLE
    hold.confirmed("act")
    assert hold.effective(state) is state


def test_the_strongest_of_several_withdrawals_counts() -> None:
    hold = Hold()
    hold.withdraw(E.RECLAIMED, "1")
    assert hold.effective(S.CONTROLLING) is S.RECLAIMED
    hold.withdraw(E.PAUSED, "2")
    assert hold.effective(S.CONTROLLING) is S.PAUSED
    hold.withdraw(E.ENDED, "3")
    assert hold.effective(S.CONTROLLING) is S.ENDED
    hold.confirmed("3")
    hold.confirmed("1")
    assert hold.effective(S.RECLAIMED) is S.PAUSED


def test_an_act_that_was_never_held_confirms_nothing() -> None:
    hold = Hold()
    hold.withdraw(E.RECLAIMED, "mine")
    hold.confirmed("another")
    assert hold.effective(S.CONTROLLING) is S.RECLAIMED


@dataclass
class Wire:
    """The relay and both ends, with everything between them on its way."""

    relay: Session = field(default_factory=lambda: session_in(S.VIEWING))
    agent: Session = field(default_factory=lambda: session_in(S.VIEWING))
    console: Session = field(default_factory=lambda: session_in(S.VIEWING))
    hold: Hold = field(default_factory=Hold)
    #: Acts to the relay: kind, last entry seen, name.
    from_agent: deque[tuple[Kind, int, str]] = field(default_factory=deque)
    from_console: deque[tuple[Kind, int, str]] = field(default_factory=deque)
    #: Entries to each end: kind, author, late, act.
    to_agent: deque[tuple[Kind, Side, bool, str]] = field(default_factory=deque)
    to_console: deque[tuple[Kind, Side, bool, str]] = field(default_factory=deque)
    #: The customer's own words, in the order in which they were said.
    said: list[Event] = field(default_factory=list)
    acts: int = 0

    @property
    def effective(self) -> State:
        """What counts at the agent."""
        return self.hold.effective(self.agent.state)

    def choices(self) -> list[str]:
        """Return what may happen next."""
        found = [
            name
            for name, queue in (
                ("relay reads the agent", self.from_agent),
                ("relay reads the console", self.from_console),
                ("agent reads", self.to_agent),
                ("console reads", self.to_console),
            )
            if queue
        ]
        mine = self.effective
        if mine in (S.VIEWING, S.RECLAIMED):
            found.append("customer grants control")
        if mine in DRIVEN:
            found.append("customer reclaims")
        if is_allowed(E.PAUSED, mine):
            found.append("customer pauses")
        if mine is S.PAUSED:
            found.append("customer continues")
        if mine is not S.ENDED:
            found += ["customer ends"] if len(self.said) > 6 else []
        if is_allowed(R.TICK, mine) and is_allowed(R.TICK, self.agent.state):
            found.append("agent ticks")
        if self.console.state in DRIVEN:
            found.append("technician releases")
        if is_allowed(R.CONTROL_REQUESTED, self.console.state):
            found.append("technician asks")
        for event in (E.LINK_LOST, E.LINK_RESTORED):
            if is_allowed(event, self.relay.state):
                found.append(event.value)
        return found

    def do(self, what: str) -> None:
        """Let one of the choices happen."""
        match what:
            case "relay reads the agent":
                self.judge(Side.CUSTOMER, self.from_agent.popleft())
            case "relay reads the console":
                self.judge(Side.TECHNICIAN, self.from_console.popleft())
            case "agent reads":
                kind, by, late, act = self.to_agent.popleft()
                self.agent.follow(kind, by, 0, late=late)
                self.hold.confirmed(act)
            case "console reads":
                kind, by, late, _ = self.to_console.popleft()
                self.console.follow(kind, by, 0, late=late)
            case "customer grants control":
                self.say(E.CONTROL_GRANTED)
            case "customer reclaims":
                self.say(E.RECLAIMED)
            case "customer pauses":
                self.say(E.PAUSED)
            case "customer continues":
                self.say(E.CONTINUED)
            case "customer ends":
                self.say(E.ENDED)
            case "agent ticks":
                self.send(R.TICK, self.agent, self.from_agent)
            case "technician releases":
                self.send(E.CONTROL_RELEASED, self.console, self.from_console)
            case "technician asks":
                self.send(R.CONTROL_REQUESTED, self.console, self.from_console)
            case fact:
                self.journal(Event(fact), Side.RELAY, late=False, act="")

    def say(self, event: Event) -> None:
        """The customer acts; a withdrawal counts before it is sent."""
        self.said.append(event)
        if event in WITHDRAWALS:
            self.hold.withdraw(event, str(self.acts))
        self.send(event, self.agent, self.from_agent)

    def send(
        self, kind: Kind, end: Session, queue: deque[tuple[Kind, int, str]]
    ) -> None:
        """Put an act on its way."""
        queue.append((kind, end.next_entry - 1, str(self.acts)))
        self.acts += 1

    def judge(self, by: Side, act: tuple[Kind, int, str]) -> None:
        """The relay takes an act; crossing another must never be a violation."""
        kind, seen, name = act
        if self.relay.state is S.ENDED:
            self.journal(kind, by, late=True, act=name)
            return
        late = self.relay.judge(kind, by, seen) is Verdict.LATE
        self.journal(kind, by, late=late, act=name)

    def journal(self, kind: Kind, by: Side, *, late: bool, act: str) -> None:
        """Append, then tell both ends."""
        self.relay.follow(kind, by, 0, late=late)
        for queue in (self.to_agent, self.to_console):
            queue.append((kind, by, late, act))

    def drain(self) -> None:
        """Let everything that is on its way arrive."""
        while moving := [name for name in self.choices() if "reads" in name]:
            self.do(moving[0])

    def check(self, way: list[str]) -> None:
        """Insist that the customer's last word counts at the agent."""
        about_control = [e for e in self.said if e is not E.CONTINUED]
        about_sight = [e for e in self.said if e in (E.PAUSED, E.CONTINUED, E.ENDED)]
        if self.effective in DRIVEN:
            assert about_control[-1] is E.CONTROL_GRANTED, way
        if self.effective in VISIBLE:
            assert not about_sight or about_sight[-1] is E.CONTINUED, way


GRANT_AND_HAND = ["customer grants control", "relay reads the agent", "agent reads"]


def play(picks: list[int], wire: Wire) -> list[str]:
    """Live through one interleaving, checking after every step."""
    way: list[str] = []
    for pick in picks:
        choices = wire.choices()
        if not choices:
            break
        way.append(choices[pick % len(choices)])
        wire.do(way[-1])
        wire.check(way)
    return way


@given(st.lists(st.integers(0, 60), min_size=20, max_size=60))
def test_the_customers_last_word_counts_however_acts_cross(picks: list[int]) -> None:
    wire = Wire()
    way = play(picks, wire)
    wire.drain()
    wire.check(way)
    assert wire.agent.state is wire.relay.state is wire.console.state, way
    assert wire.effective is wire.relay.state, way


class NoHold(Hold):
    """An agent that waits for the journal before it gives anything up."""

    def effective(self, journaled: State) -> State:
        """Trust the journal alone."""
        return journaled


def test_without_the_hold_a_crossing_would_leave_power_standing() -> None:
    wire = Wire(hold=NoHold())
    for step in GRANT_AND_HAND:
        wire.do(step)
    wire.do("customer reclaims")
    with pytest.raises(AssertionError):
        wire.check(["customer reclaims"])
    held = Wire()
    for step in [*GRANT_AND_HAND, "customer reclaims"]:
        held.do(step)
        held.check([step])
    assert held.effective is S.RECLAIMED


def test_every_interleaving_of_one_grant_one_reclaim_and_one_release_is_safe() -> None:
    kept = {"customer grants control", "customer reclaims", "technician releases"}
    complete = 0

    def explore(steps: list[str]) -> None:
        nonlocal complete
        wire = Wire()
        for step in steps:
            wire.do(step)
            wire.check(steps)
        following = [
            step
            for step in wire.choices()
            if "reads" in step or (step in kept and step not in steps)
        ]
        for step in following:
            explore([*steps, step])
        if not following:
            complete += 1
            assert wire.effective is wire.relay.state, steps

    explore([])
    assert complete > 100
