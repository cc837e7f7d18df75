"""Extra work: in the record only where the customer's own act says yes to its price."""

from typing import Any

import pytest

from cordee_shared.billing.extras import BACKUP_LABEL, answered, billed_extras
from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.record import BillingRecord, derive
from cordee_shared.canonical import Json
from cordee_shared.errors import Tampered
from cordee_shared.session.asking import Ask
from cordee_shared.session.states import EndReason, Event, Remark, Side
from tests.shared.journals import CUSTOMER, TARIFF, TECHNICIAN, Journal, agreed, consent

OFFERED: dict[str, Json] = {"label": "Antivirus, un an", "price_cents": 3990}


def helped() -> Journal:
    """Return a session of ten minutes of help, not ended."""
    return Journal(1).help().wait(600)


def proposed(journal: Journal, data: dict[str, Json] | None = None) -> str:
    """Let the technician propose; return the proposing act's hash."""
    journal.act(TECHNICIAN, Remark.EXTRA_PROPOSED, data or OFFERED)
    act = journal.entries[-1].act
    assert act is not None
    return act.hash


def answer(
    journal: Journal, kind: Remark, proposal: str, *, late: bool = False, **more: Json
) -> Journal:
    """Let the customer answer a proposal."""
    said: dict[str, Json] = {"extra": proposal, **OFFERED, **more}
    act = journal.write(CUSTOMER, kind, said)
    return journal.append(act, late=late)


def bill(journal: Journal) -> BillingRecord:
    """End the session and derive what it comes to."""
    entries = journal.end(Side.TECHNICIAN, EndReason.TECHNICIAN_ENDED).entries
    return derive("relay-1", agreed(), LAW_CORRECTED_2026, TARIFF, [entries])


def test_R06_an_accepted_extra_is_a_line_and_in_the_amount() -> None:
    journal = helped()
    proposal = proposed(journal)
    record = bill(answer(journal, Remark.EXTRA_ACCEPTED, proposal))
    (line,) = record.extras
    assert (line.label, line.price_cents) == ("Antivirus, un an", 3990)
    assert line.proposal == proposal
    assert (record.service_cents, record.amount_cents) == (2500, 2500 + 3990)
    assert BillingRecord.read(record.line) == record


def test_R06_what_was_not_accepted_never_reaches_the_export() -> None:
    journal = helped()
    proposed(journal)
    refused = proposed(journal, {"label": "Clé USB", "price_cents": 1500})
    record = bill(answer(journal, Remark.EXTRA_REFUSED, refused))
    assert record.extras == ()
    assert record.amount_cents == 2500
    assert b"Antivirus" not in record.line
    assert b"USB" not in record.line


@pytest.mark.parametrize(
    "how", ["late", "dearer", "other label", "of nothing", "after a refusal"]
)
def test_R06_an_acceptance_that_does_not_fit_bills_nothing(how: str) -> None:
    journal = helped()
    proposal = proposed(journal)
    more: dict[str, Any] = {}
    if how == "dearer":
        more = {"price_cents": 9990}
    elif how == "other label":
        more = {"label": "Antivirus, dix ans"}
    elif how == "of nothing":
        proposal = "0" * 64
    elif how == "after a refusal":
        answer(journal, Remark.EXTRA_REFUSED, proposal)
    if late := how == "late":
        now = journal.at_us
        journal.lose(customer_us=now, technician_us=now)
    answer(journal, Remark.EXTRA_ACCEPTED, proposal, late=late, **more)
    assert billed_extras([journal.entries]) == ()


def test_R06_one_acceptance_bills_once() -> None:
    journal = helped()
    proposal = proposed(journal)
    answer(journal, Remark.EXTRA_ACCEPTED, proposal)
    answer(journal, Remark.EXTRA_ACCEPTED, proposal)
    assert len(billed_extras([journal.entries])) == 1


def asked_for_a_backup(number: int) -> Journal:
    """Return a session whose customer asked for a backup first."""
    said = consent("view") | {
        "answers": {"backup": "please", "early": "yes"},
        "backup_cents": 2000,
    }
    journal = Journal(number).pair()
    return journal.act(CUSTOMER, Event.VIEW_GRANTED, said)


def test_R31_please_back_up_first_is_a_priced_line_once() -> None:
    journals = [asked_for_a_backup(number).entries for number in (1, 2)]
    (line,) = billed_extras(journals)
    assert (line.label, line.price_cents, line.proposal) == (BACKUP_LABEL, 2000, "")


def test_R13_a_statement_on_the_screen_is_found_in_the_journal() -> None:
    journals = [asked_for_a_backup(1).entries]
    assert answered(journals, Ask.EARLY)
    assert not answered(journals, Ask.WAIVER)
    assert not answered([helped().entries], Ask.EARLY)


def test_a_record_without_extras_keeps_its_bytes() -> None:
    record = bill(helped())
    assert b'"v":1}' in record.line
    assert b"extras" not in record.line
    assert b"deal" not in record.line


def test_an_extra_that_was_slipped_in_is_found() -> None:
    journal = helped()
    record = bill(answer(journal, Remark.EXTRA_ACCEPTED, proposed(journal)))
    for old, new in ((b'"price_cents":3990', b'"price_cents":3991'),):
        with pytest.raises(Tampered):
            BillingRecord.read(record.line.replace(old, new))
