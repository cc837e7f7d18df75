"""The rest of what was agreed with a customer: who, when, where documents go (R01).

The offer carries only the hash, and so does the journal: nothing of a customer's stands
there. A random salt makes the hash say nothing about what is behind it, so a customer's
data can be erased and the chain still verifies (R39).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

from cordee_shared.billing.contract import CustomerKind
from cordee_shared.billing.siren import is_siren
from cordee_shared.canonical import canonical, read_canonical, sha256_hex
from cordee_shared.errors import BadInput, MalformedFrame

#: What is checked on the phone before a code exists (R02, R36).
PREREQUISITES: Final = ("broadband", "supported_os", "licences")
#: What stands for "checked"; anything else is the reason why it was waived.
CHECKED: Final = "yes"
#: Where the work is done (R01): the terms' "lieu"; no travel line ever (R07).
PLACE: Final = "remote"

_EMAIL: Final = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+$")
_REF: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,31}$")
_SALT: Final = re.compile(r"^[0-9a-f]{32}$")


class Channel(StrEnum):
    """How the customer asked, and confirmed."""

    PHONE = "phone"
    EMAIL = "email"


class Delivery(StrEnum):
    """How documents travel (B08)."""

    EMAIL = "email"
    POST = "post"


class Backup(StrEnum):
    """The backup question, as answered on the phone (R31)."""

    #: The customer is asked on the screen.
    ASK = ""
    DONE = "done"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Who the customer is and what was settled before any code (R01, R02, R08, R10)."""

    kind: CustomerKind
    #: Names the customer without naming a person: ``c-…``.
    ref: str
    #: A professional's company number; empty for a consumer.
    siren: str
    email: str
    phone: str
    #: Postal address, a line each.
    post: tuple[str, ...]
    delivery: Delivery
    channel: Channel
    #: The agreed day and hour, Unix milliseconds (R03).
    slot_from_ms: int
    slot_until_ms: int
    #: Who asked for the work, and when (R10).
    requested_by: str
    requested_ms: int
    #: The date of the offer: whose tariff counts (R05).
    offered_ms: int
    #: ``CHECKED``, or the reason why it was waived, for each of ``PREREQUISITES``.
    prerequisites: tuple[tuple[str, str], ...]
    backup: Backup
    #: Why no age is asked: how the technician knows of the authorisation (R08).
    vouched: str
    #: 16 random bytes, so that the hash tells nothing.
    salt: str

    def __post_init__(self) -> None:
        """Refuse what could not have been agreed, each mistake with its own sentence.

        Raises:
            BadInput: which field, and what was expected.
        """
        _check(self)

    @property
    def deliver_to(self) -> str:
        """Where documents go: an e-mail address, or lines of post."""
        if self.delivery is Delivery.EMAIL:
            return self.email
        return "\n".join(self.post)

    def canonical(self) -> bytes:
        """Return the bytes that are hashed and kept, apart from the journal."""
        return canonical(asdict(self) | {"v": 1})

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form: what the offer names."""
        return sha256_hex(self.canonical())

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read them back from their canonical form.

        Raises:
            MalformedFrame: not canonical, or not of version 1.
            BadInput: they make no sense.
        """
        value: dict[str, Any] = read_canonical(raw)
        known = {field.name for field in fields(cls)}
        if value.pop("v", None) != 1 or set(value) != known:
            raise MalformedFrame("not particulars of version 1")
        try:
            value["kind"] = CustomerKind(value["kind"])
            value["delivery"] = Delivery(value["delivery"])
            value["channel"] = Channel(value["channel"])
            value["backup"] = Backup(value["backup"])
            value["post"] = tuple(value["post"])
            value["prerequisites"] = tuple(
                (str(name), str(answer)) for name, answer in value["prerequisites"]
            )
        except (TypeError, ValueError) as error:
            raise MalformedFrame(f"not particulars: {error}") from None
        return cls(**value)


def _check(one: Particulars) -> None:
    if not _REF.match(one.ref):
        raise BadInput(
            "The customer's reference is small letters, digits and hyphens.",
            field="ref",
        )
    if one.siren and (one.kind is CustomerKind.CONSUMER or not is_siren(one.siren)):
        raise BadInput(
            "The SIREN is a professional's, nine digits whose check digit fits.",
            field="siren",
        )
    if one.email and not _EMAIL.match(one.email):
        raise BadInput("The e-mail address is not one.", field="email")
    if one.slot_from_ms <= 0 or one.slot_until_ms <= 0:
        raise BadInput("The agreed day and hour are missing.", field="slot")
    if one.slot_until_ms <= one.slot_from_ms:
        raise BadInput("The appointment ends before it begins.", field="slot")
    if not one.requested_by or one.requested_ms <= 0:
        raise BadInput("Who asked for the work is missing.", field="requested_by")
    if one.requested_ms > one.offered_ms:
        raise BadInput("The offer is older than the request.", field="offered")
    for name in PREREQUISITES:
        if not dict(one.prerequisites).get(name):
            raise BadInput(
                f"A prerequisite is neither checked nor waived: {name}.", field=name
            )
    if len(one.prerequisites) != len(PREREQUISITES):
        raise BadInput("There is no such prerequisite.", field="prerequisites")
    if not _SALT.match(one.salt):
        raise BadInput("The salt is 32 hexadecimal digits.", field="salt")
