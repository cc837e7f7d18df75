"""/api/engagements: what was agreed with customers, and what was stated of it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from cordee_shared.billing.facts import EngagementFact
from cordee_shared.billing.record import BillingRecord
from cordee_shared.limits import TEXT_MAX

from ...keys import AGREEMENTS, BILLING, ENGAGEMENTS
from ...ports import Engagement
from ...services.agreements import is_warned_of
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
    made = await request.app[AGREEMENTS].agree(
        technician.id,
        customer=given.customer,
        purpose=given.purpose,
        tariff=given.tariff,
        details=given.details,
    )
    return json_answer(_shown(made), status=201)


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact that a technician states: its kind, and all that the kind says."""

    kind: Annotated[str, msgspec.Meta(max_length=64)]
    data: dict[str, str | int | bool]


async def engagement(request: web.Request) -> web.Response:
    """Answer one engagement: what was stated of it, and its newest account."""
    technician, id = signed_in(request).id, request.match_info["engagement"]
    agreements = request.app[AGREEMENTS]
    found = await agreements.of(id, technician)
    facts = await agreements.facts(id, technician)
    record = await request.app[BILLING].newest(found.id)
    return json_answer(
        _shown(found)
        | {
            "facts": [_stated(fact) for fact in facts],
            "account": None if record is None else _account(record),
            "is_warned_of": is_warned_of(facts),
        }
    )


async def new_fact(request: web.Request) -> web.Response:
    """Journal what a technician states of an engagement; answer what it makes."""
    technician = signed_in(request)
    given = await read_body(request, Statement)
    fact, record = await request.app[AGREEMENTS].state(
        request.match_info["engagement"], technician.id, given.kind, given.data
    )
    made = None if record is None else _account(record)
    return json_answer({"fact": _stated(fact), "account": made}, status=201)


def _stated(fact: EngagementFact) -> dict[str, object]:
    return {
        "n": fact.n,
        "kind": fact.kind.value,
        "at_ms": fact.at_ms,
        "side": fact.side.value,
        "author": fact.author,
        "reason": fact.reason,
        "data": dict(fact.data),
    }


def _account(record: BillingRecord) -> dict[str, object]:
    return {
        "record": record.id,
        "revision": record.revision,
        "due": record.due.value,
        "seconds": record.seconds,
        "units": record.units,
        "amount_cents": record.amount_cents,
        "currency": record.currency,
        "flags": list(record.flags),
        "is_parked": record.is_parked,
        "refund_by": record.weighed.refund_by if record.weighed else "",
    }


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
