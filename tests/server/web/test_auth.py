from http.cookies import SimpleCookie

import msgspec
from aiohttp import web

from cordee_server.settings import Settings
from cordee_server.web.auth import (
    clear_cookie,
    cookie_name,
    set_cookie,
)
from tests.server.conftest import Browser, House, sign_in


def cookie(response: web.Response) -> dict[str, str]:
    """Return a cookie's attributes, all of them, by lower-case name."""
    (morsel,) = response.cookies.values()
    parts = morsel.OutputString().split("; ")
    found = dict(part.partition("=")[::2] for part in parts[1:])
    return {"name": morsel.key, "value": morsel.value} | {
        name.lower(): value for name, value in found.items()
    }


def test_s50_over_https_the_cookie_is_for_this_host_alone(settings: Settings) -> None:
    response = web.Response()
    set_cookie(response, settings, "t")
    assert cookie(response) == {
        "name": "__Host-cordee",
        "value": "t",
        "httponly": "",
        "max-age": "43200",
        "path": "/",
        "samesite": "Strict",
        "secure": "",
    }


def test_s50_over_http_on_this_machine_only_secure_and_the_prefix_are_missing(
    settings: Settings,
) -> None:
    here = msgspec.structs.replace(settings, public_origin="http://localhost:8080")
    response = web.Response()
    set_cookie(response, here, "t")
    assert cookie(response) == {
        "name": "cordee",
        "value": "t",
        "httponly": "",
        "max-age": "43200",
        "path": "/",
        "samesite": "Strict",
    }


def test_taking_the_cookie_back_names_the_same_one(settings: Settings) -> None:
    response = web.Response()
    clear_cookie(response, settings)
    (morsel,) = SimpleCookie(response.cookies.output(header="")).values()
    assert (morsel.key, morsel.value, morsel["max-age"]) == (
        cookie_name(settings),
        "",
        "0",
    )
    assert (morsel["secure"], morsel["path"]) == (True, "/")


async def test_s51_somebody_in_another_role_is_told_that_it_is_not_theirs(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    status, _, said = await browser.ask("GET", "/api/accounts")
    assert (status, said) == (403, {"code": "not_allowed"})


async def test_behind_the_sign_in_a_resource_knows_who_asks(
    house: House, browser: Browser
) -> None:
    assert (await browser.ask("GET", "/api/engagements"))[0] == 401
    await sign_in(house, browser)
    status, _, said = await browser.ask("GET", "/api/engagements")
    assert (status, said) == (200, {"engagements": []})


async def test_s50_after_a_revocation_the_very_next_request_is_refused(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    await house.technicians.remove("luc")
    status, _, said = await browser.ask("GET", "/api/tariffs")
    assert (status, said) == (401, {"code": "not_signed_in"})
