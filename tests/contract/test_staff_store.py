import asyncio
from dataclasses import replace

import pytest

from cordee_server.ports import SignIn, Technician, TechnicianStore
from cordee_server.roles import Role
from cordee_server.staff import Deed, Done, StaffStore
from cordee_shared.errors import NotAllowed
from cordee_shared.ids import TechnicianId
from tests.builders import LUC

ANA = TechnicianId("ana")
ACCOUNT = Technician(LUC, "Luc Martin", "$argon2id$x", b"\x00sealed", 1_000)
TOKEN = b"\x01" * 32
CODES = tuple(bytes([n]) * 32 for n in range(8))
DEED = Deed(5_000, "claire", LUC, Done.ROLE, "admin")


async def test_a_role_signs_out_and_is_noted(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    await technicians.add(ACCOUNT)
    await technicians.sign_in(SignIn(TOKEN, LUC, 1, 1))
    assert await staff.set_role(LUC, Role.ADMIN, DEED) is True
    assert await technicians.find(LUC) == replace(ACCOUNT, role=Role.ADMIN)
    assert await technicians.signed_in(TOKEN) is None
    assert await staff.deeds(10) == [DEED]


async def test_nobody_is_given_no_role_and_nothing_is_noted(staff: StaffStore) -> None:
    assert await staff.set_role(LUC, Role.ADMIN, DEED) is False
    assert await staff.set_locked(LUC, True, DEED) is False
    assert await staff.deeds(10) == []


async def test_a_lock_signs_out_and_unlocking_does_not(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    await technicians.add(ACCOUNT)
    await technicians.sign_in(SignIn(TOKEN, LUC, 1, 1))
    assert await staff.set_locked(LUC, True, DEED) is True
    assert await technicians.find(LUC) == replace(ACCOUNT, locked=True)
    assert await technicians.signed_in(TOKEN) is None
    await technicians.sign_in(SignIn(TOKEN, LUC, 2, 2))
    assert await staff.set_locked(LUC, False, replace(DEED, done=Done.UNLOCKED))
    assert await technicians.find(LUC) == ACCOUNT
    assert await technicians.signed_in(TOKEN) is not None


async def test_a_reset_changes_neither_role_nor_lock(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    await technicians.add(replace(ACCOUNT, role=Role.AUDITOR))
    await staff.set_locked(LUC, True, DEED)
    await technicians.replace(replace(ACCOUNT, password="$argon2id$y"))
    found = await technicians.find(LUC)
    assert found is not None
    assert (found.role, found.locked) == (Role.AUDITOR, True)
    assert found.password == "$argon2id$y"


async def test_sign_ins_are_listed_by_account_the_newest_first(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    for account in (ACCOUNT, replace(ACCOUNT, id=ANA)):
        await technicians.add(account)
    old = SignIn(b"\x01" * 32, LUC, 1_000, 9_000, "Firefox, Linux")
    new = SignIn(b"\x02" * 32, LUC, 2_000, 2_000)
    for one in (old, new, SignIn(b"\x03" * 32, ANA, 1, 1)):
        await technicians.sign_in(one)
    assert await staff.sign_ins_of(LUC) == [new, old]
    assert await staff.sign_ins_of(TechnicianId("nobody")) == []


async def test_a_recovery_code_works_once_even_in_parallel(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    await technicians.add(ACCOUNT)
    await staff.put_recovery(LUC, CODES)
    assert await staff.recovery_left(LUC) == 8
    assert await staff.has_recovery(LUC, CODES[0]) is True
    answers = await asyncio.gather(
        *(staff.use_recovery(LUC, CODES[0]) for _ in range(10))
    )
    assert answers.count(True) == 1
    assert await staff.has_recovery(LUC, CODES[0]) is False
    assert await staff.recovery_left(LUC) == 7


async def test_nobody_uses_another_ones_code(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    for account in (ACCOUNT, replace(ACCOUNT, id=ANA)):
        await technicians.add(account)
    await staff.put_recovery(LUC, CODES)
    assert await staff.has_recovery(ANA, CODES[0]) is False
    assert await staff.use_recovery(ANA, CODES[0]) is False
    assert await staff.recovery_left(LUC) == 8


async def test_new_codes_end_the_old_ones(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    await technicians.add(ACCOUNT)
    await staff.put_recovery(LUC, CODES)
    await staff.put_recovery(LUC, [b"\x77" * 32])
    assert await staff.use_recovery(LUC, CODES[0]) is False
    assert await staff.use_recovery(LUC, b"\x77" * 32) is True


async def test_codes_are_for_accounts_and_go_with_them(
    technicians: TechnicianStore, staff: StaffStore
) -> None:
    with pytest.raises(NotAllowed):
        await staff.put_recovery(LUC, CODES)
    await technicians.add(ACCOUNT)
    await staff.put_recovery(LUC, CODES)
    await technicians.remove(LUC)
    assert await staff.recovery_left(LUC) == 0


async def test_deeds_stand_in_their_order_and_the_latest_are_shown(
    staff: StaffStore,
) -> None:
    for at in range(5):
        await staff.note(replace(DEED, at_ms=at))
    assert [deed.at_ms for deed in await staff.deeds(3)] == [4, 3, 2]
