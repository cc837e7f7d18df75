"""Facts of an engagement: their form, their order, their signature."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.facts import (
    ASIDE,
    FORMS,
    MEASURED,
    FactKind,
    check_statement,
    facts_in_order,
    known_to,
    newest,
    read_fact,
    revision_of,
    verify_engagement_fact,
)
from cordee_shared.canonical import canonical
from cordee_shared.errors import BadInput, CordeeError, MalformedFrame, Tampered
from cordee_shared.ids import EngagementId
from cordee_shared.session.states import Side
from tests.shared.journals import RELAY, agreed, key, public
from tests.shared.told import SLOT_MS, TEXT, Told

OURS = agreed().engagement

#: One good statement of each kind.
GOOD: dict[FactKind, dict[str, Any]] = {
    fact.kind: dict(fact.data)
    for fact in Told()
    .slot()
    .attempts(1)
    .no_show()
    .tell(FactKind.FORCE_MAJEURE, note="Panne de courant")
    .early_start()
    .acknowledged()
    .performed()
    .withdrawn()
    .follow_up()
    .tell(FactKind.RESERVES, text="L’écran scintille encore")
    .released()
    .tell(FactKind.MINIMUM_DUE, reason="Convenu au téléphone")
    .tell(FactKind.CORRECTED, less_units=1, reason="Geste commercial")
    .tell(FactKind.OUTSIDE, Side.RELAY, session="0" * 32, hours=True, slot=False)
    .tell(FactKind.ARREARS, note="Deux factures en retard")
    .tell(FactKind.ARREARS_LIFTED, reason="Tout est en ordre")
    .tell(FactKind.ARREARS_OVERRIDDEN, engagement=str(OURS), reason="Panne urgente")
    .facts
}


def test_there_is_a_form_and_an_example_of_every_kind() -> None:
    assert set(FORMS) == set(GOOD) == set(FactKind)


def test_r11_what_is_said_of_a_late_payer_makes_no_record_and_is_in_none() -> None:
    told = Told().session().tell(FactKind.RESERVES, text="Rien.").facts
    aside = Told().session()
    for kind in sorted(ASIDE):
        aside.tell(kind, **GOOD[kind])
    assert revision_of(1, told) == 2
    assert revision_of(1, aside.facts) == 1
    assert known_to([*told, *aside.facts], []) == tuple(told)


def by(kind: FactKind) -> Side:
    return Side.RELAY if kind in MEASURED else Side.TECHNICIAN


@pytest.mark.parametrize("kind", FactKind)
def test_a_fact_says_all_of_its_form_and_no_more(kind: FactKind) -> None:
    for name in GOOD[kind]:
        less = {n: v for n, v in GOOD[kind].items() if n != name}
        with pytest.raises(BadInput, match=f"{name} is missing"):
            check_statement(kind, by(kind), less)
        empty = " " if name == "cause" else ""
        wrongs: list[Any] = [None, -1, 1.5, empty, [], "x" * 2000]
        for wrong in wrongs:
            with pytest.raises(BadInput, match=name):
                check_statement(kind, by(kind), GOOD[kind] | {name: wrong})
    with pytest.raises(BadInput, match="has no colour"):
        check_statement(kind, by(kind), GOOD[kind] | {"colour": "blue"})


def test_r03_a_slot_ends_after_it_begins() -> None:
    with pytest.raises(BadInput, match="after from_ms"):
        check_statement(
            FactKind.SLOT_CONFIRMED,
            Side.TECHNICIAN,
            {"from_ms": SLOT_MS, "until_ms": SLOT_MS},
        )


def test_a_day_is_a_day_of_the_calendar() -> None:
    for wrong in ("2026-02-30", "23/11/2026", "20261123"):
        with pytest.raises(BadInput, match="stated is a day"):
            Told().withdrawn(stated=wrong)


def test_what_the_relay_measures_nobody_else_states_and_the_reverse() -> None:
    for kind in FactKind:
        other = Side.TECHNICIAN if kind in MEASURED else Side.RELAY
        with pytest.raises(BadInput, match="to state"):
            check_statement(kind, other, GOOD[kind])


def test_the_customer_states_own_words_and_nothing_of_the_providers() -> None:
    said = set()
    for kind in FactKind:
        try:
            check_statement(kind, Side.CUSTOMER, GOOD[kind])
        except BadInput:
            continue
        said.add(kind)
    assert said == {
        FactKind.EARLY_START_REQUESTED,
        FactKind.LOSS_ACKNOWLEDGED,
        FactKind.WITHDRAWN,
        FactKind.RESERVES,
        FactKind.FOLLOW_UP_OF,
    }


# --- bytes --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FactKind)
def test_r41_a_fact_reads_back_as_it_was_and_is_the_relays(kind: FactKind) -> None:
    (fact,) = Told().tell(kind, by(kind), **GOOD[kind]).facts
    assert read_fact(fact.raw) == fact
    verify_engagement_fact(fact, public(RELAY))
    with pytest.raises(Tampered):
        verify_engagement_fact(fact, public(key("another relay")))


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_r41_a_byte_that_was_changed_is_found(at: int, flip: int) -> None:
    (fact,) = Told().released().facts
    raw = bytearray(fact.raw)
    raw[at % len(raw)] ^= flip
    with pytest.raises(CordeeError):
        verify_engagement_fact(read_fact(bytes(raw)), public(RELAY))


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"v": True},
        {"n": -1},
        {"after": "0"},
        {"kind": "paid"},
        {"side": "operator"},
        {"author": ""},
        {"author": "Luc Moreau"},
        {"side": "customer"},
        {"data": {}},
        {"data": []},
        {"sig": "00"},
        {"engagement": 1},
        {"engagement": "e-1"},
        {"colour": "blue"},
    ],
)
def test_what_is_no_fact_is_not_read(fields: dict[str, Any]) -> None:
    (fact,) = Told().released().facts
    with pytest.raises(MalformedFrame):
        read_fact(canonical(json.loads(fact.raw) | fields))


def test_a_fact_gives_its_authors_reason() -> None:
    told = Told().released().no_show().withdrawn().attempts(1)
    assert [fact.reason for fact in told.facts] == [
        "Vérifié avec le client",
        "Personne n’a répondu",
        "Je ne veux plus de votre intervention.",
        "",
    ]
    assert Told().early_start().facts[0].data["text"] == TEXT


# --- order --------------------------------------------------------------------------


def test_order_and_doubles_change_nothing() -> None:
    facts = Told().slot().attempts(2).session().released().facts
    assert facts_in_order([*reversed(facts), *facts], OURS) == tuple(facts)


def test_r41_facts_with_a_hole_a_stranger_or_two_faces_are_not_read() -> None:
    facts = Told().slot().attempts(2).facts
    with pytest.raises(Tampered, match="missing"):
        facts_in_order(facts[1:], OURS)
    with pytest.raises(Tampered, match="another engagement"):
        facts_in_order(facts, EngagementId("e-fedcba9876543210"))
    other = Told().slot(hours=3).facts
    with pytest.raises(Tampered, match="stands twice"):
        facts_in_order([*facts, *other], OURS)
    late = Told().session().slot().facts
    early = Told().attempts(2).facts[1:]
    with pytest.raises(Tampered, match="before an earlier one"):
        facts_in_order([*late, *early], OURS)


def test_the_last_of_a_kind_stands() -> None:
    facts = Told().slot().slot(hours=3).attempts(1).facts
    assert newest(facts, FactKind.SLOT_CONFIRMED) == facts[1]
    assert newest(facts, FactKind.NO_SHOW) is None


def test_b05_revisions_begin_with_a_session_or_a_drafted_no_show() -> None:
    slot = Told().slot().attempts(2)
    assert revision_of(0, slot.facts) == 0
    assert revision_of(1, slot.facts) == 1
    assert revision_of(0, slot.no_show().facts) == 1
    assert revision_of(0, slot.released().facts) == 2
    assert revision_of(1, slot.session().released().facts) == 4
