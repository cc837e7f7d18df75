"""S-51: the one table of rights, walked whole over the router of the real relay."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyotp
import pytest
from aiohttp import hdrs, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from cordee_server.app import create_app
from cordee_server.parts import Parts, initialise, open_parts
from cordee_server.roles import ALL, HELPING, Role
from cordee_server.web.auth import cookie_name
from cordee_server.web.rights import TABLE, Open, who_may
from tests.house import settings_in

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOBODY = "nobody"
#: What a browser may try on the journal; nothing but reading is there.
JOURNAL = ("/api/journal", "/api/journal/{session}", "/api/accounts/deeds")


@web.middleware
async def reached(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Stand behind every middleware: what comes here was let through."""
    if request.match_info.route.resource is None:
        return await handler(request)  # the router's own no
    return web.Response(status=299)


@asynccontextmanager
async def relay(
    folder: Path,
) -> AsyncIterator[tuple[web.Application, TestClient[web.Request, web.Application]]]:
    """Run the whole relay, its handlers out of reach."""
    settings = settings_in(folder)
    initialise(settings)
    parts = open_parts(settings)
    app = create_app(parts)
    app.middlewares.append(reached)
    try:
        async with TestClient(TestServer(app)) as client:
            yield app, client
    finally:
        parts.close()


async def cookies(app: web.Application, parts_of: Parts) -> dict[str, str]:
    """Sign one account of each role in; return their cookies, and nobody's."""
    found = {NOBODY: ""}
    for role in Role:
        made = await parts_of.technicians.add(role.value, role=role)
        digits = pyotp.TOTP(made.seed).at(parts_of.clock.now_ms() // 1000)
        token, _ = await parts_of.technicians.sign_in(role, made.password, digits)
        found[role.value] = f"{cookie_name(parts_of.settings)}={token}"
    return found


def routes(app: web.Application) -> set[tuple[str, str]]:
    """Return every method and route that the router knows."""
    return {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None
    }


def path_of(route: str) -> str:
    """Return a path that a route answers."""
    return (
        route.replace("{page}", "main.js")
        .replace("{file}", "cordee-agent.exe")
        .replace("{name}", "luc")
        .replace("{record}", "r")
        .replace("{engagement}", "e-0")
        .replace("{session}", "0" * 32)
    )


@pytest.mark.slow
async def test_s51_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    async with relay(tmp_path) as (app, _):
        known = {key for key in routes(app) if key[0] != "HEAD"}
    assert known == set(TABLE)


@pytest.mark.slow
async def test_s51_route_by_role_by_method_the_relay_does_what_the_table_says(
    tmp_path: Path,
) -> None:
    settings = settings_in(tmp_path)
    initialise(settings)
    parts = open_parts(settings)
    app = create_app(parts)
    app.middlewares.append(reached)
    wrong = []
    try:
        held = await cookies(app, parts)
        known = routes(app)
        async with TestClient(TestServer(app)) as client:
            for route in sorted({route for _, route in known}):
                for method in METHODS:
                    for name, cookie in held.items():
                        headers = {hdrs.COOKIE: cookie} if cookie else {}
                        if route != "/agent/v1":
                            headers[hdrs.ORIGIN] = settings.origin
                        headers[hdrs.CONTENT_TYPE] = "application/json"
                        async with client.request(
                            method,
                            path_of(route),
                            headers=headers,
                            allow_redirects=False,
                        ) as answer:
                            got = answer.status
                        meant = expected(method, route, name, known)
                        if got != meant:
                            wrong.append((method, route, name, got, meant))
    finally:
        parts.close()
    assert wrong == []


def expected(method: str, route: str, name: str, known: set[tuple[str, str]]) -> int:
    """Return the status that the table means for somebody."""
    if (method, route) not in known:
        return 405
    who = TABLE["GET" if method == "HEAD" else method, route]
    if who is Open.TO_ALL:
        return 299
    if name == NOBODY:
        return 401
    return 299 if name in who else 403


def test_s51_without_a_row_nobody_is_let_through() -> None:
    assert who_may("GET", "/api/whatever") == frozenset()
    assert who_may("DELETE", "/api/journal") == frozenset()
    assert who_may("HEAD", "/healthz") is Open.TO_ALL


def test_s51_an_admin_and_an_auditor_join_no_session() -> None:
    assert TABLE["GET", "/console/v1"] == HELPING
    assert Role.ADMIN not in HELPING
    assert Role.AUDITOR not in HELPING
    engaging = {who for (_, route), who in TABLE.items() if "engagement" in route}
    assert engaging == {HELPING}


def test_s51_nobody_deletes_or_changes_an_entry() -> None:
    assert {method for method, _ in TABLE} == {"GET", "POST"}
    assert {method for method, route in TABLE if route.startswith("/api/journal")} == {
        "GET"
    }
    for route in JOURNAL:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert who_may(method, route) == frozenset()


def test_s51_an_auditor_reads_the_journal_and_nothing_of_customers() -> None:
    may = {
        (method, route)
        for (method, route), who in TABLE.items()
        if isinstance(who, frozenset) and Role.AUDITOR in who and who != ALL
    }
    assert may == {
        ("GET", "/api/journal"),
        ("GET", "/api/journal/{session}"),
        ("GET", "/api/accounts/deeds"),
    }
