"""Another system and a folder, in memory, that do as a test tells them."""

import asyncio
from collections.abc import Mapping

from cordee_server.sinks import Answer, Outcome
from cordee_shared.ids import RecordId


class MemorySink:
    """A billing sink that answers what it is told to, and then takes everything."""

    name = "0" * 64

    def __init__(self) -> None:
        self.heard: list[RecordId] = []
        self.content: dict[RecordId, bytes] = {}
        self.answers: list[Answer] = []
        self.is_closed = False
        self.arrived = asyncio.Event()

    async def hand_over(self, record: RecordId, raw: bytes) -> Answer:
        """Answer as told; keep what is delivered."""
        self.heard.append(record)
        answer = self.answers.pop(0) if self.answers else Answer(Outcome.DELIVERED, 200)
        if answer.outcome is Outcome.DELIVERED:
            self.content[record] = raw
        self.arrived.set()
        return answer

    async def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True

    def fail(self, times: int = 1, status: int = 500, pause_s: int = 0) -> None:
        """Refuse the next records."""
        answer = Answer(Outcome.FAILED, status, "status", pause_s)
        self.answers += [answer] * times


class MemoryFolder:
    """A billing folder that keeps files by their path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def write(self, files: Mapping[str, bytes]) -> None:
        """Keep the files."""
        self.files.update(files)
