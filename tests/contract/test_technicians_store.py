import asyncio
from dataclasses import replace

import pytest

from cordee_server.ports import SignIn, Technician, TechnicianStore
from cordee_shared.errors import NotAllowed
from cordee_shared.ids import TechnicianId
from tests.builders import LUC

ANA = TechnicianId("ana")
ACCOUNT = Technician(LUC, "Luc Martin", "$argon2id$x", b"\x00sealed", 1_000)
TOKEN, OTHER_TOKEN = b"\x01" * 32, b"\x02" * 32
PAUSES = (0, 0, 500, 60_000)


async def test_an_account_comes_back_whole(technicians: TechnicianStore) -> None:
    await technicians.add(ACCOUNT)
    assert await technicians.find(LUC) == ACCOUNT
    assert await technicians.find(ANA) is None


async def test_a_name_is_given_once(technicians: TechnicianStore) -> None:
    await technicians.add(ACCOUNT)
    with pytest.raises(NotAllowed):
        await technicians.add(replace(ACCOUNT, display_name="Another"))
    assert await technicians.find(LUC) == ACCOUNT


async def test_accounts_are_listed_by_name(technicians: TechnicianStore) -> None:
    ana = replace(ACCOUNT, id=ANA)
    for account in (ACCOUNT, ana):
        await technicians.add(account)
    assert await technicians.all() == [ana, ACCOUNT]


async def test_a_reset_replaces_the_secrets_signs_out_and_starts_afresh(
    technicians: TechnicianStore,
) -> None:
    await technicians.add(ACCOUNT)
    await technicians.sign_in(SignIn(TOKEN, LUC, 1, 1))
    await technicians.use_step(LUC, 100)
    await technicians.block(LUC, 9_000)
    new = replace(ACCOUNT, password="$argon2id$y", totp=b"new")
    assert await technicians.replace(new) is True
    assert await technicians.find(LUC) == new
    assert await technicians.signed_in(TOKEN) is None
    assert await technicians.blocked_until(LUC) == 0
    assert await technicians.use_step(LUC, 50) is True


async def test_resetting_nobody_says_so(technicians: TechnicianStore) -> None:
    assert await technicians.replace(ACCOUNT) is False
    assert await technicians.all() == []


async def test_a_new_hash_of_the_same_password_signs_nobody_out(
    technicians: TechnicianStore,
) -> None:
    await technicians.add(ACCOUNT)
    await technicians.sign_in(SignIn(TOKEN, LUC, 1, 1))
    await technicians.rehash(LUC, "$argon2id$z")
    assert await technicians.find(LUC) == replace(ACCOUNT, password="$argon2id$z")
    assert await technicians.signed_in(TOKEN) == SignIn(TOKEN, LUC, 1, 1)


async def test_removing_an_account_signs_it_out(technicians: TechnicianStore) -> None:
    await technicians.add(ACCOUNT)
    await technicians.sign_in(SignIn(TOKEN, LUC, 1, 1))
    assert await technicians.remove(LUC) is True
    assert await technicians.remove(LUC) is False
    assert await technicians.find(LUC) is None
    assert await technicians.signed_in(TOKEN) is None


async def test_s48_a_step_of_the_second_factor_works_once_even_in_parallel(
    technicians: TechnicianStore,
) -> None:
    await technicians.add(ACCOUNT)
    answers = await asyncio.gather(*(technicians.use_step(LUC, 100) for _ in range(20)))
    assert answers.count(True) == 1
    assert await technicians.use_step(LUC, 99) is False
    assert await technicians.use_step(LUC, 101) is True
    assert await technicians.use_step(ANA, 101) is False


async def test_attempts_block_a_name_for_longer_and_longer(
    technicians: TechnicianStore,
) -> None:
    async def attempt(now_ms: int) -> int:
        return await technicians.attempt("nobody", now_ms, PAUSES)

    assert [await attempt(1_000) for _ in range(3)] == [0, 0, 0]
    assert await attempt(1_100) == 400
    assert await attempt(1_500) == 0
    assert await attempt(1_501) == 59_999
    assert await attempt(61_500) == 0  # the last pause stands for all later ones
    assert await attempt(61_501) == 59_999
    assert await technicians.attempt("other", 1_501, PAUSES) == 0


async def test_s49_parallel_attempts_are_all_counted(
    technicians: TechnicianStore,
) -> None:
    answers = await asyncio.gather(
        *(technicians.attempt("luc", 1_000, PAUSES) for _ in range(10))
    )
    assert answers.count(0) == 3


async def test_a_success_forgets_the_attempts(technicians: TechnicianStore) -> None:
    for _ in range(3):
        await technicians.attempt("luc", 1_000, PAUSES)
    await technicians.forget_attempts("luc")
    assert await technicians.blocked_until("luc") == 0
    assert await technicians.attempt("luc", 1_000, PAUSES) == 0


async def test_a_longer_block_stays(technicians: TechnicianStore) -> None:
    for until, holds in ((5_000, 5_000), (3_000, 5_000), (8_000, 8_000)):
        await technicians.block("luc", until)
        assert await technicians.blocked_until("luc") == holds
    assert await technicians.attempt("luc", 7_000, PAUSES) == 1_000


async def test_only_an_account_signs_in(technicians: TechnicianStore) -> None:
    with pytest.raises(NotAllowed):
        await technicians.sign_in(SignIn(TOKEN, LUC, 1, 1))
    assert await technicians.signed_in(TOKEN) is None


async def test_a_sign_in_is_noted_when_used_and_gone_when_signed_out(
    technicians: TechnicianStore,
) -> None:
    await technicians.add(ACCOUNT)
    for token in (TOKEN, OTHER_TOKEN):
        await technicians.sign_in(SignIn(token, LUC, 1_000, 1_000))
    await technicians.seen(TOKEN, 2_000)
    assert await technicians.signed_in(TOKEN) == SignIn(TOKEN, LUC, 1_000, 2_000)
    await technicians.sign_out(TOKEN)
    await technicians.seen(TOKEN, 3_000)
    assert await technicians.signed_in(TOKEN) is None
    assert await technicians.signed_in(OTHER_TOKEN) is not None
    await technicians.sign_out_everywhere(LUC)
    assert await technicians.signed_in(OTHER_TOKEN) is None


async def test_what_is_too_old_is_forgotten(technicians: TechnicianStore) -> None:
    await technicians.add(ACCOUNT)
    for token, since, seen in (
        (TOKEN, 1_000, 5_000),
        (OTHER_TOKEN, 3_000, 3_000),
        (b"\x03" * 32, 3_000, 5_000),
    ):
        await technicians.sign_in(SignIn(token, LUC, since, seen))
    await technicians.attempt("tried", 1_000, PAUSES)
    await technicians.block("blocked", 9_000)
    await technicians.forget_before(2_000, 4_000, 6_000)
    assert await technicians.signed_in(TOKEN) is None
    assert await technicians.signed_in(OTHER_TOKEN) is None
    assert await technicians.signed_in(b"\x03" * 32) is not None
    assert await technicians.blocked_until("blocked") == 9_000
    for _ in range(2):  # a name that is tried afresh
        assert await technicians.attempt("tried", 1_001, PAUSES) == 0
    assert await technicians.blocked_until("tried") == 1_001
