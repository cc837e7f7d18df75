"""Hold what a relay serves as its console against a manifest: ``verify-console``.

What it can show and what not: a relay that serves one page to this command and another
to a technician's browser passes. Only a console from one's own machine
(:mod:`.local_console`) is beyond a relay's reach.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, hdrs

from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import Unavailable

from .web.manifest import File, Manifest

#: No file of a console is larger.
_LARGEST: Final = 8 * 1024 * 1024
_PATIENCE: Final = ClientTimeout(total=30)
#: What would make a browser load or allow something besides the page itself.
_FORBIDDEN: Final = (
    "Access-Control-Allow-Origin",
    "Link",
    "Refresh",
    "Service-Worker-Allowed",
    "SourceMap",
)


async def verify(origin: str, manifest: Manifest) -> list[str]:
    """Fetch every file of a manifest from a relay; return what differs, in order.

    The index comes first, then the files by name; each difference is one sentence.

    Raises:
        Unavailable: the relay does not answer.
    """
    found: list[str] = []
    index = manifest.files[manifest.index]
    asked = [("", index), *sorted(manifest.files.items())]
    async with ClientSession(timeout=_PATIENCE, auto_decompress=False) as session:
        for name, file in asked:
            url = f"{origin}{manifest.base}{name}"
            found += [
                f"{name or 'the index'}: {why}"
                async for why in _differences(session, url, file, manifest)
            ]
    return found


async def _differences(
    session: ClientSession, url: str, file: File, manifest: Manifest
) -> AsyncIterator[str]:
    try:
        async with session.get(
            url, allow_redirects=False, headers={hdrs.ACCEPT_ENCODING: "identity"}
        ) as answer:
            body = await answer.content.read(_LARGEST + 1)
            while len(body) <= _LARGEST and (more := await answer.content.read(65536)):
                body += more
            status, headers = answer.status, answer.headers
    except (ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
        raise Unavailable(f"{url}: no answer ({type(error).__name__})") from None
    if status != 200:
        yield f"is answered with status {status}"
        return
    if sha256_hex(body) != file.sha256:
        yield "is not the file of this release" + "".join(
            f"; {what}" for what in scripts_beside(body, file, manifest)
        )
    if headers.get(hdrs.CONTENT_TYPE) != file.type:
        yield f"is served as {headers.get(hdrs.CONTENT_TYPE)!r}, not as {file.type!r}"
    for header, value in manifest.headers.items():
        if (said := headers.getall(header, [])) != [value]:
            yield f"the header {header} is {', '.join(said) or 'missing'!r}"
    for header in _FORBIDDEN:
        if header in headers:
            yield f"the header {header} should not be there"


def scripts_beside(body: bytes, file: File, manifest: Manifest) -> Iterator[str]:
    """Name the scripts of a page that a release's page does not have."""
    if not file.type.startswith("text/html"):
        return
    parser = _Scripts()
    parser.feed(body.decode("utf-8", "replace"))
    for source in parser.sources:
        if source is None:
            yield "it has an inline script"
        elif source not in manifest.files:
            yield f"it loads the script {source!r}"
    for handler in parser.handlers:
        yield f"it has the inline handler {handler}"


class _Scripts(HTMLParser):
    """Collects where a page's code comes from."""

    def __init__(self) -> None:
        super().__init__()
        #: ``None``: written into the page itself.
        self.sources: list[str | None] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts, and attributes that are code."""
        given = dict(attrs)
        if tag == "script":
            self.sources.append(given.get("src"))
        self.handlers += [name for name in given if name.startswith("on")]
