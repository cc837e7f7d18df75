import asyncio
import socket

import pytest
from aiohttp import ClientSession

from cordee_server.local_serving import serve
from cordee_shared.errors import SettingsError


async def test_it_serves_this_machine_until_it_is_stopped() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ready: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(
            serve("https://relay.invalid", port, on_ready=ready.put_nowait, stop=stop)
        )
        origin = await ready.get()
        assert origin == f"http://localhost:{port}"
        async with (
            ClientSession() as browser,
            browser.get(f"{origin}/console/") as answer,
        ):
            assert answer.status == 200
        stop.set()


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"--port: {port}"):
            await serve("https://relay.invalid", port, on_ready=lambda _: None)
