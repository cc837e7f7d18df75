import hashlib
from pathlib import Path

import msgspec
import pytest
from aiohttp.test_utils import TestClient, TestServer

from cordee_server.front import Branding
from cordee_server.web.welcome import preferred
from cordee_shared.errors import SettingsError
from cordee_shared.session.language import Language
from tests.server.conftest import Browser, House, sign_in

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0"


async def text(browser: Browser, path: str, **headers: str) -> str:
    status, _, said = await browser.ask("GET", path, origin=None, **headers)
    assert status == 200
    assert isinstance(said, bytes)
    return said.decode("utf-8")


def put(house: House, name: str, body: bytes) -> None:
    """Put a file into the folder that is offered."""
    folder = house.settings.downloads.folder
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(body)


@pytest.fixture
def offered(house: House, tmp_path: Path) -> House:
    """A house whose downloads lie in the test's folder, set before its app is made."""
    house.settings = msgspec.structs.replace(
        house.settings, downloads=house.settings.downloads.beside(tmp_path)
    )
    put(house, "cordee-agent.exe", b"MZ program")
    return house


async def test_a_customer_finds_the_button_for_his_system(offered: House) -> None:
    async with TestClient(TestServer(offered.app())) as client:
        browser = Browser(client)
        found = await text(browser, "/", User_Agent=WINDOWS)
        assert 'href="/download/cordee-agent.exe"' in found
        assert "Aide &amp; Cie" in found
        status, headers, body = await browser.ask("GET", "/download/cordee-agent.exe")
        assert (status, body) == (200, b"MZ program")
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["Content-Disposition"].startswith("attachment; filename=")
        assert hashlib.sha256(b"MZ program").hexdigest() in found


@pytest.mark.parametrize(
    "name", ["nothing.exe", "..%2fcordee.db", "cordee-agent.exe%00"]
)
async def test_nothing_but_what_is_offered_is_sent(offered: House, name: str) -> None:
    async with TestClient(TestServer(offered.app())) as client:
        status, _, _ = await Browser(client).ask("GET", f"/download/{name}")
    assert status == 404


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de,en;q=0.5,fr;q=0.7", "fr"),
        ("de-DE", "fr"),
        ("en;q=0, fr", "fr"),
        ("en;q=x", "fr"),
        ("", "fr"),
    ],
)
def test_the_browsers_language_is_spoken(accepted: str, language: str) -> None:
    assert preferred(accepted) is Language(language)


async def test_the_switch_wins_over_the_browser(browser: Browser) -> None:
    english = await text(browser, "/?lang=en", Accept_Language="fr")
    assert '<html lang="en">' in english
    french = await text(browser, "/", Accept_Language="fr")
    assert '<html lang="fr">' in french
    assert 'href="/?lang=en"' in french


async def test_another_computers_program_can_be_chosen(browser: Browser) -> None:
    chosen = await text(browser, "/?lang=fr&system=macos", User_Agent=WINDOWS)
    assert 'data-system="macos"' in chosen
    odd = await text(browser, "/?system=%22%3E", User_Agent=WINDOWS)
    assert 'data-system="windows"' in odd


async def test_terms_and_notice_are_one_click_away(
    house: House, browser: Browser
) -> None:
    root = await text(browser, "/")
    for path in ("/terms", "/privacy"):
        assert f'href="{path}?lang=fr"' in root
    assert house.settings.terms_text().splitlines()[0] in await text(browser, "/terms")
    assert "Aide &amp; Cie" in await text(browser, "/privacy")


async def test_whoever_is_signed_in_is_sent_on_to_the_console(
    house: House, browser: Browser
) -> None:
    await sign_in(house, browser)
    status, headers, _ = await browser.ask("GET", "/")
    assert (status, headers["Location"]) == (302, "/console/")
    assert "data-testid" in await text(browser, "/?lang=fr")
    await house.technicians.remove("luc")
    assert "data-testid" in await text(browser, "/")


async def test_the_looks_are_the_operators(house: House, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "notice.txt").write_text("Nos mots à nous.")
    house.settings = msgspec.structs.replace(
        house.settings,
        branding=Branding(
            name="Micro <b>",
            accent="#8a1538",
            logo=tmp_path / "logo.svg",
            privacy_file=tmp_path / "notice.txt",
        ),
    )
    async with TestClient(TestServer(house.app())) as client:
        browser = Browser(client)
        root = await text(browser, "/")
        assert "Micro &lt;b&gt;" in root
        assert 'src="/welcome/logo"' in root
        assert await text(browser, "/welcome/brand.css") == (
            ":root { --accent: #8a1538; }\n"
        )
        assert "<svg" in await text(browser, "/welcome/logo")
        assert "Nos mots à nous." in await text(browser, "/privacy")
        for step in (1, 2, 3):
            assert "<svg" in await text(browser, f"/welcome/step-{step}.svg")


@pytest.mark.parametrize("key", ["logo", "privacy_file"])
async def test_a_file_that_is_missing_is_named_before_the_start(
    house: House, tmp_path: Path, key: str
) -> None:
    branding = msgspec.structs.replace(Branding(), **{key: tmp_path / "no.svg"})
    house.settings = msgspec.structs.replace(house.settings, branding=branding)
    with pytest.raises(SettingsError, match=f"branding.{key}: .* cannot be read"):
        house.app()


async def test_no_secret_is_in_an_address(browser: Browser) -> None:
    root = await text(browser, "/", User_Agent=WINDOWS)
    for part in root.split('href="')[1:]:
        address = part.partition('"')[0]
        assert not any(
            len(digits) >= 5 for digits in address.split() if digits.isdigit()
        )
        assert "code" not in address
