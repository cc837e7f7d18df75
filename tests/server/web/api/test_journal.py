import pytest

from cordee_server.roles import Role
from tests.builders import ended
from tests.server.conftest import Browser, House


async def auditor(house: House, browser: Browser) -> None:
    """Sign an auditor in."""
    made = await house.technicians.add("aude", "Aude", Role.AUDITOR)
    given = {"name": "aude", "password": made.password, "totp": house.digits(made)}
    assert (await browser.ask("POST", "/api/login", given))[0] == 200


async def test_an_auditor_reads_the_journal_as_it_is_stored(
    house: House, browser: Browser
) -> None:
    await auditor(house, browser)
    written = ended(1)
    await house.rows.append(written.entries)
    _, _, said = await browser.ask("GET", "/api/journal")
    assert isinstance(said, dict)
    assert [one["session"] for one in said["sessions"]] == [written.id]
    _, _, said = await browser.ask("GET", f"/api/journal/{written.id}")
    assert said == {"entries": [entry.raw.decode() for entry in written.entries]}


@pytest.mark.parametrize("session", ["0" * 32, "nonsense"])
async def test_a_session_that_is_not_there_is_refused(
    house: House, browser: Browser, session: str
) -> None:
    await auditor(house, browser)
    status, _, said = await browser.ask("GET", f"/api/journal/{session}")
    assert (status, said) == (403, {"code": "not_allowed"})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_s51_nobody_changes_or_deletes_what_was_journaled(
    house: House, browser: Browser, method: str
) -> None:
    await auditor(house, browser)
    written = ended(1)
    await house.rows.append(written.entries)
    for path in ("/api/journal", f"/api/journal/{written.id}"):
        status, _, _ = await browser.ask(method, path, {})
        assert status == 405
    assert await house.journal.entries_of(written.id) == list(written.entries)
