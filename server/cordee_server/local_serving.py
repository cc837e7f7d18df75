"""Runs the local console on a port of this machine until somebody stops it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from cordee_shared.errors import SettingsError

from .local_console import LocalConsole
from .web.door import KEEPALIVE_S


async def serve(
    relay: str,
    port: int,
    *,
    on_ready: Callable[[str], None],
    stop: asyncio.Event | None = None,
) -> None:
    """Serve one relay's console on this machine alone.

    Raises:
        SettingsError: the port is taken.
    """
    stop = stop or asyncio.Event()
    local = LocalConsole(relay, port)
    runner = web.AppRunner(
        local.app(), access_log=None, keepalive_timeout=KEEPALIVE_S, shutdown_timeout=3
    )
    await runner.setup()
    try:
        try:
            # Browsers may find localhost at either address; nobody else can.
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError as error:
            raise SettingsError(
                f"--port: {port} cannot be listened on ({error.strerror})"
            ) from None
        with suppress(OSError):
            await web.TCPSite(runner, "::1", port).start()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, stop.set)
        on_ready(local.origin)
        await stop.wait()
    finally:
        await runner.cleanup()
