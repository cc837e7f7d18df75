from cordee_server.ports import Technician
from cordee_server.settings import Settings
from cordee_server.web.api.me import me_of
from tests.builders import LUC
from tests.server.conftest import Browser, House, sign_in


def test_only_what_the_page_shows_is_told(settings: Settings) -> None:
    account = Technician(LUC, "Luc Martin", "$argon2id$x", b"sealed", 1)
    assert me_of(account, settings) == {
        "name": "luc",
        "display_name": "Luc Martin",
        "organisation": "Aide & Cie",
        "phone": "01 23 45 67 89",
        "origin": "https://help.example",
        "role": "technician",
    }


async def test_each_browser_is_told_who_it_is(house: House, browser: Browser) -> None:
    await sign_in(house, browser, "ana")
    _, _, said = await browser.ask("GET", "/api/me")
    assert isinstance(said, dict)
    assert said["technician"]["name"] == "ana"


async def test_a_page_that_asks_before_a_sign_in_is_told_nobody(
    browser: Browser,
) -> None:
    status, headers, said = await browser.ask("GET", "/api/me")
    assert (status, said) == (200, {"technician": None})
    assert "Set-Cookie" not in headers


async def test_s50_a_revoked_cookie_is_nobody_from_the_next_request_on(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    await house.technicians.remove("luc")
    _, _, said = await browser.ask("GET", "/api/me")
    assert said == {"technician": None}
