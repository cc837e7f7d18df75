"""Making an engagement, with the facts that belong to its beginning, and later ones.

Rules:

1. An hour that was really agreed on is journaled as ``slot_confirmed`` (R03, B05).
2. A customer who is late is a warning: whoever agrees to new work says why, and that
   is journaled. Nothing is blocked for good, and no interest is computed (terms, 4;
   R11).
3. A technician states facts about their own engagements only.
"""

from __future__ import annotations

from collections.abc import Mapping

from cordee_shared.billing.facts import (
    EngagementFact,
    FactKind,
    newest,
)
from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import Json
from cordee_shared.errors import BadInput, MalformedFrame, NotAllowed
from cordee_shared.ids import TechnicianId, read_engagement_id
from cordee_shared.session.states import Side

from ..ports import Engagement
from .billing import BillingService
from .engagements import EngagementService
from .facts import Facts
from .particulars import USUALLY, Details, line_of

#: Kinds that this service journals by itself.
_OWN = frozenset({FactKind.ARREARS_OVERRIDDEN})


class Agreements:
    """What technicians may agree on and state. Holds nothing of its own."""

    def __init__(
        self, engagements: EngagementService, billing: BillingService, facts: Facts
    ) -> None:
        self._engagements = engagements
        self._billing = billing
        self._facts = facts

    async def agree(
        self,
        technician: TechnicianId,
        *,
        customer: str,
        purpose: str,
        tariff: str,
        details: Details = USUALLY,
    ) -> Engagement:
        """Make an engagement, with the facts that belong to it.

        Raises:
            BadInput: a field is wrong, or the customer is late and nobody said why
                to begin all the same (``despite``).
            Unavailable: nothing, or not all of it, was stored.
        """
        warning = await self.warning(customer, details)
        why = line_of(details.despite, "despite") if details.despite else ""
        if warning is not None and not why:
            raise BadInput(
                f"This customer is late ({warning.reason}): say why to begin all the "
                "same.",
                field="despite",
            )
        made = await self._engagements.create(
            technician,
            customer=customer,
            purpose=purpose,
            tariff=tariff,
            details=details,
        )
        if warning is not None:
            said: dict[str, Json] = {"engagement": warning.engagement, "reason": why}
            await self._say(made, FactKind.ARREARS_OVERRIDDEN, technician, said)
        slot = made.particulars
        if details.slot_from_ms is not None and slot is not None:
            hours: dict[str, Json] = {
                "from_ms": slot.slot_from_ms,
                "until_ms": slot.slot_until_ms,
            }
            await self._say(made, FactKind.SLOT_CONFIRMED, technician, hours)
        return made

    async def warning(self, customer: str, details: Details) -> EngagementFact | None:
        """Return the newest warning about a customer that nobody has lifted (R11).

        The same customer is one of the same reference, address or name.
        """
        standing: dict[str, EngagementFact] = {}
        for fact in await self._facts.without_record():
            if fact.kind is FactKind.ARREARS:
                standing[fact.engagement] = fact
            elif fact.kind is FactKind.ARREARS_LIFTED:
                standing.pop(fact.engagement, None)
        for fact in reversed(standing.values()):
            found = await self._engagements.find(fact.engagement)
            if found is not None and _is_the_same(found, customer, details):
                return fact
        return None

    async def state(
        self,
        engagement: str,
        technician: TechnicianId,
        kind: str,
        data: Mapping[str, Json],
    ) -> tuple[EngagementFact, BillingRecord | None]:
        """Journal what a technician says of an engagement of theirs.

        Returns the fact, and the record after it: ``None`` while there is none.

        Raises:
            NotAllowed: no such engagement of this technician.
            BadInput: no such kind, or it does not say what its kind says.
            Unavailable: nothing was stored.
        """
        found = await self.of(engagement, technician)
        if kind not in FactKind._value2member_map_ or FactKind(kind) in _OWN:
            raise BadInput("There is no such thing to state.", field="kind")
        return await self._say(found, FactKind(kind), technician, data)

    async def facts(
        self, engagement: str, technician: TechnicianId
    ) -> list[EngagementFact]:
        """Return what was journaled about an engagement of this technician's.

        Raises:
            NotAllowed: there is no such engagement of theirs.
        """
        found = await self.of(engagement, technician)
        return await self._facts.of(found.id)

    async def of(self, engagement: str, technician: TechnicianId) -> Engagement:
        """Return a technician's engagement; another's and none look the same.

        Raises:
            NotAllowed: there is no such engagement of theirs.
        """
        try:
            found = await self._engagements.find(read_engagement_id(engagement))
        except MalformedFrame:
            found = None
        if found is None or found.confirmed_by != technician:
            raise NotAllowed("There is no such engagement of yours.")
        return found

    async def _say(
        self,
        engagement: Engagement,
        kind: FactKind,
        technician: TechnicianId,
        data: Mapping[str, Json],
    ) -> tuple[EngagementFact, BillingRecord | None]:
        return await self._billing.tell(
            engagement.id, kind, Side.TECHNICIAN, technician, data
        )


def is_warned_of(facts: list[EngagementFact]) -> bool:
    """Tell whether an engagement's own facts warn of its customer."""
    arrears = newest(facts, FactKind.ARREARS)
    lifted = newest(facts, FactKind.ARREARS_LIFTED)
    return arrears is not None and (lifted is None or lifted.n < arrears.n)


def _is_the_same(engagement: Engagement, customer: str, details: Details) -> bool:
    known = engagement.particulars
    if known is not None:
        if details.ref and known.ref == details.ref:
            return True
        if details.email and known.email.casefold() == details.email.casefold():
            return True
    return _folded(engagement.offer.customer) == _folded(customer)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
