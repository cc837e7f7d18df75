"""Two people who go on through a bad network: they come back, say again, and end.

Both ends are those of ``tests/ends.py`` (real pairing, real acts, real sealed channel)
with what a person's program does besides: it notices silence, connects again, asks for
the session back and says again what was not journaled.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from cordee_shared.canonical import Json
from cordee_shared.code import Code
from cordee_shared.journal.act import Act, read_act
from cordee_shared.journal.entry import Entry
from cordee_shared.limits import FRAME_MAX
from cordee_shared.session.consent import Scope
from cordee_shared.session.machine import Kind, is_allowed
from cordee_shared.session.states import DRIVEN, VISIBLE, Event, Remark, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.clock import ManualClock
from tests.ends import AgentEnd, ConsoleEnd, End

#: A sign of life is asked for this often, and must come within as long.
BEAT_S: Final = 1.0
#: Between two tries to come back.
RETRY_S: Final = 0.3
#: A person looks at what happened at least this often.
GLANCE_S: Final = 0.1
#: Frames that wait for the link before a picture is left out.
WAITING_MAX: Final = 8


class RunningClock(ManualClock):
    """The machine's own clocks, as a test's end reads them."""

    def now_ms(self) -> int:
        """Return the time of day, in milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Return milliseconds that never go back."""
        return time.monotonic_ns() // 1_000_000

    def wall(self) -> int:
        """Return the time of day, in whole seconds since 1970."""
        return self.now_ms() // 1000

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()


class Lasting(End):
    """An end that outlives its links."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin, RunningClock())
        #: Acts whose entry has not come back, in order.
        self.unconfirmed: dict[str, Act] = {}
        #: Acts of the other side that were read, by mirror or by entry.
        self.known: set[str] = set()

    @property
    def is_over(self) -> bool:
        """Whether nothing can come any more: ended, refused, or no code."""
        return self.state is State.ENDED or bool(self.refusals())

    @property
    def may_speak(self) -> bool:
        """Whether both ends hold keys and the link stands."""
        return self._channel is not None and self.closed is None

    def write(self, kind: Kind, data: Mapping[str, Json] | None = None) -> Act:
        """Write the next act; it is said until its entry comes back."""
        act = super().write(kind, data)
        self.unconfirmed[act.hash] = act
        return act

    def come_back(self) -> None:
        """On a new link: ask for the session back, and say again what may be lost."""
        super().come_back()
        for act in self.unconfirmed.values():
            self.send_act(act)

    def _take_record(self, frame: bytes) -> None:
        assert self._channel is not None, "a record without keys"
        opened = self._channel.open(frame)
        self.opened.append(opened)
        if opened.channel is Channel.CONTROL and opened.payload[:1] == b"{":
            said = json.loads(opened.payload)
            self._know(read_act(said["act"].encode(), bytes.fromhex(said["sig"])))

    def _follow(self, entry: Entry) -> None:
        super()._follow(entry)
        if entry.act is not None and entry.side is self.side:
            assert next(iter(self.unconfirmed), None) == entry.act.hash, (
                "acts are journaled in the order in which they were written"
            )
            del self.unconfirmed[entry.act.hash]
        elif entry.act is not None:
            self._know(entry.act)

    def _know(self, act: Act) -> None:
        """Read an act of the other side's once, whichever way it came first."""
        if act.hash not in self.known:
            assert self._reader is not None, "keys come with a pairing"
            self._reader.read(act.raw, act.signature)
            self.known.add(act.hash)


class LastingAgent(Lasting, AgentEnd):
    """The customer's side."""


class LastingConsole(Lasting, ConsoleEnd):
    """The technician's side."""


