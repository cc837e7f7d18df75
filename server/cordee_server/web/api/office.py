"""GET /api/office: what the relay is set to and how it does, for its admin; read only.

Tariffs, policy and terms are the settings' file's: what is shown passed their checks
when the relay started. Changing them is done there, by whoever may change the file.
"""

from __future__ import annotations

import shutil
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from aiohttp import web

from cordee_shared.billing.policy import POLICIES, Tariff

from ...keys import CLOCK, ENGAGEMENTS, JOURNAL, SESSIONS, SETTINGS, TECHNICIANS
from ...settings import Settings
from ..body import json_answer


async def office(request: web.Request) -> web.Response:
    """Answer settings as they are in force, customers, and the relay's health."""
    app = request.app
    settings, now = app[SETTINGS], app[CLOCK].now_ms()
    policy, _ = settings.rules()
    return json_answer(
        {
            "now_ms": now,
            "tariffs": [_tariff(row, now) for row in settings.tariff_book().rows],
            "policy": {"id": policy.id, "version": policy.version},
            "policies": sorted(POLICIES),
            "terms": {"version": settings.terms.version, "hash": settings.terms.hash},
            "customers": await _customers(app),
            "kept": _kept(settings),
            "health": _health(app),
        }
    )


def _tariff(row: Tariff, now_ms: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label,
        "price_cents": row.price_cents,
        "currency": row.currency,
        "unit_s": row.unit_s,
        "minimum_units": row.minimum_units,
        "valid_from_ms": row.valid_from_ms,
        "valid_to_ms": row.valid_to_ms,
        "is_in_force": row.is_in_force(now_ms),
    }


async def _customers(app: web.Application) -> list[dict[str, str | int]]:
    """Return the customers of the latest engagements, with how many and the last."""
    times: Counter[str] = Counter()
    last: dict[str, int] = {}
    for technician in await app[TECHNICIANS].all():
        for engagement in await app[ENGAGEMENTS].of(technician.id):
            name, at = engagement.offer.customer, engagement.offer.confirmed_ms
            times[name] += 1
            last[name] = max(at, last.get(name, 0))
    return [
        {"customer": name, "engagements": times[name], "last_ms": last[name]}
        for name in sorted(last, key=lambda name: -last[name])
    ]


def _kept(settings: Settings) -> dict[str, int]:
    """Return how many bytes each kind of what is kept has."""
    return {
        "database": _size(settings.database_file),
        "billing": _size(settings.billing_file),
        "documents": _size(settings.documents_folder),
    }


def _health(app: web.Application) -> dict[str, Any]:
    settings = app[SETTINGS]
    health: dict[str, Any] = {
        "version": version("cordee"),
        "journal": app[JOURNAL].is_available,
        "free_bytes": shutil.disk_usage(settings.data).free,
    }
    if (sessions := app.get(SESSIONS)) is not None:
        metrics = sessions.node.metrics
        health |= {
            "links": len(sessions.node.hub.peers),
            "sessions": len(sessions.node.hub.rooms),
            "ends": dict(sorted(metrics.ends.items())),
            "refusals": dict(sorted(metrics.refusals.items())),
            "deliveries": dict(sorted(metrics.deliveries.items())),
        }
    return health


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(file.stat().st_size for file in path.iterdir())
        return path.stat().st_size
    except OSError:
        return 0
