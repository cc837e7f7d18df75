import datetime as dt

from cordee_shared.billing.daily import Daily, as_csv, as_json, daily
from cordee_shared.ids import EngagementId
from tests.shared.billing.papers import FRANCHISE, PARIS, STANDARD
from tests.shared.billing.samples import parked, record
from tests.shared.journals import helped

DAY = dt.date(2026, 11, 23)
ONE, TWO = "e-0000000000000001", "e-0000000000000002"


def test_a_days_consumers_are_summed_record_by_record() -> None:
    records = [
        record(engagement=ONE),
        record(helped(60), engagement=TWO),
        parked("e-0000000000000003"),
    ]
    (row,) = daily(records, frozenset(), STANDARD.vat, DAY, PARIS)
    assert row == Daily(
        day="2026-11-23",
        category="prestation de services",
        currency="EUR",
        vat_rate_bp=2000,
        count=2,
        net_cents=4167 + 2083,
        vat_cents=833 + 417,
        total_cents=7500,
    )


def test_professionals_and_other_days_are_not_in_it() -> None:
    both = [record(engagement=ONE), record(engagement=TWO)]
    pro = frozenset({EngagementId(TWO)})
    (row,) = daily(both, pro, FRANCHISE.vat, DAY, PARIS)
    assert (row.count, row.vat_cents, row.total_cents) == (1, 0, 5000)
    assert daily(both, pro, FRANCHISE.vat, DAY + dt.timedelta(days=1), PARIS) == []


def test_only_the_newest_revision_counts() -> None:
    first, second = record(helped(60)), record(helped(60), helped(1900, number=2))
    for order in ([first, second], [second, first]):
        (row,) = daily(order, frozenset(), FRANCHISE.vat, DAY, PARIS)
        assert (row.count, row.total_cents) == (1, second.amount_cents)


def test_both_forms_say_the_same() -> None:
    rows = daily([record()], frozenset(), STANDARD.vat, DAY, PARIS)
    assert as_csv(rows).decode("utf-8-sig") == (
        "jour;catégorie;devise;taux TVA (%);nombre;total HT;TVA;total TTC\r\n"
        "2026-11-23;prestation de services;EUR;20,00;1;41,67;8,33;50,00\r\n"
    )
    assert as_json(rows) == (
        b'{"category":"prestation de services","count":1,"currency":"EUR",'
        b'"day":"2026-11-23","net_cents":4167,"total_cents":5000,"vat_cents":833,'
        b'"vat_rate_bp":2000}\n'
    )
