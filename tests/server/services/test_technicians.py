import asyncio

import pytest
import structlog

from cordee_server.services.secrets import Seeds
from cordee_server.services.technicians import (
    ABSOLUTE_MS,
    IDLE_MS,
    LOCK_MS,
    WATCH_S,
    NewSecrets,
)
from cordee_shared.canonical import unb64
from cordee_shared.errors import (
    NotAllowed,
    NotSignedIn,
    SignInRefused,
    TooManyGuesses,
    Unavailable,
)
from tests.builders import LUC, Dice
from tests.server.conftest import House


@pytest.fixture
async def luc(house: House) -> NewSecrets:
    """The account of a technician."""
    return await house.technicians.add("luc", "Luc Martin")


async def sign_in(house: House, luc: NewSecrets, steps: int = 0) -> str:
    digits = house.digits(luc, steps)
    token, technician = await house.technicians.sign_in("luc", luc.password, digits)
    assert technician.id == LUC
    return token


async def test_name_password_and_digits_sign_in(house: House, luc: NewSecrets) -> None:
    token = await sign_in(house, luc)
    assert (await house.technicians.who(token)).display_name == "Luc Martin"
    assert len(unb64(token)) == 32


async def test_the_name_is_read_as_people_type_it(
    house: House, luc: NewSecrets
) -> None:
    digits = house.digits(luc)
    spaced = f"{digits[:3]} {digits[3:]}"
    token, _ = await house.technicians.sign_in(" Luc ", luc.password, spaced)
    assert (await house.technicians.who(token)).id == LUC


async def test_whatever_is_wrong_the_answer_is_the_same(
    house: House, luc: NewSecrets
) -> None:
    right = house.digits(luc)
    for name, password, digits in (
        ("nobody", luc.password, right),
        ("", luc.password, right),
        ("Not A Name!", luc.password, right),
        ("luc", "wrong", right),
        ("luc", luc.password, "000000"),
        ("luc", luc.password, ""),
    ):
        house.clock.advance(seconds=1000)
        with pytest.raises(SignInRefused) as refusal:
            await house.technicians.sign_in(name, password, digits)
        assert str(refusal.value) == SignInRefused.__doc__


async def test_the_password_alone_is_not_enough_nor_are_the_digits_alone(
    house: House, luc: NewSecrets
) -> None:
    with pytest.raises(SignInRefused):
        await house.technicians.sign_in("luc", luc.password, "123456")
    with pytest.raises(SignInRefused):
        await house.technicians.sign_in("luc", "wrong", house.digits(luc))


async def test_s48_the_same_digits_sign_in_once_even_in_parallel(
    house: House, luc: NewSecrets
) -> None:
    digits = house.digits(luc)
    tries = (house.technicians.sign_in("luc", luc.password, digits) for _ in range(4))
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, tuple) for answer in answers) == 1
    house.clock.advance(seconds=1)
    with pytest.raises(SignInRefused):
        await house.technicians.sign_in("luc", luc.password, digits)


async def test_a_clock_may_be_one_step_wrong_and_older_steps_are_spent(
    house: House, luc: NewSecrets
) -> None:
    await sign_in(house, luc, steps=1)
    for steps in (0, 1, 2):
        with pytest.raises(SignInRefused):
            await sign_in(house, luc, steps=steps)
    house.clock.advance(seconds=60)
    await sign_in(house, luc)


async def test_s49_ten_failures_lock_for_fifteen_minutes(
    house: House, luc: NewSecrets
) -> None:
    pauses = []
    for _ in range(10):
        left = await house.technicians.blocked_until(LUC) - house.clock.now_ms()
        pauses.append(max(0, left) // 1000)
        house.clock.advance(ms=max(0, left))
        with pytest.raises(SignInRefused):
            await house.technicians.sign_in("luc", "wrong", "000000")
    assert pauses == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16]
    with pytest.raises(TooManyGuesses) as locked:
        await sign_in(house, luc)
    assert locked.value.retry_s == 900
    house.clock.advance(seconds=899)
    with pytest.raises(TooManyGuesses):
        await sign_in(house, luc)
    house.clock.advance(seconds=1)
    await sign_in(house, luc)


async def test_s49_a_lock_looks_the_same_for_an_account_that_does_not_exist(
    house: House,
) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await house.technicians.sign_in("nobody", "x", "000000")
    with pytest.raises(TooManyGuesses):
        await house.technicians.sign_in("nobody", "x", "000000")


async def test_a_password_typed_where_the_name_belongs_is_not_kept(
    house: House, luc: NewSecrets
) -> None:
    with structlog.testing.capture_logs() as facts, pytest.raises(SignInRefused):
        await house.technicians.sign_in(luc.password, "luc", "000000")
    assert luc.password not in str(facts)
    assert luc.password not in str(house.accounts._tries)


async def test_signing_in_forgets_the_failures_before(
    house: House, luc: NewSecrets
) -> None:
    for _ in range(4):
        with pytest.raises(SignInRefused):
            await house.technicians.sign_in("luc", "wrong", "000000")
    await sign_in(house, luc)
    for _ in range(4):
        with pytest.raises(SignInRefused):
            await house.technicians.sign_in("luc", "wrong", "000000")


