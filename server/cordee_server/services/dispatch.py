"""Where a document goes: to whom, which way, with which words (B08)."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from cordee_shared.billing.addressee import Addressee
from cordee_shared.billing.contract import CustomerKind
from cordee_shared.billing.particulars import Delivery
from cordee_shared.billing.provider import Provider
from cordee_shared.billing.record import BillingRecord

from ..papers import Letter
from ..ports import Engagement


class Way(StrEnum):
    """Where a document is on its way to the customer."""

    #: A project: not to be sent.
    HELD = "held"
    #: By e-mail, not taken yet.
    TO_SEND = "to_send"
    SENT = "sent"
    #: By post, or no e-mail address is known: the technician prints it.
    FOR_POST = "for_post"
    #: The technician says that it is in the post.
    POSTED = "posted"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept beside a document."""

    record: str
    engagement: str
    revision: int
    technician: str
    customer: str
    amount_cents: int
    currency: str
    #: Unix milliseconds, the document's own date.
    made_ms: int
    #: SHA-256 of the provider's facts that it prints.
    provider: str
    way: Way
    to: str = ""
    #: When somebody said that it was posted, Unix milliseconds; 0: nobody did.
    posted_ms: int = 0


def addressee_of(record: BillingRecord, engagement: Engagement | None) -> Addressee:
    """Return whom a record's document is for, as agreed, and as put right since."""
    agreed = _agreed_addressee(record, engagement)
    if engagement is None or engagement.corrected is None:
        return agreed
    return engagement.corrected.applied(agreed)


def _agreed_addressee(
    record: BillingRecord, engagement: Engagement | None
) -> Addressee:
    agreed = engagement.particulars if engagement is not None else None
    if agreed is None:
        return Addressee(name=record.agreed.customer)
    return Addressee(
        name=record.agreed.customer,
        is_professional=agreed.kind is CustomerKind.PROFESSIONAL,
        siren=agreed.siren,
        email=agreed.email,
        post=agreed.post,
        by_post=agreed.delivery is Delivery.POST,
    )


def way_of(record: BillingRecord, customer: Addressee) -> tuple[Way, str]:
    """Return how a new document travels, and where to."""
    if record.is_parked:
        return Way.HELD, ""
    if customer.by_post or not customer.email:
        return Way.FOR_POST, "\n".join(customer.post)
    return Way.TO_SEND, customer.email


def letter_of(kept: Kept, provider: Provider, pdf: bytes) -> Letter:
    """Return the e-mail that a document goes with."""
    text = (
        "Bonjour,\n\n"
        "Vous trouverez ci-joint le justificatif de notre intervention à distance : "
        "le temps compté, le montant et vos autorisations.\n"
        "Ce document n’est pas une facture. Une question ? Répondez à ce message ou "
        f"appelez le {provider.phones[0]}.\n\n"
        f"{provider.name}\n{provider.legal_name}\n"
    )
    return Letter(
        id=f"{kept.record}@cordee",
        sender=provider.email,
        to=kept.to,
        subject=f"Justificatif d’intervention – {provider.name}",
        text=text,
        file_name=f"justificatif-{kept.record[:8]}.pdf",
        file=pdf,
        made_ms=kept.made_ms,
    )
