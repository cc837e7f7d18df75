"""The stores in memory: for tests, and proof that the ports say enough.

They pass the same contract as the SQL stores. Nothing here survives the process, so
``cordee serve`` never uses them. Owned by one event loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cordee_shared.billing.facts import EngagementFact
from cordee_shared.errors import LocalViolation, NotAllowed
from cordee_shared.ids import EngagementId, SessionId, TechnicianId
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import State

from ..ports import (
    Engagement,
    Outgoing,
    SessionSummary,
    SignIn,
    Technician,
    engagement_named,
)


class MemoryJournal:
    """A :class:`~cordee_server.ports.JournalStore` and its outbox."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        #: What each append brought, in order, notices of the house among them.
        self._appends: list[list[bytes]] = []
        self._records: list[Outgoing] = []
        #: Facts, each with the number of entries before it.
        self._facts: list[tuple[EngagementFact, int]] = []

    async def append(
        self, entries: Sequence[Entry], record: Outgoing | None = None
    ) -> None:
        """Append, all or none."""
        before = len(self._entries)
        try:
            for entry in entries:
                self._append(entry)
            if record is not None:
                self._add(record)
        except LocalViolation:
            del self._entries[before:]
            raise
        self._appends.append([entry.raw for entry in self._entries[before:]])

    def _append(self, entry: Entry) -> None:
        former = self._of(entry.session)
        if entry.n != len(former):
            raise LocalViolation(f"entry {entry.n} is not the next of {entry.session}")
        if former and former[-1].state is State.ENDED:
            raise LocalViolation(f"{entry.session} has ended")
        self._entries.append(entry)

    def _of(self, session: SessionId) -> list[Entry]:
        return [entry for entry in self._entries if entry.session == session]

    def _engagement(self, session: SessionId) -> EngagementId | None:
        named = (engagement_named(entry) for entry in self._of(session))
        return next((engagement for engagement in named if engagement), None)

    def _sessions(self) -> list[SessionId]:
        return [entry.session for entry in self._entries if entry.n == 0]

    def _ended(self) -> list[SessionId]:
        return [e.session for e in self._entries if e.state is State.ENDED]

    async def entries_of(self, session: SessionId) -> list[Entry]:
        """Return a session's entries by number."""
        return self._of(session)

    async def sessions_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return an engagement's sessions, by their first mention of it."""
        found: list[SessionId] = []
        for entry in self._entries:
            if (
                engagement_named(entry) == engagement
                and entry.session not in found
                and self._engagement(entry.session) == engagement
            ):
                found.append(entry.session)
        return found

    async def ended_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return those that are over, by their end."""
        return [s for s in self._ended() if self._engagement(s) == engagement]

    async def engagement_of(self, session: SessionId) -> EngagementId | None:
        """Return the engagement of a session."""
        return self._engagement(session)

    async def unfinished(self) -> list[SessionId]:
        """Return the sessions that have not ended, oldest first."""
        ended = set(self._ended())
        return [session for session in self._sessions() if session not in ended]

    async def without_record(self) -> list[SessionId]:
        """Return ended sessions with an engagement and no record."""
        has = {record.session for record in self._records}
        return [s for s in self._ended() if s not in has and self._engagement(s)]

    async def summaries(self, limit: int) -> list[SessionSummary]:
        """Return the latest sessions, the latest first."""
        latest = self._sessions()[::-1][:limit]
        return [
            SessionSummary(
                session=session,
                engagement=self._engagement(session),
                started_ms=self._of(session)[0].moment.at_ms,
                state=self._of(session)[-1].state.value,
                entries=len(self._of(session)),
            )
            for session in latest
        ]

    async def everything(self) -> list[Entry]:
        """Return every entry, in the order of their appending."""
        return list(self._entries)

    def appended(self, since: int) -> list[tuple[int, list[bytes]]]:
        """Return what was appended after ``since`` entries: sizes, and their bytes."""
        found, size = [], 0
        for raws in self._appends:
            size += len(raws)
            if raws and size > since:
                found.append((size, raws))
        return found

    def append_raw(self, raw: bytes) -> None:
        """Append what is of no session."""
        self._appends.append([raw])

    async def last_at_ms(self) -> int | None:
        """Return the wall time of the newest entry."""
        return self._entries[-1].moment.at_ms if self._entries else None

    # --- BillingOutbox -------------------------------------------------------------

    async def records(self) -> list[Outgoing]:
        """Return every record, by the end or the fact that made it."""
        return sorted(self._records, key=self._place)

    def _place(self, record: Outgoing) -> tuple[int, int]:
        if record.fact is None:
            ends = [e.session if e.state is State.ENDED else "" for e in self._entries]
            return ends.index(record.session or "") + 1, 0
        for place, (fact, before) in enumerate(self._facts, 1):
            if (fact.engagement, fact.n) == (record.engagement, record.fact):
                return before, place
        raise LocalViolation(f"no fact has made record {record.id}")

    async def records_of(self, engagement: EngagementId) -> list[Outgoing]:
        """Return an engagement's records by revision."""
        found = [r for r in self._records if r.engagement == engagement]
        return sorted(found, key=lambda record: record.revision)

    async def add(self, record: Outgoing) -> None:
        """Store a record that was derived later."""
        if record not in self._records:
            self._add(record)

    def _add(self, record: Outgoing) -> None:
        if (record.session is None) == (record.fact is None):
            raise LocalViolation("a record is made by an end or by a fact")
        stated = [(f.engagement, f.n) for f, _ in self._facts]
        if record.session is not None:
            made = record.session in self._ended()
        else:
            made = (record.engagement, record.fact) in stated
        if not made:
            raise LocalViolation(f"nothing has made record {record.id}")
        for other in self._records:
            if (
                other.id == record.id
                or _maker(other) == _maker(record)
                or (other.engagement, other.revision)
                == (record.engagement, record.revision)
            ):
                raise LocalViolation(f"another record stands in place of {record.id}")
        self._records.append(record)

    # --- the ground that MemoryFacts stands on ---------------------------------------

    def append_fact(self, fact: EngagementFact, record: Outgoing | None) -> None:
        """Append, both or none."""
        if fact.n != len(self.facts_of(fact.engagement)):
            raise LocalViolation(f"fact {fact.n} is not the next of {fact.engagement}")
        self._facts.append((fact, len(self._entries)))
        try:
            if record is not None:
                self._add(record)
        except LocalViolation:
            del self._facts[-1]
            raise

    def facts_of(self, engagement: EngagementId) -> list[EngagementFact]:
        """Return an engagement's facts by number."""
        return [fact for fact, _ in self._facts if fact.engagement == engagement]

    def facts_without_record(self) -> list[EngagementFact]:
        """Return the facts that made no record."""
        made = {(r.engagement, r.fact) for r in self._records}
        return [f for f, _ in self._facts if (f.engagement, f.n) not in made]


