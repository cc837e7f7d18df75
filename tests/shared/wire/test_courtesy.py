"""A file takes what is left of a line, and leaves the rest its time."""

from __future__ import annotations

from collections import deque

import pytest

from cordee_shared.limits import FILE_FLIGHT_MAX, FILE_PIECE_MAX, FILE_PIECE_MIN
from cordee_shared.wire.courtesy import CROWDED_S, TARGET_S, Courtesy

MBIT = 125_000.0


class Line:
    """A line of ``rate`` bytes a second, shared with what others send."""

    def __init__(self, rate: float, trip: float) -> None:
        self.rate, self.trip = rate, trip
        self.now = self.free = 0.0
        self.courtesy = Courtesy()
        self.courtesy.begin(0)
        self.at = 0
        self.way: deque[tuple[float, int]] = deque()
        #: What somebody else's byte would have waited, at each piece sent.
        self.queues: list[float] = []

    def run(self, until: float, others: float = 0.0) -> int:
        """Send until ``until``; others use this share of the line. Bytes carried."""
        before = self.at
        rate = self.rate * (1 - others)
        while self.now < until:
            while (size := self.courtesy.may_send(self.now)) > 0:
                self.courtesy.sent(size, self.now)
                self.at += size
                self.free = max(self.free, self.now) + size / rate
                self.queues.append(self.free - self.now)
                self.way.append((self.free + self.trip, self.at))
            if self.way:
                self.now, acked = self.way.popleft()
                self.courtesy.acked(acked, self.now)
            else:
                self.now += max(self.courtesy.wait_s(self.now), 1e-6)
        return self.at - before

    def burst(self, size: int) -> None:
        """Somebody else puts so much on the line now."""
        self.free = max(self.free, self.now) + size / self.rate


@pytest.mark.parametrize(
    ("rate", "trip"), [(MBIT, 0.03), (8 * MBIT, 0.05), (100 * MBIT, 0.01)]
)
def test_alone_a_file_uses_the_line(rate: float, trip: float) -> None:
    line = Line(rate, trip)
    line.run(3.0)
    carried = line.run(8.0)
    # A window bounded at 256 KiB is all that a fast, long line is given.
    possible = min(rate, FILE_FLIGHT_MAX / (trip + FILE_PIECE_MAX / rate))
    assert carried / 5.0 > 0.75 * possible


def test_nothing_waits_long_behind_a_file_on_1_mbit() -> None:
    line = Line(MBIT, 0.03)
    line.run(2.0)
    line.queues.clear()
    line.run(12.0)
    late = sorted(line.queues)[int(len(line.queues) * 0.95)]
    assert late < 2 * TARGET_S + FILE_PIECE_MIN / MBIT


def test_a_file_steps_back_when_others_fill_the_line() -> None:
    line = Line(MBIT, 0.03)
    alone = line.run(5.0) / 5.0
    for _ in range(200):
        # Pictures keep 60 ms of queue; so much is always in front of the file.
        line.burst(max(0, int((0.060 - (line.free - line.now)) * MBIT)))
        line.run(line.now + 0.01)
    before, since = line.at, line.now
    for _ in range(400):
        line.burst(max(0, int((0.060 - (line.free - line.now)) * MBIT)))
        line.run(line.now + 0.01)
    beside = (line.at - before) / (line.now - since)
    assert beside < 0.2 * alone
    # And yet it goes on.
    assert beside > 0.5 * FILE_PIECE_MIN / CROWDED_S


def test_and_takes_the_line_again_when_they_are_done() -> None:
    line = Line(MBIT, 0.03)
    line.run(3.0)
    line.burst(int(2 * MBIT))
    line.run(8.0)
    assert line.run(13.0) / 5.0 > 0.75 * MBIT


def test_pieces_are_small_on_a_slow_line_and_large_on_a_fast_one() -> None:
    slow, fast = Line(MBIT, 0.03), Line(1000 * MBIT, 0.001)
    slow.run(5.0)
    fast.run(1.0)
    assert slow.courtesy.may_send(slow.now + 1) in (0, FILE_PIECE_MIN)
    assert fast.courtesy.window == FILE_FLIGHT_MAX
    assert fast.courtesy.window // 8 == FILE_PIECE_MAX


def test_a_foreign_or_doubled_acknowledgement_changes_nothing() -> None:
    courtesy = Courtesy()
    courtesy.begin(0)
    courtesy.acked(10_000, 1.0)
    courtesy.sent(2048, 1.0)
    window = courtesy.window
    courtesy.acked(0, 2.0)
    assert courtesy.window == window
