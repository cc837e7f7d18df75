"""From counted time to units and money, in integers, rounded once (terms, 3.2).

``floor`` to the second, one ceiling to begun units, one minimum: for the engagement
as a whole, never for each connection (billing_legal.md 0.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.billing.tally import Flag, Tally


@dataclass(frozen=True, slots=True)
class Rating:
    """What an engagement comes to."""

    #: Whole seconds of counted time.
    seconds: int
    units: int
    #: Cents, all taxes included.
    amount_cents: int
    flags: frozenset[Flag]

    @property
    def is_parked(self) -> bool:
        """Whether a person has to look before it is exported as due."""
        return Flag.PARKED in self.flags


def begun_units(seconds: int, tariff: Tariff) -> int:
    """Return the units that so many seconds begin, the minimum at least (B02)."""
    return max(tariff.minimum_units, -(-seconds // tariff.unit_s))


def rate(counted: Tally, policy: Policy, tariff: Tariff) -> Rating:
    """Apply the policy and the tariff to a tally."""
    seconds = counted.counted_us // 1_000_000
    flags = set(counted.flags)
    units = 0
    if counted.opened:
        if seconds >= policy.min_service_s or _owes_the_minimum(flags, policy):
            units = begun_units(seconds, tariff)
        else:
            flags.add(Flag.BELOW_MIN_SERVICE)
    if units > policy.parked_units:
        flags.add(Flag.PARKED)
    return Rating(seconds, units, units * tariff.price_cents, frozenset(flags))


def _owes_the_minimum(flags: set[Flag], policy: Policy) -> bool:
    """Tell whether a break-off owes it however short the service (terms, 5; B04)."""
    if Flag.TECH_INTERRUPT in flags:
        return True
    return Flag.OWN_FAULT in flags and not policy.own_fault_free
