"""The console in a real browser, on a real relay; the customer is the test's."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from cordee_shared.code import check_digit
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, Remark, State
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.picture import Rect
from tests.agent.picture import screens
from tests.e2e.rig.browser import browser, canvas_pixel, complaints
from tests.e2e.rig.customer import Customer
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.relay import Relay, Technician

pytestmark = pytest.mark.browser

SCREEN = (1280, 720)

# So that a test can cut what nothing outside the page can name.
_REMEMBER_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given);
        sockets.push(this);
    }
};
"""


class Claire:
    """The technician at her console."""

    def __init__(self, page: Page, relay: Relay, account: Technician) -> None:
        self.page = page
        self.relay = relay
        self.account = account
        self.said = complaints(page)
        page.add_init_script(_REMEMBER_SOCKETS)

    def see(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def signs_in(self) -> None:
        self.page.goto(self.relay.console_url)
        self.see("login-name").fill(self.account.login)
        self.see("login-password").fill(self.account.password)
        self.see("login-totp").fill(self.account.second_factor())
        self.see("login-submit").click()
        expect(self.see("engagement-form")).to_be_visible()

    def agrees(self) -> None:
        self.see("engagement-customer").fill("Mme Durand")
        self.see("engagement-purpose").fill("imprimante")
        self.see("engagement-submit").click()
        expect(self.see("invite")).to_be_enabled()

    def invites(self) -> str:
        self.see("invite").click()
        return self.reads_code()

    def reads_code(self) -> str:
        spoken = " ".join(self.see("code").inner_text().split())
        assert re.fullmatch(r"\d{3} \d{3} \d{3}", spoken)
        return spoken

    def is_in(self, mode: str) -> None:
        expect(self.see("mode")).to_have_attribute("data-mode", mode)

    def reaches_viewing(self, customer: Customer) -> None:
        self.signs_in()
        self.agrees()
        customer.types_code(self.invites())
        expect(self.see("waiting")).to_have_attribute("data-phase", "consenting")
        customer.waits_for(State.CONSENTING)
        customer.allows(Scope.VIEW)
        self.is_in("viewing")

    def reaches_control(self, customer: Customer) -> None:
        self.reaches_viewing(customer)
        customer.opens_picture(*SCREEN)
        customer.shows(screens.page(1, *SCREEN))
        self.see("ask-control").click()
        customer.waits_for_kind(Remark.CONTROL_REQUESTED)
        customer.allows(Scope.CONTROL)
        self.is_in("controlling")

    def loses_link(self) -> None:
        """Cut her page's connection to the relay."""
        self.page.evaluate("sockets.at(-1).close()")

    def at(self, x: int, y: int) -> tuple[float, float]:
        box = self.page.locator("canvas#screen").bounding_box()
        assert box is not None
        scale = box["width"] / SCREEN[0]
        return box["x"] + (x + 0.5) * scale, box["y"] + (y + 0.5) * scale


@pytest.fixture
def claire(page: Page, relay: Relay, technician: Technician) -> Claire:
    return Claire(page, relay, technician)


@pytest.fixture
def customer(relay: Relay) -> Iterator[Customer]:
    with Customer(relay.url) as theirs:
        yield theirs


def typed(hands: list[dict[str, object]]) -> str:
    """Return the characters that an agent would type."""
    said = ""
    for event in hands:
        if event["t"] == "t":
            said += str(event["s"])
        elif event["t"] == "k" and event["down"] and len(str(event["key"])) == 1:
            said += str(event["key"])
    return said


def test_a_session_from_sign_in_to_the_bill_says_where_it_stands(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    picture = screens.page(1, *SCREEN)
    for x, y in ((3, 3), (640, 360), (1279, 719)):
        colour = canvas_pixel(claire.page, "canvas#screen", x, y)
        assert colour == tuple(int(value) for value in picture[y, x])

    customer.does(Event.RECLAIMED, {"cause": "pointer"})
    claire.is_in("reclaimed")
    expect(claire.see("mode-words")).to_have_text("Mme Durand a repris la main")
    expect(claire.see("mode-hint")).to_have_text(
        "Demandez-lui quand vous voudrez continuer."
    )

    customer.does(Event.PAUSED)
    claire.is_in("paused")
    expect(claire.see("cover")).to_be_visible()
    # Covered, and nothing left under the cover.
    expect(claire.page.locator("canvas#screen")).to_be_hidden()
    assert claire.page.locator("canvas#screen").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height)"
        ".data.every((value, at) => at % 4 === 3 || value === 0)"
    )

    customer.does(Event.CONTINUED)
    claire.is_in("viewing")
    claire.see("end").click()
    claire.see("end-yes").click()
    expect(claire.see("ended")).to_have_attribute("data-reason", "technician_ended")
    expect(claire.see("ended-record")).to_be_visible()
    claire.see("ended-today").click()
    expect(claire.see("engagement")).to_have_count(1)
    assert claire.said == []


