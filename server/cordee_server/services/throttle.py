"""How often somebody may try (security.md 1.4 and 4).

Claims are counted by address and prefix for customers, who have no account, by
account for technicians, and by nameplate for both; sockets, waiting codes and
attempts to sign in by address. All in memory: the codes they protect do not outlive
the process either.
"""

from __future__ import annotations

import ipaddress
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from cordee_shared.errors import TooManyGuesses
from cordee_shared.ids import Nameplate, TechnicianId
from cordee_shared.limits import (
    ACCOUNT_FAILED_CLAIMS,
    ACCOUNT_WINDOW_S,
    CLAIMS_PER_HOUR,
    CLAIMS_PER_MINUTE,
    CODES_PER_ADDRESS,
    SOCKETS_PER_ADDRESS,
)

from ..ports import Clock

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000
#: A whole prefix gets this many times what one address gets: a provider's customers
#: share one, an attacker with a rented block has many addresses in one.
_PREFIX_FACTOR: Final = 4
#: Attempts to sign in, by address, on top of the account's own count.
_SIGN_INS_PER_MINUTE: Final = 10
_SIGN_INS_PER_HOUR: Final = 60
#: Windows kept in memory before those that are over are swept out.
_SWEEP_ABOVE: Final = 10_000

_log = structlog.get_logger("cordee.throttle")


@dataclass(slots=True)
class Window:
    """Counts moments of each key inside sliding windows. Owned by the loop."""

    clock: Clock
    #: Length in milliseconds and the most that may lie in it, shortest first.
    limits: tuple[tuple[int, int], ...]
    _seen: dict[str, deque[int]] = field(default_factory=dict)

    def is_full(self, key: str) -> bool:
        """Tell whether one more would be too many."""
        seen = self._seen.get(key)
        now = self.clock.monotonic_ms()
        return seen is not None and any(
            sum(at > now - length for at in seen) >= most
            for length, most in self.limits
        )

    def add(self, key: str) -> None:
        """Count one."""
        now = self.clock.monotonic_ms()
        longest, most = self.limits[-1]
        seen = self._seen.setdefault(key, deque(maxlen=most))
        seen.append(now)
        if len(self._seen) > _SWEEP_ABOVE:
            for old in [k for k, at in self._seen.items() if at[-1] <= now - longest]:
                del self._seen[old]

    def forget(self, key: str) -> None:
        """Start from zero."""
        self._seen.pop(key, None)


@dataclass(slots=True)
class Held:
    """Counts what an address holds at the same time. Owned by the loop."""

    most: int
    what: str
    _held: Counter[str] = field(default_factory=Counter)

    def take(self, address: str) -> None:
        """Hold one more; give it back with :meth:`release`.

        Raises:
            TooManyGuesses: this address holds enough.
        """
        key = one_address(address)
        if self._held[key] >= self.most:
            _log.warning("throttled", what=self.what, address=key)
            raise TooManyGuesses
        self._held[key] += 1

    def release(self, address: str) -> None:
        """Give one back."""
        key = one_address(address)
        self._held[key] -= 1
        if self._held[key] <= 0:
            del self._held[key]


class Throttle:
    """All counts of one relay."""

    def __init__(
        self,
        clock: Clock,
        lock_account: Callable[[TechnicianId], Awaitable[None]],
    ) -> None:
        """``lock_account`` is called when an account has failed too many claims."""
        few = ((_MINUTE_MS, CLAIMS_PER_MINUTE), (_HOUR_MS, CLAIMS_PER_HOUR))
        many = tuple((length, most * _PREFIX_FACTOR) for length, most in few)
        self._addresses = Window(clock, few)
        self._prefixes = Window(clock, many)
        self._accounts = Window(clock, few)
        self._nameplates = Window(clock, few)
        self._failed = Window(
            clock, ((ACCOUNT_WINDOW_S * 1000, ACCOUNT_FAILED_CLAIMS),)
        )
        self._sign_ins = Window(
            clock,
            ((_MINUTE_MS, _SIGN_INS_PER_MINUTE), (_HOUR_MS, _SIGN_INS_PER_HOUR)),
        )
        self._lock_account = lock_account
        #: Sockets that an address has open.
        self.sockets = Held(SOCKETS_PER_ADDRESS, "sockets")
        #: Codes that wait for a claim, by their owner's address.
        self.codes = Held(CODES_PER_ADDRESS, "codes")

    def claim(
        self, address: str, nameplate: Nameplate, account: TechnicianId | None
    ) -> None:
        """Count a claim, whatever becomes of it.

        Args:
            address: where it came from.
            nameplate: what was claimed, existing or not.
            account: the technician's; ``None`` for a customer.

        Raises:
            TooManyGuesses: one too many; it was not counted and must not be tried.
        """
        counts = [(self._nameplates, str(nameplate), "nameplate")]
        if account is None:
            counts.append((self._addresses, one_address(address), "address"))
            counts.append((self._prefixes, prefix(address), "prefix"))
        else:
            counts.append((self._accounts, account, "account"))
        for window, key, what in counts:
            if window.is_full(key):
                # Not the nameplate itself: it is half of somebody's code.
                _log.warning("throttled", what="claims", by=what)
                raise TooManyGuesses
        for window, key, _ in counts:
            window.add(key)

    async def claim_failed(self, account: TechnicianId | None) -> None:
        """Count a claim that hit nothing, or whose pairing failed.

        Ten of one account in ten minutes lock it (security.md 1.4).
        """
        if account is None:
            return  # the claim itself was counted
        self._failed.add(account)
        if self._failed.is_full(account):
            self._failed.forget(account)
            _log.warning("account_locked", technician=account, why="failed_claims")
            await self._lock_account(account)

    def sign_in(self, address: str) -> None:
        """Count an attempt to sign in.

        Raises:
            TooManyGuesses: one too many from this address.
        """
        key = one_address(address)
        if self._sign_ins.is_full(key):
            _log.warning("throttled", what="sign_in", address=key)
            raise TooManyGuesses
        self._sign_ins.add(key)


def one_address(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, an IPv6 /64."""
    return _network(address, 32, 64)


def prefix(address: str) -> str:
    """Return the block an address lies in: IPv4 /24, IPv6 /48."""
    return _network(address, 24, 48)


def _network(address: str, bits4: int, bits6: int) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"  # all of those share one count
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    bits = bits4 if ip.version == 4 else bits6
    return str(ipaddress.ip_network(f"{ip}/{bits}", strict=False))
