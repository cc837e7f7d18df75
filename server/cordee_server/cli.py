"""``cordee``: what an operator does on the relay's own machine.

Accounts are made here and nowhere else: there is no set-up page (S-52). An error is
one sentence and exit code 2.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
from pathlib import Path
from typing import Annotated, Final

import segno
import typer

from cordee_shared.canonical import b64, canonical, sha256_hex
from cordee_shared.errors import (
    CordeeError,
    MalformedFrame,
    Refused,
    SettingsError,
    Tampered,
)
from cordee_shared.ids import read_session_id
from cordee_shared.journal.entry import Entry, verify_fact

from . import logs
from .backup_commands import backup, restore
from .billing_commands import billing
from .commands import Config, say, time_text, with_parts
from .console_commands import console, console_manifest, verify_console
from .doctor_command import doctor
from .document_commands import document as _document  # noqa: F401 - joins `billing`
from .engagement_commands import engagement
from .evidence_commands import checkpoint, journal_verify, make_receipt, verify
from .keyfiles import public_bytes
from .parts import Parts, hold_folder, initialise, open_parts
from .privacy_commands import privacy
from .roles import Role
from .services.technicians import OPERATOR, NewSecrets
from .settings import DEFAULT_FILE, Settings, load
from .sidecar_command import sidecar
from .starter import provider_starter, starter

#: What was wrong is in the sentence; scripts only need to know that something was.
EXIT: Final = 2

app = typer.Typer(
    name="cordee",
    help="The relay of Cordée, and its operator's commands.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
technician = typer.Typer(help="Technicians' accounts.", no_args_is_help=True)
journal = typer.Typer(help="The journal.", no_args_is_help=True)
app.add_typer(technician, name="technician")
app.add_typer(journal, name="journal")
app.add_typer(billing, name="billing")
app.add_typer(engagement, name="engagement")
app.add_typer(privacy, name="privacy")
app.command("verify")(verify)
app.command("receipt")(make_receipt)
app.command("sidecar")(sidecar)
app.command("doctor")(doctor)
app.command("backup")(backup)
app.command("restore")(restore)
journal.command("verify")(journal_verify)
journal.command("checkpoint")(checkpoint)
app.command("console")(console)
app.command("verify-console")(verify_console)
app.command("console-manifest")(console_manifest)


def main() -> None:
    """Run the command; say what went wrong in one sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a character must not cost somebody their password.
            stream.reconfigure(errors="replace")
    try:
        app()
    except CordeeError as error:
        typer.echo(f"cordee: {error}", err=True)
        sys.exit(EXIT)


# --- the relay ---------------------------------------------------------------------


@app.command()
def serve(
    config: Config = None,
    accept_clock: Annotated[
        bool,
        typer.Option(
            "--accept-clock",
            help="Start although the clock is before the journal's newest entry.",
        ),
    ] = False,
) -> None:
    """Run the relay until Ctrl-C or SIGTERM."""
    # Late: the other commands need neither the app nor a web server.
    from .serving import serve as run

    settings = load(config, os.environ)
    logs.configure()
    parts = open_parts(settings)
    try:
        with hold_folder(settings):
            asyncio.run(
                run(
                    parts,
                    accept_clock=accept_clock,
                    on_ready=lambda: _announce(settings),
                )
            )
    finally:
        parts.close()


def _announce(settings: Settings) -> None:
    say(f"Cordée listens at {settings.origin}")
    try:
        settings.billing_provider()
    except SettingsError as error:
        # Sessions and their records run without; what is printed does not. Said to
        # the person who started it: standard error is the log's, JSON alone (S-46).
        say(f"No documents yet: {error}")


@app.command()
def init(
    config: Config = None,
    organisation: Annotated[str, typer.Option(help="Your name, for customers.")] = "",
    phone: Annotated[str, typer.Option(help="Where customers reach you.")] = "",
    terms: Annotated[
        Path | None, typer.Option(help="File with your general terms.")
    ] = None,
    terms_version: Annotated[str, typer.Option(help="What they are called.")] = "",
    price_cents: Annotated[
        int, typer.Option(help="For each begun half-hour, all taxes included.")
    ] = -1,
) -> None:
    """Make the data folder, its keys and database; write settings if there are none."""
    named = config or Path(os.environ.get("CORDEE_CONFIG") or DEFAULT_FILE)
    if not named.exists():
        missing = [
            name
            for name, given in (
                ("--organisation", organisation),
                ("--phone", phone),
                ("--terms", terms),
                ("--terms-version", terms_version),
                ("--price-cents", price_cents >= 0),
            )
            if not given
        ]
        if missing or terms is None:
            raise SettingsError(
                f"{named}: not there; to write it, expected {', '.join(missing)}"
            )
        try:
            words = terms.read_bytes()
            kept = named.with_name("terms.txt")
            if not kept.exists() or kept.read_bytes() != words:
                kept.write_bytes(words)
            named.write_text(
                starter(
                    organisation=organisation,
                    phone=phone,
                    terms_version=terms_version,
                    terms_hash=sha256_hex(words),
                    price_cents=price_cents,
                ),
                encoding="utf-8",
            )
        except OSError as error:
            raise SettingsError(f"{error.filename}: {error.strerror}") from None
        say(f"wrote {named}")
    settings = load(named, os.environ)
    facts = settings.provider_file
    if not facts.exists():
        facts.write_text(
            provider_starter(settings.provider.organisation), encoding="utf-8"
        )
        say(f"wrote {facts}: fill it in before documents are made")
    for made in initialise(settings):
        say(f"made {made}")
    parts = open_parts(settings)
    parts.close()
    say(f"relay key: {b64(public_bytes(parts.relay_key))}")


