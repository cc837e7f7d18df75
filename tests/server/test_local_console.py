"""The console from one's own machine: the relay carries and says nothing of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pyotp
import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer
from yarl import URL

from cordee_server.app import create_app
from cordee_server.keys import SESSIONS
from cordee_server.local_console import LocalConsole
from cordee_server.parts import initialise, open_parts
from cordee_server.serving import listeners
from cordee_server.web.door import CSP
from cordee_server.web.pages import read_pages
from cordee_shared.session.consent import Scope
from cordee_shared.session.states import State
from tests.ends import AgentEnd, ConsoleEnd, connected
from tests.house import House, settings_in


@asynccontextmanager
async def relay_at_its_address(folder: Path) -> AsyncIterator[House]:
    """Run a relay whose origin is the address that it really has."""
    (listener,) = listeners("127.0.0.1", 0)
    port = listener.getsockname()[1]
    origin = f"http://localhost:{port}"
    settings = msgspec.structs.replace(settings_in(folder), public_origin=origin)
    initialise(settings)
    parts = open_parts(settings)
    made = await parts.technicians.add("claire", "Claire Martin")
    agreed = await parts.engagements.create(
        made.technician, customer="Mme Durand", purpose="x", tariff="standard"
    )
    app = create_app(parts)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        yield House(
            parts=parts,
            app=app,
            sessions=app[SESSIONS],
            runner=runner,
            port=port,
            password=made.password,
            totp=pyotp.TOTP(made.seed),
            engagement=agreed.id,
        )
    finally:
        await runner.cleanup()
        parts.close()


class Page:
    """A browser on the local console."""

    def __init__(self, local: LocalConsole, session: ClientSession) -> None:
        self.local = local
        self.session = session

    async def ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask as a browser does, unless ``headers`` say otherwise."""
        said = {"Host": f"localhost:{self.local.port}", "Origin": self.local.origin}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(
            method,
            f"http://127.0.0.1:{self.local.port}{path}",
            json=body if body is not None else None,
            headers={name: value for name, value in said.items() if value},
            allow_redirects=False,
        ) as answer:
            return answer.status, dict(answer.headers), await answer.read()


@asynccontextmanager
async def page_of(relay: str) -> AsyncIterator[Page]:
    """Serve a relay's console locally, and open a browser on it."""
    (listener,) = listeners("127.0.0.1", 0)
    local = LocalConsole(relay, listener.getsockname()[1])
    runner = web.AppRunner(local.app(), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            yield Page(local, session)
    finally:
        await runner.cleanup()


async def sign_in(page: Page, relay: House) -> None:
    """Sign Claire in through the local console."""
    at = relay.parts.clock.now_ms() // 1000
    status, _, _ = await page.ask(
        "POST",
        "/api/login",
        {"name": "claire", "password": relay.password, "totp": relay.totp.at(at)},
    )
    assert status == 200


async def test_every_file_and_header_is_this_installations() -> None:
    # No relay is there at all: the page needs none.
    async with page_of("https://relay.invalid") as page:
        for path, file in read_pages().items():
            status, headers, body = await page.ask("GET", f"/console{path}")
            assert (status, body) == (200, file.body)
            assert headers["Content-Security-Policy"] == CSP
        status, headers, _ = await page.ask("GET", "/")
        assert (status, headers["Location"]) == (302, "/console/")
        assert (await page.ask("GET", "/console/nothing.js"))[0] == 404
        assert (await page.ask("GET", "/api/me"))[0] == 502


@pytest.mark.slow
async def test_a_whole_session_goes_through_it_and_pairs_under_the_relays_name(
    tmp_path: Path,
) -> None:
    async with relay_at_its_address(tmp_path) as relay, page_of(relay.origin) as page:
        await sign_in(page, relay)
        _, _, raw = await page.ask("GET", "/api/me")
        me = msgspec.json.decode(raw)
        assert me["relay"] == relay.origin
        assert me["technician"]["name"] == "claire"
        (cookie,) = page.session.cookie_jar
        agent, console = AgentEnd(relay.origin), ConsoleEnd(me["relay"])
        headers = {
            "Origin": page.local.origin,
            "Cookie": f"cordee-local={cookie.value}",
        }
        through = f"ws://localhost:{page.local.port}/console/v1"
        async with (
            connected(agent, relay.agent_url),
            connected(console, through, headers),
        ):
            console.invite(relay.engagement)
            await console.until(lambda: console.code)
            assert console.code is not None
            agent.claim(console.code)
            await agent.until_state(State.CONSENTING)
            agent.grant(Scope.VIEW)
            await console.until_state(State.VIEWING)
            console.end("technician_ended")
            await agent.until(lambda: agent.bill)
        assert (await relay.last_session()).state == State.ENDED.value


@pytest.mark.slow
async def test_s50_the_relays_revocation_reaches_the_page_through_it(
    tmp_path: Path,
) -> None:
    async with relay_at_its_address(tmp_path) as relay, page_of(relay.origin) as page:
        await sign_in(page, relay)
        (name,) = [one.value for one in page.session.cookie_jar]
        console = ConsoleEnd(relay.origin)
        headers = {"Origin": page.local.origin, "Cookie": f"cordee-local={name}"}
        through = f"ws://localhost:{page.local.port}/console/v1"
        async with connected(console, through, headers):
            await relay.parts.technicians.reset("claire")
            await console.until(lambda: console.closed)
            assert console.closed == 4401


@pytest.mark.slow
async def test_the_relays_cookie_never_reaches_the_browser(tmp_path: Path) -> None:
    async with relay_at_its_address(tmp_path) as relay, page_of(relay.origin) as page:
        await sign_in(page, relay)
        (cookie,) = page.session.cookie_jar
        assert cookie.key == "cordee-local"
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
        # Worth nothing at the relay itself.
        async with ClientSession() as other:
            headers = {"Cookie": f"cordee={cookie.value}"}
            url = f"http://localhost:{relay.port}/api/engagements"
            async with other.get(url, headers=headers) as answer:
                assert answer.status == 401
        assert (await page.ask("GET", "/api/engagements"))[0] == 200
        assert (await page.ask("POST", "/api/logout", {}))[0] == 200
        headers = {"Cookie": f"cordee-local={cookie.value}"}
        assert (await page.ask("GET", "/api/engagements", **headers))[0] == 401


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://localhost:1", "http://127.0.0.1:8799"],
)
async def test_s37_only_its_own_page_changes_anything_or_opens_the_socket(
    origin: str,
) -> None:
    async with page_of("https://relay.invalid") as page:
        status, _, _ = await page.ask("POST", "/api/login", {}, Origin=origin)
        assert status == 403
        with pytest.raises(WSServerHandshakeError) as refused:
            await page.session.ws_connect(
                f"ws://localhost:{page.local.port}/console/v1",
                headers={"Origin": origin} if origin else {},
            )
        assert refused.value.status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8799", "localhost"])
