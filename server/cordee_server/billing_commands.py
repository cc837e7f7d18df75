"""``cordee billing``: write records out, look, resend, reconcile.

Exit codes: 0 done; 1 the accounts do not agree (``reconcile``); 2 a mistake, in one
sentence.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from cordee_shared.billing.reconcile import read_list
from cordee_shared.billing.sheet import euros
from cordee_shared.errors import BadInput, SettingsError

from .commands import Config, say, time_text, with_parts
from .keyfiles import retire_webhook_secrets
from .parts import Parts, new_webhook_secret, webhook_to
from .services.handover import Standing
from .settings import load

#: The accounts do not agree.
DISAGREE: Final = 1

billing = typer.Typer(help="Billing records.", no_args_is_help=True)


@billing.command("export")
def export(
    config: Config = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File of JSON Lines; table and manifest stand beside it. "
            "Else the data folder's."
        ),
    ] = None,
) -> None:
    """Write records, table and manifest; the same each time."""

    async def work(parts: Parts) -> list[str]:
        await parts.billing.catch_up()
        file = out or parts.settings.billing_file
        done = await parts.handover.export(file.absolute())
        lines = [
            f"{done.records} records in {file}",
            f"{done.engagements} engagements, {done.units} units, "
            f"{euros(done.cents, '.')} in all",
        ]
        if done.parked:
            lines.append(f"{done.parked} wait for release: `cordee billing show`")
        return lines

    say(*with_parts(config, work))


@billing.command("show")
def show(
    named: Annotated[
        str, typer.Argument(help="A record's or an engagement's id; else all.")
    ] = "",
    config: Config = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The records as they are handed over.")
    ] = False,
) -> None:
    """List the records, and how far the hand-over of each is."""

    async def work(parts: Parts) -> list[str]:
        found = await parts.handover.standings(named)
        if as_json:
            return [one.record.line.decode().rstrip("\n") for one in found]
        return [_line(one) for one in found]

    say(*with_parts(config, work))


def _line(one: Standing) -> str:
    record, known = one.record, one.delivery
    text = (
        f"{record.id}  {record.agreed.engagement}  rev {record.revision:<2} "
        f"{'current   ' if one.is_current else 'superseded'}  {record.units:>3} units  "
        f"{euros(record.amount_cents, '.'):>9} {record.currency}  {one.state}"
    )
    if known is None or not known.attempts:
        return text
    text += f"  {known.attempts} attempts, last {time_text(known.last_ms)}"
    if known.why or known.status:
        text += f" ({known.why} {known.status or ''}".rstrip() + ")"
    if known.next_ms:
        text += f", next {time_text(known.next_ms)}"
    return text


@billing.command("resend")
def resend(
    named: Annotated[
        list[str] | None,
        typer.Argument(help="Records' or engagements' ids; else what was given up."),
    ] = None,
    config: Config = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Everything that was ever handed over.")
    ] = False,
) -> None:
    """Let records be sent again; the running relay does it within seconds."""

    async def work(parts: Parts) -> int:
        if parts.sink is None:
            raise SettingsError(
                "billing.webhook_url: expected, and missing: there is nowhere to send"
            )
        return await parts.handover.resend(named or [], everything=everything)

    say(f"{with_parts(config, work)} records will be sent again")


@billing.command("reconcile")
def reconcile(
    received: Annotated[
        str,
        typer.Option(
            help="What the receiver has: a file, or an address that gives it; "
            "JSON with id and sha256 of each record."
        ),
    ] = "",
    config: Config = None,
) -> None:
    """Compare journal, relay and receiver; exit 1 and say so where they differ."""

    async def work(parts: Parts) -> list[str]:
        listed = read_list(await _fetch(parts, received)) if received else None
        found = await parts.handover.reconcile(listed)
        return [str(one) for one in found]

    differences = with_parts(config, work)
    if not differences:
        say("the accounts agree")
        return
    say(*differences)
    raise typer.Exit(DISAGREE)


async def _fetch(parts: Parts, where: str) -> bytes:
    """Return a receiver's list from a file or an address."""
    if "://" not in where:
        try:
            return await asyncio.to_thread(Path(where).read_bytes)
        except OSError as error:
            raise BadInput(f"{where}: cannot be read ({error.strerror}).") from None
    asked = msgspec.structs.replace(
        parts.settings.billing, webhook_url=where, drop_folder=None
    )
    if (mistake := asked.mistake()) is not None:
        raise BadInput(f"--received: {mistake[1]}.")
    receiver = webhook_to(where, parts.settings, parts.clock)
    try:
        return await receiver.fetch_list(where)
    finally:
        await receiver.close()


@billing.command("secret")
def secret(
    config: Config = None,
    retire: Annotated[
        bool, typer.Option("--retire", help="Keep only the newest secret.")
    ] = False,
) -> None:
    """Make a secret for the webhook, beside the former ones; it is shown once."""
    settings = load(config, os.environ)
    if retire:
        gone = retire_webhook_secrets(settings.webhook_secrets_file)
        say(f"{gone} former secrets retired")
        return
    say(
        new_webhook_secret(settings),
        "Give it to the receiver, then retire the former ones: "
        "`cordee billing secret --retire`",
    )
