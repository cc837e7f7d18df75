"""Out of the journals of one engagement: the time that counts (billing_legal.md 3.1).

Rules:

1. Time is the relay's monotonic clock; wall time is a label that nothing computes
   with. Readings of different boots are never subtracted.
2. Time counts while consent is in force, the service was opened by the customer's
   yes in this session, the state is one that the policy pays for, and both ends are
   proved alive. Control taken back stands until it is given again: neither a lost
   link nor a hidden screen in between makes time count.
3. Before a loss, time ends at the last proof of life of either side, never at its
   detection: what both did not prove is not billed. The same when the relay itself
   ends a session, and when the journal just stops or was closed by a recovery; there
   the proofs are those that the journal holds (acts, checkpoints).
4. A late entry has no effect.
5. Sessions of one engagement are one union; nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final

from cordee_shared.billing.policy import Policy
from cordee_shared.errors import Tampered
from cordee_shared.ids import SessionId
from cordee_shared.journal.entry import Entry
from cordee_shared.session.machine import is_allowed
from cordee_shared.session.offer import Opening
from cordee_shared.session.states import (
    AUTHORS,
    TRANSITIONS,
    EndReason,
    Event,
    Side,
    State,
)

#: Wall and monotonic clock may differ by so much between two entries.
_STEP_US: Final = 2_000_000

#: Why a segment closed when no entry says so: the relay was gone.
CRASHED: Final = "relay_crashed"

_PEOPLE: Final = (Side.CUSTOMER, Side.TECHNICIAN)

#: Ends that are the provider's own doing and nobody's wish (B04).
_OWN_FAULTS: Final = frozenset({EndReason.RELAY_STOPPED, EndReason.JOURNAL_UNAVAILABLE})


class Flag(StrEnum):
    """What a person should know before the record becomes an invoice."""

    #: Wall and monotonic clock ran apart; the labels are doubtful, the time is not.
    CLOCK_STEP = "clock_step"
    #: A relay died in a session; its time ends at the last proof.
    CRASH = "crash"
    #: The provider's own failure ended a session.
    OWN_FAULT = "own_fault"
    #: The technician broke off, for a cause named in the journal (terms, 5).
    TECH_INTERRUPT = "tech_interrupt"
    #: A consent names another offer than the engagement's.
    OTHER_OFFER = "other_offer"
    #: There was service, too short to cost anything.
    BELOW_MIN_SERVICE = "below_min_service"
    #: More than the policy lets out without a person.
    PARKED = "parked"

    # What facts of the engagement say (``facts.py``).
    #: A person let it out, as it stands now.
    RELEASED = "released"
    #: A draft: nothing is due before a person has looked.
    REVIEW = "review"
    NO_SHOW = "no_show"
    #: Something speaks against the no-show: it comes to nothing.
    NO_SHOW_BLOCKED = "no_show_blocked"
    WITHDRAWN = "withdrawn"
    #: Too late, fully performed, or no consumer.
    WITHDRAWAL_REFUSED = "withdrawal_refused"
    GUARANTEE = "guarantee"
    GUARANTEE_REFUSED = "guarantee_refused"
    #: The customer wrote reserves.
    RESERVES = "reserves"
    #: A person asked the minimum for less than the threshold.
    MINIMUM_SET = "minimum_set"
    #: A person took units off.
    CORRECTED = "corrected"
    #: It began outside the opening hours, or the agreed slot: said, never charged.
    OUTSIDE_HOURS = "outside_hours"
    OUTSIDE_SLOT = "outside_slot"


class Interruption(StrEnum):
    """Why a technician broke off (R35): ``data.interruption`` of the act ``ended``."""

    UNDISCLOSED_MODIFICATION = "undisclosed_modification"
    MISSING_LICENCE = "missing_licence"
    UNSAFE = "unsafe"
    OTHER = "other"
    #: A wrong booking, a failure of ours: the customer owes no minimum for it.
    OWN_FAULT = "own_fault"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of counted time, under one boot of one relay."""

    session: SessionId
    boot: str
    #: Monotonic microseconds.
    start_us: int
    end_us: int
    #: Wall label of the start, Unix milliseconds.
    start_ms: int
    #: Why it closed: an event, an end reason, or :data:`CRASHED`.
    cause: str

    @property
    def length_us(self) -> int:
        """How long it is, in microseconds."""
        return self.end_us - self.start_us

    @property
    def end_ms(self) -> int:
        """Label of the end: the start's, plus the monotonic length."""
        return self.start_ms + self.length_us // 1000


