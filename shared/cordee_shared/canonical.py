"""The exact bytes that are hashed and signed.

Two encodings, nothing else is ever hashed or signed:

1. :func:`canonical` - JSON after RFC 8785 without floats: ASCII, keys sorted, no
   white space; only ``None``, booleans, integers, strings, lists and objects.
2. :func:`lv_cat` - length-value concatenation (draft-irtf-cfrg-cpace-21, 5.1).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .errors import MalformedFrame

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

#: JavaScript holds integers exactly up to here; larger ones travel as strings.
SAFE_INTEGER = 2**53 - 1


def canonical(value: Json) -> bytes:
    """Return the one encoding of ``value`` (RFC 8785 without floats, ASCII).

    Raises:
        TypeError: ``value`` holds a float, or anything JSON has no word for.
        ValueError: an integer above 2^53-1, or a key outside ASCII.
    """
    _check(value)
    return json.dumps(
        value, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode("ascii")


def _check(value: object) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) > SAFE_INTEGER:
                raise ValueError(f"integer {value} is not exact in JavaScript")
        case Mapping():
            for key, item in value.items():
                # Sorting by code point and by UTF-16 unit agree on ASCII only.
                if not isinstance(key, str) or not key.isascii():
                    raise ValueError(f"key {key!r} is not ASCII")
                _check(item)
        case list() | tuple():
            for item in value:
                _check(item)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def read_canonical(data: bytes) -> dict[str, Any]:
    """Decode an object and insist that ``data`` is its one encoding.

    Raises:
        MalformedFrame: not JSON, not an object, a key twice, or not canonical.
    """
    try:
        value = json.loads(data.decode("ascii"), object_pairs_hook=_no_twice)
        if not isinstance(value, dict) or canonical(value) != data:
            raise ValueError("not in canonical form")
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedFrame(f"not a canonical object: {error}") from None
    return value


def prepend_len(data: bytes) -> bytes:
    """Return LEB128(len(data)) followed by ``data``."""
    size, out = len(data), bytearray()
    while True:
        out.append((size & 0x7F) | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return bytes(out) + data


def lv_cat(*parts: bytes) -> bytes:
    """Join ``parts``, each with its length before it."""
    return b"".join(prepend_len(part) for part in parts)


def transcript(ya: bytes, ad_a: bytes, yb: bytes, ad_b: bytes) -> bytes:
    """Return CPace's initiator-responder transcript; the agent is the initiator.

    Public: both ends derive keys from it, and the relay needs its hash to check
    the acts that they sign (security.md 2.2).
    """
    return lv_cat(ya, ad_a) + lv_cat(yb, ad_b)


def transcript_hash(ya: bytes, ad_a: bytes, yb: bytes, ad_b: bytes) -> bytes:
    """Return th, the SHA-256 that binds every act to one pairing; 32 bytes."""
    return hashlib.sha256(transcript(ya, ad_a, yb, ad_b)).digest()


def sha256_hex(data: bytes) -> str:
    """Return SHA-256 as 64 lowercase hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    """Return unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str) -> bytes:
    """Decode unpadded base64url, strictly.

    Raises:
        MalformedFrame: a character or a length that :func:`b64` never gives.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise MalformedFrame("not base64url") from None
    if b64(data) != text:
        raise MalformedFrame("not canonical base64url")
    return data
