"""What the relay counts, and the text in which it tells.

Counters only go up while the process lives. Every drop and every refusal has a
name from an enum: "something went wrong" is not a thing that can be counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum


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
        #: Attempts to hand over a billing record.
        self.deliveries: Counter[str] = Counter()

    def exposition(self, gauges: dict[str, int]) -> str:
        """Return counters and ``gauges`` in Prometheus' text format 0.0.4."""
        lines: list[str] = []
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