@dataclass(frozen=True, slots=True)
class Tally:
    """What the journals of one engagement come to, before any price."""

    #: Disjoint, in the order of their boots' labels, then of time.
    segments: tuple[Segment, ...]
    #: Somebody's yes opened the service.
    opened: bool
    flags: frozenset[Flag]

    @property
    def counted_us(self) -> int:
        """All counted time, in microseconds."""
        return sum(segment.length_us for segment in self.segments)


def tally(sessions: Iterable[Sequence[Entry]], policy: Policy) -> Tally:
    """Measure the union of all counted time of an engagement's sessions.

    The entries' signatures are the caller's to check; order and doubles do not
    matter.

    Raises:
        Tampered: a journal has a hole, contradicts itself, or breaks the table.
    """
    meters = [_Meter(policy).run(in_order(entries)) for entries in sessions]
    return Tally(
        segments=_union(segment for meter in meters for segment in meter.segments),
        opened=any(meter.opened for meter in meters),
        flags=frozenset(flag for meter in meters for flag in meter.flags),
    )


def waited_us(journals: Iterable[Sequence[Entry]], from_ms: int) -> int:
    """Measure how long codes of an engagement were live and nobody typed one (B05).

    This is the relay's own attestation of waiting: an invitation is live while its
    technician's console holds the line. Union over all sessions, in microseconds, from
    ``from_ms`` on; a code whose relay died proves nothing after its last entry.

    Args:
        journals: each session's entries, in order.
        from_ms: begin of the agreed slot, Unix milliseconds: waiting before is none.
    """
    waits = []
    for entries in journals:
        waiting = list(takewhile(lambda e: e.state is State.WAITING, entries))
        if not waiting or not waiting[0].data.get("engagement"):
            continue  # a code that the customer shows holds no technician
        first, last = waiting[0], waiting[-1]
        after = entries[len(waiting)] if len(entries) > len(waiting) else None
        if after is not None and not was_recovered(after):
            last = after
        if last.moment.boot != first.moment.boot:
            continue
        early_us = max(0, from_ms - first.moment.at_ms) * 1000
        begin, end = first.moment.mono_us + early_us, last.moment.mono_us
        if begin < end:
            waits.append(
                Segment(first.session, first.moment.boot, begin, end, 0, "waited")
            )
    return sum(wait.length_us for wait in _union(waits))


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one session's entries by number, each once.

    Raises:
        Tampered: one is missing, there twice with different text, or of another
            session.
    """
    found: dict[int, Entry] = {}
    for entry in entries:
        if found.setdefault(entry.n, entry).raw != entry.raw:
            raise Tampered(_name(entry), "stands twice, with different text")
    ordered = tuple(found[n] for n in sorted(found))
    for n, entry in enumerate(ordered):
        if entry.n != n:
            raise Tampered(_name(entry), f"entry {n} is missing before it")
        if entry.session != ordered[0].session:
            raise Tampered(_name(entry), "belongs to another session")
    return ordered


def was_recovered(entry: Entry) -> bool:
    """Tell whether a later process wrote this end for a relay that had died.

    Its clocks are of no use: they are read long after the fact.
    """
    return entry.kind is Event.ENDED and entry.data.get("recovered") is True


def end_cause(entry: Entry) -> str:
    """Return why time, or a session, ended here: a reason, or what happened."""
    reason = _text(entry, "reason")
    known = entry.kind is Event.ENDED and reason in EndReason._value2member_map_
    return reason if known else entry.kind.value


@dataclass(slots=True)
class _Meter:
    """Runs over one session's entries. Owned by :func:`tally`."""

    policy: Policy
    segments: list[Segment] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)
    opened: bool = False
    _state: State = State.WAITING
    _taken_back: bool = False
    #: The entry at which the running segment began.
    _since: Entry | None = None
    _before: Entry | None = None
    #: Last proof of life of each side under the present boot.
    _proved_us: dict[Side, int] = field(default_factory=dict)

    def run(self, entries: Sequence[Entry]) -> _Meter:
        for entry in entries:
            self._take(entry)
        if entries and self._state is not State.ENDED:
            self._crash()
        return self

    def _take(self, entry: Entry) -> None:
        after = self._after(entry)
        if entry.late:
            return
        if was_recovered(entry):
            self._crash()
            self._state = after
            return
        self._look_at_clocks(entry)
        self._before = entry
        self._prove(entry)
        self._state = after
        self._note(entry)
        counts = self._counts()
        if self._since is not None and not counts:
            self._close(entry.moment.mono_us, end_cause(entry))
        if entry.side is Side.RELAY and entry.kind in (Event.LINK_LOST, Event.ENDED):
            self._forget_unproved(end_cause(entry))
        if self._since is None and counts:
            self._since = entry

    def _after(self, entry: Entry) -> State:
        """Return the state after ``entry``, by the table."""
        kind, after = entry.kind, self._state
        if entry.late:
            if is_allowed(kind, self._state):
                raise Tampered(_name(entry), "is called late and was in time")
        elif entry.side not in AUTHORS[kind] or not is_allowed(kind, self._state):
            raise Tampered(
                _name(entry),
                f"{kind.value} by {entry.side.value} while {self._state.value}",
            )
        elif isinstance(kind, Event):
            after = TRANSITIONS[self._state][kind]
        if entry.state is not after:
            raise Tampered(_name(entry), f"says {entry.state.value}, not {after.value}")
        return after

    def _look_at_clocks(self, entry: Entry) -> None:
        if self._before is None:
            return
        before, now = self._before.moment, entry.moment
        if before.boot != now.boot:
            # Nothing that is measured here reaches over to another clock.
            self._crash()
            return
        passed_us = now.mono_us - before.mono_us
        if passed_us < 0:
            raise Tampered(_name(entry), "the relay's monotonic clock went backwards")
        if abs((now.at_ms - before.at_ms) * 1000 - passed_us) > _STEP_US:
            self.flags.add(Flag.CLOCK_STEP)

    def _prove(self, entry: Entry) -> None:
        now = entry.moment.mono_us
        if entry.side in _PEOPLE:
            self._proved_us[entry.side] = now
        else:
            for side in _PEOPLE:
                proof = entry.data.get(f"{side.value}_us")
                if type(proof) is int:
                    former = self._proved_us.get(side, 0)
                    self._proved_us[side] = max(former, min(proof, now))

    def _note(self, entry: Entry) -> None:
        kind, view = entry.kind, self.policy.service_opens is Opening.VIEW
        if kind is Event.CONTROL_GRANTED or (view and kind is Event.VIEW_GRANTED):
            self.opened = True
        if kind is Event.CONTROL_GRANTED:
            self._taken_back = False
        elif kind is Event.RECLAIMED:
            self._taken_back = True
        elif kind is Event.ENDED:
            self._note_end(entry)

    def _note_end(self, entry: Entry) -> None:
        if entry.side is Side.RELAY and _text(entry, "reason") in _OWN_FAULTS:
            self.flags.add(Flag.OWN_FAULT)
        cause = _text(entry, "interruption")
        if entry.side is Side.TECHNICIAN and cause in Interruption._value2member_map_:
            own = cause == Interruption.OWN_FAULT
            self.flags.add(Flag.OWN_FAULT if own else Flag.TECH_INTERRUPT)

    def _counts(self) -> bool:
        # Paying for reclaimed time pays for what follows it, too.
        stands = self._taken_back and not self.policy.counts(State.RECLAIMED)
        return self.opened and not stands and self.policy.counts(self._state)

    def _close(self, end_us: int, cause: str) -> None:
        began = self._since
        assert began is not None, "no segment is running"
        at = began.moment
        self._since = None
        if at.mono_us < end_us:
            self.segments.append(
                Segment(began.session, at.boot, at.mono_us, end_us, at.at_ms, cause)
            )

    def _forget_unproved(self, cause: str) -> None:
        """Drop what lies after the last proof of either side, under this boot."""
        alive = min(self._proved_us.get(side, 0) for side in _PEOPLE)
        boot = self._before.moment.boot if self._before else ""
        kept = []
        for segment in self.segments:
            if segment.boot != boot or segment.end_us <= alive:
                kept.append(segment)
            elif segment.start_us < alive:
                kept.append(replace(segment, end_us=alive, cause=cause))
        self.segments = kept

    def _crash(self) -> None:
        """Close at what the journal proves: its relay is gone without a word."""
        self.flags |= {Flag.CRASH, Flag.OWN_FAULT}
        if self._since is not None and self._before is not None:
            self._close(self._before.moment.mono_us, CRASHED)
        self._forget_unproved(CRASHED)
        self._proved_us.clear()


def _union(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Merge what overlaps or touches, within each boot."""
    merged: list[Segment] = []
    for segment in sorted(
        segments, key=lambda s: (s.boot, s.start_us, s.end_us, s.session)
    ):
        last = merged[-1] if merged else None
        if last is None or last.boot != segment.boot or last.end_us < segment.start_us:
            merged.append(segment)
        elif segment.end_us > last.end_us:
            merged[-1] = replace(last, end_us=segment.end_us, cause=segment.cause)
    labels = {s.boot: s.start_ms for s in reversed(merged)}
    return tuple(sorted(merged, key=lambda s: (labels[s.boot], s.boot, s.start_us)))


def _text(entry: Entry, name: str) -> str:
    """Return a text out of data that a person's side may have filled with anything."""
    value: Any = entry.data.get(name)
    return value if isinstance(value, str) else ""


def _name(entry: Entry) -> str:
    return f"entry {entry.n} of {entry.session}"
