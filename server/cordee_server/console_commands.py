"""``cordee console``, ``verify-console`` and ``console-manifest``: the page itself.

A relay that serves a changed page reads what is typed into it. These commands let a
technician do without the relay's page, or hold it to a release's.
"""

from __future__ import annotations

import asyncio
import secrets
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer

from cordee_shared.canonical import b64, unb64
from cordee_shared.errors import MalformedFrame, SettingsError, Tampered

from .commands import say
from .keyfiles import make_key_file, public_bytes, read_relay_key
from .local_console import PORT
from .origins import is_origin
from .web.manifest import Manifest, Release, manifest_of, read_manifest
from .web.pages import read_pages

#: Something differs: for scripts, beside 2 for whatever could not be done.
DIFFERS: Final = 1

_Relay = Annotated[str, typer.Argument(help="The relay's address: https://…")]


def verify_console(
    relay: _Relay,
    manifest: Annotated[
        Path | None,
        typer.Option(help="A release's signed manifest; else this installation."),
    ] = None,
    key: Annotated[
        str, typer.Option(help="The release's public key, or a file that holds it.")
    ] = "",
) -> None:
    """Compare the console that a relay serves with a release's, file by file."""
    from .verify_console import verify

    held_to = _manifest(manifest, key)
    found = asyncio.run(verify(_origin(relay), held_to))
    if found:
        say(*(f"differs: {line}" for line in found))
        raise typer.Exit(DIFFERS)
    say(
        f"{len(held_to.files)} files are served as release {held_to.release} has them, "
        "under its headers.",
        "A relay may still serve somebody else another page: `cordee console` does "
        "without the relay's.",
    )


def console(
    relay: Annotated[str, typer.Option(help="The relay's address: https://…")],
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="On this machine.")
    ] = PORT,
) -> None:
    """Serve the console from this machine; the relay only carries. Ends by Ctrl-C."""
    from .local_serving import serve

    asyncio.run(
        serve(
            _origin(relay),
            port,
            on_ready=lambda origin: say(f"Console:   {origin}/console/"),
        )
    )


def console_manifest(
    key: Annotated[Path, typer.Option(help="The release's signing key; made if new.")],
    out: Annotated[Path, typer.Option(help="Where the signed manifest is written.")],
) -> None:
    """Sign what this installation's console consists of, for a release."""
    if not key.exists():
        make_key_file(key, secrets.token_bytes)
        say(f"made {key}")
    signer = read_relay_key(key)
    ours = _installed()
    try:
        out.write_text(Release(signer).sign(ours), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{out}: cannot be written ({error.strerror})") from None
    say(
        f"wrote {out}: {len(ours.files)} files of release {ours.release}",
        f"public key: {b64(public_bytes(signer))}",
    )


def _installed() -> Manifest:
    return manifest_of(read_pages(), version("cordee"))


def _manifest(file: Path | None, key: str) -> Manifest:
    if file is None:
        return _installed()
    if not key:
        raise SettingsError("--key: expected the key that the manifest is signed with")
    try:
        text = file.read_text(encoding="utf-8")
        named = Path(key)
        public = unb64(named.read_text("ascii").strip() if named.is_file() else key)
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}") from None
    except (MalformedFrame, UnicodeDecodeError):
        raise SettingsError("--key: expected 43 characters of base64url") from None
    try:
        return read_manifest(text, public)
    except (MalformedFrame, Tampered) as error:
        raise SettingsError(f"{file}: {error}") from None


def _origin(relay: str) -> str:
    origin = relay.rstrip("/")
    if not is_origin(origin):
        raise SettingsError(
            f"{relay!r} is no relay's address: expected https://host, or http to this "
            "machine"
        )
    return origin
