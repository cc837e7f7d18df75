"""What the app answers; who may ask for it is walked in ``test_rights.py``."""

import pytest
from aiohttp import web

from cordee_server.web.rights import TABLE, Open
from tests.server.conftest import Browser, House, sign_in

PLACES = {"name": "nobody", "record": "r", "session": "0" * 32, "page": ""} | {
    "engagement": "e-0"
}
OPEN = {(m, r) for (m, r), who in TABLE.items() if who is Open.TO_ALL}


def resources(app: web.Application) -> set[tuple[str, str]]:
    """Return what the app answers; the sockets are added elsewhere."""
    return {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }


def test_s51_every_resource_has_its_row(house: House) -> None:
    sockets = {("GET", "/agent/v1"), ("GET", "/console/v1")}
    assert resources(house.app()) == TABLE.keys() - sockets


@pytest.mark.parametrize(
    ("method", "route"),
    [key for key in TABLE if key[1].startswith("/api/")],
)
async def test_s51_without_a_sign_in_only_what_is_open_answers(
    browser: Browser, method: str, route: str
) -> None:
    body: object = {} if method == "POST" else None
    status, _, said = await browser.ask(method, route.format(**PLACES), body)
    if (method, route) in OPEN:
        assert status in (200, 422)
    else:
        assert (status, said) == (401, {"code": "not_signed_in"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/technicians"),
        ("POST", "/api/setup"),
        ("GET", "/setup"),
        ("POST", "/api/register"),
        ("PUT", "/api/me"),
        ("DELETE", "/api/engagements"),
        ("GET", "/api/"),
        ("POST", "/api/accounts"),
        ("POST", "/api/accounts/luc/role"),
    ],
)
async def test_s52_there_is_no_way_to_make_an_account_by_the_network_without_an_admin(
    house: House, browser: Browser, method: str, path: str
) -> None:
    body: object = {} if method != "GET" else None
    status, _, _ = await browser.ask(method, path, body)
    assert status in (401, 404, 405)
    await sign_in(house, browser)
    status, _, said = await browser.ask(method, path, body)
    assert (status, said) in [
        (403, {"code": "not_allowed"}),
        (404, {"code": "not_found"}),
        (405, {"code": "not_found"}),
    ]
    assert len(await house.technicians.all()) == 1
