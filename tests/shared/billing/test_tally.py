"""The time that counts: against an oracle, and rule by rule."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cordee_shared.billing.policy import (
    AS_WRITTEN_2021,
    LAW_CORRECTED_2026,
    Opening,
    Policy,
    Reclaimed,
)
from cordee_shared.billing.rating import rate
from cordee_shared.billing.tally import CRASHED, Flag, Segment, in_order, tally
from cordee_shared.errors import Tampered
from cordee_shared.journal.entry import Entry, Moment, read_entry, write_act, write_fact
from cordee_shared.session.states import Event, Remark, Side, State
from tests.shared.billing.timelines import Step, ends, expected, play, starts, steps
from tests.shared.journals import (
    CUSTOMER,
    RELAY,
    SECOND,
    TARIFF,
    TECHNICIAN,
    Journal,
    helped,
)

#: Short units and a short threshold, so that a random session meets both.
QUICK = replace(TARIFF, unit_s=30, minimum_units=2)
SHORT = replace(LAW_CORRECTED_2026, min_service_s=7)
LITERAL = replace(AS_WRITTEN_2021, min_service_s=0)

policies = st.builds(
    lambda reclaimed, opens: replace(SHORT, reclaimed=reclaimed, service_opens=opens),
    st.sampled_from(Reclaimed),
    st.sampled_from(Opening),
)


def counted(journal: Journal, policy: Policy = LAW_CORRECTED_2026) -> list[Segment]:
    """Return the segments of one session."""
    return list(tally([journal.entries], policy).segments)


def spans(
    journal: Journal, policy: Policy = LAW_CORRECTED_2026
) -> list[tuple[int, int]]:
    """Return start and end of each segment, in whole seconds."""
    return [
        (s.start_us // SECOND, s.end_us // SECOND) for s in counted(journal, policy)
    ]


def cut(journal: Journal, policy: Policy = SHORT) -> tuple[int, int, int]:
    """Return what one session comes to."""
    result = rate(tally([journal.entries], policy), policy, QUICK)
    return result.seconds, result.units, result.amount_cents


# --- against the oracle -------------------------------------------------------------


@given(script=steps, end=ends, policy=policies)
def test_b02_one_session_is_worth_what_a_stopwatch_says(
    script: list[Step], end: str, policy: Policy
) -> None:
    played = play(script, end, policy)
    result = rate(tally([played.journal.entries], policy), policy, QUICK)
    assert (result.seconds, result.units) == expected([played], policy, QUICK)


@given(
    sessions=st.lists(st.tuples(steps, ends, starts), min_size=2, max_size=3),
    policy=policies,
)
def test_b02_sessions_of_an_engagement_are_worth_their_union(
    sessions: list[tuple[list[Step], str, int]], policy: Policy
) -> None:
    several = [
        play(script, end, policy, number=number, start=start)
        for number, (script, end, start) in enumerate(sessions, 1)
    ]
    counts = tally([played.journal.entries for played in several], policy)
    result = rate(counts, policy, QUICK)
    assert (result.seconds, result.units) == expected(several, policy, QUICK)


# --- invariants ---------------------------------------------------------------------


@given(script=steps, end=ends, policy=policies, seed=st.integers(0, 2**32))
def test_order_and_doubles_change_nothing(
    script: list[Step], end: str, policy: Policy, seed: int
) -> None:
    entries = play(script, end, policy).journal.entries
    mixed = entries + entries[::2]
    random.Random(seed).shuffle(mixed)
    assert tally([mixed], policy) == tally([entries], policy)


@given(script=steps, more=st.integers(0, 3600))
@example(script=[("grant", 0, 0, 0)], more=31)
def test_more_time_never_costs_less(script: list[Step], more: int) -> None:
    shorter = play(script, "customer", SHORT)
    longer = play([*script, ("nothing", more, 0, 0)], "customer", SHORT)
    assert cut(longer.journal) >= cut(shorter.journal)


@given(script=steps, end=ends)
def test_nothing_is_above_the_letter_of_the_contract(
    script: list[Step], end: str
) -> None:
    journal = play(script, end, SHORT).journal
    assert cut(journal, SHORT)[2] <= cut(journal, LITERAL)[2]


@given(
    script=steps, end=ends, jumps=st.lists(st.integers(-(10**10), 10**10), min_size=1)
)
def test_the_wall_clock_changes_neither_time_nor_money(
    script: list[Step], end: str, jumps: list[int]
) -> None:
    journal = play(script, end, SHORT).journal
    before = cut(journal)
    moved = [
        retimed(entry, at_ms=max(0, entry.moment.at_ms + jumps[entry.n % len(jumps)]))
        for entry in journal.entries
    ]
    journal.entries = moved
    assert cut(journal) == before


@given(
    script=steps,
    other=steps,
    end=st.sampled_from(["customer", "technician", "crash"]),
)
def test_an_engagement_never_owes_a_second_minimum(
    script: list[Step], other: list[Step], end: str
) -> None:
    one = play(script, end, SHORT, number=1).journal
    two = play(other, end, SHORT, number=2, start=5000).journal
    both = rate(tally([one.entries, two.entries], SHORT), SHORT, QUICK)
    assert both.units <= max(QUICK.minimum_units, -(-both.seconds // QUICK.unit_s))
    apart = [cut(one), cut(two)]
    if all(units for _, units, _ in apart):
        assert both.units <= sum(units for _, units, _ in apart)


@given(script=steps, at=st.integers(0, 60))
def test_cutting_time_by_acts_that_change_nothing_changes_nothing(
    script: list[Step], at: int
) -> None:
    # Without a loss: an act is also a proof of life, which a loss would ask for.
    names = ("grant", "release", "grant", "reclaim", "grant", "pause", "continue")
    quiet: list[Step] = [
        (names[int(what)], delay, 0, 0) for what, delay, _, _ in script
    ]
    whole = play([*quiet, ("grant", 0, 0, 0), ("nothing", 60, 0, 0)], "customer", SHORT)
    cuts: list[Step] = [
        ("grant", 0, 0, 0),
        ("release", at, 0, 0),
        ("tick", 0, 0, 0),
        ("checkpoint", 0, 0, 0),
        ("grant", 0, 0, 0),
        ("nothing", 60 - at, 0, 0),
    ]
    assert cut(play([*quiet, *cuts], "customer", SHORT).journal) == cut(whole.journal)


@given(script=steps, end=ends)
def test_segments_are_apart_and_lie_in_order(script: list[Step], end: str) -> None:
    parts = counted(play(script, end, SHORT).journal, SHORT)
    assert all(part.start_us < part.end_us for part in parts)
    assert all(a.end_us < b.start_us for a, b in itertools.pairwise(parts))


# --- what opens it ------------------------------------------------------------------


def test_r23_the_meter_opens_with_the_yes_to_control() -> None:
    journal = Journal().pair().wait(5).grant_view().wait(10).grant_control().wait(20)
    assert spans(journal.end()) == [(15, 35)]


def test_r23_the_meter_opens_with_the_yes_to_seeing_when_the_policy_says_so() -> None:
    policy = replace(LAW_CORRECTED_2026, service_opens=Opening.VIEW)
    journal = Journal().pair().wait(5).grant_view().wait(10).end()
    assert spans(journal, policy) == [(5, 15)]


def test_once_open_seeing_counts_like_driving() -> None:
    journal = Journal().help().wait(10).act(TECHNICIAN, Event.CONTROL_RELEASED)
    assert spans(journal.wait(20).end()) == [(0, 30)]


def test_driving_alone_may_be_all_that_counts() -> None:
    policy = replace(LAW_CORRECTED_2026, paid_states=(State.CONTROLLING,))
    journal = Journal().help().wait(10).act(TECHNICIAN, Event.CONTROL_RELEASED)
    assert spans(journal.wait(20).end(), policy) == [(0, 10)]


def test_each_session_opens_by_a_yes_of_its_own() -> None:
    first = helped(100, number=1)
    second = Journal(2, at_us=200 * SECOND).pair().grant_view().wait(50).end()
    both = tally([first.entries, second.entries], LAW_CORRECTED_2026)
    assert both.counted_us == 100 * SECOND


# --- what closes it -----------------------------------------------------------------


def test_each_segment_says_why_it_closed() -> None:
    journal = Journal().help().wait(10).reclaim().wait(1).grant_control().wait(10)
    journal.act(CUSTOMER, Event.PAUSED).wait(1).act(CUSTOMER, Event.CONTINUED).wait(10)
    now = journal.at_us
    journal.lose(customer_us=now, technician_us=now).wait(1)
    journal.fact(Event.LINK_RESTORED).wait(10).end(TECHNICIAN)
    assert [(part.length_us // SECOND, part.cause) for part in counted(journal)] == [
        (10, "reclaimed"),
        (10, "paused"),
        (10, "link_lost"),
        (10, "technician_ended"),
    ]


def test_r26_control_taken_back_stands_through_a_lost_link() -> None:
    journal = Journal().help().wait(10).reclaim()
    journal.lose(customer_us=journal.at_us, technician_us=journal.at_us).wait(1)
    journal.fact(Event.LINK_RESTORED).wait(100)
    assert journal.session.state is State.VIEWING
    assert spans(journal.end()) == [(0, 10)]


def test_r26_control_taken_back_stands_through_a_hidden_screen() -> None:
    journal = Journal().help().wait(10).reclaim().wait(5).act(CUSTOMER, Event.PAUSED)
    journal.act(CUSTOMER, Event.CONTINUED).wait(100).end()
    assert spans(journal) == [(0, 10)]


def test_r26_a_fresh_yes_starts_the_meter_again() -> None:
    journal = Journal().help().wait(10).reclaim().wait(5).grant_control().wait(7).end()
    assert spans(journal) == [(0, 10), (15, 22)]


def test_a_loss_closes_at_the_last_proof_of_either_side() -> None:
    journal = Journal().help().wait(100)
    journal.lose(customer_us=97 * SECOND, technician_us=91 * SECOND)
    assert spans(journal.wait(120).end(Side.RELAY, "link_expired")) == [(0, 91)]


def test_a_loss_reaches_back_over_what_one_side_did_alone() -> None:
    journal = Journal().help().wait(95).act(CUSTOMER, Event.PAUSED).wait(2)
    journal.act(CUSTOMER, Event.CONTINUED).wait(8)
    journal.lose(customer_us=105 * SECOND, technician_us=90 * SECOND)
    assert spans(journal.wait(120).end(Side.RELAY, "link_expired")) == [(0, 90)]


def test_a_proof_from_the_future_proves_no_more_than_now() -> None:
    journal = Journal().help().wait(100)
    journal.lose(customer_us=10**12, technician_us=10**12).wait(50)
    journal.act(CUSTOMER, Event.PAUSED).act(CUSTOMER, Event.CONTINUED).wait(50)
    journal.lose(customer_us=199 * SECOND, technician_us=180 * SECOND)
    assert spans(journal.end()) == [(0, 100), (150, 180)]


def test_a_link_that_came_back_counts_until_both_prove_no_more() -> None:
    journal = Journal().help().wait(10)
    journal.lose(customer_us=9 * SECOND, technician_us=9 * SECOND).wait(20)
    journal.fact(Event.LINK_RESTORED).wait(7).checkpoint().wait(3)
    journal.lose(customer_us=8 * SECOND, technician_us=8 * SECOND)
    assert spans(journal.end()) == [(0, 9), (30, 37)]


@pytest.mark.parametrize("proofs", [{}, {"customer_us": "90", "technician_us": True}])
def test_a_loss_without_proofs_closes_at_what_the_journal_proves(
    proofs: dict[str, str | bool],
) -> None:
    journal = Journal().help().wait(60).checkpoint().wait(15)
    journal.fact(Event.LINK_LOST, {"side": "customer", **proofs})
    assert spans(journal.wait(5).end()) == [(0, 60)]


def test_an_end_by_the_relay_closes_at_the_last_proof() -> None:
    journal = Journal().help().wait(100)
    data = {"customer_us": 99 * SECOND, "technician_us": 95 * SECOND}
    assert spans(journal.end(Side.RELAY, "time_limit", data)) == [(0, 95)]


def test_an_end_by_a_person_closes_when_it_is_durable() -> None:
    assert spans(Journal().help().wait(60).checkpoint().wait(14).end()) == [(0, 74)]


def test_a_journal_that_stops_proves_each_side_by_its_own_acts() -> None:
    journal = Journal().help().wait(30).checkpoint().wait(5)
    journal.act(CUSTOMER, Remark.TICK).wait(9)
    assert spans(journal) == [(0, 30)]
    journal.act(TECHNICIAN, Event.CONTROL_RELEASED)
    assert spans(journal) == [(0, 35)]
    assert [part.cause for part in counted(journal)] == [CRASHED]


def test_a_recovered_end_is_read_by_no_clock_of_its_own() -> None:
    journal = Journal(at_us=50 * SECOND).help().wait(30).checkpoint().wait(5)
    for boot, at_us in (("boot-2", 1), ("boot-2", 10**15), ("boot-1", 10**15)):
        recovered = tally([journal.entries], LAW_CORRECTED_2026)
        journal.recover(boot=boot, at_us=at_us)
        closed = tally([journal.entries], LAW_CORRECTED_2026)
        assert closed == recovered
        assert closed.flags == {Flag.CRASH, Flag.OWN_FAULT}
        journal.entries.pop()


def test_different_boots_are_never_subtracted() -> None:
    journal = Journal(at_us=1000 * SECOND).help().wait(30).checkpoint()
    journal.boot, journal.at_us, journal.session.at_us = "boot-2", 10 * SECOND, None
    journal.checkpoint().wait(20).end()
    assert [(p.boot, p.length_us // SECOND, p.cause) for p in counted(journal)] == [
        ("boot-1", 30, CRASHED),
        ("boot-2", 20, "customer_ended"),
    ]


def test_sessions_overlap_only_within_one_boot() -> None:
    one, two = helped(100, number=1), Journal(2, boot="boot-2").help().wait(100).end()
    both = tally([one.entries, two.entries], LAW_CORRECTED_2026)
    assert both.counted_us == 200 * SECOND


def test_a_late_entry_has_no_effect() -> None:
    journal = Journal().help().wait(10)
    act = journal.write(TECHNICIAN, Event.CONTROL_RELEASED)
    journal.reclaim().wait(5)
    without = tally([journal.entries], LAW_CORRECTED_2026)
    journal.append(act, late=True)
    assert tally([journal.entries], LAW_CORRECTED_2026) == without


def test_the_printed_end_is_the_start_plus_what_was_measured() -> None:
    journal = Journal(at_ms=1_000_000).help().wait(60).step_wall(-500_000).end()
    (part,) = counted(journal)
    assert (part.start_ms, part.end_ms) == (1_000_000, 1_060_000)


def test_an_engagement_without_entries_comes_to_nothing() -> None:
    nothing = tally([[]], LAW_CORRECTED_2026)
    assert (nothing.segments, nothing.opened, nothing.flags) == ((), False, frozenset())


# --- journals that lie --------------------------------------------------------------


def retimed(
    entry: Entry, at_ms: int | None = None, mono_us: int | None = None
) -> Entry:
    """Return the entry as if it had been written at another time."""
    moment = Moment(
        entry.moment.boot,
        entry.moment.mono_us if mono_us is None else mono_us,
        entry.moment.at_ms if at_ms is None else at_ms,
    )
    if entry.act is not None:
        return write_act(entry.n, moment, entry.act, entry.state, late=entry.late)
    return write_fact(
        entry.n, moment, entry.session, entry.kind, entry.state, entry.data, RELAY
    )


def refuses(entries: Sequence[Entry], why: str) -> None:
    """Assert that a journal is not billed, and why."""
    with pytest.raises(Tampered, match=why):
        tally([entries], LAW_CORRECTED_2026)


@pytest.mark.parametrize("hole", range(1, 9))
def test_r41_a_journal_with_a_hole_is_not_billed(hole: int) -> None:
    entries = helped(60).entries
    refuses(
        entries[:hole] + entries[hole + 1 :] if hole < 8 else entries[1:], "missing"
    )


def test_r41_a_number_that_stands_twice_is_not_billed() -> None:
    entries = helped(60).entries
    refuses([*entries, retimed(entries[3], at_ms=5)], "stands twice")


def test_r41_two_sessions_in_one_journal_are_not_billed() -> None:
    one, two = helped(60, number=1).entries, helped(60, number=2).entries
    refuses([*one[:4], *two[4:]], "another session")


def test_r41_a_clock_that_runs_backwards_is_not_billed() -> None:
    entries = Journal(at_us=100 * SECOND).help().wait(60).end().entries
    refuses([*entries[:-1], retimed(entries[-1], mono_us=7)], "went backwards")


def test_r41_a_state_that_the_table_does_not_lead_to_is_not_billed() -> None:
    entries = helped(60).entries
    last = entries[-1]
    assert last.act is not None
    wrong = write_act(last.n, last.moment, last.act, State.CONTROLLING, late=False)
    refuses([*entries[:-1], wrong], "says controlling, not ended")


def test_r41_a_withdrawal_called_late_is_not_billed() -> None:
    entries = Journal().help().wait(60).reclaim().entries
    last = entries[-1]
    assert last.act is not None
    wrong = write_act(last.n, last.moment, last.act, State.CONTROLLING, late=True)
    refuses([*entries[:-1], wrong], "called late and was in time")


def test_r41_the_relay_cannot_say_yes_for_the_customer() -> None:
    journal = Journal().pair().grant_view()
    forged = write_fact(
        len(journal.entries),
        journal.moment,
        journal.id,
        Event.CONTROL_GRANTED,
        State.CONTROLLING,
        {},
        RELAY,
    )
    refuses([*journal.entries, forged], "control_granted by relay while viewing")


def test_an_entry_read_back_counts_like_the_one_written() -> None:
    entries = helped(1234).entries
    again = [read_entry(entry.raw) for entry in entries]
    assert tally([again], LAW_CORRECTED_2026) == tally([entries], LAW_CORRECTED_2026)
    assert in_order(reversed(again)) == tuple(entries)
