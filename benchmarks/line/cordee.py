"""Cordée as it is used: real relay, real agent, a code on the phone, two questions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from benchmarks.line import usage
from benchmarks.line.desk import Desk
from benchmarks.line.emulator import Line, line
from benchmarks.line.pipe import Profile
from benchmarks.line.ruler import now_ms
from tests.e2e.first_help.story import CANVAS, Claire, Durand, FirstHelp
from tests.e2e.rig.agent import Agent
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.reader import Reader
from tests.e2e.rig.relay import Relay, Technician, free_port


class Cordee:
    """Both people, and the line between the agent and the relay."""

    title = "Cordée"
    canvas = CANVAS

    def __init__(
        self,
        desk: Desk,
        context: BrowserContext,
        relay: Relay,
        between: Line,
    ) -> None:
        """Take what runs; nobody is connected."""
        self._desk = desk
        self._context = context
        self._relay = relay
        self._account: Technician = relay.add_technician()
        self.line = between
        self._both: FirstHelp | None = None
        self._open = contextlib.ExitStack()

    @property
    def page(self) -> Page:
        """Claire's page."""
        return self._people.claire.page

    @property
    def _people(self) -> FirstHelp:
        assert self._both is not None, "nobody is connected"
        return self._both

    def prepare(self) -> None:
        """A new session up to the first question."""
        is_first = self._both is None
        self.close()
        desktop = self._desk.desktop
        agent = self._open.enter_context(Agent(desktop, self._relay.url))
        hand = self._open.enter_context(Hand(desktop.socket))
        reader = self._open.enter_context(Reader(desktop.env()))
        page = self._context.new_page() if is_first else self.page
        claire = Claire(page, self._relay, self._account)
        self._both = FirstHelp(claire, Durand(desktop, hand, reader, agent))
        if is_first:
            claire.signs_in()
        else:
            page.goto(self._relay.url)
        claire.agrees()
        self._both.durand.types_code(claire.invites())
        self._both.durand.finds("demande à voir votre écran")

    def ask(self) -> float:
        """The customer says yes, and takes the hand away."""
        durand = self._people.durand
        button = durand.finds("^Autoriser$", "button")
        asked_at = now_ms()
        durand.hand.click(*button.middle)
        return asked_at

    def control(self) -> None:
        """A second question, a second yes."""
        self._people.claire.waits_for_mode("viewing")
        self._people.gives_control()

    def at(self, x: int, y: int) -> tuple[float, float]:
        """Return where a pixel is on Claire's page."""
        return self._people.claire.at(x, y)

    def customers(self) -> Sequence[int]:
        """The agent and its guard."""
        return usage.offspring(self._people.durand.agent.process.pid)

    def relays(self) -> Sequence[int]:
        """The relay."""
        return usage.offspring(self._relay.process.pid)

    def close(self) -> None:
        """End the session, if there is one, and the agent."""
        if self._both is not None and not self.page.is_closed():
            claire = self._both.claire
            if claire.see("end").is_visible():
                claire.ends()
                wait_until(lambda: claire.see("ended").is_visible(), what="the end")
        self._open.close()


@contextlib.contextmanager
def running(
    desk: Desk, context: BrowserContext, profile: Profile, folder: Path
) -> Iterator[Cordee]:
    """Run a relay, and the line from the customer to it; the console has its own."""
    port = free_port()
    with (
        line(profile, port, only="GET /agent/v1 ") as between,
        Relay(folder / "relay", port=port, public_port=between.port) as relay,
    ):
        system = Cordee(desk, context, relay, between)
        try:
            yield system
        finally:
            system.close()
