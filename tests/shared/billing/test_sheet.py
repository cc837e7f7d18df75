import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.facts import FactKind
from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.record import BillingRecord, derive
from cordee_shared.billing.sheet import (
    COLUMNS,
    DANGEROUS,
    Dialect,
    euros,
    harmless,
    sheet,
)
from tests.shared.billing.samples import parked, record
from tests.shared.billing.test_agreed import DEAL
from tests.shared.journals import TARIFF, Journal, agreed, helped
from tests.shared.told import Told


def rows(data: bytes, separator: str = ";") -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def test_french_spreadsheets_open_it_by_a_double_click() -> None:
    data = sheet([record()])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    (row,) = rows(data)
    assert tuple(row) == COLUMNS
    assert row["client"] == "Mme Martin"
    assert (row["secondes"], row["unites"]) == ("1801", "2")
    assert (row["prix_unitaire_ttc"], row["montant_ttc"]) == ("25,00", "50,00")
    assert row["debut"] == "2026-11-23 10:00:00+01:00"
    assert row["date_prestation"] == "2026-11-23"


def test_B08_the_table_says_how_and_where_documents_go() -> None:
    sent = record()
    known = replace(sent, agreed=replace(sent.agreed, deal=DEAL))
    (row,) = rows(sheet([known]))
    assert row["envoi"] == "post"
    assert row["envoyer_a"] == DEAL.deliver_to.replace("\n", ", ")
    (unknown,) = rows(sheet([record()]))
    assert (unknown["envoi"], unknown["envoyer_a"]) == ("", "")


def test_R15_the_day_until_which_a_refund_is_due_is_exported() -> None:
    told = Told().early_start().session().withdrawn(stated="2026-11-24").facts
    withdrawn = derive(
        "r", agreed(), LAW_CORRECTED_2026, TARIFF, [helped(1000).entries], told
    )
    (row,) = rows(sheet([withdrawn]))
    assert (row["nature"], row["montant_ttc"]) == ("withdrawal", "13,88")
    assert row["remboursement_avant"] == "2026-12-08"
    assert json.loads(withdrawn.line)["weighed"]["refund_by"] == "2026-12-08"
    assert BillingRecord.read(withdrawn.line) == withdrawn
    # Nothing else has such a day, to the byte as ever.
    told = Told().session().tell(FactKind.RESERVES, text="Rien.").facts
    other = derive(
        "r", agreed(), LAW_CORRECTED_2026, TARIFF, [helped(1000).entries], told
    )
    assert b"refund_by" not in other.line
    assert rows(sheet([other]))[0]["remboursement_avant"] == ""


def test_other_conventions_are_options() -> None:
    data = sheet([record()], Dialect(separator=",", decimal=".", bom=False))
    assert not data.startswith(b"\xef\xbb\xbf")
    (row,) = rows(data, ",")
    assert row["montant_ttc"] == "50.00"


def test_a_column_may_be_summed_for_only_the_newest_revision_is_there() -> None:
    first, second = record(helped(60)), record(helped(60), helped(61, number=2))
    other = record(helped(1801), engagement="e-2222222222222222")
    found = rows(sheet([first, other, second, parked()]))
    assert [row["reference"] for row in found] == [other.id, second.id]
    assert found[1]["remplace"] == first.id
    assert sum(int(row["unites"]) for row in found) == other.units + second.units


@pytest.mark.parametrize("sign", DANGEROUS)
def test_a_name_that_is_a_formula_is_only_text(sign: str) -> None:
    evil = f'{sign}cmd|" /C calc"!A0'
    (row,) = rows(sheet([record(customer=evil, purpose=evil)]))
    assert row["client"] == row["objet"] == f"'{evil}"


@given(st.text(max_size=40))
def test_no_text_begins_as_a_formula(text: str) -> None:
    assert not harmless(text).startswith(DANGEROUS)
    assert harmless(text).endswith(text.replace("\x00", ""))


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_name_begins_a_cell_of_its_own(customer: str, purpose: str) -> None:
    try:
        made = record(customer=customer, purpose=purpose)
        made.line.decode()
    except ValueError:  # half a surrogate pair is no text
        return
    (row,) = rows(sheet([made]))
    assert row["client"] == harmless(customer)
    assert row["objet"] == harmless(purpose)
    assert row["unites"] == "2"


@given(st.integers(-(10**9), 10**9))
def test_cents_are_written_exactly(cents: int) -> None:
    assert round(float(euros(cents, ".")) * 100) == cents
    assert euros(cents)[-3] == ","


def test_work_over_midnight_is_of_the_day_it_began() -> None:
    journal = Journal(at_ms=1_795_474_200_000)  # 23:50 in Paris
    (row,) = rows(sheet([record(journal.help().wait(1200).end())]))
    assert row["date_prestation"] == "2026-11-23"
    assert row["fin"] == "2026-11-24 00:10:00+01:00"


def test_a_record_without_service_is_dated_by_its_sessions() -> None:
    (row,) = rows(sheet([record(Journal().pair().wait(5).end())]))
    assert (row["unites"], row["montant_ttc"]) == ("0", "0,00")
    assert row["fin"] == "2026-11-23 10:00:05+01:00"
