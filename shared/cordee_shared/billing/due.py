"""What the facts of an engagement make of what its time comes to.

Order of precedence: a withdrawal, a no-show, a guarantee, else the service itself.
Everything is integers: seconds, units, cents. Rules:

1. Facts alone never make anything dearer than the letter of the contract: the most
   that one adds is the minimum that the terms name (B01, B05).
2. A no-show is a draft: it waits for a person, and it is blocked, at nothing, while
   anything speaks against it (B05, billing_legal.md L16).
3. A withdrawal costs the part that was served, to the second, rounded down to the
   cent, and nothing at all without the customer's express request (L221-25).
4. A person may take units off, never put units on; nothing is corrected in place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from cordee_shared.billing.calendar import withdrawal_deadline
from cordee_shared.billing.extras import answered
from cordee_shared.billing.facts import EngagementFact, FactKind, newest
from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.billing.rating import begun_units, rate
from cordee_shared.billing.tally import Flag, tally, waited_us
from cordee_shared.canonical import canonical, sha256_hex
from cordee_shared.journal.entry import Entry
from cordee_shared.session.asking import Ask

_DAY_MS: Final = 86_400_000
#: Days in which whatever was given is given back, by the same means, from the day of
#: the statement on (L221-24). The terms' thirty, by cheque, end later (R15).
REFUND_DAYS: Final = 14


class Due(StrEnum):
    """What the line of a record is for."""

    SERVICE = "service"
    #: "Attente – absence": never automatic.
    NO_SHOW = "no_show"
    #: The part served before a withdrawal.
    WITHDRAWAL = "withdrawal"
    #: Served again for nothing.
    GUARANTEE = "guarantee"


#: What a document says of a line that is not plain service, in French.
MENTIONS: Final = {
    Due.SERVICE: "",
    Due.NO_SHOW: "attente – absence",
    Due.WITHDRAWAL: "rétractation, art. L221-25 du code de la consommation",
    Due.GUARANTEE: "garantie art. 10",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """The numbers that facts are weighed by; a record with facts names their hash."""

    #: Terms, 3.5: waiting is due for an hour at least.
    no_show_s: int = 3600
    #: Attempts to reach the customer before anybody may say that nobody came.
    contact_attempts: int = 2
    #: R16: later than so many days after the slot, the customer could have cancelled.
    late_days: int = 7
    #: Terms, 10.5: calendar days for a notice of the same fault.
    guarantee_days: int = 10

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical form."""
        return sha256_hex(canonical(asdict(self) | {"v": 1}))


REMEDIES: Final = Remedies()


@dataclass(frozen=True, slots=True)
class Settled:
    """What an engagement comes to, all told."""

    due: Due
    #: Whole seconds of counted service; a no-show's waiting is :attr:`wait_s`.
    seconds: int
    wait_s: int
    units: int
    #: Cents, all taxes included.
    amount_cents: int
    flags: frozenset[Flag]
    #: Last day for giving back what a customer who withdrew may have given; or empty.
    refund_by: str = ""

    @property
    def mention(self) -> str:
        """What a document has to say of it."""
        return MENTIONS[self.due]


def pro_rata_cents(seconds: int, tariff: Tariff) -> int:
    """Return the price of so many seconds, rounded down to the cent (R14)."""
    return seconds * tariff.price_cents // tariff.unit_s


def no_show_units(wait_s: int, tariff: Tariff, remedies: Remedies = REMEDIES) -> int:
    """Return the units that so much waiting comes to, an hour's at least (B05)."""
    return begun_units(max(wait_s, remedies.no_show_s), tariff)


def settle(
    journals: Sequence[Sequence[Entry]],
    facts: Sequence[EngagementFact],
    policy: Policy,
    tariff: Tariff,
    remedies: Remedies = REMEDIES,
) -> Settled:
    """Weigh the facts of an engagement against the time in its journals.

    Args:
        journals: each session's entries, in order.
        facts: the engagement's, in order.
        policy: the rules that time counts by.
        tariff: the price row.
        remedies: the numbers that facts are weighed by.

    Raises:
        Tampered: a journal contradicts itself, or breaks the table.
    """
    counted = tally(journals, policy)
    rated = rate(counted, policy, tariff)
    flags = set(rated.flags) | _noted(facts)
    due, units, wait_s = Due.SERVICE, rated.units, 0
    amount: int | None = None
    refund_by = ""
    if not units and counted.opened and newest(facts, FactKind.MINIMUM_DUE):
        units = tariff.minimum_units
        flags.add(Flag.MINIMUM_SET)
    withdrawn = newest(facts, FactKind.WITHDRAWN)
    no_show = newest(facts, FactKind.NO_SHOW)
    follow_up = newest(facts, FactKind.FOLLOW_UP_OF)
    if withdrawn is not None and _withdraws(withdrawn, journals, facts, flags):
        due, units = Due.WITHDRAWAL, 0
        refund_by = refund_day(withdrawn)
        amount = _part_served(withdrawn, journals, facts, policy, tariff)
    elif no_show is not None:
        flags.add(Flag.NO_SHOW)
        slot = newest(facts, FactKind.SLOT_CONFIRMED)
        if slot is not None:
            wait_s = waited_us(journals, slot.data["from_ms"]) // 1_000_000
        if _is_blocked(no_show, slot, facts, remedies, opened=counted.opened):
            flags.add(Flag.NO_SHOW_BLOCKED)
        else:
            due, units = Due.NO_SHOW, no_show_units(wait_s, tariff, remedies)
            flags.add(Flag.REVIEW)
    elif follow_up is not None:
        if is_under_guarantee(follow_up, remedies):
            due, amount = Due.GUARANTEE, 0
            flags.add(Flag.GUARANTEE)
        else:
            flags.add(Flag.GUARANTEE_REFUSED)
    corrected = newest(facts, FactKind.CORRECTED)
    if corrected is not None:
        units = max(0, units - corrected.data["less_units"])
        flags.add(Flag.CORRECTED)
    released = newest(facts, FactKind.RELEASED)
    if released is not None and released.after == len(journals):
        # What was looked at is what is let out: a further session parks it again.
        flags.add(Flag.RELEASED)
    return Settled(
        due=due,
        seconds=rated.seconds,
        wait_s=wait_s,
        units=units,
        amount_cents=units * tariff.price_cents if amount is None else amount,
        flags=frozenset(flags),
        refund_by=refund_by,
    )


