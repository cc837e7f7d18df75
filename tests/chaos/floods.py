"""Strangers by the thousand on a real relay, and what it costs everybody else.

``make floods`` takes the figures of security.md 6; the suite asks for the same things
with fewer strangers. What is measured is what people notice: how long a login takes,
and how long an idle link's ping takes, which is how long the relay's loop is busy.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from cordee_shared.limits import FRAME_MAX
from cordee_shared.wire import control
from tests.e2e.rig.processes import ROOT
from tests.e2e.rig.relay import Relay, Technician

#: Technicians who sign in during all floods.
LOGINS: Final = 3
_HEAD: Final = "GET /agent/v1 HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@dataclass
class Figures:
    """What a flood did: to its own connections, and to people."""

    what: str
    strangers: int = 0
    #: How long a connection of the flood was kept, the longest, in seconds.
    kept_s: float = 0.0
    #: Logins meanwhile, in seconds.
    logins_s: list[float] = field(default_factory=list)
    #: Pings of an idle link meanwhile, in milliseconds.
    pings_ms: list[float] = field(default_factory=list)
    #: Growth of the relay's memory, in MiB.
    grown_mib: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """Say it in one line."""
        pings = sorted(self.pings_ms)
        parts = [f"{self.what}: {self.strangers} strangers"]
        if self.kept_s:
            parts.append(f"the last one gone after {self.kept_s:.1f} s")
        if self.logins_s:
            parts.append(f"logins meanwhile at most {max(self.logins_s):.2f} s")
        if pings:
            parts.append(
                f"ping p50 {at(pings, 0.5):.1f} / p99 {at(pings, 0.99):.1f} ms "
                f"(of {len(pings)})"
            )
        parts.append(f"memory {self.grown_mib:+.1f} MiB")
        if self.answers:
            parts.append(", ".join(f"{n}x {w}" for w, n in self.answers.most_common()))
        return "; ".join(parts)


def at(ordered: list[float], share: float) -> float:
    """Return a quantile of what is in order."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def address(number: int) -> str:
    """Return one of many addresses of this very machine, each in a block of its own."""
    return f"127.{1 + number // 250 % 250}.{number % 250}.{1 + number // 62_500}"


