import asyncio

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from multidict import CIMultiDict

from cordee_server.settings import Settings
from cordee_server.web.door import (
    AGENT_PATH,
    KEEPALIVE_S,
    LINGER_S,
    is_upgrade,
    origin_is_right,
)
from tests.server.conftest import ORIGIN, Browser, House

#: Exactly: a directive that slips out, or in, is a decision.
CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; require-trusted-types-for 'script'; "
    "trusted-types cordee-worker; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket"}
FOREIGN = [
    None,
    "null",
    "https://evil.example",
    "http://help.example",
    "https://help.example.evil.example",
    "https://help.example:8443",
    "https://HELP.example",
    f"{ORIGIN}/",
    "",
]


def request(
    method: str, path: str, *origins: str | None, **headers: str
) -> web.Request:
    every = CIMultiDict(headers)
    for origin in origins:
        if origin is not None:
            every.add("Origin", origin)
    return make_mocked_request(method, path, headers=every)


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_s37_whatever_changes_something_comes_from_our_own_page(
    settings: Settings, method: str, origin: str | None
) -> None:
    assert not origin_is_right(request(method, "/api/engagements", origin), settings)
    assert origin_is_right(request(method, "/api/engagements", ORIGIN), settings)


@pytest.mark.parametrize("origin", FOREIGN)
def test_s37_an_upgrade_comes_from_our_own_page(
    settings: Settings, origin: str | None
) -> None:
    foreign = request("GET", "/console/v1", origin, **UPGRADE)
    assert not origin_is_right(foreign, settings)
    assert origin_is_right(request("GET", "/console/v1", ORIGIN, **UPGRADE), settings)


def test_s37_two_origins_are_none(settings: Settings) -> None:
    for second in (ORIGIN, "https://evil.example"):
        both = request("POST", "/api/login", ORIGIN, second)
        assert not origin_is_right(both, settings)


@pytest.mark.parametrize("origin", [ORIGIN, "https://evil.example", "null", ""])
def test_s37_no_page_plays_the_agent(settings: Settings, origin: str) -> None:
    assert not origin_is_right(request("GET", AGENT_PATH, origin, **UPGRADE), settings)
    assert origin_is_right(request("GET", AGENT_PATH, **UPGRADE), settings)


def test_a_page_may_be_asked_for_from_anywhere(settings: Settings) -> None:
    for origin in FOREIGN:
        assert origin_is_right(request("GET", "/", origin), settings)


@pytest.mark.parametrize(
    ("headers", "upgrades"),
    [
        (UPGRADE, True),
        ({"Connection": "keep-alive, Upgrade"}, True),
        ({"Upgrade": "h2c"}, True),
        ({"Connection": "keep-alive"}, False),
        ({}, False),
    ],
)
def test_an_upgrade_is_known_by_either_header(
    headers: dict[str, str], upgrades: bool
) -> None:
    assert is_upgrade(request("GET", "/", **headers)) is upgrades


async def test_s37_the_door_answers_403_before_anything_is_done(
    house: House, browser: Browser
) -> None:
    for origin in ("https://evil.example", None):
        status, _, said = await browser.ask("POST", "/api/login", {}, origin=origin)
        assert (status, said) == (403, {"code": "foreign_origin"})
    status, _, said = await browser.ask(
        "GET", "/console/v1", origin="https://evil.example", **UPGRADE
    )
    assert (status, said) == (403, {"code": "foreign_origin"})


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_a_form_of_another_page_is_no_json(browser: Browser, kind: str) -> None:
    status, _, said = await browser.ask("POST", "/api/logout", b"{}", Content_Type=kind)
    assert (status, said) == (415, {"code": "bad_input"})


async def test_a_body_above_64_kib_is_refused(browser: Browser) -> None:
    status, _, said = await browser.ask("POST", "/api/login", b" " * (64 * 1024 + 1))
    assert (status, said) == (413, {"code": "too_large"})


@pytest.mark.slow
async def test_s44_a_body_that_drips_is_not_waited_for(house: House) -> None:
    server = TestServer(house.app())
    await server.start_server(keepalive_timeout=KEEPALIVE_S, lingering_time=LINGER_S)
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(
        b"POST /api/login HTTP/1.1\r\nHost: help.example\r\n"
        + f"Origin: {ORIGIN}\r\n".encode()
        + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    await writer.drain()
    async with asyncio.timeout(12):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    await server.close()
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/me", "/nothing", "/vendor/"])
async def test_s35_s38_every_answer_carries_the_headers_exactly(
    browser: Browser, path: str
) -> None:
    _, headers, _ = await browser.ask("GET", path)
    assert headers["Content-Security-Policy"] == CSP
    assert {
        name: headers[name]
        for name in (
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
            "Strict-Transport-Security",
        )
    } == {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=63072000",
    }
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert "Access-Control-Allow-Origin" not in headers


async def test_over_http_nothing_is_promised_about_https(house: House) -> None:
    house.settings = msgspec.structs.replace(
        house.settings, public_origin="http://localhost:8080"
    )
    async with TestClient(TestServer(house.app())) as client:
        _, headers, _ = await Browser(client).ask("GET", "/healthz")
    assert "Strict-Transport-Security" not in headers


async def test_what_was_answered_to_one_is_kept_for_nobody(browser: Browser) -> None:
    _, headers, _ = await browser.ask("GET", "/api/me")
    assert headers["Cache-Control"] == "no-store"
