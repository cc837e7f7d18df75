from collections import deque

import pytest

from cordee_agent.picture.pacer import (
    PING_S,
    REPORT_S,
    STALL_S,
    URGENT_EXTRA,
    WINDOW_MIN,
    Pacer,
)
from cordee_shared.limits import PICTURE_FLIGHT_MAX


class Way:
    """A link of so many bytes a second, a round trip, and a console at its end."""

    def __init__(self, rate: float, trip: float, pacer: Pacer) -> None:
        self.now = 100.0
        self.rate, self.trip = rate, trip
        self.pacer = pacer
        self.free_at = self.now
        self.delays: list[float] = []
        self._coming: deque[tuple[float, int]] = deque()
        self._seq = 0
        pacer.begin(self.now)

    def send(self, size: int) -> None:
        self._seq += 1
        self.free_at = max(self.free_at, self.now) + size / self.rate
        self.delays.append(self.free_at - self.now)
        self._coming.append((self.free_at + self.trip, self._seq))
        self.pacer.sent(self._seq, size, self.now)

    def pass_time(self, seconds: float) -> None:
        until = self.now + seconds
        while self._coming and self._coming[0][0] <= until:
            self.now, seq = self._coming.popleft()
            self.pacer.painted(seq, self.now)
        self.now = until

    def stream(self, seconds: float, size: int = 5_000) -> int:
        """Send chunks whenever allowed; return the bytes that went."""
        gone = 0
        end = self.now + seconds
        while self.now < end:
            while self.pacer.may_send(self.now):
                self.send(size)
                gone += size
            self.pass_time(0.005)
        return gone


def test_it_begins_with_a_small_window_that_grows_until_the_way_is_known() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    before = pacer.window
    assert pacer.measured_trip == 0
    assert pacer.may_send(0.0)
    pacer.sent(1, 5_000, 0.0)
    assert pacer.painted(1, 0.08)
    assert pacer.measured_trip == 0.08
    assert pacer.window == before + 5_000


def test_what_is_not_urgent_goes_only_where_there_is_no_queue() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    seen = [pacer.may_fill]
    pacer.sent(1, 2_000, 0.0)
    seen.append(pacer.may_fill)
    pacer.painted(1, 0.1)
    seen.append(pacer.may_fill)
    assert seen == [True, False, True]


def test_a_full_window_is_exceeded_by_what_is_urgent_only() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    pacer.sent(1, pacer.window, 0.0)
    assert not pacer.may_send(0.0)
    assert pacer.may_send(0.0, urgent=True)
    pacer.sent(2, URGENT_EXTRA, 0.0)
    assert not pacer.may_send(0.0, urgent=True)


def test_an_acknowledgement_covers_all_before_it_and_counts_once() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    for seq in range(1, 4):
        pacer.sent(seq, 1000, 0.0)
    assert pacer.painted(2, 0.1)
    assert pacer.in_flight == 1000
    assert not pacer.painted(2, 0.2)
    assert not pacer.painted(1, 0.2)
    assert pacer.in_flight == 1000


def test_an_acknowledgement_of_what_was_never_sent_changes_nothing() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    assert not pacer.painted(0, 0.0)
    pacer.sent(1, 1000, 0.0)
    assert not pacer.painted(2, 0.1)
    assert pacer.in_flight == 1000


