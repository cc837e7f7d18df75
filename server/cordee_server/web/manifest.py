"""What a release's console consists of: every file's hash, and the headers around them.

A *manifest* is one line of canonical JSON. A release signs it as a note
(c2sp.org/signed-note, Ed25519), so that whoever trusts the release's key can hold any
relay to it: ``cordee verify-console``. It names index, policy and files the way
enrolment in a browser's own check of web code would ask for them (security.md 1.7).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from cordee_shared.canonical import canonical, sha256_hex
from cordee_shared.errors import MalformedFrame, Tampered

from .door import ALWAYS
from .pages import CONSOLE_AT, Page

#: The key's name in the note.
KEY_NAME: Final = "cordee/console"
VERSION: Final = 1
_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_NAME: Final = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the console, as it is served."""

    sha256: str
    type: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a browser is given, and under which headers."""

    v: int
    release: str
    #: Where the console lies below a relay's origin.
    base: str
    #: What is served at the base itself.
    index: str
    headers: dict[str, str]
    files: dict[str, File]

    def text(self) -> str:
        """Return it as it is signed: canonical JSON and a line feed."""
        return canonical(msgspec.to_builtins(self)).decode("ascii") + "\n"


def manifest_of(pages: Mapping[str, Page], release: str) -> Manifest:
    """Say what these pages are, served by this relay's code."""
    return Manifest(
        v=VERSION,
        release=release,
        base=CONSOLE_AT,
        index="index.html",
        headers=dict(ALWAYS),
        files={
            path.removeprefix("/"): File(sha256_hex(page.body), page.kind)
            for path, page in pages.items()
            if path != "/"
        },
    )


@dataclass(frozen=True, slots=True)
class Release:
    """Signs manifests."""

    key: Ed25519PrivateKey

    def sign(self, manifest: Manifest) -> str:
        """Return the signed note of a manifest."""
        text = manifest.text()
        public = self.key.public_key().public_bytes_raw()
        signed = _key_id(public) + self.key.sign(text.encode("ascii"))
        return f"{text}\n— {KEY_NAME} {base64.b64encode(signed).decode('ascii')}\n"


def read_manifest(note: str, public: bytes) -> Manifest:
    """Check and decode a signed manifest; signatures of others are passed over.

    Raises:
        MalformedFrame: it is no manifest.
        Tampered: this key has not signed it.
    """
    text, mark, signatures = note.partition("\n\n")
    if not mark:
        raise MalformedFrame("a manifest is one line, an empty one, and signatures")
    signed = (text + "\n").encode("utf-8", "replace")
    if not any(_fits(line, signed, public) for line in signatures.splitlines()):
        raise Tampered("manifest", "this key has not signed it")
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MalformedFrame(f"not a manifest: {error}") from None
    if manifest.v != VERSION or manifest.text() != text + "\n":
        raise MalformedFrame("a manifest of another version, or not canonical")
    if not all(_NAME.fullmatch(name) for name in manifest.files):
        raise MalformedFrame("a manifest names a file outside the console")
    return manifest


def _fits(line: str, signed: bytes, public: bytes) -> bool:
    said, _, encoded = line.removeprefix("— ").partition(" ")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    if said != KEY_NAME or raw[:_KEY_ID_BYTES] != _key_id(public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw[_KEY_ID_BYTES:], signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key_id(public: bytes) -> bytes:
    hashed = hashlib.sha256(KEY_NAME.encode() + b"\n" + _ED25519 + public)
    return hashed.digest()[:_KEY_ID_BYTES]
