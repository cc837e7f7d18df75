"""What the relay did to its own data, in the journal beside the sessions' entries.

A notice is canonical JSON ``{at_ms, data, kind, log, n, sig, v}``, signed by the relay
over itself without ``sig``. It is of no session: erasing a customer's data, putting it
right, letting old bodies go. It names nobody: a customer by reference, never by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import Json, canonical, read_canonical
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.signing import Label, sign, verify

#: Stands where entries name their session.
HOUSE: Final = "house"
_FIELDS: Final = frozenset({"v", "log", "n", "at_ms", "kind", "data", "sig"})


class NoticeKind(StrEnum):
    """What was done."""

    #: A customer's key was deleted: what it sealed can never be read again.
    ERASED = "erased"
    #: What is kept of a customer was put right.
    RECTIFIED = "rectified"
    #: What is older than its class may be kept was let go.
    RETAINED = "retained"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; ``raw`` is what is stored and hashed."""

    #: 0, 1, 2 … among the notices of a journal.
    n: int
    #: Unix milliseconds.
    at_ms: int
    kind: NoticeKind
    data: Mapping[str, Any]
    signature: bytes = field(repr=False)
    raw: bytes = field(repr=False)


def write_notice(
    n: int,
    at_ms: int,
    kind: NoticeKind,
    data: Mapping[str, Json],
    key: Ed25519PrivateKey,
) -> Notice:
    """Write and sign notice ``n``."""
    fields: dict[str, Json] = {
        "v": 1,
        "log": HOUSE,
        "n": n,
        "at_ms": at_ms,
        "kind": kind.value,
        "data": data,
    }
    signature = sign(key, Label.NOTICE, canonical(fields))
    return read_notice(canonical(fields | {"sig": signature.hex()}))


def read_notice(raw: bytes) -> Notice:
    """Decode a notice; its signature is not checked yet.

    Raises:
        MalformedFrame: it is none.
    """
    value = read_canonical(raw)
    if set(value) != _FIELDS or value["v"] != 1 or value["log"] != HOUSE:
        raise MalformedFrame("not a notice of version 1")
    if not all(
        type(value[name]) is int and value[name] >= 0 for name in ("n", "at_ms")
    ):
        raise MalformedFrame("n and at_ms are counts")
    try:
        kind, signature = NoticeKind(value["kind"]), bytes.fromhex(value["sig"])
    except (TypeError, ValueError):
        raise MalformedFrame("kind or sig is none") from None
    if not isinstance(value["data"], dict) or len(signature) != 64:
        raise MalformedFrame("data is an object, sig has 64 bytes")
    return Notice(value["n"], value["at_ms"], kind, value["data"], signature, raw)


def verify_notice(notice: Notice, relay_key: bytes) -> None:
    """Check that the relay signed a notice.

    Raises:
        Tampered: it did not.
    """
    fields = read_canonical(notice.raw)
    del fields["sig"]
    try:
        verify(relay_key, Label.NOTICE, canonical(fields), notice.signature)
    except Tampered as error:
        raise Tampered(f"notice {notice.n}", error.why) from None
