"""The agent's WebSocket to the relay: one connection, one reader, one writer.

Rules:

1. Only ``https``, or ``http`` on this very computer.
2. The system's proxy is used where there is one; TLS goes through it unopened.
3. No compression (S-42), bounded frames (S-43), a ping every HEARTBEAT_S.
4. Frames leave in the order in which they were sealed: one queue, one writer.
   Control is queued at once; pictures first wait for room.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    ProxyError,
    WebSocketException,
)
from websockets.http11 import Response

from cordee_shared.errors import MalformedFrame, SettingsError
from cordee_shared.limits import FRAME_MAX, HEARTBEAT_S, QUEUE_BYTES
from cordee_shared.wire import control

#: The relay's own machine: where http is a secure context (W3C Secure Contexts 3.1).
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
#: Seconds to wait before each try to come back; LiveKit's steps (relay.md 7).
BACKOFF_S: Final = (0.0, 0.3, 1.2, 2.7, 4.8, 7.0)
#: What a network answers before somebody has signed in to it (RFC 6585, 6).
_SIGN_IN_FIRST: Final = 511


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The connection stands; nothing was said yet."""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The connection is gone, or never stood; ``trouble`` is a sentence's key."""

    trouble: str


def read_origin(text: str) -> str:
    """Bring a relay's address to the form a browser calls its origin.

    Raises:
        SettingsError: not an address, or one that would send the session in clear.
    """
    parts = urlsplit(text if "//" in text else f"https://{text}")
    try:
        port = parts.port
    except ValueError:
        raise SettingsError(f"relay: {text!r} has no port that exists") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/"):
        raise SettingsError(
            f"relay: {text!r} is no address; write https://name or https://name:port"
        )
    if parts.scheme == "http" and host not in LOOPBACK:
        raise SettingsError(
            f"relay: {text!r} is not protected; write https:// "
            "(http:// is for this very computer only)"
        )
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != usual else "")


def trouble_of(error: BaseException) -> str:
    """Name the sentence that tells the customer why there is no link."""
    match error:
        # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED: far more often
        # the battery of an old computer's clock than an operator's forgetting.
        case ssl.SSLCertVerificationError(verify_code=9 | 10):
            return "link_clock"
        case ssl.SSLError():
            return "link_not_trusted"
        case ProxyError() | InvalidProxy() | ImportError():  # SOCKS needs a package
            return "link_proxy"
        case InvalidStatus(response=Response(status_code=code)) if (
            code < 400 or code == _SIGN_IN_FIRST
        ):
            return "link_captive"
        case InvalidHandshake():
            return "link_refused"
        case _:
            return "link_unreachable"


class Link:
    """One connection. Owned by the app; thrown away when it is down."""

    def __init__(self, origin: str, deliver: Callable[[object], None]) -> None:
        """Prepare a link to the relay at ``origin``.

        Args:
            origin: as :func:`read_origin` gives it.
            deliver: takes LinkUp, then messages (:data:`control.ToAgent`) and
                records (``bytes``) in order, then LinkDown.
        """
        self._url = "ws" + origin.removeprefix("http") + "/agent/v1"
        self._deliver = deliver
        self._out: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._queued = 0
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_up = False

    @property
    def is_up(self) -> bool:
        """Whether the connection stands."""
        return self._is_up

    async def run(self) -> None:
        """Connect, carry, and report LinkDown once it is over."""
        trouble = "link_lost"
        try:
            async with connect(
                self._url,
                compression=None,
                max_size=FRAME_MAX,
                ping_interval=HEARTBEAT_S,
                ping_timeout=HEARTBEAT_S,
                close_timeout=2,
                open_timeout=10,
                write_limit=16 * 1024,
            ) as connection:
                self._is_up = True
                self._deliver(LinkUp())
                async with asyncio.TaskGroup() as group:
                    writer = group.create_task(self._write(connection))
                    await self._read(connection)
                    writer.cancel()
        except* (OSError, WebSocketException, TimeoutError, ImportError) as errors:
            trouble = "link_lost" if self._is_up else trouble_of(errors.exceptions[0])
        except* MalformedFrame:
            # The relay does not speak our language: no second try mends that.
            trouble = "link_violation"
        finally:
            self._is_up = False
            self._has_room.set()
            self._deliver(LinkDown(trouble))

    def send(self, message: control.Message) -> None:
        """Queue a message for the relay; it is dropped when the link is down."""
        if self._is_up:
            self._put(control.encode(message))

    def send_record(self, frame: bytes) -> None:
        """Queue a sealed record right behind what was queued before."""
        if self._is_up:
            self._put(frame)

    async def wait_room(self) -> None:
        """Wait until less than QUEUE_BYTES are queued: what pictures do first."""
        await self._has_room.wait()

    def close(self) -> None:
        """Send what is queued, then close."""
        self._out.put_nowait(None)

    def _put(self, frame: str | bytes) -> None:
        self._queued += len(frame)
        if self._queued >= QUEUE_BYTES:
            self._has_room.clear()
        self._out.put_nowait(frame)

    async def _write(self, connection: ClientConnection) -> None:
        while (frame := await self._out.get()) is not None:
            await connection.send(frame)
            self._queued -= len(frame)
            if self._queued < QUEUE_BYTES:
                self._has_room.set()
        await connection.close()

    async def _read(self, connection: ClientConnection) -> None:
        async for frame in connection:
            if isinstance(frame, bytes):
                self._deliver(frame)
            else:
                self._deliver(control.decode(frame, control.to_agent))
