"""From an ended session to a billing record, and from the records to a file.

Rules (billing_legal.md 4.1):

1. The entry that ends a session and the record that follows from it are one
   transaction. A record can be derived again from the journal, to the byte.
2. An end is journaled even when its record cannot be derived: a bug in billing must
   not keep a session alive. The record is derived later, by :meth:`catch_up`.
3. What the relay noticed of a session that begins outside hours or slot is journaled
   as a fact before its end is (R03, R04); it never stops or prices anything.
4. The file is a copy of the outbox, in its order: a line is appended for each record,
   and all of it is written anew in any doubt (:mod:`.billing_file`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from weakref import WeakValueDictionary

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.billing.facts import (
    ASIDE,
    MEASURED,
    EngagementFact,
    FactKind,
    revision_of,
)
from cordee_shared.billing.record import Agreed, BillingRecord, derive
from cordee_shared.billing.revisions import revise
from cordee_shared.canonical import Json
from cordee_shared.errors import CordeeError, LocalViolation, Unavailable
from cordee_shared.ids import EngagementId, RecordId, SessionId
from cordee_shared.journal.entry import Entry, write_fact
from cordee_shared.session.states import EndReason, Event, Side, State

from ..keyfiles import relay_id
from ..ports import (
    BillingOutbox,
    Clock,
    Engagement,
    EngagementStore,
    Outgoing,
    engagement_named,
)
from .billing_file import BillingFile
from .billing_file import replace_file as replace_file
from .facts import Facts
from .journal import JournalService
from .particulars import deal_of

_log = structlog.get_logger("cordee.billing")


class BillingService:
    """Derives records, keeps them with the journal, hands them over as a file."""

    def __init__(
        self,
        journal: JournalService,
        outbox: BillingOutbox,
        engagements: EngagementStore,
        relay_key: Ed25519PrivateKey,
        clock: Clock,
        file: Path,
        *,
        facts: Facts,
    ) -> None:
        self._journal = journal
        self._outbox = outbox
        self._engagements = engagements
        self._key = relay_key
        self._relay = relay_id(relay_key)
        self._clock = clock
        self._file = file
        self._facts = facts
        #: One end of an engagement at a time: each is a revision of the former.
        self._ends: WeakValueDictionary[EngagementId, asyncio.Lock] = (
            WeakValueDictionary()
        )
        #: The file's lines have the outbox's order: one record at a time gets there.
        self._handing = asyncio.Lock()
        self._exporting = asyncio.Lock()
        self._lines = BillingFile(file)
        #: Of each record that was exported, whether it waits for a person.
        self._parked: dict[RecordId, bool] = {}

    async def close(self, entries: Sequence[Entry]) -> BillingRecord | None:
        """Journal the entries that end a session, with the record they make.

        Returns the engagement's record after this session; ``None`` when the session
        never had an engagement, or its record could not be derived (logged).

        Raises:
            LocalViolation: the entries do not end their session, or are not its next.
            Unavailable: nothing was stored.
        """
        if not entries or entries[-1].state is not State.ENDED:
            raise LocalViolation("billing closes what ends")
        session = entries[0].session
        engagement = await self._journal.engagement_of(session) or _named_in(entries)
        if engagement is None:
            await self._journal.append(entries)
            return None
        async with self._one_at_a_time(engagement):
            whole = [*await self._journal.entries_of(session), *entries]
            ended = await self._journal.ended_of(engagement)
            facts = await self._facts.of(engagement)
            noticed = self._facts.notice(engagement, whole, len(ended), facts)
            if noticed is not None:
                await self._facts.append(noticed)
                facts.append(noticed)
            record = await self._derive(engagement, ended, whole, facts)
            async with self._handing:
                await self._journal.append(
                    entries, self._outgoing(record) if record else None
                )
                if record is not None:
                    await self._export_quietly(record)
        return record

    async def so_far(self, of: EngagementId, last: list[Entry]) -> BillingRecord | None:
        """Return what a session would come to that ends as ``last``; kept nowhere."""
        former, facts = await self._journal.ended_of(of), await self._facts.of(of)
        return await self._derive(of, former, last, facts)

    async def recover(self) -> int:
        """End, at start, what a former run of the relay left unfinished.

        Its time counts up to what the journal proves, never up to now. Returns how
        many sessions there were.

        Raises:
            Unavailable: the journal cannot be written: do not start.
        """
        left = await self._journal.unfinished()
        for session in left:
            entries = await self._journal.entries_of(session)
            fact = write_fact(
                len(entries),
                self._clock.moment(),
                session,
                Event.ENDED,
                State.ENDED,
                {"reason": EndReason.RELAY_STOPPED.value, "recovered": True},
                self._key,
            )
            _log.warning("recovered", session=session, state=entries[-1].state.value)
            await self.close([fact])
        await self.catch_up()
        await self._export_quietly()
        return len(left)

    async def catch_up(self) -> int:
        """Derive the records that ended sessions lack; return how many were.

        Raises:
            Unavailable: a record could not be stored.
        """
        made = 0
        for session in await self._journal.without_record():
            engagement = await self._journal.engagement_of(session)
            assert engagement is not None, "a session without engagement has no record"
            ended = await self._journal.ended_of(engagement)
            until = ended[: ended.index(session)]
            facts = await self._facts.of(engagement)
            record = await self._derive(
                engagement,
                until,
                await self._journal.entries_of(session),
                [fact for fact in facts if fact.after <= len(until)],
            )
            if record is not None:
                await self._outbox.add(self._outgoing(record))
                made += 1
        for fact in await self._facts.without_record():
            record = await self._after(fact)
            if record is not None:
                await self._outbox.add(self._outgoing(record))
                made += 1
        return made

    # --- facts -----------------------------------------------------------------------

    async def facts_of(self, engagement: EngagementId) -> list[EngagementFact]:
        """Return what was journaled about an engagement, by number.

        Raises:
            Tampered: one is not what this relay signed.
        """
        return await self._facts.of(engagement)

    async def tell(
        self,
        engagement: EngagementId,
        kind: FactKind,
        side: Side,
        author: str,
        data: Mapping[str, Json],
    ) -> tuple[EngagementFact, BillingRecord | None]:
        """Journal a fact of an engagement, with the revision that it makes.

        Returns the fact, and the record after it: ``None`` while there is none.

        Raises:
            BadInput: the fact does not say what its kind says.
            Unavailable: nothing was stored.
        """
        async with self._one_at_a_time(engagement):
            former = await self._facts.of(engagement)
            ended = await self._journal.ended_of(engagement)
            fact = self._facts.write(
                engagement, former, len(ended), kind, side, author, data
            )
            record = await self._after(fact, [*former, fact])
            made = self._outgoing(record) if record else None
            async with self._handing:
                await self._facts.append(fact, made)
                if record is not None:
                    await self._export_quietly(record)
        return fact, record

    async def _after(
        self, fact: EngagementFact, facts: Sequence[EngagementFact] | None = None
    ) -> BillingRecord | None:
        """Derive the record that a fact makes, if it makes one."""
        known = facts or await self._facts.of(fact.engagement)
        known = [one for one in known if one.n <= fact.n]
        if fact.kind in MEASURED | ASIDE or not revision_of(fact.after, known):
            return None
        ended = await self._journal.ended_of(fact.engagement)
        return await self._derive(fact.engagement, ended[: fact.after], [], known)

    async def newest(self, engagement: EngagementId) -> BillingRecord | None:
        """Return an engagement's newest record, or ``None`` while there is none."""
        records = await self._outbox.records_of(engagement)
        return BillingRecord.read(records[-1].raw) if records else None

    async def derived(self) -> list[BillingRecord]:
        """Derive every record anew, from the journal alone; nothing is stored.

        What is stored names the engagements, and nothing else is taken from it.

        Raises:
            Tampered: an entry or a fact is not what was stored.
            Unavailable: the journal cannot be read.
        """
        known = [record.engagement for record in await self._outbox.records()]
        for session in await self._journal.without_record():
            engagement = await self._journal.engagement_of(session)
            assert engagement is not None, "a session without engagement has no record"
            known.append(engagement)
        known += [fact.engagement for fact in await self._facts.without_record()]
        made: list[BillingRecord] = []
        for engagement in dict.fromkeys(known):
            found = await self._engagements.find(engagement)
            if found is None:
                continue  # whatever is stored of it has no ground
            sessions = await self._journal.ended_of(engagement)
            made += revise(
                self._relay,
                self._agreed(found),
                found.policy,
                found.tariff,
                [await self._journal.entries_of(session) for session in sessions],
                await self._facts.of(engagement),
            )
        return made

    # --- the file --------------------------------------------------------------------

    async def export(self, file: Path | None = None) -> int:
        """Write what is handed over, one line each, in the order of the ends.

        What waits for a person is left out; its release is a revision of its own.

        The same outbox gives the same bytes. Returns the number of lines.

        Raises:
            Unavailable: the file cannot be written; the former one stands.
        """
        async with self._exporting:
            stored = await self._outbox.records()
            records = [record for record in stored if not self._waits(record)]
            lines = b"".join(record.raw + b"\n" for record in records)
            if file is None or file == self._file:
                await asyncio.to_thread(self._lines.write, lines)
            else:
                await asyncio.to_thread(replace_file, file, lines)
        return len(records)

    def _waits(self, record: Outgoing) -> bool:
        """Tell whether a person has to release a record; each is read once."""
        waits = self._parked.get(record.id)
        if waits is None:
            waits = BillingRecord.read(record.raw).is_parked
            self._parked[record.id] = waits
        return waits

    async def _export_quietly(self, record: BillingRecord | None = None) -> None:
        """Keep the file up to date; the outbox is what counts.

        ``record`` is what the outbox has just got, if it got something.
        """
        if record is not None and not record.is_parked:
            async with self._exporting:
                if await asyncio.to_thread(self._lines.append, record.line):
                    return
        try:
            await self.export()
        except Unavailable as error:
            _log.error("billing_file", why=str(error))

    async def _derive(
        self,
        engagement: EngagementId,
        ended: Sequence[SessionId],
        last: list[Entry],
        facts: Sequence[EngagementFact],
    ) -> BillingRecord | None:
        found = await self._engagements.find(engagement)
        if found is None:
            _log.error("no_record", engagement=engagement, why="it is gone")
            return None
        former = [await self._journal.entries_of(one) for one in ended]
        try:
            return derive(
                self._relay,
                self._agreed(found),
                found.policy,
                found.tariff,
                [*former, last] if last else former,
                facts,
            )
        except CordeeError as error:
            _log.error("no_record", engagement=engagement, why=str(error))
            return None

    def _one_at_a_time(self, engagement: EngagementId) -> asyncio.Lock:
        return self._ends.setdefault(engagement, asyncio.Lock())

    def _agreed(self, engagement: Engagement) -> Agreed:
        offer = engagement.offer
        return Agreed(
            engagement=offer.engagement,
            customer=offer.customer,
            purpose=offer.purpose,
            technician=engagement.confirmed_by,
            tariff=offer.tariff,
            tariff_hash=offer.tariff_hash,
            policy=offer.policy,
            policy_hash=offer.policy_hash,
            terms_version=offer.terms_version,
            terms_hash=offer.terms_hash,
            confirmed_ms=offer.confirmed_ms,
            offer_hash=offer.signed(self._key).hash,
            deal=deal_of(engagement.particulars) or engagement.deal,
        )

    @staticmethod
    def _outgoing(record: BillingRecord) -> Outgoing:
        return Outgoing(
            id=record.id,
            engagement=record.agreed.engagement,
            revision=record.revision,
            session=record.sessions[-1].session if record.made_by is None else None,
            fact=record.made_by,
            raw=record.line.removesuffix(b"\n"),
        )


def _named_in(entries: Sequence[Entry]) -> EngagementId | None:
    return next((named for e in entries if (named := engagement_named(e))), None)
