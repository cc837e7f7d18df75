import pytest

from cordee_shared.canonical import b64, canonical, read_canonical
from cordee_shared.errors import MalformedFrame
from cordee_shared.journal.receipt import Receipt
from tests.receipts import SIGNED, SIGNER, evident, prove, receipt_of
from tests.shared.journals import Journal


def test_a_receipt_is_one_line_of_canonical_json() -> None:
    receipt = receipt_of(evident(), evident(2))
    raw = receipt.write()
    assert raw.endswith(b"\n")
    assert canonical(read_canonical(raw[:-1])) + b"\n" == raw
    assert Receipt.read(raw) == receipt
    assert Receipt.read(raw[:-1]) == receipt


def test_a_session_without_keys_has_no_receipt() -> None:
    session = Journal().end()
    proof = prove(session, of=session.id)
    with pytest.raises(MalformedFrame, match="without keys"):
        Receipt.of(b64(SIGNER.public), SIGNED, session.entries, proof, [])


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": True},
        {"kind": "bill"},
        {"more": 1},
        {"entries": {}},
        {"proof": 1},
        {"relay": None},
    ],
)
def test_what_is_no_receipt_is_refused(change: dict[str, object]) -> None:
    value = read_canonical(receipt_of(evident()).write()[:-1])
    with pytest.raises(MalformedFrame):
        Receipt.read(canonical(value | change))


def test_a_missing_field_is_refused() -> None:
    value = read_canonical(receipt_of(evident()).write()[:-1])
    for name in value:
        rest = {other: value[other] for other in value if other != name}
        with pytest.raises(MalformedFrame):
            Receipt.read(canonical(rest))