@dataclass
class Person:
    """Somebody at one end, and what they mean to do."""

    end: Lasting
    #: Where their line leads into.
    url: str
    dice: random.Random
    #: When they end the session themselves, on the machine's monotonic clock.
    ends_at: float | None = None
    #: When they walk away without a word.
    leaves_at: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: The address, of 127.0.0.0/8, that they come from.
    source: str = "127.0.0.1"
    #: Asks for a code, or types the one on the phone.
    engagement: str = ""
    #: What is read out on the phone.
    phone: asyncio.Future[Code] | None = None
    shows_code: bool = False
    #: Misheard one digit.
    mishears: bool = False
    #: Never answers a question.
    is_mute: bool = False
    _next_tick: float = 0.0
    _answered: int = -1
    _begun: bool = False

    def told(self) -> str:
        """Say how they stand, for whoever wonders why it does not end."""
        end = self.end
        last = type(end.heard[-1]).__name__ if end.heard else "nothing"
        return (
            f"{end.side.value} {end.state.value}, link {end.closed or 'up'}, "
            f"keys {end.agreement is not None}, heard {last}, "
            f"{len(end.unconfirmed)} unconfirmed, begun {self._begun}"
        )

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more for them to do here."""
        ran = not self.shows_code and self.end.last(control.RunFailed) is not None
        return self.end.is_over or self.is_away or ran

    @property
    def is_away(self) -> bool:
        """Whether they have left without a word."""
        return self.leaves_at is not None and time.monotonic() >= self.leaves_at

    async def live(self) -> None:
        """Connect, and come back as long as there is something to come back to."""
        try:
            await self._keep_at_it()
        finally:
            if self.shows_code and self.phone is not None:
                self.phone.cancel()  # nobody will read anything out any more

    async def _keep_at_it(self) -> None:
        while not self.is_done:
            with suppress(OSError, WebSocketException, TimeoutError, EOFError):
                await self._visit()
            if self._begun and self.end.agreement is None:
                return  # a code dies with its link
            if not self.is_done:
                await asyncio.sleep(RETRY_S * self.dice.uniform(0.5, 1.5))

    async def _visit(self) -> None:
        """Use one connection until it is gone or there is nothing more to do."""
        end = self.end
        async with connect(
            self.url,
            additional_headers=dict(self.headers),
            compression=None,
            max_size=FRAME_MAX,
            open_timeout=3,
            ping_interval=BEAT_S,
            ping_timeout=BEAT_S,
            close_timeout=1,
            proxy=None,
            local_addr=(self.source, 0),
        ) as link:
            end.closed = None
            del end.out[:]
            end.hello()
            async with asyncio.TaskGroup() as group:
                writer = group.create_task(_write(end, link))
                reader = group.create_task(_read(end, link))
                await self._act_on_it(end.welcomes)
                if self.is_away and not end.is_over:
                    link.transport.abort()
                await link.close()
                await reader
                writer.cancel()

    async def _act_on_it(self, welcomes: int) -> None:
        end = self.end
        while end.welcomes == welcomes and end.closed is None:
            await _glance(end)
        if end.closed is None:
            await self._begin()
        while end.closed is None and not self.is_done:
            self._do()
            await _glance(end)

    async def _begin(self) -> None:
        if self.end.agreement is not None:
            self.end.come_back()
            return
        self._begun = True
        assert self.phone is not None, "a code is read out on the phone"
        if self.shows_code:
            if isinstance(self.end, ConsoleEnd):
                self.end.invite(self.engagement)
            else:
                assert isinstance(self.end, AgentEnd), "there are two sides"
                self.end.show_code()
            return
        while not self.phone.done() and self.end.closed is None and not self.is_away:
            await _glance(self.end)
        if self.phone.cancelled():
            self.leaves_at = time.monotonic()
        elif self.phone.done() and self.end.closed is None:
            code = self.phone.result()
            if self.mishears:
                other = (int(code.secret[0]) + 1) % 10
                code = Code(code.nameplate, f"{other}{code.secret[1:]}")
            self.end.claim(code, self.engagement)

    # --- what they do -------------------------------------------------------------

    def _do(self) -> None:
        end, now = self.end, time.monotonic()
        assert self.phone is not None, "a code is read out on the phone"
        if self.shows_code and end.code is not None and not self.phone.done():
            self.phone.set_result(end.code)
        if not end.may_speak or end.agreement is None:
            return
        ends = self.ends_at is not None and now >= self.ends_at
        if ends and end.state not in (State.WAITING, State.PAIRING, State.ENDED):
            self.ends_at = None
            end.end(f"{end.side.value}_ended")
        elif isinstance(end, AgentEnd):
            self._as_customer(end, now)
        else:
            self._as_technician(end)

    def _as_customer(self, end: AgentEnd, now: float) -> None:
        if is_allowed(Remark.TICK, end.state) and now >= self._next_tick:
            self._next_tick = now + 1.0
            end.act(Remark.TICK)
        if not self.is_mute and not self.is_answering:
            self._answer(end)
        if end.state is State.CONTROLLING and self.dice.random() < 0.02:
            end.act(Event.RECLAIMED, {"cause": "pointer"})
        if end.state in VISIBLE and len(end.out) < WAITING_MAX:
            end.seal(Channel.SCREEN, bytes(self.dice.randint(20, 8_000)))

    @property
    def is_answering(self) -> bool:
        """Whether an act of theirs is on its way; they wait for its entry."""
        return any(act.kind is not Remark.TICK for act in self.end.unconfirmed.values())

    def _answer(self, end: AgentEnd) -> None:
        if end.state is State.CONSENTING:
            end.grant(Scope.VIEW)
            return
        asked = max(
            (e.n for e in end.entries if e.kind is Remark.CONTROL_REQUESTED), default=-1
        )
        if end.state in (State.VIEWING, State.RECLAIMED) and asked > self._answered:
            self._answered = asked
            end.grant(Scope.CONTROL)

    def _as_technician(self, end: Lasting) -> None:
        if end.state in (State.VIEWING, State.RECLAIMED):
            if not self.is_answering and self.dice.random() < 0.2:
                end.act(Remark.CONTROL_REQUESTED)
        elif end.state in DRIVEN and len(end.out) < WAITING_MAX:
            end.seal(Channel.INPUT, bytes(self.dice.randint(1, 60)))


async def _glance(end: Lasting) -> None:
    """Wait until something happens, or for as long as a person looks away."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GLANCE_S):
            end._changed.clear()
            await end._changed.wait()


async def _write(end: Lasting, link: ClientConnection) -> None:
    """Send what the end says; woken by a glance, for the event is the person's."""
    try:
        while True:
            while end.out:
                await link.send(end.out.pop(0))
            await asyncio.sleep(0.01)
    except ConnectionClosed:
        return


async def _read(end: Lasting, link: ClientConnection) -> None:
    try:
        async for frame in link:
            end.take(frame)
    except ConnectionClosed:
        pass
    finally:
        end.hang_up(link.close_code or "lost")
