"""The root of the relay's address: where customers arrive, and get the agent.

Rules:

1. No code, name or other secret is ever in an address of these pages.
2. Nothing of a request reaches the file system: names are looked up in lists.
3. Whoever is signed in and names nothing else is sent on to the console.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from cordee_shared.canonical import b64
from cordee_shared.errors import NotSignedIn, SettingsError
from cordee_shared.provision import Provision
from cordee_shared.session.language import Language

from ..keys import RELAY_KEY, SETTINGS
from ..settings import Settings
from .auth import technician_of, token_of
from .offers import Offers
from .pages import CONSOLE_AT, Page, answer_page, read_pages
from .systems import COMPUTERS, System, system_of
from .welcome_page import House, download_page, privacy_page, terms_page

#: Where the pages' own files lie in the package.
FILES: Final = Path(__file__).parent.parent / "welcome"
#: A logo and a notice are smaller than this, in bytes.
_LARGEST: Final = 512 * 1024

OFFERS: Final = web.AppKey("offers", Offers)
HOUSE: Final = web.AppKey("house", House)
PRIVACY: Final = web.AppKey("privacy", str)
TERMS: Final = web.AppKey("terms", str)


def add_welcome(app: web.Application) -> None:
    """Add the customer's pages.

    Raises:
        SettingsError: the logo, the notice or the terms cannot be read.
    """
    settings = app[SETTINGS]
    app[HOUSE] = House(
        name=settings.branding.name or settings.provider.organisation,
        organisation=settings.provider.organisation,
        phone=settings.provider.phone,
        has_logo=settings.branding.logo is not None,
    )
    app[OFFERS] = Offers(settings.downloads.folder, _belongs_to(app))
    app[PRIVACY] = _notice(settings)
    app[TERMS] = settings.terms_text()
    files = _files(settings)

    async def file(request: web.Request) -> web.Response:
        return answer_page(request, files)

    app.router.add_get("/", welcome)
    app.router.add_get("/terms", terms)
    app.router.add_get("/privacy", privacy)
    app.router.add_get("/download/{file}", download)
    app.router.add_get("/welcome/{page}", file)


async def welcome(request: web.Request) -> web.Response:
    """Answer the download page, for the system that the browser names."""
    if not request.query_string and token_of(request) is not None:
        try:
            await technician_of(request)
        except NotSignedIn:
            pass
        else:
            raise web.HTTPFound(CONSOLE_AT)
    offers = await request.app[OFFERS].all()
    text = download_page(
        request.app[HOUSE], language_of(request), _system_of(request), offers
    )
    return _html(text)


async def terms(request: web.Request) -> web.Response:
    """Answer the general terms in force."""
    version = request.app[SETTINGS].terms.version
    text = request.app[TERMS]
    return _html(terms_page(request.app[HOUSE], language_of(request), version, text))


async def privacy(request: web.Request) -> web.Response:
    """Answer what becomes of a customer's data."""
    house, own = request.app[HOUSE], request.app[PRIVACY]
    return _html(privacy_page(house, language_of(request), own))


async def download(request: web.Request) -> web.StreamResponse:
    """Answer a file of the folder, under the name that tells it its relay."""
    offer = await request.app[OFFERS].find(request.match_info["file"])
    if offer is None:
        raise web.HTTPNotFound
    return web.FileResponse(
        offer.path,
        headers={
            hdrs.CONTENT_TYPE: "application/octet-stream",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{offer.saved_as}"',
        },
    )


def language_of(request: web.Request) -> Language:
    """Return the language that was chosen, else the browser's first that we have."""
    chosen = request.query.get("lang", "")
    if chosen in set(Language):
        return Language(chosen)
    return preferred(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))


def preferred(accepted: str) -> Language:
    """Return what ``Accept-Language`` asks for; French when it says nothing of ours."""
    found: list[tuple[float, int, Language]] = []
    for at, part in enumerate(accepted[:1000].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted = float(weight or "1")
            language = Language(tag[:2].lower())
        except ValueError:
            continue
        if wanted > 0:
            found.append((-wanted, at, language))
    return min(found)[2] if found else Language.FR


def _system_of(request: web.Request) -> System:
    chosen = request.query.get("system", "")
    if chosen in set(COMPUTERS):
        return System(chosen)
    return system_of(request.headers.get(hdrs.USER_AGENT, ""))


def _html(text: str) -> web.Response:
    return web.Response(
        text=text,
        content_type="text/html",
        charset="utf-8",
        headers={
            hdrs.CACHE_CONTROL: "no-cache",
            hdrs.VARY: "Accept-Language, User-Agent, Cookie",
        },
    )


def _belongs_to(app: web.Application) -> Provision | None:
    settings = app[SETTINGS]
    if not settings.is_secure or RELAY_KEY not in app:
        return None
    key = b64(app[RELAY_KEY].public_key().public_bytes_raw())
    return Provision(settings.origin, key)


def _files(settings: Settings) -> Mapping[str, Page]:
    files = read_pages(FILES)
    brand = f":root {{ --accent: {settings.branding.accent}; }}\n".encode()
    files["/brand.css"] = _page(brand, "text/css; charset=utf-8")
    if (logo := settings.branding.logo) is not None:
        kind = "image/svg+xml" if logo.suffix == ".svg" else "image/png"
        files["/logo"] = _page(_read("branding.logo", logo), kind)
    return files


def _notice(settings: Settings) -> str:
    file = settings.branding.privacy_file
    if file is None:
        return ""
    try:
        return _read("branding.privacy_file", file).decode("utf-8")
    except UnicodeDecodeError:
        raise SettingsError(f"branding.privacy_file: {file}: expected UTF-8") from None


def _page(body: bytes, kind: str) -> Page:
    return Page(body, kind, f'"{hashlib.sha256(body).hexdigest()}"')


def _read(key: str, file: Path) -> bytes:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{key}: {file}: cannot be read ({error.strerror})"
        ) from None
    if len(body) > _LARGEST:
        raise SettingsError(f"{key}: {file}: expected at most {_LARGEST // 1024} kB")
    return body
