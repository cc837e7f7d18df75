from pathlib import Path

import msgspec
import pytest

from cordee_server.settings import Provider, Settings
from tests.builders import AGREED, engagement
from tests.server.conftest import Browser, House, sign_in
from tests.server.services.test_documents import close
from tests.shared.billing.test_provider import WHOLE


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A relay whose provider's facts are there."""
    file = tmp_path / "provider.toml"
    file.write_text(WHOLE, encoding="utf-8")
    return msgspec.structs.replace(
        settings,
        provider=Provider(organisation="Micro-Alpes", phone="04"),
        provider_file=file,
    )


async def test_R42_the_technician_lists_and_takes_the_document(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    await house.agreements.add(engagement())
    record = await close(house)
    # Asked for at once: it is made there and then.
    status, headers, pdf = await browser.ask("GET", f"/api/documents/{record.id}")
    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    assert f"justificatif-{record.id[:8]}.pdf" in headers["Content-Disposition"]
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF-")
    _, opened, same = await browser.ask("GET", f"/api/documents/{record.id}?inline")
    assert opened["Content-Disposition"].startswith("inline; ")
    assert same == pdf
    _, _, listed = await browser.ask("GET", "/api/documents")
    assert listed == {
        "documents": [
            {
                "record": record.id,
                "engagement": AGREED,
                "revision": 1,
                "customer": "Mme Martin",
                "amount_cents": 5000,
                "currency": "EUR",
                "made_ms": record.sessions[0].last_ms,
                "way": "for_post",
                "to": "",
                "posted_ms": 0,
            }
        ]
    }


async def test_B08_what_waits_for_the_post_is_marked_once(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    await house.agreements.add(engagement())
    record = await close(house)
    path = f"/api/documents/{record.id}/posted"
    # It was not made yet: there is nothing to put into an envelope.
    status, _, said = await browser.ask("POST", path, {})
    assert (status, said) == (409, {"code": "refused"})
    await browser.ask("GET", f"/api/documents/{record.id}")
    status, _, first = await browser.ask("POST", path, {})
    assert status == 200
    assert isinstance(first, dict)
    assert (first["way"], first["posted_ms"]) == ("posted", house.clock.now_ms())
    house.clock.advance(seconds=60)
    assert (await browser.ask("POST", path, {}))[2] == first
    # Making what is missing leaves it as it is.
    assert await house.documents.make_missing() == 0
    _, _, listed = await browser.ask("GET", "/api/documents")
    assert listed == {"documents": [first]}
    await sign_in(house, browser, "eve")
    assert (await browser.ask("POST", path, {}))[0] == 403


async def test_nobody_takes_another_technicians_document(
    house: House, browser: Browser
) -> None:
    await house.agreements.add(engagement())
    record = await close(house)
    for path in ("/api/documents", f"/api/documents/{record.id}"):
        assert (await browser.ask("GET", path))[0] == 401
    await sign_in(house, browser, "eve")
    status, _, said = await browser.ask("GET", f"/api/documents/{record.id}")
    assert (status, said) == (403, {"code": "not_allowed"})
    assert (await browser.ask("GET", "/api/documents"))[2] == {"documents": []}


async def test_without_the_providers_facts_it_is_not_there_yet(
    house: House, browser: Browser
) -> None:
    house.settings.provider_file.unlink()
    await sign_in(house, browser)
    await house.agreements.add(engagement())
    record = await close(house)
    status, _, said = await browser.ask("GET", f"/api/documents/{record.id}")
    assert (status, said) == (503, {"code": "unavailable"})