@pytest.mark.parametrize(
    ("mbit", "trip"), [(0.5, 0.08), (1.0, 0.06), (2.0, 0.06), (4.0, 0.05), (20.0, 0.01)]
)
def test_a_steady_way_is_used_without_a_long_queue(mbit: float, trip: float) -> None:
    pacer = Pacer()
    way = Way(mbit * 125_000, trip, pacer)
    way.stream(2.0)
    way.delays.clear()
    gone = way.stream(5.0)
    assert gone >= 0.85 * 5.0 * way.rate
    # 60 ms is aimed at; the probing and one chunk come on top.
    assert sorted(way.delays)[len(way.delays) // 2] <= 0.15 + 5_000 / way.rate


def test_the_rate_is_not_overestimated_by_bursts_of_acknowledgements() -> None:
    pacer = Pacer()
    way = Way(125_000, 0.06, pacer)
    way.stream(6.0)
    assert 0.8 * way.rate <= pacer.rate <= 1.3 * way.rate


def test_the_window_never_exceeds_what_a_stopped_console_may_cost() -> None:
    pacer = Pacer()
    way = Way(50_000_000, 0.1, pacer)
    way.stream(6.0)
    assert WINDOW_MIN <= pacer.window <= PICTURE_FLIGHT_MAX


def test_a_slower_way_is_noticed() -> None:
    pacer = Pacer()
    way = Way(500_000, 0.05, pacer)
    way.stream(3.0)
    way.rate = 60_000
    way.stream(8.0)
    way.delays.clear()
    way.stream(3.0)
    assert sorted(way.delays)[len(way.delays) // 2] <= 0.4


def test_without_acknowledgement_for_3_s_it_stops_and_pings() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    pacer.sent(1, 100, 0.0)
    assert pacer.may_send(STALL_S - 0.01)
    assert not pacer.must_ping(STALL_S - 0.01)
    assert pacer.is_stalled(STALL_S)
    assert not pacer.may_send(STALL_S, urgent=True)
    assert pacer.must_ping(STALL_S)
    pacer.sent(2, 5, STALL_S)
    pacer.pinged(STALL_S)
    assert not pacer.must_ping(STALL_S + PING_S / 2)
    assert pacer.must_ping(STALL_S + PING_S)


def test_after_a_stall_it_begins_again_from_the_smallest_window() -> None:
    pacer = Pacer()
    way = Way(500_000, 0.05, pacer)
    way.stream(3.0)
    assert pacer.window > WINDOW_MIN
    way.trip = 10.0
    way.send(1_000)
    way.pass_time(STALL_S + 0.2)
    assert pacer.is_stalled(way.now)
    way.pass_time(10.0)
    assert not pacer.is_stalled(way.now)
    assert pacer.window == WINDOW_MIN
    assert pacer.may_send(way.now)


def test_silence_while_nothing_is_on_its_way_is_no_stall() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    assert pacer.may_send(60.0)
    pacer.sent(1, 100, 60.0)
    assert not pacer.is_stalled(62.9)
    assert pacer.is_stalled(63.0)


def test_a_living_way_is_pinged_every_three_seconds_busy_or_not() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    assert not pacer.must_ping(REPORT_S - 0.1)
    assert pacer.must_ping(REPORT_S)
    pacer.sent(1, 5, REPORT_S)
    pacer.pinged(REPORT_S)
    assert not pacer.must_ping(REPORT_S + 0.5)
    pacer.painted(1, REPORT_S + 0.05)
    assert pacer.min_rtt == pytest.approx(0.05)
    pacer.sent(2, 5_000, 2 * REPORT_S - 0.1)
    assert pacer.must_ping(2 * REPORT_S)


def test_what_was_measured_stays_while_little_is_sent() -> None:
    pacer = Pacer()
    way = Way(125_000, 0.06, pacer)
    way.stream(3.0)
    rate = pacer.rate
    for step in range(40):  # keys, for twenty seconds
        at = way.now + step * 0.5
        pacer.sent(10_000 + step, 60, at)
        assert pacer.painted(10_000 + step, at + 0.06)
    assert pacer.rate == rate


def test_one_message_on_an_empty_way_measures_it() -> None:
    pacer = Pacer()
    pacer.begin(0.0)
    pacer.sent(1, 11, 0.0)
    pacer.painted(1, 0.06)
    assert pacer.rate == 0
    pacer.sent(2, 6_250, 1.0)
    pacer.painted(2, 1.11)  # 50 ms more: 125 kB a second
    assert pacer.rate == pytest.approx(125_000)
    pacer.sent(3, 6_250, 2.0)
    pacer.painted(3, 2.5)  # painting was slow: the way is not
    assert pacer.rate == pytest.approx(125_000)


def test_a_new_epoch_forgets_what_was_on_its_way_but_not_the_way() -> None:
    pacer = Pacer()
    way = Way(500_000, 0.05, pacer)
    way.stream(3.0)
    rate = pacer.rate
    pacer.begin(way.now)
    assert pacer.in_flight == 0
    assert pacer.rate == rate
    assert not pacer.painted(1, way.now)