def _maker(record: Outgoing) -> tuple[str, int | None]:
    return record.session or record.engagement, record.fact


class MemoryFacts:
    """A :class:`~cordee_server.ports.FactStore`, on the ground of a journal."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def append(
        self, fact: EngagementFact, record: Outgoing | None = None
    ) -> None:
        """Append, both or none."""
        self._journal.append_fact(fact, record)

    async def of(self, engagement: EngagementId) -> list[EngagementFact]:
        """Return an engagement's facts by number."""
        return self._journal.facts_of(engagement)

    async def without_record(self) -> list[EngagementFact]:
        """Return the facts that made no record."""
        return self._journal.facts_without_record()


class MemoryEngagements:
    """An :class:`~cordee_server.ports.EngagementStore`."""

    def __init__(self) -> None:
        self._engagements: dict[EngagementId, Engagement] = {}

    async def add(self, engagement: Engagement) -> None:
        """Store a new engagement."""
        if engagement.id in self._engagements:
            raise LocalViolation(f"engagement {engagement.id} exists")
        self._engagements[engagement.id] = engagement

    async def find(self, engagement: EngagementId) -> Engagement | None:
        """Return the engagement, or ``None``."""
        return self._engagements.get(engagement)

    async def of(self, technician: TechnicianId, limit: int) -> list[Engagement]:
        """Return a technician's latest, latest first."""
        own = [e for e in self._engagements.values() if e.confirmed_by == technician]
        return own[::-1][:limit]


@dataclass(slots=True)
class _Tries:
    count: int = 0
    until_ms: int = 0
    last_ms: int = 0


