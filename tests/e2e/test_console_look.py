"""How the remote screen is looked at, in a real browser; the customer is the test's."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import Coding, Rect
from tests.agent.picture import screens
from tests.e2e.rig.customer import Customer
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.test_console import SCREEN, Claire

pytestmark = pytest.mark.browser

LEFT = Rect(0, 0, 800, 720)
RIGHT = Rect(800, 0, 480, 720)
CANVAS = "canvas#screen"
expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture
def claire(page: Page, relay: Relay, technician: Technician) -> Claire:
    return Claire(page, relay, technician)


@pytest.fixture
def customer(relay: Relay) -> Iterator[Customer]:
    with Customer(relay.url) as theirs:
        yield theirs


def test_size_monitor_and_sharpness_are_chosen_and_the_mouse_goes_where_it_points(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    customer.opens_picture(*SCREEN, LEFT, RIGHT)
    customer.shows(screens.page(1, *SCREEN))
    part, canvas = claire.page.locator(".part"), claire.page.locator(CANVAS)
    whole = canvas.bounding_box()
    assert whole is not None

    claire.see("menu-look").click()
    expect(claire.see("monitor-1")).to_contain_text("480 × 720")
    claire.see("monitor-1").click()
    claire.see("fit-actual").click()
    expect(claire.see("monitor-1")).to_have_attribute("aria-pressed", "true")
    expect(part).to_have_css("width", "480px")
    claire.page.keyboard.press("Escape")
    expect(claire.see("monitor-1")).to_have_count(0)
    expect(claire.see("menu-look")).to_be_focused()

    # The second monitor's first pixel is the corner of what is cut out.
    box = part.bounding_box()
    assert box is not None
    before = len(customer.hands())
    claire.page.mouse.click(box["x"] + 0.5, box["y"] + 0.5)
    hands = customer.waits_for_hands(
        lambda hands: [e for e in hands[before:] if e["t"] == "b" and not e["down"]]
    )
    placed = [(e["mon"], e["x"], e["y"]) for e in hands if e["t"] == "b"]
    assert placed == [(1, 0, 0), (1, 0, 0)]

    claire.see("menu-look").click()
    claire.see("monitor-all").click()
    claire.see("zoom-in").click()
    claire.see("zoom-in").click()
    expect(claire.see("zoom")).to_have_text("150\u00a0%")
    expect(part).to_have_css("width", f"{SCREEN[0] * 1.5:g}px")
    room = claire.page.locator(".room")
    claire.page.keyboard.press("Escape")
    # The picture comes along where the mouse touches the room's right edge.
    edge = room.bounding_box()
    assert edge is not None
    claire.page.mouse.move(edge["x"] + edge["width"] - 3, edge["y"] + 300)
    wait_until(
        lambda: room.evaluate("r => r.scrollLeft + r.clientWidth >= r.scrollWidth - 1"),
        what=lambda: f"the right end: {room.evaluate('r => r.scrollLeft')}",
    )

    # Sharp first: the agent is asked for exact pictures only.
    claire.see("menu-look").click()
    claire.see("prefer-sharp").click()
    exact = frozenset({Coding.EXACT, Coding.COLUMNS, Coding.LOSSLESS, Coding.PNG})
    customer.waits_for_said(wire.encode(wire.Takes(exact)))
    claire.see("prefer-quick").click()
    customer.waits_for_said(wire.encode(wire.Takes(frozenset(Coding))))
    claire.page.keyboard.press("Escape")

    # The whole screen keeps the band in sight.
    claire.see("full-screen").click()
    expect(claire.see("full-screen")).to_have_attribute("aria-pressed", "true")
    expect(claire.see("mode-words")).to_be_visible()
    claire.see("full-screen").click()
    expect(claire.see("full-screen")).to_have_attribute("aria-pressed", "false")
    assert claire.said == []


def keys(hands: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return which keys went down and up, in order."""
    return [(e["code"], e["down"]) for e in hands if e["t"] == "k"]


def test_a_password_is_the_customers_and_another_text_is_typed_whole(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    claire.see("menu-keys").click()
    claire.see("key-cad").click()
    hands = customer.waits_for_hands(lambda hands: len(keys(hands)) >= 6)
    assert keys(hands) == [
        *(("ControlLeft", 1), ("AltLeft", 1), ("Delete", 1)),
        *(("Delete", 0), ("AltLeft", 0), ("ControlLeft", 0)),
    ]
    claire.see("menu-type").click()
    claire.see("type-text").fill("Été\nœuvre")
    claire.see("type-submit").click()
    customer.waits_for_hands(
        lambda hands: "".join(e["s"] for e in hands if e["t"] == "t") == "Été\nœuvre"
    )
    expect(claire.see("keys")).to_be_focused()
    expect(claire.see("type-text")).to_have_value("")
    # What is offered first for a password: the customer's own hand.
    claire.see("type-hand-back").click()
    claire.is_in("viewing")
    expect(claire.see("menu-type")).to_have_count(0)
    assert claire.said == []
