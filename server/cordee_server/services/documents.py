"""The document of every intervention: made at its end, kept, sent, found again.

Rules (terms, 13.4; R42, B08):

1. A record that says of an intervention gets its document within a minute of the end,
   also at 0 €. What is kept is never written anew: a revision has its own.
2. Without the provider's facts nothing leaves the house; it is said once, and made up
   for as soon as they are there.
3. What waits for a person is a project: it is kept, and not sent.
4. By e-mail where that was agreed and an address is known; whatever goes by post waits
   for the technician. A letter that is not taken is tried again.
5. Nothing here knows of a payment or of an invoice's number.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import structlog

from cordee_shared.billing.addressee import Addressee
from cordee_shared.billing.cii import write_cii
from cordee_shared.billing.cii_check import check
from cordee_shared.billing.daily import Daily, daily
from cordee_shared.billing.draft import credit, draft, made_ms
from cordee_shared.billing.facts import EngagementFact
from cordee_shared.billing.justificatif import is_documented, justificatif
from cordee_shared.billing.provider import Provider, Vat
from cordee_shared.billing.record import BillingRecord
from cordee_shared.errors import (
    MalformedFrame,
    NotAllowed,
    Refused,
    SettingsError,
    Tampered,
    Unavailable,
)
from cordee_shared.ids import RecordId, TechnicianId

from ..papers import Attachment, DocumentShelf, Post, Press
from ..ports import BillingOutbox, Clock, EngagementStore
from .dispatch import Kept, Way, addressee_of, letter_of, way_of
from .facts import Facts

#: How often it is looked whether there is a new record.
LOOK_S: Final = 2.0
#: How long after a failure everything is tried again.
AGAIN_MS: Final = 60_000

_log = structlog.get_logger("cordee.documents")


class Documents:
    """Makes, keeps and sends documents. One task calls :meth:`tend`."""

    def __init__(
        self,
        outbox: BillingOutbox,
        engagements: EngagementStore,
        facts: Facts,
        shelf: DocumentShelf,
        press: Callable[[], Press],
        post: Post,
        provider: Callable[[], Provider],
        clock: Clock,
        zone: dt.tzinfo,
        signal: Path,
    ) -> None:
        """Put it together; nothing is looked for yet.

        Args:
            outbox: the records.
            engagements: who they are for.
            facts: what else was journaled about them.
            shelf: where documents are kept.
            press: gives what sets them; raises ``SettingsError`` when it is not there.
            post: takes letters.
            provider: gives who bills; raises ``SettingsError`` when facts are missing.
            clock: for trying again.
            zone: whose wall clock documents show.
            signal: the billing file: it changes whenever a record was made, also by
                another process.
        """
        self._outbox = outbox
        self._engagements = engagements
        self._facts = facts
        self._shelf = shelf
        self._press = press
        self._post = post
        self._provider = provider
        self._clock = clock
        self._zone = zone
        self._signal = signal
        self._seen: tuple[int, int, int] | None = None
        self._again_ms = 0
        self._said = ""
        #: Records with which there is nothing left to do.
        self._done: set[RecordId] = set()
        #: One document at a time: two askers make one.
        self._making = asyncio.Lock()

    async def tend(self) -> None:
        """Make and send what is missing, if there may be anything."""
        seen = await asyncio.to_thread(_stamp, self._signal)
        now = self._clock.now_ms()
        if seen == self._seen and not 0 < self._again_ms <= now:
            return
        self._seen, self._again_ms = seen, 0
        try:
            await self.make_missing()
            self._said = ""
        except (SettingsError, Unavailable) as error:
            self._again_ms = now + AGAIN_MS
            if str(error) != self._said:
                self._said = str(error)
                _log.warning("no_documents", why=self._said)

    async def make_missing(self) -> int:
        """Make every document that is not there, and send what is to be sent.

        Returns how many were made.

        Raises:
            SettingsError: the provider's facts, or the press, are missing.
            Unavailable: one could not be kept or sent; those before it were.
        """
        there = await self._shelf.names()
        made, failed = 0, ""
        for outgoing in await self._outbox.records():
            if outgoing.id in self._done:
                continue
            try:
                if f"{outgoing.id}.json" not in there:
                    record = BillingRecord.read(outgoing.raw)
                    if not is_documented(record):
                        self._done.add(outgoing.id)
                        continue
                    await self._make(record)
                    made += 1
                await self._send(outgoing.id)
                self._done.add(outgoing.id)
            except (Tampered, MalformedFrame) as error:
                # One record that is not what it was must not cost the others theirs.
                _log.error("no_document", record=outgoing.id, why=str(error))
                self._done.add(outgoing.id)
            except Unavailable as error:
                failed = failed or str(error)
        if failed:
            raise Unavailable(failed)
        return made

    async def pdf(self, record: str, technician: TechnicianId | None = None) -> bytes:
        """Return a record's document; it is made if it is not there yet.

        Args:
            record: id as it came from outside.
            technician: who asks; ``None``: the operator, who may see each.

        Raises:
            NotAllowed: there is no such record of this technician.
            Refused: there was no intervention: nothing is documented.
            SettingsError: the provider's facts are missing.
        """
        found = await self.record(record, technician)
        if not is_documented(found):
            raise Refused("There was no intervention: there is no document.")
        content = await self._shelf.read(f"{found.id}.pdf")
        return content if content is not None else await self._make(found)

    async def draft(self, record: str, *, is_credit: bool = False) -> bytes:
        """Return the Factur-X draft of a record, as XML.

        Args:
            record: its id.
            is_credit: take back the draft of the revision before this one.

        Raises:
            NotAllowed: there is no such record.
            Refused: it makes no draft; the sentence says why.
            SettingsError: the provider's facts are missing.
        """
        found = await self.record(record)
        provider, buyer = self._provider(), await self._addressee(found)
        if not is_credit:
            return _drafted(found, provider, buyer, self._zone)
        if not found.supersedes:
            raise Refused("This is the first revision: there is nothing to take back.")
        former = await self.record(found.supersedes)
        one = draft(former, provider, buyer, self._zone)
        at = dt.datetime.fromtimestamp(made_ms(found) / 1000, tz=self._zone)
        document = write_cii(credit(one, found.id, at.date()))
        check(found.id, document)
        return document

    async def of(self, technician: TechnicianId, limit: int) -> list[Kept]:
        """Return the documents of a technician's latest engagements, latest first."""
        found: list[Kept] = []
        for engagement in await self._engagements.of(technician, limit):
            for outgoing in reversed(await self._outbox.records_of(engagement.id)):
                kept = await self._kept(outgoing.id)
                if kept is not None:
                    found.append(kept)
        return found

    async def lacking(
        self, technician: TechnicianId, limit: int
    ) -> list[BillingRecord]:
        """Return the latest record of each engagement whose document is not there yet.

        Of a technician's latest engagements, the latest first; no document is owed
        for what was no intervention.
        """
        there = await self._shelf.names()
        found: list[BillingRecord] = []
        for engagement in await self._engagements.of(technician, limit):
            outgoing = await self._outbox.records_of(engagement.id)
            if not outgoing or f"{outgoing[-1].id}.json" in there:
                continue
            record = BillingRecord.read(outgoing[-1].raw)
            if is_documented(record):
                found.append(record)
        return found

    async def mark_posted(self, record: str, technician: TechnicianId) -> Kept:
        """Note that a document that waits for the post is on its way (B08).

        Raises:
            NotAllowed: there is no such document of this technician.
            Refused: it does not wait for the post.
            Unavailable: it could not be noted.
        """
        found = await self.record(record, technician)
        kept = await self._kept(found.id)
        if kept is None or kept.way not in (Way.FOR_POST, Way.POSTED):
            raise Refused("This document does not wait for the post.")
        if kept.way is Way.FOR_POST:
            now = self._clock.now_ms()
            kept = msgspec.structs.replace(kept, way=Way.POSTED, posted_ms=now)
            await self._keep(kept)
            _log.info("document_posted", record=found.id)
        return kept

    async def daily(self, day: dt.date, vat: Vat, zone: dt.tzinfo) -> list[Daily]:
        """Sum what consumers owe for a day, for e-reporting."""
        records = [BillingRecord.read(one.raw) for one in await self._outbox.records()]
        professionals = {
            record.agreed.engagement
            for record in records
            if (await self._addressee(record)).is_professional
        }
        return daily(records, frozenset(professionals), vat, day, zone)

    async def record(
        self, record: str, technician: TechnicianId | None = None
    ) -> BillingRecord:
        """Return a record by its id; somebody else's and none at all look the same.

        Raises:
            NotAllowed: there is no such record of this technician.
        """
        for outgoing in await self._outbox.records():
            if outgoing.id != record:
                continue
            found = BillingRecord.read(outgoing.raw)
            if technician in (None, found.agreed.technician):
                return found
        raise NotAllowed("There is no such document.")

    # --- one document

    async def _make(self, record: BillingRecord) -> bytes:
        async with self._making:
            there = await self._shelf.read(f"{record.id}.pdf")
            if there is not None and await self._kept(record.id) is not None:
                return there
            provider, press = self._provider(), self._press()
            customer = await self._addressee(record)
            facts = await self._facts.of(record.agreed.engagement)
            pdf = await asyncio.to_thread(
                _print, press, record, facts, provider, customer, self._zone
            )
            way, to = way_of(record, customer)
            kept = Kept(
                record=record.id,
                engagement=record.agreed.engagement,
                revision=record.revision,
                technician=record.agreed.technician,
                customer=customer.name,
                amount_cents=record.amount_cents,
                currency=record.currency,
                made_ms=made_ms(record),
                provider=provider.hash,
                way=way,
                to=to,
            )
            # What it prints of the provider is kept: it can be set again to the byte.
            await self._shelf.write(
                f"provider-{provider.hash[:16]}.json", provider.canonical()
            )
            await self._shelf.write(f"{record.id}.pdf", pdf)
            await self._keep(kept)
            _log.info("document", record=record.id, bytes=len(pdf), way=way.value)
            return pdf

    async def _send(self, record: RecordId) -> None:
        kept = await self._kept(record)
        if kept is None or kept.way is not Way.TO_SEND:
            return
        pdf = await self._shelf.read(f"{record}.pdf")
        assert pdf is not None, "what is to be sent is there"
        await self._post.send(letter_of(kept, self._provider(), pdf))
        await self._keep(msgspec.structs.replace(kept, way=Way.SENT))
        _log.info("document_sent", record=record)

    async def _kept(self, record: str) -> Kept | None:
        raw = await self._shelf.read(f"{record}.json")
        return None if raw is None else msgspec.json.decode(raw, type=Kept)

    async def _keep(self, kept: Kept) -> None:
        await self._shelf.write(f"{kept.record}.json", msgspec.json.encode(kept))

    async def _addressee(self, record: BillingRecord) -> Addressee:
        found = await self._engagements.find(record.agreed.engagement)
        return addressee_of(record, found)


def _print(
    press: Press,
    record: BillingRecord,
    facts: list[EngagementFact],
    provider: Provider,
    customer: Addressee,
    zone: dt.tzinfo,
) -> bytes:
    attached = [
        Attachment(
            "releve.json",
            record.line,
            "application/json",
            "Source",
            "Le relevé dont ce document est tiré",
        )
    ]
    try:
        document = _drafted(record, provider, customer, zone)
    except Refused as error:
        _log.info("no_draft", record=record.id, why=str(error))
    else:
        attached.insert(
            0,
            Attachment(
                "factur-x.xml",
                document,
                "text/xml",
                "Data",
                "Brouillon Factur-X, sans numéro de facture",
            ),
        )
    paper = justificatif(record, facts, provider, customer, zone)
    return press.typeset(paper, attached)


def _drafted(
    record: BillingRecord, provider: Provider, buyer: Addressee, zone: dt.tzinfo
) -> bytes:
    document = write_cii(draft(record, provider, buyer, zone))
    check(record.id, document)
    return document


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
