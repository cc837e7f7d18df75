"""A bad line between relay and receiver: it loses requests and answers, and kills."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable


class BadLine:
    """Forwards HTTP requests, one a connection, and fails as its dice say.

    Of the requests, ``lost`` percent never arrive and as many answers are never heard.
    With each request of ``kills`` the sender dies: before it arrives, after it arrived,
    or after its answer was on the way, in turn. The dice are seeded.
    """

    def __init__(
        self, port: int, kill: Callable[[], None], kills: set[int], lost: int = 20
    ) -> None:
        self.port = port
        self.kill = kill
        self.kills = kills
        self.lost = lost
        self.dice = random.Random(20)
        self.count = 0
        self.happened: Counter[str] = Counter()
        self.is_good = False
        #: Held here: of a task whose peer has hung up, asyncio keeps no reference.
        self.carrying: set[asyncio.Task[None]] = set()
        #: Nothing is on the line.
        self.idle = asyncio.Event()

    async def take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one request and its answer, or not."""
        task = asyncio.current_task()
        assert task is not None
        self.carrying.add(task)
        self.idle.clear()
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            self.happened["broken"] += 1
        finally:
            writer.transport.abort()
            self.carrying.discard(task)
            if not self.carrying:
                self.idle.set()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = [
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ]
        body = await reader.readexactly(size[0] if size else 0)
        self.count += 1
        number, fate = self.count, self.dice.randrange(100)
        death = number % 3 if number in self.kills else None
        if death == 0:
            self._kill()
            return
        if fate < self.lost and not self.is_good and death is None:
            self.happened["lost requests"] += 1
            return
        answer = await self._ask(head, body)
        if death == 1:
            self._kill()
            return
        if self.lost <= fate < 2 * self.lost and not self.is_good and death is None:
            self.happened["lost answers"] += 1
            return
        writer.write(answer)
        await writer.drain()
        self.happened["answers"] += 1
        if death == 2:
            self._kill()

    def _kill(self) -> None:
        self.happened["kills"] += 1
        self.kill()

    async def _ask(self, head: bytes, body: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(head + body)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()
