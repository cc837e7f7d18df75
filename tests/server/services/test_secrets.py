import asyncio

import pytest

from cordee_server.services.secrets import (
    AT_ONCE,
    QUEUE,
    Passwords,
    Seeds,
    read_recovery,
    recovery_codes,
    recovery_digest,
)
from cordee_shared.errors import Busy, Tampered
from cordee_shared.ids import TechnicianId
from tests.builders import LUC, Dice
from tests.server.conftest import cheap_passwords


async def test_a_password_fits_its_own_hash_only() -> None:
    passwords = cheap_passwords()
    phc = await passwords.hash("correct horse")
    assert await passwords.verify(phc, "correct horse") is True
    assert await passwords.verify(phc, "correct horse ") is False
    assert await passwords.verify(None, "nobody") is False
    passwords.close()


async def test_hashes_are_argon2id_with_what_owasp_asks_at_least() -> None:
    passwords = Passwords(Dice())
    phc = await passwords.hash("x")
    assert phc.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_outdated(phc) is False
    assert cheap_passwords().is_outdated(phc) is True
    passwords.close()


async def test_a_flood_of_sign_ins_is_refused_and_holds_nobody_up() -> None:
    passwords = cheap_passwords()
    answers = await asyncio.gather(
        *(passwords.hash(str(n)) for n in range(AT_ONCE + QUEUE + 5)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Busy) for answer in answers) == 5
    assert sum(isinstance(answer, str) for answer in answers) == AT_ONCE + QUEUE
    assert (await passwords.hash("afterwards")).startswith("$argon2id$")
    passwords.close()


async def test_a_caller_who_hangs_up_frees_the_place_only_when_the_work_is_done() -> (
    None
):
    passwords = cheap_passwords()
    for _ in range(3 * (AT_ONCE + QUEUE)):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await passwords.hash("x")
        await passwords.hash("y")
    assert passwords._inside <= 1
    passwords.close()


def test_a_seed_opens_for_its_account_with_its_key_only() -> None:
    seeds = Seeds(b"\x01" * 32, Dice())
    seed = seeds.draw()
    sealed = seeds.seal(LUC, seed)
    assert seeds.open(LUC, sealed) == seed
    assert seed.encode() not in sealed
    for other, technician, given in (
        (Seeds(b"\x02" * 32, Dice()), LUC, sealed),
        (seeds, TechnicianId("ana"), sealed),
        (seeds, LUC, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (seeds, LUC, b""),
    ):
        with pytest.raises(Tampered):
            other.open(technician, given)


def test_a_seed_has_160_bits() -> None:
    assert len(Seeds(b"\x01" * 32, Dice()).draw()) == 32


def test_recovery_codes_are_eight_of_eighty_bits_each() -> None:
    codes = recovery_codes(Dice("recovery"))
    assert len(set(codes)) == 8
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
        assert set(code) <= set("abcdefghijklmnopqrstuvwxyz234567-")


def test_a_recovery_code_is_known_by_its_digest_however_it_is_written() -> None:
    code = recovery_codes(Dice("recovery"))[0]
    for written in (code, code.upper(), code.replace("-", " "), f" {code}\n"):
        assert read_recovery(written) == recovery_digest(code)
    assert code.replace("-", "").encode() not in recovery_digest(code)


@pytest.mark.parametrize("text", ["", "123456", "123 456", "a" * 15, "a" * 17])
def test_what_is_too_short_or_too_long_is_no_recovery_code(text: str) -> None:
    assert read_recovery(text) is None
