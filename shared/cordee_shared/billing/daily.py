"""What a day's consumers owe, summed: for the e-reporting of B2C services.

Invoices to consumers are outside e-invoicing; their day totals go to a platform, by
rate of VAT (billing_legal.md 4.2). This is material for that platform or the
accountant: nothing is transmitted, and nothing is said about payments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from cordee_shared.billing.calendar import local
from cordee_shared.billing.draft import made_ms, taxes
from cordee_shared.billing.provider import Vat
from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import canonical
from cordee_shared.ids import EngagementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """One row: a day, a currency, a rate of VAT."""

    day: str
    category: str
    currency: str
    #: Hundredths of a percent; 0 under franchise.
    vat_rate_bp: int
    #: Records with an amount, newest revisions only.
    count: int
    net_cents: int
    vat_cents: int
    total_cents: int


def daily(
    records: Iterable[BillingRecord],
    professionals: frozenset[EngagementId],
    vat: Vat,
    day: dt.date,
    zone: dt.tzinfo,
) -> list[Daily]:
    """Sum what consumers owe for the engagements that came to an end on ``day``.

    The newest revision of an engagement counts, on the day on which that revision was
    made; one that waits for a person does not count. A revision of another day has
    changed a day that was reported already: correcting that report is a person's.

    Args:
        records: all revisions, in any order.
        professionals: the engagements whose customer is one: not reported here.
        vat: the provider's regime.
        day: in ``zone``.
        zone: the provider's.
    """
    newest: dict[EngagementId, BillingRecord] = {}
    for record in records:
        engagement = record.agreed.engagement
        known = newest.get(engagement)
        if known is None or known.revision < record.revision:
            newest[engagement] = record
    rows: dict[str, Daily] = {}
    for engagement, record in sorted(newest.items()):
        if engagement in professionals or record.is_parked or not record.amount_cents:
            continue
        if local(made_ms(record), zone).date() != day:
            continue
        apart = taxes(record.amount_cents, vat)
        row = rows.get(record.currency)
        rows[record.currency] = Daily(
            day=day.isoformat(),
            category="prestation de services",
            currency=record.currency,
            vat_rate_bp=vat.rate_bp,
            count=1 + (row.count if row else 0),
            # Summed record by record: the day's VAT is that of its documents.
            net_cents=apart.net_cents + (row.net_cents if row else 0),
            vat_cents=apart.tax_cents + (row.vat_cents if row else 0),
            total_cents=apart.total_cents + (row.total_cents if row else 0),
        )
    return [rows[currency] for currency in sorted(rows)]


def as_json(rows: Iterable[Daily]) -> bytes:
    """Write one canonical line for each row."""
    return b"".join(canonical(asdict(row)) + b"\n" for row in rows)


def as_csv(rows: Iterable[Daily]) -> bytes:
    """Write a table as French spreadsheets read it: BOM, semicolons, commas."""
    lines = ["jour;catégorie;devise;taux TVA (%);nombre;total HT;TVA;total TTC"]
    for row in rows:
        figures = (row.net_cents, row.vat_cents, row.total_cents)
        cells = [
            row.day,
            row.category,
            row.currency,
            f"{row.vat_rate_bp // 100},{row.vat_rate_bp % 100:02}",
            str(row.count),
            *(f"{cents // 100},{cents % 100:02}" for cents in figures),
        ]
        lines.append(";".join(cells))
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
