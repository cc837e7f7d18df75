"""S-26 to S-28, S-32: a receipt is checked offline, and every change of it is found."""

import dataclasses

import pytest

from cordee_shared.canonical import b64, canonical, read_canonical
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import check
from cordee_shared.session.states import Remark, Side
from tests.receipts import OFFER, SIGNER, Evident, changes, evident, receipt_of

OTHERS = evident(2), evident(3)


def test_s28_a_receipt_says_who_what_and_when_without_anybodys_help() -> None:
    session = evident()
    raw = receipt_of(session, *OTHERS).write()
    found = check(Receipt.read(raw), SIGNER.public)
    assert found.session == session.id
    assert (found.offer, found.attestation.technician) == (OFFER, "Claire")
    assert [entry.raw for entry in found.entries] == [e.raw for e in session.entries]
    assert found.head.size == 3 * len(session.entries)
    assert len(found.texts) == 3


def test_s28_who_joined_later_has_a_receipt_from_there_on() -> None:
    found = check(receipt_of(evident(), *OTHERS, since=1), SIGNER.public)
    assert found.entries[0].n == 1


@pytest.mark.slow
def test_s27_every_single_change_is_found_and_named() -> None:
    raw = receipt_of(evident(), evident(2)).write()
    missed, unnamed, tried = [], [], 0
    for name, changed in changes(raw):
        tried += 1
        try:
            check(Receipt.read(changed), SIGNER.public)
        except Tampered as error:
            if not error.where or not error.why:
                unnamed.append(name)
        except MalformedFrame as error:
            if not str(error):
                unnamed.append(name)
        else:
            missed.append(name)
    assert (missed, unnamed) == ([], [])
    assert tried > 600


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("relay", b64(bytes(32)), "relay"),
        ("session", "f" * 32, "entry 0: is another session's"),
        ("leaves", [], "leaves: are not one an entry"),
        ("entries", [], "entries: there are none"),
        ("texts", [], "text of entry 5: is not what was agreed to"),
        ("offer", {"text": "{}", "sig": ""}, "offer"),
        ("pairing", {}, "pairing"),
        ("withheld", [{"act": "{}", "sig": ""}], "withheld act 0"),
        ("proof", "", "proof"),
        ("indexes", [], "indexes"),
        ("beside", [], "proof of the entries"),
    ],
)
def test_s27_what_is_wrong_is_named(field: str, value: object, named: str) -> None:
    receipt = receipt_of(evident(), *OTHERS)
    changed = read_canonical(receipt.write()[:-1]) | {field: value}
    other = Receipt.read(canonical(changed))
    with pytest.raises(Tampered) as found:
        check(other, SIGNER.public)
    assert str(found.value).startswith(named)


def test_s27_a_text_that_nobody_agreed_to_does_not_belong_there() -> None:
    receipt = receipt_of(evident(), *OTHERS)
    more = [*receipt.texts, {"title": "You owe us everything"}]
    with pytest.raises(Tampered, match="texts: one was never agreed to"):
        check(dataclasses.replace(receipt, texts=more), SIGNER.public)


def test_s26_an_act_that_the_relay_withheld_is_shown_and_checked() -> None:
    session = evident()
    late = session.write(Side.TECHNICIAN, Remark.CONTROL_REQUESTED)
    held = {"act": late.raw.decode(), "sig": late.signature.hex()}
    receipt = receipt_of(session, *OTHERS)
    check(dataclasses.replace(receipt, withheld=[held]), SIGNER.public)
    other = {**held, "sig": "00" * 64}
    with pytest.raises(Tampered, match="withheld act 0"):
        check(dataclasses.replace(receipt, withheld=[other]), SIGNER.public)


def test_s26_an_answer_to_an_act_that_is_not_there_gives_the_gap_away() -> None:
    session = Evident()
    session.pair()
    # The technician's act reached the customer's agent, and never the journal.
    hidden = session.write(Side.TECHNICIAN, Remark.CONTROL_REQUESTED)
    session.end()
    receipt = receipt_of(session, *OTHERS)
    with pytest.raises(Tampered, match=r"act 1 of the customer: answers an act"):
        check(receipt, SIGNER.public)
    held = {"act": hidden.raw.decode(), "sig": hidden.signature.hex()}
    check(dataclasses.replace(receipt, withheld=[held]), SIGNER.public)
