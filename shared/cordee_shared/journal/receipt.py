"""What each side takes away from a session, and its check without anybody's help.

A receipt is one canonical JSON file (security.md 2.3):

- ``relay``: the relay's key, base64url; ``pairing``: what ``th`` and both sides' keys
  are computed from; ``offer``: what was agreed, signed by the relay. The attestation,
  who the provider says the technician is, stands in the console's associated data;
- ``texts``: every word that was shown before a yes, named by its hash in that act;
- ``entries``: the session as its holder was told it, each with its author's signature,
  and ``leaves``, their hashes; ``withheld``: acts that the relay never journaled;
- ``proof``: the last entry's place in the journal, a ``.tlog-proof``, and ``indexes``
  and ``beside``, which prove all the other entries under the same checkpoint.

"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from cordee_shared.canonical import (
    Json,
    canonical,
    read_canonical,
    sha256_hex,
)
from cordee_shared.errors import MalformedFrame
from cordee_shared.journal.act import Act
from cordee_shared.journal.checkpoint import SessionProof
from cordee_shared.journal.entry import Entry
from cordee_shared.journal.merkle import leaf_hash
from cordee_shared.session.offer import Signed
from cordee_shared.session.states import Event

KIND: Final = "cordee receipt"
#: What belongs into ``pairing``, as ``keys_confirmed`` journals it.
PAIRING: Final = ("rs", "ya", "ad_a", "yb", "ad_b")
_FIELDS: Final = {
    "kind": str,
    "relay": str,
    "session": str,
    "pairing": dict,
    "offer": dict,
    "texts": list,
    "entries": list,
    "leaves": list,
    "withheld": list,
    "proof": str,
    "indexes": list,
    "beside": list,
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as written and read; ``receipt_check.py`` says what it is worth."""

    relay: str
    session: str
    pairing: Mapping[str, Any]
    offer: Mapping[str, Any]
    texts: Sequence[Any]
    entries: Sequence[Any]
    leaves: Sequence[Any]
    withheld: Sequence[Any]
    proof: str
    indexes: Sequence[Any]
    beside: Sequence[Any]

    @classmethod
    def of(
        cls,
        relay: str,
        offer: Signed,
        entries: Sequence[Entry],
        proof: SessionProof,
        texts: Iterable[Mapping[str, Json]],
        withheld: Iterable[Act] = (),
    ) -> Self:
        """Put one together.

        Args:
            relay: the relay's key, base64url.
            offer: what was agreed.
            entries: the session's, the end included.
            proof: for exactly these entries.
            texts: what was shown before each yes.
            withheld: acts that have no entry.

        Raises:
            MalformedFrame: the keys were never confirmed: there is nothing to show.
        """
        evidence = next(
            (e.data for e in entries if e.kind is Event.KEYS_CONFIRMED), None
        )
        if evidence is None:
            raise MalformedFrame("a session without keys has no receipt")
        named = {sha256_hex(canonical(text)): text for text in texts}
        return cls(
            relay=relay,
            session=entries[0].session,
            pairing={name: evidence[name] for name in PAIRING},
            offer={"text": offer.text, "sig": offer.sig},
            texts=[named[name] for name in sorted(named)],
            entries=[entry.raw.decode("ascii") for entry in entries],
            leaves=[_b64(leaf_hash(entry.raw)) for entry in entries],
            withheld=[
                {"act": act.raw.decode("ascii"), "sig": act.signature.hex()}
                for act in withheld
            ],
            proof=proof.last.text(),
            indexes=list(proof.indexes),
            beside=[_b64(one) for one in proof.beside],
        )

    def write(self) -> bytes:
        """Return the file, line feed included."""
        fields: dict[str, Json] = {
            name: getattr(self, name) for name in _FIELDS if name != "kind"
        }
        return canonical(fields | {"v": 1, "kind": KIND}) + b"\n"

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Decode; nothing is checked yet.

        Raises:
            MalformedFrame: it is no receipt.
        """
        value = read_canonical(raw.removesuffix(b"\n"))
        version = value.pop("v", None)
        if version != 1 or version is True or value.get("kind") != KIND:
            raise MalformedFrame("not a receipt of version 1")
        if set(value) != set(_FIELDS):
            raise MalformedFrame("not a receipt: a field is missing or unknown")
        for name, kind in _FIELDS.items():
            if type(value[name]) is not kind:
                raise MalformedFrame(f"not a receipt: {name} has a wrong type")
        del value["kind"]
        return cls(**value)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
