"""A draft of an invoice, in integers: what the accountant's program may take over.

Never an invoice: its number begins with ``BROUILLON-`` and comes from the record, out
of no sequence; numbering is the billing system's (billing_legal.md 0.7). Rules:

1. What the customer pays is the advertised price: VAT is what is paid minus what is
   left without it, never the other way round (billing_legal.md 4.4).
2. Quantity times price is the line, to the cent.
3. What waits for a person, and what comes to nothing, makes no draft.
4. A credit note is the whole of a former draft, and names it: corrections are new
   revisions, whole (4.1).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from cordee_shared.billing.addressee import Addressee
from cordee_shared.billing.calendar import local
from cordee_shared.billing.due import Due
from cordee_shared.billing.french import length, money, span
from cordee_shared.billing.provider import Provider, Vat
from cordee_shared.billing.record import BillingRecord
from cordee_shared.errors import Refused
from cordee_shared.ids import RecordId

#: UNTDID 1001.
INVOICE: Final = "380"
CREDIT_NOTE: Final = "381"

#: BT-1 takes 35 characters (BR-FR-01): so many of the record's id are left.
_ID_CHARACTERS: Final = 23
#: Decimals of a price without VAT: so that 9 999 of them still make the line.
_PRICE_STEP: Final = Decimal("0.000001")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Taxes:
    """A price, taken apart. Cents; ``net + tax`` is what is paid."""

    net_cents: int
    tax_cents: int
    total_cents: int


def taxes(total_cents: int, vat: Vat) -> Taxes:
    """Take VAT out of a price that holds it: VAT is the price minus the net."""
    whole = 10_000 + vat.rate_bp
    net = (total_cents * 10_000 * 2 + whole) // (2 * whole)
    return Taxes(net, total_cents - net, total_cents)


def draft_number(record: RecordId, kind: str = INVOICE) -> str:
    """Return the draft's number: the begin of the record's id, and no sequence."""
    mark = "A-" if kind == CREDIT_NOTE else ""
    return f"BROUILLON-{mark}{record[:_ID_CHARACTERS]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: the service, which is rated once as a whole, or an accepted extra."""

    label: str
    detail: str
    quantity: int
    #: Without VAT, for one of :attr:`quantity`.
    price: Decimal
    net_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One draft. Its lines' nets make the draft's net, to the cent."""

    number: str
    #: :data:`INVOICE` or :data:`CREDIT_NOTE`.
    kind: str
    record: RecordId
    #: Day on which the record was made, in the provider's zone.
    issued: dt.date
    #: First and last day of the service.
    served_from: dt.date
    served_until: dt.date
    seller: Provider
    buyer: Addressee
    lines: tuple[Line, ...]
    taxes: Taxes
    currency: str
    #: What is said instead of VAT; empty under standard VAT.
    mention: str
    #: Number and day of the draft that a credit note takes back.
    of_number: str = ""
    of_issued: dt.date | None = None


def made_ms(record: BillingRecord) -> int:
    """Return when a record was made, by the relay's wall clock: its document's date."""
    at = [one.last_ms for one in record.sessions]
    if record.weighed is not None:
        at += [fact.at_ms for fact in record.weighed.facts]
    return max(at)


def draft(
    record: BillingRecord, seller: Provider, buyer: Addressee, zone: dt.tzinfo
) -> Draft:
    """Make the draft of a record.

    Raises:
        Refused: it waits for a person, or nothing is owed, or the buyer is a
            professional whose SIREN is not known.
        SettingsError: no mention stands in place of VAT on that day.
    """
    if record.is_parked:
        raise Refused("This record waits for a person: it makes no draft before.")
    if record.amount_cents == 0:
        raise Refused("Nothing is owed: there is nothing to draft.")
    if buyer.is_professional and not buyer.siren:
        raise Refused("A professional's draft needs their SIREN.")
    issued = local(made_ms(record), zone).date()
    starts = [part.start_ms for part in record.segments] or [made_ms(record)]
    ends = [part.end_ms for part in record.segments] or [made_ms(record)]
    apart = taxes(record.amount_cents, seller.vat)
    return Draft(
        number=draft_number(record.id),
        kind=INVOICE,
        record=record.id,
        issued=issued,
        served_from=local(min(starts), zone).date(),
        served_until=local(max(ends), zone).date(),
        seller=seller,
        buyer=buyer,
        lines=_lines(record, seller.vat, apart.net_cents),
        taxes=apart,
        currency=record.currency,
        mention=seller.vat.mention_on(issued.isoformat()),
    )


def _lines(record: BillingRecord, vat: Vat, net_cents: int) -> tuple[Line, ...]:
    """Take the draft's net apart; the last line takes what rounding leaves."""
    priced: list[tuple[str, str, int, int]] = []
    if record.service_cents:
        priced.append(_service(record))
    for extra in record.extras:
        detail = "prestation supplémentaire acceptée par le client"
        priced.append((extra.label, detail, 1, extra.price_cents))
    made: list[Line] = []
    left = net_cents
    for n, (label, detail, quantity, cents) in enumerate(priced, 1):
        net = left if n == len(priced) else taxes(cents, vat).net_cents
        left -= net
        made.append(
            Line(
                label=label,
                detail=detail,
                quantity=quantity,
                price=unit_price(net, quantity),
                net_cents=net,
            )
        )
    return tuple(made)


def _service(record: BillingRecord) -> tuple[str, str, int, int]:
    """Return label, detail, quantity and price of what the time comes to."""
    unit = span(record.unit_s)
    price = money(record.unit_price_cents, record.currency)
    is_rated = record.due in (Due.SERVICE, Due.NO_SHOW)
    counted = length(record.seconds)
    if is_rated:
        detail = f"la {unit} entamée : {price} TTC ; durée comptée {counted}"
    else:
        detail = f"prorata à la seconde : {counted} à {price} TTC la {unit}"
    label = record.unit_label
    if record.weighed is not None and record.weighed.mention:
        label = f"{label} – {record.weighed.mention}"
    return label, detail, record.units if is_rated else 1, record.service_cents


def credit(former: Draft, record: RecordId, issued: dt.date) -> Draft:
    """Return the draft that takes back all of a former one.

    Args:
        former: what may have become an invoice.
        record: the revision because of which it is taken back.
        issued: that one's day.
    """
    return replace(
        former,
        number=draft_number(record, CREDIT_NOTE),
        kind=CREDIT_NOTE,
        record=record,
        issued=issued,
        of_number=former.number,
        of_issued=former.issued,
    )


def unit_price(net_cents: int, quantity: int) -> Decimal:
    """Return the price of one, so exact that ``quantity`` of them make the line."""
    net = Decimal(net_cents) / 100
    price = (net / quantity).quantize(_PRICE_STEP, ROUND_HALF_UP)
    assert (price * quantity).quantize(_CENT, ROUND_HALF_UP) == net
    return price
