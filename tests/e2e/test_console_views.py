"""Each view of the console, for people without a mouse or without good eyes."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.rig.axe import findings
from tests.e2e.rig.processes import PATIENCE_S
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.tour import tour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE_S * 1000)

# Where the focus goes with each Tab, and what it should have come to: everything that
# can be pressed or filled in, is shown and not disabled.
_REACHABLE = """
() => [...document.querySelectorAll(
    "button, a[href], input, select, textarea, summary, [tabindex='0']"
)].filter((one) => !one.disabled && one.checkVisibility() && one.tabIndex >= 0).length
"""
# A page that can be moved sideways hides who has control.
_TOO_WIDE = """
() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth, window.scrollX);
}
"""
_FOCUSED = """
() => {
    const one = document.activeElement;
    if (one === null || one === document.body) return -1;
    window.seenByTab ??= [];
    const at = window.seenByTab.indexOf(one);
    if (at >= 0) return at;
    window.seenByTab.push(one);
    return -2;
}
"""


def unreached(page: Page) -> int:
    """Press Tab until it comes round; return how much of the view it did not reach."""
    page.evaluate("() => { window.seenByTab = []; document.activeElement?.blur(); }")
    wanted = int(page.evaluate(_REACHABLE))
    new = 0
    for _ in range(2 * wanted + 4):
        page.keyboard.press("Tab")
        new += page.evaluate(_FOCUSED) == -2
    return wanted - new


def test_every_view_is_readable_and_reachable_without_a_mouse(
    page: Page, relay: Relay, technician: Technician
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    wrong: dict[str, object] = {}
    views: list[str] = []

    def seen(name: str) -> None:
        views.append(name)
        found = findings(page)
        if found:
            wrong[name] = found
        if page.evaluate(_TOO_WIDE):
            wrong[f"{name}, sideways"] = page.evaluate(_TOO_WIDE)
        # While control is in force Tab is the customer's: Ctrl+Alt+Shift leads out.
        if name in (
            "login",
            "today",
            "meet",
            "code",
            "reading",
            "viewing",
            "ended",
            "history",
        ):
            left = unreached(page)
            if left:
                wrong[f"{name}, by Tab"] = left

    assert tour(page, relay, technician, seen) == []
    assert (views[0], views[-1]) == ("login", "history-session")
    assert wrong == {}
