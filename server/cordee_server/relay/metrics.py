"""What the relay counts, and the text in which it tells.

Counters only go up while the process lives. Every drop and every refusal has a
name from an enum: "something went wrong" is not a thing that can be counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

#: Upper limits of a histogram's buckets, seconds.
BUCKETS_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class DropReason(StrEnum):
    """Why something that arrived went no further, without anybody's fault."""

    #: A record for an end that is away.
    PEER_AWAY = "peer_away"
    #: A record under keys that a resume is about to replace.
    RESUMING = "resuming"
    #: Sent to a run, a session or a link that was over before it arrived.
    STALE = "stale"


class Parting(StrEnum):
    """Why the relay closed a link; ``web`` turns it into a close code."""

    #: The session is over, all was said.
    DONE = "done"
    #: The peer broke the protocol; it is told nothing more.
    VIOLATION = "violation"
    #: A frame above the limit.
    TOO_LARGE = "too_large"
    #: Nothing was said in time: no hello.
    SILENT = "silent"
    #: No proof of life within 1.5 heartbeats (S-45).
    MUTE = "mute"
    #: No byte drained for STUCK_WRITER_S (relay.md 3).
    STUCK = "stuck"
    #: The same side came back on another link: the newest wins.
    REPLACED = "replaced"
    #: The technician signed out, or the sign-in is too old.
    SIGNED_OUT = "signed_out"
    #: The journal cannot be written, so nothing may go on (S-34).
    JOURNAL = "journal"
    #: The relay stops; come back in a moment.
    RELAY_STOPPED = "relay_stopped"
    #: A bug of the relay's.
    BUG = "bug"


class Histogram:
    """How long something took, counted by buckets. Owned by the loop."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BUCKETS_S) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(BUCKETS_S, seconds)] += 1
        self._sum += seconds

    def rows(self, name: str) -> Iterator[str]:
        """Yield its lines in Prometheus' text format."""
        yield f"# TYPE cordee_{name} histogram"
        below = 0
        for limit, count in zip((*BUCKETS_S, "+Inf"), self._counts, strict=True):
            below += count
            yield f'cordee_{name}_bucket{{le="{limit}"}} {below}'
        yield f"cordee_{name}_sum {self._sum:.6f}"
        yield f"cordee_{name}_count {below}"


class Metrics:
    """The relay's counters. Owned by the loop; one object a process."""

    def __init__(self) -> None:
        self.links: Counter[str] = Counter()
        self.partings: Counter[Parting] = Counter()
        self.sessions: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.entries: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.drops: Counter[DropReason] = Counter()
        self.records: Counter[str] = Counter()
        self.record_bytes: Counter[str] = Counter()
        #: From asking the journal for entries until they are durable.
        self.appends = Histogram()
        #: Attempts to hand over a billing record.
        self.deliveries: Counter[str] = Counter()

    def exposition(self, gauges: dict[str, int]) -> str:
        """Return counters and ``gauges`` in Prometheus' text format 0.0.4."""
        lines: list[str] = list(self.appends.rows("journal_append_seconds"))
        families = (
            ("links_total", "side", self.links),
            ("partings_total", "reason", self.partings),
            ("sessions_total", "direction", self.sessions),
            ("session_ends_total", "reason", self.ends),
            ("entries_total", "kind", self.entries),
            ("refusals_total", "code", self.refusals),
            ("drops_total", "reason", self.drops),
            ("records_total", "from", self.records),
            ("record_bytes_total", "from", self.record_bytes),
            ("deliveries_total", "outcome", self.deliveries),
        )
        for name, label, counter in families:
            lines.append(f"# TYPE cordee_{name} counter")
            lines.extend(_rows(name, label, counter))
        for name, value in sorted(gauges.items()):
            lines.append(f"# TYPE cordee_{name} gauge")
            lines.append(f"cordee_{name} {value}")
        return "\n".join(lines) + "\n"


def _rows(
    name: str,
    label: str,
    counter: Counter[str] | Counter[DropReason] | Counter[Parting],
) -> Iterator[str]:
    for key, count in sorted(counter.items()):
        yield f'cordee_{name}{{{label}="{key!s}"}} {count}'
