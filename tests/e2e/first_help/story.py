"""The two people of a first help, each at a real machine: Claire and Mme Durand.

Claire works in Chromium; Mme Durand has a mouse and a keyboard that are devices of
her X server, and finds what she presses as a screen reader would.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from cordee_shared.billing.record import BillingRecord
from cordee_shared.code import Code, read_code, secret_from
from cordee_shared.limits import SECRET_DIGITS
from tests.e2e.rig.agent import Agent
from tests.e2e.rig.browser import Colour, canvas_pixel, near
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.reader import Reader, Widget
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.rig.xvnc import Desktop

CUSTOMER = "Mme Durand"
PURPOSE = "l’imprimante ne répond plus"
CANVAS = "canvas#screen"
#: After so long a person presses again what did nothing.
AGAIN_S = 1.0
expect.set_options(timeout=PATIENCE_S * 1000)


@dataclass
class Claire:
    """The technician, at her browser."""

    page: Page
    relay: Relay
    account: Technician

    def signs_in(self, steps: int = 0) -> None:
        """Open the console and sign in."""
        self.page.goto(self.relay.console_url)
        self.see("login-name").fill(self.account.login)
        self.see("login-password").fill(self.account.password)
        self.see("login-totp").fill(self.account.second_factor(steps))
        self.see("login-submit").click()
        expect(self.see("engagement-form")).to_be_visible()

    def agrees(self, customer: str = CUSTOMER, purpose: str = PURPOSE) -> None:
        """Write the engagement down: three fields."""
        self.see("engagement-customer").fill(customer)
        self.see("engagement-purpose").fill(purpose)
        self.see("engagement-submit").click()
        expect(self.see("invite")).to_be_enabled()

    def invites(self) -> str:
        """Take a code and return it as she dictates it."""
        self.see("invite").click()
        expect(self.see("code")).to_be_visible()
        spoken = " ".join(self.see("code").inner_text().split())
        assert re.fullmatch(r"\d{3} \d{3} \d{3}", spoken)
        return spoken

    def types_code(self, spoken: str) -> None:
        """Type the code that the customer reads out."""
        self.see("claim-code").fill(spoken)
        self.see("claim-submit").click()

    def asks_for_control(self) -> None:
        """Ask, and wait for the customer."""
        self.see("ask-control").click()

    def reads(self, testid: str, words: str) -> None:
        """Wait until these words stand there; a regular expression."""
        expect(self.see(testid)).to_have_text(re.compile(words))

    def ends(self) -> None:
        """End, and mean it."""
        self.see("end").click()
        self.see("end-yes").click()

    def waits_for_mode(self, mode: str) -> None:
        """Wait until the band shows this mode."""
        expect(self.see("mode")).to_have_attribute("data-mode", mode)

    def waits_for_end(self, reason: str, *, within: float = PATIENCE_S) -> None:
        """Wait until the end is shown, for this reason."""
        expect(self.see("ended")).to_have_attribute(
            "data-reason", reason, timeout=within * 1000
        )

    def sees_pixel(self, at: tuple[int, int], colour: Colour) -> None:
        """Wait until a pixel of the remote screen has a colour, exactly."""
        wait_until(
            lambda: near(canvas_pixel(self.page, CANVAS, *at), colour),
            what=lambda: f"{colour} at {at}: {canvas_pixel(self.page, CANVAS, *at)}",
        )

    def at(self, x: int, y: int) -> tuple[float, float]:
        """Return where a pixel of the remote screen is on her page."""
        box = self.page.locator(CANVAS).bounding_box()
        assert box is not None
        width, height = self.page.locator(CANVAS).evaluate("c => [c.width, c.height]")
        return (
            box["x"] + (x + 0.5) * box["width"] / width,
            box["y"] + (y + 0.5) * box["height"] / height,
        )

    def moves(self, x: int, y: int, steps: int = 1) -> None:
        """Move the remote pointer to a pixel."""
        self.page.mouse.move(*self.at(x, y), steps=steps)

    def clicks(self, x: int, y: int) -> None:
        """Click a pixel of the remote screen."""
        self.moves(x, y)
        self.page.mouse.down()
        self.page.mouse.up()

    def see(self, testid: str) -> Locator:
        """Return what carries this ``data-testid``."""
        return self.page.get_by_test_id(testid)


@dataclass
class Durand:
    """The customer, at her desktop."""

    desktop: Desktop
    hand: Hand
    reader: Reader
    agent: Agent

    def finds(self, name: str, role: str = "", *, within: float = PATIENCE_S) -> Widget:
        """Wait until something by this name is on the screen and may be pressed."""

        last: list[Widget | None] = [None]

        def look() -> Widget | None:
            for widget in self.reader.find(name, role):
                if "enabled" in widget.states or not role:
                    found = widget
                    break
            else:
                found = None
            # A page may still be finding its form: only what stays can be pressed.
            before, last[0] = last[0], found
            return found if found == before else None

        return wait_until(
            look, within=within, what=lambda: f"{name!r} among {self.words()}"
        )

    def words(self) -> list[str]:
        """Return everything that stands on the screen."""
        said = {w.name or w.text for w in self.reader.widgets()}
        return sorted(word for word in said if word)

    def presses(self, name: str) -> None:
        """Press a button with the mouse, as a person does, and leave it alone."""
        self.hand.click(*self.finds(f"^{name}$", "button").middle)

    def types_code(self, spoken: str) -> None:
        """Type the code that was dictated, and go on."""
        self._writes(spoken, over=False)

    def retypes_code(self, spoken: str) -> None:
        """Type another code over the one that did not fit."""
        self._writes(spoken, over=True)

    def _writes(self, spoken: str, *, over: bool) -> None:
        """Write into the field; who reads something else there writes it again.

        A click goes by way of the window manager, and keys do not: what is typed
        in the same millisecond can be there first, and then the click puts the
        caret before it. Nobody's fingers are that quick; this hand's are.
        """
        self.hand.click(*self._field().middle)
        if over:
            self.hand.select_all()
        self.hand.type(spoken.replace(" ", ""))

        def reads() -> bool:
            try:
                self.finds(f"^{spoken}$", "text", within=AGAIN_S)
            except AssertionError:
                self.hand.select_all()
                self.hand.type(spoken.replace(" ", ""))
                return False
            return True

        wait_until(reads, what=lambda: f"{spoken} in {self._field().text!r}")
        self.presses("Continuer")

    def _field(self) -> Widget:
        return self.finds("Code à neuf chiffres", "text")

    def reads_code(self) -> str:
        """Ask for a code and read it out."""
        self.presses("Mon technicien me demande un code")
        shown = self.finds(r"^\d{3}\D\d{3}\D\d{3}$|chiffre par chiffre")
        digits = re.sub(r"\D", "", shown.text or shown.name)[:9]
        return " ".join(digits[i : i + 3] for i in (0, 3, 6))

    def allows_seeing(self) -> None:
        """Read the question and say yes."""
        self.finds("demande à voir votre écran")
        self.presses("Autoriser")

    def allows_control(self) -> None:
        """Read the second question and say yes."""
        self.finds("demande à utiliser votre souris")
        self.presses("Autoriser")

    def gives_back(self) -> None:
        """Give control again, and say yes to the question."""
        self.insists("Rendre la main", "demande à utiliser votre souris")
        self.presses("Autoriser")

    def shows_again(self) -> None:
        """Show the screen again."""
        self.insists("Montrer l’écran", "voit votre écran")

    def insists(self, name: str, outcome: str) -> None:
        """Press a button until it has an outcome.

        What gives power is deaf for a moment when it has just come; who pressed it
        too early presses again, as anybody would.
        """

        def press() -> bool:
            self.presses(name)
            try:
                self.finds(outcome, within=AGAIN_S)
            except AssertionError:
                return False
            return True

        wait_until(press, what=lambda: f"{outcome!r} among {self.words()}")

    def says_no(self) -> None:
        """Refuse what is being asked."""
        self.presses("Refuser")

    def closes(self) -> None:
        """Close the last window; nothing of the agent is left after it."""
        self.presses("Fermer")
        assert self.agent.process.wait_for_end() == 0
        wait_until(
            lambda: self.agent.process.group() == [],
            what=lambda: f"nobody left of {self.agent.process.group()}",
        )


@dataclass
class FirstHelp:
    """Both of them."""

    claire: Claire
    durand: Durand

    def reaches_viewing(self) -> None:
        """From nothing to the picture."""
        self.claire.signs_in()
        self.claire.agrees()
        self.durand.types_code(self.claire.invites())
        self.durand.allows_seeing()
        self.claire.waits_for_mode("viewing")

    def reaches_control(self) -> None:
        """From nothing to the technician's hand on the customer's desktop."""
        self.reaches_viewing()
        self.gives_control()

    def gives_control(self) -> None:
        """Ask and allow; then the customer leaves her mouse alone."""
        self.claire.asks_for_control()
        self.durand.allows_control()
        self.claire.waits_for_mode("controlling")


def misheard(spoken: str) -> str:
    """Return a code that sounds right, to the check digit, with another secret."""
    code = read_code(spoken)
    other = secret_from((int(code.secret) + 1) % 10**SECRET_DIGITS)
    return Code(code.nameplate, other).spoken


def journal(relay: Relay) -> list[dict[str, Any]]:
    """Return every entry of the latest session, in order."""
    sessions = re.findall(r"^[0-9a-f]{32}", relay.command("journal", "show"), re.M)
    if not sessions:
        return []
    said = relay.command("journal", "show", sessions[0], "--json")
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def kinds(relay: Relay) -> list[str]:
    """Return what the journal holds, without the signs of life."""
    quiet = ("tick", "checkpoint")
    return [e["kind"] for e in journal(relay) if e["kind"] not in quiet]


def wait_for_kind(relay: Relay, kind: str) -> dict[str, Any]:
    """Wait until the journal holds an entry of this kind, and return the last."""

    def look() -> dict[str, Any] | None:
        found = [entry for entry in journal(relay) if entry["kind"] == kind]
        return found[-1] if found else None

    return wait_until(look, what=lambda: f"{kind} in {kinds(relay)}")


def ended(relay: Relay) -> str:
    """Wait until the latest session has ended in the journal, and return why."""

    def look() -> str | None:
        last = (journal(relay) or [{}])[-1]
        return str(last["data"]["reason"]) if last.get("state") == "ended" else None

    return wait_until(look, what=lambda: f"an end in {kinds(relay)}")


def records(relay: Relay) -> list[BillingRecord]:
    """Return the billing export, read strictly."""
    if not relay.billing_file.exists():
        return []
    lines = relay.billing_file.read_bytes().splitlines(keepends=True)
    return [BillingRecord.read(line) for line in lines]


__all__ = [
    "CANVAS",
    "CUSTOMER",
    "PATIENCE_S",
    "PURPOSE",
    "Claire",
    "Durand",
    "FirstHelp",
    "ended",
    "journal",
    "kinds",
    "misheard",
    "records",
    "wait_for_kind",
]
