"""GET /api/me: who is signed in, if anybody is.

It is how the page finds out, so nobody is an answer too: a 401 would stand as an error
in the console of every browser that opens the page.
"""

from __future__ import annotations

from aiohttp import web

from cordee_shared.errors import NotSignedIn

from ...keys import SETTINGS
from ...ports import Technician
from ...settings import Settings
from ..auth import technician_of
from ..body import json_answer


def me_of(technician: Technician, settings: Settings) -> dict[str, str]:
    """Return what the console shows of whoever is signed in."""
    return {
        "name": technician.id,
        "display_name": technician.display_name,
        "organisation": settings.provider.organisation,
        "phone": settings.provider.phone,
        "origin": settings.origin,
        "role": technician.role.value,
    }


async def me(request: web.Request) -> web.Response:
    """Answer who is signed in; ``null`` when nobody is."""
    try:
        technician = await technician_of(request)
    except NotSignedIn:
        return json_answer({"technician": None})
    return json_answer({"technician": me_of(technician, request.app[SETTINGS])})
