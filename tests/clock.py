"""Time that moves when a test says so."""


class ManualClock:
    """A clock that stands still until it is told to advance.

    It has a time of day and a monotonic time, both in milliseconds; a test can
    set the first back without moving the second, as people and NTP do.
    """

    #: 2025-03-14 09:00:00 UTC: a Friday, no change of clocks near.
    START_MS = 1_741_942_800_000

    def __init__(self, start_ms: int = START_MS) -> None:
        self._wall_ms = start_ms
        self._monotonic_ms = 0

    def now_ms(self) -> int:
        """Return the time of day, in milliseconds since 1970."""
        return self._wall_ms

    def monotonic_ms(self) -> int:
        """Return milliseconds that never go back."""
        return self._monotonic_ms

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
