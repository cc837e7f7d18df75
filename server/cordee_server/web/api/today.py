"""GET /api/today: who waits, who is being helped by whom, what is still to come."""

from __future__ import annotations

import msgspec
from aiohttp import web

from ...keys import CLOCK, DOCUMENTS, ENGAGEMENTS, SESSIONS
from ...services.desk import today as standing_today
from ..auth import signed_in
from ..body import json_answer


async def today(request: web.Request) -> web.Response:
    """Answer what stands on this node now; codes are no part of it."""
    app = request.app
    found = await standing_today(
        signed_in(request).id,
        app[SESSIONS].node.hub,
        app[ENGAGEMENTS],
        app[DOCUMENTS],
        app[CLOCK],
    )
    return json_answer(msgspec.to_builtins(found))
