"""What every request passes: origin, content type, time, and what goes with answers.

Rules (security.md 4, 4.1, S-35, S-37, S-44):

1. Whatever changes something, and every upgrade, comes from the one origin of the
   settings, exactly; an agent has no origin at all.
2. A body is JSON, and is there within eight seconds.
3. Pages may run only what this relay serves, and nobody may frame them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from ..keys import SETTINGS
from ..settings import Settings
from .problems import answer

#: For ``web.Application``: no resource takes more.
CLIENT_MAX_SIZE: Final = 64 * 1024
#: For the runner: closes connections that are silent or drip their headers.
KEEPALIVE_S: Final = 10
#: A body must be there within this …
BODY_S: Final = 8
#: … and for the runner: after its refusal what still drips in is read this long, so
#: that the answer arrives; 10 s in all, S-44 allows 12.
LINGER_S: Final = 2
#: The agent's WebSocket.
AGENT_PATH: Final = "/agent/v1"

#: security.md 4.1, and besides: the fonts of our own; WebAssembly for zstd; and the
#: one Trusted Types policy, which starts the picture worker.
CSP: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types cordee-worker",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)

#: On every answer; a manifest holds a relay to them.
ALWAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": CSP,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": (
            "clipboard-read=(self), clipboard-write=(self), fullscreen=(self), "
            "camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), "
            "serial=(), hid=(), payment=(), publickey-credentials-get=()"
        ),
    }
)
_HSTS: Final = "max-age=63072000"
_SAFE: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})

_log = structlog.get_logger("cordee.web")


def is_upgrade(request: web.BaseRequest) -> bool:
    """Tell whether a request wants to become something else than HTTP."""
    return (
        "upgrade" in request.headers.get(hdrs.CONNECTION, "").lower()
        or hdrs.UPGRADE in request.headers
    )


def origin_is_right(request: web.BaseRequest, settings: Settings) -> bool:
    """Tell whether a request may come from where it says it does."""
    origins = request.headers.getall(hdrs.ORIGIN, [])
    if request.path == AGENT_PATH:
        # A browser always says where it comes from: no page plays the agent.
        return not origins
    if request.method in _SAFE and not is_upgrade(request):
        return True
    return origins == [settings.origin]


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn away at the door what no handler should see."""
    if not origin_is_right(request, request.app[SETTINGS]):
        _log.warning(
            "foreign_origin",
            path=request.path[:200],
            origin=request.headers.get(hdrs.ORIGIN, "")[:200],
        )
        return answer(403, "foreign_origin")
    if request.method not in _SAFE:
        if request.content_type != "application/json":
            return answer(415, "bad_input")
        try:
            async with asyncio.timeout(BODY_S):
                await request.read()  # kept: handlers read it again from memory
        except TimeoutError:
            late = answer(408, "bad_input")
            late.force_close()
            return late
    return await handler(request)


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on an answer; for ``app.on_response_prepare``."""
    if isinstance(response, web.WebSocketResponse):
        return
    response.headers.update(ALWAYS)
    response.headers.popall(hdrs.SERVER, None)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    if request.app[SETTINGS].is_secure:
        response.headers["Strict-Transport-Security"] = _HSTS