class Town:
    """A relay, a technician who signs in, and somebody who is in a session."""

    def __init__(self, relay: Relay, technicians: list[Technician]) -> None:
        self.relay = relay
        #: Each signs in once: a step of the second factor works once.
        self._technicians = technicians

    @property
    def port(self) -> int:
        """Where the relay listens."""
        return self.relay.port

    async def request(self, path: str, body: object, source: str) -> tuple[int, float]:
        """Post something; return the status and the seconds it took."""
        began = time.monotonic()
        sent = json.dumps(body).encode()
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(source, 0)
        )
        try:
            writer.write(
                f"POST {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
                f"Origin: {self.relay.url}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(sent)}\r\nConnection: close\r\n\r\n".encode()
                + sent
            )
            head = await reader.readline()
            await reader.read()
        finally:
            writer.close()
        return int(head.split()[1]), time.monotonic() - began

    async def login(self) -> float:
        """Sign in for real; return the seconds it took."""
        technician = self._technicians.pop()
        credentials = {
            "name": technician.login,
            "password": technician.password,
            "totp": technician.second_factor(),
        }
        status, took_s = await self.request("/api/login", credentials, "127.0.0.1")
        assert status == 200, f"a login was answered {status}"
        return took_s

    @asynccontextmanager
    async def watched(self, figures: Figures) -> AsyncIterator[None]:
        """Ping an idle link all the while, and weigh the relay before and after.

        The pings come from a process of their own: the flood keeps this one busy.
        """
        before = self._memory()
        watching = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.chaos.watch",
            str(self.port),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert watching.stdout is not None
        assert await watching.stdout.readline() == b"watching\n"
        try:
            yield
        finally:
            said, _ = await watching.communicate(b"\n")
        figures.pings_ms = [float(one) for one in said.split()]
        figures.grown_mib = self._memory() - before

    def _memory(self) -> float:
        status = Path(f"/proc/{self.relay.process.pid}/status").read_text("ascii")
        (line,) = (one for one in status.splitlines() if one.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


async def _together(count: int, one: Callable[[int], Awaitable[None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(_awaited(one(number)))


async def _awaited(work: Awaitable[None]) -> None:
    await work


# --- the floods -----------------------------------------------------------------------


async def slowloris(town: Town, count: int) -> Figures:
    """Begin requests and never end them (S-44)."""
    figures = Figures("slowloris", count)

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", town.port, local_addr=(address(number), 0)
        )
        began = time.monotonic()
        writer.write(_HEAD.encode())
        dripping = asyncio.get_running_loop().call_later(3, writer.write, b"x")
        with suppress(OSError):
            await reader.read()
        dripping.cancel()
        figures.kept_s = max(figures.kept_s, time.monotonic() - began)
        writer.close()

    async with town.watched(figures), asyncio.TaskGroup() as group:
        group.create_task(_together(count, one))
        for _ in range(2):
            figures.logins_s.append(await town.login())
    return figures


async def half_open(town: Town, count: int) -> Figures:
    """Open WebSockets and say nothing at all (S-45)."""
    figures = Figures("half-open WebSockets", count)

    async def one(number: int) -> None:
        began = time.monotonic()
        try:
            async with connect(
                f"ws://127.0.0.1:{town.port}/agent/v1",
                local_addr=(address(number), 0),
                open_timeout=60,
                ping_interval=None,
                proxy=None,
            ) as link:
                await link.wait_closed()
                figures.answers[f"closed {link.close_code}"] += 1
        except (OSError, WebSocketException) as error:
            figures.answers[type(error).__name__] += 1
        figures.kept_s = max(figures.kept_s, time.monotonic() - began)

    async with town.watched(figures):
        await _together(count, one)
    return figures


async def logins(town: Town, rate: int, seconds: float) -> Figures:
    """Try passwords, from an address each (S-49)."""
    count = round(rate * seconds)
    figures = Figures(f"logins, {rate} a second", count)

    async def one(number: int) -> None:
        await asyncio.sleep(number / rate)
        body = {"name": f"nobody{number % 50}", "password": "x" * 20, "totp": "123456"}
        with suppress(OSError):
            status, _ = await town.request("/api/login", body, address(number))
            figures.answers[str(status)] += 1

    async with town.watched(figures):
        await _together(count, one)
        figures.logins_s.append(await town.login())
    return figures


async def claims(town: Town, rate: int, seconds: float) -> Figures:
    """Try codes, from an address each (S-13)."""
    count = round(rate * seconds)
    figures = Figures(f"claims, {rate} a second", count)

    async def one(number: int) -> None:
        await asyncio.sleep(number / rate)
        try:
            async with connect(
                f"ws://127.0.0.1:{town.port}/agent/v1",
                local_addr=(address(number), 0),
                open_timeout=60,
                proxy=None,
            ) as link:
                await link.send(control.encode(control.Hello(v=1)))
                await link.recv()
                await link.send(control.encode(control.Claim(np=f"{number % 1000:03}")))
                said = control.decode(str(await link.recv()), control.to_agent)
                code = said.code if isinstance(said, control.RefusedNow) else "taken"
                figures.answers[code] += 1
        except (OSError, WebSocketException) as error:
            figures.answers[type(error).__name__] += 1

    async with town.watched(figures):
        await _together(count, one)
    return figures


async def oversize(town: Town, count: int) -> Figures:
    """Send frames that are too large, or say that they will be (S-43)."""
    figures = Figures("oversize frames", count)

    async def one(number: int) -> None:
        try:
            async with connect(
                f"ws://127.0.0.1:{town.port}/agent/v1",
                local_addr=(address(number), 0),
                open_timeout=60,
                proxy=None,
            ) as link:
                await link.send(control.encode(control.Hello(v=1)))
                await link.recv()
                with suppress(OSError, WebSocketException):
                    await link.send(bytes(FRAME_MAX + 1))
                await link.wait_closed()
                figures.answers[f"closed {link.close_code}"] += 1
        except (OSError, WebSocketException) as error:
            figures.answers[type(error).__name__] += 1

    async with town.watched(figures):
        await _together(count, one)
    return figures


async def every_flood(town: Town, share: float = 1.0) -> list[Figures]:
    """Run them one after the other; ``share`` makes all of them smaller."""

    def some(count: int) -> int:
        return max(5, round(count * share))

    return [
        await slowloris(town, some(1000)),
        await half_open(town, some(500)),
        await logins(town, 50, 30 * share),
        await claims(town, 50, 20 * share),
        await oversize(town, some(200)),
    ]


def main() -> int:
    """Take the figures; they are judged by whoever reads them."""
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with tempfile.TemporaryDirectory(prefix="cordee-floods-") as folder:
        relay = Relay(Path(folder))
        relay.command("init")
        technicians = [relay.add_technician(f"tech{n}") for n in range(LOGINS)]
        with relay:
            for figures in asyncio.run(every_flood(Town(relay, technicians), share)):
                sys.stdout.write(figures.told() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
