"""What an end shows to come back after a lost link (security.md 1.6, relay.md 7).

A token proves only to the relay that this is the same end: the two ends prove
themselves to each other by keys that the relay has not. Only hashes are kept.

A token is replaced at each use. The former one stays good until the end has shown
that it got the new one, for the link may be lost while it is on its way.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from cordee_shared.canonical import b64, unb64
from cordee_shared.errors import MalformedFrame

TOKEN_BYTES: Final = 32


class Tokens:
    """One side's tokens: the last one given and, maybe, the one before."""

    def __init__(self) -> None:
        self._current = b""
        self._former = b""

    def give(self, random: bytes) -> str:
        """Make ``random`` the token and return it as it travels."""
        if len(random) != TOKEN_BYTES:
            raise ValueError("a token takes 32 random bytes")
        self._former, self._current = self._current, hashlib.sha256(random).digest()
        return b64(random)

    def confirm(self) -> None:
        """Note that the end holds the last one given: the former one is dead."""
        self._former = b""

    def accept(self, token: str) -> bool:
        """Tell whether this is a good token; the one shown becomes the last one."""
        try:
            shown = hashlib.sha256(unb64(token)).digest()
        except MalformedFrame:
            return False
        for known in (self._current, self._former):
            if known and hmac.compare_digest(known, shown):
                self._current, self._former = shown, b""
                return True
        return False
