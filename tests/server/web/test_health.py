from tests.server.conftest import Browser, House


async def test_s34_readiness_is_whether_the_journal_can_be_written(
    house: House, browser: Browser
) -> None:
    status, _, said = await browser.ask("GET", "/readyz")
    assert (status, said) == (200, {"status": "ok"})
    house.journal.is_available = False
    status, _, said = await browser.ask("GET", "/readyz")
    assert (status, said) == (503, {"status": "unavailable"})
    # The process itself is well: restarting it would mend nothing.
    status, _, said = await browser.ask("GET", "/healthz")
    assert (status, said) == (200, {"status": "ok"})
