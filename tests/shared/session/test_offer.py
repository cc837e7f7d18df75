"""What the relay vouches for: read only as it was signed, and for what it says."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.canonical import Json, b64, canonical, read_canonical
from cordee_shared.errors import CordeeError, MalformedFrame, Tampered
from cordee_shared.session.offer import Attestation, Offer, Signed
from cordee_shared.signing import Label, sign
from tests.make_rule_vectors import ASKING, OFFER, VECTORS
from tests.shared.journals import RELAY, key, public

RELAY_PK = public(RELAY)
STATEMENT_HASH = "692f7d47ec885d2411e2bf660f9875b3fe1ff703db7a6bed1e1e350bf60f282c"
VOUCHED = Attestation("Micro-Alpes", "Luc Moreau", b64(public(key("console"))), 2_000)


def changed(statement: Signed, label: Label, **fields: Json) -> Signed:
    """Return a statement with fields changed, signed again by the relay."""
    value = read_canonical(statement.text.encode()) | fields
    text = canonical({name: item for name, item in value.items() if item != "gone"})
    return Signed(text.decode(), b64(sign(RELAY, label, text)))


def test_a_statement_reads_back_as_it_was() -> None:
    assert Offer.read(OFFER.signed(RELAY), RELAY_PK) == OFFER
    assert Attestation.read(VOUCHED.signed(RELAY), RELAY_PK, now=1_999) == VOUCHED


def test_the_golden_offer_is_this_one() -> None:
    made = json.loads((VECTORS / "consent.json").read_text("ascii"))
    for offer, name, says in (
        (OFFER, "statement", "offer"),
        (ASKING, "asking_statement", "asking"),
    ):
        statement = Signed(**made[name])
        assert Offer.read(statement, bytes.fromhex(made["relay_pk"])) == offer
        assert statement.hash == made[f"{name.removesuffix('_statement')}_hash"]
        assert read_canonical(statement.text.encode()) == made[says]


def test_an_offer_that_asks_nothing_keeps_the_bytes_that_journals_name() -> None:
    # The hash of this very offer before offers could ask.
    assert OFFER.signed(RELAY).hash == STATEMENT_HASH
    assert read_canonical(OFFER.signed(RELAY).text.encode())["v"] == 1
    assert read_canonical(ASKING.signed(RELAY).text.encode())["v"] == 2


def test_an_attestation_expires() -> None:
    with pytest.raises(Tampered, match="expired"):
        Attestation.read(VOUCHED.signed(RELAY), RELAY_PK, now=2_000)


def test_another_relay_vouches_for_nothing() -> None:
    other = key("another relay")
    with pytest.raises(Tampered):
        Offer.read(OFFER.signed(other), RELAY_PK)
    with pytest.raises(Tampered):
        Attestation.read(VOUCHED.signed(other), RELAY_PK, now=0)


def test_one_statement_never_passes_for_the_other() -> None:
    offer, vouched = OFFER.signed(RELAY), VOUCHED.signed(RELAY)
    with pytest.raises(Tampered):
        Offer.read(vouched, RELAY_PK)
    with pytest.raises(Tampered):
        Attestation.read(offer, RELAY_PK, now=0)
    # Not even under the label of the other.
    with pytest.raises(MalformedFrame):
        Offer.read(changed(vouched, Label.OFFER), RELAY_PK)


@pytest.mark.parametrize("name", asdict(OFFER))
def test_an_offer_that_was_changed_on_the_way_is_found(name: str) -> None:
    statement = replace(ASKING, email="contact@micro-alpes.fr").signed(RELAY)
    value = read_canonical(statement.text.encode())
    match value[name]:
        case int():
            value[name] += 1
        case list():
            value[name] = value[name][:-1]
        case _:
            value[name] += "!"
    with pytest.raises(Tampered):
        Offer.read(Signed(canonical(value).decode(), statement.sig), RELAY_PK)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 2),
        ("v", True),
        ("v", "gone"),
        ("price_cents", "gone"),
        ("price_cents", "2500"),
        ("price_cents", True),
        ("customer", None),
        ("customer", ["Mme Martin"]),
        ("service_opens", "never"),
        ("reclaimed", "twice"),
        ("colour", "blue"),
    ],
)
def test_a_relay_that_signs_nonsense_is_not_understood(name: str, value: Json) -> None:
    statement = changed(OFFER.signed(RELAY), Label.OFFER, **{name: value})
    with pytest.raises(MalformedFrame):
        Offer.read(statement, RELAY_PK)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 1),
        ("asks", "gone"),
        ("asks", "adult"),
        ("asks", ["adult", "adult"]),
        ("asks", ["age"]),
        ("asks", [["adult"]]),
        ("backup_cents", "2000"),
        ("withdraw_by", None),
        ("withdraw_by", "in December"),
        ("withdraw_by", ""),
    ],
)
def test_R13_an_offer_that_asks_nonsense_is_not_understood(
    name: str, value: Json
) -> None:
    statement = changed(ASKING.signed(RELAY), Label.OFFER, **{name: value})
    with pytest.raises(MalformedFrame):
        Offer.read(statement, RELAY_PK)


@given(text=st.text(max_size=60), sig=st.text(max_size=90))
def test_nothing_but_documented_errors_come_out(text: str, sig: str) -> None:
    with pytest.raises(CordeeError):
        Offer.read(Signed(text, sig), RELAY_PK)


def test_other_words_are_another_hash() -> None:
    dearer = replace(OFFER, price_cents=2501)
    assert dearer.signed(RELAY).hash != OFFER.signed(RELAY).hash
    assert OFFER.signed(key("another")).hash == OFFER.signed(RELAY).hash


def test_a_statement_outside_ascii_is_not_read() -> None:
    with pytest.raises(MalformedFrame, match="ASCII"):
        Offer.read(Signed("é", OFFER.signed(RELAY).sig), RELAY_PK)
