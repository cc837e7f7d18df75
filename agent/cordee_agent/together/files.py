"""Files between the two computers: each offered, accepted, checked, and never opened.

Rules (R32, S-39, R20):

1. A file comes in only by the customer's own yes to this file, into a folder that the
   customer saw and could change. One goes out only if the customer chose it in a dialog
   here; the technician may ask for one, and no more.
2. While such a question stands nothing is injected: it is a question like any other.
3. The journal hears numbers and sizes (``session/files.py``). The act goes before the
   record that follows from it, on the same link: the relay journals the one before it
   carries the other.
4. Taking back control stops no file, hiding the screen neither; the end stops all of
   them, and what is not whole is gone.
5. What was said while the line broke is said again when it is open (wire/files.py, 3).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from cordee_agent.channels import Ground
from cordee_agent.clock import entropy
from cordee_agent.together.arriving import Arriving
from cordee_agent.together.carried import MEASURE_S, Carried
from cordee_agent.together.leaving import Leaving, Pump
from cordee_agent.together.wishes import Wishes
from cordee_agent.transfer.folders import downloads
from cordee_agent.transfer.outgoing import Outgoing
from cordee_agent.window import filing
from cordee_agent.window.filing import Stage
from cordee_agent.window.sharing import Shared
from cordee_shared.canonical import Json
from cordee_shared.errors import MalformedFrame, NameRefused
from cordee_shared.limits import FILE_SIZE_MAX, FILES_OPEN_MAX
from cordee_shared.session import files as acts
from cordee_shared.session.states import Remark, Side
from cordee_shared.wire import files
from cordee_shared.wire.filename import safe_name
from cordee_shared.wire.files import Why
from cordee_shared.wire.frames import Channel

_T = TypeVar("_T")


class Files:
    """The file channel at the customer's side. Owned by the session."""

    def __init__(
        self, ground: Ground, origin: str, folder: Callable[[], Path] = downloads
    ) -> None:
        """Know of no file.

        Args:
            ground: what the session lets a handler do.
            origin: the relay's address, for the mark on what arrives.
            folder: where files go unless the customer says otherwise.
        """
        self._ground = ground
        self._origin = origin
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="files")
        self._wishes = Wishes(ground.clock, folder)
        self._arriving: dict[int, Arriving] = {}
        self._leaving: dict[int, Leaving] = {}
        self._rows: dict[int, Carried] = {}
        self._pump = Pump(ground, self._in_thread, self._break_off)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = False
        self._is_over = False
        #: Acts written while nobody can be told.
        self._owed: deque[tuple[Remark, Mapping[str, Json]]] = deque()
        #: The last word about what is over, by number: a cut may have swallowed it.
        self._last_words: dict[int, bytes] = {}
        self._last_offer = 0
        self._next_id = 1
        self._measured_at = 0.0

    # --- what arrives ---------------------------------------------------------------

    def take(self, payload: bytes) -> None:
        """Take a record of the console's.

        Raises:
            MalformedFrame, FrameTooLarge: it breaks the rules of ``wire/files.py``.
        """
        said = files.decode(payload)
        match said:
            case files.Offer():
                self._on_offer(said)
            case files.Piece(id=id, at=at, data=data):
                if (arriving := self._arriving.get(self._theirs(id))) is not None:
                    if not arriving.is_ready:
                        raise MalformedFrame("a piece of a file that nobody accepted")
                    arriving.receiving.take(at, data)
                    arriving.put(data)
            case files.Done(id=id, sha256=sha256):
                if (arriving := self._arriving.get(self._theirs(id))) is not None:
                    self._on_done(arriving, sha256)
            case files.Accept(id=id):
                if (leaving := self._leaving.get(self._ours(id))) is not None:
                    self._on_accept(leaving, said)
            case files.Ack(id=id, at=at):
                if (leaving := self._leaving.get(self._ours(id))) is not None:
                    leaving.sending.ack(at)
                    leaving.carried.moved = at
                    self._pump.acked(leaving, at)
            case files.Kept(id=id):
                if (leaving := self._leaving.get(self._ours(id))) is not None:
                    if not leaving.sending.is_done:
                        raise MalformedFrame("kept before it was sent")
                    self._end_leaving(leaving, Stage.KEPT)
            case files.Stop(id=id, why=why):
                self._on_stop(id, why)
            case files.Want():
                self._wishes.want(is_asked=True)
            case files.NoFile():
                raise MalformedFrame("nobody asked for a file")

    def _on_offer(self, offer: files.Offer) -> None:
        if self._theirs(offer.id) in self._rows or offer.id <= self._last_offer:
            return  # said again after a cut
        self._last_offer = offer.id
        try:
            name = safe_name(offer.name)
        except NameRefused:
            self._refuse(offer.id, Why.NAME)
            return
        if sum(not row.is_over for row in self._rows.values()) >= FILES_OPEN_MAX:
            self._refuse(offer.id, Why.BUSY)
            return
        self._rows[offer.id] = Carried(offer.id, name, offer.size, is_leaving=False)
        self._wishes.ask(offer.id, name, offer.size)

    def _on_done(self, arriving: Arriving, sha256: str) -> None:
        if arriving.receiving.is_right(sha256):
            arriving.put(None)
        else:
            self._stop_arriving(arriving, Why.DAMAGED)

    def _on_accept(self, leaving: Leaving, said: files.Accept) -> None:
        if not leaving.sending.accept(said.at, said.sha256):
            self._break_off(leaving, Why.CHANGED)
            return
        leaving.is_accepted = True
        leaving.carried.moved, leaving.carried.stage = said.at, Stage.MOVING
        self._pump.add(leaving)

    def _on_stop(self, id: int, why: Why) -> None:
        if (leaving := self._leaving.get(id)) is not None:
            self._end_leaving(leaving, Stage.STOPPED, why)
        elif (row := self._rows.get(id)) is not None and not row.is_over:
            self._wishes.withdraw(id)
            self._end_arriving(row, Stage.STOPPED, why)

    # --- what the customer does -----------------------------------------------------

    def command(self, command: object) -> None:
        """Take a click of the customer's about files."""
        match command:
            case filing.TakeFile(id=id, folder=folder):
                if self._is_open and self._wishes.answered(id):
                    self._begin(self._rows[id], Path(folder))
            case filing.RefuseFile(id=id):
                if self._wishes.answered(id):
                    self._refuse(id, Why.REFUSED)
            case filing.WishToSend():
                self._wishes.want(is_asked=False)
            case filing.FileChosen(number=number, path=path):
                if self._wishes.chosen(number) is not None:
                    self._spawn(self._offer(Path(path)))
            case filing.NothingChosen(number=number):
                if self._wishes.chosen(number):
                    self._seal(files.encode(files.NoFile()))
            case filing.StopFile(id=id):
                self._cancel(id)
            case filing.ForgetFiles():
                for over in [row for row in self._rows.values() if row.is_over]:
                    del self._rows[over.id]

    async def _offer(self, path: Path) -> None:
        try:
            outgoing = await self._in_thread(lambda: Outgoing(path))
        except OSError:
            outgoing = None
        id, self._next_id = self._next_id, self._next_id + 2
        try:
            name = safe_name(path.name)
        except NameRefused:
            name = f"fichier-{id}"
        size = 0 if outgoing is None else outgoing.size
        carried = self._rows[id] = Carried(id, name, size, is_leaving=True)
        if outgoing is None or size > FILE_SIZE_MAX or self._is_over:
            carried.end(Stage.STOPPED, Why.CHANGED)
            self._ground.changed()
            return
        self._leaving[id] = Leaving(carried, outgoing)
        self._act(Remark.FILE_OFFERED, acts.offered(id, size))
        self._seal(files.encode(files.Offer(id=id, name=name, size=size)))
        self._ground.changed()

    def _begin(self, row: Carried, folder: Path) -> None:
        row.stage = Stage.MOVING
        arriving = self._arriving[row.id] = Arriving(row, self._in_thread)
        self._act(Remark.FILE_ACCEPTED, acts.offered(row.id, row.size))
        arriving.task = self._spawn(self._receive(arriving, folder))

    async def _receive(self, arriving: Arriving, folder: Path) -> None:
        row, receiving = arriving.carried, arriving.receiving

        def wrote(size: int) -> None:
            self._seal(receiving.wrote(size))
            row.moved = receiving.written

        came = await arriving.run(
            folder,
            self._origin,
            entropy,
            lambda: self._seal(receiving.accept()),
            wrote,
        )
        if isinstance(came, Why):
            self._stop_arriving(arriving, came)
        else:
            self._act(Remark.FILE_KEPT, acts.offered(row.id, row.size))
            self._say_last(row.id, files.encode(files.Kept(id=row.id)))
            self._end_arriving(row, Stage.KEPT, place=str(came))
        self._ground.changed()

    def _cancel(self, id: int) -> None:
        if (leaving := self._leaving.get(id)) is not None:
            self._break_off(leaving, Why.CANCELLED)
        elif (arriving := self._arriving.get(id)) is not None:
            self._stop_arriving(arriving, Why.CANCELLED)

    # --- the session ----------------------------------------------------------------

    def settle(self, is_open: bool) -> None:
        """Stop at a cut, and say again what it may have swallowed."""
        was, self._is_open = self._is_open, is_open
        if was and not is_open:
            for leaving in self._leaving.values():
                leaving.sending.cut()
            for row in self._rows.values():
                row.cut()
        elif is_open and not was:
            self._come_back()

    def _come_back(self) -> None:
        while self._owed:
            self._ground.act(*self._owed.popleft())
        for word in self._last_words.values():
            self._ground.seal(Channel.FILE, word)
        for id, leaving in self._leaving.items():
            if not leaving.is_accepted:
                name, size = leaving.carried.name, leaving.carried.size
                self._seal(files.encode(files.Offer(id=id, name=name, size=size)))
        for arriving in self._arriving.values():
            if arriving.is_ready:
                self._seal(arriving.receiving.accept())

    def on_time(self) -> None:
        """Count down the question, and measure what moves."""
        now = self._ground.clock.monotonic()
        if (expired := self._wishes.expired()) is not None:
            if isinstance(expired, filing.FileAsked):
                self._refuse(expired.id, Why.EXPIRED)
            elif expired.is_asked:
                self._seal(files.encode(files.NoFile()))
        if now - self._measured_at >= MEASURE_S:
            self._measured_at = now
            for row in self._rows.values():
                row.measure(now)

    def stop(self) -> None:
        """The end: nothing more is read or written, what is not whole is gone."""
        if self._is_over:
            return
        self._is_over, self._is_open = True, False
        for task in self._tasks:
            task.cancel()
        for arriving in self._arriving.values():
            self._thread.submit(arriving.discard)
        for leaving in self._leaving.values():
            self._thread.submit(leaving.outgoing.close)
        self._thread.shutdown(wait=False)
        self._arriving.clear()
        self._leaving.clear()
        self._rows.clear()
        self._last_words.clear()
        self._owed.clear()
        self._wishes.forget()

    def show(self, shared: Shared) -> Shared:
        """Return what the window shows, with the files."""
        question = self._wishes.open if self._is_open else None
        rows = tuple(row.row for row in self._rows.values())
        return replace(shared, files=filing.Files(question, rows))

    # --- inside ---------------------------------------------------------------------

    def _refuse(self, id: int, why: Why) -> None:
        self._act(Remark.FILE_REFUSED, acts.refused(id, why.value))
        self._say_last(id, files.encode(files.Stop(id=id, why=why)))
        if (row := self._rows.get(id)) is not None:
            self._end_arriving(row, Stage.STOPPED, why)

    def _stop_arriving(self, arriving: Arriving, why: Why) -> None:
        row = arriving.carried
        arrived = arriving.receiving.written
        self._act(Remark.FILE_STOPPED, acts.stopped(row.id, arrived, why.value))
        self._say_last(row.id, files.encode(files.Stop(id=row.id, why=why)))
        self._end_arriving(row, Stage.STOPPED, why)

    def _end_arriving(
        self, row: Carried, stage: Stage, why: str = "", place: str = ""
    ) -> None:
        row.end(stage, why, place)
        arriving = self._arriving.pop(row.id, None)
        if arriving is not None and stage is Stage.STOPPED:
            if arriving.task not in (None, asyncio.current_task()):
                arriving.task.cancel()
            self._thread.submit(arriving.discard)

    def _break_off(self, leaving: Leaving, why: Why) -> None:
        row = leaving.carried
        self._act(Remark.FILE_STOPPED, acts.stopped(row.id, row.moved, why.value))
        self._say_last(row.id, files.encode(files.Stop(id=row.id, why=why)))
        self._end_leaving(leaving, Stage.STOPPED, why)

    def _end_leaving(self, leaving: Leaving, stage: Stage, why: str = "") -> None:
        del self._leaving[leaving.carried.id]
        self._pump.remove(leaving)
        self._thread.submit(leaving.outgoing.close)
        leaving.carried.end(stage, why)

    def _theirs(self, id: int) -> int:
        """Insist that a number is of the technician's files."""
        if acts.sender_of(id) is not Side.TECHNICIAN:
            raise MalformedFrame(f"file {id} is the customer's")
        return id

    def _ours(self, id: int) -> int:
        if acts.sender_of(id) is not Side.CUSTOMER:
            raise MalformedFrame(f"file {id} is the technician's")
        return id

    def _say_last(self, id: int, word: bytes) -> None:
        self._last_words[id] = word
        self._seal(word)

    def _seal(self, payload: bytes) -> None:
        if self._is_open:
            self._ground.seal(Channel.FILE, payload)

    def _act(self, kind: Remark, data: Mapping[str, Json]) -> None:
        if self._is_over:
            return
        if self._is_open:
            self._ground.act(kind, data)
        else:
            self._owed.append((kind, data))

    def _in_thread(self, work: Callable[[], _T]) -> Awaitable[_T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        if not any(task.get_name() == "pump" for task in self._tasks):
            pump = self._ground.group.create_task(self._pump.run(), name="pump")
            self._tasks.add(pump)
        task = self._ground.group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