async def test_a_sign_in_unused_for_half_an_hour_is_over(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    house.clock.advance(ms=IDLE_MS - 1)
    await house.technicians.who(token)
    house.clock.advance(ms=IDLE_MS - 1)
    await house.technicians.who(token)
    house.clock.advance(ms=IDLE_MS)
    with pytest.raises(NotSignedIn):
        await house.technicians.who(token)


async def test_s50_a_page_that_asks_by_itself_keeps_nobody_signed_in(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    house.clock.advance(ms=IDLE_MS - 1)
    await house.technicians.who(token, is_use=False)
    house.clock.advance(ms=1)
    with pytest.raises(NotSignedIn):
        await house.technicians.who(token, is_use=False)


async def test_no_sign_in_lasts_longer_than_twelve_hours(
    house: House, luc: NewSecrets
) -> None:
    token = await sign_in(house, luc)
    for _ in range(ABSOLUTE_MS // IDLE_MS * 2 - 1):
        house.clock.advance(ms=IDLE_MS // 2)
        await house.technicians.who(token)
    house.clock.advance(ms=IDLE_MS // 2)
    with pytest.raises(NotSignedIn):
        await house.technicians.who(token)


@pytest.mark.parametrize("token", [None, "", "x", "A" * 43, "ü" * 43, "A" * 9999])
async def test_nobody_holds_a_cookie_that_was_never_given(
    house: House, token: str | None
) -> None:
    with pytest.raises(NotSignedIn):
        await house.technicians.who(token)
    await house.technicians.sign_out(token)


async def test_only_the_tokens_hash_is_stored(house: House, luc: NewSecrets) -> None:
    token = await sign_in(house, luc)
    stored = str(vars(type(house.accounts))) + str(house.accounts._sign_ins)
    assert unb64(token) not in house.accounts._sign_ins
    assert token not in stored


@pytest.mark.parametrize("how", ["sign_out", "remove", "reset", "lock", "age"])
async def test_s50_whoever_waits_for_a_sign_out_learns_of_it(
    house: House, luc: NewSecrets, how: str
) -> None:
    token = await sign_in(house, luc)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = group.create_task(house.technicians.wait_signed_out(token))
        await asyncio.sleep(0)
        assert not waiting.done()
        match how:
            case "sign_out":
                await house.technicians.sign_out(token)
            case "remove":
                await house.technicians.remove("luc")
            case "reset":
                await house.technicians.reset("luc")
            case "lock":
                await house.technicians.lock(LUC)
            case "age":
                house.clock.advance(ms=IDLE_MS)
    with pytest.raises(NotSignedIn):
        await house.technicians.who(token)


async def test_s50_a_sign_out_by_another_process_is_seen_within_a_second(
    house: House, luc: NewSecrets
) -> None:
    assert WATCH_S < 1
    token = await sign_in(house, luc)
    async with asyncio.timeout(1), asyncio.TaskGroup() as group:
        group.create_task(house.technicians.wait_signed_out(token))
        await asyncio.sleep(0)
        await house.accounts.sign_out_everywhere(LUC)


async def test_a_locked_account_cannot_sign_in_for_fifteen_minutes(
    house: House, luc: NewSecrets
) -> None:
    await house.technicians.lock(LUC)
    until = await house.technicians.blocked_until(LUC)
    assert until == house.clock.now_ms() + LOCK_MS
    with pytest.raises(TooManyGuesses):
        await sign_in(house, luc)
    house.clock.advance(ms=LOCK_MS)
    await sign_in(house, luc)


async def test_a_reset_gives_new_secrets_and_the_old_ones_are_worth_nothing(
    house: House, luc: NewSecrets
) -> None:
    await house.technicians.lock(LUC)
    new = await house.technicians.reset("luc")
    assert new.display_name == "Luc Martin"
    with pytest.raises(SignInRefused):
        await sign_in(house, luc)
    await sign_in(house, new)


async def test_with_another_seed_key_nobody_signs_in_and_the_operator_hears_of_it(
    house: House, luc: NewSecrets
) -> None:
    house.technicians._seeds = Seeds(b"\x08" * 32, Dice())
    with pytest.raises(Unavailable, match="second factors"):
        await sign_in(house, luc)


async def test_names_are_given_once_and_only_names(
    house: House, luc: NewSecrets
) -> None:
    with pytest.raises(NotAllowed, match="already"):
        await house.technicians.add("luc")
    for name in ("", "Luc", "a b", "é", "-x", "x" * 33):
        with pytest.raises(NotAllowed, match="cannot be a name"):
            await house.technicians.add(name)
    for what in (house.technicians.remove, house.technicians.reset):
        with pytest.raises(NotAllowed, match="no technician"):
            await what("nobody")
    assert [one.id for one in await house.technicians.all()] == [luc.technician]


async def test_secrets_are_drawn_never_chosen_and_show_in_no_repr(
    house: House, luc: NewSecrets
) -> None:
    other = await house.technicians.add("ana")
    assert len({luc.password, luc.seed, other.password, other.seed}) == 4
    assert len(luc.password.replace("-", "")) == 21
    stored = (await house.technicians.all())[1]
    for shown in (repr(luc), repr(stored)):
        assert luc.password not in shown
        assert luc.seed not in shown
        assert "argon2" not in shown
    assert luc.totp_uri == (
        f"otpauth://totp/Aide%20%26%20Cie:luc?secret={luc.seed}&issuer=Aide%20%26%20Cie"
    )


async def test_a_hash_of_old_parameters_is_replaced_at_the_next_sign_in(
    house: House, luc: NewSecrets
) -> None:
    before = await house.accounts.find(LUC)
    assert before is not None
    house.technicians._passwords._iterations = 2
    await sign_in(house, luc)
    after = await house.accounts.find(LUC)
    assert after is not None
    assert ",t=2," in after.password
    assert before.password != after.password
