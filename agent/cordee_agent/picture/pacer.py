"""How many bytes of picture may be on their way: pull, never push (codec.md 9).

Pure; the caller brings the clock, in seconds. Rules:

1. In flight is what was sent and not yet acknowledged as painted. Encode only while
   it is below the window: what is not encoded can still become newer.
2. rate: the highest delivery over busy stretches of 0.12 to 0.3 s in the last 5 s.
   Single acknowledgements come in bursts and would say two to three times as much.
   A stretch in which the window was never nearly full says how much there was to
   send, not what the way carries: it counts only when it says more. And what was
   measured last stays until something newer is: a still screen does not slow a way.
   A message that went alone measures it as well: what it took beyond the shortest
   trip is what its bytes took.
3. window = max(8 kB, g x rate x (minRTT + 60 ms)), at most PICTURE_FLIGHT_MAX.
   60 ms of queue is what keeps the link busy; g probes upwards while the queue
   adds nothing and backs off when it does.
4. Small new damage may exceed the window by 4 kB.
5. Nothing acknowledged for 3 s: stop, and ping once a second. When acknowledgements
   return, begin again from the smallest window.
6. A ping every 3 s also tells the console how good the way is.
7. What is not urgent goes while what is in flight makes no queue.

Owned by the event loop.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from cordee_shared.limits import PICTURE_FLIGHT_MAX

#: The smallest window, in bytes: one or two chunks.
WINDOW_MIN: Final = 8_000
#: What small new damage may exceed the window by, in bytes.
URGENT_EXTRA: Final = 4_000
#: The queue aimed at, in seconds.
QUEUE_S: Final = 0.060
#: Without any acknowledgement for so long, the way is taken for dead.
STALL_S: Final = 3.0
#: Between pings while the way is taken for dead; and otherwise: two of them keep the
#: shortest trip of the last 10 s known, for 15 bytes a second.
PING_S: Final = 1.0
REPORT_S: Final = 3.0

#: What may be in flight while what is not urgent is sent, at least; in bytes.
_FILL_MIN: Final = 1_500
#: The share of the window from which it is nearly full.
_PRESSED: Final = 0.6
#: A message is large enough to measure the way by, in bytes; and what painting takes
#: more or less, in seconds.
_ALONE_MIN: Final = 4_000
_ALONE_S: Final = 0.02
#: Until the way has been measured, the window begins here, and grows by what is
#: painted: a first picture has no time to wait for a measurement.
_START: Final = 14_000
_START_MAX: Final = 64_000
#: And it is no smaller than this before so many measurements were made.
_EARLY: Final = 3
_EARLY_MAX: Final = 24_000

_BUSY_S: Final = (0.12, 0.3)
#: A stretch is still busy when the next chunk follows so soon, in seconds: consoles
#: acknowledge a whole window at once, and encoding takes a moment.
_GAP_S: Final = 0.03
_RATES_KEPT_S: Final = 5.0
_TRIPS_KEPT_S: Final = 10.0
#: A round trip before any was measured, in seconds: a phone's link.
_TRIP_UNKNOWN_S: Final = 0.1
#: The share of a new measurement in the smoothed extra delay.
_SMOOTH: Final = 0.25
#: Extra delay below which g is this: the last one holds above all.
_PROBES: Final = ((0.025, 1.6), (0.036, 1.15), (0.090, 1.0))
_BACK_OFF: Final = 0.8


class _Sent(NamedTuple):
    seq: int
    at: float
    size: int
    #: Whether nothing else was on its way.
    is_alone: bool


class Pacer:
    """The window of one viewer. What it knows of the way outlives an epoch."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._flight: deque[_Sent] = deque()
        self._in_flight = 0
        self._delivered = 0
        self._rates: deque[tuple[float, float]] = deque()
        self._rate = 0.0
        self._start = _START
        self._trips: deque[tuple[float, float]] = deque()
        self._min_rtt = _TRIP_UNKNOWN_S
        self._extra = 0.0
        #: Whether the window was nearly full in the present stretch.
        self._is_pressed = False
        self._busy_since: tuple[float, int] | None = None
        self._heard_at = 0.0
        self._pinged_at = 0.0
        self._is_stalled = False

    # --- what is sent and painted ---------------------------------------------------

    def begin(self, now: float) -> None:
        """A new epoch: acknowledgements of what was before will not come."""
        self._flight.clear()
        self._in_flight = 0
        self._busy_since = None
        self._heard_at = self._pinged_at = now

    def sent(self, seq: int, size: int, now: float) -> None:
        """A message of ``size`` bytes was handed to the link."""
        if not self._flight:
            if now - self._heard_at > _GAP_S:
                self._busy_since = None
            # Silence while nothing was on its way was not a stall.
            self._heard_at = now
        self._flight.append(_Sent(seq, now, size, not self._flight))
        self._in_flight += size
        if self._in_flight >= self.window * _PRESSED:
            self._is_pressed = True

    def painted(self, seq: int, now: float) -> bool:
        """The console painted ``seq`` and all before it.

        Returns:
            Whether that was news; an old or foreign number changes nothing.
        """
        last: _Sent | None = None
        size = 0
        if not self._flight or seq > self._flight[-1].seq:
            return False
        while self._flight and self._flight[0].seq <= seq:
            last = self._flight.popleft()
            size += last.size
        if last is None:
            return False
        self._in_flight -= size
        self._delivered += size
        self._start = min(self._start + size, _START_MAX)
        self._heard_at = now
        if self._is_stalled:
            self._restart()
        if last.is_alone and size == last.size >= _ALONE_MIN:
            self._measure_alone(now - last.at, size, now)
        self._measure_trip(now - last.at, last.size, now)
        self._measure_rate(now)
        return True

    # --- what may be sent -------------------------------------------------------------

    @property
    def in_flight(self) -> int:
        """Bytes sent and not yet painted."""
        return self._in_flight

    @property
    def rate(self) -> float:
        """Bytes a second that the way was seen to carry; 0 when not known."""
        return self._rate

    @property
    def min_rtt(self) -> float:
        """Seconds from sending to the acknowledgement, without any queue."""
        return self._min_rtt

    @property
    def measured_trip(self) -> float:
        """Seconds there and back without any queue; 0 when not measured yet."""
        return self._min_rtt if self._trips else 0.0

    @property
    def may_fill(self) -> bool:
        """Whether the way has room without any queue: for what is not urgent."""
        return self._in_flight <= max(_FILL_MIN, self._rate * self._min_rtt)

    @property
    def window(self) -> int:
        """Bytes that may be in flight."""
        if not self._rate:
            return self._start
        gain = next((g for below, g in _PROBES if self._extra < below), _BACK_OFF)
        wanted = int(gain * self._rate * (self._min_rtt + QUEUE_S))
        # The first measurements are of a way that was hardly used.
        least = min(self._start, _EARLY_MAX) if len(self._rates) < _EARLY else 0
        return min(max(WINDOW_MIN, wanted, least), PICTURE_FLIGHT_MAX)

    def may_send(self, now: float, *, urgent: bool = False) -> bool:
        """Whether one more message may be encoded now."""
        if self.is_stalled(now):
            return False
        return self._in_flight < self.window + (URGENT_EXTRA if urgent else 0)

    def is_stalled(self, now: float) -> bool:
        """Whether the way is taken for dead until something is acknowledged."""
        if self._flight and now - self._heard_at >= STALL_S:
            self._is_stalled = True
        return self._is_stalled

    def must_ping(self, now: float) -> bool:
        """Whether a ping is due: to measure and to tell, or to find a way alive."""
        if self.is_stalled(now):
            return now - max(self._pinged_at, self._last_sent_at) >= PING_S
        return now - self._pinged_at >= REPORT_S

    def pinged(self, now: float) -> None:
        """A ping was handed to the link (and counted by :meth:`sent`)."""
        self._pinged_at = now

    # --- measuring --------------------------------------------------------------------

    @property
    def _last_sent_at(self) -> float:
        return self._flight[-1].at if self._flight else self._heard_at

    def _restart(self) -> None:
        self._is_stalled = False
        self._rates.clear()
        self._rate = self._extra = 0.0
        self._start = WINDOW_MIN
        self._busy_since = None

    def _measure_trip(self, trip: float, size: int, now: float) -> None:
        self._trips.append((now, trip))
        while self._trips[0][0] < now - _TRIPS_KEPT_S:
            self._trips.popleft()
        self._min_rtt = min(seen for _, seen in self._trips)
        if self._rate:
            extra = max(0.0, trip - self._min_rtt - size / self._rate)
            self._extra += _SMOOTH * (extra - self._extra)

    def _measure_alone(self, trip: float, size: int, now: float) -> None:
        """Take what one message on an empty way says; never more than it did."""
        if not self._trips or (took := trip - self._min_rtt) <= 0:
            return
        rate = size / max(took, _ALONE_S)
        if not self._rate or rate > self._rate:
            self._rates.append((now, rate))
            self._rate = rate

    def _measure_rate(self, now: float) -> None:
        if self._busy_since is None:
            # Counting from the first acknowledgement leaves the round trip out.
            self._busy_since = (now, self._delivered)
            return
        since, before = self._busy_since
        if now - since >= _BUSY_S[0]:
            rate = (self._delivered - before) / (now - since)
            counts = self._is_pressed or rate > self._rate > 0
            if now - since <= _BUSY_S[1] and counts:
                self._rates.append((now, rate))
            self._busy_since = (now, self._delivered)
            self._is_pressed = self._in_flight >= self.window * _PRESSED
        while len(self._rates) > 1 and self._rates[0][0] < now - _RATES_KEPT_S:
            self._rates.popleft()
        if self._rates:
            self._rate = max(seen for _, seen in self._rates)
