"""Where a request comes from, also behind a proxy that the settings name."""

from __future__ import annotations

import ipaddress

from aiohttp import web

from ..keys import SETTINGS


def address_of(request: web.BaseRequest, app: web.Application) -> str:
    """Return the address of the person's machine, as far as it can be believed.

    ``X-Forwarded-For`` counts only when it was written by a proxy of ours, and only
    from its right end up to the first address that is none: the rest is whatever the
    sender liked to write.
    """
    networks = [ipaddress.ip_network(proxy) for proxy in app[SETTINGS].listen.proxies]

    def is_ours(text: str) -> bool:
        try:
            ip = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(ip in network for network in networks)

    came_from = request.remote or ""
    if not is_ours(came_from):
        return came_from
    hops = [
        hop.strip()
        for line in request.headers.getall("X-Forwarded-For", [])
        for hop in line.split(",")
    ]
    for hop in reversed(hops):
        came_from = hop
        if not is_ours(hop):
            break
    return came_from
