"""Running the relay: start, wait for a signal, stop in good order."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import web

from cordee_shared.errors import SettingsError

from .app import create_app
from .keys import SESSIONS
from .parts import Parts, check_sending
from .settings import Settings, Watch
from .web.door import KEEPALIVE_S, LINGER_S
from .web.watch import make_watch

#: What aiohttp waits for handlers when the relay stops.
SHUTDOWN_S: Final = 5.0
#: Of one connection; the kernel doubles it (relay.md 3: 20 Mbit/s at 100 ms).
_RECEIVE_BYTES: Final = 128 * 1024
#: Where the system has them (relay.md 3 and 7).
_TCP_OPTIONS: Final = {
    # No more unsent bytes in the kernel than this.
    "TCP_NOTSENT_LOWAT": 64 * 1024,
    # Milliseconds that sent bytes may stay without an answer.
    "TCP_USER_TIMEOUT": 15_000,
}

_log = structlog.get_logger("cordee.serving")


async def serve(
    parts: Parts,
    *,
    accept_clock: bool = False,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Run the relay until it is told to stop.

    What a former run left unfinished is ended first: its time counts up to what the
    journal proves.

    Args:
        parts: what the relay is made of; the caller closes it.
        accept_clock: start although the clock is before the journal's newest entry.
        on_ready: called once when the relay listens.

    Raises:
        SettingsError: it cannot start; the sentence says why.
        Unavailable: the journal cannot be written.
    """
    check_sending(parts.settings)
    if not accept_clock:
        await parts.journal.check_clock(parts.clock)
    await parts.billing.recover()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as an exception
            loop.add_signal_handler(name, stop.set)
    app = create_app(parts)
    watch = web.AppRunner(make_watch(app[SESSIONS].node), access_log=None)
    runner = web.AppRunner(
        app,
        access_log=None,
        keepalive_timeout=KEEPALIVE_S,
        lingering_time=LINGER_S,
        # The app has let its links go before: nothing is worth a longer wait.
        shutdown_timeout=SHUTDOWN_S,
    )
    await runner.setup()
    await watch.setup()
    try:
        await _listen(runner, parts.settings)
        if parts.settings.watch.port:
            await _listen_for_watch(watch, parts.settings.watch)
        _log.info("listening", origin=parts.settings.origin)
        on_ready()
        await stop.wait()
        _log.info("stopping")
    finally:
        await runner.cleanup()
        await watch.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    listen = settings.listen
    context = tls_context(settings)
    try:
        for listener in listeners(listen.address, listen.port):
            await web.SockSite(runner, listener, ssl_context=context).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = "is in use by another program; expected a free one"
        else:
            why = f"cannot be listened on ({error.strerror})"
        raise SettingsError(
            f"listen.port: {listen.address}:{listen.port} {why}"
        ) from None


async def _listen_for_watch(runner: web.AppRunner, watch: Watch) -> None:
    try:
        await web.TCPSite(runner, watch.address, watch.port).start()
    except OSError as error:
        raise SettingsError(
            f"watch.port: {watch.address}:{watch.port} cannot be listened on "
            f"({error.strerror})"
        ) from None


def listeners(address: str, port: int) -> list[socket.socket]:
    """Return sockets bound to an address, tuned as every connection shall be.

    Connections inherit what their listener has. The kernel would take in megabytes
    for a console that reads slowly, and every picture in there is an old one.

    Raises:
        OSError: the address or the port cannot be had.
    """
    found = socket.getaddrinfo(
        address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    bound: list[socket.socket] = []
    try:
        for family, kind, protocol, _, where in dict.fromkeys(found):
            listener = socket.socket(family, kind, protocol)
            bound.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
            for name, value in _TCP_OPTIONS.items():
                option = getattr(socket, name, None)
                if option is not None:
                    listener.setsockopt(socket.IPPROTO_TCP, option, value)
            listener.bind(where)
    except OSError:
        for listener in bound:
            listener.close()
        raise
    return bound


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Return what the relay's own certificate gives; ``None`` without one.

    Raises:
        SettingsError: certificate or key cannot be used.
    """
    if settings.tls is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls.cert, settings.tls.key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"tls: {settings.tls.cert} and {settings.tls.key} cannot be used "
            f"({error.strerror or error}); expected a certificate and its key in PEM"
        ) from None
    return context
