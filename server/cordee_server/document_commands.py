"""``cordee billing document`` and ``daily``: what leaves the house on paper."""

from __future__ import annotations

import asyncio
import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cordee_shared.billing.daily import as_csv, as_json
from cordee_shared.errors import BadInput

from .billing_commands import billing
from .commands import Config, say, with_parts
from .parts import Parts
from .services.billing import replace_file


class Form(StrEnum):
    """Of a document, or of the day's sum."""

    PDF = "pdf"
    XML = "xml"
    CREDIT = "credit"


class Table(StrEnum):
    """How the day's sum is written."""

    CSV = "csv"
    JSON = "json"


@billing.command("document")
def document(
    record: Annotated[str, typer.Argument(help="A record's id.")],
    config: Config = None,
    form: Annotated[
        Form,
        typer.Option(
            "--form",
            help="pdf: the justificatif; xml: the Factur-X draft alone; credit: the "
            "draft of a credit note for the revision before.",
        ),
    ] = Form.PDF,
    out: Annotated[
        Path | None, typer.Option(help="File to write; else one in this folder.")
    ] = None,
) -> None:
    """Write a record's justificatif, or its draft; the same each time."""

    async def work(parts: Parts) -> Path:
        if form is Form.PDF:
            content = await parts.documents.pdf(record)
        else:
            content = await parts.documents.draft(record, is_credit=form is Form.CREDIT)
        name = {
            Form.PDF: f"justificatif-{record[:8]}.pdf",
            Form.XML: f"brouillon-{record[:8]}.xml",
            Form.CREDIT: f"brouillon-avoir-{record[:8]}.xml",
        }[form]
        file = (out or Path(name)).absolute()
        await asyncio.to_thread(replace_file, file, content)
        return file

    say(f"wrote {with_parts(config, work)}")


@billing.command("daily")
def daily(
    day: Annotated[str, typer.Argument(help="A day, such as 2026-11-23.")],
    config: Config = None,
    table: Annotated[Table, typer.Option("--form", help="csv or json.")] = Table.CSV,
    out: Annotated[
        Path | None, typer.Option(help="File to write; else one in this folder.")
    ] = None,
) -> None:
    """Sum what consumers owe for a day, by currency and VAT, for e-reporting."""
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise BadInput(f"{day!r} is no day: expected one like 2026-11-23.") from None

    async def work(parts: Parts) -> str:
        settings = parts.settings
        vat = settings.billing_provider().vat
        rows = await parts.documents.daily(on, vat, ZoneInfo(settings.zone))
        content = as_csv(rows) if table is Table.CSV else as_json(rows)
        file = (out or Path(f"b2c-{on.isoformat()}.{table.value}")).absolute()
        await asyncio.to_thread(replace_file, file, content)
        count = sum(row.count for row in rows)
        return f"{count} interventions of consumers in {file}"

    say(with_parts(config, work))
