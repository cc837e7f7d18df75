"""What a side did, signed by it (security.md 2.2).

An act is canonical JSON ``{data, el_ms, kind, peer, prev, seen, seq, session,
side, v}``, signed with the side's per-session Ed25519 key under the pairing's
transcript hash. ``prev`` chains a side's own acts, ``peer`` names the last act
that came from the other side through the sealed channel: the relay can neither
drop nor reorder one unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import Json, canonical, read_canonical, sha256_hex
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.ids import SessionId, read_session_id
from cordee_shared.session.machine import Kind, read_kind
from cordee_shared.session.states import Side
from cordee_shared.signing import Label, sign, verify

#: "No act before this one."
NONE: Final = "0" * 64
_FIELDS: Final = frozenset(
    {"v", "session", "side", "seq", "prev", "peer", "seen", "kind", "el_ms", "data"}
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act, as its author wrote it; ``raw`` is what was signed."""

    session: SessionId
    side: Side
    #: 0, 1, 2 … for each side.
    seq: int
    #: SHA-256 of this side's former act, 64 hexadecimal digits.
    prev: str
    #: SHA-256 of the last act received from the other side, or :data:`NONE`.
    peer: str
    #: Number of the last entry its author had seen; -1 for none.
    seen: int
    kind: Kind
    #: Milliseconds on the author's monotonic clock since its first act.
    el_ms: int
    data: Mapping[str, Any]
    raw: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the act's bytes: its name in chains and holds."""
        return sha256_hex(self.raw)


def read_act(raw: bytes, signature: bytes) -> Act:
    """Decode an act; its signature is not checked yet.

    Raises:
        MalformedFrame: not canonical, a field missing, unknown or of a wrong type.
        UnexpectedMessage: no event or remark has this name.
    """
    value = read_canonical(raw)
    # To Python True equals 1; to the console it does not.
    if set(value) != _FIELDS or value["v"] != 1 or value["v"] is True:
        raise MalformedFrame("not an act of version 1")
    for name in ("seq", "seen", "el_ms"):
        number = value[name]
        if type(number) is not int or number < (-1 if name == "seen" else 0):
            raise MalformedFrame(f"{name} is no count")
    for name in ("prev", "peer"):
        digest = value[name]
        if not (
            isinstance(digest, str)
            and len(digest) == 64
            and not set(digest) - set("0123456789abcdef")
        ):
            raise MalformedFrame(f"{name} is no SHA-256")
    if not isinstance(value["data"], dict):
        raise MalformedFrame("data is no object")
    texts = (value["session"], value["side"], value["kind"])
    if not all(isinstance(text, str) for text in texts):
        raise MalformedFrame("session, side and kind are strings")
    if value["side"] not in (Side.CUSTOMER, Side.TECHNICIAN):
        raise MalformedFrame("an act has a person's side")
    return Act(
        session=read_session_id(value["session"]),
        side=Side(value["side"]),
        seq=value["seq"],
        prev=value["prev"],
        peer=value["peer"],
        seen=value["seen"],
        kind=read_kind(value["kind"]),
        el_ms=value["el_ms"],
        data=value["data"],
        raw=raw,
        signature=signature,
    )


@dataclass(slots=True)
class ActWriter:
    """Writes and chains one side's acts. Owned by that side's session.

    The caller brings the clock: ``at_ms`` counts from any fixed moment.
    """

    session: SessionId
    side: Side
    key: Ed25519PrivateKey
    th: bytes
    started_ms: int
    _seq: int = 0
    _prev: str = NONE

    def write(
        self, kind: Kind, at_ms: int, seen: int, peer: str, data: Mapping[str, Json]
    ) -> Act:
        """Write, sign and chain the next act."""
        raw = canonical(
            {
                "v": 1,
                "session": self.session,
                "side": self.side.value,
                "seq": self._seq,
                "prev": self._prev,
                "peer": peer,
                "seen": seen,
                "kind": kind.value,
                "el_ms": max(0, at_ms - self.started_ms),
                "data": data,
            }
        )
        act = read_act(raw, sign(self.key, Label.EVENT, raw, self.th))
        self._seq += 1
        self._prev = act.hash
        return act


@dataclass(slots=True)
class ActReader:
    """Checks one side's acts as they arrive: key, chain, order.

    The relay has one for each side, and each end has one for the other.
    """

    session: SessionId
    side: Side
    public_key: bytes
    th: bytes
    _seq: int = 0
    _prev: str = NONE
    _el_ms: int = 0

    @property
    def last(self) -> str:
        """Hash of the last act that was accepted, or :data:`NONE`."""
        return self._prev

    def read(self, raw: bytes, signature: bytes) -> Act:
        """Decode and check the next act.

        Raises:
            MalformedFrame: not an act.
            Tampered: wrong session, side, signature, or not the next in its chain;
                nothing changed.
        """
        act = read_act(raw, signature)
        where = f"act {act.seq} of the {self.side.value}"
        verify(self.public_key, Label.EVENT, raw, signature, self.th)
        if act.session != self.session or act.side is not self.side:
            raise Tampered(where, "belongs to another session or side")
        if act.seq != self._seq or act.prev != self._prev:
            raise Tampered(where, "is not the next in its chain")
        if act.el_ms < self._el_ms:
            raise Tampered(where, "its clock went backwards")
        self._seq += 1
        self._prev = act.hash
        self._el_ms = act.el_ms
        return act
