import pytest

from cordee_server.services.technicians import NewSecrets
from cordee_server.web.api.login import Credentials
from tests.server.conftest import Browser, House, sign_in


@pytest.fixture
async def luc(house: House) -> NewSecrets:
    return await house.technicians.add("luc", "Luc Martin")


def given(house: House, luc: NewSecrets, **other: str) -> dict[str, str]:
    right = {"name": "luc", "password": luc.password, "totp": house.digits(luc)}
    return right | other


async def test_signing_in_answers_who_it_is_and_sets_the_cookie(
    house: House, browser: Browser, luc: NewSecrets
) -> None:
    status, headers, said = await browser.ask("POST", "/api/login", given(house, luc))
    assert status == 200
    assert said == {
        "name": "luc",
        "display_name": "Luc Martin",
        "organisation": "Aide & Cie",
        "phone": "01 23 45 67 89",
        "origin": "https://help.example",
        "role": "technician",
    }
    assert headers["Set-Cookie"].startswith("__Host-cordee=")
    assert (await browser.ask("GET", "/api/tariffs"))[0] == 200


@pytest.mark.parametrize(
    "wrong", [{"name": "ana"}, {"password": "x"}, {"totp": "000000"}]
)
async def test_whatever_is_wrong_is_refused_without_a_cookie(
    house: House, browser: Browser, luc: NewSecrets, wrong: dict[str, str]
) -> None:
    body = given(house, luc, **wrong)
    status, headers, said = await browser.ask("POST", "/api/login", body)
    assert (status, said) == (401, {"code": "login_failed"})
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "luc", "password": "x"},
        {"name": "luc", "password": 1, "totp": "1"},
        {"name": "x" * 65, "password": "x", "totp": "1"},
        {"name": "luc", "password": "x", "totp": "1", "admin": True},
        [],
        b"{",
    ],
)
async def test_a_body_of_another_form_is_no_attempt(
    browser: Browser, house: House, body: object
) -> None:
    for _ in range(12):
        status, _, said = await browser.ask("POST", "/api/login", body)
        assert (status, said) == (422, {"code": "bad_input"})


async def test_a_new_sign_in_ends_the_browsers_former_one(
    house: House, browser: Browser
) -> None:
    luc = await sign_in(house, browser)
    former = browser.cookie
    house.clock.advance(seconds=30)
    await browser.ask("POST", "/api/login", given(house, luc))
    assert browser.cookie != former
    browser.cookie = former
    assert (await browser.ask("GET", "/api/tariffs"))[0] == 401


async def test_signing_out_ends_it_for_everybody_who_has_the_cookie(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    former = browser.cookie
    status, headers, _ = await browser.ask("POST", "/api/logout", {})
    assert status == 200
    assert "Max-Age=0" in headers["Set-Cookie"]
    browser.cookie = former
    assert (await browser.ask("GET", "/api/tariffs"))[0] == 401


async def test_s49_after_too_many_tries_the_answer_says_how_long(
    house: House, browser: Browser, luc: NewSecrets
) -> None:
    for _ in range(5):
        await browser.ask("POST", "/api/login", given(house, luc, totp="000000"))
    status, headers, said = await browser.ask("POST", "/api/login", given(house, luc))
    assert (status, said) == (429, {"code": "too_many_guesses"})
    assert headers["Retry-After"] == "1"


async def test_one_address_tries_many_names_only_so_often(
    house: House, browser: Browser
) -> None:
    answers = [
        (
            await browser.ask(
                "POST", "/api/login", {"name": f"t{n}", "password": "x", "totp": "1"}
            )
        )[0]
        for n in range(12)
    ]
    assert answers == [401] * 10 + [429] * 2


def test_credentials_show_in_no_log() -> None:
    assert repr(Credentials("luc", "hunter2", "123456")) == "Credentials()"
