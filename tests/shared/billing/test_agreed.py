"""What the books know of a customer stands in the record, and comes back from it."""

from dataclasses import replace

from cordee_shared.billing.agreed import Deal
from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.record import BillingRecord, derive
from cordee_shared.canonical import read_canonical
from tests.shared.journals import TARIFF, agreed, helped

DEAL = Deal(
    kind="consumer",
    ref="c-0123456789ab",
    siren="",
    delivery="post",
    deliver_to="12 rue des Lilas\n73210 LANDRY",
    channel="phone",
    slot_from_ms=2_000,
    slot_until_ms=5_000,
    requested_ms=900,
    offered_ms=1_000,
    particulars_hash="1" * 64,
)


def test_B08_a_record_carries_how_and_where_documents_go() -> None:
    known = replace(agreed(), deal=DEAL)
    entries = helped(600).entries
    record = derive("relay-1", known, LAW_CORRECTED_2026, TARIFF, [entries])
    said = read_canonical(record.line.removesuffix(b"\n"))
    assert said["v"] == 3
    assert said["agreed"]["deal"]["delivery"] == "post"
    assert said["agreed"]["deal"]["deliver_to"].startswith("12 rue des Lilas")
    assert BillingRecord.read(record.line) == record
