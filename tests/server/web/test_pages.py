import hashlib
from pathlib import Path

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cordee_server import keys
from cordee_server.settings import Settings
from cordee_server.web.pages import CONSOLE, add_pages, read_pages
from tests.server.conftest import Browser

FILES = {
    "index.html": "text/html; charset=utf-8",
    "main.js": "text/javascript; charset=utf-8",
    "a/b.mjs": "text/javascript; charset=utf-8",
    "console.css": "text/css; charset=utf-8",
    "vendor/zstd.wasm": "application/wasm",
    "vendor/font.woff2": "font/woff2",
    "vendor/htm.LICENSE": "text/plain; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
UNSERVED = ["types.d.ts", "notes.md", ".hidden.js", "VENDOR.json", "x.py"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*FILES, *UNSERVED):
        file = tmp_path / "console" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"this is {name}")
    (tmp_path / "secret.js").write_text("outside")
    return tmp_path / "console"


@pytest.fixture
def app(settings: Settings, folder: Path) -> web.Application:
    app = web.Application()
    app[keys.SETTINGS] = settings
    add_pages(app, read_pages(folder))
    return app


async def test_each_file_comes_whole_as_what_it_is(app: web.Application) -> None:
    async with TestClient(TestServer(app)) as client:
        browser = Browser(client)
        for name, kind in FILES.items():
            status, headers, body = await browser.ask("GET", f"/console/{name}")
            assert (status, headers["Content-Type"]) == (200, kind)
            assert body == f"this is {name}".encode()
        _, _, body = await browser.ask("GET", "/console/")
        assert body == b"this is index.html"


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{name}" for name in UNSERVED),
        "/../secret.js",
        "/%2e%2e/secret.js",
        "/a/../../secret.js",
        "/..%2fsecret.js",
        "/a",
        "/a/",
        "//main.js",
        "/main.js/",
        "/MAIN.JS",
        "/main.js%00",
    ],
)
async def test_what_is_not_on_the_list_does_not_exist(
    app: web.Application, path: str
) -> None:
    async with TestClient(TestServer(app)) as client:
        reader_answer = await client.session.get(
            client.make_url("/").with_path(f"/console{path}", encoded=True),
            allow_redirects=False,
        )
        assert reader_answer.status == 404
        reader_answer.release()


async def test_the_way_to_the_console_is_said_to_whoever_leaves_out_the_slash(
    app: web.Application,
) -> None:
    async with TestClient(TestServer(app)) as client:
        status, headers, _ = await Browser(client).ask("GET", "/console")
    assert (status, headers["Location"]) == (302, "/console/")


async def test_a_file_that_the_browser_has_is_not_sent_again(
    app: web.Application,
) -> None:
    async with TestClient(TestServer(app)) as client:
        browser = Browser(client)
        _, headers, body = await browser.ask("GET", "/console/main.js")
        assert isinstance(body, bytes)
        assert headers["Etag"] == f'"{hashlib.sha256(body).hexdigest()}"'
        assert headers["Cache-Control"] == "no-cache"
        status, _, body = await browser.ask(
            "GET", "/console/main.js", If_None_Match=headers["Etag"]
        )
        assert (status, body) == (304, b"")


async def test_a_file_altered_while_the_relay_runs_is_not_served(
    app: web.Application, folder: Path
) -> None:
    (folder / "main.js").write_text("altered")
    async with TestClient(TestServer(app)) as client:
        _, _, body = await Browser(client).ask("GET", "/console/main.js")
    assert body == b"this is main.js"


async def test_this_machine_is_sent_to_the_name_that_works(
    settings: Settings, folder: Path
) -> None:
    app = web.Application()
    origin = "http://localhost:8080"
    app[keys.SETTINGS] = msgspec.structs.replace(settings, public_origin=origin)
    add_pages(app, read_pages(folder))
    async with TestClient(TestServer(app)) as client:
        browser = Browser(client)
        status, headers, _ = await browser.ask(
            "GET", "/console/", Host="127.0.0.1:8080"
        )
        assert (status, headers.get("Location")) == (302, f"{origin}/console/")
        for host in ("localhost:8080", "evil.example"):
            assert (await browser.ask("GET", "/console/", Host=host))[0] == 200


def test_the_console_of_the_package_is_complete() -> None:
    pages = read_pages(CONSOLE)
    assert {"/", "/index.html"} <= pages.keys()
    assert pages["/"].body.startswith(b"<!doctype html>")
    assert {"/vendor/preact.js", "/vendor/zstd.wasm"} <= pages.keys()
