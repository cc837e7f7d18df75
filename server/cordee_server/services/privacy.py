"""A customer's rights over what is kept, and how long anything is kept at all.

Rules (GDPR 15 to 17; terms, article 11; security.md 3.4):

1. A customer is named by reference (``c-…``), here and in every notice.
2. Erasing deletes the key under which everything that the work needed is sealed: phone,
   addresses, who asked, what was vouched for. What was billed is held by law for ten
   years (code de commerce, L123-22): name, reference, SIREN, delivery address, what it
   was for, times, amounts, facts; its key goes when that time is over. Where nothing
   was ever owed, both go at once.
3. The journal names nobody; it loses nothing and verifies.
4. Retention is by class: bodies of the journal (evidence), bills, network data. What a
   bill is derived from is kept as long as the bill: it is the book's voucher.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

import structlog

from cordee_shared.billing.correction import Correction
from cordee_shared.billing.record import BillingRecord
from cordee_shared.errors import BadInput, Refused
from cordee_shared.journal.notice import Notice

from ..evidence import PrivacyStore
from ..ports import BillingOutbox, Clock, EngagementStore, FactStore, TechnicianStore
from ..settings import Retention
from .journal import JournalService

_DAY_MS: Final = 86_400_000
#: What stays readable for the books, as the notice and the command say it.
HELD: Final = "name, reference, SIREN, delivery address, purpose, times, amounts, facts"

_log = structlog.get_logger("cordee.privacy")


@dataclass(frozen=True, slots=True)
class Retained:
    """What a run of the retention let go."""

    bodies: int
    customers: int


class Privacy:
    """Exports, puts right and erases what is kept of a customer."""

    def __init__(
        self,
        store: PrivacyStore,
        engagements: EngagementStore,
        outbox: BillingOutbox,
        facts: FactStore,
        journal: JournalService,
        technicians: TechnicianStore,
        clock: Clock,
        kept: Retention,
    ) -> None:
        """Read from these; only the store forgets."""
        self._store = store
        self._engagements = engagements
        self._outbox = outbox
        self._facts = facts
        self._journal = journal
        self._technicians = technicians
        self._clock = clock
        self._kept = kept

    async def export(self, customer: str) -> dict[str, Any]:
        """Return everything that is kept of a customer (GDPR 15, 20).

        Raises:
            Refused: nobody is known by this reference.
        """
        known = await self._known(customer)
        correction = await self._store.correction_of(customer)
        found: list[dict[str, Any]] = []
        for engagement in known:
            agreed = await self._engagements.find(engagement)
            sessions = await self._journal.sessions_of(engagement)
            found.append(
                {
                    "engagement": engagement,
                    "offer": None if agreed is None else asdict(agreed.offer),
                    "particulars": None
                    if agreed is None or agreed.particulars is None
                    else asdict(agreed.particulars),
                    "records": [
                        json.loads(one.raw)
                        for one in await self._outbox.records_of(engagement)
                    ],
                    "facts": [
                        json.loads(one.raw) for one in await self._facts.of(engagement)
                    ],
                    "sessions": {
                        session: [
                            json.loads(entry.raw)
                            for entry in await self._journal.entries_of(session)
                        ]
                        for session in sessions
                    },
                }
            )
        return {
            "customer": customer,
            "correction": None if correction is None else asdict(correction),
            "engagements": found,
        }

    async def rectify(self, customer: str, correction: Correction) -> Notice:
        """Put right what a customer is called and where to write (GDPR 16).

        Raises:
            Refused: nobody is known by this reference.
            BadInput: nothing is put right.
        """
        await self._known(customer)
        if not correction.fields:
            raise BadInput("Nothing to put right: give a name, an address or a phone.")
        return await self._store.correct(customer, correction, self._clock.now_ms())

    async def erase(self, customer: str) -> list[str]:
        """Delete a customer's keys but those that the law holds (GDPR 17).

        Returns what is kept: ``["billing"]``, or nothing.

        Raises:
            Refused: nobody is known by this reference, or all is erased already.
        """
        owed = False
        for engagement in await self._known(customer):
            for one in await self._outbox.records_of(engagement):
                owed = owed or BillingRecord.read(one.raw).amount_cents > 0
        kept = ["billing"] if owed else []
        uses = ["service"] if owed else ["service", "billing"]
        now = self._clock.now_ms()
        data = {"customer": customer, "kept": kept}
        if await self._store.erase(customer, uses, data, now) is None:
            raise Refused(f"Everything of {customer} that may be is erased already.")
        _log.info("erased", customer=customer, kept=kept)
        return kept

    async def retain(self) -> Retained:
        """Let go whatever has been kept as long as its class may be."""
        now, kept = self._clock.now_ms(), self._kept
        network = now - kept.network_days * _DAY_MS
        await self._technicians.forget_before(network, network, network)
        gone = 0
        for customer in await self._store.customers():
            newest = await self._store.newest_of(customer)
            if newest and newest < now - kept.billing_days * _DAY_MS:
                data = {"customer": customer, "kept": list[str](), "class": "billing"}
                uses = ["service", "billing"]
                await self._store.erase(customer, uses, data, now)
                gone += 1
        bodies = await self._store.let_bodies_go(
            now - kept.evidence_days * _DAY_MS, now, {"class": "evidence"}
        )
        if bodies or gone:
            _log.info("retention", bodies=bodies, customers=gone)
        return Retained(bodies, gone)

    async def _known(self, customer: str) -> list[Any]:
        found = await self._store.engagements_of(customer)
        if not found:
            raise Refused(f"Nobody is known as {customer!r}: give a reference, c-….")
        return list(found)
