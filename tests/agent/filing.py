"""A technician's console for the agent's files: the same transfers, no browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from cordee_agent.channels import Ground
from cordee_agent.together.files import Files
from cordee_agent.window import filing
from cordee_agent.window.filing import FileAsked, FileRow
from cordee_agent.window.sharing import Shared
from cordee_shared.canonical import Json
from cordee_shared.session.machine import Kind
from cordee_shared.wire import files
from cordee_shared.wire.files import Said
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.transfer import Receiving, Sending
from tests.clock import ManualClock

#: How long a condition may take on a starved machine.
PATIENCE_S = 60.0
PIECE = 8 * 1024


class Desk:
    """The agent's files, and a technician who sends and takes them."""

    def __init__(self, group: asyncio.TaskGroup, folder: Path) -> None:
        self.clock = ManualClock()
        self.acts: list[tuple[str, Mapping[str, Json]]] = []
        #: Everything the agent sealed, decoded, in order; pieces aside.
        self.said: list[Said] = []
        self.pieces = 0
        self.is_open = True
        #: Payloads on their way to the console.
        self.way: list[bytes] = []
        self.ours: dict[int, tuple[Sending, bytes]] = {}
        self.theirs: dict[int, Receiving] = {}
        self.taken: dict[int, bytearray] = {}
        #: Offers of the customer's are accepted at once.
        self.takes = True
        self._changed = asyncio.Event()
        ground = SimpleNamespace(
            seal=self._seal,
            send=self._send,
            act=self._act,
            changed=self._changed.set,
            clock=self.clock,
            group=group,
            origin="https://aide.example",
        )
        made = cast(Ground, ground)
        self.files = Files(made, ground.origin, lambda: folder)
        self.files.settle(True)

    # --- what the session does ----------------------------------------------------

    def _seal(self, channel: Channel, payload: bytes) -> None:
        assert channel is Channel.FILE
        if self.is_open:
            self.way.append(payload)
        self._changed.set()

    async def _send(self, channel: Channel, payload: bytes) -> bool:
        await asyncio.sleep(0)
        self._seal(channel, payload)
        return self.is_open

    def _act(self, kind: Kind, data: Mapping[str, Json]) -> None:
        assert self.is_open, "nobody can be told"
        self.acts.append((kind.value, data))

    def cut(self) -> None:
        """Lose the line with everything that is on its way."""
        self.is_open = False
        self.way.clear()
        self.files.settle(False)
        for sending, body in self.ours.values():
            if (size := min(PIECE, sending.left)) > 0:
                sending.piece(body[sending.at : sending.at + size])  # lost on its way
            sending.cut()

    def mend(self) -> None:
        """Take the line up again: both say again what matters."""
        self.is_open = True
        self.files.settle(True)
        for receiving in self.theirs.values():
            self.files.take(receiving.accept())
        self._changed.set()

    # --- what the console does ----------------------------------------------------

    def offer(self, id: int, name: str, body: bytes) -> None:
        """Offer a file to the customer."""
        self.ours[id] = (Sending(id, len(body)), body)
        self.say(files.Offer(id=id, name=name, size=len(body)))

    def say(self, said: Said) -> None:
        """Say something to the agent."""
        self.files.take(files.encode(said))

    def _hear(self, payload: bytes) -> None:
        said = files.decode(payload)
        if isinstance(said, files.Piece):
            self.pieces += 1
            receiving = self.theirs[said.id]
            receiving.take(said.at, said.data)
            self.taken[said.id] += said.data
            self.files.take(receiving.wrote(len(said.data)))
            return
        self.said.append(said)
        match said:
            case files.Offer(id=id, size=size) if self.takes and id not in self.theirs:
                self.theirs[id], self.taken[id] = Receiving(id, size), bytearray()
                self.files.take(self.theirs[id].accept())
            case files.Done(id=id, sha256=sha256):
                assert self.theirs[id].is_right(sha256)
                self.say(files.Kept(id=id))
            case files.Accept(id=id, at=at, sha256=sha256) if id in self.ours:
                assert self.ours[id][0].accept(at, sha256)
            case files.Ack(id=id, at=at) if id in self.ours:
                self.ours[id][0].ack(at)

    def _feed(self) -> None:
        for sending, body in self.ours.values():
            if (size := min(PIECE, sending.left)) > 0:
                piece = sending.piece(body[sending.at : sending.at + size])
                self.files.take(piece)
                self._changed.set()
            elif (done := sending.done()) is not None:
                self.files.take(done)

    # --- what a test looks at -----------------------------------------------------

    async def until(self, fact: Callable[[], object]) -> None:
        """Let both work until ``fact`` holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not fact():
                self._changed.clear()
                while self.way:
                    self._hear(self.way.pop(0))
                    if fact():
                        return
                self._feed()
                if not fact() and not self.way:
                    await self._changed.wait()

    @property
    def shown(self) -> filing.Files:
        """What the window shows."""
        return self.files.show(Shared()).files

    def row(self, id: int) -> FileRow:
        """Return the window's row about a file."""
        return next(each for each in self.shown.rows if each.id == id)

    def asked(self) -> FileAsked:
        """Return the question about a file."""
        question = self.shown.question
        assert isinstance(question, FileAsked)
        return question

    def yes(self, folder: Path | str | None = None) -> None:
        """Say yes to the file that is asked about."""
        asked = self.asked()
        where = asked.folder if folder is None else str(folder)
        self.files.command(filing.TakeFile(asked.id, where))

    def acts_of(self, kind: str) -> list[Any]:
        """Return the data of all acts of one kind."""
        return [data for each, data in self.acts if each == kind]


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    """Run a session's files; at its end the session ends."""
    async with asyncio.TaskGroup() as group:
        made = Desk(group, folder)
        try:
            yield made
        finally:
            made.files.stop()
