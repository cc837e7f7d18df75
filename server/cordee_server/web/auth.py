"""Who is asking: the cookie, and the one table of what may be asked without it.

Rules (security.md 5):

1. The cookie is opaque, ``HttpOnly``, ``SameSite=Strict`` and, over https,
   ``Secure`` under a ``__Host-`` name: no other host or path can set or read it.
2. Everything is denied unless it stands in :data:`PUBLIC` or somebody is signed in.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from cordee_shared.errors import NotSignedIn

from ..keys import SETTINGS, TECHNICIANS
from ..ports import Technician
from ..services.technicians import ABSOLUTE_MS
from ..settings import Settings

#: Who is signed in, for handlers behind :func:`middleware`.
TECHNICIAN: Final = web.RequestKey("technician", Technician)

#: Resources that need no sign-in; whatever else lies under these prefixes does.
PUBLIC: Final = frozenset(
    {("POST", "/api/login"), ("POST", "/api/logout"), ("GET", "/api/me")}
)
_GUARDED: Final = ("/api/",)


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name.

    ``__Host-`` demands ``Secure``, which browsers do not all accept over http, not
    even from this machine; the settings allow http there only.
    """
    return "__Host-cordee" if settings.is_secure else "cordee"


def token_of(request: web.Request) -> str | None:
    """Return what the cookie holds."""
    return request.cookies.get(cookie_name(request.app[SETTINGS]))


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


def needs_sign_in(method: str, path: str) -> bool:
    """Tell whether a resource is for signed-in technicians only."""
    return path.startswith(_GUARDED) and (method, path) not in PUBLIC


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody past who has to be signed in and is not."""
    if needs_sign_in(request.method, request.path):
        request[TECHNICIAN] = await technician_of(request)
    return await handler(request)


def signed_in(request: web.Request) -> Technician:
    """Return who is signed in, behind :func:`middleware`.

    Raises:
        NotSignedIn: the route was left out of the guarded ones; a bug that must not
            open a door.
    """
    try:
        return request[TECHNICIAN]
    except KeyError:
        raise NotSignedIn from None
