"""The table, walked whole: nobody sees and nobody drives without a yes in force.

The table is finite, so nothing is sampled. The walk keeps its own idea of what the
customer has said yes to, and compares; tables with a planted fault show that it can
fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cordee_shared.session import states
from cordee_shared.session.states import (
    AUTHORS,
    DRIVEN,
    GRANTS,
    PLACES,
    SEALED,
    SHARED,
    TRANSITIONS,
    VISIBLE,
    WITHDRAWALS,
    EndReason,
    Event,
    Remark,
    Side,
    State,
)

E, S = Event, State
Table = Mapping[State, Mapping[Event, State]]
LIVING = frozenset(S) - {S.ENDED}


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, and what the customer's words so far allow in it."""

    state: State
    may_view: bool = False
    may_control: bool = False
    hidden: bool = False


#: What each event says about the customer's will, whatever the table does with it.
SAYS: Mapping[Event, dict[str, Any]] = {
    E.VIEW_GRANTED: {"may_view": True},
    E.CONTROL_GRANTED: {"may_control": True},
    E.CONTROL_RELEASED: {"may_control": False},
    E.RECLAIMED: {"may_control": False},
    E.PAUSED: {"may_control": False, "hidden": True},
    E.CONTINUED: {"hidden": False},
    E.LINK_LOST: {"may_control": False},
    E.RUN_FAILED: {"may_view": False, "may_control": False},
    E.ENDED: {"may_view": False, "may_control": False},
}

Path = tuple[Event, ...]


def walk(table: Table) -> dict[Standing, Path]:
    """Return everything that can be reached, with a shortest way there."""
    start = Standing(S.WAITING)
    found: dict[Standing, Path] = {start: ()}
    queue = [start]
    for at in queue:
        for event, after in table[at.state].items():
            there = replace(at, state=after, **SAYS.get(event, {}))
            if there not in found:
                found[there] = (*found[at], event)
                queue.append(there)
    return found


# --- the laws: each returns what breaks it, with the way there ----------------------


def seen_without_a_yes(table: Table) -> list[tuple[Standing, Path]]:
    """Somebody sees, and the customer has not said yes, or has hidden the screen."""
    return [
        (at, way)
        for at, way in walk(table).items()
        if at.state in VISIBLE and (not at.may_view or at.hidden)
    ]


def driven_without_a_yes(table: Table) -> list[tuple[Standing, Path]]:
    """Somebody drives, and no yes to it is in force."""
    return [
        (at, way)
        for at, way in walk(table).items()
        if at.state in DRIVEN and not (at.may_control and at.may_view)
    ]


def drivers_after_a_lost_link(table: Table) -> list[State]:
    """Control that survives a lost link."""
    return [at for at in LIVING if table[at].get(E.LINK_LOST, S.ENDED) in DRIVEN] + [
        at for at in LIVING if table[at].get(E.LINK_RESTORED, S.ENDED) in DRIVEN
    ]


def given_back_by_others(table: Table) -> list[tuple[State, Event]]:
    """Control that comes by anything but the customer's yes to it."""
    return [
        (at, event)
        for at, row in table.items()
        for event, after in row.items()
        if after in DRIVEN and event is not E.CONTROL_GRANTED
    ]


def uncovered_by_others(table: Table) -> list[tuple[State, Event]]:
    """A hidden screen that is shown by anything but the customer's word."""
    return [
        (S.PAUSED, event)
        for event, after in table[S.PAUSED].items()
        if after not in (S.PAUSED, S.ENDED) and event is not E.CONTINUED
    ]


def power_without_a_way_out(table: Table) -> list[tuple[State, Event]]:
    """Power that the customer cannot take away in the state where it is."""
    lacking = [(at, E.ENDED) for at in LIVING if table[at].get(E.ENDED) is not S.ENDED]
    lacking += [(at, E.PAUSED) for at in VISIBLE if E.PAUSED not in table[at]]
    lacking += [(at, E.RECLAIMED) for at in DRIVEN if E.RECLAIMED not in table[at]]
    return lacking


def free_guesses(table: Table) -> list[tuple[Event, State]]:
    """Ways to be pairing again that spend no run."""
    return [
        (event, after)
        for event, after in table[S.PAIRING].items()
        if (event is E.LINK_LOST and after is not S.ENDED) or after is S.PAIRING
    ]


LAWS: tuple[Callable[[Table], list[Any]], ...] = (
    seen_without_a_yes,
    driven_without_a_yes,
    drivers_after_a_lost_link,
    given_back_by_others,
    uncovered_by_others,
    power_without_a_way_out,
    free_guesses,
)


def test_nobody_sees_without_a_yes_in_force() -> None:
    assert seen_without_a_yes(TRANSITIONS) == []


def test_nobody_drives_without_a_yes_in_force() -> None:
    assert driven_without_a_yes(TRANSITIONS) == []


def test_control_never_survives_a_lost_link() -> None:
    assert drivers_after_a_lost_link(TRANSITIONS) == []


def test_only_a_fresh_yes_gives_control_back() -> None:
    assert given_back_by_others(TRANSITIONS) == []


def test_a_hidden_screen_is_uncovered_by_the_customer_only() -> None:
    assert uncovered_by_others(TRANSITIONS) == []
    assert AUTHORS[E.CONTINUED] == {Side.CUSTOMER}


