"""GET /api/tariffs: what an engagement may be agreed at, today."""

from __future__ import annotations

from aiohttp import web

from ...keys import ENGAGEMENTS
from ..auth import signed_in
from ..body import json_answer


async def tariffs(request: web.Request) -> web.Response:
    """Answer the tariffs in force."""
    signed_in(request)
    return json_answer(
        {
            "tariffs": [
                {
                    "id": row.id,
                    "label": row.label,
                    "price_cents": row.price_cents,
                    "currency": row.currency,
                    "unit_s": row.unit_s,
                    "minimum_units": row.minimum_units,
                }
                for row in request.app[ENGAGEMENTS].tariffs()
            ]
        }
    )
