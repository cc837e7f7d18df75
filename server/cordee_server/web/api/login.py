"""POST /api/login and /api/logout."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import hdrs, web

from ...keys import SETTINGS, TECHNICIANS, THROTTLE
from ..address import address_of
from ..auth import clear_cookie, set_cookie, token_of
from ..body import json_answer, read_body
from ..browsers import browser_of
from .me import me_of


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a technician signs in with, all at once."""

    name: Annotated[str, msgspec.Meta(max_length=64)]
    password: Annotated[str, msgspec.Meta(max_length=256)]
    #: The digits, or a recovery code.
    totp: Annotated[str, msgspec.Meta(max_length=32)]

    def __repr__(self) -> str:
        """Say nothing: it might be logged."""
        return "Credentials()"


async def login(request: web.Request) -> web.Response:
    """Sign in: a new token each time, whatever cookie came with it."""
    app = request.app
    given = await read_body(request, Credentials)
    app[THROTTLE].sign_in(address_of(request, app))
    token, technician = await app[TECHNICIANS].sign_in(
        given.name,
        given.password,
        given.totp,
        browser_of(request.headers.get(hdrs.USER_AGENT, "")),
    )
    await app[TECHNICIANS].sign_out(token_of(request))
    response = json_answer(me_of(technician, app[SETTINGS]))
    set_cookie(response, app[SETTINGS], token)
    return response


async def logout(request: web.Request) -> web.Response:
    """Sign out; also when nobody was signed in."""
    app = request.app
    await app[TECHNICIANS].sign_out(token_of(request))
    response = json_answer({})
    clear_cookie(response, app[SETTINGS])
    return response
