"""Random sessions, and an oracle that counts their seconds one by one.

The oracle knows neither the table nor the tally: it keeps a few facts (is the
screen shown, is the link up …) and a set of paid seconds, and is slow on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st

from cordee_shared.billing.policy import Opening, Policy, Reclaimed, Tariff
from cordee_shared.session.machine import is_allowed
from cordee_shared.session.states import Event, Remark, Side, State
from tests.shared.journals import CUSTOMER, SECOND, TECHNICIAN, Journal

#: What happens (by name, or by number out of what may happen then), how many
#: seconds after the last thing, and two ages of proofs of life.
Step = tuple[str | int, int, int, int]

#: What may happen in each state. A random choice among all things at all times
#: hardly ever gets past the second one.
MENU: Final[Mapping[State, tuple[str, ...]]] = {
    State.VIEWING: ("grant", "pause", "lose", "checkpoint", "tick"),
    State.CONTROLLING: (
        *("reclaim", "release", "pause", "lose"),
        *("late", "checkpoint", "tick"),
    ),
    State.RECLAIMED: ("grant", "pause", "lose", "tick"),
    State.PAUSED: ("continue", "lose", "tick"),
    State.INTERRUPTED: ("restore", "pause", "lose"),
}

steps = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 40), st.integers(0, 20), st.integers(0, 20)
    ),
    max_size=16,
)
ends = st.sampled_from(
    ["customer", "technician", "relay", "crash", "recovered", "unsafe"]
)
starts = st.integers(0, 90)


@dataclass
class Oracle:
    """What a bystander with a stopwatch would write down."""

    policy: Policy
    boot: str
    paid: set[tuple[str, int]] = field(default_factory=set)
    opened: bool = False
    interrupted: bool = False
    shown: bool = False
    hidden: bool = False
    link_is_down: bool = False
    taken_back: bool = False
    now: int = 0
    seen: dict[Side, int] = field(default_factory=dict)

    def until(self, second: int) -> None:
        """Count the seconds up to here."""
        pays = self.opened and self.shown and not self.hidden and not self.link_is_down
        if self.policy.reclaimed is Reclaimed.PAUSE and self.taken_back:
            pays = False
        if pays:
            self.paid |= {(self.boot, s) for s in range(self.now, second)}
        self.now = second

    def strike_unproved(self) -> None:
        """Take back what came after the last sign of either side."""
        alive = min(self.seen.values())
        self.paid = {(boot, s) for boot, s in self.paid if s < alive}


@dataclass
class Played:
    """A random session, twice: as its journal, and as the oracle saw it."""

    journal: Journal
    oracle: Oracle


def play(
    script: list[Step], end: str, policy: Policy, *, number: int = 1, start: int = 0
) -> Played:
    """Live through a script; what has no place at the moment is left out."""
    journal = Journal(number, at_us=start * SECOND)
    oracle = Oracle(policy, journal.boot, now=start)
    _open(journal, oracle)
    for action, delay, one, two in script:
        journal.wait(delay)
        oracle.until(journal.at_us // SECOND)
        _step(journal, oracle, action, one, two)
    _end(journal, oracle, end)
    return Played(journal, oracle)


def _open(journal: Journal, oracle: Oracle) -> None:
    journal.pair()
    oracle.seen = dict.fromkeys((CUSTOMER, TECHNICIAN), oracle.now)
    journal.grant_view()
    oracle.shown = True
    oracle.opened = oracle.policy.service_opens is Opening.VIEW


def _step(
    journal: Journal, oracle: Oracle, action: str | int, one: int, two: int
) -> None:
    state, now = journal.session.state, oracle.now
    if isinstance(action, int):
        menu = MENU[state]
        action = menu[action % len(menu)]
    if action == "grant" and state in (State.VIEWING, State.RECLAIMED):
        journal.grant_control()
        oracle.opened, oracle.taken_back = True, False
        oracle.seen = dict.fromkeys(oracle.seen, now)
    elif action == "release" and state is State.CONTROLLING:
        journal.act(TECHNICIAN, Event.CONTROL_RELEASED)
        oracle.seen[TECHNICIAN] = now
    elif action == "reclaim" and state is State.CONTROLLING:
        journal.reclaim()
        oracle.taken_back = True
        oracle.seen[CUSTOMER] = now
    elif action == "late" and state is State.CONTROLLING:
        act = journal.write(TECHNICIAN, Event.CONTROL_RELEASED)
        journal.reclaim().append(act, late=True)
        oracle.taken_back = True
        oracle.seen[CUSTOMER] = now
    elif action == "pause" and is_allowed(Event.PAUSED, state):
        journal.act(CUSTOMER, Event.PAUSED)
        oracle.hidden, oracle.link_is_down = True, False
        oracle.seen[CUSTOMER] = now
    elif action == "continue" and state is State.PAUSED:
        journal.act(CUSTOMER, Event.CONTINUED)
        oracle.hidden = False
        oracle.seen[CUSTOMER] = now
    elif action == "lose" and is_allowed(Event.LINK_LOST, state):
        _lose(journal, oracle, one, two)
    elif action == "restore" and state is State.INTERRUPTED:
        journal.fact(Event.LINK_RESTORED)
        oracle.link_is_down = False
        oracle.seen = dict.fromkeys(oracle.seen, now)
    elif action == "checkpoint" and is_allowed(Remark.CHECKPOINT, state):
        journal.checkpoint()
        oracle.seen = dict.fromkeys(oracle.seen, now)
    elif action == "tick" and is_allowed(Remark.TICK, state):
        journal.act(CUSTOMER, Remark.TICK)
        oracle.seen[CUSTOMER] = now


def _lose(journal: Journal, oracle: Oracle, one: int, two: int) -> None:
    for side, age in ((CUSTOMER, one), (TECHNICIAN, two)):
        oracle.seen[side] = max(oracle.seen[side], oracle.now - age)
    journal.lose(
        customer_us=max(0, oracle.now - one) * SECOND,
        technician_us=max(0, oracle.now - two) * SECOND,
    )
    oracle.link_is_down = not oracle.hidden
    oracle.strike_unproved()


def _end(journal: Journal, oracle: Oracle, end: str) -> None:
    if end == "customer":
        journal.end()
    elif end == "technician":
        journal.end(TECHNICIAN)
    elif end == "unsafe":
        journal.end(TECHNICIAN, more={"interruption": "unsafe"})
        oracle.interrupted = True
    elif end == "relay":
        journal.end(Side.RELAY, "time_limit")
        oracle.strike_unproved()
    else:
        if end == "recovered":
            journal.recover(boot="boot-9", at_us=1)
        oracle.strike_unproved()


def expected(several: list[Played], policy: Policy, tariff: Tariff) -> tuple[int, int]:
    """Return the oracle's seconds and units for an engagement."""
    seconds = len(set().union(*(played.oracle.paid for played in several)))
    if not any(played.oracle.opened for played in several):
        return seconds, 0
    interrupted = any(played.oracle.interrupted for played in several)
    if seconds < policy.min_service_s and not interrupted:
        return seconds, 0
    units = 0
    while units * tariff.unit_s < seconds:
        units += 1
    return seconds, units if units > tariff.minimum_units else tariff.minimum_units
