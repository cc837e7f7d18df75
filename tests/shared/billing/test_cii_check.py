import pytest

from cordee_shared.billing.cii import write_cii
from cordee_shared.billing.cii_check import check, wrong_with
from cordee_shared.billing.draft import draft
from cordee_shared.errors import Tampered
from tests.shared.billing.papers import CONSUMER, FRANCHISE, PARIS, STANDARD
from tests.shared.billing.samples import record

GOOD = write_cii(draft(record(), STANDARD, CONSUMER, PARIS))


def test_what_is_right_passes() -> None:
    assert wrong_with(GOOD) == []
    check("r", GOOD)
    assert wrong_with(write_cii(draft(record(), FRANCHISE, CONSUMER, PARIS))) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"C62">2<', '"C62">3<', "quantity × price: expected 62.51, got"),
        (">20.835<", ">20.83<", "quantity × price"),
        ("<ram:TaxBasisTotalAmount>41.67", "<ram:TaxBasisTotalAmount>41.66", "net:"),
        ("<ram:GrandTotalAmount>50.00", "<ram:GrandTotalAmount>49.99", "total:"),
        ("<ram:DuePayableAmount>50.00", "<ram:DuePayableAmount>0.00", "due:"),
        ('EUR">8.33', 'EUR">9.00', "VAT: 9.00 is not 20.00 %"),
        (">B2C<", ">B2D<", "BAR: expected one note"),
        ("BROUILLON-", "F-2026-1-", "a draft's begins with BROUILLON-"),
        (">20.835<", ">dear<", "a figure is missing or is none"),
        ("ram:BilledQuantity", "ram:Quantity", "not XML"),
        ("</rsm:CrossIndustryInvoice>", "", "not XML"),
    ],
)
def test_what_does_not_add_up_is_said(old: str, new: str, sentence: str) -> None:
    text = GOOD.decode()
    assert old in text
    broken = text.replace(old, new, 1).encode()
    assert any(sentence in one for one in wrong_with(broken))
    with pytest.raises(Tampered):
        check("r", broken)
