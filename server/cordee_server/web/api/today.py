"""GET /api/today: who waits, who is being helped by whom, what is still to come."""

from __future__ import annotations

import msgspec
from aiohttp import web

from ...keys import BILLING, CLOCK, DOCUMENTS, ENGAGEMENTS, RELAY_KEY, SESSIONS
from ...services.desk import Desk
from ..auth import signed_in
from ..body import json_answer


async def today(request: web.Request) -> web.Response:
    """Answer what stands on this node now; codes are no part of it."""
    app = request.app
    desk = Desk(
        hub=app[SESSIONS].node.hub,
        engagements=app[ENGAGEMENTS],
        documents=app[DOCUMENTS],
        billing=app[BILLING],
        clock=app[CLOCK],
        key=app[RELAY_KEY],
    )
    found = await desk.today(signed_in(request).id)
    return json_answer(msgspec.to_builtins(found))
