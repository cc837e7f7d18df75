"""Deadlines without timers."""

import dataclasses

from cordee_server.relay.deadlines import Deadline, Deadlines, Times
from cordee_shared.ids import SessionId, session_id

ONE, TWO = session_id(b"1" * 16), session_id(b"2" * 16)


def test_what_is_due_comes_in_order_and_once() -> None:
    deadlines = Deadlines()
    deadlines.set(TWO, Deadline.CODE, 20)
    deadlines.set(ONE, Deadline.IDLE, 10)
    deadlines.set(ONE, Deadline.LONGEST, 30)
    assert deadlines.due(9) == []
    assert deadlines.due(20) == [(ONE, Deadline.IDLE), (TWO, Deadline.CODE)]
    assert deadlines.due(20) == []
    assert len(deadlines) == 1


def test_a_deadline_that_moved_is_due_at_its_new_time_only() -> None:
    deadlines = Deadlines()
    deadlines.set(ONE, Deadline.IDLE, 10)
    deadlines.set(ONE, Deadline.IDLE, 50)
    assert deadlines.at(ONE, Deadline.IDLE) == 50
    assert deadlines.due(49) == []
    assert deadlines.due(50) == [(ONE, Deadline.IDLE)]
    deadlines.set(ONE, Deadline.IDLE, 90)
    deadlines.set(ONE, Deadline.IDLE, 60)
    assert deadlines.due(60) == [(ONE, Deadline.IDLE)]
    assert deadlines.due(90) == []


def test_clearing_takes_the_named_ones_or_all_of_a_session() -> None:
    deadlines = Deadlines()
    for session in (ONE, TWO):
        for what in (Deadline.CODE, Deadline.PAIRING, Deadline.IDLE):
            deadlines.set(session, what, 10)
    deadlines.clear(ONE, Deadline.CODE, Deadline.PAIRING)
    deadlines.clear(TWO)
    assert deadlines.due(10) == [(ONE, Deadline.IDLE)]
    assert deadlines.at(SessionId("nobody"), Deadline.CODE) is None


def test_every_time_has_a_positive_default() -> None:
    times = Times()
    assert all(getattr(times, f.name) > 0 for f in dataclasses.fields(times))
    assert times.resume_s == times.consent_s == 120
