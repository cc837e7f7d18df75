"""Ed25519 signatures, each under a label that says what is being signed.

The labels keep a signature made for one purpose from passing for another.
"""

from __future__ import annotations

import hashlib
from enum import Enum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from .errors import MalformedFrame, Tampered


class Label(bytes, Enum):
    """What a signature is for."""

    #: An act of a person's side, bound to one pairing (security.md 2.2).
    EVENT = b"ra1 event"
    #: A fact that the relay journals.
    FACT = b"ra1 fact"
    #: Who the technician is, according to the provider.
    ATTESTATION = b"ra1 attestation"
    #: What was agreed for this session: engagement, tariff, policy.
    OFFER = b"ra1 offer"
    #: A fact about an engagement that stands in no session's journal.
    ENGAGEMENT = b"ra1 engagement"
    #: Which relay a downloaded agent belongs to.
    PROVISION = b"ra1 provision"
    #: What the relay did to its own data: erasure, retention.
    NOTICE = b"ra1 notice"


def message(label: Label, bound_to: bytes, data: bytes) -> bytes:
    """Return the bytes under a signature: label, zero, binding, SHA-256 of data."""
    return label.value + b"\x00" + bound_to + hashlib.sha256(data).digest()


def sign(
    key: Ed25519PrivateKey, label: Label, data: bytes, bound_to: bytes = b""
) -> bytes:
    """Sign ``data`` for the purpose of ``label``; 64 bytes."""
    return key.sign(message(label, bound_to, data))


def verify(
    public_key: bytes,
    label: Label,
    data: bytes,
    signature: bytes,
    bound_to: bytes = b"",
) -> None:
    """Check a signature.

    Raises:
        MalformedFrame: ``public_key`` is no Ed25519 key.
        Tampered: the signature does not fit.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError:
        raise MalformedFrame("not an Ed25519 public key") from None
    try:
        key.verify(signature, message(label, bound_to, data))
    except InvalidSignature:
        raise Tampered("signature", f"does not fit ({label.value.decode()})") from None
