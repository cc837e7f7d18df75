"""The page from one's own machine, in a real browser, and what a relay serves.

``cordee console`` and ``cordee verify-console`` as an operator runs them.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from cordee_shared.session.consent import Scope
from cordee_shared.session.states import State
from tests.e2e.rig.browser import complaints
from tests.e2e.rig.customer import Customer
from tests.e2e.rig.processes import BIN, PATIENCE_S, Program, environment
from tests.e2e.rig.relay import Relay, Technician, free_port

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture
def local(relay: Relay) -> Iterator[str]:
    """The console of this machine, for the relay."""
    port = free_port()
    running = Program(
        [BIN / "cordee", "console", "--relay", relay.url, "--port", str(port)],
        log=relay.folder / "console.log",
        env=environment(relay.folder / "home"),
        name="console",
    )
    try:
        running.wait_for_line(f"Console:   http://localhost:{port}/console/")
        yield f"http://localhost:{port}"
    finally:
        running.stop()


def test_a_customer_is_helped_from_the_page_of_ones_own_machine(
    page: Page, relay: Relay, technician: Technician, local: str
) -> None:
    said = complaints(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{local}/console/")
    page.get_by_test_id("login-name").fill(technician.login)
    page.get_by_test_id("login-password").fill(technician.password)
    page.get_by_test_id("login-totp").fill(technician.second_factor())
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("engagement-customer").fill("Mme Durand")
    page.get_by_test_id("engagement-purpose").fill("imprimante")
    page.get_by_test_id("engagement-submit").click()
    page.get_by_test_id("invite").click()
    # Both ends pair under the relay's address, or not at all.
    with Customer(relay.url) as customer:
        customer.types_code(page.get_by_test_id("code").inner_text())
        customer.waits_for(State.CONSENTING)
        customer.allows(Scope.VIEW)
        expect(page.get_by_test_id("mode")).to_have_attribute("data-mode", "viewing")
        page.get_by_test_id("end").click()
        page.get_by_test_id("end-yes").click()
        expect(page.get_by_test_id("ended")).to_be_visible()
    assert [url for url in asked if not url.startswith((local, "blob:"))] == []
    assert said == []


def test_s53_an_operators_relay_is_held_to_a_signed_manifest(relay: Relay) -> None:
    key, signed = relay.folder / "release.key", relay.folder / "console.manifest"
    made = relay.plain("console-manifest", "--key", str(key), "--out", str(signed))
    public = made.split("public key: ")[1].split()[0]
    for words in ((), ("--manifest", str(signed), "--key", public)):
        told = relay.plain("verify-console", relay.url, *words)
        assert "files are served as release" in told
