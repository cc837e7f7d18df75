"""Puts the agent together and passes on, one at a time, whatever happens.

Link, guard, window and clock deliver into one inbox; one loop empties it. So no two
things ever happen at once, and the order in which they arrived is the order in which
they count. One start of the agent is one session: after its end nothing is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, cast

from cordee_agent.assist import Assist
from cordee_agent.clock import Clock, draw_below, entropy
from cordee_agent.consent import is_about_control
from cordee_agent.desktops.base import NoDesktop
from cordee_agent.guard.client import Guard
from cordee_agent.guard.pipe import Died, Pressed, Reclaimed
from cordee_agent.link import BACKOFF_S, Link, LinkDown, LinkUp
from cordee_agent.meeting import Meeting
from cordee_agent.ports import Parts, Pictures, SendPicture
from cordee_agent.settings import Settings
from cordee_agent.window import model
from cordee_agent.window.model import Window
from cordee_shared.canonical import unb64
from cordee_shared.code import Code, read_code, secret_from
from cordee_shared.errors import CodeMistyped, CordeeError, MalformedFrame
from cordee_shared.ids import read_nameplate
from cordee_shared.journal.entry import read_entry
from cordee_shared.limits import SECRET_DIGITS
from cordee_shared.pairing.machine import Direction
from cordee_shared.session.states import State
from cordee_shared.wire import control
from cordee_shared.wire.terms import Gathering

#: How often the session is told that time has passed.
BEAT_S: Final = 0.25
#: How long a closed window waits for the link's last words.
LET_GO_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Beat:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class StillAnswer:
    """The customer's yes, now that the hand that clicked it rests."""

    answer: model.Answer