def test_every_character_of_a_french_keyboard_reaches_the_customer(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    expect(claire.see("keys")).to_be_focused()
    text = "Là-bas, ça coûte 3 € : où ? é@# ïüÉ «œ»"
    claire.page.keyboard.type(text)
    customer.waits_for_hands(lambda hands: typed(hands) == text)


def test_a_dead_key_is_typed_once_it_is_composed(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    expect(claire.see("keys")).to_be_focused()
    devtools = claire.page.context.new_cdp_session(claire.page)
    devtools.send(
        "Input.imeSetComposition", {"text": "^", "selectionStart": 1, "selectionEnd": 1}
    )
    devtools.send("Input.insertText", {"text": "ê"})
    claire.page.keyboard.press("Enter")
    hands = customer.waits_for_hands(lambda hands: hands and hands[-1].get("down") == 0)
    assert typed(hands) == "ê"


def test_keys_that_browsers_like_to_keep_go_to_the_customer(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    for keys in ("Tab", "F5", "Control+r", "Control+f", "Backspace", "Escape"):
        claire.page.keyboard.press(keys)
    hands = customer.waits_for_hands(
        lambda hands: sum(e.get("code") == "Escape" for e in hands) == 2
    )
    pressed = [e["code"] for e in hands if e["t"] == "k" and e["down"]]
    assert pressed == [
        *("Tab", "F5", "ControlLeft", "KeyR", "ControlLeft", "KeyF"),
        *("Backspace", "Escape"),
    ]
    claire.is_in("controlling")


def test_the_mouse_goes_where_it_points_and_lets_go_when_the_page_is_left(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    mouse = claire.page.mouse
    mouse.move(*claire.at(0, 0))
    mouse.down()
    mouse.move(*claire.at(1279, 719), steps=4)
    mouse.wheel(0, 100)
    claire.see("full-screen").focus()
    hands = customer.waits_for_hands(lambda hands: hands and hands[-1]["t"] == "r")
    shown = [
        (e["t"], e.get("x"), e.get("y"))
        for e in hands
        if e["t"] in ("b", "w") or (e["t"] == "p" and e["x"] in (0, 65535))
    ]
    assert shown[0] == ("p", 0, 0)
    assert ("b", 0, 0) in shown
    # Browsers tell a wheel's place in whole pixels of the page: nearly the corner.
    (wheel,) = [place for place in shown if place[0] == "w"]
    assert all(at is not None and at >= 65535 - 2 * 65535 / 719 for at in wheel[1:])
    mouse.up()


def test_nothing_of_the_hands_leaves_once_the_customer_took_control_back(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    claire.page.keyboard.type("avant")
    customer.waits_for_hands(lambda hands: typed(hands) == "avant")
    customer.does(Event.RECLAIMED, {"cause": "pointer"})
    claire.is_in("reclaimed")
    claire.page.keyboard.type("après")
    claire.page.mouse.click(*claire.at(200, 200))
    customer.asks_for_life()
    customer.waits_for_said(b'{"t":"pong"}')
    assert typed(customer.hands()) == "avant"
    assert [e for e in customer.hands() if e["t"] == "b"] == []


def test_the_way_out_of_the_remote_screen_needs_no_mouse(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    keyboard = claire.page.keyboard
    for key in ("Control", "Alt", "Shift"):
        keyboard.down(key)
    customer.waits_for_hands(lambda hands: hands and hands[-1]["t"] == "r")
    expect(claire.see("keys")).not_to_be_focused()
    for key in ("Shift", "Alt", "Control"):
        keyboard.up(key)


def test_a_wrong_try_is_told_and_the_code_stands(
    claire: Claire, customer: Customer
) -> None:
    claire.signs_in()
    claire.agrees()
    spoken = claire.invites()
    digits = spoken.replace(" ", "")[:8]
    other = digits[:3] + f"{(int(digits[3:]) + 1) % 100_000:05d}"
    customer.types_code(other + str(check_digit(other)))
    expect(claire.see("code-runs")).to_contain_text("Il en reste 2")
    assert claire.reads_code() == spoken
    customer.types_code(spoken)
    expect(claire.see("waiting")).to_be_visible()
    assert claire.see("code").count() == 0


def test_r21_the_code_that_the_customer_reads_out_works_as_well(
    claire: Claire, customer: Customer
) -> None:
    claire.signs_in()
    claire.agrees()
    claire.see("claim-code").fill("123 456 789")
    claire.see("claim-submit").click()
    expect(claire.see("claim-refusal")).to_have_text(
        "Un chiffre n’est pas juste. Redemandez le code, chiffre par chiffre."
    )
    claire.see("claim-code").fill(customer.shows_code())
    claire.see("claim-submit").click()
    expect(claire.see("waiting")).to_have_attribute("data-phase", "consenting")


@pytest.mark.parametrize(
    ("why", "reason", "words"),
    [
        ("no", "consent_denied", "a préféré ne pas montrer son écran"),
        ("timeout", "consent_expired", "n’a pas répondu à temps"),
    ],
)
def test_a_refusal_to_be_seen_has_its_sentence(
    claire: Claire, customer: Customer, why: str, reason: str, words: str
) -> None:
    claire.signs_in()
    claire.agrees()
    customer.types_code(claire.invites())
    customer.waits_for(State.CONSENTING)
    customer.does(Remark.CONSENT_REFUSED, {"scope": "view", "why": why})
    customer.does(Event.ENDED, {"reason": reason})
    expect(claire.see("ended")).to_have_attribute("data-reason", reason)
    expect(claire.see("ended-why")).to_contain_text(words)
    assert claire.see("ended-bill").count() == 0


def test_links_that_come_back_bring_the_session_back_without_control(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    customer.hangs_up()
    claire.is_in("interrupted")
    customer.comes_back()
    claire.is_in("viewing")
    customer.opens_picture(*SCREEN)
    customer.shows(screens.page(2, *SCREEN))

    claire.see("ask-control").click()
    customer.waits_for_kind(Remark.CONTROL_REQUESTED)
    customer.allows(Scope.CONTROL)
    claire.is_in("controlling")
    claire.loses_link()
    customer.waits_for_times(Event.LINK_RESTORED, 2)
    claire.is_in("viewing")
    assert claire.said == []


def test_the_secret_is_a_text_and_nothing_else(
    claire: Claire, customer: Customer
) -> None:
    claire.signs_in()
    claire.agrees()
    spoken = claire.invites()
    secret = spoken.replace(" ", "")[3:8]
    attributes = claire.page.evaluate(
        """() => [...document.querySelectorAll("*")]
            .flatMap((element) => [...element.attributes])
            .map(({ value }) => value).join("\\n")"""
    )
    kept = claire.page.evaluate(
        "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage },"
        " document.cookie, document.title, location.href, history.state])"
    )
    for place in (attributes, kept):
        assert secret not in re.sub(r"\D", "", place)
        assert secret not in place
    customer.types_code(spoken)
    expect(claire.see("waiting")).to_be_visible()
    wait_until(lambda: secret not in claire.page.content(), what="the secret is gone")


def test_an_english_browser_is_spoken_to_in_english(
    relay: Relay, technician: Technician
) -> None:
    with browser(locale="en-GB") as context:
        page = context.new_page()
        page.goto(relay.console_url)
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "en"
        page.get_by_test_id("language-fr").click()
        expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def test_a_relay_with_another_key_is_a_red_warning(claire: Claire) -> None:
    claire.signs_in()
    claire.agrees()
    claire.page.evaluate("localStorage.setItem('cordee.relay-key', 'another')")
    claire.page.reload()
    expect(claire.see("relay-changed")).to_be_visible()
    claire.see("engagement-open").click()
    expect(claire.see("invite")).to_be_disabled()
    claire.see("relay-accept").click()
    expect(claire.see("invite")).to_be_enabled()
    expect(claire.see("relay-changed")).to_have_count(0)


def test_acknowledgements_are_all_that_a_watching_console_says(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_viewing(customer)
    customer.opens_picture(*SCREEN)
    customer.shows(screens.page(1, *SCREEN))
    claire.page.mouse.move(*claire.at(10, 10))
    claire.page.keyboard.type("rien")
    customer.asks_for_life()
    customer.waits_for_said(b'{"t":"pong"}')
    assert customer.heard(Channel.INPUT) == []


def test_the_line_and_what_is_not_sharp_yet_are_told_in_words(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_viewing(customer)
    customer.opens_picture(*SCREEN)
    page = screens.page(1, *SCREEN)
    customer.shows(page)
    expect(claire.see("sharpness")).to_have_text("Image nette")
    expect(claire.see("line")).to_have_count(0)  # nothing was measured yet
    customer.tells_of_the_line(62, 1000)
    told = "Ligne rapide\u00a0: réponse en 0,06\u00a0s, 1,0\u00a0Mbit/s"
    expect(claire.see("line")).to_have_text(told)
    customer.tells_of_the_line(300, 400)
    expect(claire.see("line")).to_contain_text("Ligne lente")
    customer.shows_roughly(page, Rect(128, 64, 256, 128))
    expect(claire.see("sharpness")).to_have_text("L’image se précise…")
    customer.shows(page)
    expect(claire.see("sharpness")).to_have_text("Image nette")


def test_r35_breaking_off_takes_a_cause_and_is_billed_by_it(
    claire: Claire, customer: Customer
) -> None:
    claire.reaches_control(customer)
    claire.see("end").click()
    claire.see("interrupt").click()
    expect(claire.see("interrupt-yes")).to_be_disabled()
    claire.see("interrupt-cause").select_option("missing_licence")
    claire.see("interrupt-yes").click()
    expect(claire.see("ended")).to_have_attribute("data-reason", "technician_ended")
    # Some seconds of service: nothing, had nobody named a cause (B04).
    expect(claire.see("ended-bill")).to_contain_text("€")
