"""What the relay vouches for before anybody consents: who asks, and for how much.

Two statements, each canonical JSON under the relay's signature, which the agent
checks with the key it has pinned:

- the *attestation* says who the provider claims the technician is (security.md 1.5);
- the *offer* says what was agreed: engagement, tariff, policy (billing_legal.md R01,
  R05, R23). Its hash stands in the act of consent.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import b64, canonical, read_canonical, sha256_hex, unb64
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.ids import EngagementId
from cordee_shared.signing import Label, sign, verify


class Opening(StrEnum):
    """The customer's yes from which time counts."""

    CONTROL = "control"
    VIEW = "view"


class Reclaimed(StrEnum):
    """What becomes of time once the customer has taken control back."""

    #: Nothing counts until control is given again: taking it back never costs.
    PAUSE = "pause"
    #: It counts, for work that is guided by phone.
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement's text and the relay's signature over it, as they travel."""

    text: str
    sig: str

    @property
    def hash(self) -> str:
        """SHA-256 of the statement."""
        return sha256_hex(self.text.encode("ascii", "replace"))


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who the provider says holds the technician's key."""

    organisation: str
    technician: str
    #: base64url of the console's Ed25519 key: one per page load.
    pk: str
    #: Unix seconds; twelve hours after it was made.
    expires: int

    def signed(self, key: Ed25519PrivateKey) -> Signed:
        """Sign it with the relay's key."""
        return _signed(self, Label.ATTESTATION, key)

    @classmethod
    def read(cls, statement: Signed, relay_key: bytes, now: int) -> Self:
        """Check and decode.

        Raises:
            Tampered: signature does not fit, or it has expired.
            MalformedFrame: it is no attestation.
        """
        made = cls(**_fields(statement, Label.ATTESTATION, relay_key, _ATTESTATION))
        if made.expires <= now:
            raise Tampered("attestation", "has expired")
        return made


@dataclass(frozen=True, slots=True)
class Offer:
    """What was agreed before the session: what for, at which price, by which rules."""

    engagement: EngagementId
    organisation: str
    phone: str
    customer: str
    purpose: str
    #: Tariff row in force at the date of the offer (R05), and its hash.
    tariff: str
    tariff_hash: str
    #: Cents, all taxes included, for each begun unit of ``unit_s`` seconds.
    price_cents: int
    currency: str
    unit_s: int
    minimum_units: int
    policy: str
    policy_hash: str
    terms_version: str
    terms_hash: str
    #: Unix milliseconds at which the engagement was confirmed: the offer's date.
    confirmed_ms: int
    #: How time counts under the policy: the consent screen says so (3.1).
    service_opens: str = Opening.CONTROL
    reclaimed: str = Reclaimed.PAUSE

    def signed(self, key: Ed25519PrivateKey) -> Signed:
        """Sign it with the relay's key."""
        return _signed(self, Label.OFFER, key)

    @classmethod
    def read(cls, statement: Signed, relay_key: bytes) -> Self:
        """Check and decode.

        Raises:
            Tampered: the signature does not fit.
            MalformedFrame: it is no offer.
        """
        made = cls(**_fields(statement, Label.OFFER, relay_key, _OFFER))
        if (
            made.service_opens not in Opening._value2member_map_
            or made.reclaimed not in Reclaimed._value2member_map_
        ):
            raise MalformedFrame("an offer by rules that no consent text has words for")
        return made


_ATTESTATION = {"organisation": str, "technician": str, "pk": str, "expires": int}
_OFFER = {
    "engagement": str,
    "organisation": str,
    "phone": str,
    "customer": str,
    "purpose": str,
    "tariff": str,
    "tariff_hash": str,
    "price_cents": int,
    "currency": str,
    "unit_s": int,
    "minimum_units": int,
    "policy": str,
    "policy_hash": str,
    "terms_version": str,
    "terms_hash": str,
    "confirmed_ms": int,
    "service_opens": str,
    "reclaimed": str,
}


def _signed(value: Attestation | Offer, label: Label, key: Ed25519PrivateKey) -> Signed:
    text = canonical(asdict(value) | {"v": 1})
    return Signed(text.decode("ascii"), b64(sign(key, label, text)))


def _fields(
    statement: Signed, label: Label, relay_key: bytes, form: dict[str, type]
) -> dict[str, Any]:
    if not statement.text.isascii():
        raise MalformedFrame("a statement is ASCII")
    text = statement.text.encode("ascii")
    verify(relay_key, label, text, unb64(statement.sig))
    value = read_canonical(text)
    version = value.pop("v", None)
    if version != 1 or version is True or set(value) != set(form):
        raise MalformedFrame("not a statement of version 1")
    for name, kind in form.items():
        if type(value[name]) is not kind:
            raise MalformedFrame(f"{name} has a wrong type")
    return value
