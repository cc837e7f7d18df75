"""What is handed to the billing system: one record per engagement and revision.

A record is a pure function of the journal, of what was agreed and of the rules that
it ran under: losing every copy of it loses nothing (billing_legal.md 4.1). Its id is
derived, never drawn; its bytes are canonical, so a second derivation is the same to
the byte. A record is never changed: each further session of the engagement makes a
new revision that holds the whole state and names the one it supersedes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import msgspec

from cordee_shared.billing.agreed import Agreed as Agreed
from cordee_shared.billing.agreed import Deal as Deal
from cordee_shared.billing.due import REMEDIES, Due, Remedies, settle
from cordee_shared.billing.extras import BilledExtra, billed_extras
from cordee_shared.billing.facts import (
    MEASURED,
    EngagementFact,
    facts_in_order,
    known_to,
    revision_of,
)
from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.billing.tally import (
    CRASHED,
    Flag,
    end_cause,
    in_order,
    tally,
    was_recovered,
)
from cordee_shared.canonical import canonical, read_canonical
from cordee_shared.errors import LocalViolation, MalformedFrame, Tampered
from cordee_shared.ids import RecordId, SessionId, record_id
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import Event, State

#: Without facts, and with; and with what engagements hold since they name customers.
_PLAIN: Final = 1
_WITH_FACTS: Final = 2
_WITH_DEAL: Final = 3
_GRANTS: Final = (Event.VIEW_GRANTED, Event.CONTROL_GRANTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledSegment:
    """A stretch of counted time, by both clocks (R42)."""

    session: SessionId
    boot: str
    start_us: int
    end_us: int
    #: Unix milliseconds; the end is the start's label plus the monotonic length.
    start_ms: int
    end_ms: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A yes of the customer that the time rests on."""

    session: SessionId
    scope: str
    #: SHA-256 of the text shown, and of the offer in it.
    text: str
    offer: str
    #: SHA-256 of the journal's entry.
    entry: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnds:
    """One session in the journal, from its first entry to its last."""

    session: SessionId
    entries: int
    first: str
    last: str
    #: Wall labels of the two, Unix milliseconds.
    first_ms: int
    last_ms: int
    #: Why it ended and who said so; ``relay_crashed`` when nobody did in time.
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestsOn:
    """A fact about the engagement that the record rests on."""

    n: int
    kind: str
    at_ms: int
    side: str
    author: str
    #: SHA-256 of the fact's bytes.
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What only a record with facts says (version 2)."""

    #: A :class:`~cordee_shared.billing.due.Due`; ``units × price`` is the amount of
    #: ``service`` and ``no_show``, not of ``withdrawal`` and ``guarantee``.
    due: str
    #: What a document has to say of the line, in French; may be empty.
    mention: str
    #: Whole seconds of waiting, for a no-show.
    wait_s: int
    #: The fact that made this revision, in its author's words; empty after a session.
    reason: str
    #: Side of that author, and account if it is a technician.
    side: str
    author: str
    #: Hash of the numbers that the facts were weighed by.
    remedies_hash: str
    facts: tuple[RestsOn, ...]
    #: Last day for giving back what a customer who withdrew may have given (R15);
    #: only a withdrawal's line has it.
    refund_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRecord:
    """What one engagement comes to, and everything that this rests on."""

    id: RecordId
    revision: int
    #: Id of the revision before this one, empty for the first.
    supersedes: str
    relay: str
    agreed: Agreed
    segments: tuple[BilledSegment, ...]
    seconds: int
    unit_s: int
    minimum_units: int
    units: int
    unit_label: str
    unit_price_cents: int
    #: All told, all taxes included: the line and the extras.
    amount_cents: int
    currency: str
    #: Names of :class:`~cordee_shared.billing.tally.Flag`, sorted.
    flags: tuple[str, ...]
    consents: tuple[Consent, ...]
    #: In the order in which they were given: the last one's end is the end.
    sessions: tuple[SessionEnds, ...]
    #: ``None`` while no fact is known: such a line is of version 1.
    weighed: Weighed | None = None
    #: What the customer accepted on top; its prices are in ``amount_cents`` (R06).
    extras: tuple[BilledExtra, ...] = ()

    @property
    def line(self) -> bytes:
        """The record as one line of canonical JSON, line feed included."""
        fields = asdict(self)
        version = _WITH_DEAL
        if self.weighed is not None and not self.weighed.refund_by:
            del fields["weighed"]["refund_by"]
        if self.agreed.deal is None and not self.extras:
            # To the byte as it was before engagements held more.
            del fields["extras"], fields["agreed"]["deal"]
            version = _WITH_FACTS
            if self.weighed is None:
                del fields["weighed"]
                version = _PLAIN
        return canonical(fields | {"v": version}) + b"\n"

    @property
    def is_parked(self) -> bool:
        """Whether a person has to release it before it is due."""
        waits = {Flag.PARKED.value, Flag.REVIEW.value} & set(self.flags)
        return bool(waits) and Flag.RELEASED.value not in self.flags

    @property
    def due(self) -> Due:
        """What its line is for."""
        return Due.SERVICE if self.weighed is None else Due(self.weighed.due)

    @property
    def made_by(self) -> int | None:
        """The number of the fact that made this revision; ``None``: an end did."""
        weighed = self.weighed
        return weighed.facts[-1].n if weighed is not None and weighed.side else None

    @property
    def service_cents(self) -> int:
        """The amount of the line itself, without the extras."""
        return self.amount_cents - sum(extra.price_cents for extra in self.extras)

    @property
    def end_reason(self) -> str:
        """Why the engagement's last session ended; empty when there was none."""
        return self.sessions[-1].reason if self.sessions else ""

    @classmethod
    def read(cls, line: bytes) -> Self:
        """Read a record back; the line feed may be missing.

        Raises:
            MalformedFrame: not canonical, or not a record of this version.
            Tampered: its sums do not add up, or its id is not its own.
        """
        value = read_canonical(line.removesuffix(b"\n"))
        version = value.pop("v", None)
        if version not in (_PLAIN, _WITH_FACTS, _WITH_DEAL):
            raise MalformedFrame("not a billing record of version 1, 2 or 3")
        try:
            record = msgspec.convert(value, cls, strict=True)
        except msgspec.ValidationError as error:
            raise MalformedFrame(f"not a billing record: {error}") from None
        if record.line.removesuffix(b"\n") != line.removesuffix(b"\n"):
            raise MalformedFrame("not a billing record: a field that is unknown")
        record._check()
        return record

    def _check(self) -> None:
        counted = sum(part.end_us - part.start_us for part in self.segments)
        # Segments of the union are whole; the record is floored once, as a whole.
        if self.seconds != counted // 1_000_000:
            raise Tampered(self.id, "its seconds are not those of its segments")
        if any(extra.price_cents <= 0 for extra in self.extras):
            raise Tampered(self.id, "an extra has no price")
        if self.service_cents > self._most_cents():
            raise Tampered(self.id, "its amount is more than its line can come to")
        if self.due in (Due.SERVICE, Due.NO_SHOW) and (
            self.service_cents != self.units * self.unit_price_cents
        ):
            raise Tampered(self.id, "its amount is not units times price")
        own = record_id(self.relay, self.agreed.engagement, self.revision)
        if self.id != own:
            raise Tampered(self.id, "its id is not derived from what it says")

    def _most_cents(self) -> int:
        match self.due:
            case Due.WITHDRAWAL:
                return self.seconds * self.unit_price_cents // self.unit_s
            case Due.GUARANTEE:
                return 0
            case _:
                return self.units * self.unit_price_cents


