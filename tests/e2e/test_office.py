"""One's own account and the administration, in a real browser on a real relay."""

import re

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.rig.axe import findings
from tests.e2e.rig.browser import complaints
from tests.e2e.rig.processes import PATIENCE_S
from tests.e2e.rig.relay import Relay, Technician

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_S * 1000)


def signs_in(page: Page, relay: Relay, account: Technician) -> None:
    page.goto(relay.console_url)
    page.get_by_test_id("login-name").fill(account.login)
    page.get_by_test_id("login-password").fill(account.password)
    page.get_by_test_id("login-totp").fill(account.second_factor())
    page.get_by_test_id("login-submit").click()


def row_of(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid="account"][data-name="{name}"]')


def once(page: Page) -> Technician:
    """Read what is shown once, and say that it is written down."""
    expect(page.get_by_test_id("secret")).to_be_visible()
    expect(page.get_by_test_id("recovery-code")).to_have_count(8)
    password = page.get_by_test_id("secret-password").inner_text()
    seed = page.get_by_test_id("secret-seed").inner_text()
    page.get_by_test_id("noted").click()
    expect(page.get_by_test_id("secret")).to_have_count(0)
    assert len(pyotp.TOTP(seed).now()) == 6
    return Technician("luc", password, seed)


def test_s51_an_admin_makes_an_account_and_has_no_way_into_a_session(
    page: Page, relay: Relay
) -> None:
    said = complaints(page)
    relay.command("technician", "add", "claire")
    admin = relay.add_technician("ada", "Ada", role="admin")
    signs_in(page, relay, admin)
    expect(page.get_by_test_id("accounts")).to_be_visible()
    assert page.url.endswith("/console/admin.html")
    expect(page.get_by_test_id("to-console")).to_have_count(0)
    assert findings(page) == []

    page.get_by_test_id("account-name").fill("luc")
    page.get_by_test_id("account-shown").fill('<img src=x onerror="window.hacked=1">')
    page.get_by_test_id("account-submit").click()
    luc = once(page)
    expect(row_of(page, "luc")).to_contain_text("<img src=x")
    assert page.evaluate("window.hacked") is None

    running = page.context.browser
    assert running is not None
    with running.new_context(locale="en-GB") as context:
        context.set_default_timeout(PATIENCE_S * 1000)
        theirs = context.new_page()
        signs_in(theirs, relay, luc)
        expect(theirs.get_by_test_id("engagement-form")).to_be_visible()
        theirs.get_by_test_id("account").click()
        expect(theirs.get_by_test_id("sign-in")).to_have_count(1)
        assert findings(theirs) == []
        theirs.get_by_test_id("to-console").click()
        expect(theirs.get_by_test_id("engagement-form")).to_be_visible()
        # S-50: what the admin ends is over on the open page as well.
        row_of(page, "luc").get_by_test_id("account-sign-ins").click()
        page.get_by_test_id("revoke").click()
        expect(page.get_by_test_id("no-sign-in")).to_be_visible()
        expect(theirs.get_by_test_id("login")).to_be_visible()

    row_of(page, "luc").get_by_test_id("account-role").select_option("auditor")
    expect(row_of(page, "luc").get_by_test_id("account-role")).to_have_value("auditor")
    row_of(page, "luc").get_by_test_id("account-lock").click()
    expect(row_of(page, "luc")).to_contain_text("verrouillé")
    row_of(page, "luc").get_by_test_id("account-reset").click()
    assert once(page).password != luc.password
    # Nothing of one's own account can be taken away here.
    for button in ("account-role", "account-lock", "account-reset"):
        expect(row_of(page, "ada").get_by_test_id(button)).to_have_count(0)

    page.get_by_test_id("tab-relay").click()
    expect(page.get_by_test_id("health")).to_contain_text("écrit")
    expect(page.get_by_test_id("tariff")).to_have_count(1)
    assert findings(page) == []
    page.get_by_test_id("tab-deeds").click()
    expect(page.get_by_test_id("deed").first).to_contain_text("nouveaux secrets")
    assert findings(page) == []
    page.get_by_test_id("language-en").click()
    expect(page.get_by_test_id("deed").first).to_contain_text("new secrets")
    assert said == []


def test_a_recovery_code_signs_in_once_and_new_ones_are_shown_once(
    page: Page, relay: Relay
) -> None:
    printed = relay.command("technician", "add", "luc", "--role", "auditor")
    password = re.search(r"Password:\s+(\S+)", printed)
    codes = re.findall(r"^  ([a-z2-7-]{19})$", printed, re.MULTILINE)
    assert password is not None
    assert len(codes) == 8
    page.goto(relay.console_url)
    page.get_by_test_id("login-name").fill("luc")
    page.get_by_test_id("login-password").fill(password[1])
    page.get_by_test_id("login-totp").fill(codes[0])
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("tab-journal")).to_be_visible()
    assert findings(page) == []
    page.get_by_test_id("tab-own").click()
    page.get_by_test_id("new-recovery").click()
    expect(page.get_by_test_id("recovery-code")).to_have_count(8)
    assert findings(page) == []
    page.get_by_test_id("sign-out").click()
    page.get_by_test_id("login-name").fill("luc")
    page.get_by_test_id("login-password").fill(password[1])
    page.get_by_test_id("login-totp").fill(codes[1])
    page.get_by_test_id("login-submit").click()
    expect(page.get_by_test_id("login-refusal")).to_be_visible()
