"""What was agreed, before any code exists (billing_legal.md R01, R05, R10).

Three fields come from the technician: customer, what for, tariff. The rest has defaults
from the settings, may be said as well, and is fixed there and then, with the tariff's
row in force at the date of the offer and the questions that the customer will be asked.
The session is linked to it by the journal: the data of ``code_issued`` (console
invites) or ``code_claimed`` (agent shows) says ``{"engagement": id}``.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

import structlog

from cordee_shared.billing.calendar import local
from cordee_shared.billing.contract import CustomerKind, EarlyStart
from cordee_shared.billing.particulars import Backup, Particulars
from cordee_shared.billing.policy import Tariff
from cordee_shared.errors import BadInput, MalformedFrame, NotAllowed
from cordee_shared.ids import (
    EngagementId,
    TechnicianId,
    engagement_id,
    read_engagement_id,
)
from cordee_shared.session.asking import Ask
from cordee_shared.session.offer import Offer

from ..ports import Clock, Engagement, EngagementStore, Entropy
from ..settings import Settings
from .particulars import USUALLY, Details, line_of, settle_particulars

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
        self._policy, self._contract = settings.rules()
        self._zone = ZoneInfo(settings.zone)
        self._clock = clock
        self._entropy = entropy

    def tariffs(self) -> list[Tariff]:
        """Return the tariffs in force now, by id."""
        return self._book.in_force(self._clock.now_ms())

    async def create(
        self,
        technician: TechnicianId,
        *,
        customer: str,
        purpose: str,
        tariff: str,
        details: Details = USUALLY,
    ) -> Engagement:
        """Record what was agreed, at the price of the day of the offer (R05).

        Raises:
            BadInput: a field is empty, too long, holds what no person types, or the
                tariff was not in force; ``field`` names it.
            Unavailable: nothing was stored.
        """
        now = self._clock.now_ms()
        customer = line_of(customer, "customer", "The customer's name")
        purpose = line_of(purpose, "purpose", "What it is for")
        agreed = settle_particulars(
            details, customer, self._settings, now, self._entropy
        )
        row = self._row(tariff, agreed.offered_ms)
        asks, withdraw_by = self._asks(agreed, now)
        provider, terms = self._settings.provider, self._settings.terms
        offer = Offer(
            engagement=engagement_id(self._entropy.token(8)),
            organisation=provider.organisation,
            phone=provider.phone,
            customer=customer,
            purpose=purpose,
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
            asks=tuple(ask.value for ask in asks),
            backup_cents=self._settings.usual.backup_cents,
            withdraw_by=withdraw_by,
            contract_hash=self._contract.hash,
            particulars_hash=agreed.hash,
            email=provider.email,
        )
        made = Engagement(
            offer=offer,
            policy=self._policy,
            tariff=row,
            confirmed_by=technician,
            channel=agreed.channel.value,
            particulars=agreed,
        )
        await self._store.add(made)
        _log.info(
            "engagement", engagement=made.id, technician=technician, tariff=row.id
        )
        return made

    def _row(self, tariff: str, offered_ms: int) -> Tariff:
        if not tariff.strip():
            raise BadInput("The tariff is missing.", field="tariff")
        try:
            return self._book.find(tariff, offered_ms)
        except BadInput as error:
            raise BadInput(str(error), field="tariff") from None

    def _asks(self, agreed: Particulars, now_ms: int) -> tuple[tuple[Ask, ...], str]:
        """Return what is asked, and the last day to withdraw where that matters (R13).

        An appointment within the time to withdraw may begin early, so it is asked.
        """
        contract = self._contract
        is_consumer = agreed.kind is CustomerKind.CONSUMER
        ends_ms = contract.window_ends_ms(now_ms, self._zone)
        asks = contract.asks(
            agreed.kind,
            is_early=agreed.slot_from_ms < ends_ms,
            is_vouched=bool(agreed.vouched),
            is_backed_up=agreed.backup is not Backup.ASK,
        )
        if not is_consumer or contract.early_start is not EarlyStart.TWO_STATEMENTS:
            return asks, ""
        return asks, contract.last_day(now_ms, self._zone).isoformat()

    def _is_too_early(self, offer: Offer) -> bool:
        """Tell whether a session would begin in the time to withdraw, unasked."""
        if not offer.withdraw_by or Ask.EARLY in offer.asks:
            return False
        today = local(self._clock.now_ms(), self._zone).date().isoformat()
        return today <= offer.withdraw_by

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
            NotAllowed: no such engagement of this technician, or the session would
                begin in the time to withdraw without the express request (R13).
            Unavailable: the store did not answer.
        """
        try:
            found = await self._store.find(read_engagement_id(engagement))
        except MalformedFrame:
            found = None
        if found is None or found.confirmed_by != technician:
            raise NotAllowed("Choose one of your own engagements first.")
        if self._is_too_early(found.offer):
            raise NotAllowed(
                f"The customer may withdraw until {found.offer.withdraw_by}, and was "
                "not asked to begin earlier: make an engagement for today instead."
            )
        return found.offer
