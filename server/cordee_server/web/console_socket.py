"""``/console/v1``: the technician's page, signed in, from the one origin.

The door has checked the origin, the table of rights the account. The cookie is
checked again for as long as the link lives: whoever is signed out, by themselves, by
an admin, by the operator or by the clock, is out within a second (S-50).
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from cordee_shared.canonical import b64, unb64
from cordee_shared.errors import MalformedFrame, NotSignedIn, Unavailable
from cordee_shared.session.states import Side
from cordee_shared.wire import control

from ..keys import RELAY_KEY, SESSIONS, SETTINGS, TECHNICIANS
from ..ports import Technician
from ..relay.metrics import Parting
from ..relay.peer import Peer, Who
from ..services.claims import attest
from .auth import signed_in, technician_of, token_of
from .links import VERSION, WebSocketLink, attend, greeted, opened

#: The relay's word for a console's key is good as long as a sign-in (security.md 1.5).
ATTESTED_S: Final = 12 * 3600
#: How often the sign-in of a technician in a session is noted as used.
_SEEN_EVERY_S: Final = 60.0
_KEY_BYTES: Final = 32


async def console_socket(request: web.Request) -> web.WebSocketResponse:
    """Serve one console's link.

    Raises:
        NotSignedIn: nobody is signed in here.
        NotAllowed: an admin or an auditor, who join no session.
        TooManyGuesses: this address has enough sockets open.
        Busy: the relay is about to stop.
    """
    technician = signed_in(request)
    hello_s = request.app[SETTINGS].deadlines.hello_s
    async with opened(request) as (link, address):
        hello = await greeted(link, control.from_console, hello_s)
        if hello is None:
            return link.socket
        if not _is_key(hello.pk):
            await link.close(Parting.VIOLATION)
            return link.socket
        peer = _peer(request, link, address, technician, hello.pk)
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(_watch(request, peer))
            seen = group.create_task(_note_seen(request, peer))
            try:
                await attend(request.app[SESSIONS], peer)
            finally:
                watch.cancel()
                seen.cancel()
        return link.socket


def _peer(
    request: web.Request,
    link: WebSocketLink,
    address: str,
    technician: Technician,
    pk: str,
) -> Peer:
    """Make the peer and greet it: who the relay is, and its word for who this is."""
    app = request.app
    provider, node = app[SETTINGS].provider, app[SESSIONS].node
    name = technician.display_name
    said = attest(node, provider.organisation, name, pk, ATTESTED_S)
    who = Who(Side.TECHNICIAN, address, technician, pk, said)
    peer = Peer(link, who, node.clock, node.times, node.metrics)
    peer.tell(
        control.Welcome(
            v=VERSION,
            pk=b64(app[RELAY_KEY].public_key().public_bytes_raw()),
            organisation=provider.organisation,
            phone=provider.phone,
            att=control.Statement(text=said.text, sig=said.sig),
        )
    )
    return peer


async def _watch(request: web.Request, peer: Peer) -> None:
    """Close the link of somebody who is not signed in any more."""
    await request.app[TECHNICIANS].wait_signed_out(token_of(request))
    peer.close(Parting.SIGNED_OUT)


async def _note_seen(request: web.Request, peer: Peer) -> None:
    """Keep the sign-in of a technician at work from ending as unused.

    An open page alone is no work: it must not keep anybody signed in.
    """
    while True:
        await asyncio.sleep(_SEEN_EVERY_S)
        if peer.room is None:
            continue
        try:
            await technician_of(request)
        except (NotSignedIn, Unavailable):
            continue  # the one is the watch's business, the other passes


def _is_key(pk: str) -> bool:
    try:
        return len(unb64(pk)) == _KEY_BYTES
    except MalformedFrame:
        return False
