"""What the official rules miss of a draft: that its arithmetic is right.

Neither the EN 16931 schematron nor the French one multiplies: three at 25 € may make a
line of 50 €, and a missing BAR note passes (billing_legal.md 4.4). These checks are
our own and run on what is about to leave, whoever wrote it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from cordee_shared.billing.cii import RAM, RSM
from cordee_shared.errors import Tampered

_SPACES: Final = {"ram": RAM, "rsm": RSM}
_CENT: Final = Decimal("0.01")
_LINE: Final = ".//ram:IncludedSupplyChainTradeLineItem"
_SUMS: Final = ".//ram:SpecifiedTradeSettlementHeaderMonetarySummation"


def wrong_with(document: bytes) -> list[str]:
    """Return what does not add up in a draft, a sentence each; nothing: all does.

    The document is our own; a foreign one has no business here.
    """
    try:
        root = fromstring(document)  # noqa: S314 - written by cii.py, never received
    except ParseError as error:
        return [f"not XML: {error}"]
    try:
        return _wrong(root)
    except (InvalidOperation, LookupError) as error:
        return [f"a figure is missing or is none: {error}"]


def check(record: str, document: bytes) -> None:
    """Stop a draft that does not add up.

    Raises:
        Tampered: the sentences of :func:`wrong_with`.
    """
    wrong = wrong_with(document)
    if wrong:
        raise Tampered(record, "; ".join(wrong))


def _wrong(root: Element) -> list[str]:
    found: list[str] = []

    def same(what: str, said: Decimal, meant: Decimal) -> None:
        if said != meant:
            found.append(f"{what}: expected {meant}, got {said}")

    lines = Decimal(0)
    for line in root.findall(_LINE, _SPACES):
        quantity = _figure(line, ".//ram:BilledQuantity")
        price = _figure(line, ".//ram:NetPriceProductTradePrice/ram:ChargeAmount")
        total = _figure(line, ".//ram:LineTotalAmount")
        same("quantity × price", total, _rounded(quantity * price))
        lines += total
    sums = root.find(_SUMS, _SPACES)
    if sums is None:
        raise LookupError("the sums")
    net = _figure(sums, "ram:TaxBasisTotalAmount")
    tax = _figure(sums, "ram:TaxTotalAmount")
    total = _figure(sums, "ram:GrandTotalAmount")
    same("sum of the lines", _figure(sums, "ram:LineTotalAmount"), lines)
    same("net", net, lines)
    same("total", total, net + tax)
    same("due", _figure(sums, "ram:DuePayableAmount"), total)
    path = ".//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax"
    rate = _figure(root, f"{path}/ram:RateApplicablePercent")
    # VAT is the price minus the net: at most a cent from the rate's own rounding.
    if abs(tax - _rounded(net * rate / 100)) > _CENT:
        found.append(f"VAT: {tax} is not {rate} % of {net}")
    notes = root.findall(".//ram:IncludedNote", _SPACES)
    bar = [
        note.findtext("ram:Content", "", _SPACES)
        for note in notes
        if note.findtext("ram:SubjectCode", "", _SPACES) == "BAR"
    ]
    if bar not in (["B2B"], ["B2C"]):
        found.append(f"BAR: expected one note, B2B or B2C; got {bar}")
    number = root.findtext("rsm:ExchangedDocument/ram:ID", "", _SPACES)
    if not number.startswith("BROUILLON-"):
        found.append(f"number: a draft's begins with BROUILLON-; got {number!r}")
    return found


def _figure(parent: Element, path: str) -> Decimal:
    text = parent.findtext(path, None, _SPACES)
    if text is None:
        raise LookupError(path)
    return Decimal(text)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
