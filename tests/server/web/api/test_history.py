"""What was, over HTTP: one's own."""

import pytest

from tests.builders import engagement
from tests.server.conftest import Browser, House, sign_in
from tests.server.services.test_billing import close, helped


@pytest.fixture
async def past(house: House, browser: Browser) -> Browser:
    """Luc is signed in, and has helped once."""
    await sign_in(house, browser)
    await house.agreements.add(engagement())
    await close(house, helped(seconds=1200))
    return browser


async def test_a_session_is_searched_and_drawn(past: Browser) -> None:
    status, _, said = await past.ask("GET", "/api/history?text=martin")
    assert status == 200
    assert isinstance(said, dict)
    (found,) = said["sessions"]
    _, _, one = await past.ask("GET", f"/api/history/{found['session']}")
    assert isinstance(one, dict)
    assert one["session"] == found
    assert one["bands"][-1]["state"] == "controlling"
    assert one["marks"][-1]["kind"] == "ended"
    _, _, none = await past.ask("GET", "/api/history?until=2000-01-01")
    assert none == {"sessions": []}


async def test_a_month_is_a_file(past: Browser) -> None:
    status, headers, _ = await past.ask("GET", "/api/history-month?month=2025-12")
    assert status == 200
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "seances-2025-12.csv" in headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/history?from=yesterday",
        "/api/history?until=2026-02-31",
        "/api/history-month?month=2026-13",
        "/api/history-month?month=0000-01",
        "/api/history-month",
    ],
)
async def test_what_is_no_day_and_no_month_is_said(past: Browser, path: str) -> None:
    status, _, said = await past.ask("GET", path)
    assert status == 422
    assert isinstance(said, dict)
    assert said["code"] == "bad_input"


@pytest.mark.parametrize("session", ["0" * 32, "nonsense"])
async def test_s51_another_ones_session_and_none_look_the_same(
    past: Browser, session: str
) -> None:
    status, _, said = await past.ask("GET", f"/api/history/{session}")
    assert (status, said) == (403, {"code": "not_allowed"})
