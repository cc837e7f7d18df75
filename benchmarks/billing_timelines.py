"""Random engagements, lived through second by second, and what they are worth.

One :class:`Life` is played twice at once: as the journal that a relay would have
written, and by hand as intervals of service. Nothing here reads the session's table,
the tally or the rating: it is the oracle that they are held against, and it knows two
truths. *Proved* is what the contract says (billing_legal.md 3.1): time ends at the
last proof of life. *Lived* is what really happened, to the moment the cable was cut or
the relay killed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cordee_shared.ids import SessionId
from cordee_shared.journal.entry import Entry, Moment
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import Event, Remark, Side, State

SECOND: Final = 1_000_000
#: The relay's own numbers (``limits.py``), written here a second time on purpose.
CHECKPOINT_US: Final = 15 * SECOND
HEARTBEAT_US: Final = 10 * SECOND
LOST_US: Final = 15 * SECOND

E, R, S = Event, Remark, State
C, T, Y = Side.CUSTOMER, Side.TECHNICIAN, Side.RELAY
Span = tuple[int, int]


@dataclass
class Life:
    """One session: its journal, and what a bystander with two stopwatches saw."""

    dice: random.Random
    number: int
    boot: str
    now: int
    wall_ms: int
    entries: list[Entry] = field(default_factory=list)
    proved: list[Span] = field(default_factory=list)
    lived: list[Span] = field(default_factory=list)
    #: When somebody was connected, to the cut: what a remote-support tool records.
    connected: list[Span] = field(default_factory=list)
    opened: bool = False
    #: Ends that may lie before the truth, each by how much at most.
    bounds: list[int] = field(default_factory=list)
    interrupted: bool = False
    _state: State = S.WAITING
    _since: int | None = None
    _connected_since: int = 0
    _taken_back: bool = False
    _acts: dict[Side, int] = field(default_factory=dict)
    _phase: dict[Side, int] = field(default_factory=dict)
    #: When a side's cable was cut.
    _cut: dict[Side, int] = field(default_factory=dict)
    _checked: int = 0
    #: How often the screen was shown again since the technician's last proof there.
    _shown_again: int = 0
    #: What each side proved by the newest checkpoint or loss in the journal.
    _noted: dict[Side, int] = field(default_factory=dict)

    # --- the journal ------------------------------------------------

    def write(
        self,
        side: Side,
        kind: Kind,
        state: State,
        data: Mapping[str, Any] | None = None,
        *,
        boot: str = "",
    ) -> None:
        """Append an entry; unsigned, for its signature is not what is measured."""
        moment = Moment(boot or self.boot, self.now, self.wall_ms + self.now // 1000)
        session = SessionId(f"{self.number:032x}")
        self.entries.append(
            Entry(
                session=session,
                n=len(self.entries),
                moment=moment,
                side=side,
                kind=kind,
                state=state,
                late=False,
                data=data or {},
                act=None,
                signature=b"",
                raw=b"",
            )
        )
        self._state = state
        if side is not Y:
            self._acts[side] = self.now

    def proof(self, side: Side, at: int) -> int:
        """Return the last sign of life of a side until ``at``."""
        at = min(at, self._cut.get(side, at))
        beat = at - (at - self._phase[side]) % HEARTBEAT_US
        return max(self._acts[side], beat)

    def wait(self, us: int) -> None:
        """Let time pass, with the relay's checkpoints in it."""
        end = self.now + us
        while self._checked + CHECKPOINT_US <= end:
            self._checked += CHECKPOINT_US
            self.now = self._checked
            if self._state not in (S.VIEWING, S.CONTROLLING):
                continue
            for side in (C, T):
                self._noted[side] = self.proof(side, self.now)
            proofs = {f"{side.value}_us": self._noted[side] for side in (C, T)}
            self._shown_again = 0
            self.write(Y, R.CHECKPOINT, self._state, proofs)
        self.now = end

    # --- service ------------------------------------------------

    def meter(self) -> None:
        """Start or stop the stopwatches, as the contract reads what stands."""
        counts = (
            self.opened
            and self._state in (S.VIEWING, S.CONTROLLING)
            and not self._taken_back
        )
        if counts and self._since is None:
            self._since = self.now
        elif not counts and self._since is not None:
            self.stop(self.now, self.now)

    def stop(self, proved: int, lived: int) -> None:
        """Close what runs; strike what was not proved."""
        if self._since is not None:
            self.proved.append((self._since, proved))
            self.lived.append((self._since, lived))
            self._since = None
        self.strike(proved, self.proved)
        self.strike(lived, self.lived)

    @staticmethod
    def strike(alive: int, spans: list[Span]) -> None:
        """Take back what lies after ``alive``."""
        spans[:] = [(a, min(b, alive)) for a, b in spans if a < alive]

    # --- what happens ------------------------------------------------

    def meet(self) -> None:
        """From the code to the shown screen."""
        dice = self.dice
        self.write(Y, R.CODE_ISSUED, S.WAITING)
        self.now += dice.randrange(5 * SECOND, 90 * SECOND)
        self.write(Y, E.CODE_CLAIMED, S.PAIRING)
        for side in (C, T):
            self.write(side, R.BIND, S.PAIRING)
            self._phase[side] = self.now + dice.randrange(HEARTBEAT_US)
        self.write(Y, E.KEYS_CONFIRMED, S.CONSENTING)
        self.now += dice.randrange(3 * SECOND, 60 * SECOND)
        self.write(C, E.VIEW_GRANTED, S.VIEWING)
        self._connected_since = self._checked = self.now

    def grant(self) -> None:
        """The customer lends the mouse."""
        self.write(T, R.CONTROL_REQUESTED, self._state)
        self.write(C, E.CONTROL_GRANTED, S.CONTROLLING)
        self.opened, self._taken_back = True, False

    def lose(self) -> bool:
        """Cut one side's cable; return whether it comes back."""
        dice = self.dice
        cut = self.now
        side = dice.choice((C, T))
        self._cut[side] = cut  # it proves nothing more
        self.wait(dice.randrange(SECOND, LOST_US))
        proofs = {s: self.proof(s, self.now) for s in (C, T)}
        data = {f"{s.value}_us": at for s, at in proofs.items()}
        self.write(Y, E.LINK_LOST, S.INTERRUPTED, {"side": side.value, **data})
        self._noted, self._shown_again = dict(proofs), 0
        self.stop(min(proofs.values()), cut)
        self.bounds.append(HEARTBEAT_US)
        self.connected.append((self._connected_since, cut))
        self._checked = self.now + 10**15
        self.wait(dice.randrange(SECOND, 120 * SECOND))
        if dice.random() < 0.15:
            self.write(Y, E.ENDED, S.ENDED, {"reason": "link_expired", **data})
            return False
        self.write(Y, E.LINK_RESTORED, S.VIEWING)
        self._cut.clear()
        for s in (C, T):
            self._phase[s] = self.now + dice.randrange(HEARTBEAT_US) - HEARTBEAT_US
        self._connected_since = self._checked = self.now
        return True

    def crash(self) -> None:
        """Kill the relay; another one may find what it left."""
        journaled = {s: max(self._acts[s], self._noted.get(s, 0)) for s in (C, T)}
        self.stop(min(journaled.values()), self.now)
        # A checkpoint's time falls into a hidden screen: then no proof of the
        # technician is journaled before the next one.
        checkpoints = 1 + self._shown_again
        self.bounds.append(checkpoints * CHECKPOINT_US + HEARTBEAT_US)
        if self._state in (S.VIEWING, S.CONTROLLING, S.RECLAIMED, S.PAUSED):
            self.connected.append((self._connected_since, self.now))
        if self.dice.random() < 0.5:
            data = {"reason": "relay_stopped", "recovered": True}
            self.write(Y, E.ENDED, S.ENDED, data, boot="boot-after")

    def end(self) -> None:
        """End it, one way or another."""
        dice = self.dice
        self.connected.append((self._connected_since, self.now))
        how = dice.random()
        if how < 0.08:
            proofs = {s: self.proof(s, self.now) for s in (C, T)}
            data = {f"{s.value}_us": at for s, at in proofs.items()}
            self.stop(min(proofs.values()), self.now)
            self.bounds.append(HEARTBEAT_US)
            self.write(Y, E.ENDED, S.ENDED, {"reason": "time_limit", **data})
        elif how < 0.12:
            self.stop(self.now, self.now)
            self.interrupted = True
            why = {"reason": "technician_ended", "interruption": "missing_licence"}
            self.write(T, E.ENDED, S.ENDED, why)
        else:
            self.stop(self.now, self.now)
            side = dice.choice((C, T))
            self.write(side, E.ENDED, S.ENDED, {"reason": f"{side.value}_ended"})

    def live(self) -> None:
        """Live through it."""
        dice = self.dice
        self.meet()
        for _ in range(dice.randrange(1, 9)):
            self.wait(int(dice.expovariate(1 / dice.choice((20, 200, 400)) / SECOND)))
            if dice.random() < 0.02:
                self.crash()
                return
            if not self.step():
                return
            self.meter()
        self.wait(dice.randrange(1, 300 * SECOND))
        self.end()

    def step(self) -> bool:
        """Do what may be done now; return whether the session goes on."""
        state, pick = self._state, self.dice.random()
        if state is S.PAUSED:
            self.write(C, E.CONTINUED, S.VIEWING)
            self._shown_again += 1
        elif pick < 0.12:
            return self.lose()
        elif pick < 0.22:
            self.write(C, E.PAUSED, S.PAUSED)
        elif state in (S.VIEWING, S.RECLAIMED):
            self.grant()
        elif pick < 0.6:
            self._taken_back = True
            self.write(C, E.RECLAIMED, S.RECLAIMED)
        else:
            self.write(T, E.CONTROL_RELEASED, S.VIEWING)
        return True


