"""Sealed records between the two ends: strict order, two keys, a signed-off end.

Rules (security.md 1.6, with the channel number moved into the header so that the
relay may refuse a picture before consent):

1. Each direction has its own key; a record reflected to its author does not open.
2. The nonce is a counter that travels on no wire. The receiver opens the next
   record and no other: replay, loss, reorder and insertion all fail (S-14).
3. A key seals at most ``REKEY_RECORDS`` records and serves ``REKEY_S`` seconds. The
   next one follows from it and from how many records it sealed (S-15).
4. Whatever fails to open ends the channel for good: there is no second try on
   which somebody could build an oracle.
5. ``close`` is a record like another. A link that ends without one was *lost*,
   never *ended* (S-16).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cordee_shared.canonical import Json, canonical, read_canonical
from cordee_shared.errors import (
    LocalViolation,
    MalformedFrame,
    RemoteViolation,
    UnexpectedMessage,
)
from cordee_shared.limits import RECORD_PLAINTEXT_MAX, REKEY_RECORDS, REKEY_S
from cordee_shared.pairing.schedule import Keys, Role, next_key
from cordee_shared.wire.frames import (
    EPOCH_MAX,
    HEADER_BYTES,
    Channel,
    header,
    read_header,
)

#: A reason is a name, never a sentence: it is journaled, and shown by its key.
_REASON: Final = re.compile(r"[a-z][a-z_]{0,39}")


class Opened(NamedTuple):
    """What a record carried."""

    channel: Channel
    payload: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """What the other end said when it closed the channel.

    Records that it had not opened were under way: they are lost, and known to be.
    """

    reason: str
    #: Records it had sealed before this one; we have opened every one of them.
    sent: int
    #: Records of ours that it had opened.
    received: int


class _Ratchet:
    """One direction's key, its epoch and its counters. Owned by its channel."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)
        self.epoch = 0
        #: Records under the present key: the next nonce.
        self.counter = 0
        #: Records under all keys.
        self.total = 0

    def turn(self) -> None:
        """Replace the key by the one that follows from it; the old one is gone."""
        self._key = next_key(self._key, self.counter)
        self._cipher = AESGCM(self._key)
        self.epoch += 1
        self.counter = 0

    def seal(self, head: bytes, payload: bytes) -> bytes:
        sealed = self._cipher.encrypt(self._nonce(), payload, head)
        self._count()
        return sealed

    def open(self, head: bytes, sealed: bytes | memoryview) -> bytes:
        payload = self._cipher.decrypt(self._nonce(), sealed, head)
        self._count()
        return payload

    def _nonce(self) -> bytes:
        return self.counter.to_bytes(12, "big")

    def _count(self) -> None:
        self.counter += 1
        self.total += 1


class SealedChannel:
    """Both directions of one link, from a fresh set of keys to its end.

    Owned by the link that carries it: one caller seals and sends in the same
    order, one caller opens in the order of arrival. Times are seconds of any
    clock that never goes back.
    """

    def __init__(
        self,
        role: Role,
        keys: Keys,
        now: float,
        *,
        rekey_records: int = REKEY_RECORDS,
    ) -> None:
        """Start at epoch 0 with nothing sealed.

        Args:
            role: which end this is.
            keys: of a pairing or of a resume, never used before.
            now: the time at which the first key starts to age.
            rekey_records: both ends count on the default; tests use fewer.
        """
        self._out = _Ratchet(keys.sending(role))
        self._in = _Ratchet(keys.sending(role.other))
        self._since = now
        self._rekey_records = rekey_records
        self._ended: str | None = None
        self._closed: Closed | None = None

    @property
    def closed(self) -> Closed | None:
        """The peer's own ``close``; None as long as it has not said it."""
        return self._closed

    @property
    def is_open(self) -> bool:
        """Whether records may still be sealed and opened."""
        return self._ended is None

    @property
    def sent(self) -> int:
        """Records sealed so far, ``close`` included."""
        return self._out.total

    @property
    def received(self) -> int:
        """Records opened so far, ``close`` included."""
        return self._in.total

    def seal(self, channel: Channel, payload: bytes, now: float) -> bytes:
        """Return the frame that carries ``payload``; send frames in this order.

        Raises:
            LocalViolation: the channel has ended, the payload is too long, or
                this is no way to close; nothing was sealed.
        """
        if channel is Channel.CLOSE:
            raise LocalViolation("a channel is closed by close()")
        if len(payload) > RECORD_PLAINTEXT_MAX:
            raise LocalViolation(f"a payload of {len(payload)} bytes")
        return self._seal(channel, payload, now)

    def close(self, reason: str, now: float) -> bytes:
        """Return the last frame; afterwards nothing is sealed or opened.

        Args:
            reason: a name out of ``a-z_``, as journaled.
            now: the time, in seconds.

        Raises:
            LocalViolation: the channel has ended already, or the reason is no name.
        """
        if not _REASON.fullmatch(reason):
            raise LocalViolation(f"{reason!r} is no reason")
        said: Json = {"reason": reason, "sent": self.sent, "received": self.received}
        frame = self._seal(Channel.CLOSE, canonical(said), now)
        self._end("was closed here")
        return frame

    def open(self, frame: bytes) -> Opened:
        """Return what the next frame carries.

        Raises:
            MalformedFrame: it is not the next record of the other end. The
                channel is dead from here on.
            FrameTooLarge: longer than a record may be. The same.
            UnexpectedMessage: the channel has ended before.
        """
        if self._ended is not None:
            raise UnexpectedMessage(f"a record after the channel {self._ended}")
        try:
            opened = self._open(frame)
            if opened.channel is Channel.CLOSE:
                self._closed = self._read_close(opened.payload)
                self._end("was closed by the peer")
        except RemoteViolation:
            self._end("broke")
            raise
        return opened

    def _seal(self, channel: Channel, payload: bytes, now: float) -> bytes:
        if self._ended is not None:
            raise LocalViolation(f"the channel {self._ended}")
        out = self._out
        if out.counter >= self._rekey_records or now - self._since >= REKEY_S:
            if out.epoch == EPOCH_MAX:
                # 42 hours or 2^28 records: no session comes near. It ends unclosed,
                # as lost, rather than use a number twice.
                self._end("is worn out")
                raise LocalViolation("the channel is worn out")
            out.turn()
            self._since = now
        head = header(out.epoch, channel)
        return head + out.seal(head, payload)

    def _open(self, frame: bytes) -> Opened:
        epoch, channel = read_header(frame)
        into = self._in
        if epoch == into.epoch + 1:
            # If the sender did not turn here, its key is another and nothing opens.
            into.turn()
        elif epoch != into.epoch:
            raise MalformedFrame(f"epoch {epoch} during epoch {into.epoch}")
        elif into.counter >= self._rekey_records:
            raise MalformedFrame("a key was used longer than it may be")
        view = memoryview(frame)
        try:
            payload = into.open(frame[:HEADER_BYTES], view[HEADER_BYTES:])
        except InvalidTag:
            raise MalformedFrame("not the next record of the peer") from None
        return Opened(channel, payload)

    def _read_close(self, payload: bytes) -> Closed:
        match read_canonical(payload):
            case {"reason": str(reason), "sent": int(sent), "received": int(received)}:
                # Strict counters have proven ``sent`` already; a peer that says
                # otherwise, or opened what we never sealed, is not ours.
                if (
                    _REASON.fullmatch(reason)
                    and sent == self.received - 1
                    and 0 <= received <= self.sent
                ):
                    return Closed(reason, sent, received)
        raise MalformedFrame("not a close")

    def _end(self, how: str) -> None:
        self._ended = how
