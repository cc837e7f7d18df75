"""Keys: one use each, and each bound to everything that was said."""

from __future__ import annotations

import hmac
from itertools import combinations

from cordee_shared.pairing.schedule import (
    KEY_BYTES,
    Keys,
    Role,
    next_key,
    resumed_keys,
    session_keys,
)
from tests.shared.pairing.ends import as_keys, keys

ISK, SID, TH = b"i" * 64, b"s" * 48, b"t" * 32
RES, K, RH, EXP = b"r" * 32, b"k" * 32, b"h" * 32, b"e" * 32


def values(held: Keys) -> list[str]:
    return list(as_keys(held).values())


def test_every_key_has_one_use() -> None:
    fresh = session_keys(ISK, SID, TH)
    resumed, mac = resumed_keys(RES, K, SID, RH, EXP)
    everything = [*values(fresh), *values(resumed), mac.hex(), next_key(ISK, 0).hex()]
    assert len(set(everything)) == len(everything)
    assert {len(bytes.fromhex(key)) for key in everything} == {KEY_BYTES}


def test_a_resume_from_the_same_bytes_gives_other_keys_than_a_pairing() -> None:
    resumed, _ = resumed_keys(RES, K, SID, TH, EXP)
    assert set(values(resumed)).isdisjoint(values(session_keys(RES + K, SID, TH)))


def test_whatever_changes_every_key_of_a_pairing_changes() -> None:
    variants = [
        session_keys(ISK, SID, TH),
        session_keys(b"I" + ISK[1:], SID, TH),
        session_keys(ISK, b"S" + SID[1:], TH),
        session_keys(ISK, SID, b"T" + TH[1:]),
    ]
    for one, other in combinations(variants, 2):
        assert set(values(one)).isdisjoint(values(other))


def test_s18_a_resume_needs_both_the_old_key_and_the_new_exchange() -> None:
    variants = [
        resumed_keys(RES, K, SID, RH, EXP),
        resumed_keys(b"R" + RES[1:], K, SID, RH, EXP),
        resumed_keys(RES, b"K" + K[1:], SID, RH, EXP),
        resumed_keys(RES, K, b"S" + SID[1:], RH, EXP),
        resumed_keys(RES, K, SID, b"H" + RH[1:], EXP),
        # Where one ends and the other begins counts.
        resumed_keys(RES + K[:1], K[1:], SID, RH, EXP),
    ]
    for (one, mac), (other, other_mac) in combinations(variants, 2):
        assert mac != other_mac
        assert set(values(one)) & set(values(other)) == {EXP.hex()}


def test_the_next_key_is_hkdf_expand_of_the_last_one() -> None:
    info = b"ra1 rekey" + (7).to_bytes(8, "big")
    expected = hmac.digest(K, info + b"\x01", "sha512")[:32]
    assert next_key(K, 7) == expected


def test_s14_the_next_key_depends_on_how_many_records_there_were() -> None:
    assert len({next_key(K, records) for records in range(100)}) == 100


def test_each_end_seals_under_the_key_that_the_other_opens_with() -> None:
    held = keys()
    assert held.sending(Role.AGENT) == held.a2c
    assert held.sending(Role.CONSOLE) == held.c2a
    assert [role.other.other for role in Role] == list(Role)
    assert [role.other for role in Role] != list(Role)


def test_s05_keys_are_in_no_repr() -> None:
    held = keys()
    assert repr(held) == "Keys()"
