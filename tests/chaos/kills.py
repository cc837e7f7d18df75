"""A real relay, killed (SIGKILL) again and again while people work on it.

``make kills`` does it 100 times (security.md 6); the suite does it a few times. The
relay is a process of its own on real files; the people live here.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import pyotp
import structlog

from cordee_server.parts import Parts, open_parts
from cordee_server.settings import load
from cordee_server.web.auth import cookie_name
from cordee_shared.code import Code
from cordee_shared.ids import SessionId, TechnicianId
from cordee_shared.journal.checkpoint import read_checkpoint
from cordee_shared.journal.merkle import leaf_hash, node_hash
from cordee_shared.session.states import State
from tests.chaos.people import LastingAgent, LastingConsole, Person
from tests.e2e.rig.processes import ROOT
from tests.e2e.rig.relay import Relay

#: Ends come back or close so long after the relay died, at most.
WITHIN_S: Final = 15.0
#: People at work at the same time.
PAIRS: Final = 6
#: A relay lives this long under load before it is killed.
LIFE_S: Final = (0.1, 1.2)
#: How long whoever waits for something waits, on a slow machine as well.
PATIENCE_S: Final = 240.0
DEADLINES: Final = {
    "agent_code_s": 10,
    "invitation_s": 10,
    "nameplate_rest_s": 1,
    "pairing_s": 4,
    "consent_s": 4,
    "consent_grace_s": 1,
    "resume_s": 4,
    "tick_s": 1,
    "heartbeat_s": 1,
}


@dataclass
class Found:
    """What a run came to; empty lists are what is hoped for."""

    kills: int = 0
    sessions: int = 0
    entries: int = 0
    acknowledged: int = 0
    crashed: int = 0
    records: int = 0
    #: From a kill to the moment the people of a session knew what became of it.
    let_go_s: list[float] = field(default_factory=list)
    #: From a start to the first answer.
    up_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def slowest_s(self) -> float:
        """The longest that anybody waited to know."""
        return max(self.let_go_s, default=0.0)


class Herd:
    """Relays that live until they are killed."""

    def __init__(self, relay: Relay) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.chaos.herd",
                str(relay.config),
                str(relay.folder / "relay.log"),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._port = relay.port
        self.pid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, signal.SIGKILL)
        with self._process:  # closes its pipes and waits
            pass

    async def start(self) -> float:
        """Start a relay; return after how many seconds it took a connection."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        began = time.monotonic()
        self._process.stdin.write(b"one\n")
        self._process.stdin.flush()
        line = await asyncio.to_thread(self._process.stdout.readline)
        self.pid = int(line)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                    writer.close()
                    return time.monotonic() - began
                await asyncio.sleep(0.02)

    async def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the relay and wait until it is gone."""
        os.kill(self.pid, how)
        async with asyncio.timeout(PATIENCE_S):
            while _lives(self.pid):  # noqa: ASYNC110 - the kernel has no event for it
                await asyncio.sleep(0.005)
        self.pid = 0


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Crowd:
    """People who work, session after session, whatever becomes of the relay."""

    def __init__(self, relay: Relay, parts: Parts, seed: int) -> None:
        self._relay = relay
        self._parts = parts
        self._seed = seed
        self.ends: list[tuple[LastingAgent, LastingConsole]] = []
        self.is_over = False
        #: When the relay was last killed, on the machine's monotonic clock.
        self.killed_at: float | None = None
        self.let_go_s: list[float] = []

    async def work(self, place: int) -> None:
        """Run one session after the other until it is over."""
        number = 0
        name, dice = f"tech{place}", random.Random(f"{self._seed}/{place}")
        headers, technician = await self._sign_in(name)
        while not self.is_over:
            number += 1
            agreed = await self._parts.engagements.create(
                technician, customer=f"Mme {number}", purpose="essai", tariff="standard"
            )
            await self._session(place, number, dice, headers, str(agreed.id))

    async def _sign_in(self, name: str) -> tuple[dict[str, str], TechnicianId]:
        people, clock = self._parts.technicians, self._parts.clock
        made = await people.add(name, name)
        digits = pyotp.TOTP(made.seed).at(clock.now_ms() // 1000)
        token, _ = await people.sign_in(name, made.password, digits)
        settings = self._parts.settings
        cookie = f"{cookie_name(settings)}={token}"
        return {"Origin": settings.origin, "Cookie": cookie}, made.technician

    async def _session(
        self,
        place: int,
        number: int,
        dice: random.Random,
        headers: dict[str, str],
        engagement: str,
    ) -> None:
        origin, port = self._parts.settings.origin, self._relay.port
        agent, console = LastingAgent(origin), LastingConsole(origin)
        self.ends.append((agent, console))
        phone: asyncio.Future[Code] = asyncio.get_running_loop().create_future()
        ends_at = time.monotonic() + dice.uniform(0.3, 3.0)
        by_agent = dice.random() < 0.5
        url = f"ws://127.0.0.1:{port}"
        people = [
            Person(
                agent,
                f"{url}/agent/v1",
                random.Random(dice.random()),
                ends_at=ends_at if by_agent else None,
                phone=phone,
                source=f"127.{place + 1}.{number % 250}.1",
            ),
            Person(
                console,
                f"{url}/console/v1",
                random.Random(dice.random()),
                ends_at=None if by_agent else ends_at,
                headers=headers,
                engagement=engagement,
                phone=phone,
                shows_code=True,
            ),
        ]
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(self._until_known(person, began))

    async def _until_known(self, person: Person, began: float) -> None:
        await person.live()
        if self.killed_at is not None and self.killed_at > began:
            self.let_go_s.append(time.monotonic() - self.killed_at)


async def run(folder: Path, kills: int, seed: int) -> Found:
    """Kill a relay so many times under load; look at what the files hold."""
    found, dice = Found(), random.Random(seed)
    relay = Relay(folder, deadlines=DEADLINES)
    relay.command("init")
    parts = open_parts(load(relay.config, {}))
    try:
        crowd = Crowd(relay, parts, seed)
        with Herd(relay) as herd:
            found.up_s.append(await herd.start())
            async with asyncio.TaskGroup() as group:
                for place in range(PAIRS):
                    group.create_task(crowd.work(place))
                while found.kills < kills:
                    # The moment is drawn: any may be the one in which it matters.
                    await asyncio.sleep(dice.uniform(*LIFE_S))
                    crowd.killed_at = time.monotonic()
                    await herd.end()
                    found.kills += 1
                    found.up_s.append(await herd.start())
                crowd.is_over = True
            await herd.end(signal.SIGTERM)
        found.let_go_s = crowd.let_go_s
        await _look(parts, crowd, found)
        _look_at_the_log(parts, found)
    finally:
        parts.close()
    return found


async def _look(parts: Parts, crowd: Crowd, found: Found) -> None:
    """Hold what people were told, and what was billed, against the journal."""
    for agent, console in crowd.ends:
        session = console.session
        if session is None:
            continue
        journal = await parts.journal.entries_of(SessionId(session))
        found.sessions += 1
        found.entries += len(journal)
        kept = {entry.n: entry.raw for entry in journal}
        for end in (agent, console):
            found.acknowledged += len(end.entries)
            for entry in end.entries:
                if kept.get(entry.n) != entry.raw:
                    found.wrong.append(f"{session}: entry {entry.n} is lost")
        if not journal:
            continue
        found.crashed += journal[-1].data.get("recovered") is True
        if journal[-1].state is not State.ENDED:
            found.wrong.append(f"{session}: {journal[-1].state.value} to the end")
    stored = [record.raw for record in await parts.outbox.records()]
    derived = [
        record.line.removesuffix(b"\n") for record in await parts.billing.derived()
    ]
    found.records = len(stored)
    if sorted(stored) != sorted(derived):
        found.wrong.append("the records are not those that the journal gives")


def _look_at_the_log(parts: Parts, found: Found) -> None:
    """Compute the journal's root again, with nothing but the rows (RFC 9162, 2.1.1)."""
    file = parts.settings.database_file
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as rows:
        leaves = [
            leaf for (leaf,) in rows.execute("SELECT leaf FROM entries ORDER BY seq")
        ]
        bodies = [
            body for (body,) in rows.execute("SELECT bytes FROM bodies ORDER BY seq")
        ]
        size, root, note = rows.execute(
            "SELECT size, root, note FROM heads ORDER BY size DESC LIMIT 1"
        ).fetchone()
    if [leaf_hash(body) for body in bodies] != leaves:
        found.wrong.append("a leaf is not its body's")
    if size != len(leaves) or _root(leaves) != root:
        found.wrong.append("the last head is not the journal's")
    head = read_checkpoint(note, parts.relay_key.public_key().public_bytes_raw())
    if (head.size, head.root) != (size, root):
        found.wrong.append("the last checkpoint says something else")


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(_root(leaves[:split]), _root(leaves[split:]))


def told(found: Found, seed: int, took_s: float) -> str:
    """Say what a run came to, in lines."""
    up = sorted(found.up_s)
    return "\n".join(
        (
            f"seed {seed}: {found.kills} kills in {took_s:.0f} s under {PAIRS} pairs",
            f"{found.sessions} sessions, {found.crashed} of them cut by a kill; "
            f"{found.entries} entries, {found.acknowledged} acknowledged, "
            f"{found.records} records",
            f"kill to knowing: at most {found.slowest_s:.1f} s over "
            f"{len(found.let_go_s)} ends (figure to hold {WITHIN_S:.0f} s); "
            f"start to first connection: p50 {up[len(up) // 2]:.2f} s, "
            f"at most {up[-1]:.2f} s",
            f"wrong: {found.wrong}",
        )
    )


def main() -> int:
    """Run; the exit code says whether all figures held."""
    # What the relay itself logs is in its own file.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cordee-kills-") as folder:
        found = asyncio.run(run(Path(folder), kills, seed))
    sys.stdout.write(told(found, seed, time.monotonic() - began) + "\n")
    return 1 if found.wrong or found.slowest_s > WITHIN_S else 0


if __name__ == "__main__":
    sys.exit(main())
