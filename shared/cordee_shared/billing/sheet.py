"""The records as a table for a spreadsheet, as one opens in France by a double click.

Rules:

1. Semicolons, decimal commas, UTF-8 with a byte order mark, CRLF: what a French Excel
   and LibreOffice take without a question. Others are options.
2. One line for each engagement, its newest revision: a column may be summed.
3. Names come from customers. A text that a spreadsheet could take for a formula gets
   an apostrophe before it (OWASP, CSV injection); numbers are ours and stay numbers.
4. Units are integers and seconds are raw: nobody has to round again.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from cordee_shared.billing.manifest import current, handed_over
from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import sha256_hex

#: A cell that begins with one of these may be run; the wide forms are taken for them.
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide forms are meant

#: The columns, in French first as everything that people read.
COLUMNS: Final = (
    "reference",
    "revision",
    "remplace",
    "engagement",
    "client",
    "objet",
    "technicien",
    "date_prestation",
    "debut",
    "fin",
    "secondes",
    "unites",
    "libelle_unite",
    "secondes_par_unite",
    "prix_unitaire_ttc",
    "montant_ttc",
    "devise",
    "nature",
    "mention",
    "indications",
    "motif_revision",
    "auteur_revision",
    "envoi",
    "envoyer_a",
    "remboursement_avant",
    "sha256",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the table is written; the defaults are the French ones."""

    separator: str = ";"
    decimal: str = ","
    bom: bool = True
    #: Where a day begins, for the date of service.
    zone: str = "Europe/Paris"


FRENCH: Final = Dialect()


def sheet(records: Iterable[BillingRecord], dialect: Dialect = FRENCH) -> bytes:
    """Return the table: a line of names, then one line for each engagement.

    Args:
        records: in any number of revisions; those that wait for a person are left out.
        dialect: how it is written.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=dialect.separator, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in current(handed_over(records)):
        writer.writerow(_row(record, dialect))
    return out.getvalue().encode("utf-8-sig" if dialect.bom else "utf-8")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(DANGEROUS) else text


def euros(cents: int, decimal: str = ",") -> str:
    """Return cents as units of the currency, always two decimals, no thousands."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole}{decimal}{part:02}"


def _row(record: BillingRecord, dialect: Dialect) -> list[str | int]:
    zone = ZoneInfo(dialect.zone)
    begin, end = _span(record)
    weighed = record.weighed
    agreed = record.agreed
    # What people wrote goes through `harmless`; the rest has a form of its own.
    return [
        record.id,
        record.revision,
        record.supersedes,
        agreed.engagement,
        harmless(agreed.customer),
        harmless(agreed.purpose),
        harmless(agreed.technician),
        _local(begin, zone).date().isoformat(),
        _local(begin, zone).isoformat(sep=" ", timespec="seconds"),
        _local(end, zone).isoformat(sep=" ", timespec="seconds"),
        record.seconds,
        record.units,
        harmless(record.unit_label),
        record.unit_s,
        euros(record.unit_price_cents, dialect.decimal),
        euros(record.amount_cents, dialect.decimal),
        record.currency,
        record.due.value,
        harmless(weighed.mention) if weighed else "",
        " ".join(record.flags),
        harmless(weighed.reason) if weighed else "",
        harmless(weighed.author) if weighed else "",
        agreed.deal.delivery if agreed.deal else "",
        # An address of several lines stands in one cell's line.
        harmless(agreed.deal.deliver_to.replace("\n", ", ")) if agreed.deal else "",
        weighed.refund_by if weighed else "",
        sha256_hex(record.line.removesuffix(b"\n")),
    ]


def _span(record: BillingRecord) -> tuple[int, int]:
    """Return when service began and ended; without any, the sessions or the facts."""
    if record.segments:
        starts = [part.start_ms for part in record.segments]
        return min(starts), max(part.end_ms for part in record.segments)
    if record.sessions:
        firsts = [one.first_ms for one in record.sessions]
        return min(firsts), max(one.last_ms for one in record.sessions)
    at = (
        record.weighed.facts[-1].at_ms if record.weighed else record.agreed.confirmed_ms
    )
    return at, at


def _local(at_ms: int, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.fromtimestamp(at_ms / 1000, tz=zone)
