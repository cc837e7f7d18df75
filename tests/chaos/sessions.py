"""Whole sessions in bad weather, and what must hold once it has cleared.

``make chaos`` runs 500 of them (security.md 6); the suite runs a few. Relay, lines and
people live in one process and one loop, so that what is left over can be counted.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyotp
import structlog
from structlog.testing import LogCapture

from cordee_server.settings import Deadlines
from cordee_shared.code import Code
from cordee_shared.ids import TechnicianId
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import Event, Side, State
from tests.chaos.people import LastingAgent, LastingConsole, Person
from tests.chaos.proxy import Fault, Line
from tests.house import House, house

#: Every deadline short, so that the last of them falls within the figure to hold.
DEADLINES: Final = Deadlines(
    agent_code_s=6,
    invitation_s=6,
    nameplate_rest_s=1,
    pairing_s=3,
    consent_s=3,
    consent_grace_s=1,
    resume_s=4,
    idle_s=30,
    session_s=60,
    tick_s=1,
    heartbeat_s=1,
    hello_s=3,
    stuck_writer_s=3,
)
#: A session is journaled as ended so long after its last fault, at most (S-16).
WITHIN_S: Final = 20.0
#: What a signature covers beyond its moment: one tick, and what clocks and lines may
#: differ by (security.md 2.5: 2 s + 1 %).
COVER_S: Final = 1.0 + 2.0
#: A technician may claim so many codes an hour; more sessions take more technicians.
CLAIMS_EACH: Final = 4
#: How long whoever waits for everything to be over waits, a slow machine included.
PATIENCE_S: Final = 240.0


@dataclass
class Outcome:
    """How one session went."""

    number: int
    engagement: str
    agent: LastingAgent
    console: LastingConsole
    #: When its last fault was over, on the machine's monotonic clock.
    calm_at: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    #: How its people stood when nobody waited for them any longer.
    stuck: str = ""


@dataclass
class Findings:
    """What a run came to; empty lists are what is hoped for."""

    sessions: int = 0
    without_session: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    acknowledged: int = 0
    billed_s: int = 0
    resumed: int = 0
    late_s: list[float] = field(default_factory=list)
    #: The loop itself stood still for so long: no fault of the relay's.
    stalled_s: float = 0.0
    not_ended: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    overbilled: list[str] = field(default_factory=list)
    #: What the relay's log calls a violation or a bug: these people are honest.
    complaints: list[str] = field(default_factory=list)
    #: People for whom it never ended.
    stuck: list[str] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    @property
    def slowest_s(self) -> float:
        """From a session's last fault to its journaled end, the longest."""
        return max(self.late_s, default=0.0)

    def wrong(self) -> dict[str, object]:
        """Return whatever must not be."""
        found: dict[str, object] = {
            "not ended": self.not_ended,
            "lost": self.lost,
            "overbilled": self.overbilled,
            "complaints": self.complaints,
            "stuck": self.stuck,
            "left": {name: n for name, n in self.left.items() if n},
        }
        if self.slowest_s > WITHIN_S + self.stalled_s:
            found["slow"] = self.slowest_s
        return {name: what for name, what in found.items() if what}


