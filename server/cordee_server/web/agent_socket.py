"""``/agent/v1``: the customer's agent. No account, no origin, nothing configurable.

The door has turned away whatever brings an Origin header: no page plays the agent.
"""

from __future__ import annotations

from aiohttp import web

from cordee_shared.canonical import b64
from cordee_shared.session.states import Side
from cordee_shared.wire import control

from ..keys import RELAY_KEY, SESSIONS, SETTINGS
from ..relay.peer import Peer, Who
from .links import VERSION, attend, greeted, opened


async def agent_socket(request: web.Request) -> web.WebSocketResponse:
    """Serve one agent's link.

    Raises:
        TooManyGuesses: this address has enough sockets open.
        Busy: the relay is about to stop.
    """
    app = request.app
    settings, node = app[SETTINGS], app[SESSIONS].node
    async with opened(request) as (link, address):
        hello = await greeted(link, control.from_agent, settings.deadlines.hello_s)
        if hello is not None:
            who = Who(Side.CUSTOMER, address)
            peer = Peer(link, who, node.clock, node.times, node.metrics)
            peer.tell(
                control.Welcome(
                    v=VERSION,
                    pk=b64(app[RELAY_KEY].public_key().public_bytes_raw()),
                    organisation=settings.provider.organisation,
                    phone=settings.provider.phone,
                )
            )
            await attend(app[SESSIONS], peer)
        return link.socket
