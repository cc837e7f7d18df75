"""Who is asking: the cookie, and the one place where the table of rights is enforced.

Rules (security.md 5):

1. The cookie is opaque, ``HttpOnly``, ``SameSite=Strict`` and, over https,
   ``Secure`` under a ``__Host-`` name: no other host or path can set or read it.
2. Everything is denied unless ``rights.py`` has a row that lets it through.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from cordee_shared.errors import NotAllowed, NotSignedIn

from ..keys import SETTINGS, TECHNICIANS
from ..ports import Technician
from ..services.technicians import ABSOLUTE_MS, digest
from ..settings import Settings
from .rights import BY_ITSELF, Open, who_may

#: Who is signed in, for handlers behind :func:`middleware`.
TECHNICIAN: Final = web.RequestKey("technician", Technician)


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name.

    ``__Host-`` demands ``Secure``, which browsers do not all accept over http, not
    even from this machine; the settings allow http there only.
    """
    return "__Host-cordee" if settings.is_secure else "cordee"


def token_of(request: web.Request) -> str | None:
    """Return what the cookie holds."""
    return request.cookies.get(cookie_name(request.app[SETTINGS]))


def digest_of(request: web.Request) -> bytes | None:
    """Return what the store keeps of the cookie; ``None`` without a likely one."""
    return digest(token_of(request))


def set_cookie(response: web.Response, settings: Settings, token: str) -> None:
    """Give the browser its token: for the browser's session, 12 h at most."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=ABSOLUTE_MS // 1000,
        path="/",
        secure=settings.is_secure,
        httponly=True,
        samesite="Strict",
    )


def clear_cookie(response: web.Response, settings: Settings) -> None:
    """Take the token back."""
    response.del_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.is_secure,
        httponly=True,
        samesite="Strict",
    )


async def technician_of(request: web.Request) -> Technician:
    """Return who is signed in, and note that they are there.

    Raises:
        NotSignedIn: nobody.
        Unavailable: the store did not answer.
    """
    return await request.app[TECHNICIANS].who(token_of(request))


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody past whom the table does not let past.

    What no route answers is left to the router: nothing is there to be guarded.

    Raises:
        NotSignedIn: somebody has to be, and nobody is.
        NotAllowed: somebody is, in another role.
    """
    resource = request.match_info.route.resource
    if resource is None:
        return await handler(request)
    who = who_may(request.method, resource.canonical)
    if who is not Open.TO_ALL:
        is_use = (request.method, resource.canonical) not in BY_ITSELF
        token = token_of(request)
        technician = await request.app[TECHNICIANS].who(token, is_use=is_use)
        if technician.role not in who:
            raise NotAllowed
        request[TECHNICIAN] = technician
    return await handler(request)


def signed_in(request: web.Request) -> Technician:
    """Return who is signed in, behind :func:`middleware`.

    Raises:
        NotSignedIn: the table lets everybody to this route; a bug that must not open
            a door.
    """
    try:
        return request[TECHNICIAN]
    except KeyError:
        raise NotSignedIn from None
