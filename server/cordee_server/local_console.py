"""``cordee console``: the page from one's own machine, the relay as transport only.

A relay that is not to be trusted with the page still carries what the page sends: its
resources and its socket go through this process. Rules (security.md 1.7, 4, S-37):

1. Every file comes from this installation; nothing that the relay says becomes a page
   or a script: only JSON, PDF and CSV are passed on, each as what it is.
2. A browser is served under ``http://localhost:<port>`` alone: any other Host is
   refused (a foreign name that was made to point here), and whatever changes something,
   every upgrade, comes from exactly this origin.
3. The relay's cookie stays in this process. The browser holds a random name for it,
   which is worth nothing anywhere else: cookies of this machine are seen by every
   port of it.
4. Towards the relay there is one origin: the relay's own, as a browser would say it.
   The relay needs no rule for us, and grants none.
5. Which relay both ends pair under is said by this process, never by the relay.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from http.cookies import CookieError, SimpleCookie
from typing import Final

import msgspec
import structlog
from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    DummyCookieJar,
    WSMsgType,
    WSServerHandshakeError,
    hdrs,
    web,
)
from aiohttp.typedefs import Handler
from yarl import URL

from cordee_shared.limits import FRAME_MAX

from .web.door import ALWAYS, CLIENT_MAX_SIZE, is_upgrade
from .web.pages import CONSOLE_AT, answer_page, read_pages
from .web.problems import answer

#: Where it is when nobody says otherwise.
PORT: Final = 8799
#: A browser that does not answer for so long is gone; the relay is told.
_HEARTBEAT_S: Final = 10.0
_PATIENCE: Final = ClientTimeout(total=60, connect=10)
_LARGEST: Final = 64 * 1024 * 1024
_SAFE: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_PASSED: Final = frozenset({"application/json", "application/pdf", "text/csv"})
_PATH: Final = re.compile(r"/api/[A-Za-z0-9/._~%-]*")
_OURS: Final = "cordee-local"

_log = structlog.get_logger("cordee.local")


class LocalConsole:
    """One relay's console on this machine. Owned by its event loop."""

    def __init__(self, relay: str, port: int) -> None:
        """``relay`` is the relay's origin, ``port`` what browsers find us under."""
        self.relay = relay
        self.port = port
        self._pages = read_pages()
        #: What browsers hold → the relay's cookie.
        self._held: dict[str, str] = {}
        self._client: ClientSession | None = None

    @property
    def origin(self) -> str:
        """What a browser sends as its origin."""
        return f"http://localhost:{self.port}"

    @property
    def _theirs(self) -> str:
        """The name of the relay's cookie (``web/auth.py``)."""
        return "__Host-cordee" if self.relay.startswith("https://") else "cordee"

    def app(self) -> web.Application:
        """Return what is served to browsers."""
        app = web.Application(middlewares=[self._door], client_max_size=CLIENT_MAX_SIZE)
        app.on_response_prepare.append(_dress)
        app.router.add_get("/", _to_console)
        app.router.add_get("/console", _to_console)
        app.router.add_get("/console/v1", self._socket)
        app.router.add_get("/console/{page:.*}", self._page)
        app.router.add_route("*", "/api/{rest:.*}", self._resource)
        app.cleanup_ctx.append(self._running)
        return app

    async def _running(self, app: web.Application) -> AsyncIterator[None]:
        async with ClientSession(
            timeout=_PATIENCE, cookie_jar=DummyCookieJar()
        ) as client:
            self._client = client
            yield

    @property
    def _session(self) -> ClientSession:
        assert self._client is not None, "the application was not started"
        return self._client

    # --- the door -------------------------------------------------------------------

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.getall(hdrs.HOST, []) != [f"localhost:{self.port}"]:
            return answer(421, "foreign_origin")
        changes = request.method not in _SAFE or is_upgrade(request)
        if changes and request.headers.getall(hdrs.ORIGIN, []) != [self.origin]:
            return answer(403, "foreign_origin")
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return answer(error.status, "not_found")

    async def _page(self, request: web.Request) -> web.Response:
        return answer_page(request, self._pages)

    # --- resources ------------------------------------------------------------------

    async def _resource(self, request: web.Request) -> web.Response:
        """Carry one request to the relay and its answer back."""
        if not _PATH.fullmatch(request.rel_url.raw_path) or ".." in request.path:
            raise web.HTTPNotFound
        url = URL(f"{self.relay}{request.rel_url.raw_path}", encoded=True)
        if request.query_string:
            url = url.with_query(request.query_string)
        headers = self._headers(request)
        if kind := request.headers.get(hdrs.CONTENT_TYPE):
            headers[hdrs.CONTENT_TYPE] = kind
        try:
            async with self._session.request(
                request.method,
                url,
                data=await request.read() or None,
                headers=headers,
                allow_redirects=False,
            ) as said:
                return await self._carried(request, said)
        except (ClientError, TimeoutError, OSError) as error:
            _log.warning("relay_unreachable", why=type(error).__name__)
            return answer(502, "unavailable")

    async def _carried(
        self, request: web.Request, said: ClientResponse
    ) -> web.Response:
        if said.content_type not in _PASSED:
            _log.warning("refused", kind=said.content_type[:100])
            return answer(502, "unavailable")
        body = await said.content.read(_LARGEST)
        while len(body) < _LARGEST and (more := await said.content.read(65536)):
            body += more
        if request.path == "/api/me" and request.method == hdrs.METH_GET:
            body = self._with_relay(body)
        headers = {
            name: said.headers[name]
            for name in (hdrs.CONTENT_DISPOSITION, hdrs.RETRY_AFTER)
            if name in said.headers
        }
        if said.content_type != "application/json":
            headers.setdefault(hdrs.CONTENT_DISPOSITION, "attachment")
        response = web.Response(
            status=said.status,
            body=body,
            headers=headers,
            content_type=said.content_type,
        )
        self._keep_cookie(said, response, request)
        return response

    def _with_relay(self, body: bytes) -> bytes:
        """Say which relay this is for; what the relay says of it is not passed on."""
        try:
            me = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return b"null"
        if not isinstance(me, dict):
            return b"null"
        return msgspec.json.encode({**me, "relay": self.relay})

    def _keep_cookie(
        self, said: ClientResponse, response: web.Response, request: web.Request
    ) -> None:
        """Keep the relay's cookie here, and give the browser a name for it."""
        for line in said.headers.getall(hdrs.SET_COOKIE, []):
            try:
                morsel = SimpleCookie(line).get(self._theirs)
            except CookieError:
                continue
            if morsel is None:
                continue
            self._held.pop(request.cookies.get(_OURS, ""), None)
            if morsel.value:
                name = secrets.token_urlsafe(32)
                self._held[name] = morsel.value
                response.set_cookie(
                    _OURS, name, path="/", httponly=True, samesite="Strict"
                )
            else:
                response.del_cookie(_OURS, path="/")

    def _headers(self, request: web.Request) -> dict[str, str]:
        """Return what the relay is told: one origin, one cookie, a kind of browser."""
        headers: dict[str, str] = {hdrs.ORIGIN: self.relay}
        if agent := request.headers.get(hdrs.USER_AGENT):
            headers[hdrs.USER_AGENT] = agent
        if token := self._held.get(request.cookies.get(_OURS, "")):
            headers[hdrs.COOKIE] = f"{self._theirs}={token}"
        return headers

    # --- the socket -----------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Carry frames both ways, in order, none dropped, none opened."""
        if not is_upgrade(request):
            return answer(400, "bad_input")
        url = "ws" + self.relay.removeprefix("http") + "/console/v1"
        try:
            relay = await self._session.ws_connect(
                url,
                headers=self._headers(request),
                compress=0,
                max_msg_size=FRAME_MAX,
            )
        except WSServerHandshakeError as error:
            return answer(error.status if error.status >= 400 else 502, "not_signed_in")
        except (ClientError, TimeoutError, OSError):
            return answer(502, "unavailable")
        browser = web.WebSocketResponse(
            compress=False, max_msg_size=FRAME_MAX, heartbeat=_HEARTBEAT_S
        )
        async with relay:
            await browser.prepare(request)
            async with asyncio.TaskGroup() as group:
                there = group.create_task(_pump(browser, relay))
                back = group.create_task(_pump(relay, browser))
                await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
                code = relay.close_code if back.done() else None
                await browser.close(code=code or 1000)
                await relay.close()
                there.cancel()
                back.cancel()
        return browser


_Socket = web.WebSocketResponse | ClientWebSocketResponse


async def _pump(source: _Socket, sink: _Socket) -> None:
    """Carry frames until the source ends; a slow sink stops the source's reader."""
    async for message in source:
        try:
            if message.type is WSMsgType.TEXT:
                await sink.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await sink.send_bytes(message.data)
        except (ConnectionError, RuntimeError):
            return


async def _to_console(request: web.Request) -> web.Response:
    raise web.HTTPFound(CONSOLE_AT)


async def _dress(request: web.Request, response: web.StreamResponse) -> None:
    if isinstance(response, web.WebSocketResponse):
        return
    response.headers.update(ALWAYS)
    response.headers.popall(hdrs.SERVER, None)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
