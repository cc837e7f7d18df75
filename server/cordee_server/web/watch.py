"""The relay's figures, on a port of their own that the world does not reach.

``GET /metrics`` in Prometheus' text format 0.0.4. Counts and states only: no name, no
session, no address (S-46).
"""

from __future__ import annotations

from aiohttp import web

from ..services.node import Node

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def make_watch(node: Node) -> web.Application:
    """Return the application that shows a node's figures, and nothing else."""

    async def metrics(request: web.Request) -> web.Response:
        gauges = node.hub.gauges() | {"is_draining": int(node.is_draining)}
        return web.Response(
            body=node.metrics.exposition(gauges).encode(),
            headers={"Content-Type": _TEXT},
        )

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    return app
