"""Was that the customer's hand? Pure: events with their times in, a cause out.

Rules:

1. Only what is not ours is asked about; the watcher has decided that.
2. A button, a wheel step, a key: at once. Releases say nothing new.
3. A movement counts when the path inside the sliding window reaches the dead zone. It
   is the path that is measured, not the distance: a trembling hand is a hand. A desk
   that jitters a pixel now and then stays below. With 0, any movement counts.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import Final

from cordee_agent.desktops.base import LocalEvent, Origin, Seen
from cordee_shared.limits import DEAD_ZONE_PX, DEAD_ZONE_WINDOW_S

#: X server times are 32 bits of milliseconds: they begin anew every 49.7 days.
_WRAP: Final = 1 << 32


class Cause(StrEnum):
    """What the customer did to take control back; the ``cause`` of the act."""

    POINTER = "pointer"
    BUTTON = "button"
    WHEEL = "wheel"
    KEY = "key"


_AT_ONCE: Final = {
    Seen.BUTTON_DOWN: Cause.BUTTON,
    Seen.WHEEL: Cause.WHEEL,
    Seen.KEY_DOWN: Cause.KEY,
}


class Detector:
    """Remembers the customer's movements of the last two seconds."""

    def __init__(
        self, dead_zone_px: float = DEAD_ZONE_PX, window_s: float = DEAD_ZONE_WINDOW_S
    ) -> None:
        self._dead_zone = dead_zone_px
        self._window_ms = window_s * 1000
        self._steps: deque[tuple[int, float]] = deque()

    def reset(self) -> None:
        """Forget what was before: a new grant begins."""
        self._steps.clear()

    def see(self, event: LocalEvent) -> Cause | None:
        """Return why this event takes control back, or ``None`` if it does not."""
        if event.origin is not Origin.CUSTOMER:
            return None
        if event.what in _AT_ONCE:
            return _AT_ONCE[event.what]
        if event.what is not Seen.MOTION or event.distance <= 0:
            return None
        self._steps.append((event.time_ms, event.distance))
        while (event.time_ms - self._steps[0][0]) % _WRAP >= self._window_ms:
            self._steps.popleft()
        path = sum(distance for _, distance in self._steps)
        return Cause.POINTER if path >= self._dead_zone else None
