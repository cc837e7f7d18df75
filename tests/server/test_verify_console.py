"""S-53: whatever a relay serves that a release does not is found, and named."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cordee_server.verify_console import verify
from cordee_server.web.door import ALWAYS
from cordee_server.web.manifest import manifest_of
from cordee_server.web.pages import Page, answer_page, read_pages
from cordee_shared.errors import Unavailable
from tests.house import house

PAGES = read_pages()
OURS = manifest_of(PAGES, "1.2.3")


@asynccontextmanager
async def serving(
    pages: dict[str, Page],
    headers: dict[str, str] | None = None,
    alter: Callable[[web.Request, web.Response], None] | None = None,
) -> AsyncIterator[str]:
    """Serve pages as a relay that is not quite ours might."""

    async def page(request: web.Request) -> web.Response:
        response = answer_page(request, pages)
        response.headers.update(ALWAYS if headers is None else headers)
        if alter is not None:
            alter(request, response)
        return response

    app = web.Application()
    app.router.add_get("/console/{page:.*}", page)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


def changed(name: str, body: bytes) -> dict[str, Page]:
    """Return the pages with one file replaced."""
    return PAGES | {name: Page(body, PAGES[name].kind, '"x"')}


@pytest.mark.slow
async def test_s53_our_own_relay_serves_what_a_release_says(tmp_path: Path) -> None:
    async with house(tmp_path) as relay:
        assert await verify(f"http://localhost:{relay.port}", OURS) == []


@pytest.mark.parametrize("name", ["/main.js", "/console.css", "/vendor/zstd.wasm"])
async def test_s53_one_changed_byte_is_found_and_its_file_named(name: str) -> None:
    body = bytearray(PAGES[name].body)
    body[len(body) // 2] ^= 1
    async with serving(changed(name, bytes(body))) as relay:
        assert await verify(relay, OURS) == [
            f"{name.removeprefix('/')}: is not the file of this release"
        ]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (b"<script>steal()</script>", "it has an inline script"),
        (b'<script src="https://evil.example/x.js"></script>', "loads the script"),
        (b'<script src="extra.js"></script>', "it loads the script 'extra.js'"),
        (b"<img src=x onerror=steal()>", "it has the inline handler onerror"),
    ],
)
async def test_s53_a_script_more_in_the_page_is_named(added: bytes, said: str) -> None:
    body = PAGES["/index.html"].body.replace(b"</body>", added + b"</body>")
    pages = changed("/index.html", body) | changed("/", body)
    async with serving(pages) as relay:
        first, *_ = await verify(relay, OURS)
    assert first.startswith("the index: is not the file of this release")
    assert said in first


async def test_s53_a_page_that_differs_only_at_the_root_is_found() -> None:
    body = PAGES["/"].body + b"<!-- -->"
    async with serving(changed("/", body)) as relay:
        assert await verify(relay, OURS) == [
            "the index: is not the file of this release"
        ]


@pytest.mark.parametrize("header", list(ALWAYS))
async def test_s53_a_header_that_is_left_out_or_weakened_is_found(header: str) -> None:
    without = {name: value for name, value in ALWAYS.items() if name != header}
    for headers in (without, {**ALWAYS, header: ALWAYS[header] + " *"}):
        async with serving(PAGES, headers) as relay:
            first, *_ = await verify(relay, OURS)
        assert first.startswith(f"the index: the header {header} is ")


async def test_s53_a_second_policy_beside_ours_is_found() -> None:
    def alter(_: web.Request, response: web.Response) -> None:
        response.headers.add("Content-Security-Policy", "script-src *")

    async with serving(PAGES, alter=alter) as relay:
        first, *_ = await verify(relay, OURS)
    assert "Content-Security-Policy" in first


@pytest.mark.parametrize("header", ["Link", "Refresh", "Access-Control-Allow-Origin"])
async def test_s53_a_header_that_loads_or_allows_more_is_found(header: str) -> None:
    def alter(request: web.Request, response: web.Response) -> None:
        if request.path == "/console/main.js":
            response.headers[header] = "x"

    async with serving(PAGES, alter=alter) as relay:
        assert await verify(relay, OURS) == [
            f"main.js: the header {header} should not be there"
        ]


async def test_s53_a_missing_file_and_another_type_are_found() -> None:
    def alter(request: web.Request, response: web.Response) -> None:
        if request.path == "/console/main.js":
            response.content_type = "text/plain"

    pages = {name: page for name, page in PAGES.items() if name != "/api.js"}
    async with serving(pages, alter=alter) as relay:
        assert await verify(relay, OURS) == [
            "api.js: is answered with status 404",
            "main.js: is served as 'text/plain; charset=utf-8', not as "
            "'text/javascript; charset=utf-8'",
        ]


async def test_a_relay_that_does_not_answer_is_said_to(
    unused_tcp_port: int,
) -> None:
    with pytest.raises(Unavailable, match="no answer"):
        await verify(f"http://127.0.0.1:{unused_tcp_port}", OURS)