class App:
    """One start of the agent. Lives in its own thread's event loop."""

    def __init__(
        self,
        settings: Settings,
        window: Window,
        clock: Clock,
        guard: Guard,
        pictures: Callable[[SendPicture], Pictures],
    ) -> None:
        """Put the parts together; nothing runs yet."""
        self._settings = settings
        self._window = window
        self._clock = clock
        self._guard = guard
        self._pictures = pictures
        self._inbox: asyncio.Queue[object] = asyncio.Queue()
        self._group: asyncio.TaskGroup
        self._tasks: set[asyncio.Task[None]] = set()
        self._link: Link
        self._carrying: asyncio.Task[None]
        self._tries = 0
        self._welcome: control.Welcome | None = None
        self._organisation = ""
        self._trouble = ""
        # What the customer holds before a session: the code that was typed or shown.
        self._typed: Code | None = None
        self._shown: Code | None = None
        self._wants_code = False
        self._terms = Gathering()
        self._parts: Parts
        self._meeting: Meeting | None = None
        self._assist: Assist | None = None
        self._leaving = False
        self._stopped = False

    def deliver(self, item: object) -> None:
        """Queue something that happened. Only from the loop's own thread."""
        self._inbox.put_nowait(item)

    async def run(self) -> None:
        """Serve one customer until the window is closed and all is said.

        Raises:
            NoDesktop: the customer's hand cannot be watched here; says why.
        """
        try:
            await self._guard.start(dead_zone_px=self._settings.dead_zone_px)
        except NoDesktop:
            self._window.show(model.Stopped("no_desktop"))
            while not isinstance(await self._inbox.get(), model.Quit):
                pass  # nothing else can be done here
            raise
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._spawn(self._hear_guard())
                self._spawn(self._beat())
                self._connect()
                self._show_home()
                while not self._stopped:
                    self._take(await self._inbox.get())
                await self._let_go()
        finally:
            await self._guard.stop()

    # --- one thing after the other ------------------------------------------------

    def _take(self, item: object) -> None:
        assist = self._assist
        match item:
            case Beat():
                if assist is not None:
                    assist.on_time()
            case Pressed():
                self._window.pressed(item.time_ms, customer=item.customer)
            case Reclaimed():
                if assist is not None:
                    assist.on_reclaim(item.cause)
            case Died():
                # Nobody drives without it, and no click can be trusted any more.
                if assist is not None:
                    assist.on_reclaim("guard_lost")
                    assist.on_command(model.EndSession())
                else:
                    self._window.show(model.Stopped("no_desktop"))
            case LinkUp():
                self._link.send(
                    control.Hello(
                        v=1, ver=version("cordee"), lang=self._settings.language.value
                    )
                )
            case LinkDown():
                self._on_link_down(item.trouble)
            case bytes():
                if assist is not None:
                    assist.on_record(item)
            case control.Message():
                self._on_message(cast(control.ToAgent, item))
            case StillAnswer():
                if assist is not None:
                    assist.on_command(item.answer)
            case _:
                self._on_command(item)
        # What the session still has to say is said before the program ends.
        self._stopped = self._leaving and (assist is None or assist.is_finished)

    def _on_message(self, message: control.ToAgent) -> None:
        match message:
            case control.Welcome():
                self._on_welcome(message)
            case _ if self._meeting is not None:
                self._on_meeting(self._meeting, message)
            case control.Terms() if self._assist is None:
                with suppress(MalformedFrame):  # what counts is the hash of it all
                    self._terms.take(message)
            case control.Paired() if self._assist is None:
                self._on_paired(message)
            case control.CodeGiven() if self._assist is None:
                self._on_code_given(message)
            case _ if self._assist is not None:
                self._assist.on_message(message)
            case control.RefusedNow():
                self._typed = self._shown = None
                self._show_home(message.code)
            case control.EntryMade(entry=text) if self._shown is not None:
                if read_entry(text.encode("ascii", "replace")).state is State.ENDED:
                    # The code we showed is no longer good.
                    self._shown, self._wants_code = None, False
                    self._show_home("code_expired")

    def _on_command(self, command: object) -> None:
        assist = self._assist
        match command:
            case model.Quit() if assist is None or assist.is_over:
                self._leaving = True
            case model.Answer(yes=True) if assist is not None:
                question = assist.open_question
                if question is not None and is_about_control(question):
                    # The hand that clicked still moves a little; see Guard.wait_still.
                    self._spawn(self._answer_still(command))
                else:
                    assist.on_command(command)
            case _ if assist is not None:
                assist.on_command(command)  # type: ignore[arg-type]  # all else is taken
            case model.CodeTyped(text=text):
                self._on_typed(text)
            case model.CodeWanted():
                self._wants_code = True
                self._link.send(control.ShowCode())
            case model.BackHome():
                self._wants_code = False
                if self._shown is not None:
                    self._link.send(control.Cancel())
                    self._shown = None
                self._show_home()

    # --- the code -------------------------------------------------------------------

    def _on_typed(self, text: str) -> None:
        try:
            self._typed = read_code(text)
        except CodeMistyped as error:
            self._show_home(error.code)
            return
        self._window.show(model.Pairing(self._organisation))
        if self._welcome is not None:
            self._link.send(control.Claim(np=self._typed.nameplate))

    def _on_code_given(self, given: control.CodeGiven) -> None:
        secret = secret_from(draw_below(10**SECRET_DIGITS))
        self._shown = Code(read_nameplate(given.np), secret)
        until = self._clock.monotonic() + given.lifetime_s
        self._window.show(
            model.ShowingCode(self._organisation, self._shown.spoken, until)
        )

    def _on_paired(self, paired: control.Paired) -> None:
        direction: Direction = "a" if paired.dir == "a" else "b"
        code = self._shown if direction == "a" else self._typed
        if code is None or self._welcome is None:
            return  # nobody here holds a code: the relay is alone with its wish
        parts = self._parts = Parts(
            hands=self._guard,
            pictures=self._pictures,
            show=self._window.show,
            clock=self._clock,
            entropy=entropy,
            origin=self._settings.origin,
            relay_pk=unb64(self._welcome.pk),
            pinned=True,
            organisation=self._organisation,
            language=self._settings.language,
            version=version("cordee"),
        )
        self._window.show(model.Pairing(self._organisation))
        try:
            self._meeting = Meeting(
                parts, self._link, code, direction, paired, self._terms
            )
        except CordeeError:
            self._link.send(control.RunFailed())
            self._on_run_failed()

    def _on_meeting(self, meeting: Meeting, message: control.ToAgent) -> None:
        meeting.on_message(message)
        if meeting.has_failed:
            self._on_run_failed()
        elif meeting.met is not None:
            self._meeting = self._typed = self._shown = None
            self._assist = Assist(self._parts, self._group, meeting.met)

    def _on_run_failed(self, trouble: str = "") -> None:
        """The code did not fit. One that was shown is burnt, a typed one was wrong."""
        trouble = trouble or ("code_refused" if self._shown else "code_wrong")
        self._meeting = self._shown = self._typed = None
        self._wants_code = False
        self._show_home(trouble)

    # --- the link -------------------------------------------------------------------

    def _connect(self) -> None:
        self._welcome = None
        self._link = Link(self._settings.origin, self.deliver)
        self._carrying = self._spawn(self._link.run())

    def _on_welcome(self, welcome: control.Welcome) -> None:
        pinned = self._settings.pins.is_the_pinned(self._settings.origin, welcome.pk)
        if not pinned:
            # Somebody else answers at this address: no code is shown to it.
            self._link.close()
            self._window.show(model.Stopped("relay_changed"))
            return
        self._tries = 0
        self._welcome = welcome
        self._organisation = welcome.organisation
        if self._assist is not None:
            self._assist.on_link_up(self._link)
        elif self._typed is not None:
            self._link.send(control.Claim(np=self._typed.nameplate))
        elif self._wants_code:
            self._link.send(control.ShowCode())
        else:
            # What was wrong with the link is over; what was wrong with a code is not.
            self._show_home("" if self._trouble.startswith("link_") else self._trouble)

    def _on_link_down(self, trouble: str) -> None:
        self._welcome = None
        assist = self._assist
        if self._stopped or trouble == "link_violation":
            if not self._stopped and assist is None:
                self._window.show(model.Stopped(trouble))
            return
        if assist is not None:
            assist.on_link_down()
            if assist.is_over:
                return
        elif self._meeting is not None:
            self._on_run_failed("link_lost")
        else:
            # A code that was shown died with its link: the relay forgets it.
            self._shown = None
            # A first drop is mended at once: not worth more words than stand there.
            first = trouble == "link_lost" and not self._tries
            self._show_home(self._trouble if first else trouble)
        self._spawn(self._connect_later())

    async def _let_go(self) -> None:
        """Let the link say what is queued, then end everything."""
        self._link.close()
        await asyncio.wait({self._carrying}, timeout=LET_GO_S)
        for task in self._tasks:
            task.cancel()

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _connect_later(self) -> None:
        wait = BACKOFF_S[min(self._tries, len(BACKOFF_S) - 1)]
        self._tries += 1
        await asyncio.sleep(wait)
        if not self._stopped:
            self._connect()

    # --- tasks ------------------------------------------------------------------------

    async def _hear_guard(self) -> None:
        async for event in self._guard.events():
            self.deliver(event)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self.deliver(Beat())

    async def _answer_still(self, answer: model.Answer) -> None:
        await self._guard.wait_still()
        self.deliver(StillAnswer(answer))

    def _show_home(self, trouble: str = "") -> None:
        self._trouble = trouble
        self._window.show(
            model.Home(self._organisation, self._welcome is not None, trouble)
        )
