"""What the relay vouches for before anybody consents: who asks, and for how much.

Two statements, each canonical JSON under the relay's signature, which the agent
checks with the key it has pinned:

- the *attestation* says who the provider claims the technician is (security.md 1.5);
- the *offer* says what was agreed: engagement, tariff, policy (billing_legal.md R01,
  R05, R23). Its hash stands in the act of consent.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import b64, canonical, read_canonical, sha256_hex, unb64
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.ids import EngagementId
from cordee_shared.session.asking import Ask
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
    #: Names of :class:`~cordee_shared.session.asking.Ask`: what the customer has to
    #: answer before saying yes, in order.
    asks: tuple[str, ...] = ()
    #: What "please back up first" costs, cents, all taxes included; 0: not offered.
    backup_cents: int = 0
    #: Last day on which a consumer may withdraw, such as ``2026-12-07``; or empty.
    withdraw_by: str = ""
    #: Hash of what the policy asks customers (``billing/contract.py``).
    contract_hash: str = ""
    #: Hash of the rest of what was agreed (``billing/particulars.py``): nothing of the
    #: customer's stands in the journal, and nothing there can be exchanged later.
    particulars_hash: str = ""
    #: Where questions can be written to (terms, 7.2; R33); or empty.
    email: str = ""

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
        version = _version(statement)
        form = _OFFER | (_OFFER_2 if version in (2, 3) else {})
        form |= _OFFER_3 if version == 3 else {}
        value = _fields(statement, Label.OFFER, relay_key, form)
        if "asks" in value:
            value["asks"] = tuple(value["asks"])
        made = cls(**value)
        # A list may hold anything, and a member twice would be asked twice.
        known = [ask for ask in Ask if ask in made.asks]
        if len(known) != len(made.asks):
            raise MalformedFrame("an offer asks what no consent text has words for")
        if (
            made.service_opens not in Opening._value2member_map_
            or made.reclaimed not in Reclaimed._value2member_map_
        ):
            raise MalformedFrame("an offer by rules that no consent text has words for")
        if made.withdraw_by or Ask.EARLY in made.asks:
            _check_day(made.withdraw_by)
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
#: What a version 2 says more; an offer without any of it stays a version 1, to the
#: byte, since journals name its hash.
_OFFER_2 = {
    "asks": list,
    "backup_cents": int,
    "withdraw_by": str,
    "contract_hash": str,
    "particulars_hash": str,
}
#: What a version 3 says beside that.
_OFFER_3 = {"email": str}


def _signed(value: Attestation | Offer, label: Label, key: Ed25519PrivateKey) -> Signed:
    fields = asdict(value)
    version = 1
    if isinstance(value, Offer):
        form = _OFFER
        if value.email:
            version, form = 3, _OFFER | _OFFER_2 | _OFFER_3
        elif any(fields[name] for name in _OFFER_2):
            version, form = 2, _OFFER | _OFFER_2
        fields = {name: fields[name] for name in form}
    text = canonical(fields | {"v": version})
    return Signed(text.decode("ascii"), b64(sign(key, label, text)))


def _check_day(text: str) -> None:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise MalformedFrame("an offer to withdraw by no day that exists") from None


def _version(statement: Signed) -> object:
    """Return the version that a statement claims, before anything is verified."""
    if not statement.text.isascii():
        raise MalformedFrame("a statement is ASCII")
    return read_canonical(statement.text.encode("ascii")).get("v")


def _fields(
    statement: Signed, label: Label, relay_key: bytes, form: dict[str, type]
) -> dict[str, Any]:
    if not statement.text.isascii():
        raise MalformedFrame("a statement is ASCII")
    text = statement.text.encode("ascii")
    verify(relay_key, label, text, unb64(statement.sig))
    value = read_canonical(text)
    version = value.pop("v", None)
    newest = 3 if "email" in form else 2 if "asks" in form else 1
    if version != newest or version is True or set(value) != set(form):
        raise MalformedFrame("not a statement of version 1")
    for name, kind in form.items():
        if type(value[name]) is not kind:
            raise MalformedFrame(f"{name} has a wrong type")
    return value
