"""Time that moves when a test says so."""

from cordee_shared.journal.entry import Moment


class ManualClock:
    """A clock that stands still until it is told to advance.

    It is both the relay's Clock and the agent's. It has a time of day and a
    time that never goes back; a test can change the first without moving the
    second, as people and NTP do.
    """

    #: 2025-03-14 09:00:00 UTC: a Friday, no change of clocks near.
    START_MS = 1_741_942_800_000

    def __init__(self, start_ms: int = START_MS, boot: str = "boot-1") -> None:
        self._wall_ms = start_ms
        self._monotonic_ms = 0
        #: The relay's run, as its moments name it; a test may start another.
        self.boot = boot

    def now_ms(self) -> int:
        """Return the time of day, in milliseconds since 1970."""
        return self._wall_ms

    def monotonic_ms(self) -> int:
        """Return milliseconds that never go back."""
        return self._monotonic_ms

    def moment(self) -> Moment:
        """Return both in one reading."""
        return Moment(self.boot, self._monotonic_ms * 1000, self._wall_ms)

    def wall(self) -> int:
        """Return the time of day, in whole seconds since 1970."""
        return self._wall_ms // 1000

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._monotonic_ms / 1000

    def advance(self, *, seconds: float = 0, ms: int = 0) -> None:
        """Let time pass."""
        passed = round(seconds * 1000) + ms
        if passed < 0:
            raise ValueError("time does not go back; set_wall moves the time of day")
        self._wall_ms += passed
        self._monotonic_ms += passed

    def set_wall(self, ms: int) -> None:
        """Change the time of day, as an administrator might."""
        self._wall_ms = ms
