"""Names of things, typed so that one cannot stand for another.

Random parts are arguments: this package draws no dice.
"""

from __future__ import annotations

import re
import uuid
from typing import NewType

from .errors import MalformedFrame

#: 128 random bits, 32 hexadecimal digits: one session.
SessionId = NewType("SessionId", str)
#: What was agreed and is billed: ``e-`` and 16 hexadecimal digits.
EngagementId = NewType("EngagementId", str)
#: A technician's account, as typed at sign in.
TechnicianId = NewType("TechnicianId", str)
#: The routing half of a code: three digits.
Nameplate = NewType("Nameplate", str)
#: One billed engagement at one revision: a UUIDv5.
RecordId = NewType("RecordId", str)

_SESSION = re.compile(r"[0-9a-f]{32}")
_ENGAGEMENT = re.compile(r"e-[0-9a-f]{16}")
_NAMEPLATE = re.compile(r"[0-9]{3,4}")
_TECHNICIAN = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")

#: Namespace of billing records: ids can be derived again from the journal alone.
_RECORDS = uuid.uuid5(uuid.NAMESPACE_URL, "https://cordee.example/billing-record")


def session_id(random: bytes) -> SessionId:
    """Name a session after 16 random bytes."""
    if len(random) != 16:
        raise ValueError("a session id takes 16 random bytes")
    return SessionId(random.hex())


def engagement_id(random: bytes) -> EngagementId:
    """Name an engagement after 8 random bytes."""
    if len(random) != 8:
        raise ValueError("an engagement id takes 8 random bytes")
    return EngagementId(f"e-{random.hex()}")


def record_id(relay: str, engagement: EngagementId, revision: int) -> RecordId:
    """Derive the id of a billing record (billing_legal.md 4.1): never random."""
    return RecordId(str(uuid.uuid5(_RECORDS, f"{relay}\n{engagement}\n{revision}")))


def read_session_id(text: str) -> SessionId:
    """Check the form of a session id.

    Raises:
        MalformedFrame: it is none.
    """
    if not _SESSION.fullmatch(text):
        raise MalformedFrame("not a session id")
    return SessionId(text)


def read_engagement_id(text: str) -> EngagementId:
    """Check the form of an engagement id.

    Raises:
        MalformedFrame: it is none.
    """
    if not _ENGAGEMENT.fullmatch(text):
        raise MalformedFrame("not an engagement id")
    return EngagementId(text)


def read_nameplate(text: str) -> Nameplate:
    """Check the form of a nameplate.

    Raises:
        MalformedFrame: it is none.
    """
    if not _NAMEPLATE.fullmatch(text):
        raise MalformedFrame("not a nameplate")
    return Nameplate(text)


def read_technician_id(text: str) -> TechnicianId:
    """Check the form of an account's name: lower case, 1 to 32 characters.

    Raises:
        ValueError: it is none; the sentence says what is allowed.
    """
    if not _TECHNICIAN.fullmatch(text):
        raise ValueError(
            "an account name has 1 to 32 characters out of a-z 0-9 . _ - "
            "and starts with a letter or a digit"
        )
    return TechnicianId(text)
