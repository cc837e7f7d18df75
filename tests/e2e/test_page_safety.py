"""What the page forbids itself, in a real browser: CSP, Trusted Types, frames, text."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Event, State
from tests.e2e.rig.axe import findings
from tests.e2e.rig.browser import complaints
from tests.e2e.rig.customer import Customer
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.relay import Relay, Technician

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_S * 1000)

#: Each is run if anything takes it for markup, an address, or code.
HOSTILE = '<img src=x onerror="window.hacked=1">"\'><svg onload=window.hacked=1>'

# Each line tries one thing that the page must not be able to do.
_TRIES = """
async () => {
    const said = [];
    const seen = new Set();
    document.addEventListener("securitypolicyviolation", (event) =>
        seen.add(event.effectiveDirective));
    const refused = async (name, attempt) => {
        try {
            await attempt();
        } catch (error) {
            said.push(`${name}: ${error.name}`);
        }
    };
    // The debugger lets its own call eval; a task of the page is not its call.
    await new Promise((resolve) => setTimeout(resolve));
    const box = document.createElement("div");
    await refused("innerHTML", () => { box.innerHTML = "<b>x</b>"; });
    await refused("insertAdjacentHTML", () => box.insertAdjacentHTML("beforeend", "x"));
    await refused("eval", () => eval("1"));
    await refused("Function", () => new Function("return 1"));
    await refused("setTimeout", () => setTimeout("1"));
    const script = document.createElement("script");
    await refused("script.src", () => { script.src = "x.js"; });
    await refused("policy", () => trustedTypes.createPolicy("other", {}));
    await refused("fetch", () => fetch("http://127.0.0.1:9/"));
    const inline = document.createElement("img");
    inline.setAttribute("src", "data:image/png;base64,AAAA");
    document.body.append(inline);
    const styled = document.createElement("p");
    styled.setAttribute("style", "color: red");
    document.body.append(styled);
    const base = document.createElement("base");
    base.href = "http://127.0.0.1:9/";
    document.head.append(base);
    const form = document.createElement("form");
    form.action = "http://127.0.0.1:9/";
    document.body.append(form);
    form.submit();
    const wanted = [
        "connect-src", "img-src", "style-src-attr", "base-uri", "form-action",
    ];
    while (!wanted.every((name) => seen.has(name))) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return said;
}
"""


def test_s35_markup_code_and_foreign_places_are_refused_by_the_page_itself(
    page: Page, relay: Relay
) -> None:
    page.goto(relay.console_url)
    expect(page.get_by_test_id("login")).to_be_visible()
    assert page.evaluate(_TRIES) == [
        "innerHTML: TypeError",
        "insertAdjacentHTML: TypeError",
        "eval: EvalError",
        "Function: EvalError",
        "setTimeout: TypeError",
        "script.src: TypeError",
        "policy: TypeError",
        "fetch: TypeError",
    ]


@contextmanager
def foreign_page(framed: str) -> Iterator[str]:
    """Serve, from another origin, a page that frames ours."""
    text = f'<!doctype html><iframe id="framed" src="{framed}"></iframe>'.encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("path", ["/", "/console/"])
def test_s38_no_other_page_can_frame_ours(page: Page, relay: Relay, path: str) -> None:
    said = complaints(page)
    with foreign_page(f"{relay.url}{path}") as address:
        page.goto(address)
        wait_until(
            lambda: any("frame" in line for line in said),
            what=lambda: f"a word about the frame; it said {said}",
        )
        for frame in page.frames[1:]:
            assert "data-testid" not in frame.content()
            assert "Cordée" not in frame.content()


def test_s36_hostile_strings_stay_text_wherever_they_are_shown(
    page: Page, relay: Relay, technician: Technician
) -> None:
    said = complaints(page)
    page.goto(relay.console_url)
    page.get_by_test_id("login-name").fill(technician.login)
    page.get_by_test_id("login-password").fill(technician.password)
    page.get_by_test_id("login-totp").fill(technician.second_factor())
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("engagement-customer").fill(HOSTILE)
    page.get_by_test_id("engagement-purpose").fill(HOSTILE)
    page.get_by_test_id("engagement-submit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    with Customer(relay.url, ver=HOSTILE) as customer:
        page.get_by_test_id("invite").click()
        code = page.get_by_test_id("code").inner_text()
        page.get_by_test_id("inviting").locator("summary").click()
        link = page.get_by_test_id("inviting-link")
        expect(link).to_have_text(f"{relay.url}/?lang=fr")
        # S-09: what is sent in writing has no digit but the address's and the phone's.
        for way in ("link", "sms", "email"):
            text = page.get_by_test_id(f"inviting-{way}").inner_text()
            text = text.replace(relay.url, "").replace("01 23 45 67 89", "")
            assert [one for one in text if one.isdigit()] == []
        assert findings(page) == []
        customer.types_code(code)
        customer.waits_for(State.CONSENTING)
        customer.allows(Scope.VIEW)
        expect(page.get_by_test_id("mode")).to_have_attribute("data-mode", "viewing")
        customer.does(Event.PAUSED)
        expect(page.get_by_test_id("mode")).to_have_attribute("data-mode", "paused")
        expect(page.get_by_test_id("mode-words")).to_contain_text(HOSTILE)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img[src=x], svg[onload]").count() == 0
    assert [line for line in said if "frame" not in line] == []
