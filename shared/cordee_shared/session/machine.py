"""One session as a pure object: the table applied, time kept per state.

Rules:

1. A session moves only by journaled entries, on every side in the same order.
2. The caller brings the clock; a refused event changes nothing.
3. An act that had its place at some time since what its author had seen, and has it
   no more, has merely crossed another on the wire, maybe one of its author's own (a
   button pressed twice): it is *late*, journaled without effect, never a
   violation. A withdrawal by the customer is never worse than late. Only what has
   no place any more is late: else a relay could undo a withdrawal by calling it so.
4. The agent holds power back before the journal knows (:class:`Hold`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cordee_shared.errors import LocalViolation, UnexpectedMessage
from cordee_shared.session.states import (
    AUTHORS,
    PLACES,
    TRANSITIONS,
    WITHDRAWALS,
    Event,
    Remark,
    Side,
    State,
)

Kind = Event | Remark


class Verdict(StrEnum):
    """What becomes of an act."""

    APPLY = "apply"
    LATE = "late"


def is_allowed(kind: Kind, state: State) -> bool:
    """Tell whether the table has a place for ``kind`` in ``state``."""
    if isinstance(kind, Remark):
        return state in PLACES[kind]
    return kind in TRANSITIONS[state]


def read_kind(name: str) -> Kind:
    """Find the event or remark called ``name``.

    Raises:
        UnexpectedMessage: there is none.
    """
    for family in (Event, Remark):
        if name in family._value2member_map_:
            return family(name)
    raise UnexpectedMessage(f"no event or remark is called {name[:32]!r}")


@dataclass(slots=True)
class Session:
    """Where a session stands and how long it stood where.

    ``first`` is the number of the first entry this copy will see: the side that
    claims a code joins after the code's own entries.
    """

    state: State = State.WAITING
    first: int = 0
    #: Monotonic microseconds of the last entry; ``None`` before the first.
    at_us: int | None = None
    #: Microseconds spent in each state, the present one up to the last entry.
    spent_us: dict[State, int] = field(default_factory=dict)
    _after: list[State] = field(default_factory=list)
    #: The customer's withdrawals that were called late, by entry.
    _late: list[tuple[int, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Remember the state that held before the first entry."""
        self._after.append(self.state)

    @property
    def next_entry(self) -> int:
        """Number of the entry that comes next."""
        return self.first + len(self._after) - 1

    def state_after(self, entry: int) -> State:
        """Return the state that held once ``entry`` was applied.

        Raises:
            UnexpectedMessage: this copy never saw that entry.
        """
        index = entry - self.first + 1
        if not 0 <= index < len(self._after):
            raise UnexpectedMessage(f"entry {entry} is not one that was seen here")
        return self._after[index]

    def _states_since(self, entry: int) -> set[State]:
        """Return the states that held from ``entry`` on, the present one included."""
        self.state_after(entry)
        return set(self._after[entry - self.first + 1 :])

    def judge(self, kind: Kind, by: Side, seen: int) -> Verdict:
        """Decide what becomes of an act whose author had seen entry ``seen``.

        Raises:
            UnexpectedMessage: not the author's to say, it never had a place, or its
                author claims to have seen an entry that does not exist.
        """
        if by not in AUTHORS[kind]:
            raise UnexpectedMessage(f"{kind.value} is not for the {by.value} to say")
        withdrawal = by is Side.CUSTOMER and kind in WITHDRAWALS
        since = set() if withdrawal else self._states_since(seen)
        if by is Side.CUSTOMER:
            # The agent obeyed it before it was called late, and wrote this act there.
            for entry, taken in self._late:
                if entry > seen:
                    since |= {
                        TRANSITIONS[state][taken]
                        for state in since
                        if taken in TRANSITIONS[state]
                    }
        if is_allowed(kind, self.state):
            return Verdict.APPLY
        if withdrawal or any(is_allowed(kind, state) for state in since):
            return Verdict.LATE
        raise UnexpectedMessage(f"{kind.value} while {self.state.value}")

    def follow(self, kind: Kind, by: Side, at_us: int, *, late: bool = False) -> State:
        """Take the next journaled entry and return the state after it.

        Raises:
            LocalViolation: the table has no place for it here, it has one and is
                called late, or time went backwards; nothing changed.
        """
        if self.at_us is not None and at_us < self.at_us:
            raise LocalViolation("the relay's monotonic clock went backwards")
        after = self.state
        if late:
            if is_allowed(kind, self.state):
                raise LocalViolation(f"{kind.value} called late while {self.state}")
            if by is Side.CUSTOMER and isinstance(kind, Event) and kind in WITHDRAWALS:
                self._late.append((self.next_entry, kind))
        else:
            if by not in AUTHORS[kind] or not is_allowed(kind, self.state):
                raise LocalViolation(f"{kind.value} by {by.value} while {self.state}")
            if isinstance(kind, Event):
                after = TRANSITIONS[self.state][kind]
        spent = 0 if self.at_us is None else at_us - self.at_us
        self.spent_us[self.state] = self.spent_us.get(self.state, 0) + spent
        self.at_us = at_us
        self._after.append(after)
        self.state = after
        return after


@dataclass(slots=True)
class Hold:
    """What the customer took away and the journal has not confirmed yet.

    Owned by the agent. Power goes down at once: while an act of withdrawal is
    pending, the state that counts at the agent is never above what it leaves.
    """

    _pending: dict[str, State] = field(default_factory=dict)

    def withdraw(self, event: Event, act: str) -> None:
        """Hold power back because of the act with this hash."""
        self._pending[act] = WITHDRAWALS[event]

    def confirmed(self, act: str) -> None:
        """Forget the hold of an act: its entry, late or not, has come back."""
        self._pending.pop(act, None)

    def effective(self, journaled: State) -> State:
        """Return the state that counts at the agent."""
        for least in (State.ENDED, State.PAUSED):
            if least is journaled or least in self._pending.values():
                return least
        if self._pending and journaled is State.CONTROLLING:
            return State.RECLAIMED
        return journaled
