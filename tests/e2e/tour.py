"""Every view of the console, one after the other, in a language.

The pictures in `docs/images/console` are taken of it; `test_console_views.py` holds
each view to what people without a mouse, or without good eyes, need.
"""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire.picture import Rect
from tests.agent.picture import screens
from tests.e2e.rig.customer import Customer
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.test_console import SCREEN, Claire

#: What is taken of each view: called with its name.
Seen = Callable[[str], None]
LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
#: The customer has two monitors.
MONITORS = (Rect(0, 0, 800, 720), Rect(800, 0, 480, 720))


def tour(page: Page, relay: Relay, account: Technician, seen: Seen) -> list[str]:
    """Walk through every view and show each; return what the page complained of."""
    claire = Claire(page, relay, account)
    page.goto(relay.console_url)
    expect(claire.see("login-name")).to_be_visible()
    seen("login")
    with Customer(relay.url) as customer, Customer(relay.url) as another:
        claire.signs_in()
        another.shows_code()
        expect(claire.see("customers-waiting")).to_be_visible()
        seen("today")
        claire.agrees()
        seen("meet")
        spoken = claire.invites()
        seen("code")
        customer.types_code(spoken)
        expect(claire.see("waiting")).to_have_attribute("data-phase", "consenting")
        customer.waits_for(State.CONSENTING)
        seen("reading")
        customer.allows(Scope.VIEW)
        claire.is_in("viewing")
        customer.opens_picture(*SCREEN, *MONITORS)
        customer.shows(screens.page(1, *SCREEN))
        customer.tells_of_the_line(72, 8300)
        expect(claire.see("line")).to_be_visible()
        seen("viewing")
        claire.see("menu-look").click()
        seen("menu-look")
        page.keyboard.press("Escape")
        claire.see("extra-open").click()
        seen("extra")
        claire.see("extra-open").click()
        customer.says(1, "Bonjour ! Je vois le dessin.")
        expect(claire.see("talk")).to_have_class("quiet unread")
        claire.see("talk").click()
        claire.see("talk-field").fill("Parfait. Je regarde l’imprimante.")
        page.keyboard.press("Enter")
        expect(claire.see("talk-line")).to_have_count(2)
        seen("talk")
        claire.see("talk").click()
        claire.see("menu-clip").click()
        seen("menu-clip")
        page.keyboard.press("Escape")
        claire.see("menu-machine").click()
        claire.see("machine-ask").click()
        customer.tells_of_her_machine("Système : Debian 12", "Mémoire : 8 Go")
        expect(claire.see("machine-lines")).to_be_visible()
        seen("menu-machine")
        page.keyboard.press("Escape")
        claire.see("ask-control").click()
        customer.waits_for_kind(Remark.CONTROL_REQUESTED)
        customer.allows(Scope.CONTROL)
        claire.is_in("controlling")
        seen("controlling")
        claire.see("menu-keys").click()
        seen("menu-keys")
        page.keyboard.press("Escape")
        claire.see("menu-type").click()
        seen("menu-type")
        page.keyboard.press("Escape")
        customer.does(Event.RECLAIMED, {"cause": "pointer"})
        claire.is_in("reclaimed")
        seen("reclaimed")
        customer.does(Event.PAUSED)
        claire.is_in("paused")
        seen("paused")
        claire.see("end").click()
        seen("end-question")
        claire.see("end-yes").click()
        expect(claire.see("ended-record")).to_be_visible()
        seen("ended")
    page.goto(f"{relay.console_url}history.html")
    expect(claire.see("past")).to_have_count(1)
    seen("history")
    claire.see("search-text").fill("durand")
    claire.see("search-submit").click()
    claire.see("past-open").click()
    expect(claire.see("drawn").locator("[data-state=controlling]")).to_have_count(1)
    expect(claire.see("mark").last).to_contain_text(re.compile(r"fin|end"))
    seen("history-session")
    return claire.said