@dataclass(slots=True)
class MemoryTechnicians:
    """A :class:`~cordee_server.ports.TechnicianStore`."""

    _technicians: dict[TechnicianId, Technician] = field(default_factory=dict)
    _steps: dict[TechnicianId, int] = field(default_factory=dict)
    _tries: dict[str, _Tries] = field(default_factory=dict)
    _sign_ins: dict[bytes, SignIn] = field(default_factory=dict)

    async def add(self, technician: Technician) -> None:
        """Store a new account."""
        if technician.id in self._technicians:
            raise NotAllowed(f"There is a technician {technician.id!r} already.")
        self._technicians[technician.id] = technician
        self._steps[technician.id] = 0

    async def find(self, technician: TechnicianId) -> Technician | None:
        """Return the account, or ``None``."""
        return self._technicians.get(technician)

    def put(self, technician: Technician) -> None:
        """Store what somebody else on the same ground has changed of an account."""
        self._technicians[technician.id] = technician

    def sign_ins(self) -> list[SignIn]:
        """Return all sign-ins, for whoever stands on the same ground."""
        return list(self._sign_ins.values())

    async def all(self) -> list[Technician]:
        """Return every account, by name."""
        return [self._technicians[name] for name in sorted(self._technicians)]

    async def replace(self, technician: Technician) -> bool:
        """Replace an account's name and secrets; sign it out everywhere."""
        former = self._technicians.get(technician.id)
        if former is None:
            return False
        self._technicians[technician.id] = replace(
            technician, role=former.role, locked=former.locked
        )
        self._steps[technician.id] = 0
        self._tries.pop(technician.id, None)
        await self.sign_out_everywhere(technician.id)
        return True

    async def rehash(self, technician: TechnicianId, password: str) -> None:
        """Replace only the password's hash."""
        if (found := self._technicians.get(technician)) is not None:
            self._technicians[technician] = replace(found, password=password)

    async def remove(self, technician: TechnicianId) -> bool:
        """Remove an account and sign it out everywhere."""
        self._steps.pop(technician, None)
        await self.sign_out_everywhere(technician)
        return self._technicians.pop(technician, None) is not None

    async def use_step(self, technician: TechnicianId, step: int) -> bool:
        """Use up a step of the second factor, once."""
        if technician not in self._steps or step <= self._steps[technician]:
            return False
        self._steps[technician] = step
        return True

    async def attempt(self, name: str, now_ms: int, pauses_ms: Sequence[int]) -> int:
        """Count one attempt, or say how long the name is blocked."""
        tries = self._tries.setdefault(name, _Tries())
        if tries.until_ms > now_ms:
            return tries.until_ms - now_ms
        tries.count += 1
        tries.last_ms = now_ms
        tries.until_ms = now_ms + pauses_ms[min(tries.count, len(pauses_ms)) - 1]
        return 0

    async def block(self, name: str, until_ms: int) -> None:
        """Let attempts under a name be refused until then."""
        tries = self._tries.setdefault(name, _Tries())
        tries.until_ms = max(tries.until_ms, until_ms)

    async def blocked_until(self, name: str) -> int:
        """Return until when a name is blocked."""
        return self._tries.get(name, _Tries()).until_ms

    async def forget_attempts(self, name: str) -> None:
        """Start counting from zero, and lift a block."""
        self._tries.pop(name, None)

    async def sign_in(self, sign_in: SignIn) -> None:
        """Remember a sign-in."""
        if sign_in.technician not in self._technicians:
            raise NotAllowed("This account is gone.")
        self._sign_ins[sign_in.token] = sign_in

    async def signed_in(self, token: bytes) -> SignIn | None:
        """Return the sign-in with this token's hash."""
        return self._sign_ins.get(token)

    async def seen(self, token: bytes, now_ms: int) -> None:
        """Note that a sign-in was used."""
        if (found := self._sign_ins.get(token)) is not None:
            self._sign_ins[token] = replace(found, seen_ms=now_ms)

    async def sign_out(self, token: bytes) -> None:
        """Forget one sign-in."""
        self._sign_ins.pop(token, None)

    async def sign_out_everywhere(self, technician: TechnicianId) -> None:
        """Forget all sign-ins of an account."""
        for token, found in list(self._sign_ins.items()):
            if found.technician == technician:
                del self._sign_ins[token]

    async def forget_before(
        self, since_ms: int, seen_ms: int, attempts_ms: int
    ) -> None:
        """Forget what is too old to matter."""
        for token, found in list(self._sign_ins.items()):
            if found.since_ms < since_ms or found.seen_ms < seen_ms:
                del self._sign_ins[token]
        for name, tries in list(self._tries.items()):
            if max(tries.last_ms, tries.until_ms) < attempts_ms:
                del self._tries[name]