async def test_a_foreign_name_that_points_here_is_refused(host: str) -> None:
    async with page_of("https://relay.invalid") as page:
        for path in ("/console/", "/api/me"):
            assert (await page.ask("GET", path, Host=host))[0] == 421


@asynccontextmanager
async def hostile_relay() -> AsyncIterator[str]:
    """Serve, in place of a relay, what might become a page or a script."""

    async def anything(request: web.Request) -> web.Response:
        match request.path:
            case "/api/me":
                said = {"technician": None, "relay": "https://real.example"}
                return web.json_response(said)
            case "/api/moved":
                raise web.HTTPFound("https://evil.example/")
            case "/api/script":
                return web.Response(text="x", content_type="text/javascript")
            case "/api/report":
                return web.Response(body=b"%PDF", content_type="application/pdf")
        return web.Response(text="<script>x</script>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", anything)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


async def test_nothing_that_a_relay_says_becomes_a_page_or_a_script() -> None:
    async with hostile_relay() as relay, page_of(relay) as page:
        for path in ("/api/page", "/api/script", "/api/moved"):
            status, headers, body = await page.ask("GET", path)
            assert status == 502
            assert headers["Content-Type"] == "application/json"
            assert b"script>" not in body
            assert "Location" not in headers
        status, headers, _ = await page.ask("GET", "/api/report")
        assert (status, headers["Content-Disposition"]) == (200, "attachment")
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_relay_cannot_say_that_it_is_another_one() -> None:
    async with hostile_relay() as relay, page_of(relay) as page:
        _, _, body = await page.ask("GET", "/api/me")
        assert msgspec.json.decode(body)["relay"] == relay


@pytest.mark.parametrize(
    "path", ["/api/../console/v1", "/api/%2e%2e/agent/v1", "/healthz", "/agent/v1"]
)
async def test_only_resources_are_carried(path: str) -> None:
    async with hostile_relay() as relay, page_of(relay) as page:
        url = f"http://127.0.0.1:{page.local.port}"
        async with page.session.get(
            URL(url + path, encoded=True),
            headers={"Host": f"localhost:{page.local.port}"},
        ) as answer:
            assert answer.status in (400, 404)


def test_the_relays_cookie_has_the_name_that_the_relay_gives_it() -> None:
    https = LocalConsole("https://help.example", 1)._theirs
    http = LocalConsole("http://localhost:1", 1)._theirs
    assert (https, http) == ("__Host-cordee", "cordee")
