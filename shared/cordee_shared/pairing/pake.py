"""CPace: two ends that hold the same five digits agree on a strong key.

Suite CPACE-X25519-SHA512 of draft-irtf-cfrg-cpace-21, initiator-responder, with
explicit confirmation (security.md 1.2). The agent is always the initiator.

1. Whoever stands between the ends may try one code per run, and learns nothing
   that can be tried again offline.
2. Python's integers do not take constant time. The map to the curve therefore
   works on *blinded* values: unblinded, 30 000 timings showed the secret (|t| 4.5
   to 11.4); blinded they do not (|t| <= 1.4). Never branch on a square root here.
3. Nothing in this module is kept: every function returns, and the caller drops
   the scalar, K and ISK as soon as the session's keys exist (S-05).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)

from cordee_shared.canonical import lv_cat, prepend_len
from cordee_shared.errors import PairingFailed

#: Draws that many bytes from the system's generator, or from a test's list.
Entropy: TypeAlias = Callable[[int], bytes]

#: The suite's name in the associated data of both ends.
SUITE: Final = "CPACE-X25519-SHA512"
#: Bytes of a scalar, of a coordinate and of a share.
FIELD_BYTES: Final = 32
#: HMAC-SHA-512, not cut.
CONFIRMATION_BYTES: Final = 64
#: u = 9, curve25519's base point: for a plain X25519 share.
BASE_POINT: Final = bytes([9]) + bytes(31)

_P: Final = 2**255 - 19
_A: Final = 486662
#: SHA-512's input block: the padding moves CI and sid out of the secret's block.
_BLOCK_BYTES: Final = 128
_DSI: Final = b"CPace255"
_DSI_ISK: Final = b"CPace255_ISK"
_DSI_MAC: Final = b"CPaceMac"
#: A draw this long, reduced below p, is uniform to 2^-129.
_BLIND_BYTES: Final = 48


def generator_string(prs: bytes, ci: bytes, sid: bytes) -> bytes:
    """Return what is hashed to the curve: secret, padding, context, session.

    Args:
        prs: the password-related string, here the secret's ASCII digits.
        ci: the channel identifier, what both ends believe about the link.
        sid: the session identifier, which no two runs share.
    """
    head = len(prepend_len(prs)) + len(prepend_len(_DSI))
    pad = max(0, _BLOCK_BYTES - 1 - head)
    return lv_cat(_DSI, prs, bytes(pad), ci, sid)


def map_to_curve(field_element: bytes, entropy: Entropy) -> bytes:
    """Map 32 bytes to an x-coordinate of curve25519: Elligator 2 with Z = 2.

    The result does not depend on what ``entropy`` draws; the time taken no longer
    depends on ``field_element``. The inverse is taken of ``b * d`` and the residue
    symbol of ``w * s^2`` for fresh b and s, and the choice between the two
    candidates is arithmetic, not a branch. Neither d nor w is ever zero: 2 is no
    square modulo p, and A^2 - 4 is none either.
    """
    r = int.from_bytes(field_element, "little") & (2**255 - 1)
    blind = _nonzero(entropy)
    square = _nonzero(entropy)
    d = (1 + 2 * r * r) % _P
    inverse = blind * pow(d * blind % _P, _P - 2, _P) % _P
    v = -_A * inverse % _P
    w = (v * v * v + _A * v * v + v) % _P
    residue = pow(w * square * square % _P, (_P - 1) // 2, _P)
    # 1 is odd, p - 1 is even: the low bit says whether w is a square.
    first = residue & 1
    x = (first * v + (1 - first) * (-v - _A)) % _P
    return x.to_bytes(FIELD_BYTES, "little")


def generator(prs: bytes, ci: bytes, sid: bytes, entropy: Entropy) -> bytes:
    """Return g, the point that only holders of ``prs`` know."""
    digest = hashlib.sha512(generator_string(prs, ci, sid)).digest()
    return map_to_curve(digest[:FIELD_BYTES], entropy)


def scalar_mult(scalar: bytes, point: bytes) -> bytes:
    """Return X25519(scalar, point), 32 bytes: a share, or K.

    Raises:
        PairingFailed: the point is not 32 bytes, or of low order: the result
            would be zero whatever the scalar is, a key known to all (S-02).
    """
    if len(point) != FIELD_BYTES:
        raise PairingFailed(f"a share of {len(point)} bytes")
    try:
        product = X25519PrivateKey.from_private_bytes(scalar).exchange(
            X25519PublicKey.from_public_bytes(point)
        )
    except ValueError:
        raise PairingFailed("a point of low order") from None
    # The library refuses zero today; the draft asks us not to count on it.
    if hmac.compare_digest(product, bytes(FIELD_BYTES)):
        raise PairingFailed("a point of low order")
    return product


def intermediate_key(sid: bytes, k: bytes, transcript: bytes) -> bytes:
    """Return ISK, 64 bytes; ``transcript`` is ``canonical.transcript(...)``."""
    return hashlib.sha512(lv_cat(_DSI_ISK, sid, k) + transcript).digest()


def confirmation(sid: bytes, isk: bytes, share: bytes, ad: bytes) -> bytes:
    """Return the tag by which one end shows that it holds ISK, 64 bytes.

    Args:
        sid: the session identifier of this run.
        isk: the intermediate session key.
        share: the share of the end whose tag this is.
        ad: the associated data of the same end, as the bytes sent.
    """
    mac_key = hashlib.sha512(_DSI_MAC + sid + isk).digest()
    return hmac.digest(mac_key, lv_cat(share, ad), "sha512")


def same(ours: bytes, theirs: bytes) -> bool:
    """Compare two tags in a time that does not tell where they differ (S-06)."""
    return hmac.compare_digest(ours, theirs)


def _nonzero(entropy: Entropy) -> int:
    """Draw a factor in [1, p - 1]."""
    return int.from_bytes(entropy(_BLIND_BYTES), "little") % (_P - 1) + 1
