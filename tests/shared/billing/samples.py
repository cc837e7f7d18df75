"""Records for tests of what is handed over: derived, never written by hand."""

from __future__ import annotations

from dataclasses import replace

from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.record import BillingRecord, derive
from cordee_shared.canonical import Json
from cordee_shared.ids import EngagementId
from cordee_shared.session.states import Remark, Side
from tests.shared.journals import TARIFF, Journal, agreed, helped

RELAY_ID = "0" * 32


def record(
    *journals: Journal,
    customer: str = "Mme Martin",
    purpose: str = "Imprimante muette",
    engagement: str = "e-0123456789abcdef",
) -> BillingRecord:
    """Return the newest revision that these sessions make."""
    facts = replace(
        agreed(),
        customer=customer,
        purpose=purpose,
        engagement=EngagementId(engagement),
    )
    return derive(
        RELAY_ID,
        facts,
        LAW_CORRECTED_2026,
        TARIFF,
        [journal.entries for journal in journals or (helped(1801),)],
    )


def parked(engagement: str = "e-00000000000000ff") -> BillingRecord:
    """Return a record of more than eight hours: it waits for a person."""
    return record(helped(8 * 3600 + 1), engagement=engagement)


def long(times: int = 60) -> BillingRecord:
    """Return a record of a session in which the customer took over again and again."""
    journal = Journal().help()
    for _ in range(times):
        journal.wait(10).reclaim().wait(1).grant_control()
    return record(journal.wait(10).end())


def with_extra() -> BillingRecord:
    """Return a record with an extra of 39,90 € that the customer accepted."""
    offered: dict[str, Json] = {"label": "Antivirus, un an", "price_cents": 3990}
    journal = Journal().help().wait(600)
    journal.act(Side.TECHNICIAN, Remark.EXTRA_PROPOSED, offered)
    act = journal.entries[-1].act
    assert act is not None
    yes: dict[str, Json] = {"extra": act.hash, **offered}
    journal.append(journal.write(Side.CUSTOMER, Remark.EXTRA_ACCEPTED, yes))
    return record(journal.end())


def raw(one: BillingRecord) -> bytes:
    """Return its line without the line feed: what is hashed."""
    return one.line.removesuffix(b"\n")
