"""Policies and tariffs: hashed, read back, and refused with a sentence."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.billing.policy import (
    AS_WRITTEN_2021,
    DEFAULT_POLICY,
    LAW_CORRECTED_2026,
    POLICIES,
    Opening,
    Policy,
    Reclaimed,
    Tariff,
    check_rows,
    tariff_at,
)
from cordee_shared.canonical import Json, canonical, read_canonical, sha256_hex
from cordee_shared.errors import MalformedFrame, SettingsError
from cordee_shared.session.states import State
from tests.shared.journals import TARIFF

ROW: dict[str, Any] = {
    "id": "remote",
    "label": "demi-heure d’assistance à distance",
    "price_cents": 2500,
    "currency": "EUR",
    "unit_s": 1800,
    "minimum_units": 1,
    "valid_from_ms": 0,
}


def without(key: str) -> dict[str, Any]:
    """Return the row with a key left out."""
    return {name: value for name, value in ROW.items() if name != key}


# --- policies


def test_two_policies_ship_and_the_law_corrected_one_is_the_default() -> None:
    assert set(POLICIES) == {"law-corrected-2026", "as-written-2021"}
    assert DEFAULT_POLICY is LAW_CORRECTED_2026


def test_r26_by_default_taking_control_back_never_costs() -> None:
    assert DEFAULT_POLICY.reclaimed is Reclaimed.PAUSE
    assert not DEFAULT_POLICY.counts(State.RECLAIMED)
    assert AS_WRITTEN_2021.counts(State.RECLAIMED)


def test_by_default_time_opens_with_the_yes_to_control() -> None:
    assert DEFAULT_POLICY.service_opens is Opening.CONTROL
    assert (DEFAULT_POLICY.min_service_s, DEFAULT_POLICY.parked_units) == (60, 16)
    assert DEFAULT_POLICY.own_fault_free


@pytest.mark.parametrize("policy", POLICIES.values())
def test_hidden_and_interrupted_time_never_counts(policy: Policy) -> None:
    counting = {state for state in State if policy.counts(state)}
    assert counting <= {State.VIEWING, State.CONTROLLING, State.RECLAIMED}


def test_a_shipped_policy_keeps_its_hash_for_ever() -> None:
    # Records name these hashes. A change takes a new version or a new id.
    assert {policy.id: policy.hash for policy in POLICIES.values()} == {
        "law-corrected-2026": (
            "d7b1400d8323aa9a458505edef58b9526a3efc5480b3183c8a16d1b572778afd"
        ),
        "as-written-2021": (
            "cf2d1eb3ce175704130f8794655c8754ef8524d09f90f29f5175f525e13a3822"
        ),
    }


@pytest.mark.parametrize("policy", POLICIES.values())
def test_a_policy_reads_back_as_it_was(policy: Policy) -> None:
    assert Policy.read(policy.canonical()) == policy
    assert policy.hash == sha256_hex(policy.canonical())


@given(
    reclaimed=st.sampled_from(Reclaimed),
    opens=st.sampled_from(Opening),
    seconds=st.integers(0, 10**6),
    free=st.booleans(),
)
def test_any_policy_reads_back_as_it_was(
    reclaimed: Reclaimed, opens: Opening, seconds: int, free: bool
) -> None:
    policy = replace(
        DEFAULT_POLICY,
        reclaimed=reclaimed,
        service_opens=opens,
        min_service_s=seconds,
        own_fault_free=free,
    )
    assert Policy.read(policy.canonical()) == policy


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("id", "", "short ASCII name"),
        ("version", 0, "version is a whole number from 1"),
        ("version", True, "version is a whole number from 1"),
        ("reclaimed", "sometimes", "sometimes"),
        ("service_opens", 7, "7"),
        ("min_service_s", -1, "min_service_s is a whole number from 0"),
        ("own_fault_free", 1, "own_fault_free is true or false"),
        ("parked_units", 0, "parked_units is a whole number from 1"),
        ("paid_states", ["paused"], "paid_states"),
        ("paid_states", ["viewing", "controlling"], "in this order"),
        ("paid_states", None, "not iterable"),
        ("paid_states", ["nowhere"], "nowhere"),
        ("v", 2, "not of version 1"),
        ("colour", "blue", "colour is no key"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_with_a_sentence(
    key: str, value: Json, says: str
) -> None:
    fields = read_canonical(DEFAULT_POLICY.canonical()) | {key: value}
    with pytest.raises(SettingsError, match=says):
        Policy.read(canonical(fields))


def test_a_policy_is_read_from_its_one_encoding_only() -> None:
    with pytest.raises(MalformedFrame):
        Policy.read(DEFAULT_POLICY.canonical() + b" ")


# --- tariffs


def test_a_tariff_is_made_from_settings_and_reads_back() -> None:
    row = Tariff.from_mapping(ROW)
    assert row == TARIFF
    assert Tariff.read(row.canonical()) == row
    assert row.hash == sha256_hex(row.canonical())


@pytest.mark.parametrize("key", ["unit_s", "minimum_units"])
def test_b03_a_tariff_that_does_not_state_unit_and_minimum_is_refused(key: str) -> None:
    with pytest.raises(SettingsError, match=f"tariff 'remote': {key} is missing"):
        Tariff.from_mapping(without(key))
    with pytest.raises(TypeError, match=key):
        Tariff(**without(key))


@pytest.mark.parametrize("key", ROW)
def test_a_tariff_without_a_key_is_refused_by_its_name(key: str) -> None:
    with pytest.raises(SettingsError, match=f"{key} is missing"):
        Tariff.from_mapping(without(key))


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("id", "à distance", "short ASCII name"),
        ("label", "", "label is a text"),
        ("label", 5, "label is a text"),
        ("price_cents", 25.0, "price_cents is a whole number from 0, not 25.0"),
        ("price_cents", "2500", "price_cents is a whole number"),
        ("price_cents", 2**53, "price_cents is a whole number"),
        ("price_cents", -1, "price_cents is a whole number from 0"),
        ("currency", "eur", "three capitals"),
        ("currency", "EURO", "three capitals"),
        ("currency", 978, "three capitals"),
        ("unit_s", 0, "unit_s is a whole number from 1"),
        ("unit_s", True, "unit_s is a whole number from 1"),
        ("minimum_units", 0, "minimum_units is a whole number from 1"),
        ("valid_from_ms", -1, "valid_from_ms is a whole number from 0"),
        ("valid_to_ms", 0, "valid_to_ms is a whole number from 1"),
        ("increment", 1800, "increment is no key"),
    ],
)
def test_a_tariff_that_makes_no_sense_is_refused_with_a_sentence(
    key: str, value: Json, says: str
) -> None:
    with pytest.raises(SettingsError, match=says):
        Tariff.from_mapping(ROW | {key: value})


@pytest.mark.parametrize("key", ["price_cents", "unit_s", "minimum_units", "label"])
def test_another_price_or_rule_is_another_hash(key: str) -> None:
    other = Tariff.from_mapping(ROW | {key: "other" if key == "label" else 77})
    assert other.hash != TARIFF.hash


def test_r05_the_row_in_force_at_the_offer_is_taken() -> None:
    old = replace(TARIFF, valid_to_ms=1000)
    new = replace(TARIFF, price_cents=3000, valid_from_ms=1000)
    rows = check_rows([new, old])
    assert rows == (old, new)
    prices = [
        tariff_at(rows, "remote", ms).price_cents for ms in (0, 999, 1000, 10**13)
    ]
    assert prices == [2500, 2500, 3000, 3000]


def test_r05_no_row_in_force_is_no_price() -> None:
    row = replace(TARIFF, valid_from_ms=10, valid_to_ms=20)
    for tariff, at_ms in (("remote", 9), ("remote", 20), ("other", 15)):
        with pytest.raises(SettingsError, match="no row"):
            tariff_at([row], tariff, at_ms)


@pytest.mark.parametrize("until", [None, 999, 1001])
def test_r05_rows_that_overlap_or_leave_a_gap_are_refused(until: int | None) -> None:
    rows = [
        replace(TARIFF, valid_to_ms=until),
        replace(TARIFF, valid_from_ms=1000, price_cents=3000),
    ]
    with pytest.raises(SettingsError, match="not the same"):
        check_rows(rows)


def test_r05_rows_of_different_tariffs_may_overlap() -> None:
    other = replace(TARIFF, id="site")
    assert check_rows([other, TARIFF]) == (TARIFF, other)


def test_the_canonical_form_holds_every_field() -> None:
    assert set(read_canonical(TARIFF.canonical())) == set(asdict(TARIFF)) | {"v"}
    held = set(read_canonical(DEFAULT_POLICY.canonical()))
    assert held == set(asdict(DEFAULT_POLICY)) | {"v"}
