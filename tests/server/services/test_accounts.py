import asyncio

import pytest

from cordee_server.roles import Role
from cordee_server.services.accounts import name_of
from cordee_server.services.technicians import IDLE_MS, OPERATOR, NewSecrets
from cordee_server.staff import Done
from cordee_shared.errors import NotAllowed, NotSignedIn, SignInRefused
from tests.builders import LUC
from tests.server.conftest import House


@pytest.fixture
async def luc(house: House) -> NewSecrets:
    """The account of a technician."""
    return await house.technicians.add("luc", "Luc Martin")


async def sign_in(house: House, luc: NewSecrets, steps: int = 0) -> str:
    token, _ = await house.technicians.sign_in(
        "luc", luc.password, house.digits(luc, steps), "Firefox, Linux"
    )
    return token


async def test_a_new_role_counts_from_the_next_sign_in_on(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    await house.people.set_role("ana", "luc", Role.SUPERVISOR)
    with pytest.raises(NotSignedIn):
        await house.technicians.who(token)
    again = await sign_in(house, luc, steps=1)
    assert (await house.technicians.who(again)).role is Role.SUPERVISOR


async def test_a_locked_account_signs_in_again_only_when_it_is_unlocked(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    await house.people.set_locked("ana", "luc", locked=True)
    with pytest.raises(NotSignedIn):
        await house.technicians.who(token)
    with pytest.raises(SignInRefused):
        await sign_in(house, luc, steps=1)
    await house.people.set_locked("ana", "luc", locked=False)
    await house.technicians.who(await sign_in(house, luc, steps=1))


@pytest.mark.parametrize("name", ["luc", "ana"])
async def test_nobody_changes_their_own_role_or_lock(house: House, name: str) -> None:
    await house.technicians.add(name, role=Role.ADMIN)
    with pytest.raises(NotAllowed, match="Another admin"):
        await house.people.set_role(name, name, Role.TECHNICIAN)
    with pytest.raises(NotAllowed, match="Another admin"):
        await house.people.set_locked(name, name, locked=True)
    with pytest.raises(NotAllowed, match="Another admin"):
        await house.people.reset(name, name)
    assert [one.technician.role for one in await house.people.all()] == [Role.ADMIN]


async def test_who_is_not_there_cannot_be_changed(house: House) -> None:
    with pytest.raises(NotAllowed, match="no technician 'nobody'"):
        await house.people.set_role(OPERATOR, "nobody", Role.ADMIN)
    with pytest.raises(NotAllowed, match="no technician 'nobody'"):
        await house.people.set_locked(OPERATOR, "nobody", locked=True)
    with pytest.raises(NotAllowed):
        await house.people.reset("ana", "nobody")
    with pytest.raises(NotAllowed):
        await house.people.new_recovery("ana", "nobody")
    assert await house.people.deeds() == []


async def test_every_deed_stands_in_the_record(house: House, luc: NewSecrets) -> None:
    await house.people.set_role("ana", "luc", Role.SUPERVISOR)
    await house.people.set_locked("ana", "luc", locked=True)
    await house.people.set_locked("ana", "luc", locked=False)
    await house.people.reset("ana", "luc")
    await house.people.new_recovery("luc", "luc")
    await house.technicians.remove("luc")
    said = [(d.by, d.account, d.done, d.detail) for d in await house.people.deeds()]
    assert said[::-1] == [
        ("operator", LUC, Done.ADDED, "technician"),
        ("ana", LUC, Done.ROLE, "supervisor"),
        ("ana", LUC, Done.LOCKED, ""),
        ("ana", LUC, Done.UNLOCKED, ""),
        ("ana", LUC, Done.RESET, ""),
        ("luc", LUC, Done.RECOVERY_MADE, ""),
        ("operator", LUC, Done.REMOVED, ""),
    ]


async def test_an_admin_sees_no_secret_of_an_account(
    house: House, luc: NewSecrets
) -> None:
    await sign_in(house, luc)
    (shown,) = await house.people.all()
    assert (shown.technician.id, shown.recovery_left, shown.sign_ins) == (LUC, 8, 1)
    text = repr(shown)
    for secret in (luc.password, luc.seed, *luc.recovery):
        assert secret not in text


async def test_one_sign_in_is_ended_and_the_others_stay(
    house: House, luc: NewSecrets
) -> None:
    first = await sign_in(house, luc)
    house.clock.advance(seconds=31)
    second = await sign_in(house, luc)
    newest, oldest = await house.people.sign_ins(LUC)
    assert newest.browser == "Firefox, Linux"
    await house.people.revoke("luc", LUC, name_of(oldest))
    with pytest.raises(NotSignedIn):
        await house.technicians.who(first)
    await house.technicians.who(second)
    with pytest.raises(NotAllowed, match="over"):
        await house.people.revoke("luc", LUC, name_of(oldest))


async def test_nobody_ends_a_sign_in_of_somebody_else_by_their_own_name(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    ana = await house.technicians.add("ana")
    (one,) = await house.people.sign_ins(LUC)
    with pytest.raises(NotAllowed):
        await house.people.revoke(ana.technician, ana.technician, name_of(one))
    await house.technicians.who(token)


async def test_what_a_sign_in_is_called_signs_nobody_in(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    (one,) = await house.people.sign_ins(LUC)
    assert name_of(one) not in token
    with pytest.raises(NotSignedIn):
        await house.technicians.who(name_of(one))


async def test_an_old_sign_in_is_not_listed(house: House, luc: NewSecrets) -> None:
    await sign_in(house, luc)
    house.clock.advance(seconds=IDLE_MS // 1000)
    assert await house.people.sign_ins(LUC) == []


async def test_s50_a_revocation_wakes_whoever_waits_for_it(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    (one,) = await house.people.sign_ins(LUC)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(house.technicians.wait_signed_out(token))
        await house.people.revoke("ana", LUC, name_of(one))


async def test_a_recovery_code_stands_in_for_the_digits_once(
    house: House, luc: NewSecrets
) -> None:
    code = luc.recovery[0]
    token, _ = await house.technicians.sign_in("luc", luc.password, code)
    await house.technicians.who(token)
    assert await house.people.recovery_left(LUC) == 7
    with pytest.raises(SignInRefused):
        await house.technicians.sign_in("luc", luc.password, code)
    assert (await house.people.deeds())[0].done is Done.RECOVERY_USED


async def test_a_recovery_code_is_read_as_people_write_it_down(
    house: House, luc: NewSecrets
) -> None:
    written = f" {luc.recovery[1].upper().replace('-', ' ')} "
    token, _ = await house.technicians.sign_in("luc", luc.password, written)
    await house.technicians.who(token)


async def test_a_recovery_code_without_the_password_is_not_used_up(
    house: House, luc: NewSecrets
) -> None:
    with pytest.raises(SignInRefused):
        await house.technicians.sign_in("luc", "wrong", luc.recovery[0])
    assert await house.people.recovery_left(LUC) == 8


async def test_new_recovery_codes_end_the_old_ones(
    house: House, luc: NewSecrets
) -> None:
    made = await house.people.new_recovery("luc", "luc")
    assert len(set(made) | set(luc.recovery)) == 16
    with pytest.raises(SignInRefused):
        await house.technicians.sign_in("luc", luc.password, luc.recovery[0])
    assert await house.technicians.sign_in("luc", luc.password, made[0])
