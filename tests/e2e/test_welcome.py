"""The customer's way in, in a real browser: the download page and what it offers."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.rig.axe import findings
from tests.e2e.rig.browser import browser, complaints
from tests.e2e.rig.processes import PATIENCE_S
from tests.e2e.rig.relay import Relay

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_S * 1000)

PROGRAM = b"MZ" + bytes(range(256)) * 400


@pytest.fixture
def offering(relay: Relay) -> Relay:
    """A relay with a program for Windows in its folder."""
    folder = relay.folder / "downloads"
    folder.mkdir()
    (folder / "cordee-agent.exe").write_bytes(PROGRAM)
    return relay


@pytest.mark.parametrize(
    ("locale", "scheme", "button"),
    [("fr-FR", "light", "Télécharger"), ("en-GB", "dark", "Download")],
)
def test_a_customer_downloads_the_program_and_can_check_it(
    offering: Relay, tmp_path: Path, locale: str, scheme: str, button: str
) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0"
    with browser(locale=locale, user_agent=windows, color_scheme=scheme) as context:
        page = context.new_page()
        said = complaints(page)
        page.goto(offering.url)
        expect(page.get_by_test_id("download")).to_contain_text(button)
        expect(page.get_by_role("img")).to_have_count(3)
        assert all(
            page.get_by_role("img").nth(at).evaluate("img => img.naturalWidth") > 0
            for at in range(3)
        )
        assert findings(page) == []
        page.locator("summary").click()
        expect(page.get_by_test_id("check")).to_contain_text(
            hashlib.sha256(PROGRAM).hexdigest()
        )
        with page.expect_download() as coming:
            page.get_by_test_id("download").click()
        saved = tmp_path / "saved"
        coming.value.save_as(saved)
        assert saved.read_bytes() == PROGRAM
        for link in ("to-terms", "to-privacy"):
            page.get_by_test_id(link).click()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert findings(page) == []
            page.go_back()
        page.get_by_test_id("system-macos").click()
        expect(page.get_by_test_id("no-file")).to_contain_text("01 23 45 67 89")
        assert findings(page) == []
        page.get_by_test_id("to-console").click()
        expect(page.get_by_test_id("login")).to_be_visible()
        assert said == []
