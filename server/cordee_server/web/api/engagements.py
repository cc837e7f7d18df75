"""GET and POST /api/engagements: what was agreed with customers."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from cordee_shared.billing.facts import FactKind
from cordee_shared.limits import TEXT_MAX
from cordee_shared.session.states import Side

from ...keys import BILLING, ENGAGEMENTS
from ...ports import Engagement
from ...services.particulars import USUALLY, Details
from ..auth import signed_in
from ..body import json_answer, read_body

#: A little more than what is allowed, so that the sentence can say what is.
_Text = Annotated[str, msgspec.Meta(max_length=2 * TEXT_MAX)]


class NewEngagement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The three fields that a technician fills in, and whatever is not as usual."""

    customer: _Text
    purpose: _Text
    tariff: _Text
    details: Details = USUALLY


async def engagements(request: web.Request) -> web.Response:
    """Answer the technician's latest, the latest first."""
    found = await request.app[ENGAGEMENTS].of(signed_in(request).id)
    return json_answer({"engagements": [_shown(one) for one in found]})


async def new_engagement(request: web.Request) -> web.Response:
    """Record what was agreed; answer it."""
    technician = signed_in(request)
    given = await read_body(request, NewEngagement)
    made = await request.app[ENGAGEMENTS].create(
        technician.id,
        customer=given.customer,
        purpose=given.purpose,
        tariff=given.tariff,
        details=given.details,
    )
    slot = made.particulars
    if given.details.slot_from_ms is not None and slot is not None:
        # An hour that was really agreed on: a no-show needs it on record (B05).
        await request.app[BILLING].tell(
            made.id,
            FactKind.SLOT_CONFIRMED,
            Side.TECHNICIAN,
            technician.id,
            {"from_ms": slot.slot_from_ms, "until_ms": slot.slot_until_ms},
        )
    return json_answer(_shown(made), status=201)


def _shown(engagement: Engagement) -> dict[str, str | int]:
    offer = engagement.offer
    return {
        "id": offer.engagement,
        "customer": offer.customer,
        "purpose": offer.purpose,
        "tariff": offer.tariff,
        "price_cents": offer.price_cents,
        "currency": offer.currency,
        "unit_s": offer.unit_s,
        "minimum_units": offer.minimum_units,
        "confirmed_ms": offer.confirmed_ms,
    }
