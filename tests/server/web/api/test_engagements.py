import pytest

from cordee_shared.billing.facts import FactKind
from cordee_shared.ids import read_engagement_id
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
    ("body", "field"),
    [
        (FIELDS | {"customer": ""}, "customer"),
        (FIELDS | {"purpose": "x" * 201}, "purpose"),
        (FIELDS | {"purpose": "x" * 401}, ""),
        (FIELDS | {"tariff": "none"}, "tariff"),
        (FIELDS | {"price_cents": 0}, ""),
        (FIELDS | {"customer": None}, ""),
        (FIELDS | {"details": {"email": "nowhere"}}, "email"),
        (FIELDS | {"details": {"colour": "blue"}}, ""),
        ({}, ""),
    ],
)
async def test_R01_a_wrong_field_makes_no_engagement_and_is_named(
    house: House, browser: Browser, body: object, field: str
) -> None:
    await sign_in(house, browser)
    status, _, said = await browser.ask("POST", "/api/engagements", body)
    named = {"field": field} if field else {}
    assert (status, said) == (422, {"code": "bad_input"} | named)
    _, _, listed = await browser.ask("GET", "/api/engagements")
    assert listed == {"engagements": []}


async def test_R03_an_agreed_hour_is_journaled_as_a_fact(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    at = house.clock.now_ms() + 3_600_000
    slot = {"slot_from_ms": at, "slot_until_ms": at + 1_800_000}
    _, _, made = await browser.ask(
        "POST", "/api/engagements", FIELDS | {"details": slot}
    )
    assert isinstance(made, dict)
    (fact,) = await house.billing.facts_of(read_engagement_id(made["id"]))
    assert fact.kind is FactKind.SLOT_CONFIRMED
    assert fact.data == {"from_ms": at, "until_ms": at + 1_800_000}
