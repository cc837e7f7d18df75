"""Sessions with everything that a receipt is made of, and their receipts."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.canonical import Json, b64, canonical, transcript_hash
from cordee_shared.ids import EngagementId, SessionId
from cordee_shared.journal.act import ActWriter
from cordee_shared.journal.checkpoint import Head, SessionProof, Signer, TlogProof
from cordee_shared.journal.entry import Entry
from cordee_shared.journal.merkle import (
    grow,
    leaf_hash,
    prove_inclusion,
    prove_several,
    root,
)
from cordee_shared.journal.receipt import Receipt
from cordee_shared.session.consent import Language, Scope, consent_data, render
from cordee_shared.session.extra import Extra, accepted_data, render_extra
from cordee_shared.session.offer import Attestation, Offer
from cordee_shared.session.states import Event, Remark, Side
from tests.shared.journals import RELAY, TARIFF, WALL_MS, Journal

SIGNER = Signer(RELAY)
OFFER = Offer(
    engagement=EngagementId("e-0123456789abcdef"),
    organisation="Aide & Cie",
    phone="01 23 45 67 89",
    customer="Mme Dupuis",
    purpose="Imprimante",
    tariff=TARIFF.id,
    tariff_hash=TARIFF.hash,
    price_cents=2500,
    currency="EUR",
    unit_s=1800,
    minimum_units=1,
    policy=LAW_CORRECTED_2026.id,
    policy_hash=LAW_CORRECTED_2026.hash,
    terms_version="2021-11-01",
    terms_hash=hashlib.sha256(b"terms").hexdigest(),
    confirmed_ms=WALL_MS,
)
SIGNED = OFFER.signed(RELAY)


class Evident(Journal):
    """A session whose pairing, offer and texts can be shown."""

    def __init__(self, number: int = 1, name: str = "Claire") -> None:
        super().__init__(number)
        attested = Attestation(
            "Aide & Cie",
            name,
            b64(_public(self.keys[Side.TECHNICIAN])),
            WALL_MS // 1000 + 3600,
        ).signed(RELAY)
        self.name = name
        own: dict[str, Json] = {"role": "agent", "pk": b64(self.pk(Side.CUSTOMER))}
        other: dict[str, Json] = {
            "role": "console",
            "pk": b64(self.pk(Side.TECHNICIAN)),
            "att": {"text": attested.text, "sig": attested.sig},
        }
        parts = bytes(range(32)), canonical(own), bytes(range(1, 33)), canonical(other)
        self.th = transcript_hash(*parts)
        self.evidence: dict[str, Json] = {
            "pairing": self.th.hex(),
            "rs": b64(bytes(16)),
            **dict(zip(("ya", "ad_a", "yb", "ad_b"), map(b64, parts), strict=True)),
        }
        self._writers = {
            side: ActWriter(self.id, side, private, self.th, 0)
            for side, private in self.keys.items()
        }
        self.texts: list[dict[str, Json]] = []

    def pk(self, side: Side) -> bytes:
        """Return a side's public key."""
        return _public(self.keys[side])

    def pair(self) -> Journal:
        """From the code to the question."""
        self.fact(Remark.CODE_ISSUED).fact(Event.CODE_CLAIMED)
        for side in (Side.CUSTOMER, Side.TECHNICIAN):
            self.act(side, Remark.BIND, {"pairing": self.th.hex()})
        return self.fact(Event.KEYS_CONFIRMED, self.evidence)

    def agree(self, scope: Scope, kind: Event) -> Journal:
        """The customer's yes, to the words in force."""
        text = render(scope, Language.FR, OFFER, self.name)
        self.texts.append(text.words)
        data = consent_data(text, SIGNED.hash, "pointer", terms_hash=OFFER.terms_hash)
        return self.act(Side.CUSTOMER, kind, data)

    def accept(self, extra: Extra) -> Journal:
        """More work, proposed and accepted."""
        self.act(Side.TECHNICIAN, Remark.EXTRA_PROPOSED, extra.data)
        proposal = self.entries[-1].act
        assert proposal is not None, "a proposal is an act"
        text = render_extra(extra, Language.FR, OFFER, self.name)
        self.texts.append(text.words)
        data = accepted_data(proposal.hash, extra, text, "pointer")
        return self.act(Side.CUSTOMER, Remark.EXTRA_ACCEPTED, data)


