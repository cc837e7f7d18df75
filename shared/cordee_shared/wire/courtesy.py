"""How much of a file may be on its way: what is left over, and no more.

A file has time; pictures, input and acts have not. So it goes by the rule of LEDBAT
(RFC 6817): what its own acknowledgements take longer than they took at best is queue,
and more than ``TARGET_S`` of it means that somebody else wants the line, or that the
file itself fills it. Pictures aim at 60 ms of queue (``picture/pacer.py``): where both
want the line, the file steps back.

Pure; the caller brings the clock, in seconds. Rules:

1. The window grows by one small piece a trip while the queue is shorter than
   ``TARGET_S``, less the nearer it comes, and shrinks by up to half a trip above it.
   At first it doubles each trip, until the queue shows.
2. A piece is an eighth of the window, ``FILE_PIECE_MIN`` to ``FILE_PIECE_MAX`` bytes:
   on 1 Mbit/s the smallest takes 16 ms, and nothing waits longer for its turn.
3. What the line carries in ``TARGET_S``, at the best rate of the last seconds, may be
   on its way whatever the trips say: on a fast line and a busy computer trips are long
   for no queue's sake, and so few bytes harm nobody. Where others take the line, that
   rate is soon forgotten.
4. On a crowded line one smallest piece goes every ``CROWDED_S``: a film on the
   customer's screen slows a file down to 8 kB/s, and does not stop it.

``console/wire/courtesy.js`` does the same, to the last bit.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from cordee_shared.limits import FILE_FLIGHT_MAX, FILE_PIECE_MAX, FILE_PIECE_MIN

#: The queue that a file may make, in seconds.
TARGET_S: Final = 0.025
#: Between two pieces on a crowded line, in seconds.
CROWDED_S: Final = 0.25
#: The best trip is the best of the last one or two of these, in seconds.
BASE_S: Final = 30.0
#: A queue is what the best of so many last trips shows: one late one is chance.
FILTER: Final = 6
#: A rate is counted over so many seconds at least, and remembered for so many.
RATE_S: Final = 0.1
RATE_KEPT_S: Final = 5.0


class Courtesy:
    """The window of one direction. What it knows of the line outlives a file."""

    def __init__(self) -> None:
        """Know nothing of the line yet."""
        self._window = 2.0 * FILE_PIECE_MIN
        self._is_starting = True
        #: (offset of the end, when it was sent), oldest first.
        self._flight: deque[tuple[int, float]] = deque()
        self._acked = 0
        self._at = 0
        self._trips: deque[float] = deque(maxlen=FILTER)
        self._base = 0.0
        self._former_base = 0.0
        self._base_since = 0.0
        self._sent_at = 0.0
        self._queue = 0.0
        #: (when, bytes a second), oldest first; and what is being counted now.
        self._rates: deque[tuple[float, float]] = deque()
        self._counted = 0
        self._count_since = -1.0

    @property
    def window(self) -> int:
        """Bytes that may be on their way."""
        return int(self._window)

    def begin(self, at: int) -> None:
        """Nothing is on its way; the next piece begins at ``at``."""
        self._flight.clear()
        self._acked = self._at = at
        self._count_since = -1.0

    def sent(self, size: int, now: float) -> None:
        """A piece of ``size`` bytes was handed to the line."""
        self._at += size
        self._flight.append((self._at, now))
        self._sent_at = now

    def acked(self, at: int, now: float) -> None:
        """Everything before ``at`` is written at the other end."""
        trip = -1.0
        used = self._at - self._acked
        while self._flight and self._flight[0][0] <= at:
            trip = now - self._flight.popleft()[1]
        size = at - self._acked
        if trip < 0 or size <= 0:
            return
        self._acked = at
        self._measure(trip, now)
        self._count(size, now)
        if self._is_starting:
            self._start(size)
        else:
            self._adapt(size, used)

    def may_send(self, now: float) -> int:
        """Return how many bytes the next piece may have; 0: not now."""
        size = max(FILE_PIECE_MIN, min(int(self._window / 8), FILE_PIECE_MAX))
        if self._flight:
            return size if self._at - self._acked + size <= self._window else 0
        return 0 if self.wait_s(now) > 0 else size

    def wait_s(self, now: float) -> float:
        """Seconds until something may be sent though nothing is acknowledged."""
        if self._flight or not self._is_crowded:
            return 0.0
        return max(0.0, self._sent_at + CROWDED_S - now)

    @property
    def _is_crowded(self) -> bool:
        return self._window <= FILE_PIECE_MIN and self._queue > TARGET_S

    def _measure(self, trip: float, now: float) -> None:
        if not self._trips:
            self._base = self._former_base = trip
            self._base_since = now
        elif now - self._base_since >= BASE_S:
            self._former_base, self._base = self._base, trip
            self._base_since = now
        self._base = min(self._base, trip)
        self._trips.append(trip)
        best = min(self._base, self._former_base)
        self._queue = max(0.0, min(self._trips) - best)

    def _count(self, size: int, now: float) -> None:
        if self._count_since < 0:
            # Counting from the first acknowledgement leaves the trip out.
            self._count_since, self._counted = now, 0
            return
        self._counted += size
        if now - self._count_since >= RATE_S:
            self._rates.append((now, self._counted / (now - self._count_since)))
            self._count_since, self._counted = now, 0
        while self._rates and now - self._rates[0][0] > RATE_KEPT_S:
            self._rates.popleft()

    @property
    def _least(self) -> float:
        best = max((rate for _, rate in self._rates), default=0.0)
        return max(best * TARGET_S, float(FILE_PIECE_MIN))

    def _start(self, size: int) -> None:
        if self._queue < TARGET_S / 2:
            self._window = min(self._window + size, float(FILE_FLIGHT_MAX))
        else:
            self._is_starting = False
            self._window = max(self._window / 2, self._least)

    def _adapt(self, size: int, used: int) -> None:
        over = self._queue / TARGET_S - 1.0
        if over <= 0:
            # A window that was not used says nothing about a larger one.
            if used >= self._window / 2:
                self._window -= over * size * FILE_PIECE_MIN / self._window
        else:
            share = min(1.0, size / self._window)
            self._window *= 1.0 - 0.5 * min(1.0, over) * share
        self._window = min(max(self._window, self._least), float(FILE_FLIGHT_MAX))
