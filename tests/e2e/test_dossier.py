"""What happened around a session, stated in the console; and the documents it makes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from cordee_shared.session.consent import Scope
from cordee_shared.session.states import Remark, State
from tests.e2e.rig.browser import complaints
from tests.e2e.rig.customer import Customer
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.relay import Relay, Technician
from tests.shared.billing.test_provider import WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture
def customer(relay: Relay) -> Iterator[Customer]:
    with Customer(relay.url) as theirs:
        yield theirs


def test_R14_R43_a_statement_revises_the_account_and_its_document_is_posted(
    page: Page, relay: Relay, technician: Technician, customer: Customer
) -> None:
    facts = WHOLE.replace("Micro-Alpes", "Aide & Cie")
    (relay.folder / "provider.toml").write_text(facts, encoding="utf-8")
    said, see = complaints(page), page.get_by_test_id
    page.goto(relay.console_url)
    see("login-name").fill(technician.login)
    see("login-password").fill(technician.password)
    see("login-totp").fill(technician.second_factor())
    see("login-submit").click()
    see("engagement-customer").fill("Mme Durand")
    see("engagement-purpose").fill("imprimante")
    see("engagement-submit").click()
    see("invite").click()
    customer.types_code(" ".join(see("code").inner_text().split()))
    customer.waits_for(State.CONSENTING)
    customer.allows(Scope.VIEW)
    see("ask-control").click()
    customer.waits_for_kind(Remark.CONTROL_REQUESTED)
    customer.allows(Scope.CONTROL)
    expect(see("mode")).to_have_attribute("data-mode", "controlling")
    see("end").click()
    see("end-yes").click()
    expect(see("ended-record")).to_be_visible()

    # A few seconds cost nothing; a person asks the minimum, with a reason.
    see("dossier-open").click()
    expect(see("dossier-account")).to_contain_text("Décompte : 0,00")
    see("dossier-kind").select_option("minimum_due")
    see("dossier-reason").fill("Convenu au téléphone")
    see("dossier-save").click()
    expect(see("dossier-account")).to_contain_text("révision 2")
    expect(see("dossier-account")).to_contain_text("15,00")
    expect(see("dossier-facts")).to_contain_text("Convenu au téléphone")
    see("dossier-kind").select_option("withdrawn")
    see("dossier-wording").fill("Je ne veux plus de cette intervention.")
    see("dossier-save").click()
    expect(see("dossier-account")).to_contain_text("révision 3")
    expect(see("dossier-refund")).to_contain_text("au plus tard")

    see("ended-today").click()
    see("papers-open").click()
    papers = see("paper")

    def all_are_there() -> bool:
        """Open the list anew: the relay makes documents within a minute."""
        see("papers-open").click()
        with page.expect_response("**/api/documents"):
            see("papers-open").click()
        return papers.count() == 3

    wait_until(all_are_there, what=lambda: f"three documents, not {papers.count()}")
    expect(papers).to_have_count(3)
    with page.expect_download() as taken:
        see("paper-download").first.click()
    assert taken.value.path().read_bytes().startswith(b"%PDF-")
    see("paper-posted").first.click()
    posted = page.locator('[data-testid="paper"][data-way="posted"]')
    expect(posted).to_have_count(1)
    expect(posted.get_by_test_id("paper-way")).to_contain_text("posté le")
    assert said == []