def test_the_customer_can_take_power_away_wherever_somebody_has_it() -> None:
    assert power_without_a_way_out(TRANSITIONS) == []
    for event in WITHDRAWALS:
        assert Side.CUSTOMER in AUTHORS[event]


def test_a_lost_link_while_pairing_is_no_free_guess() -> None:
    assert free_guesses(TRANSITIONS) == []


def planted(at: State, event: Event, after: State) -> Table:
    """Return the table with one cell changed."""
    return {**TRANSITIONS, at: {**TRANSITIONS[at], event: after}}


FAULTS = {
    "control after a lost link": (
        planted(S.INTERRUPTED, E.LINK_RESTORED, S.CONTROLLING),
        {driven_without_a_yes, drivers_after_a_lost_link, given_back_by_others},
    ),
    "a way round consent": (
        planted(S.CONSENTING, E.LINK_RESTORED, S.VIEWING),
        {seen_without_a_yes, driven_without_a_yes},
    ),
    "skipping consent": (
        planted(S.PAIRING, E.KEYS_CONFIRMED, S.VIEWING),
        {seen_without_a_yes, driven_without_a_yes},
    ),
    "uncovering a paused screen": (
        planted(S.PAUSED, E.LINK_RESTORED, S.VIEWING),
        {seen_without_a_yes, uncovered_by_others},
    ),
    "a release that keeps control": (
        planted(S.CONTROLLING, E.CONTROL_RELEASED, S.CONTROLLING),
        {driven_without_a_yes, given_back_by_others},
    ),
    "control that outlives the link": (
        planted(S.CONTROLLING, E.LINK_LOST, S.CONTROLLING),
        {driven_without_a_yes, drivers_after_a_lost_link, given_back_by_others},
    ),
    "time gives control back": (
        planted(S.RECLAIMED, E.LINK_RESTORED, S.CONTROLLING),
        {driven_without_a_yes, drivers_after_a_lost_link, given_back_by_others},
    ),
    "a screen that cannot be hidden": (
        {**TRANSITIONS, S.RECLAIMED: {E.ENDED: S.ENDED}},
        {power_without_a_way_out},
    ),
    "a link lost while pairing": (
        planted(S.PAIRING, E.LINK_LOST, S.PAIRING),
        {free_guesses},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_walk_finds_a_planted_fault(fault: str) -> None:
    table, expected = FAULTS[fault]
    assert {law for law in LAWS if law(table)} == expected


def test_the_walk_shows_the_path_that_led_there() -> None:
    table, _ = FAULTS["skipping consent"]
    at, way = seen_without_a_yes(table)[0]
    assert at.state is S.VIEWING
    assert way == (E.CODE_CLAIMED, E.KEYS_CONFIRMED)


# --- the rest of the table ----------------------------------------------------------


def test_every_state_can_be_reached() -> None:
    assert {at.state for at in walk(TRANSITIONS)} == set(S)


def test_the_end_is_the_end() -> None:
    assert TRANSITIONS[S.ENDED] == {}
    assert all(S.ENDED not in places for places in PLACES.values())


def test_every_event_and_remark_has_authors_and_a_place() -> None:
    assert set(AUTHORS) == {*Event, *Remark}
    assert set(PLACES) == set(Remark)
    assert {event for row in TRANSITIONS.values() for event in row} == set(Event)
    assert all(AUTHORS.values())
    assert all(PLACES.values())


def test_the_relay_never_says_yes_for_the_customer() -> None:
    for event in GRANTS:
        assert AUTHORS[event] == {Side.CUSTOMER}


def test_power_goes_up_by_the_customers_grants_and_by_a_link_that_is_back() -> None:
    def power(state: State) -> int:
        return (state in VISIBLE) + (state in DRIVEN)

    raising = {
        event
        for at, row in TRANSITIONS.items()
        for event, after in row.items()
        if power(after) > power(at)
    }
    assert raising == {*GRANTS, E.LINK_RESTORED}


def test_the_technician_can_only_lower_power() -> None:
    events = {event for event in Event if Side.TECHNICIAN in AUTHORS[event]}
    assert events == {E.CONTROL_RELEASED, E.ENDED}


def test_a_withdrawal_leads_where_the_agent_goes_at_once() -> None:
    for event, least in WITHDRAWALS.items():
        places = {row[event] for row in TRANSITIONS.values() if event in row}
        assert places == {least}


def test_driving_needs_seeing_and_seeing_needs_keys() -> None:
    assert DRIVEN < VISIBLE < SHARED < SEALED
    assert not {S.PAIRING, S.CONSENTING} & SHARED, "first a yes"
    assert not {S.WAITING, S.INTERRUPTED, S.ENDED} & SEALED


def test_checkpoints_are_written_where_time_can_count() -> None:
    assert PLACES[Remark.CHECKPOINT] == {S.VIEWING, S.CONTROLLING}


def test_names_are_told_apart_on_the_wire() -> None:
    assert not {event.value for event in Event} & {remark.value for remark in Remark}
    assert len({reason.value for reason in EndReason}) == len(EndReason)


def test_the_table_cannot_be_changed_in_passing() -> None:
    with pytest.raises(TypeError):
        states.TRANSITIONS[S.ENDED] = {}  # type: ignore[index]  # that it cannot
