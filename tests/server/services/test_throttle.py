import pytest

from cordee_server.services.throttle import Held, Throttle, Window, one_address, prefix
from cordee_shared.errors import TooManyGuesses
from cordee_shared.ids import Nameplate, TechnicianId
from cordee_shared.limits import (
    ACCOUNT_FAILED_CLAIMS,
    CLAIMS_PER_HOUR,
    CLAIMS_PER_MINUTE,
    SOCKETS_PER_ADDRESS,
)
from tests.builders import LUC
from tests.clock import ManualClock

HERE = "192.0.2.1"


@pytest.fixture
def locked() -> list[TechnicianId]:
    """Accounts that were locked, in order."""
    return []


@pytest.fixture
def throttle(clock: ManualClock, locked: list[TechnicianId]) -> Throttle:
    async def lock(technician: TechnicianId) -> None:
        locked.append(technician)

    return Throttle(clock, lock)


def plate(number: int) -> Nameplate:
    return Nameplate(f"{number:03d}")


def claims(throttle: Throttle, many: int, address: str = HERE, first: int = 0) -> None:
    for number in range(first, first + many):
        throttle.claim(address, plate(number), None)


def test_s13_an_address_claims_five_times_a_minute(
    throttle: Throttle, clock: ManualClock
) -> None:
    claims(throttle, CLAIMS_PER_MINUTE)
    with pytest.raises(TooManyGuesses):
        throttle.claim(HERE, plate(99), None)
    throttle.claim("198.51.100.1", plate(99), None)
    clock.advance(seconds=60)
    throttle.claim(HERE, plate(99), None)


def test_s13_an_address_claims_twenty_times_an_hour(
    throttle: Throttle, clock: ManualClock
) -> None:
    for round_ in range(CLAIMS_PER_HOUR // CLAIMS_PER_MINUTE):
        claims(throttle, CLAIMS_PER_MINUTE, first=10 * round_)
        clock.advance(seconds=61)
    with pytest.raises(TooManyGuesses):
        throttle.claim(HERE, plate(99), None)
    clock.advance(seconds=3600)
    throttle.claim(HERE, plate(99), None)


def test_s13_many_addresses_of_one_block_are_counted_together(
    throttle: Throttle,
) -> None:
    for number in range(4):
        claims(
            throttle, CLAIMS_PER_MINUTE, f"192.0.2.{number}", CLAIMS_PER_MINUTE * number
        )
    with pytest.raises(TooManyGuesses):
        throttle.claim("192.0.2.77", plate(99), None)
    throttle.claim("192.0.3.77", plate(99), None)


def test_s13_a_nameplate_is_claimed_five_times_a_minute_wherever_from(
    throttle: Throttle,
) -> None:
    for number in range(CLAIMS_PER_MINUTE):
        throttle.claim(f"198.51.{number}.1", plate(1), None)
    with pytest.raises(TooManyGuesses):
        throttle.claim("203.0.113.1", plate(1), LUC)


def test_a_claim_that_was_refused_was_not_counted(
    throttle: Throttle, clock: ManualClock
) -> None:
    claims(throttle, CLAIMS_PER_MINUTE)
    for _ in range(50):
        with pytest.raises(TooManyGuesses):
            throttle.claim(HERE, plate(99), None)
    clock.advance(seconds=60)
    claims(throttle, CLAIMS_PER_MINUTE, first=50)


def test_technicians_behind_one_address_are_counted_by_account(
    throttle: Throttle,
) -> None:
    for number in range(4):
        for claim in range(CLAIMS_PER_MINUTE):
            account = TechnicianId(f"t{number}")
            throttle.claim(HERE, plate(10 * number + claim), account)
    with pytest.raises(TooManyGuesses):
        throttle.claim("203.0.113.9", plate(99), TechnicianId("t0"))


async def test_s13_ten_failed_claims_in_ten_minutes_lock_the_account(
    throttle: Throttle, locked: list[TechnicianId], clock: ManualClock
) -> None:
    for _ in range(ACCOUNT_FAILED_CLAIMS - 1):
        await throttle.claim_failed(LUC)
    assert locked == []
    clock.advance(seconds=601)
    await throttle.claim_failed(LUC)
    assert locked == []
    for _ in range(ACCOUNT_FAILED_CLAIMS - 1):
        await throttle.claim_failed(LUC)
    assert locked == [LUC]


async def test_a_customers_failed_claim_locks_nobody(
    throttle: Throttle, locked: list[TechnicianId]
) -> None:
    for _ in range(50):
        await throttle.claim_failed(None)
    assert locked == []


def test_signing_in_is_counted_by_address(
    throttle: Throttle, clock: ManualClock
) -> None:
    for _ in range(10):
        throttle.sign_in("2001:db8::1")
    with pytest.raises(TooManyGuesses):
        throttle.sign_in("2001:db8::2")  # the same subscriber
    throttle.sign_in("2001:db8:0:1::1")
    clock.advance(seconds=60)
    throttle.sign_in("2001:db8::2")


def test_an_address_holds_so_many_sockets_and_gives_them_back(
    throttle: Throttle,
) -> None:
    for _ in range(SOCKETS_PER_ADDRESS):
        throttle.sockets.take(HERE)
    with pytest.raises(TooManyGuesses):
        throttle.sockets.take(HERE)
    throttle.sockets.release(HERE)
    throttle.sockets.take(HERE)


def test_what_was_given_back_is_forgotten() -> None:
    held = Held(1, "sockets")
    for _ in range(3):
        held.take(HERE)
        held.release(HERE)
    assert held == Held(1, "sockets")


def test_old_windows_are_swept_out(clock: ManualClock) -> None:
    window = Window(clock, ((1000, 2),))
    for number in range(10_001):
        window.add(str(number))
    clock.advance(seconds=2)
    window.add("now")
    assert len(window._seen) == 1


@pytest.mark.parametrize(
    ("address", "one", "block"),
    [
        ("192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "unknown", "unknown"),
        ("unix:", "unknown", "unknown"),
    ],
)
def test_addresses_are_counted_as_subscribers_have_them(
    address: str, one: str, block: str
) -> None:
    assert (one_address(address), prefix(address)) == (one, block)
