"""Whether the relay lives, and whether it can do its work: for whoever watches it.

Neither tells anybody more than a word: both are on the public port.
"""

from __future__ import annotations

import msgspec
from aiohttp import web

from ..keys import JOURNAL, SESSIONS


async def healthz(request: web.Request) -> web.Response:
    """Answer 200: the process answers. Restart it where nothing comes."""
    return _said("ok", 200)


async def readyz(request: web.Request) -> web.Response:
    """Answer 200 while sessions can begin here: journaled, and not about to stop.

    503 tells a balancer to send nobody new; sessions that run go on.
    """
    if not request.app[JOURNAL].is_available:
        return _said("unavailable", 503)
    if SESSIONS in request.app and request.app[SESSIONS].node.is_draining:
        return _said("draining", 503)
    return _said("ok", 200)


def _said(status: str, code: int) -> web.Response:
    return web.Response(
        status=code,
        body=msgspec.json.encode({"status": status}),
        content_type="application/json",
    )
