"""A WebSocket as the relay's links see it, and how every one of them begins.

Rules:

1. No compression (S-42): it would cost 6 to 30 times the processor and tell lengths.
2. A frame above FRAME_MAX closes with 1009 (S-43), before it is in memory.
3. The first message is ``hello``, within five seconds; nothing else is read before.
4. Pings are ours: aiohttp's heartbeat would take a link for mute while it is us who
   do not read it, because the other side's queue is full.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import msgspec
import structlog
from aiohttp import WSMsgType, web

from cordee_shared.errors import (
    Busy,
    FrameTooLarge,
    LocalViolation,
    MalformedFrame,
    NotSignedIn,
    ProtocolViolation,
    RemoteViolation,
    Unavailable,
)
from cordee_shared.limits import FRAME_MAX
from cordee_shared.wire import control

from ..keys import SESSIONS, THROTTLE
from ..relay.metrics import Parting
from ..relay.peer import Beat, Peer, Received
from ..services.sessions import Sessions
from .address import address_of
from .problems import TABLE

#: Version of the messages between an end and the relay.
VERSION: Final = 1
#: A peer has this long to answer our close before the connection is dropped.
CLOSE_S: Final = 2.0

#: The close code of each parting (RFC 6455 7.4; 4000 and above are ours).
CLOSE_CODES: Final = {
    Parting.DONE: 1000,
    Parting.VIOLATION: TABLE[ProtocolViolation].close,
    Parting.TOO_LARGE: TABLE[FrameTooLarge].close,
    Parting.SILENT: 4408,
    Parting.MUTE: 4408,
    Parting.STUCK: 1013,
    Parting.REPLACED: 4001,
    Parting.SIGNED_OUT: TABLE[NotSignedIn].close,
    Parting.JOURNAL: TABLE[Unavailable].close,
    Parting.RELAY_STOPPED: 1012,
    Parting.BUG: TABLE[LocalViolation].close,
}

_M = TypeVar("_M")
_log = structlog.get_logger("cordee.web")


class WebSocketLink:
    """One WebSocket. Its reader and its writer are the peer's."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._request = request

    async def receive(self) -> Received:
        """Return what came next; ``None`` for ever once the link is gone."""
        if self.socket.closed:
            return None
        message = await self.socket.receive()
        match message.type:
            case WSMsgType.TEXT | WSMsgType.BINARY:
                data: str | bytes = message.data
                return data
            case WSMsgType.PONG:
                return Beat.PONG
            case WSMsgType.PING:
                return Beat.PING if await self._pong(message.data) else None
        return None

    async def send(self, frame: str | bytes) -> bool:
        """Write a frame; ``False``: the link is gone."""
        try:
            if isinstance(frame, str):
                await self.socket.send_str(frame)
            else:
                await self.socket.send_bytes(frame)
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def ping(self) -> bool:
        """Ask for a sign of life; ``False``: the link is gone."""
        try:
            await self.socket.ping()
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def _pong(self, data: bytes) -> bool:
        try:
            await self.socket.pong(data)
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def close(self, why: Parting) -> None:
        """Say why and close."""
        await self.socket.close(code=CLOSE_CODES[why])

    def abort(self, why: Parting) -> None:
        """Drop the connection: nobody is listening."""
        transport = self._request.transport
        if transport is not None:
            _log.info("aborted", why=why.value)
            transport.abort()

    def undrained(self) -> int:
        """Return the bytes written that the kernel has not taken."""
        transport = self._request.transport
        return 0 if transport is None else transport.get_write_buffer_size()


@asynccontextmanager
async def opened(request: web.Request) -> AsyncIterator[tuple[WebSocketLink, str]]:
    """Accept a WebSocket; yield it and the address that it is counted under.

    Raises:
        TooManyGuesses: this address has enough sockets open.
        Busy: the relay is about to stop.
    """
    address = address_of(request, request.app)
    sessions = request.app[SESSIONS]
    if sessions.node.is_draining:
        raise Busy
    sockets = request.app[THROTTLE].sockets
    sockets.take(address)
    try:
        socket = web.WebSocketResponse(
            compress=False,
            max_msg_size=FRAME_MAX,
            autoping=False,
            timeout=CLOSE_S,
        )
        await socket.prepare(request)
        yield WebSocketLink(socket, request), address
    finally:
        sockets.release(address)


async def greeted(
    link: WebSocketLink, decoder: msgspec.json.Decoder[_M], hello_s: float
) -> control.Hello | None:
    """Wait for hello; ``None`` when it did not come and the link was closed."""
    try:
        async with asyncio.timeout(hello_s):
            while isinstance(received := await link.receive(), Beat):
                pass
    except TimeoutError:
        await link.close(Parting.SILENT)
        return None
    if received is None:
        return None
    try:
        hello = _hello(received, decoder)
    except RemoteViolation:
        await link.close(Parting.VIOLATION)
        return None
    if hello.v != VERSION:
        refused = control.RefusedNow(code="version", about="hello")
        await link.send(control.encode(refused))
        await link.close(Parting.VIOLATION)
        return None
    return hello


def _hello(
    received: str | bytes | None, decoder: msgspec.json.Decoder[_M]
) -> control.Hello:
    if isinstance(received, str):
        message = control.decode(received, decoder)
        if isinstance(message, control.Hello):
            return message
    raise MalformedFrame("the first message is hello")


async def attend(sessions: Sessions, peer: Peer) -> None:
    """Serve a link that has said hello, until it is gone."""
    sessions.arrive(peer)
    try:
        await peer.run(sessions.hear)
    finally:
        await sessions.gone(peer)
