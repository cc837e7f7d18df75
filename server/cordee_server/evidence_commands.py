"""``cordee verify``, ``cordee receipt`` and ``cordee journal verify``.

Exit codes: 0 everything fits; 1 something does not, and what it is was said; 2 a
mistake, in one sentence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from cordee_shared.canonical import b64, unb64
from cordee_shared.errors import MalformedFrame, Refused, SettingsError, Tampered
from cordee_shared.ids import read_session_id
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import Checked, check
from cordee_shared.journal.receipt_page import page
from cordee_shared.session.language import Language

from .commands import Config, say, time_text, with_parts
from .keyfiles import public_bytes
from .parts import Parts
from .services.inspection import Inspection

#: Something does not fit.
WRONG: Final = 1

OutOption = Annotated[
    Path | None, typer.Option(help="Where to write it; else its name, here.")
]


def verify(
    receipt: Annotated[Path, typer.Argument(help="The file that was kept.")],
    relay_key: Annotated[
        str, typer.Option(help="The relay's key, as its provider publishes it.")
    ] = "",
) -> None:
    """Check a receipt, offline; name the first thing that is wrong."""
    key = _key(relay_key) if relay_key else None
    try:
        found = check(_read(receipt), key)
    except Tampered as error:
        say(f"WRONG. {error}")
        raise typer.Exit(WRONG) from None
    say(*_told(found))
    if key is None:
        say(f"Under the key that it names itself: {b64(found.relay_pk)}")


def make_receipt(
    session: Annotated[str, typer.Argument(help="A session's id: 32 digits.")],
    out: OutOption = None,
    lang: Annotated[Language, typer.Option(help="Of the page.")] = Language.FR,
    config: Config = None,
) -> None:
    """Write the provider's copy of a session's receipt, and the page to read it by."""
    try:
        named = read_session_id(session)
    except MalformedFrame:
        raise Refused(f"{session!r} is no session's id: 32 digits.") from None
    made = with_parts(config, lambda parts: parts.evidence.receipt(named))
    file = out or Path(f"receipt-{named[:8]}.json")
    try:
        found = check(made)
        file.write_bytes(made.write())
        file.with_suffix(".html").write_text(page(found, lang), encoding="utf-8")
    except Tampered as error:
        say(f"WRONG. {error}")
        raise typer.Exit(WRONG) from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be written ({error.strerror})") from None
    say(f"wrote {file} and {file.with_suffix('.html')}")


def journal_verify(
    first: Annotated[
        Path | None, typer.Option("--from", help="A checkpoint's file; with --to.")
    ] = None,
    second: Annotated[
        Path | None, typer.Option("--to", help="A later checkpoint's file.")
    ] = None,
    receipt: Annotated[
        Path | None, typer.Option(help="A receipt that the journal has to hold.")
    ] = None,
    config: Config = None,
) -> None:
    """Check the whole journal, or it between two checkpoints, or against a receipt."""
    if (first is None) != (second is None):
        raise Refused("--from and --to go together: two checkpoints' files.")

    async def work(parts: Parts) -> list[str]:
        looking = Inspection(parts.log, public_bytes(parts.relay_key))
        if first is not None and second is not None:
            old, new = await looking.between(_note(first), _note(second))
            return [
                f"In order: the journal of {old.size} entries grew into that of "
                f"{new.size}."
            ]
        if receipt is not None:
            return _told(await looking.against(_read(receipt)))
        found = await looking.whole()
        lines = [
            f"In order: {found.size} entries of {found.sessions} sessions, "
            f"{found.notices} notices, {found.heads} signed heads."
        ]
        if found.pruned:
            lines.append(f"{found.pruned} bodies are gone, as notices say.")
        return lines

    try:
        say(*with_parts(config, work))
    except Tampered as error:
        say(f"WRONG. {error}")
        raise typer.Exit(WRONG) from None


def checkpoint(out: OutOption = None, config: Config = None) -> None:
    """Write the journal's newest signed checkpoint, to be kept elsewhere."""
    note = with_parts(config, lambda parts: parts.log.checkpoint())
    if note is None:
        raise Refused("The journal is empty: there is no checkpoint.")
    if out is None:
        say(note.rstrip("\n"))
        return
    try:
        out.write_text(note, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{out}: cannot be written ({error.strerror})") from None
    say(f"wrote {out}")


def _told(found: Checked) -> list[str]:
    return [
        f"In order: session {found.session} of {found.offer.organisation},",
        f"technician {found.attestation.technician}, customer {found.offer.customer},",
        f"from {time_text(found.entries[0].moment.at_ms)} "
        f"to {time_text(found.entries[-1].moment.at_ms)},",
        f"{len(found.entries)} entries; entry {found.index + 1} of {found.head.size} "
        "in the journal.",
    ]


def _read(file: Path) -> Receipt:
    try:
        return Receipt.read(file.read_bytes())
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from None
    except MalformedFrame as error:
        raise Tampered(str(file), str(error)) from None


def _note(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read ({error})") from None


def _key(text: str) -> bytes:
    try:
        key = unb64(text)
    except MalformedFrame:
        key = b""
    if len(key) != 32:
        raise SettingsError(
            "relay-key: expected the 43 characters that 'cordee init' printed"
        )
    return key
