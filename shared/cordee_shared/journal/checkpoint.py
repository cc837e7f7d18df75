"""Signed heads of the journal, and proofs that can be carried away: C2SP's formats.

- a *checkpoint* (c2sp.org/tlog-checkpoint) says origin, size and root, as a signed note
  (c2sp.org/signed-note) under Ed25519: other tools and witnesses can read it;
- a *proof* (c2sp.org/tlog-proof) holds a leaf's index, its path and a checkpoint.

The origin and the key's name are the relay's: ``cordee/`` and the first half of its
key's SHA-256. The key is the one that agents pin. What it signs for a checkpoint begins
with that name, what it signs elsewhere with a label (``signing.py``): neither can pass
for the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cordee_shared.canonical import Json, canonical, read_canonical, sha256_hex
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.journal.merkle import HASH_BYTES, check_inclusion

#: Ed25519, as signed-note counts algorithms.
_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_DASH: Final = "— "
_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_PROOF: Final = "c2sp.org/tlog-proof@v1"


def log_name(relay_pk: bytes) -> str:
    """Return the origin of a relay's journal, which is also its key's name."""
    return f"cordee/{sha256_hex(relay_pk)[:32]}"


@dataclass(frozen=True, slots=True)
class Head:
    """How far a journal was: what a checkpoint says."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs the heads of one relay's journal."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The key's public half, 32 bytes."""
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def checkpoint(self, head: Head) -> str:
        """Write and sign a checkpoint."""
        public = self.public
        name = log_name(public)
        text = f"{name}\n{head.size}\n{_b64(head.root)}\n"
        signed = _key_id(name, public) + self.key.sign(text.encode("utf-8"))
        return f"{text}\n{_DASH}{name} {_b64(signed)}\n"


def read_checkpoint(note: str, relay_pk: bytes) -> Head:
    """Check and decode a checkpoint; signatures of others are passed over.

    Raises:
        MalformedFrame: it is no checkpoint.
        Tampered: it is another log's, or the relay's signature is missing or wrong.
    """
    text, mark, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not mark or not signatures.endswith("\n") or len(lines) < 3:
        raise MalformedFrame("not a checkpoint")
    origin, size, root = lines[:3]
    if not _COUNT.fullmatch(size) or "" in lines:
        raise MalformedFrame("a checkpoint has origin, size and root, a line each")
    name = log_name(relay_pk)
    if origin != name:
        raise Tampered("checkpoint", "is another journal's")
    _check_note((text + "\n").encode("utf-8"), signatures, name, relay_pk)
    return Head(int(size), _hash(root))


def _check_note(text: bytes, signatures: str, name: str, public: bytes) -> None:
    wanted = _key_id(name, public)
    for line in signatures.removesuffix("\n").split("\n"):
        said, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not said or not encoded:
            raise MalformedFrame("a signature line is '— name signature'")
        raw = _unb64(encoded)
        if said != name or raw[:_KEY_ID_BYTES] != wanted:
            continue  # a witness, or another key of ours
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(raw[_KEY_ID_BYTES:], text)
        except (InvalidSignature, ValueError):
            raise Tampered("checkpoint", "its signature does not fit") from None
        return
    raise Tampered("checkpoint", "the relay has not signed it")


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A leaf's place in a journal, and the checkpoint that vouches for it."""

    index: int
    path: tuple[bytes, ...]
    #: The note's text, as it was signed.
    checkpoint: str

    def text(self) -> str:
        """Return it as a ``.tlog-proof`` file holds it."""
        lines = [_PROOF, f"index {self.index}", *(_b64(one) for one in self.path)]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def read(cls, text: str) -> Self:
        """Decode; nothing is checked yet. ``extra`` is passed over.

        Raises:
            MalformedFrame: it is no proof.
        """
        top, mark, checkpoint = text.partition("\n\n")
        first, *lines = top.split("\n")
        if lines and lines[0].startswith("extra "):
            lines = lines[1:]
        if first != _PROOF or not mark or not lines:
            raise MalformedFrame("not a proof of version 1")
        word, _, index = lines[0].partition(" ")
        if word != "index" or not _COUNT.fullmatch(index):
            raise MalformedFrame("a proof says 'index' and a count")
        return cls(int(index), tuple(_hash(line) for line in lines[1:]), checkpoint)

    def check(self, leaf: bytes, relay_pk: bytes) -> Head:
        """Check that the leaf is in the journal; return the head it is under.

        Raises:
            MalformedFrame: the checkpoint is none.
            Tampered: signature, index or path do not fit.
        """
        head = read_checkpoint(self.checkpoint, relay_pk)
        check_inclusion(leaf, self.index, head.size, self.path, head.root)
        return head


@dataclass(frozen=True, slots=True)
class SessionProof:
    """What proves every entry of a session under one checkpoint."""

    #: Where the session's last entry stands, in the portable form.
    last: TlogProof
    #: Where each of the session's entries stands, by number.
    indexes: tuple[int, ...]
    #: The subtrees beside them (:func:`~cordee_shared.journal.merkle.prove_several`).
    beside: Sequence[bytes]

    def write(self) -> str:
        """Return it as text, for the wire."""
        said: dict[str, Json] = {
            "proof": self.last.text(),
            "indexes": list(self.indexes),
            "beside": [_b64(one) for one in self.beside],
        }
        return canonical(said).decode("ascii")

    @classmethod
    def read(cls, text: str) -> Self:
        """Decode; nothing is checked yet.

        Raises:
            MalformedFrame: it is none.
        """
        match read_canonical(text.encode("ascii", "replace")):
            case {"proof": str(last), "indexes": list(places), "beside": list(beside)}:
                if all(type(one) is int for one in places):
                    return cls(
                        TlogProof.read(last),
                        tuple(places),
                        tuple(_hash(str(one)) for one in beside),
                    )
        raise MalformedFrame("not a session's proof")


def _key_id(name: str, public: bytes) -> bytes:
    hashed = hashlib.sha256(name.encode("utf-8") + b"\n" + _ED25519 + public).digest()
    return hashed[:_KEY_ID_BYTES]


def _hash(text: str) -> bytes:
    raw = _unb64(text)
    if len(raw) != HASH_BYTES:
        raise MalformedFrame("a hash is not 32 bytes")
    return raw


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _unb64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedFrame("not base64") from None
    if _b64(raw) != text:
        raise MalformedFrame("not canonical base64")
    return raw