@dataclass
class Case:
    """One engagement, and what it is worth by both truths."""

    lives: list[Life]

    @property
    def sessions(self) -> list[list[Entry]]:
        """The journals."""
        return [life.entries for life in self.lives]

    def seconds(self, truth: str) -> int:
        """Whole seconds of the union of all spans, boot by boot."""
        boots: dict[str, list[Span]] = {}
        for life in self.lives:
            boots.setdefault(life.boot, []).extend(getattr(life, truth))
        return sum(measure(spans) for spans in boots.values()) // SECOND

    @property
    def bound_s(self) -> int:
        """By how much, at most, the bill may stay below what was lived."""
        return -(-sum(sum(life.bounds) for life in self.lives) // SECOND)


def measure(spans: Iterable[Span]) -> int:
    """Return the measure of a union of half-open intervals, in integers."""
    total, until = 0, -1
    for start, end in sorted(spans):
        if end > until:
            total += end - max(start, until)
            until = end
    return total


def worth(seconds: int, *, opened: bool, interrupted: bool) -> int:
    """Return begun half-hours: counted up, not divided."""
    if not opened or (seconds < 60 and not interrupted):
        return 0
    units, covered = 1, 1800
    while covered < seconds:
        units, covered = units + 1, covered + 1800
    return units


def random_case(dice: random.Random) -> Case:
    """Return an engagement of one to three sessions."""
    lives: list[Life] = []
    at, boot, wall_ms = dice.randrange(10**12), "boot-1", dice.randrange(10**12)
    for number in range(1, dice.choices((1, 2, 3), (70, 22, 8))[0] + 1):
        life = Life(dice, number, boot, at, wall_ms)
        life.live()
        lives.append(life)
        if dice.random() < 0.2:
            # A second technician while the first one is still there.
            at = dice.randrange(at, life.now + 1)
        elif dice.random() < 0.5:
            # The relay was started anew in between: another clock.
            at, boot = dice.randrange(10**12), f"boot-{number + 1}"
        else:
            at = life.now + dice.randrange(SECOND, 86_400 * SECOND)
    return Case(lives)
