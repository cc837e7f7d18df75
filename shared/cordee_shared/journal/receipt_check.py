"""The check of a receipt, which needs nobody's help.

Rules:

1. It needs the file alone. It trusts the relay's key no further than it is told to:
   whoever knows the key from elsewhere gives it.
2. It names the first thing that is wrong, from the keys to the proof.
3. ``docs/evidence/verify_receipt.py`` is the same check once more, in one file that
   needs only ``cryptography``; tests give both the same receipts and the same changes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from cordee_shared.canonical import (
    canonical,
    read_canonical,
    sha256_hex,
    transcript_hash,
    unb64,
)
from cordee_shared.errors import CordeeError, MalformedFrame, Tampered
from cordee_shared.ids import SessionId
from cordee_shared.journal.act import NONE, Act, ActReader, read_act
from cordee_shared.journal.checkpoint import Head, TlogProof
from cordee_shared.journal.entry import Entry, read_entry, verify_fact
from cordee_shared.journal.merkle import check_several, leaf_hash
from cordee_shared.journal.receipt import PAIRING, Receipt
from cordee_shared.session.machine import Session
from cordee_shared.session.offer import Attestation, Offer, Signed
from cordee_shared.session.states import Event, Remark, Side, State

_T = TypeVar("_T")
#: Acts that are a yes to words that were shown.
_SHOWN: Final = (Event.VIEW_GRANTED, Event.CONTROL_GRANTED, Remark.EXTRA_ACCEPTED)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a receipt that is in order says."""

    session: SessionId
    relay_pk: bytes
    offer: Offer
    attestation: Attestation
    entries: tuple[Entry, ...]
    texts: Mapping[str, Mapping[str, Any]]
    #: How far the journal was when it vouched for the session.
    head: Head
    #: The last entry's place in it.
    index: int


def check(receipt: Receipt, relay_pk: bytes | None = None) -> Checked:
    """Check everything that the receipt says; see the module.

    Args:
        relay_pk: the relay's key, where it is known from elsewhere.

    Raises:
        Tampered: the first thing that is wrong, and what is wrong with it.
    """
    public = _named("relay", lambda: unb64(receipt.relay))
    if len(public) != 32 or (relay_pk is not None and public != relay_pk):
        raise Tampered("relay", "is not the key that is known of this relay")
    parts = _named("pairing", partial(_parts, receipt))
    th = transcript_hash(*(parts[name] for name in PAIRING[1:]))
    entries = _entries(receipt)
    keys, attestation = _people(receipt, parts, public, entries[0])
    offer = _offer(receipt, public)
    _check_acts(receipt, th, keys, entries, public)
    _follow(receipt, entries)
    _check_pairing(receipt, entries, th)
    texts = _texts(receipt, entries)
    _insist(entries[-1].state is State.ENDED, "entries", "the session's end is missing")
    head, index = _check_proof(receipt, entries, public)
    _insist(
        attestation.organisation == offer.organisation,
        "attestation",
        "names another provider than the offer",
    )
    return Checked(
        entries[0].session,
        public,
        offer,
        attestation,
        tuple(entries),
        texts,
        head,
        index,
    )


def keys_in(parts: Mapping[str, bytes]) -> dict[Side, bytes]:
    """Return both sides' Ed25519 keys, out of a pairing's public parts.

    Raises:
        MalformedFrame: one is missing.
    """
    return {
        side: unb64(_text(read_canonical(parts[name]).get("pk")))
        for side, name in ((Side.CUSTOMER, "ad_a"), (Side.TECHNICIAN, "ad_b"))
    }


# --- step by step


def _parts(receipt: Receipt) -> dict[str, bytes]:
    if set(receipt.pairing) != set(PAIRING):
        raise MalformedFrame("a part is missing or unknown")
    return {name: unb64(_text(receipt.pairing[name])) for name in PAIRING}


def _entries(receipt: Receipt) -> list[Entry]:
    _insist(bool(receipt.entries), "entries", "there are none")
    is_whole = len(receipt.leaves) == len(receipt.entries)
    _insist(is_whole, "leaves", "are not one an entry")
    found: list[Entry] = []
    for place, (text, leaf) in enumerate(
        zip(receipt.entries, receipt.leaves, strict=True)
    ):
        raw = _named(f"entry at {place}", partial(_ascii, text))
        number = found[0].n + place if found else place
        if _b64(leaf_hash(raw)) != leaf:
            raise Tampered(f"entry {number}", "is not what its leaf stands for")
        entry = _named(f"entry {number}", partial(read_entry, raw))
        _insist(
            not found or entry.n == number,
            f"entry {number}",
            "is missing, doubled or out of its place",
        )
        _insist(
            entry.session == receipt.session,
            f"entry {entry.n}",
            "is another session's",
        )
        found.append(entry)
    return found


def _people(
    receipt: Receipt, parts: Mapping[str, bytes], public: bytes, first: Entry
) -> tuple[dict[Side, bytes], Attestation]:
    def read() -> tuple[dict[Side, bytes], Attestation]:
        keys = keys_in(parts)
        said = read_canonical(parts["ad_b"]).get("att")
        if not isinstance(said, dict):
            raise MalformedFrame("the technician brought no attestation")
        statement = Signed(_text(said.get("text")), _text(said.get("sig")))
        now = first.moment.at_ms // 1000
        attested = Attestation.read(statement, public, now)
        if unb64(attested.pk) != keys[Side.TECHNICIAN]:
            raise MalformedFrame("is about another key")
        return keys, attested

    return _named("attestation", read)


