from tests.server.conftest import Browser, House, sign_in


async def test_the_tariffs_in_force_are_answered_as_the_page_reads_them(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    status, _, said = await browser.ask("GET", "/api/tariffs")
    assert status == 200
    assert said == {
        "tariffs": [
            {
                "id": "remote",
                "label": "À distance",
                "price_cents": 2500,
                "currency": "EUR",
                "unit_s": 1800,
                "minimum_units": 1,
            }
        ]
    }