def evident(number: int = 1) -> Evident:
    """Return a whole session: seen, driven, taken back, more work, ended."""
    session = Evident(number)
    session.pair()
    session.agree(Scope.VIEW, Event.VIEW_GRANTED)
    session.wait(5).act(Side.TECHNICIAN, Remark.CONTROL_REQUESTED)
    session.agree(Scope.CONTROL, Event.CONTROL_GRANTED)
    session.wait(60).checkpoint().act(Side.CUSTOMER, Remark.TICK)
    session.accept(Extra("Un câble", 900))
    session.reclaim().wait(3).end()
    return session


def prove(*journals: Journal, of: SessionId, since: int = 0) -> SessionProof:
    """Prove a session's entries in a log of these sessions, entry by entry."""
    longest = max(len(journal.entries) for journal in journals)
    mixed: list[Entry] = [
        journal.entries[n]
        for n in range(longest)
        for journal in journals
        if n < len(journal.entries)
    ]
    kept: dict[tuple[int, int], bytes] = {}

    def node(level: int, at: int) -> bytes:
        return kept[level, at]

    for size, entry in enumerate(mixed):
        kept[0, size] = leaf = leaf_hash(entry.raw)
        for level, at, found in grow(size, leaf, node):
            kept[level, at] = found
    size = len(mixed)
    indexes = tuple(
        at for at, entry in enumerate(mixed) if entry.session == of and entry.n >= since
    )
    note = SIGNER.checkpoint(Head(size, root(size, node)))
    return SessionProof(
        TlogProof(indexes[-1], tuple(prove_inclusion(indexes[-1], size, node)), note),
        indexes,
        tuple(prove_several(indexes, size, node)),
    )


def receipt_of(session: Evident, *others: Journal, since: int = 0) -> Receipt:
    """Return the receipt of a session in a log with others."""
    return Receipt.of(
        b64(SIGNER.public),
        SIGNED,
        session.entries[since:],
        prove(session, *others, of=session.id, since=since),
        session.texts,
    )


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def changes(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every single change of a receipt that somebody may try, with its name.

    Each value at any depth, into the entries and the acts in them; each entry taken
    out, doubled, swapped with the next; the tail cut.
    """
    receipt = json.loads(raw)
    for path, value in _values(receipt):
        for changed in _others(value):
            copy = json.loads(raw)
            _put(copy, path, changed)
            yield f"{'.'.join(map(str, path))}", canonical(copy)
    for place, text in enumerate(receipt["entries"]):
        entry = json.loads(text)
        for name, value in entry.items():
            for changed in _others(value):
                copy = json.loads(raw)
                copy["entries"][place] = canonical(entry | {name: changed}).decode()
                _releaf(copy, place)
                yield f"entries.{place}:{name}, and its leaf", canonical(copy)
    for place in range(len(receipt["entries"])):
        for name, more in (("entries", "leaves"), ("indexes", "")):
            for what in ("without", "twice", "swapped"):
                copy = json.loads(raw)
                for field in filter(None, (name, more)):
                    _move(copy[field], place, what)
                if copy != receipt:
                    yield f"{name}.{place} {what}", canonical(copy)
    for place in range(1, len(receipt["entries"])):
        copy = json.loads(raw)
        for field in ("entries", "leaves", "indexes"):
            del copy[field][place:]
        yield f"cut at {place}", canonical(copy)


def _values(
    value: object, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], object]]:
    match value:
        case dict():
            for name, one in value.items():
                yield from _values(one, (*path, name))
        case list():
            for place, one in enumerate(value):
                yield from _values(one, (*path, place))
        case _:
            yield path, value


def _others(value: object) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case str() if value:
            for place in {0, len(value) // 2, len(value) - 1}:
                other = "A" if value[place] != "A" else "B"
                yield value[:place] + other + value[place + 1 :]
        case str():
            yield "x"
        case dict():
            yield {**value, "more": 1}


def _put(copy: dict[str, Any], path: tuple[Any, ...], value: object) -> None:
    into: Any = copy
    for step in path[:-1]:
        into = into[step]
    into[path[-1]] = value


def _releaf(copy: dict[str, Any], place: int) -> None:
    leaf = leaf_hash(copy["entries"][place].encode())
    copy["leaves"][place] = base64.b64encode(leaf).decode()


def _move(rows: list[Any], place: int, what: str) -> None:
    if what == "without":
        del rows[place]
    elif what == "twice":
        rows.insert(place, rows[place])
    elif place + 1 < len(rows):
        rows[place], rows[place + 1] = rows[place + 1], rows[place]
