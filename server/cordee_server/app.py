"""The relay as one web application: HTTP, the two WebSockets, and the sessions.

The composition root of what lives as long as the process serves; what outlives it
(stores, keys, accounts) comes from ``parts.py``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from typing import Final

import structlog
from aiohttp import web

from cordee_shared.errors import Unavailable

from .keys import (
    ACCOUNTS,
    AGREEMENTS,
    BILLING,
    CLOCK,
    DOCUMENTS,
    ENGAGEMENTS,
    EVIDENCE,
    JOURNAL,
    RELAY_KEY,
    SESSIONS,
    SETTINGS,
    TECHNICIANS,
    THROTTLE,
)
from .parts import Parts
from .relay.deadlines import Times
from .relay.hub import Hub
from .relay.metrics import Metrics
from .services.anchor import Anchor
from .services.deliveries import Deliveries
from .services.documents import LOOK_S, Documents
from .services.node import Node
from .services.privacy import Privacy
from .services.sessions import TEND_S, Sessions
from .settings import Deadlines
from .web.agent_socket import agent_socket
from .web.console_socket import console_socket
from .web.door import AGENT_PATH, CLIENT_MAX_SIZE
from .web.routes import MIDDLEWARES, add_http

#: The console's WebSocket.
CONSOLE_PATH: Final = "/console/v1"
#: Retention and the anchor look so often, and once at the start.
RETAIN_S: Final = 86_400
#: Links have this long to take what is queued for them when the relay stops.
FAREWELL_S: Final = 3.0

_log = structlog.get_logger("cordee.app")


def create_app(parts: Parts) -> web.Application:
    """Put the relay together; nothing runs before the application starts."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=CLIENT_MAX_SIZE)
    app[SETTINGS] = parts.settings
    app[CLOCK] = parts.clock
    app[RELAY_KEY] = parts.relay_key
    app[JOURNAL] = parts.journal
    app[ENGAGEMENTS] = parts.engagements
    app[AGREEMENTS] = parts.agreements
    app[TECHNICIANS] = parts.technicians
    app[ACCOUNTS] = parts.accounts
    app[BILLING] = parts.billing
    app[DOCUMENTS] = parts.documents
    app[EVIDENCE] = parts.evidence
    app[THROTTLE] = parts.throttle
    app[SESSIONS] = _sessions(parts)
    add_http(app)
    app.router.add_get(AGENT_PATH, agent_socket)
    app.router.add_get(CONSOLE_PATH, console_socket)
    app.cleanup_ctx.append(_tending)
    app.cleanup_ctx.append(_documenting)
    app.cleanup_ctx.append(partial(_retaining, parts.privacy))
    if parts.anchor is not None:
        app.cleanup_ctx.append(partial(_anchoring, parts.anchor))
    if (
        deliveries := deliveries_of(parts, app[SESSIONS].node.metrics.deliveries)
    ) is not None:
        app.cleanup_ctx.append(partial(_delivering, deliveries))
    app.on_shutdown.append(_stop)
    return app


def _sessions(parts: Parts) -> Sessions:
    times = times_of(parts.settings.deadlines)
    hub = Hub(parts.clock, parts.entropy, rest_s=times.nameplate_rest_s)
    metrics = Metrics()
    parts.journal.on_stored = metrics.appends.observe
    return Sessions(
        Node(
            metrics=metrics,
            hub=hub,
            journal=parts.journal,
            billing=parts.billing,
            offers=parts.engagements,
            throttle=parts.throttle,
            clock=parts.clock,
            entropy=parts.entropy,
            key=parts.relay_key,
            terms=parts.terms,
            prover=parts.log,
            times=times,
        )
    )


def times_of(deadlines: Deadlines) -> Times:
    """Return what the operator has set, as the sessions read it."""
    return Times(
        agent_code_s=deadlines.agent_code_s,
        invitation_s=deadlines.invitation_s,
        nameplate_rest_s=deadlines.nameplate_rest_s,
        pairing_s=deadlines.pairing_s,
        consent_s=deadlines.consent_s,
        consent_grace_s=deadlines.consent_grace_s,
        resume_s=deadlines.resume_s,
        idle_s=deadlines.idle_s,
        session_s=deadlines.session_s,
        tick_s=deadlines.tick_s,
        heartbeat_s=deadlines.heartbeat_s,
        stuck_s=deadlines.stuck_writer_s,
    )


def deliveries_of(parts: Parts, counts: Counter[str]) -> Deliveries | None:
    """Return what sends records, if they are to be sent anywhere."""
    if parts.sink is None:
        return None
    return Deliveries(
        parts.deliveries,
        parts.sink,
        parts.clock,
        parts.entropy,
        schedule=parts.settings.billing.retry_s,
        counts=counts,
    )


async def _delivering(
    deliveries: Deliveries, app: web.Application
) -> AsyncIterator[None]:
    """Send records for as long as the application runs; what is cut off is resent."""
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(deliveries.run())
        yield
        sending.cancel()


async def _documenting(app: web.Application) -> AsyncIterator[None]:
    """Make the document of whatever ended, for as long as the application runs."""
    async with asyncio.TaskGroup() as group:
        making = group.create_task(_document(app[DOCUMENTS]))
        yield
        making.cancel()


async def _document(documents: Documents) -> None:
    while True:
        try:
            await documents.tend()
        except Exception:
            # A bug in one document must not keep sessions from ending.
            _log.exception("bug", where="documents")
        await asyncio.sleep(LOOK_S)


async def _retaining(privacy: Privacy, app: web.Application) -> AsyncIterator[None]:
    """Let go what was kept long enough, every day that the application runs."""
    async with asyncio.TaskGroup() as group:
        retaining = group.create_task(_retain(privacy))
        yield
        retaining.cancel()


async def _retain(privacy: Privacy) -> None:
    while True:
        try:
            await privacy.retain()
        except Exception:
            # Tomorrow is another day; sessions must not end for it.
            _log.exception("bug", where="retention")
        await asyncio.sleep(RETAIN_S)


async def _anchoring(anchor: Anchor, app: web.Application) -> AsyncIterator[None]:
    """Put a checkpoint elsewhere, every day that the application runs."""
    async with asyncio.TaskGroup() as group:
        anchoring = group.create_task(_anchor(anchor))
        yield
        anchoring.cancel()


async def _anchor(anchor: Anchor) -> None:
    while True:
        try:
            await anchor.drop()
        except Unavailable as error:
            _log.error("not_anchored", why=str(error))
        except Exception:
            # Tomorrow is another day; sessions must not end for it.
            _log.exception("bug", where="anchor")
        await asyncio.sleep(RETAIN_S)


async def _tending(app: web.Application) -> AsyncIterator[None]:
    """Let deadlines fall due for as long as the application runs."""
    async with asyncio.TaskGroup() as group:
        tending = group.create_task(_tend(app[SESSIONS]))
        yield
        tending.cancel()


async def _tend(sessions: Sessions) -> None:
    while True:
        await asyncio.sleep(TEND_S)
        try:
            await sessions.tend()
        except Exception:
            # A bug in one session's deadline must not take time from all others.
            _log.exception("bug", where="tend")


async def _stop(app: web.Application) -> None:
    """End every session with a journaled reason, and let the links hear of it."""
    sessions = app[SESSIONS]
    await sessions.drain()
    try:
        async with asyncio.timeout(FAREWELL_S):
            await sessions.node.hub.wait_deserted()
    except TimeoutError:
        _log.warning("links_left", count=len(sessions.node.hub.peers))
