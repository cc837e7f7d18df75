"""The console's files, as they are in the package: a fixed list, read once.

No path of a request ever reaches the file system: it is looked up in the list, and
what is not there does not exist. A console that is altered on disk while the relay
runs is not served.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from ..keys import SETTINGS

#: Where the console lies in the package.
CONSOLE: Final = Path(__file__).parent.parent / "console"

#: What is served, by ending; whatever else lies there (types, notes) is not.
_TYPES: Final = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".ico": "image/x-icon",
        ".webmanifest": "application/manifest+json",
        ".LICENSE": "text/plain; charset=utf-8",
    }
)
#: Where technicians find it; its own files are named relative to this.
CONSOLE_AT: Final = "/console/"
_INDEX: Final = "/index.html"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the console."""

    body: bytes = field(repr=False)
    kind: str
    #: A strong entity tag: its SHA-256.
    tag: str


def read_pages(folder: Path = CONSOLE) -> dict[str, Page]:
    """Read the console; keys are paths of URLs."""
    pages: dict[str, Page] = {}
    for file in sorted(folder.rglob("*")):
        kind = _TYPES.get(file.suffix)
        if kind is None or not file.is_file() or file.name.startswith("."):
            continue
        body = file.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        pages[f"/{file.relative_to(folder).as_posix()}"] = Page(body, kind, tag)
    if _INDEX in pages:
        pages["/"] = pages[_INDEX]
    return pages


def add_pages(app: web.Application, pages: dict[str, Page]) -> None:
    """Add the console under its own path."""
    app.router.add_get("/console", _to_console)
    app.router.add_get("/console/{page:.*}", _handler(pages))


async def _to_console(request: web.Request) -> web.Response:
    raise web.HTTPFound(CONSOLE_AT)


def _handler(pages: dict[str, Page]) -> Handler:
    async def page_handler(request: web.Request) -> web.Response:
        is_index = not request.match_info["page"]
        if is_index and (elsewhere := _better_address(request)):
            raise web.HTTPFound(elsewhere)
        return answer_page(request, pages)

    return page_handler


def answer_page(request: web.Request, pages: Mapping[str, Page]) -> web.Response:
    """Answer the file that the route's ``page`` names.

    Raises:
        web.HTTPNotFound: it is not on the list.
    """
    page = pages.get(f"/{request.match_info['page']}")
    if page is None:
        raise web.HTTPNotFound
    headers = {hdrs.ETAG: page.tag, hdrs.CACHE_CONTROL: "no-cache"}
    if page.tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    headers[hdrs.CONTENT_TYPE] = page.kind
    return web.Response(body=page.body, headers=headers)


def _better_address(request: web.Request) -> str | None:
    """Return the public origin when this machine was called by another of its names.

    A page from 127.0.0.1 could not sign in at localhost: the origin would be wrong.
    """
    origin = request.app[SETTINGS].origin
    asked = urlsplit(f"//{request.host}").hostname
    meant = urlsplit(origin).hostname
    if asked != meant and asked in _HERE and meant in _HERE:
        return f"{origin}{CONSOLE_AT}"
    return None
