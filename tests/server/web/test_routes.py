import pytest
from aiohttp import web

from cordee_server.web.auth import PUBLIC, needs_sign_in
from tests.server.conftest import Browser, House, sign_in

#: S-51: every resource, and what it takes to use it. A new route has to be added here.
NOBODY, TECHNICIAN = "nobody", "technician"
ROUTES = {
    ("POST", "/api/login"): NOBODY,
    ("POST", "/api/logout"): NOBODY,
    ("GET", "/api/me"): NOBODY,
    ("GET", "/api/tariffs"): TECHNICIAN,
    ("GET", "/api/engagements"): TECHNICIAN,
    ("POST", "/api/engagements"): TECHNICIAN,
    ("GET", "/api/documents"): TECHNICIAN,
    ("GET", "/api/documents/{record}"): TECHNICIAN,
    ("GET", "/health"): NOBODY,
}


def resources(app: web.Application) -> set[tuple[str, str]]:
    """Return what the app answers, its pages left out."""
    return {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None
        and route.method != "HEAD"
        and (
            route.resource.canonical.startswith("/api/")
            or route.resource.canonical == "/health"
        )
    }


def test_s51_the_table_of_routes_is_exhaustive(house: House) -> None:
    assert resources(house.app()) == ROUTES.keys()
    assert {key for key, who in ROUTES.items() if who == NOBODY} >= PUBLIC


def test_s51_nothing_but_pages_lies_outside_the_table(house: House) -> None:
    others = {
        (route.method, route.resource.canonical)
        for route in house.app().router.routes()
        if route.resource is not None
    } - ROUTES.keys()
    assert {method for method, _ in others} == {"GET", "HEAD"}
    assert not [
        path
        for method, path in others
        if needs_sign_in("GET", path) and method == "GET"
    ]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_s51_without_a_sign_in_only_what_is_public_answers(
    browser: Browser, method: str, path: str
) -> None:
    status, _, said = await browser.ask(method, path, {} if method == "POST" else None)
    if ROUTES[method, path] == TECHNICIAN:
        assert (status, said) == (401, {"code": "not_signed_in"})
    else:
        assert status in (200, 422)


@pytest.mark.parametrize(
    ("method", "path"), [k for k in ROUTES if k != ("POST", "/api/login")]
)
async def test_s51_a_technician_reaches_everything_of_the_table(
    house: House, browser: Browser, method: str, path: str
) -> None:
    await sign_in(house, browser)
    body: object = {} if method == "POST" else None
    status, _, _ = await browser.ask(method, path.format(record="r"), body)
    # There is no record "r": that is said as if it were somebody else's.
    assert status == 403 if "{" in path else status in (200, 422)


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
    ],
)
async def test_s52_there_is_no_way_to_make_an_account_by_the_network(
    house: House, browser: Browser, method: str, path: str
) -> None:
    body: object = {} if method != "GET" else None
    status, _, _ = await browser.ask(method, path, body)
    assert status in (401, 404)
    await sign_in(house, browser)
    status, _, said = await browser.ask(method, path, body)
    assert (status, said) in [
        (404, {"code": "not_found"}),
        (405, {"code": "not_found"}),
    ]
    assert len(await house.technicians.all()) == 1
