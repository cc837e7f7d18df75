"""A customer without a desktop: a real agent's protocol, played by the test.

For tests of the console alone, where what the customer does has to come at the very
moment the test wants it.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from typing import Any, Self, TypeVar

import numpy as np

from cordee_agent.picture.differ import Differ, pixels_of
from cordee_agent.picture.photos import still
from cordee_agent.picture.stream import PictureStream
from cordee_shared.canonical import Json
from cordee_shared.code import read_code
from cordee_shared.session.consent import Scope
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import State
from cordee_shared.wire import picture as wire
from cordee_shared.wire import talk
from cordee_shared.wire.frames import Channel
from tests.agent.picture.screens import Rgb, frame_of
from tests.ends import AgentEnd, connected

PATIENCE_S = 10.0
_T = TypeVar("_T")


class Customer:
    """Mme Durand's side, driven from a synchronous test.

    Everything runs on a loop of its own thread; each method waits for its outcome.
    """

    def __init__(self, url: str, *, ver: str = AgentEnd.ver) -> None:
        self._url = "ws" + url.removeprefix("http") + "/agent/v1"
        self._origin = url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="customer")
        self._end = AgentEnd(url)
        self._end.ver = ver
        self._hang_up: asyncio.Event | None = None
        self._link: Future[None] | None = None
        self._epoch = 0
        self._seq = 0
        self._painter: tuple[Differ, PictureStream] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self.connects()
        return self

    def __exit__(self, *_: object) -> None:
        self.hangs_up()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- the link -----------------------------------------------------------------

    def connects(self) -> None:
        """Bring the link up, and wait until the relay has greeted."""
        greeted: Future[None] = Future()
        self._link = asyncio.run_coroutine_threadsafe(self._stay(greeted), self._loop)
        greeted.result(PATIENCE_S)

    def hangs_up(self) -> None:
        """Take the link down without a word."""
        if self._hang_up is not None and self._link is not None:
            self._loop.call_soon_threadsafe(self._hang_up.set)
            self._link.result(PATIENCE_S)
            self._hang_up = self._link = None

    async def _stay(self, greeted: Future[None]) -> None:
        hang_up = self._hang_up = asyncio.Event()
        try:
            async with connected(self._end, self._url) as connection:
                greeted.set_result(None)
                await hang_up.wait()
                connection.transport.abort()
        except BaseException as error:
            if not greeted.done():
                greeted.set_exception(error)
            raise

    def comes_back(self) -> None:
        """On a new link, take the session up again."""
        self.connects()
        self._do(self._end.come_back)

    # --- what she does ------------------------------------------------------------

    def types_code(self, spoken: str) -> None:
        """Type a code that was dictated."""
        self._do(lambda: self._end.claim(read_code(spoken)))

    def shows_code(self) -> str:
        """Ask for a code and read it out."""
        self._do(self._end.show_code)
        self._until(lambda: self._end.code is not None)
        assert self._end.code is not None
        return self._end.code.spoken

    def waits_for(self, state: State) -> None:
        """Wait until her journal has led to a state."""
        self._until(lambda: self._end.state is state)

    def waits_for_kind(self, kind: Kind) -> None:
        """Wait until her journal holds an entry of this kind."""
        self.waits_for_times(kind, 1)

    def waits_for_times(self, kind: Kind, times: int) -> None:
        """Wait until her journal holds so many entries of this kind."""
        self._until(lambda: self._end.kinds().count(kind.value) >= times)

    def allows(self, scope: Scope) -> None:
        """Say yes to the question in force."""
        self._do(lambda: self._end.grant(scope))

    def does(self, kind: Kind, data: Mapping[str, Json] | None = None) -> None:
        """Do something that is an act."""
        self._do(lambda: self._end.act(kind, data or {}))

    def asks_for_life(self) -> None:
        """Ask the console for a sign of life."""
        said = json.dumps({"t": "ping"}).encode()
        self._do(lambda: self._end.seal(Channel.CONTROL, said))

    # --- what she says ---------------------------------------------------------------

    def says(self, id: int, text: str) -> None:
        """Write to the technician; the first words are number 1."""
        said = talk.encode(talk.Say(id=id, text=text))
        self._do(lambda: self._end.seal(Channel.CHAT, said))

    def tells_of_her_machine(self, *lines: str) -> None:
        """Wait for the first question what machine this is, and answer it."""
        asked = talk.encode(talk.MachineAsk(n=1))
        self._until(lambda: asked in self.heard(Channel.CHAT))
        told = talk.encode(talk.Machine(n=1, lines=lines))
        self._do(lambda: self._end.seal(Channel.CHAT, told))

    # --- what she shows -----------------------------------------------------------

    def opens_picture(self, width: int, height: int, *monitors: wire.Rect) -> None:
        """Begin an epoch: a black screen of these monitors; of one, if none is said."""
        self._epoch += 1
        self._seq = 0
        stream = PictureStream(9)
        self._painter = Differ(width, height), stream
        whole = (wire.Rect(0, 0, width, height),)
        listed = tuple(
            wire.Monitor(at, at == 0, rect) for at, rect in enumerate(monitors or whole)
        )
        layout = wire.Layout(
            self._epoch, self._epoch, stream.window_log, width, height, listed
        )
        self._shows(wire.encode(layout))

    def shows(self, screen: Rgb) -> None:
        """Show a screen, and wait until the console has painted it."""
        assert self._painter is not None, "a picture begins with its layout"
        differ, stream = self._painter
        frame = frame_of(np.ascontiguousarray(screen))
        differ.look(pixels_of(frame))
        while differ.dirty_tiles:
            self._seq += 1
            rects = differ.take(differ.choose(15))
            self._shows(stream.rects(self._seq, frame, rects))
            ack = wire.encode(wire.Ack(self._epoch, self._seq))
            self._until(lambda ack=ack: ack in self.heard(Channel.CONTROL))  # type: ignore[misc]

    def tells_of_the_line(self, trip_ms: int, rate_kbit: int) -> None:
        """Tell the console how good the line is, as an agent measures it."""
        self._seq += 1
        self._shows(wire.encode(wire.Ping(self._seq, trip_ms, rate_kbit)))

    def shows_roughly(self, screen: Rgb, area: wire.Rect) -> None:
        """Show a part of a screen as a lossy file; all of it is owed from now on."""
        assert self._painter is not None, "a picture begins with its layout"
        file = still(pixels_of(frame_of(screen)), area, wire.Coding.WEBP, 30)
        self._seq += 1
        self._shows(wire.encode(wire.Rects(self._seq, wire.Coding.WEBP, (area,), file)))
        self._painter[0].has_previewed(area)

    def _shows(self, message: bytes) -> None:
        self._do(lambda: self._end.seal(Channel.SCREEN, message))

    # --- what reaches her ---------------------------------------------------------

    def heard(self, channel: Channel) -> list[bytes]:
        """Return the payloads of a channel, in order."""
        return [one.payload for one in self._end.opened if one.channel is channel]

    def waits_for_said(self, said: bytes) -> None:
        """Wait until the console has said something on the control channel."""
        self._until(lambda: said in self.heard(Channel.CONTROL))

    def hands(self) -> list[dict[str, Any]]:
        """Return what the technician's hands did, in order."""
        batches = [json.loads(batch) for batch in self.heard(Channel.INPUT)]
        return [event for batch in batches for event in batch]

    def waits_for_hands(
        self, fact: Callable[[list[dict[str, Any]]], object]
    ) -> list[dict[str, Any]]:
        """Wait until what the hands did fulfils something; return all of it."""
        self._until(lambda: fact(self.hands()))
        return self.hands()

    # --- between threads ----------------------------------------------------------

    def _do(self, act: Callable[[], object]) -> None:
        async def doing() -> None:
            act()

        self._wait(doing())

    def _until(self, fact: Callable[[], object]) -> None:
        self._wait(self._end.until(fact))

    def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        done = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(PATIENCE_S)