class Storm:
    """A house, its technicians, and sessions in bad weather. Owned by the loop."""

    def __init__(self, relay: House, seed: int) -> None:
        self.relay = relay
        self.seed = seed
        self.outcomes: list[Outcome] = []
        self._accounts: list[tuple[dict[str, str], TechnicianId]] = []

    async def hire(self, count: int) -> None:
        """Make and sign in as many technicians as the sessions need."""
        technicians, clock = self.relay.parts.technicians, self.relay.parts.clock
        for number in range(-(-count // CLAIMS_EACH)):
            made = await technicians.add(f"tech{number}", f"Claire {number}")
            digits = pyotp.TOTP(made.seed).at(clock.now_ms() // 1000)
            token, _ = await technicians.sign_in(f"tech{number}", made.password, digits)
            self._accounts.append((self.relay.headers(token), made.technician))

    async def session(self, number: int) -> None:
        """Let two people try, while their lines have the weather of the dice."""
        dice = random.Random(f"{self.seed}/{number}")
        headers, technician = self._accounts[number // CLAIMS_EACH]
        agreed = await self.relay.parts.engagements.create(
            technician,
            customer=f"Mme Durand {number}",
            purpose="imprimante",
            tariff="standard",
        )
        outcome = Outcome(
            number,
            agreed.id,
            LastingAgent(self.relay.origin),
            LastingConsole(self.relay.origin),
        )
        self.outcomes.append(outcome)
        invites = dice.random() < 0.5
        phone: asyncio.Future[Code] = asyncio.get_running_loop().create_future()
        now = time.monotonic()
        lasts = dice.uniform(2.0, 7.0)
        # Who ends it: one of the two, or nobody, who walks away.
        who_ends = dice.choice(("agent", "console", "agent", "console", "nobody"))
        async with AsyncExitStack() as stack:
            lines = []
            for side in (1, 2):
                source = f"127.{number // 250 + 1}.{number % 250}.{side}"
                line = Line(self.relay.port, random.Random(dice.random()), source)
                lines.append(await stack.enter_async_context(line.standing()))
            people = [
                Person(
                    end,
                    f"ws://127.0.0.1:{line.port}{path}",
                    random.Random(dice.random()),
                    ends_at=now + lasts if who_ends == name else None,
                    leaves_at=now + lasts if who_ends == "nobody" else None,
                    headers=own,
                    engagement=agreed.id if name == "console" else "",
                    phone=phone,
                    shows_code=shows,
                    mishears=not shows and dice.random() < 0.04,
                    is_mute=dice.random() < 0.04,
                )
                for name, end, line, path, own, shows in (
                    ("agent", outcome.agent, lines[0], "/agent/v1", {}, not invites),
                    (
                        "console",
                        outcome.console,
                        lines[1],
                        "/console/v1",
                        headers,
                        invites,
                    ),
                )
            ]
            try:
                async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
                    weather = group.create_task(_weather(lines, dice, outcome))
                    for person in people:
                        group.create_task(person.live())
                    await weather
            except TimeoutError:
                outcome.stuck = "; ".join(person.told() for person in people)


async def _weather(lines: list[Line], dice: random.Random, outcome: Outcome) -> None:
    """Strike and heal, a few times within the first seconds."""
    for _ in range(dice.randint(1, 5)):
        await asyncio.sleep(dice.uniform(0.05, 1.2))
        # Those that break a link more often than those that only slow it.
        fault = dice.choice([*Fault, Fault.RESET, Fault.BLACK_HOLE])
        struck = [dice.choice(lines)] if dice.random() < 0.8 else lines
        for line in struck:
            line.strike(fault)
        outcome.faults.append(fault)
        await asyncio.sleep(dice.uniform(0.1, 2.0))
        for line in lines:
            line.heal()
        outcome.calm_at = time.monotonic()


async def run(folder: Path, count: int, seed: int, at_once: int = 40) -> Findings:
    """Run ``count`` sessions, ``at_once`` of them at a time; look at what is left."""
    findings = Findings()
    with _heard() as logs:
        await _run(folder, count, seed, at_once, findings)
    findings.complaints = [
        str(line)
        for line in logs
        if line["event"] in ("violation", "bug", "unavailable")
    ]
    return findings


async def _run(
    folder: Path, count: int, seed: int, at_once: int, findings: Findings
) -> None:
    async with house(folder, DEADLINES) as relay:
        storm = Storm(relay, seed)
        await storm.hire(count)
        tasks_before = asyncio.all_tasks()
        sockets_before = _sockets()
        async with _watched(findings):
            room = asyncio.Semaphore(at_once)

            async def one(number: int) -> None:
                async with room:
                    await storm.session(number)

            async with asyncio.TaskGroup() as group:
                for number in range(count):
                    group.create_task(one(number))
            await _settled(relay, tasks_before, sockets_before, findings)
        billed = {
            str(record.agreed.engagement): record.seconds
            for record in await relay.parts.billing.derived()
        }
        for outcome in storm.outcomes:
            journal = await _look_at(relay, outcome, findings)
            seconds, signed = billed.get(outcome.engagement, 0), covered_s(journal)
            cover_s = COVER_S + findings.stalled_s
            if seconds > (0 if signed is None else signed * 1.01 + cover_s):
                findings.overbilled.append(
                    f"session {outcome.number}: {seconds} s, signed {signed}"
                )
            findings.billed_s += seconds


@contextmanager
def _heard() -> Iterator[list[MutableMapping[str, Any]]]:
    """Keep what the relay logs, with the way of every exception."""
    capture = LogCapture()
    processors = structlog.get_config()["processors"]
    before = processors.copy()
    # In place, as structlog's own helper does: loggers hold on to the list.
    processors[:] = [structlog.processors.format_exc_info, capture]
    try:
        yield capture.entries
    finally:
        processors[:] = before


@asynccontextmanager
async def _watched(findings: Findings) -> AsyncIterator[None]:
    """Measure how long the loop stood still: a machine too busy to be fair."""

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.05)
            over = time.monotonic() - before - 0.05
            if over > 0.2:
                findings.stalled_s += over

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        yield
        watching.cancel()


async def _settled(
    relay: House,
    tasks_before: set[asyncio.Task[object]],
    sockets_before: int,
    findings: Findings,
) -> None:
    """Wait until nothing is left, then count it; what stays is named."""
    hub, throttle = relay.sessions.node.hub, relay.parts.throttle
    mine = asyncio.current_task()

    def left() -> dict[str, int]:
        # The watcher of the loop is ours as well.
        tasks = {t for t in asyncio.all_tasks() - tasks_before if t is not mine}
        return {
            "rooms": len(hub.rooms),
            "ended rooms": len(hub.ended),
            "links": len(hub.peers),
            "deadlines": len(hub.deadlines),
            "codes": hub.gauges()["codes_waiting"],
            "held sockets": sum(throttle.sockets._held.values()),
            "held codes": sum(throttle.codes._held.values()),
            "tasks": max(0, len(tasks) - 1),
            "sockets": max(0, _sockets() - sockets_before),
        }

    deadline = time.monotonic() + PATIENCE_S
    # Nothing tells of a socket that was closed.
    while any(left().values()) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    findings.left = left()


def _sockets() -> int:
    """Return how many sockets this process holds open."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            count += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
        except OSError:
            continue  # it was the listing itself, or closed meanwhile
    return count


async def _look_at(relay: House, outcome: Outcome, findings: Findings) -> list[Entry]:
    """Compare what both ends were told with the journal; return what that holds."""
    findings.faults.update(fault.value for fault in outcome.faults)
    if outcome.stuck:
        findings.stuck.append(f"session {outcome.number}: {outcome.stuck}")
    sessions = {end.session for end in (outcome.agent, outcome.console)} - {None}
    if not sessions:
        findings.without_session += 1
        return []
    name = f"session {outcome.number}"
    assert len(sessions) == 1, f"{name}: both ends are in one session"
    (session,) = sessions
    assert session is not None, "None was left out"
    journal = await relay.parts.journal.entries_of(session)
    findings.sessions += 1
    findings.entries += len(journal)
    kept = {entry.n: entry.raw for entry in journal}
    for end in (outcome.agent, outcome.console):
        findings.acknowledged += len(end.entries)
        for entry in end.entries:
            if kept.get(entry.n) != entry.raw:
                findings.lost.append(f"{name}: entry {entry.n} of {end.side.value}")
    findings.resumed += sum(e.kind is Event.LINK_RESTORED for e in journal)
    last = journal[-1]
    if last.state is not State.ENDED:
        findings.not_ended.append(f"{name}: {last.state.value} after {last.kind.value}")
        return journal
    findings.ends[str(last.data.get("reason", last.kind.value))] += 1
    findings.late_s.append(last.moment.mono_us / 1e6 - outcome.calm_at)
    return journal


def covered_s(journal: list[Entry]) -> float | None:
    """Return how long the agent's own signatures say that somebody helped.

    From its first yes to control to the last act that it signed, by its own clock;
    None: it never lent anything.
    """
    acts = [e.act for e in journal if e.act is not None and e.side is Side.CUSTOMER]
    began = [act.el_ms for act in acts if act.kind is Event.CONTROL_GRANTED]
    return (acts[-1].el_ms - began[0]) / 1000 if began else None
