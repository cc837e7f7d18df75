"""The Merkle root of a log that only grows, without the log (RFC 9162, 2.1).

The roots of the complete subtrees at a log's right edge are all that a further leaf
needs: as many as the size has one bits.
"""

from __future__ import annotations

import hashlib
from typing import Final

#: The root of no leaves.
_EMPTY: Final = hashlib.sha256(b"").digest()


class Frontier:
    """What is known of a log: its size and its root. Owned by its caller."""

    def __init__(self) -> None:
        self._size = 0
        #: Roots of complete subtrees, the largest first.
        self._roots: list[bytes] = []

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._size

    def add(self, leaf: bytes) -> None:
        """Append a leaf: SHA-256 of 0x00 and what it stands for."""
        self._roots.append(leaf)
        size = self._size
        while size & 1:
            right = self._roots.pop()
            self._roots.append(_node(self._roots.pop(), right))
            size >>= 1
        self._size += 1

    def root(self) -> bytes:
        """Return the Merkle tree hash over all leaves, 32 bytes."""
        if not self._roots:
            return _EMPTY
        root = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            root = _node(left, root)
        return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
