"""The agent's clock and dice: the two things that rules take as arguments."""

from __future__ import annotations

import secrets
import time
from typing import Protocol


class Clock(Protocol):
    """What the session asks the time of."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def wall(self) -> int:
        """Unix seconds; only for the expiry of an attestation."""
        ...


class SystemClock:
    """This computer's clock."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def wall(self) -> int:
        """Unix seconds."""
        return int(time.time())  # noqa: TID251 - this is the clock


def entropy(size: int) -> bytes:
    """Draw ``size`` bytes from the system's generator."""
    return secrets.token_bytes(size)


def draw_below(limit: int) -> int:
    """Draw a number below ``limit``, each as likely."""
    return secrets.randbelow(limit)
