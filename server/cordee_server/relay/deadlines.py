"""What has to have happened by when, for every session of this node.

No timer runs here: whoever tends the sessions asks what is due, a few times a
second, with the clock's reading in hand. Tests bring a clock of their own and
wait for nothing.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from enum import StrEnum

from cordee_shared.ids import SessionId
from cordee_shared.limits import (
    AGENT_CODE_LIFETIME_S,
    CONSENT_GRACE_S,
    CONSENT_S,
    HEARTBEAT_S,
    IDLE_S,
    INVITATION_LIFETIME_S,
    NAMEPLATE_REST_S,
    PAIRING_S,
    RESUME_S,
    SESSION_S,
    STUCK_WRITER_S,
    TICK_S,
)


@dataclass(frozen=True, slots=True)
class Times:
    """How long things may take, in seconds; operators may change most of them."""

    agent_code_s: int = AGENT_CODE_LIFETIME_S
    invitation_s: int = INVITATION_LIFETIME_S
    nameplate_rest_s: int = NAMEPLATE_REST_S
    pairing_s: int = PAIRING_S
    consent_s: int = CONSENT_S
    consent_grace_s: int = CONSENT_GRACE_S
    resume_s: int = RESUME_S
    idle_s: int = IDLE_S
    session_s: int = SESSION_S
    tick_s: int = TICK_S
    heartbeat_s: float = HEARTBEAT_S
    stuck_s: float = STUCK_WRITER_S


class Deadline(StrEnum):
    """What a session may be late with."""

    CODE = "code"
    PAIRING = "pairing"
    CONSENT = "consent"
    RESUME = "resume"
    IDLE = "idle"
    LONGEST = "longest"
    CHECKPOINT = "checkpoint"
    #: An ended session is remembered this long for an end that was away.
    FORGET = "forget"


class Deadlines:
    """All deadlines of a node, soonest first. Owned by the loop."""

    def __init__(self) -> None:
        self._at: dict[tuple[SessionId, Deadline], int] = {}
        # May hold times that were moved or cleared since: `_at` decides.
        self._heap: list[tuple[int, SessionId, Deadline]] = []

    def __len__(self) -> int:
        return len(self._at)

    def set(self, session: SessionId, what: Deadline, at_us: int) -> None:
        """Set or move a deadline; ``at_us`` is monotonic microseconds."""
        self._at[session, what] = at_us
        heapq.heappush(self._heap, (at_us, session, what))

    def clear(self, session: SessionId, *which: Deadline) -> None:
        """Forget these deadlines of a session, or all of them when none is named."""
        for what in which or tuple(Deadline):
            self._at.pop((session, what), None)

    def at(self, session: SessionId, what: Deadline) -> int | None:
        """Return when this is due, or ``None`` when it is not."""
        return self._at.get((session, what))

    def due(self, now_us: int) -> list[tuple[SessionId, Deadline]]:
        """Return and forget what is due by now, in the order of the deadlines."""
        found = []
        while self._heap and self._heap[0][0] <= now_us:
            at_us, session, what = heapq.heappop(self._heap)
            if self._at.get((session, what)) == at_us:
                del self._at[session, what]
                found.append((session, what))
        return found
