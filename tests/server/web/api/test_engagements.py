import pytest

from cordee_shared.billing.facts import FactKind
from cordee_shared.ids import read_engagement_id
from tests.builders import AGREED, engagement
from tests.server.conftest import Browser, House, sign_in
from tests.server.services.test_documents import close

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


async def test_R11_a_late_payer_is_a_warning_that_a_reason_overrides(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    _, _, first = await browser.ask("POST", "/api/engagements", FIELDS)
    assert isinstance(first, dict)
    facts = f"/api/engagements/{first['id']}/facts"
    late = {"kind": "arrears", "data": {"note": "Deux factures en retard"}}
    assert (await browser.ask("POST", facts, late))[0] == 201
    again = FIELDS | {"customer": " mme  MARTIN ", "purpose": "Le son"}
    status, _, said = await browser.ask("POST", "/api/engagements", again)
    assert (status, said) == (422, {"code": "bad_input", "field": "despite"})
    other = FIELDS | {"customer": "M. Petit"}
    assert (await browser.ask("POST", "/api/engagements", other))[0] == 201
    why = again | {"details": {"despite": "Panne urgente"}}
    status, _, made = await browser.ask("POST", "/api/engagements", why)
    assert status == 201
    assert isinstance(made, dict)
    (fact,) = await house.billing.facts_of(read_engagement_id(made["id"]))
    assert fact.kind is FactKind.ARREARS_OVERRIDDEN
    assert fact.data == {"engagement": first["id"], "reason": "Panne urgente"}
    lifted = {"kind": "arrears_lifted", "data": {"reason": "En ordre"}}
    assert (await browser.ask("POST", facts, lifted))[0] == 201
    assert (await browser.ask("POST", "/api/engagements", again))[0] == 201


async def test_facts_around_a_session_are_stated_and_read_back(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    await house.agreements.add(engagement())
    record = await close(house)
    path = f"/api/engagements/{AGREED}"
    status, _, whole = await browser.ask("GET", path)
    assert status == 200
    assert isinstance(whole, dict)
    assert (whole["facts"], whole["is_warned_of"]) == ([], False)
    assert whole["account"]["record"] == record.id
    correction = {"less_units": 1, "reason": "Geste commercial"}
    status, _, made = await browser.ask(
        "POST", f"{path}/facts", {"kind": "corrected", "data": correction}
    )
    assert status == 201
    assert isinstance(made, dict)
    assert made["fact"]["author"] == "luc"
    assert made["fact"]["reason"] == "Geste commercial"
    account = made["account"]
    assert (account["revision"], account["units"]) == (2, record.units - 1)
    _, _, whole = await browser.ask("GET", path)
    assert isinstance(whole, dict)
    assert [fact["kind"] for fact in whole["facts"]] == ["corrected"]
    assert whole["account"] == account


@pytest.mark.parametrize(
    "statement",
    [
        {"kind": "outside", "data": {}},
        {"kind": "arrears_overridden", "data": {"engagement": AGREED, "reason": "x"}},
        {"kind": "paid", "data": {}},
        {"kind": "reserves", "data": {"text": ""}},
        {"kind": "corrected", "data": {"less_units": -1, "reason": "x"}},
        {"kind": "reserves"},
    ],
)
async def test_what_nobody_may_state_is_refused(
    house: House, browser: Browser, statement: object
) -> None:
    await sign_in(house, browser)
    await house.agreements.add(engagement())
    path = f"/api/engagements/{AGREED}/facts"
    assert (await browser.ask("POST", path, statement))[0] == 422
    assert await house.billing.facts_of(AGREED) == []


async def test_nobody_states_a_fact_of_another_technicians_engagement(
    house: House, browser: Browser
) -> None:
    await house.agreements.add(engagement())
    await sign_in(house, browser, "eve")
    said = {"kind": "reserves", "data": {"text": "Rien"}}
    for id in (AGREED, "e-ffffffffffffffff", "nothing"):
        path = f"/api/engagements/{id}"
        assert (await browser.ask("GET", path))[0] == 403
        assert (await browser.ask("POST", f"{path}/facts", said))[0] == 403


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