def refund_day(withdrawn: EngagementFact) -> str:
    """Return the last day on which a refund is in time, such as ``2026-12-07``.

    Only the day is exported (R15): whether there is anything to give back, and whether
    it was, is the billing system's.
    """
    stated = dt.date.fromisoformat(withdrawn.data["stated"])
    return (stated + dt.timedelta(days=REFUND_DAYS)).isoformat()


def _noted(facts: Sequence[EngagementFact]) -> set[Flag]:
    """Return what facts say without deciding anything."""
    flags = set()
    if newest(facts, FactKind.RESERVES) is not None:
        flags.add(Flag.RESERVES)
    for fact in facts:
        if fact.kind is FactKind.OUTSIDE:
            if fact.data["hours"]:
                flags.add(Flag.OUTSIDE_HOURS)
            if fact.data["slot"]:
                flags.add(Flag.OUTSIDE_SLOT)
    return flags


def _said(
    ask: Ask,
    kind: FactKind,
    journals: Sequence[Sequence[Entry]],
    facts: Sequence[EngagementFact],
) -> bool:
    """Tell whether the customer made a statement: on the screen, or noted as a fact."""
    return answered(journals, ask) or newest(facts, kind) is not None


def _withdraws(
    withdrawn: EngagementFact,
    journals: Sequence[Sequence[Entry]],
    facts: Sequence[EngagementFact],
    flags: set[Flag],
) -> bool:
    """Tell whether a statement ends the contract (L221-18 to -28); flag why not."""
    data = withdrawn.data
    deadline = withdrawal_deadline(
        dt.date.fromisoformat(data["concluded"]), informed=data["informed"]
    )
    done = newest(facts, FactKind.PERFORMED)
    # Lost only by full performance after both statements (R13; L221-28, 1°).
    lost = (
        done is not None
        and done.n < withdrawn.n
        and _said(Ask.EARLY, FactKind.EARLY_START_REQUESTED, journals, facts)
        and _said(Ask.WAIVER, FactKind.LOSS_ACKNOWLEDGED, journals, facts)
    )
    late = dt.date.fromisoformat(data["stated"]) > deadline
    if not data["consumer"] or lost or late:
        flags.add(Flag.WITHDRAWAL_REFUSED)
        return False
    flags.add(Flag.WITHDRAWN)
    return True


def _part_served(
    withdrawn: EngagementFact,
    journals: Sequence[Sequence[Entry]],
    facts: Sequence[EngagementFact],
    policy: Policy,
    tariff: Tariff,
) -> int:
    """Return what is due for what was served before a withdrawal, in cents."""
    if not _said(Ask.EARLY, FactKind.EARLY_START_REQUESTED, journals, facts):
        return 0
    begun = [j for j in journals if j[0].moment.at_ms <= withdrawn.at_ms]
    return pro_rata_cents(tally(begun, policy).counted_us // 1_000_000, tariff)


def _is_blocked(
    no_show: EngagementFact,
    slot: EngagementFact | None,
    facts: Sequence[EngagementFact],
    remedies: Remedies,
    *,
    opened: bool,
) -> bool:
    """Tell whether anything speaks against a no-show (B05)."""
    if slot is None or opened:
        return True
    late_ms = slot.data["until_ms"] + remedies.late_days * _DAY_MS
    if no_show.at_ms < slot.data["from_ms"] or no_show.at_ms > late_ms:
        return True
    attempts = sum(fact.kind is FactKind.CONTACT_ATTEMPT for fact in facts)
    if attempts < remedies.contact_attempts:
        return True
    # Any statement of the customer counts, in time or not: it was no absence.
    against = (FactKind.FORCE_MAJEURE, FactKind.WITHDRAWN)
    return any(fact.kind in against for fact in facts)


def is_under_guarantee(
    follow_up: EngagementFact, remedies: Remedies = REMEDIES
) -> bool:
    """Tell whether a fault that came back is repaired for nothing (terms, 10.5; B06).

    Day by day: the tenth day after the work is in to its last minute.
    """
    data = follow_up.data
    performed = dt.date.fromisoformat(data["performed"])
    days = (dt.date.fromisoformat(data["notified"]) - performed).days
    same = data["same_fault"] and data["same_machine"] and data["same_site"]
    return bool(
        same
        and data["written"]
        and not data["reserves"]
        and not data["cause"]
        and 0 <= days <= remedies.guarantee_days
    )
