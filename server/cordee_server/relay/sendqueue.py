"""What waits for one link's writer: frames in order, bounded in bytes.

Rules:

1. Nothing is dropped and nothing overtakes: sealed records are counted by the two
   ends (S-14), and an entry must not run ahead of what it forbids.
2. A record waits while the queue is full. Waiting stops the other side's reader,
   the kernel's buffers fill, and the sender feels it: back-pressure, end to end.
3. Messages of the relay's own do not wait, for the room's lock is held while they
   are queued. They are few and small, and :data:`MOST_BYTES` bounds them too: a
   link that let so much pile up is lost, not spared.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, TypeAlias

from cordee_shared.errors import PeerGone
from cordee_shared.limits import QUEUE_BYTES

#: A message as text, a sealed record as bytes.
Frame: TypeAlias = str | bytes

#: Room for a whole journal's worth of entries, missed during a resume, beside records.
MOST_BYTES: Final = 64 * QUEUE_BYTES


class SendQueue:
    """One direction of one link. Readers put, the link's writer gets."""

    def __init__(self, bound: int = QUEUE_BYTES, most: int = MOST_BYTES) -> None:
        """Start empty.

        Args:
            bound: bytes above which a record waits; one larger than this is let
                in alone.
            most: bytes above which even a message does not fit.
        """
        self._bound = bound
        self._most = most
        self._frames: deque[Frame] = deque()
        self._bytes = 0
        self._is_closed = False
        self._has_frame = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def size(self) -> int:
        """Bytes that wait; what the writer holds at the moment is not among them."""
        return self._bytes

    @property
    def is_closed(self) -> bool:
        """Whether nothing more may be put."""
        return self._is_closed

    def _fits(self, size: int) -> bool:
        return not self._frames or self._bytes + size <= self._bound

    async def put(self, record: bytes) -> None:
        """Queue a sealed record, waiting while the queue is full.

        Raises:
            PeerGone: the queue was closed, before or while waiting.
        """
        while not self._is_closed and not self._fits(len(record)):
            self._has_room.clear()
            await self._has_room.wait()
        self._add(record)

    def put_nowait(self, message: str) -> bool:
        """Queue a message of the relay's own; ``False`` when too much waits.

        Raises:
            PeerGone: the queue is closed.
        """
        if self._bytes + len(message) > self._most:
            return False
        self._add(message)
        return True

    def _add(self, frame: Frame) -> None:
        if self._is_closed:
            raise PeerGone("peer", "the queue is closed")
        self._frames.append(frame)
        self._bytes += len(frame)
        self._has_frame.set()

    async def get(self) -> Frame | None:
        """Return the next frame, waiting for one; ``None`` once closed and empty."""
        while not self._frames:
            if self._is_closed:
                return None
            self._has_frame.clear()
            await self._has_frame.wait()
        frame = self._frames.popleft()
        self._bytes -= len(frame)
        self._has_room.set()
        return frame

    def close(self, *, discard: bool = False) -> None:
        """Let nothing more in; what waits is still handed out, or discarded."""
        self._is_closed = True
        if discard:
            self._frames.clear()
            self._bytes = 0
        self._has_frame.set()
        self._has_room.set()
