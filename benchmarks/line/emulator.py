"""A slow line on this machine, without root: a TCP proxy with rate, delay and queue.

Run as a process of its own, so that nobody else's work delays a packet::

    python -m benchmarks.line.emulator PROFILE TARGET

It listens on a free port of 127.0.0.1, prints it, and leads what comes in to
``TARGET``, a port of this machine or a Unix socket's path. Who connects is the
customer's computer (or, with ``--inward``, somebody who connects to it from outside).
With ``--only WORDS`` only connections that begin with these words are the customer's:
everybody else is carried as fast as can be, for a relay has one address for both sides.
On each line that it reads it prints what was carried so far, as JSON. All connections
share the line, as they do at home.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.line.pipe import PROFILES, SEGMENT, Pipe, Profile

#: The kernel's own queue in front of ours is kept small, in bytes: what a sender
#: cannot send it has to know of.
_KERNEL_BYTES: Final = 16 * 1024
_PATIENCE_S: Final = 20.0


class Carried(NamedTuple):
    """Bytes let into the line so far: what they carried, and with headers."""

    up: int
    down: int
    up_wired: int
    down_wired: int


class _Direction:
    """Packets on their way; one task lets them out in order."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        self._packets: asyncio.Queue[tuple[float, socket.socket, bytes]]
        self._packets = asyncio.Queue()

    async def enter(
        self, source: socket.socket, target: socket.socket, first: bytes = b""
    ) -> None:
        """Take from one connection until it ends; ``first`` was read already."""
        loop = asyncio.get_running_loop()
        for at in range(0, len(first), SEGMENT):
            data = first[at : at + SEGMENT]
            out_at = self.pipe.put(loop.time(), len(data))
            self._packets.put_nowait((out_at, target, data))
        with contextlib.suppress(OSError):
            while True:
                pause = self.pipe.room_at(loop.time()) - loop.time()
                if pause > 0:
                    await asyncio.sleep(pause)
                    continue
                data = await loop.sock_recv(source, SEGMENT)
                if not data:
                    break
                out_at = self.pipe.put(loop.time(), len(data))
                self._packets.put_nowait((out_at, target, data))
        out_at = loop.time() + 0.1
        self._packets.put_nowait((out_at, target, b""))

    async def leave(self) -> None:
        """Let out what has arrived, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            out_at, target, data = await self._packets.get()
            pause = out_at - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            with contextlib.suppress(OSError, ValueError):  # closed meanwhile
                if data:
                    await loop.sock_sendall(target, data)
                else:
                    target.shutdown(socket.SHUT_WR)


class _Proxy:
    """Both directions, for any number of connections."""

    def __init__(
        self, profile: Profile, target: str, *, inward: bool, only: bytes
    ) -> None:
        up, down = _Direction(Pipe(profile.up)), _Direction(Pipe(profile.down))
        self._up, self._down = up, down
        #: What goes the way of who connected, and what comes back.
        self._there, self._back = (down, up) if inward else (up, down)
        self._target = target
        self._only = only

    async def serve(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._up.leave())
            group.create_task(self._down.leave())
            while True:
                near, _ = await loop.sock_accept(listener)
                group.create_task(self._carry(near))

    async def _carry(self, near: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        is_path = self._target.startswith("/")
        address = self._target if is_path else ("127.0.0.1", int(self._target))
        far = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET)
        with near, far:
            for one in (near, far):
                one.setblocking(False)
                if one.family == socket.AF_INET:
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _KERNEL_BYTES)
            if not is_path:
                far.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            try:
                await loop.sock_connect(far, address)
            except OSError:
                return
            first = await _begin(near) if self._only else b""
            async with asyncio.TaskGroup() as group:
                if first.startswith(self._only):
                    group.create_task(self._there.enter(near, far, first))
                    group.create_task(self._back.enter(far, near))
                else:
                    group.create_task(_pass(near, far, first))
                    group.create_task(_pass(far, near))
            await asyncio.sleep(0.3)  # the last packets are still on their way

    def carried(self) -> Carried:
        up, down = self._up.pipe, self._down.pipe
        return Carried(up.carried, down.carried, up.wired, down.wired)


async def _begin(source: socket.socket) -> bytes:
    """Return how a connection begins; nothing when it ends at once."""
    with contextlib.suppress(OSError):
        return await asyncio.get_running_loop().sock_recv(source, 65536)
    return b""


async def _pass(
    source: socket.socket, target: socket.socket, first: bytes = b""
) -> None:
    """Carry one direction without any line in between."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        data = first or await loop.sock_recv(source, 65536)
        while data:
            await loop.sock_sendall(target, data)
            data = await loop.sock_recv(source, 65536)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def listen() -> socket.socket:
    """Listen on a free port, with packets and a queue as small as a line's."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _KERNEL_BYTES)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.setblocking(False)
    return listener


async def _run(proxy: _Proxy, listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()

    def answer() -> None:
        for _ in sys.stdin:
            say = json.dumps(proxy.carried()._asdict())
            loop.call_soon_threadsafe(_print, say)

    threading.Thread(target=answer, daemon=True).start()
    _print(str(listener.getsockname()[1]))
    await proxy.serve(listener)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Line:
    """A running line, as the bench holds it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take a process that was just started."""
        self._process = process
        self.port = int(self._read())

    def carried(self) -> Carried:
        """Return what it carried so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._read())
        return Carried(**said)

    def _read(self) -> str:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE_S)
        line = self._process.stdout.readline() if ready else ""
        assert line, "the line says nothing"
        return line


@contextlib.contextmanager
def line(
    profile: Profile, target: int | Path, *, inward: bool = False, only: str = ""
) -> Iterator[Line]:
    """Run a line that leads to somewhere on this machine.

    Args:
        profile: what it is like.
        target: the port, or a Unix socket.
        inward: whether who connects is at the far end: what it gets goes *up*.
        only: how the customer's connections begin, when others come as well.
    """
    words = [sys.executable, "-m", "benchmarks.line.emulator", profile.name]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [*words, str(target), "--only", only, *(["--inward"] if inward else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as process:
        try:
            yield Line(process)
        finally:
            process.kill()


def main() -> None:
    """Run one line until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile", choices=PROFILES)
    parser.add_argument("target")
    parser.add_argument("--inward", action="store_true")
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    proxy = _Proxy(
        PROFILES[chosen.profile],
        chosen.target,
        inward=chosen.inward,
        only=chosen.only.encode(),
    )
    asyncio.run(_run(proxy, listen()))


if __name__ == "__main__":
    main()
