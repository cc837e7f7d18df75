"""Every key of a session and every label it is derived under, in one place.

::

    ISK --HKDF(salt=sid, info="ra1 " label 00 th)--> a2c  agent to console
                                                     c2a  console to agent
                                                     exp  binding of the journal
                                                     res  resuming a lost link
    a2c, c2a --HKDF-Expand("ra1 rekey" || records)--> the direction's next key
    res, X25519 --HKDF(info="ra1 resume " label 00 rh)--> a2c c2a res mac

1. One key, one use: no label stands twice, and a test holds them apart.
2. ``th`` (or ``rh``, when resuming) is in every label: whoever saw another
   exchange holds other keys.
3. The number of records sealed under a key goes into the next one. Counters start
   again at zero there, so that without it somebody in the middle could drop the
   last records before a new key and nobody would notice (S-14).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from cordee_shared.canonical import lv_cat

#: AES-256, and HKDF outputs.
KEY_BYTES: Final = 32

#: Ahead of every label; changes with the protocol's version.
_PROTOCOL: Final = b"ra1 "
_RESUME: Final = b"resume "
_REKEY: Final = b"ra1 rekey"

#: Outgoing and incoming keys of a pairing, journal binding, resume.
A2C: Final = b"a2c"
C2A: Final = b"c2a"
EXP: Final = b"exp"
RES: Final = b"res"
#: Confirmation of a resume; CPace has its own.
MAC: Final = b"mac"


class Role(StrEnum):
    """Which program this end is; the value stands in its associated data."""

    #: On the customer's machine; CPace's initiator.
    AGENT = "agent"
    #: The technician's page; CPace's responder.
    CONSOLE = "console"

    @property
    def other(self) -> Role:
        """The end at the other side of the relay."""
        return Role.CONSOLE if self is Role.AGENT else Role.AGENT


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one link, 32 bytes each; never in a repr (S-05)."""

    a2c: bytes = field(repr=False)
    c2a: bytes = field(repr=False)
    #: Binds the journal to the pairing: a resumed link keeps it.
    exp: bytes = field(repr=False)
    res: bytes = field(repr=False)

    def sending(self, role: Role) -> bytes:
        """Return the key under which ``role`` seals."""
        return self.a2c if role is Role.AGENT else self.c2a


def session_keys(isk: bytes, sid: bytes, th: bytes) -> Keys:
    """Derive the keys of a fresh pairing.

    Args:
        isk: CPace's intermediate session key; drop it after this.
        sid: the run's session identifier, HKDF's salt.
        th: the transcript's hash, 32 bytes.
    """

    def derive(label: bytes) -> bytes:
        return _hkdf(isk, sid, _PROTOCOL + label + b"\x00" + th)

    return Keys(a2c=derive(A2C), c2a=derive(C2A), exp=derive(EXP), res=derive(RES))


def resumed_keys(
    res: bytes, k: bytes, sid: bytes, rh: bytes, exp: bytes
) -> tuple[Keys, bytes]:
    """Derive the keys of a resumed link, and the key that confirms them.

    Both ``res`` and ``k`` have to be known: the first proves the pairing, the
    second keeps this link's records secret should ``res`` leak one day.

    Args:
        res: the resume key of the link before.
        k: X25519 of the two fresh shares; drop it after this.
        sid: the relay's fresh bytes and both nonces.
        rh: hash of the resume's transcript, 32 bytes.
        exp: the pairing's journal binding, which stays.
    """
    secret = lv_cat(res, k)

    def derive(label: bytes) -> bytes:
        return _hkdf(secret, sid, _PROTOCOL + _RESUME + label + b"\x00" + rh)

    keys = Keys(a2c=derive(A2C), c2a=derive(C2A), exp=exp, res=derive(RES))
    return keys, derive(MAC)


def next_key(key: bytes, records: int) -> bytes:
    """Return the key after ``key``, under which ``records`` records were sealed.

    One-way: whoever takes the new key from a machine cannot open what went before.
    """
    info = _REKEY + records.to_bytes(8, "big")
    return HKDFExpand(hashes.SHA512(), KEY_BYTES, info).derive(key)


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA512(), KEY_BYTES, salt, info).derive(secret)
