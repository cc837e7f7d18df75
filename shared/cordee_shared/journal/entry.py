"""An act or a fact as the relay appends it: numbered, timed, signed.

An entry is canonical JSON ``{act, at_ms, boot, data, kind, late, mono_us, n,
session, side, sig, state, v}``:

- ``n`` counts the session's entries from 0; ``state`` is the state after it;
- ``mono_us`` is the relay's monotonic clock, comparable only under one ``boot``;
  microseconds, because JavaScript holds integers exactly up to 2^53 and a year of
  nanoseconds is above that; ``at_ms`` is wall time, a label that nothing computes with;
- for an act of a person ``act`` is its exact text and ``sig`` its author's signature;
- for a fact of the relay ``act`` is empty and ``sig`` is the relay's, over the entry
  without ``sig``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import Json, canonical, read_canonical, sha256_hex
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.ids import SessionId, read_session_id
from cordee_shared.journal.act import Act, read_act
from cordee_shared.session.machine import Kind, read_kind
from cordee_shared.session.states import Side, State
from cordee_shared.signing import Label, sign, verify

_TEXTS: Final = ("session", "boot", "side", "kind", "state", "act", "sig")
_FIELDS: Final = frozenset(_TEXTS) | {"v", "n", "mono_us", "at_ms", "late", "data"}
#: An Ed25519 signature as it is written; ``fromhex`` alone would take others.
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of the relay's clocks, taken together."""

    #: Names the run of the monotonic clock; readings compare only within one.
    boot: str
    #: Monotonic microseconds.
    mono_us: int
    #: Unix wall clock, milliseconds: a label.
    at_ms: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One journaled entry; ``raw`` is what is stored and hashed."""

    session: SessionId
    n: int
    moment: Moment
    side: Side
    kind: Kind
    #: The state after this entry.
    state: State
    #: Journaled without effect: it crossed another on the wire.
    late: bool
    data: Mapping[str, Any]
    #: The person's act, or ``None`` for a fact of the relay.
    act: Act | None
    signature: bytes = field(repr=False)
    raw: bytes = field(repr=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the entry's bytes."""
        return sha256_hex(self.raw)


def write_act(n: int, moment: Moment, act: Act, state: State, *, late: bool) -> Entry:
    """Wrap a person's verified act as entry ``n``."""
    fields = _common(n, moment, act.session, act.side, act.kind, state, late)
    return read_entry(
        canonical(
            fields
            | {
                "data": act.data,
                "act": act.raw.decode("ascii"),
                "sig": act.signature.hex(),
            }
        )
    )


def write_fact(
    n: int,
    moment: Moment,
    session: SessionId,
    kind: Kind,
    state: State,
    data: Mapping[str, Json],
    key: Ed25519PrivateKey,
) -> Entry:
    """Write and sign a fact of the relay as entry ``n``."""
    fields = _common(n, moment, session, Side.RELAY, kind, state, False)
    fields |= {"data": data, "act": ""}
    signature = sign(key, Label.FACT, canonical(fields))
    return read_entry(canonical(fields | {"sig": signature.hex()}))


def _common(
    n: int,
    moment: Moment,
    session: SessionId,
    side: Side,
    kind: Kind,
    state: State,
    late: bool,
) -> dict[str, Json]:
    return {
        "v": 1,
        "session": session,
        "n": n,
        "boot": moment.boot,
        "mono_us": moment.mono_us,
        "at_ms": moment.at_ms,
        "side": side.value,
        "kind": kind.value,
        "state": state.value,
        "late": late,
    }


def read_entry(raw: bytes) -> Entry:
    """Decode an entry; signatures are not checked yet.

    Raises:
        MalformedFrame: not canonical, or a field is missing, unknown or wrong.
        UnexpectedMessage: no event or remark has this name.
    """
    value = read_canonical(raw)
    # To Python True equals 1; to the console it does not.
    if set(value) != _FIELDS or value["v"] != 1 or value["v"] is True:
        raise MalformedFrame("not an entry of version 1")
    numbers = (value["n"], value["mono_us"], value["at_ms"])
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise MalformedFrame("n, mono_us and at_ms are counts")
    if not all(isinstance(value[name], str) for name in _TEXTS):
        raise MalformedFrame("a text field holds no text")
    if not isinstance(value["late"], bool) or not isinstance(value["data"], dict):
        raise MalformedFrame("late is a boolean and data an object")
    try:
        side, state = Side(value["side"]), State(value["state"])
    except ValueError as error:
        raise MalformedFrame(str(error)) from None
    if not _SIGNATURE.fullmatch(value["sig"]):
        raise MalformedFrame("sig is no signature")
    signature = bytes.fromhex(value["sig"])
    session = read_session_id(value["session"])
    kind = read_kind(value["kind"])
    act = None
    if value["act"]:
        if not value["act"].isascii():
            raise MalformedFrame("an act is ASCII")
        act = read_act(value["act"].encode("ascii"), signature)
        # By their bytes: to Python 1 and True are the same data.
        if (act.session, act.side, act.kind) != (session, side, kind) or canonical(
            act.data
        ) != canonical(value["data"]):
            raise MalformedFrame("the entry says other than its act")
    elif side is not Side.RELAY:
        raise MalformedFrame("only the relay's entries have no act")
    return Entry(
        session=session,
        n=value["n"],
        moment=Moment(value["boot"], value["mono_us"], value["at_ms"]),
        side=side,
        kind=kind,
        state=state,
        late=value["late"],
        data=value["data"],
        act=act,
        signature=signature,
        raw=raw,
    )


def verify_fact(entry: Entry, relay_key: bytes) -> None:
    """Check that the relay signed a fact.

    Raises:
        Tampered: it did not.
    """
    fields = read_canonical(entry.raw)
    del fields["sig"]
    try:
        verify(relay_key, Label.FACT, canonical(fields), entry.signature)
    except Tampered as error:
        raise Tampered(f"entry {entry.n} of {entry.session}", error.why) from None
