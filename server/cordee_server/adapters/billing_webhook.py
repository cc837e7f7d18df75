"""Records to another system by signed HTTP requests: Standard Webhooks 1.0.0.

Rules (billing_legal.md 4.1, S-47):

1. Only a status of 200 to 299 is an acknowledgement. Redirects are not followed: they
   would take the record to where nobody has looked.
2. Where it goes is decided by :mod:`.outward`, connection by connection.
3. The answer's body is never read, returned or logged; neither is the address: it may
   hold a password of the other system.
4. Secrets are read anew for each attempt: a rotation needs no restart.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver

from cordee_shared.billing.webhook import (
    GONE,
    OVERLOADED,
    OVERLOADED_S,
    Envelope,
    body_of,
    headers,
    read_retry_after,
)
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import CordeeError, Unavailable
from cordee_shared.ids import RecordId

from ..ports import Clock
from ..sinks import Answer, Outcome
from .outward import Outward, was_refused

#: Bytes of a receiver's list: a hundred thousand records.
LIST_MAX: Final = 16 * 1024 * 1024
#: What a request for the list is signed as.
LIST_ID: Final = "list"
_AGENT: Final = "Cordee-Billing/1"


class WebhookSink:
    """A :class:`~cordee_server.sinks.BillingSink` over HTTPS."""

    def __init__(
        self,
        address: str,
        secrets: Callable[[], Sequence[bytes]],
        clock: Clock,
        outward: Outward,
        *,
        timeout_s: float,
        envelope: Envelope = Envelope.STANDARD,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Call nobody yet.

        Args:
            address: of the receiver, as the settings have checked it.
            secrets: reads what requests are signed with, the newest first.
            clock: whose time of day the signatures name.
            outward: which addresses may be connected to.
            timeout_s: for one attempt, seconds.
            envelope: what stands around a record.
            resolver: of names; the system's when ``None``.
        """
        self.name = sha256_hex(address.encode())
        self._address = address
        self._secrets = secrets
        self._clock = clock
        self._outward = outward
        self._timeout_s = timeout_s
        self._envelope = envelope
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def hand_over(self, record: RecordId, raw: bytes) -> Answer:
        """Send a record once."""
        try:
            body = body_of(raw, self._envelope)
            signed = self._signed(record, body)
        except CordeeError:
            return Answer(Outcome.FAILED, why="secret_or_record")
        try:
            async with self._client().post(
                self._address,
                data=body,
                headers=signed | {"content-type": self._envelope.content_type},
                allow_redirects=False,
            ) as answer:
                return self._judge(answer)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            return Answer(Outcome.FAILED, why=reason(error))

    async def fetch_list(self, address: str) -> bytes:
        """Return what a receiver says that it has, up to 16 MiB.

        The request is signed like any other, with the id ``list`` and an empty body.

        Raises:
            Unavailable: it did not answer 200 in time, or says too much.
        """
        signed = self._signed(LIST_ID, b"")
        try:
            async with self._client().get(
                address, headers=signed, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    raise Unavailable(f"the receiver answered {answer.status}")
                read = bytearray()
                async for part in answer.content.iter_any():
                    read += part
                    if len(read) > LIST_MAX:
                        raise Unavailable("the receiver's list is above 16 MiB")
                return bytes(read)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise Unavailable(
                f"the receiver's list cannot be had ({reason(error)})"
            ) from None

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = self._outward.session(self._timeout_s, self._resolver)
        return self._session

    def _signed(self, name: str, body: bytes) -> dict[str, str]:
        now_s = self._clock.now_ms() // 1000
        return headers(self._secrets(), name, now_s, body) | {"user-agent": _AGENT}

    def _judge(self, answer: aiohttp.ClientResponse) -> Answer:
        status = answer.status
        if 200 <= status <= 299:
            return Answer(Outcome.DELIVERED, status)
        if status == GONE:
            return Answer(Outcome.GONE, status, "status")
        now_s = self._clock.now_ms() // 1000
        asked = read_retry_after(answer.headers.get("retry-after", ""), now_s)
        pause = asked or (OVERLOADED_S if status in OVERLOADED else 0)
        return Answer(Outcome.FAILED, status, "status", pause)


def reason(error: BaseException) -> str:
    """Return one word for why no answer came."""
    if was_refused(error):
        return "address"
    match error:
        case asyncio.TimeoutError():
            return "timeout"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "certificate"
        case aiohttp.ClientConnectorDNSError():
            return "name"
        case aiohttp.ClientConnectorError():
            return "connection"
        case _:
            return "answer"
