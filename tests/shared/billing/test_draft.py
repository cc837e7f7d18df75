import datetime as dt
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.draft import credit, draft, draft_number, taxes, unit_price
from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.record import derive
from cordee_shared.errors import Refused
from cordee_shared.ids import RecordId, record_id
from tests.shared.billing.papers import (
    CONSUMER,
    FRANCHISE,
    PARIS,
    PROFESSIONAL,
    STANDARD,
)
from tests.shared.billing.samples import RELAY_ID, parked, record, with_extra
from tests.shared.journals import TARIFF, Journal, agreed, helped

CENT = Decimal("0.01")


def test_B09_vat_is_what_is_paid_minus_the_net() -> None:
    # 25.05 at 20 % is one of the prices that net-then-VAT turns into 25.06.
    apart = taxes(2505, STANDARD.vat)
    assert (apart.net_cents, apart.tax_cents, apart.total_cents) == (2088, 417, 2505)
    free = taxes(2505, FRANCHISE.vat)
    assert (free.net_cents, free.tax_cents, free.total_cents) == (2505, 0, 2505)


@given(st.integers(0, 10_000_000))
def test_B09_the_customer_pays_the_advertised_price_whatever_it_is(cents: int) -> None:
    apart = taxes(cents, STANDARD.vat)
    assert apart.net_cents + apart.tax_cents == cents
    exact = Decimal(cents) * 10_000 / 12_000
    assert apart.net_cents == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(0, 10_000_000), st.integers(1, 9_999))
def test_quantity_times_price_is_the_line(net: int, quantity: int) -> None:
    line = (unit_price(net, quantity) * quantity).quantize(CENT, ROUND_HALF_UP)
    assert line == Decimal(net) / 100


def test_a_drafts_number_is_out_of_no_sequence() -> None:
    one = draft(record(), FRANCHISE, CONSUMER, PARIS)
    other = draft(record(engagement="e-00000000000000aa"), FRANCHISE, CONSUMER, PARIS)
    assert one.number == "BROUILLON-" + record().id[:23]
    assert one.number != other.number
    # BR-FR-01: at most 35 characters.
    assert (
        max(len(draft_number(one.record)), len(draft_number(one.record, "381"))) <= 35
    )


def test_a_draft_says_how_many_units_at_which_price() -> None:
    one = draft(record(), STANDARD, CONSUMER, PARIS)
    assert (one.lines[0].quantity, one.taxes.total_cents) == (2, 5000)
    assert one.lines[0].price == Decimal("20.835000")
    assert one.issued == one.served_from == one.served_until == dt.date(2026, 11, 23)
    assert "25,00\u00a0€ TTC" in one.lines[0].detail
    assert one.mention == ""


def test_what_waits_or_is_nothing_or_lacks_a_siren_makes_no_draft() -> None:
    nothing = derive(
        RELAY_ID,
        agreed(),
        LAW_CORRECTED_2026,
        TARIFF,
        [Journal().help().wait(10).end().entries],
    )
    nameless = replace(PROFESSIONAL, siren="")
    for what, buyer, why in (
        (parked(), CONSUMER, "waits for a person"),
        (nothing, CONSUMER, "Nothing is owed"),
        (record(), nameless, "needs their SIREN"),
    ):
        with pytest.raises(Refused, match=why):
            draft(what, FRANCHISE, buyer, PARIS)


def test_a_credit_note_takes_back_all_of_the_former_and_names_it() -> None:
    engagement = record().agreed.engagement
    former = draft(record(), FRANCHISE, CONSUMER, PARIS)
    newer = RecordId(record_id(RELAY_ID, engagement, 2))
    back = credit(former, newer, dt.date(2026, 11, 24))
    assert (back.kind, back.of_number, back.of_issued) == (
        "381",
        former.number,
        former.issued,
    )
    assert back.taxes == former.taxes
    assert back.number.startswith("BROUILLON-A-")


def test_two_sessions_make_one_line() -> None:
    both = record(helped(1200), helped(1300, number=2))
    assert draft(both, FRANCHISE, CONSUMER, PARIS).lines[0].quantity == both.units


def test_R06_an_accepted_extra_is_a_line_of_its_own() -> None:
    one = draft(with_extra(), STANDARD, CONSUMER, PARIS)
    assert [(line.quantity, line.net_cents) for line in one.lines] == [
        (1, 2083),
        (1, 3325),
    ]
    assert sum(line.net_cents for line in one.lines) == one.taxes.net_cents
    assert one.taxes.total_cents == 2500 + 3990
