"""One direction of a slow line: when what enters it comes out.

Pure arithmetic; the caller brings the clock, in seconds. A line sends one packet after
the other at its rate, and what waits for its turn stands in a queue of bounded size:
that queue is a router's, and its length is what a key has to wait for. After the last
bit was sent a packet still travels for the delay.

What does not fit into the queue is not dropped but waits with its sender, as TCP would
make it wait: loss is not part of this line.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

#: What a packet may carry, and what its headers (IPv4, TCP with a time stamp) add.
SEGMENT: Final = 1448
HEADERS: Final = 52


@dataclass(frozen=True, slots=True)
class Way:
    """What one direction is like."""

    #: Bits a second.
    rate: float
    #: Seconds.
    delay: float
    #: Bytes.
    queue: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A customer's line."""

    name: str
    #: From the customer, and to the customer.
    up: Way
    down: Way

    def __str__(self) -> str:
        """Say it as a section's heading does."""
        up, down = self.up.rate / 1e6, self.down.rate / 1e6
        return (
            f"{self.name}: {up:g} Mbit/s up, {down:g} down, "
            f"{self.up.delay * 1000:g} ms each way, queue {self.up.queue // 1024} KiB"
        )


def _profile(name: str, up: float, down: float, delay: float, queue: int) -> Profile:
    return Profile(name, Way(up, delay, queue), Way(down, delay, queue))


#: The lines of the issue; the first is the one its figures are for.
PROFILES: Final = {
    profile.name: profile
    for profile in (
        _profile("adsl", 1e6, 8e6, 0.025, 64 * 1024),
        _profile("adsl-old", 0.5e6, 2e6, 0.040, 64 * 1024),
        _profile("4g", 5e6, 20e6, 0.030, 256 * 1024),
        _profile("lan", 100e6, 100e6, 0.0005, 1024 * 1024),
        # Not of the issue: 1 Mbit/s both ways, for what is sent beside a picture.
        _profile("even", 1e6, 1e6, 0.025, 64 * 1024),
    )
}


class Pipe:
    """The queue and the wire of one direction."""

    def __init__(self, way: Way) -> None:
        """Begin empty."""
        self._way = way
        #: When the last bit of each waiting packet leaves, and the packet's size.
        self._waiting: deque[tuple[float, int]] = deque()
        self._queued = 0
        self._free_at = float("-inf")
        #: Bytes that were let in: what they carried, and with their headers.
        self.carried = 0
        self.wired = 0

    def queued(self, now: float) -> int:
        """Return how many bytes have not left yet."""
        while self._waiting and self._waiting[0][0] <= now:
            self._queued -= self._waiting.popleft()[1]
        return self._queued

    def room_at(self, now: float) -> float:
        """Return when one more packet of full size fits; ``now`` when it does."""
        queued = self.queued(now)
        for leaves_at, size in self._waiting:
            if queued + SEGMENT + HEADERS <= self._way.queue:
                break
            queued -= size
            now = leaves_at
        return now

    def put(self, now: float, size: int) -> float:
        """Let a packet in that carries ``size`` bytes; return when it comes out."""
        wired = size + HEADERS
        self.queued(now)
        leaves_at = max(now, self._free_at) + wired * 8 / self._way.rate
        self._free_at = leaves_at
        self._waiting.append((leaves_at, wired))
        self._queued += wired
        self.carried += size
        self.wired += wired
        return leaves_at + self._way.delay
