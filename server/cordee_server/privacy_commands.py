"""``cordee privacy``: export, rectify, erase what is kept of a customer; retention."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cordee_shared.billing.correction import Correction
from cordee_shared.errors import SettingsError

from .commands import Config, say, with_parts
from .services.privacy import HELD

privacy = typer.Typer(
    help="What is kept of customers, and for how long.", no_args_is_help=True
)

Customer = Annotated[str, typer.Argument(help="The customer's reference, c-….")]


@privacy.command("export")
def export(
    customer: Customer,
    out: Annotated[Path | None, typer.Option(help="A file; else it is shown.")] = None,
    config: Config = None,
) -> None:
    """Write everything that is kept of a customer, as JSON."""
    found = with_parts(config, lambda parts: parts.privacy.export(customer))
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
    if out is None:
        say(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{out}: cannot be written ({error.strerror})") from None
    say(f"wrote {out}")


@privacy.command("rectify")
def rectify(
    customer: Customer,
    name: Annotated[str, typer.Option(help="As documents are to name them.")] = "",
    email: Annotated[str, typer.Option(help="Where documents go.")] = "",
    phone: Annotated[str, typer.Option(help="Where to call.")] = "",
    post: Annotated[list[str] | None, typer.Option(help="A line; repeat it.")] = None,
    config: Config = None,
) -> None:
    """Put right what a customer is called and where to write."""
    right = Correction(name=name, email=email, phone=phone, post=tuple(post or ()))
    with_parts(config, lambda parts: parts.privacy.rectify(customer, right))
    say(f"put right: {', '.join(right.fields)}")


@privacy.command("erase")
def erase(customer: Customer, config: Config = None) -> None:
    """Delete a customer's keys; what was billed stays as long as the law holds it."""
    kept = with_parts(config, lambda parts: parts.privacy.erase(customer))
    say(f"erased {customer}; the journal says so, and verifies as before")
    if kept:
        say(f"held by law for ten years: {HELD}")


@privacy.command("retain")
def retain(config: Config = None) -> None:
    """Let go what was kept as long as its class may be; the relay does so daily."""
    done = with_parts(config, lambda parts: parts.privacy.retain())
    say(f"{done.bodies} bodies of the journal, {done.customers} customers' keys let go")
