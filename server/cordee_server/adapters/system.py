"""This machine's clocks and entropy."""

from __future__ import annotations

import secrets
import time

from cordee_shared.journal.entry import Moment


class SystemClock:
    """The clocks of this machine, under a boot id of this process.

    The monotonic clock's start means nothing outside the process that read it, so
    each process is a boot of its own: readings of two are never subtracted.
    """

    def __init__(self) -> None:
        self._boot = secrets.token_hex(8)

    def now_ms(self) -> int:
        """Return the time of day, Unix milliseconds: a label, it may jump."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Return milliseconds that never go back within this process."""
        return time.monotonic_ns() // 1_000_000

    def moment(self) -> Moment:
        """Return both clocks in one reading."""
        return Moment(self._boot, time.monotonic_ns() // 1_000, self.now_ms())


class SystemEntropy:
    """The operating system's random generator."""

    def token(self, size: int) -> bytes:
        """Return ``size`` bytes that nobody can guess."""
        return secrets.token_bytes(size)

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound - 1``, all equally likely."""
        return secrets.randbelow(bound)
