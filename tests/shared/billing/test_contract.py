"""What a customer has to be asked: data, hashed, refused with a sentence."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cordee_shared.billing.contract import CONTRACTS, Contract, CustomerKind, EarlyStart
from cordee_shared.billing.policy import POLICIES, shipped_text
from cordee_shared.errors import SettingsError
from cordee_shared.session.asking import Ask

PARIS = ZoneInfo("Europe/Paris")
LAW = CONTRACTS["law-corrected-2026"]
TERMS = CONTRACTS["as-written-2021"]
LAW_HASH = "3618a1ce27700bdb2389b75cc215f972e3db7de20b27552c7dbd1941452a77a2"
TERMS_HASH = "645035ffc48a55001d397c2f81d5f64845c47fa1e5f8d6b5c00d707ab855e07a"


def at(day: str, hour: int = 10) -> int:
    """Return a moment on the wall of Paris, Unix milliseconds."""
    on = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), tzinfo=PARIS)
    return int(on.timestamp() * 1000)


def test_every_shipped_policy_says_what_it_asks() -> None:
    assert set(CONTRACTS) == set(POLICIES)
    assert (LAW.withdrawal_days, LAW.early_start) == (14, EarlyStart.TWO_STATEMENTS)
    assert (TERMS.withdrawal_days, TERMS.early_start) == (7, EarlyStart.AGREEMENT)


def test_a_shipped_contract_keeps_its_hash_for_ever() -> None:
    # Offers name these hashes. A change takes a new version or a new id.
    assert {name: contract.hash for name, contract in CONTRACTS.items()} == {
        "law-corrected-2026": LAW_HASH,
        "as-written-2021": TERMS_HASH,
    }


@pytest.mark.parametrize(
    ("concluded", "terms", "law"),
    [
        ("2026-11-20", "2026-11-30", "2026-12-04"),
        ("2026-10-28", "2026-11-05", "2026-11-12"),
        ("2026-12-11", "2026-12-21", "2026-12-28"),
        ("2026-12-18", "2026-12-28", "2027-01-04"),
    ],
)
def test_R12_the_time_to_withdraw_ends_with_its_last_day(
    concluded: str, terms: str, law: str
) -> None:
    for contract, last in ((TERMS, terms), (LAW, law)):
        assert contract.last_day(at(concluded), PARIS).isoformat() == last
        end = contract.window_ends_ms(at(concluded), PARIS)
        after = dt.date.fromisoformat(last) + dt.timedelta(days=1)
        assert end == at(after.isoformat(), 0)


def test_R13_a_consumer_in_the_window_is_asked_for_both_statements() -> None:
    asked = LAW.asks(
        CustomerKind.CONSUMER, is_early=True, is_vouched=False, is_backed_up=False
    )
    assert asked == (Ask.ADULT, Ask.BACKUP, Ask.EARLY, Ask.WAIVER)


def test_R13_after_the_window_there_is_nothing_to_waive() -> None:
    asked = LAW.asks(
        CustomerKind.CONSUMER, is_early=False, is_vouched=False, is_backed_up=False
    )
    assert asked == (Ask.ADULT, Ask.BACKUP)


def test_R08_R13_a_professional_is_neither_a_minor_nor_may_withdraw() -> None:
    asked = LAW.asks(
        CustomerKind.PROFESSIONAL, is_early=True, is_vouched=False, is_backed_up=False
    )
    assert asked == (Ask.BACKUP,)


def test_R08_R31_what_was_answered_on_the_phone_is_not_asked_again() -> None:
    asked = LAW.asks(
        CustomerKind.CONSUMER, is_early=False, is_vouched=True, is_backed_up=True
    )
    assert asked == ()


def test_the_terms_of_2021_ask_nothing() -> None:
    asked = TERMS.asks(
        CustomerKind.CONSUMER, is_early=True, is_vouched=False, is_backed_up=False
    )
    assert asked == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("withdrawal_days = 14", "withdrawal_days = 30", "withdrawal_days is 7"),
        ("withdrawal_days = 14\n", "", "contract.withdrawal_days is missing"),
        ('"two_statements"', '"never"', "contract.early_start is one of"),
        ("ask_adult = true", "ask_adult = 1", "ask_adult is true or false"),
        ("ask_adult = true", "ask_adult = true\nask_age = 1", "ask_age is no key"),
        ("[contract]\nversion = 1", "[contract]\nversion = 0", "version is a whole"),
        ("[contract]", "[contrat]", "expected a table [contract]"),
        ("[contract]", "[contract", "expected TOML"),
    ],
)
def test_each_mistake_has_its_sentence(old: str, new: str, says: str) -> None:
    text = shipped_text("law-corrected-2026")
    assert old in text
    with pytest.raises(SettingsError) as refused:
        Contract.from_toml(text.replace(old, new), "ours.toml")
    assert says in str(refused.value)