def derive(
    relay_id: str,
    agreed: Agreed,
    policy: Policy,
    tariff: Tariff,
    sessions: Sequence[Iterable[Entry]],
    facts: Iterable[EngagementFact] = (),
    remedies: Remedies = REMEDIES,
) -> BillingRecord:
    """Derive the record of an engagement from its journal: pure, and once for all.

    Args:
        relay_id: names the journal that the entries are from.
        agreed: the engagement's facts.
        policy: the rules of ``agreed.policy_hash``.
        tariff: the row of ``agreed.tariff_hash``.
        sessions: the entries of each session of the engagement that is over, in the
            order in which the journal saw them end. Signatures are the caller's to
            check.
        facts: what was journaled about the engagement up to this revision; the last
            of sessions and facts is what makes the revision.
        remedies: the numbers that facts are weighed by.

    Raises:
        LocalViolation: policy or tariff are not those that were agreed, or there is
            neither a session nor a no-show, or a fact stands after a session that is
            not given.
        Tampered: a journal has a hole, contradicts itself, or breaks the table.
    """
    if (policy.id, policy.hash) != (agreed.policy, agreed.policy_hash):
        raise LocalViolation("billing by another policy than was agreed")
    if (tariff.id, tariff.hash) != (agreed.tariff, agreed.tariff_hash):
        raise LocalViolation("billing by another tariff than was agreed")
    journals = [entries for given in sessions if (entries := in_order(given))]
    known = known_to(
        facts_in_order(facts, agreed.engagement), {j[0].session for j in journals}
    )
    if known and known[-1].after > len(journals):
        raise LocalViolation("a fact stands after a session that is not given")
    revision = revision_of(len(journals), known)
    if not revision:
        raise LocalViolation("nothing to bill: no session is over")
    counted = tally(journals, policy)
    consents = tuple(_consents(journals))
    settled = settle(journals, known, policy, tariff, remedies)
    flags = set(settled.flags)
    if any(consent.offer != agreed.offer_hash for consent in consents):
        flags.add(Flag.OTHER_OFFER)
    # Who withdraws owes the part served, and nothing besides (L221-25).
    extras = () if settled.due is Due.WITHDRAWAL else billed_extras(journals)
    stated = [fact for fact in known if fact.kind not in MEASURED]
    last = stated[-1] if stated and stated[-1].after == len(journals) else None
    return BillingRecord(
        id=record_id(relay_id, agreed.engagement, revision),
        revision=revision,
        supersedes=(
            record_id(relay_id, agreed.engagement, revision - 1) if revision > 1 else ""
        ),
        relay=relay_id,
        agreed=agreed,
        segments=tuple(
            BilledSegment(
                session=part.session,
                boot=part.boot,
                start_us=part.start_us,
                end_us=part.end_us,
                start_ms=part.start_ms,
                end_ms=part.end_ms,
                cause=part.cause,
            )
            for part in counted.segments
        ),
        seconds=settled.seconds,
        unit_s=tariff.unit_s,
        minimum_units=tariff.minimum_units,
        units=settled.units,
        unit_label=tariff.label,
        unit_price_cents=tariff.price_cents,
        amount_cents=settled.amount_cents + sum(one.price_cents for one in extras),
        currency=tariff.currency,
        flags=tuple(sorted(flag.value for flag in flags)),
        consents=consents,
        sessions=tuple(_ends(entries) for entries in journals),
        extras=extras,
        weighed=None
        if not known
        else Weighed(
            due=settled.due.value,
            mention=settled.mention,
            wait_s=settled.wait_s,
            reason=last.reason if last else "",
            side=last.side.value if last else "",
            author=last.author if last else "",
            remedies_hash=remedies.hash,
            facts=tuple(
                RestsOn(
                    n=fact.n,
                    kind=fact.kind.value,
                    at_ms=fact.at_ms,
                    side=fact.side.value,
                    author=fact.author,
                    hash=fact.hash,
                )
                for fact in known
            ),
            refund_by=settled.refund_by,
        ),
    )


def _consents(journals: Iterable[Sequence[Entry]]) -> Iterable[Consent]:
    for entries in journals:
        for entry in entries:
            if entry.kind in _GRANTS and not entry.late:
                yield Consent(
                    session=entry.session,
                    scope=_text(entry.data, "scope"),
                    text=_text(entry.data, "text"),
                    offer=_text(entry.data, "offer"),
                    entry=entry.hash,
                    at_ms=entry.moment.at_ms,
                )


def _ends(entries: Sequence[Entry]) -> SessionEnds:
    first, last = entries[0], entries[-1]
    # Not by its kind: a link lost while pairing ends a session as well.
    ended = next((entry for entry in entries if entry.state is State.ENDED), None)
    return SessionEnds(
        session=first.session,
        entries=len(entries),
        first=first.hash,
        last=last.hash,
        first_ms=first.moment.at_ms,
        last_ms=last.moment.at_ms,
        reason=CRASHED if ended is None or was_recovered(ended) else end_cause(ended),
        by="" if ended is None else ended.side.value,
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
