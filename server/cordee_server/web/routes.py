"""All resources over HTTP, and what every request passes on its way there.

The two WebSockets are added beside these by ``app.py``; they pass the same door.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from . import auth, door, problems
from .api.documents import document, documents
from .api.engagements import engagements, new_engagement
from .api.login import login, logout
from .api.me import me
from .api.tariffs import tariffs
from .health import health
from .pages import add_pages, read_pages

#: For ``web.Application``; the first is the outermost.
MIDDLEWARES: Final = (problems.middleware, door.middleware, auth.middleware)


def add_http(app: web.Application) -> None:
    """Add every resource and page; ``app`` was made with :data:`MIDDLEWARES`."""
    app.on_response_prepare.append(door.dress)
    app.router.add_post("/api/login", login)
    app.router.add_post("/api/logout", logout)
    app.router.add_get("/api/me", me)
    app.router.add_get("/api/tariffs", tariffs)
    app.router.add_get("/api/engagements", engagements)
    app.router.add_post("/api/engagements", new_engagement)
    app.router.add_get("/api/documents", documents)
    app.router.add_get("/api/documents/{record}", document)
    app.router.add_get("/health", health)
    add_pages(app, read_pages())
