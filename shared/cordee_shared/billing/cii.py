"""A draft as Factur-X, profile EN 16931: Cross Industry Invoice, written by hand.

Fixed on purpose: one rate, what a record can say and no more. Checked in
tests against XSD 1.09, the EN 16931 rules and the French BR-FR rules; what those rules
miss is :mod:`cordee_shared.billing.cii_check`'s. Always the same bytes.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import (
    Element,
    SubElement,
    indent,
    register_namespace,
    tostring,
)

from cordee_shared.billing.addressee import Addressee
from cordee_shared.billing.draft import CREDIT_NOTE, Draft, Line
from cordee_shared.billing.provider import Provider, VatRegime

_CII: Final = "urn:un:unece:uncefact:data:standard"
RSM: Final = f"{_CII}:CrossIndustryInvoice:100"
RAM: Final = f"{_CII}:ReusableAggregateBusinessInformationEntity:100"
UDT: Final = f"{_CII}:UnqualifiedDataType:100"
QDT: Final = f"{_CII}:QualifiedDataType:100"
for _prefix, _space in (("rsm", RSM), ("ram", RAM), ("udt", UDT), ("qdt", QDT)):
    register_namespace(_prefix, _space)

#: The profile: EN 16931, nothing more.
PROFILE: Final = "urn:cen.eu:en16931:2017"
#: BT-23: services, to be paid.
_SERVICES: Final = "S1"
#: A unit that only its label names: a begun half-hour.
_UNIT: Final = "C62"
#: ISO 6523: a SIREN as a legal number, and as an electronic address.
_SIREN: Final = "0002"
_SIREN_ADDRESS: Final = "0225"
_EXEMPT: Final = "VATEX-FR-FRANCHISE"
#: What the French rules want said even to consumers (BR-FR-05); for them it is void.
_VOID: Final = "Non applicable (client non professionnel)."
#: The note subjects, and what a professional is told (B10, C. com. L441-10, D441-5).
_NOTES: Final = {
    "PMT": "Indemnité forfaitaire pour frais de recouvrement : 40 €.",
    "PMD": "Pénalités de retard : taux de refinancement de la BCE plus 10 points.",
    "AAB": "Pas d’escompte pour paiement anticipé.",
}
_MEANS: Final = {
    "transfer": "virement",
    "card": "carte bancaire en ligne",
    "cheque": "chèque",
    "direct_debit": "prélèvement",
}


def means_of(provider: Provider) -> str:
    """Return in French how the provider can be paid; that it was is never said."""
    return ", ".join(_MEANS[one] for one in provider.payment_means)


def write_cii(draft: Draft) -> bytes:
    """Return the draft as an XML document in UTF-8."""
    root = Element(f"{{{RSM}}}CrossIndustryInvoice")
    context = SubElement(root, f"{{{RSM}}}ExchangedDocumentContext")
    _text(
        _in(context, "BusinessProcessSpecifiedDocumentContextParameter"),
        "ID",
        _SERVICES,
    )
    _text(_in(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", PROFILE)
    _head(SubElement(root, f"{{{RSM}}}ExchangedDocument"), draft)
    trade = SubElement(root, f"{{{RSM}}}SupplyChainTradeTransaction")
    for n, line in enumerate(draft.lines, 1):
        _line(_in(trade, "IncludedSupplyChainTradeLineItem"), n, line, draft)
    agreement = _in(trade, "ApplicableHeaderTradeAgreement")
    _seller(_in(agreement, "SellerTradeParty"), draft.seller)
    _buyer(_in(agreement, "BuyerTradeParty"), draft.buyer)
    delivery = _in(trade, "ApplicableHeaderTradeDelivery")
    event = _in(delivery, "ActualDeliverySupplyChainEvent")
    _day(_in(event, "OccurrenceDateTime"), draft.served_until)
    _settlement(_in(trade, "ApplicableHeaderTradeSettlement"), draft)
    indent(root)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _head(head: Element, draft: Draft) -> None:
    _text(head, "ID", draft.number)
    _text(head, "TypeCode", draft.kind)
    _day(_in(head, "IssueDateTime"), draft.issued)
    is_pro = draft.buyer.is_professional
    _note(head, f"BROUILLON : ceci n’est pas une facture. Relevé {draft.record}.")
    if draft.seller.demonstration:
        _note(head, "DÉMONSTRATION : prestataire et montants inventés.")
    _note(head, "B2B" if is_pro else "B2C", "BAR")
    for subject, said in _NOTES.items():
        _note(head, said if is_pro else _VOID, subject)


def _line(item: Element, n: int, line: Line, draft: Draft) -> None:
    _text(_in(item, "AssociatedDocumentLineDocument"), "LineID", str(n))
    product = _in(item, "SpecifiedTradeProduct")
    _text(product, "Name", line.label)
    _text(product, "Description", line.detail)
    price = _in(_in(item, "SpecifiedLineTradeAgreement"), "NetPriceProductTradePrice")
    _text(price, "ChargeAmount", _decimal(line.price))
    delivery = _in(item, "SpecifiedLineTradeDelivery")
    _text(delivery, "BilledQuantity", str(line.quantity), unitCode=_UNIT)
    settlement = _in(item, "SpecifiedLineTradeSettlement")
    tax = _in(settlement, "ApplicableTradeTax")
    _text(tax, "TypeCode", "VAT")
    _text(tax, "CategoryCode", _category(draft))
    _text(tax, "RateApplicablePercent", _rate(draft))
    sums = _in(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
    _text(sums, "LineTotalAmount", _cents(line.net_cents))


def _seller(party: Element, seller: Provider) -> None:
    _text(party, "Name", seller.legal_name)
    legal = _in(party, "SpecifiedLegalOrganization")
    _text(legal, "ID", seller.siren, schemeID=_SIREN)
    _text(legal, "TradingBusinessName", seller.name)
    address = seller.address
    _address(party, address.lines, address.postcode, address.city, address.country)
    uri = _in(party, "URIUniversalCommunication")
    _text(uri, "URIID", seller.siren, schemeID=_SIREN_ADDRESS)
    # BR-E-02 wants a tax number even of who charges none; BT-32 takes the SIREN.
    registration = _in(party, "SpecifiedTaxRegistration")
    if seller.vat.number:
        _text(registration, "ID", seller.vat.number, schemeID="VA")
    else:
        _text(registration, "ID", seller.siren, schemeID="FC")


def _buyer(party: Element, buyer: Addressee) -> None:
    _text(party, "Name", buyer.name)
    if buyer.is_professional:
        legal = _in(party, "SpecifiedLegalOrganization")
        _text(legal, "ID", buyer.siren, schemeID=_SIREN)
    street, postcode, city = buyer.place
    _address(party, street, postcode, city, "FR")
    uri = _in(party, "URIUniversalCommunication")
    if buyer.is_professional:
        _text(uri, "URIID", buyer.siren, schemeID=_SIREN_ADDRESS)
    else:
        # BR-FR-12 wants an address of everybody; nothing is ever sent to this one.
        _text(uri, "URIID", buyer.email or "inconnu@example.invalid", schemeID="EM")


def _settlement(settlement: Element, draft: Draft) -> None:
    _text(settlement, "InvoiceCurrencyCode", draft.currency)
    apart = draft.taxes
    tax = _in(settlement, "ApplicableTradeTax")
    _text(tax, "CalculatedAmount", _cents(apart.tax_cents))
    _text(tax, "TypeCode", "VAT")
    if draft.mention:
        _text(tax, "ExemptionReason", draft.mention)
    _text(tax, "BasisAmount", _cents(apart.net_cents))
    _text(tax, "CategoryCode", _category(draft))
    if _category(draft) == "E":
        _text(tax, "ExemptionReasonCode", _EXEMPT)
    _text(tax, "RateApplicablePercent", _rate(draft))
    period = _in(settlement, "BillingSpecifiedPeriod")
    _day(_in(period, "StartDateTime"), draft.served_from)
    _day(_in(period, "EndDateTime"), draft.served_until)
    terms = _in(settlement, "SpecifiedTradePaymentTerms")
    _text(terms, "Description", f"Payable à réception, par {means_of(draft.seller)}.")
    sums = _in(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _text(sums, "LineTotalAmount", _cents(apart.net_cents))
    _text(sums, "TaxBasisTotalAmount", _cents(apart.net_cents))
    _text(sums, "TaxTotalAmount", _cents(apart.tax_cents), currencyID=draft.currency)
    _text(sums, "GrandTotalAmount", _cents(apart.total_cents))
    _text(sums, "DuePayableAmount", _cents(apart.total_cents))
    if draft.kind == CREDIT_NOTE and draft.of_issued is not None:
        former = _in(settlement, "InvoiceReferencedDocument")
        _text(former, "IssuerAssignedID", draft.of_number)
        on = _in(former, "FormattedIssueDateTime")
        at = SubElement(on, f"{{{QDT}}}DateTimeString", format="102")
        at.text = draft.of_issued.strftime("%Y%m%d")


# --- elements ----------------------------------------------------------------------


def _in(parent: Element, name: str) -> Element:
    return SubElement(parent, f"{{{RAM}}}{name}")


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, f"{{{RAM}}}{name}", attributes).text = text


def _day(parent: Element, on: dt.date) -> None:
    at = SubElement(parent, f"{{{UDT}}}DateTimeString", format="102")
    at.text = on.strftime("%Y%m%d")


def _note(head: Element, said: str, subject: str = "") -> None:
    note = _in(head, "IncludedNote")
    _text(note, "Content", said)
    if subject:
        _text(note, "SubjectCode", subject)


def _address(
    party: Element, lines: tuple[str, ...], postcode: str, city: str, country: str
) -> None:
    address = _in(party, "PostalTradeAddress")
    if postcode:
        _text(address, "PostcodeCode", postcode)
    for name, line in zip(("LineOne", "LineTwo", "LineThree"), lines, strict=False):
        _text(address, name, line)
    if city:
        _text(address, "CityName", city)
    _text(address, "CountryID", country)


def _category(draft: Draft) -> str:
    return "S" if draft.seller.vat.regime is VatRegime.STANDARD else "E"


def _rate(draft: Draft) -> str:
    return _decimal(Decimal(draft.seller.vat.rate_bp) / 100)


def _cents(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


def _decimal(value: Decimal) -> str:
    """Write a number of at least two decimals, without zeros that say nothing."""
    text = f"{value:.6f}"
    head, _, tail = text.partition(".")
    return f"{head}.{tail.rstrip('0').ljust(2, '0')}"