@app.command()
def demo(
    data: Annotated[
        Path, typer.Option(help="Folder of the demonstration; used again.")
    ] = Path("data"),
    lang: Annotated[str, typer.Option(help="Of the agent's window: fr or en.")] = "",
) -> None:
    """Run a relay, a first technician and an agent on this machine."""
    from .demo import run

    sys.exit(run(data, say, language=lang))


# --- technicians -------------------------------------------------------------------


@technician.command("add")
def technician_add(
    name: str,
    display_name: Annotated[
        str, typer.Option(help="What customers are shown; else the name.")
    ] = "",
    role: Annotated[
        Role, typer.Option(help="What the account is for; two roles: two accounts.")
    ] = Role.TECHNICIAN,
    config: Config = None,
) -> None:
    """Make an account; its password and second factor are shown once."""
    _show(
        with_parts(
            config, lambda parts: parts.technicians.add(name, display_name, role)
        )
    )


@technician.command("recovery")
def technician_recovery(name: str, config: Config = None) -> None:
    """Replace an account's recovery codes; the new ones are shown once."""
    made = with_parts(config, lambda parts: parts.accounts.new_recovery(OPERATOR, name))
    say("Each stands in for the second factor once; none is shown again:", "")
    say(*(f"  {code}" for code in made))


@technician.command("role")
def technician_role(name: str, role: Role, config: Config = None) -> None:
    """Give an account another role; it is signed out everywhere."""
    with_parts(config, lambda parts: parts.accounts.set_role(OPERATOR, name, role))
    say(f"{name} is {role.value} now")


@technician.command("lock")
def technician_lock(name: str, config: Config = None) -> None:
    """Lock an account and sign it out everywhere, until it is unlocked."""
    _lock(config, name, locked=True)
    say(f"locked {name}")


@technician.command("unlock")
def technician_unlock(name: str, config: Config = None) -> None:
    """Let a locked account sign in again."""
    _lock(config, name, locked=False)
    say(f"unlocked {name}")


def _lock(config: Path | None, name: str, *, locked: bool) -> None:
    with_parts(
        config, lambda parts: parts.accounts.set_locked(OPERATOR, name, locked=locked)
    )


@technician.command("reset")
def technician_reset(name: str, config: Config = None) -> None:
    """Give an account new secrets, lift its locks and sign it out everywhere."""
    _show(with_parts(config, lambda parts: parts.technicians.reset(name)))


@technician.command("remove")
def technician_remove(name: str, config: Config = None) -> None:
    """Remove an account; what it did stays in the journal."""
    with_parts(config, lambda parts: parts.technicians.remove(name))
    say(f"removed {name}")


@technician.command("list")
def technician_list(config: Config = None) -> None:
    """List the accounts."""

    async def work(parts: Parts) -> list[str]:
        now = parts.clock.now_ms()
        lines = []
        for one in await parts.technicians.all():
            until = await parts.technicians.blocked_until(one.id)
            lock = f"  locked until {time_text(until)}" if until > now else ""
            lock = "  locked" if one.locked else lock
            made = f"since {time_text(one.created_ms)}"
            lines.append(
                f"{one.id:<20}  {one.display_name:<30}  {one.role.value:<10}  "
                f"{made}{lock}"
            )
        return lines

    say(*with_parts(config, work))


def _show(secrets: NewSecrets) -> None:
    """Show an account's secrets, and the second factor as a picture to scan."""
    say(
        f"Name:      {secrets.technician}",
        f"Shown as:  {secrets.display_name}",
        f"Role:      {secrets.role.value}",
        f"Password:  {secrets.password}",
        f"Secret:    {secrets.seed}",
        f"Address:   {secrets.totp_uri}",
    )
    say("", "Scan this with an authenticator; none of it is shown again:", "")
    say(*qr(secrets.totp_uri).splitlines())
    say("", "Recovery codes, for the day the authenticator is lost; each works once:")
    say(*(f"  {code}" for code in secrets.recovery))


def qr(text: str) -> str:
    """Return a QR code out of block characters, for light text on dark ground."""
    out = io.StringIO()
    segno.make(text, error="m").terminal(out, compact=True)
    return out.getvalue()


# --- journal and billing -----------------------------------------------------------


@journal.command("show")
def journal_show(
    session: Annotated[str, typer.Argument(help="Nothing: the latest sessions.")] = "",
    config: Config = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The entries as they are stored.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many sessions.")] = 50,
) -> None:
    """List the latest sessions, or one session's entries."""

    async def sessions(parts: Parts) -> list[str]:
        return [
            f"{s.session}  {time_text(s.started_ms)}  {s.state:<11}  "
            f"{s.entries:>4} entries  {s.engagement or '-'}"
            for s in await parts.journal.summaries(limit)
        ]

    async def entries(parts: Parts) -> list[str]:
        try:
            named = read_session_id(session)
        except MalformedFrame:
            raise Refused(f"{session!r} is no session's id: 32 digits.") from None
        found = await parts.journal.entries_of(named)
        if not found:
            raise Refused(f"There is no session {session}.")
        if as_json:
            return [entry.raw.decode() for entry in found]
        relay = public_bytes(parts.relay_key)
        return [_line(entry, relay) for entry in found]

    say(*with_parts(config, entries if session else sessions))


def _line(entry: Entry, relay: bytes) -> str:
    """Show one entry; a fact that this relay did not sign is said to be forged."""
    mark = "late  " if entry.late else ""
    if entry.act is None:
        try:
            verify_fact(entry, relay)
        except Tampered:
            mark = "FORGED  "
    data = canonical(entry.data).decode() if entry.data else ""
    return (
        f"{entry.n:>4}  {time_text(entry.moment.at_ms)}  {entry.side.value:<10}  "
        f"{entry.kind.value:<17}  {entry.state.value:<11}  {mark}{data}"
    ).rstrip()
