"""GET /api/me: who is signed in."""

from __future__ import annotations

from aiohttp import web

from ...keys import SETTINGS
from ...ports import Technician
from ...settings import Settings
from ..auth import signed_in
from ..body import json_answer


def me_of(technician: Technician, settings: Settings) -> dict[str, str]:
    """Return what the console shows of whoever is signed in."""
    return {
        "name": technician.id,
        "display_name": technician.display_name,
        "organisation": settings.provider.organisation,
    }


async def me(request: web.Request) -> web.Response:
    """Answer who is signed in."""
    return json_answer(me_of(signed_in(request), request.app[SETTINGS]))
