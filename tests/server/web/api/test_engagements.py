import pytest

from tests.server.conftest import Browser, House, sign_in

FIELDS = {"customer": "Mme Martin", "purpose": "Imprimante", "tariff": "remote"}


async def test_an_engagement_is_made_of_three_fields_and_listed(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    status, _, made = await browser.ask("POST", "/api/engagements", FIELDS)
    assert status == 201
    assert isinstance(made, dict)
    assert made == FIELDS | {
        "id": made["id"],
        "price_cents": 2500,
        "currency": "EUR",
        "unit_s": 1800,
        "minimum_units": 1,
        "confirmed_ms": house.clock.now_ms(),
    }
    _, _, listed = await browser.ask("GET", "/api/engagements")
    assert listed == {"engagements": [made]}


async def test_nobody_sees_another_technicians_engagements(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    await browser.ask("POST", "/api/engagements", FIELDS)
    await sign_in(house, browser, "ana")
    _, _, listed = await browser.ask("GET", "/api/engagements")
    assert listed == {"engagements": []}


@pytest.mark.parametrize(
    "body",
    [
        FIELDS | {"customer": ""},
        FIELDS | {"purpose": "x" * 201},
        FIELDS | {"purpose": "x" * 401},
        FIELDS | {"tariff": "none"},
        FIELDS | {"price_cents": 0},
        FIELDS | {"customer": None},
        {},
    ],
)
async def test_a_wrong_field_makes_no_engagement(
    house: House, browser: Browser, body: object
) -> None:
    await sign_in(house, browser)
    status, _, said = await browser.ask("POST", "/api/engagements", body)
    assert (status, said) == (422, {"code": "bad_input"})
    _, _, listed = await browser.ask("GET", "/api/engagements")
    assert listed == {"engagements": []}
