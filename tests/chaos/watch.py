"""Pings an idle link of a relay until told to stop; says how long each took.

A process of its own, with nothing else to do: what it measures is the relay's loop.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Final

from websockets.asyncio.client import connect

from cordee_shared.wire import control

#: Between two pings.
EVERY_S: Final = 0.02


async def watch(port: int) -> list[float]:
    """Ping until a line comes on standard input; return milliseconds."""
    found: list[float] = []
    async with connect(f"ws://127.0.0.1:{port}/agent/v1", proxy=None) as link:
        await link.send(control.encode(control.Hello(v=1)))
        await link.recv()
        stop = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        sys.stdout.write("watching\n")
        sys.stdout.flush()
        while not stop.done():
            began = time.monotonic()
            await (await link.ping())
            found.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(EVERY_S)
    return found


if __name__ == "__main__":
    for took_ms in asyncio.run(watch(int(sys.argv[1]))):
        sys.stdout.write(f"{took_ms:.3f}\n")
