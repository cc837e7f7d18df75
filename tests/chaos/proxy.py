"""A network that misbehaves on purpose: one line, one port, faults that can be lifted.

After Toxiproxy's toxics (latency, bandwidth, slicer, reset_peer, timeout, slow_close),
in this process and on this loop, with dice of its own: one seed is one weather.

A line leads one person to the relay. What a fault does holds for connections that stand
and for those made while it lasts; :meth:`Line.heal` lifts all but what it has broken.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from typing import Final

_CHUNK: Final = 64 * 1024
#: On closing, reset: what a router does that has forgotten a connection.
_RESET: Final = struct.pack("ii", 1, 0)


class Fault(StrEnum):
    """What may befall a line."""

    LATENCY = "latency"
    BANDWIDTH = "bandwidth"
    SLICER = "slicer"
    RESET = "reset"
    BLACK_HOLE = "black hole"
    SLOW_CLOSE = "slow close"


class Line:
    """One person's way to the relay. Owned by the loop."""

    def __init__(self, to: int, dice: random.Random, source: str) -> None:
        """Prepare a line.

        Args:
            to: the relay's port on this machine.
            dice: what jitter and sizes are drawn from.
            source: the address, of 127.0.0.0/8, that the relay sees.
        """
        self.port = 0
        self._to = to
        self._dice = dice
        self._source = source
        self._faults: set[Fault] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._passes = asyncio.Event()
        self._passes.set()
        # What latency and bandwidth are while they last: seconds, bytes a second.
        self._delay_s = 0.0
        self._rate = 0.0

    @property
    def connections(self) -> int:
        """How many connections it carries."""
        return len(self._carrying)

    # --- the weather --------------------------------------------------------------

    def strike(self, fault: Fault) -> None:
        """Let a fault befall the line; a reset is over at once."""
        match fault:
            case Fault.RESET:
                self._reset()
                return
            case Fault.BLACK_HOLE:
                self._passes.clear()
            case Fault.LATENCY:
                self._delay_s = self._dice.uniform(0.02, 0.3)
            case Fault.BANDWIDTH:
                self._rate = self._dice.uniform(4_000, 60_000)
            case _:
                pass
        self._faults.add(fault)

    def heal(self) -> None:
        """Lift every fault."""
        self._faults.clear()
        self._passes.set()

    def _reset(self) -> None:
        for writer in tuple(self._open):
            connected = writer.get_extra_info("socket")
            with suppress(OSError):
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()

    # --- carrying -----------------------------------------------------------------

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[Line]:
        """Listen for as long as the block lasts; nothing is left after it."""
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.heal()
            self._reset()
            while self._carrying:
                await asyncio.wait(self._carrying)
            await server.wait_closed()

    async def _take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None, "a connection is carried by a task"
        self._carrying.add(task)
        self._open.add(writer)
        try:
            far_reader, far = await asyncio.open_connection(
                "127.0.0.1", self._to, local_addr=(self._source, 0)
            )
            self._open.add(far)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, far))
                group.create_task(self._pump(far_reader, writer))
        except OSError:
            pass  # the relay is not there: the near end learns it by the close
        finally:
            for one in (writer, *(w for w in (locals().get("far"),) if w)):
                one.transport.abort()
                self._open.discard(one)
            self._carrying.discard(task)

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter
    ) -> None:
        """Carry one direction, as the weather of the moment has it, to its end."""
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                for piece in self._sliced(data):
                    await self._linger(len(piece))
                    target.write(piece)
                    await target.drain()
        with suppress(OSError, RuntimeError):
            if Fault.SLOW_CLOSE in self._faults:
                await asyncio.sleep(self._dice.uniform(0.2, 1.5))
            await self._passes.wait()
            if not target.transport.is_closing():
                target.write_eof()

    def _sliced(self, data: bytes) -> list[bytes]:
        if Fault.SLICER not in self._faults:
            return [data]
        # Small pieces at the head, where the frames' headers are; then the rest.
        at = 0
        pieces: list[bytes] = []
        while at < len(data) and len(pieces) < 40:
            size = self._dice.randint(1, 24)
            pieces.append(data[at : at + size])
            at += size
        return [*pieces, data[at:]] if at < len(data) else pieces

    async def _linger(self, size: int) -> None:
        await self._passes.wait()
        wait_s = 0.0
        if Fault.LATENCY in self._faults:
            wait_s += self._delay_s * self._dice.uniform(0.5, 1.5)
        if Fault.BANDWIDTH in self._faults:
            wait_s += min(size / self._rate, 1.0)
        if Fault.SLICER in self._faults:
            wait_s += 0.0005
        if wait_s:
            await asyncio.sleep(wait_s)
        await self._passes.wait()
