"""All resources over HTTP, and what every request passes on its way there.

The two WebSockets are added beside these by ``app.py``; they pass the same door.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from . import auth, door, problems
from .api.accounts import (
    accounts,
    deeds,
    new_account,
    reset,
    revoke_of,
    set_lock,
    set_role,
    sign_ins_of,
)
from .api.documents import document, documents, posted
from .api.engagements import engagement, engagements, new_engagement, new_fact
from .api.history import history, history_month, history_of
from .api.journal import journal, journal_of
from .api.login import login, logout
from .api.me import me
from .api.office import office
from .api.receipts import receipt
from .api.sign_ins import new_recovery, revoke, sign_ins
from .api.tariffs import tariffs
from .api.today import today
from .health import healthz, readyz
from .pages import add_pages, read_pages
from .welcome import add_welcome

#: For ``web.Application``; the first is the outermost.
MIDDLEWARES: Final = (problems.middleware, door.middleware, auth.middleware)


def add_http(app: web.Application) -> None:
    """Add every resource and page; ``app`` was made with :data:`MIDDLEWARES`."""
    app.on_response_prepare.append(door.dress)
    app.router.add_post("/api/login", login)
    app.router.add_post("/api/logout", logout)
    app.router.add_get("/api/me", me)
    app.router.add_get("/api/today", today)
    app.router.add_get("/api/history", history)
    app.router.add_get("/api/history-month", history_month)
    app.router.add_get("/api/history/{session}", history_of)
    app.router.add_get("/api/tariffs", tariffs)
    app.router.add_get("/api/engagements", engagements)
    app.router.add_post("/api/engagements", new_engagement)
    app.router.add_get("/api/engagements/{engagement}", engagement)
    app.router.add_post("/api/engagements/{engagement}/facts", new_fact)
    app.router.add_get("/api/documents", documents)
    app.router.add_post("/api/documents/{record}/posted", posted)
    app.router.add_get("/api/documents/{record}", document)
    app.router.add_get("/api/documents/{record}/receipt", receipt)
    app.router.add_get("/api/me/sign-ins", sign_ins)
    app.router.add_post("/api/me/sign-ins/revoke", revoke)
    app.router.add_post("/api/me/recovery", new_recovery)
    app.router.add_get("/api/journal", journal)
    app.router.add_get("/api/journal/{session}", journal_of)
    app.router.add_get("/api/office", office)
    app.router.add_get("/api/accounts", accounts)
    app.router.add_post("/api/accounts", new_account)
    app.router.add_get("/api/accounts/deeds", deeds)
    app.router.add_post("/api/accounts/{name}/role", set_role)
    app.router.add_post("/api/accounts/{name}/lock", set_lock)
    app.router.add_post("/api/accounts/{name}/reset", reset)
    app.router.add_get("/api/accounts/{name}/sign-ins", sign_ins_of)
    app.router.add_post("/api/accounts/{name}/sign-ins/revoke", revoke_of)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    add_pages(app, read_pages())
    add_welcome(app)
