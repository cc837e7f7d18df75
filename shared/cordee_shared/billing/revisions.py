"""Every state that an engagement's record has had, again out of its journal.

A record is never corrected in place: what a further session or a person's fact changes
is the next revision, whole, with its reason and its author (billing_legal.md 4.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cordee_shared.billing.due import REMEDIES, Remedies
from cordee_shared.billing.facts import EngagementFact, facts_in_order, revision_of
from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.billing.record import Agreed, BillingRecord, derive
from cordee_shared.billing.tally import in_order
from cordee_shared.journal.entry import Entry


def revise(
    relay_id: str,
    agreed: Agreed,
    policy: Policy,
    tariff: Tariff,
    sessions: Sequence[Iterable[Entry]],
    facts: Iterable[EngagementFact] = (),
    remedies: Remedies = REMEDIES,
) -> list[BillingRecord]:
    """Derive every revision of an engagement's record, the first first.

    The order is the journal's: a fact stands after as many ends as it says. Losing all
    records loses nothing: this gives each of them again, to the byte.

    Raises:
        LocalViolation: as :func:`derive`.
        Tampered: as :func:`derive`.
    """
    journals = [entries for given in sessions if (entries := in_order(given))]
    known = facts_in_order(facts, agreed.engagement)
    made: list[BillingRecord] = []

    def add(ended: int, count: int) -> None:
        if revision_of(ended, known[:count]) > len(made):
            made.append(
                derive(
                    relay_id,
                    agreed,
                    policy,
                    tariff,
                    journals[:ended],
                    known[:count],
                    remedies,
                )
            )

    for ended in range(len(journals) + 1):
        if ended:
            add(ended, sum(fact.after < ended for fact in known))
        for fact in known:
            if fact.after == ended:
                add(ended, fact.n + 1)
    return made
