"""Whether the relay can do its work: for whoever watches over it."""

from __future__ import annotations

import msgspec
from aiohttp import web

from ..keys import JOURNAL


async def health(request: web.Request) -> web.Response:
    """Answer 200 while sessions can be journaled, else 503; nothing else is told."""
    is_well = request.app[JOURNAL].is_available
    return web.Response(
        status=200 if is_well else 503,
        body=msgspec.json.encode({"status": "ok" if is_well else "unavailable"}),
        content_type="application/json",
    )