def _offer(receipt: Receipt, public: bytes) -> Offer:
    def read() -> Offer:
        if set(receipt.offer) != {"text", "sig"}:
            raise MalformedFrame("text and sig, and nothing else")
        said = Signed(_text(receipt.offer["text"]), _text(receipt.offer["sig"]))
        return Offer.read(said, public)

    return _named("offer", read)


def _check_acts(
    receipt: Receipt,
    th: bytes,
    keys: Mapping[Side, bytes],
    entries: Sequence[Entry],
    public: bytes,
) -> None:
    """Check every signature and both chains, journaled acts and withheld ones."""
    readers = {
        side: ActReader(entries[0].session, side, key, th) for side, key in keys.items()
    }
    acts: list[Act] = []
    for entry in entries:
        where = f"entry {entry.n}"
        if entry.act is None:
            _named(where, partial(verify_fact, entry, public))
        else:
            act, reader = entry.act, readers[entry.act.side]
            _named(where, partial(reader.read, act.raw, act.signature))
            acts.append(act)
    for place, said in enumerate(receipt.withheld):
        acts.append(_named(f"withheld act {place}", partial(_held, said, readers)))
    known = {NONE} | {act.hash for act in acts}
    for act in acts:
        _insist(
            act.peer in known,
            f"act {act.seq} of the {act.side.value}",
            "answers an act that is missing here",
        )


def _follow(receipt: Receipt, entries: Sequence[Entry]) -> None:
    table = Session(first=entries[0].n)
    for entry in entries:
        where = f"entry {entry.n}"
        at_us = _at(table, entry)
        follow = partial(table.follow, entry.kind, entry.side, at_us)
        after = _named(where, partial(follow, late=entry.late))
        _insist(after is entry.state, where, "says another state than the table")


def _check_pairing(receipt: Receipt, entries: Sequence[Entry], th: bytes) -> None:
    for entry in entries:
        if entry.kind is Event.KEYS_CONFIRMED:
            same = dict(receipt.pairing) | {"pairing": th.hex()}
            _insist(dict(entry.data) == same, "pairing", "is not what was journaled")
        elif entry.kind is Remark.BIND:
            _insist(
                dict(entry.data) == {"pairing": th.hex()},
                f"entry {entry.n}",
                "binds to another pairing",
            )
    _insist(
        any(entry.kind is Event.KEYS_CONFIRMED for entry in entries),
        "entries",
        "the keys were never confirmed",
    )


def _texts(receipt: Receipt, entries: Sequence[Entry]) -> dict[str, Mapping[str, Any]]:
    offered = sha256_hex(_ascii(receipt.offer["text"]))
    texts: dict[str, Mapping[str, Any]] = {}
    for place, text in enumerate(receipt.texts):
        _insist(isinstance(text, dict), f"text {place}", "is none")
        texts[sha256_hex(canonical(text))] = text
    wanted = set()
    for entry in entries:
        if entry.kind not in _SHOWN:
            continue
        name = str(entry.data.get("text"))
        wanted.add(name)
        _insist(name in texts, f"text of entry {entry.n}", "is not what was agreed to")
        _insist(
            entry.kind is Remark.EXTRA_ACCEPTED or entry.data.get("offer") == offered,
            f"entry {entry.n}",
            "agrees to another offer",
        )
    _insist(set(texts) == wanted, "texts", "one was never agreed to")
    return texts


def _check_proof(
    receipt: Receipt, entries: Sequence[Entry], public: bytes
) -> tuple[Head, int]:
    proof = _named("proof", lambda: TlogProof.read(receipt.proof))
    leaves = [leaf_hash(entry.raw) for entry in entries]
    head = _named("proof", lambda: proof.check(leaves[-1], public))
    places = [one for one in receipt.indexes if type(one) is int]
    _insist(
        len(places) == len(receipt.indexes) == len(leaves)
        and places == sorted(places)
        and places[-1] == proof.index,
        "indexes",
        "are not the entries' places",
    )
    beside = _named("beside", lambda: [_unb64(_text(one)) for one in receipt.beside])
    check_several(dict(zip(places, leaves, strict=True)), head.size, beside, head.root)
    return head, proof.index


def _held(said: object, readers: Mapping[Side, ActReader]) -> Act:
    """Read a withheld act, which goes on where the journaled ones stop."""
    if not isinstance(said, dict) or set(said) != {"act", "sig"}:
        raise MalformedFrame("act and sig, and nothing else")
    signature = bytes.fromhex(_text(said["sig"]))
    act = read_act(_ascii(said["act"]), signature)
    return readers[act.side].read(act.raw, signature)


def _at(table: Session, entry: Entry) -> int:
    """Return the entry's clock; one that was written after a crash has another."""
    if entry.data.get("recovered") is True and table.at_us is not None:
        return max(table.at_us, entry.moment.mono_us)
    return entry.moment.mono_us


def _named(where: str, read: Callable[[], _T]) -> _T:
    """Run a step; whatever it finds wrong is wrong with ``where``."""
    try:
        return read()
    except Tampered as error:
        raise Tampered(f"{where}, {error.where}", error.why) from None
    except CordeeError as error:
        raise Tampered(where, str(error)) from None
    except (ValueError, TypeError, KeyError) as error:
        raise Tampered(where, f"cannot be read ({error})") from None


def _insist(is_so: bool, where: str, why: str) -> None:
    if not is_so:
        raise Tampered(where, why)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MalformedFrame("a text field holds no text")
    return value


def _ascii(value: object) -> bytes:
    text = _text(value)
    if not text.isascii():
        raise MalformedFrame("is not ASCII")
    return text.encode("ascii")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _unb64(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if _b64(raw) != text:
        raise MalformedFrame("not canonical base64")
    return raw
