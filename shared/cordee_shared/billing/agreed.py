"""What a record says of the engagement that it bills, fixed before any session."""

from __future__ import annotations

from dataclasses import dataclass

from cordee_shared.ids import EngagementId, TechnicianId


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """Who the customer is to the books, and where documents go (R01, B08)."""

    #: ``consumer`` or ``professional``.
    kind: str
    ref: str
    siren: str
    #: ``email`` or ``post``, and the address; empty while it is not known.
    delivery: str
    deliver_to: str
    channel: str
    slot_from_ms: int
    slot_until_ms: int
    requested_ms: int
    offered_ms: int
    #: Hash of all that was agreed, as the offer names it.
    particulars_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The facts of an engagement, fixed before its first session (R01, R05, R09)."""

    engagement: EngagementId
    #: Name or reference of the customer, as the technician entered it.
    customer: str
    purpose: str
    technician: TechnicianId
    #: Id and hash of the tariff row in force at the date of the offer.
    tariff: str
    tariff_hash: str
    policy: str
    policy_hash: str
    terms_version: str
    terms_hash: str
    #: Unix milliseconds at which it was confirmed: the date of the offer.
    confirmed_ms: int
    #: SHA-256 of the relay-signed offer that the customer consents to.
    offer_hash: str
    #: ``None`` for engagements from before they held it: their lines do not change.
    deal: Deal | None = None
