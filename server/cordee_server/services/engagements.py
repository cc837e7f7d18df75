"""What was agreed, before any code exists (billing_legal.md R01, R05, R10).

Three fields come from the technician: customer, what for, tariff. The rest comes from
the settings and is fixed there and then, with the tariff's row in force at that date.
The session is linked to it by the journal: the data of ``code_issued`` (console
invites) or ``code_claimed`` (agent shows) says ``{"engagement": id}``.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import structlog

from cordee_shared.billing.policy import POLICIES, Policy, Tariff
from cordee_shared.errors import BadInput, MalformedFrame, NotAllowed
from cordee_shared.ids import (
    EngagementId,
    TechnicianId,
    engagement_id,
    read_engagement_id,
)
from cordee_shared.limits import TEXT_MAX
from cordee_shared.session.offer import Offer

from ..ports import Clock, Engagement, EngagementStore, Entropy
from ..settings import Settings

#: As many as the console lists.
LISTED: Final = 50

_log = structlog.get_logger("cordee.engagements")


class EngagementService:
    """Makes engagements, and the offers that customers consent to."""

    def __init__(
        self,
        store: EngagementStore,
        settings: Settings,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._store = store
        self._settings = settings
        self._book = settings.tariff_book()
        self._policy: Policy = POLICIES[settings.policy]
        self._clock = clock
        self._entropy = entropy

    def tariffs(self) -> list[Tariff]:
        """Return the tariffs in force now, by id."""
        return self._book.in_force(self._clock.now_ms())

    async def create(
        self, technician: TechnicianId, *, customer: str, purpose: str, tariff: str
    ) -> Engagement:
        """Record what was agreed on the phone, at today's price.

        Raises:
            BadInput: a field is empty, too long, holds what no person types, or the
                tariff is not in force.
            Unavailable: nothing was stored.
        """
        now = self._clock.now_ms()
        row = self._book.find(tariff, now)
        provider, terms = self._settings.provider, self._settings.terms
        offer = Offer(
            engagement=engagement_id(self._entropy.token(8)),
            organisation=provider.organisation,
            phone=provider.phone,
            customer=_text(customer, "The customer's name"),
            purpose=_text(purpose, "What it is for"),
            tariff=row.id,
            tariff_hash=row.hash,
            price_cents=row.price_cents,
            currency=row.currency,
            unit_s=row.unit_s,
            minimum_units=row.minimum_units,
            policy=self._policy.id,
            policy_hash=self._policy.hash,
            terms_version=terms.version,
            terms_hash=terms.hash,
            confirmed_ms=now,
            service_opens=self._policy.service_opens,
            reclaimed=self._policy.reclaimed,
        )
        made = Engagement(
            offer=offer,
            policy=self._policy,
            tariff=row,
            confirmed_by=technician,
            channel=provider.channel,
        )
        await self._store.add(made)
        _log.info(
            "engagement", engagement=made.id, technician=technician, tariff=row.id
        )
        return made

    async def of(self, technician: TechnicianId) -> list[Engagement]:
        """Return a technician's latest engagements, the latest first."""
        return await self._store.of(technician, LISTED)

    async def find(self, engagement: EngagementId) -> Engagement | None:
        """Return an engagement, whoever confirmed it; for billing."""
        return await self._store.find(engagement)

    async def offer_for(self, engagement: str, technician: TechnicianId) -> Offer:
        """Return the offer of an engagement that this technician may work on.

        ``engagement`` is text as it came over the wire. Somebody else's engagement
        and none at all look the same.

        Raises:
            NotAllowed: no such engagement of this technician.
            Unavailable: the store did not answer.
        """
        try:
            found = await self._store.find(read_engagement_id(engagement))
        except MalformedFrame:
            found = None
        if found is None or found.confirmed_by != technician:
            raise NotAllowed("Choose one of your own engagements first.")
        return found.offer


def _text(given: str, what: str) -> str:
    """Tidy a line that a person typed, for other people to read.

    Control and direction characters are refused: the line is shown in a question of
    consent, where it must not be able to rearrange what stands around it.
    """
    text = " ".join(given.split(" ")).strip()
    if not text:
        raise BadInput(f"{what} is missing.")
    if len(text) > TEXT_MAX:
        raise BadInput(f"{what} is too long: at most {TEXT_MAX} characters.")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text):
        raise BadInput(f"{what} holds a character that cannot be shown.")
    return text
