"""One file on its way: what the sender and the receiver each know of it.

Pure: no disk, no clock. The caller reads and writes the bytes and carries the messages
of ``wire/files.py``; these two say which bytes come next, whether the two ends agree on
what is behind them, and whether the whole is right at the end.

Rules:

1. Both keep a running SHA-256. The sender remembers it at every edge between pieces
   that is not acknowledged yet, so that after a cut it can go back to where the
   receiver stands without reading the file again.
2. A receiver stands on an edge, always: pieces are taken whole and in order.
3. Memory is bounded by twice ``FILE_FLIGHT_MAX`` on both sides, whatever the file's
   size: what is on its way, and what waited for the disk when the line was cut.

``console/wire/transfer.js`` does the same; ``shared/vectors/files.json`` keeps both
honest.
"""

from __future__ import annotations

import hashlib
from collections import deque
from typing import TYPE_CHECKING, Final

from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import FILE_FLIGHT_MAX
from cordee_shared.wire.files import Accept, Ack, Done, encode, encode_piece

if TYPE_CHECKING:
    from hashlib import _Hash

#: SHA-256 of nothing: what a receiver that has nothing says.
EMPTY: Final = hashlib.sha256().hexdigest()


class Sending:
    """A file that leaves. Owned by its end's list of transfers."""

    def __init__(self, id: int, size: int) -> None:
        """Stand at the first byte; nothing may be sent before it is accepted."""
        self.id = id
        self.size = size
        #: Offset of the next byte to send.
        self.at = 0
        #: Everything before it was written by the receiver.
        self.acked = 0
        #: The receiver wants it, and the line it said so on still stands.
        self.is_wanted = False
        self.is_done = False
        self._hash = hashlib.sha256()
        #: Edges that the receiver may stand on, with the hash of all before.
        self._edges: deque[tuple[int, _Hash]] = deque([(0, self._hash.copy())])

    @property
    def in_flight(self) -> int:
        """Bytes sent and not acknowledged."""
        return self.at - self.acked

    @property
    def left(self) -> int:
        """Bytes that may be sent before the next acknowledgement, window aside."""
        if not self.is_wanted:
            return 0
        return min(self.size - self.at, FILE_FLIGHT_MAX - self.in_flight)

    def accept(self, at: int, sha256: str) -> bool:
        """The receiver wants it from ``at`` on, and has bytes with this hash.

        Returns:
            Whether both have the same there; if not, this comes to nothing.
        """
        edge = next((each for each in self._edges if each[0] == at), None)
        if edge is None or edge[1].hexdigest() != sha256:
            return False
        while self._edges[-1][0] > at:
            self._edges.pop()
        while self._edges[0][0] < at:
            self._edges.popleft()
        self.at = self.acked = at
        self._hash = edge[1].copy()
        self.is_wanted, self.is_done = True, False
        return True

    def piece(self, data: bytes) -> bytes:
        """Return the record of the next bytes; there are at most ``left`` of them."""
        record = encode_piece(self.id, self.at, data)
        self._hash.update(data)
        self.at += len(data)
        self._edges.append((self.at, self._hash.copy()))
        return record

    def ack(self, at: int) -> None:
        """The receiver has written everything before ``at``.

        After a cut the disk may still be behind what was accepted then: that is no
        news.

        Raises:
            MalformedFrame: it never got so much.
        """
        if at < self.acked:
            return
        if at > self.at or all(at != edge for edge, _ in self._edges):
            raise MalformedFrame(f"an acknowledgement of {at} bytes")
        while self._edges[0][0] < at:
            self._edges.popleft()
        self.acked = at

    def done(self) -> bytes | None:
        """Return the last message once everything was sent, and only once."""
        if not self.is_wanted or self.is_done or self.at != self.size:
            return None
        self.is_done = True
        return encode(Done(id=self.id, sha256=self._hash.hexdigest()))

    def cut(self) -> None:
        """The line is gone: the receiver has to accept again."""
        self.is_wanted = False


class Receiving:
    """A file that arrives. Owned by its end's list of transfers."""

    def __init__(self, id: int, size: int) -> None:
        """Have nothing of it yet."""
        self.id = id
        self.size = size
        #: Everything before it was taken.
        self.at = 0
        #: Everything before it was written.
        self.written = 0
        #: Where it stood when it last said what it wants.
        self._granted = 0
        self._hash = hashlib.sha256()

    def accept(self) -> bytes:
        """Return the message that says what is wanted: at first, and after a cut."""
        self._granted, digest = self.at, self._hash.hexdigest()
        return encode(Accept(id=self.id, at=self.at, sha256=digest))

    def take(self, at: int, data: bytes) -> None:
        """Take a piece; the caller writes it, and then says :meth:`wrote`.

        Raises:
            MalformedFrame: not the next bytes, more than the file has, or more than
                may be on the way.
        """
        after = at + len(data)
        ahead = after - max(self.written, self._granted)
        if at != self.at or after > self.size or ahead > FILE_FLIGHT_MAX:
            raise MalformedFrame(f"a piece at {at}, at {self.at} of {self.size}")
        self._hash.update(data)
        self.at = after

    def wrote(self, size: int) -> bytes:
        """``size`` more bytes are written; return the message that says so."""
        self.written += size
        return encode(Ack(id=self.id, at=self.written))

    def is_right(self, sha256: str) -> bool:
        """Whether what came is the whole file, with this SHA-256.

        Raises:
            MalformedFrame: the sender calls it done before it is.
        """
        if self.at != self.size:
            raise MalformedFrame(f"done at {self.at} of {self.size}")
        return self._hash.hexdigest() == sha256
