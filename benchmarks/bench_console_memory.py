"""An hour at the console, in a few minutes: how much the page's memory grows.

A real relay, a real Chromium, and a customer who shows and says what the bench wants.
One round is what two minutes of help hold: pictures, menus, a request for control,
moves and keys, a take-over, a pause. Thirty rounds are an hour; every sixth round ends
its session and begins another, from the code on.

The figures are the browser's own (DevTools ``Performance.getMetrics``), each after a
collection of what nobody holds; the first rounds only warm up.

``make bench-console``; ARGS=rounds
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import CDPSession, Page, expect

from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, State
from tests.agent.picture import screens
from tests.e2e.rig.browser import browser
from tests.e2e.rig.customer import Customer
from tests.e2e.rig.relay import Relay
from tests.e2e.test_console import SCREEN, Claire

#: Rounds until every code path has run and every cache is warm.
WARM: Final = 3
#: Issue 7: an hour of use does not grow the page's memory by more.
ALLOWED_MB: Final = 20.0
PICTURES: Final = 8
MOVES: Final = 200
#: Rounds of one session.
TOGETHER: Final = 6
KEPT: Final = ("JSHeapUsedSize", "Nodes", "JSEventListeners", "Documents")


def measure(tools: CDPSession) -> dict[str, float]:
    """Return the page's counters, after everything that nobody holds is collected."""
    for _ in range(3):
        tools.send("HeapProfiler.collectGarbage")
    said = tools.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in said if one["name"] in KEPT}


def begin(claire: Claire, customer: Customer) -> None:
    """Meet: a code, the first yes."""
    customer.types_code(claire.invites())
    customer.waits_for(State.CONSENTING)
    customer.allows(Scope.VIEW)
    claire.is_in("viewing")


def round_of_work(claire: Claire, customer: Customer, number: int) -> None:
    """Help for two minutes."""
    page = claire.page
    customer.opens_picture(*SCREEN)
    for at in range(PICTURES):
        customer.shows(screens.page(number * PICTURES + at, *SCREEN))
    claire.see("menu-look").click()
    claire.see("fit-actual").click()
    claire.see("fit-fit").click()
    page.keyboard.press("Escape")
    claire.see("ask-control").click()
    customer.waits_for_times(Remark.CONTROL_REQUESTED, number % TOGETHER + 1)
    customer.allows(Scope.CONTROL)
    claire.is_in("controlling")
    expect(claire.see("keys")).to_be_focused()
    page.mouse.move(*claire.at(10, 10))
    page.mouse.move(*claire.at(1200, 700), steps=MOVES)
    page.keyboard.type("Bonjour, l’imprimante est de nouveau en ligne. " * 4)
    customer.does(Event.RECLAIMED, {"cause": "pointer"})
    claire.is_in("reclaimed")
    customer.does(Event.PAUSED)
    claire.is_in("paused")
    customer.does(Event.CONTINUED)
    claire.is_in("viewing")


def finish(claire: Claire) -> None:
    """End, and be ready to meet again."""
    claire.see("end").click()
    claire.see("end-yes").click()
    expect(claire.see("ended-record")).to_be_visible()
    claire.see("ended-again").click()
    expect(claire.see("invite")).to_be_enabled()


def tell(rounds: int, now: dict[str, float]) -> None:
    """Say how it stands after so many rounds; before 1, the warm-up is under way."""
    print(  # noqa: T201 - it is what the bench is for
        f"after {rounds:3} rounds: heap {now['JSHeapUsedSize'] / 1e6:6.2f} MB,"
        f" {now['Nodes']:.0f} nodes, {now['JSEventListeners']:.0f} listeners",
        flush=True,
    )


def run(page: Page, relay: Relay, rounds: int) -> list[dict[str, float]]:
    """Work so many rounds after the warm-up; return the counters after each."""
    account = relay.add_technician("claire", "Claire Martin")
    claire = Claire(page, relay, account)
    claire.signs_in()
    claire.agrees()
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    counted = []
    number = 0
    while number < WARM + rounds:
        with Customer(relay.url) as customer:
            begin(claire, customer)
            for _ in range(min(TOGETHER, WARM + rounds - number)):
                round_of_work(claire, customer, number)
                counted.append(measure(tools))
                number += 1
                tell(number - WARM, counted[-1])
            finish(claire)
    if claire.said:
        raise SystemExit(f"the page complains: {claire.said}")
    return counted[WARM - 1 :]


def main(rounds: int) -> int:
    """Print what grew; 1 when it is more than is allowed."""
    expect.set_options(timeout=30_000)
    folder = Path(tempfile.mkdtemp(prefix="cordee-"))
    with Relay(folder / "relay") as relay, browser() as context:
        counted = run(context.new_page(), relay, rounds)
    first, last = counted[0], counted[-1]
    grown = (last["JSHeapUsedSize"] - first["JSHeapUsedSize"]) / 1e6
    print(  # noqa: T201
        f"{rounds} rounds, {rounds * 2} minutes of work: {grown:+.2f} MB"
        f" of {ALLOWED_MB:g} allowed"
    )
    return int(grown > ALLOWED_MB)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
