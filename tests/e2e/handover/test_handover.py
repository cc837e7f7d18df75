"""300 sessions, 24 SIGKILLs, a fifth of requests and of answers lost: exact units.

Sender and receiver are real processes: the relay's sending task on a real data folder,
and ``docs/billing/receiver.py``.
Sessions are written through the journal's own API, whole; nobody sits at a browser.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

from cordee_server.adapters.memory import MemoryFacts, MemoryJournal
from cordee_server.adapters.sql.engagements import SqlEngagements
from cordee_server.parts import Parts, new_webhook_secret, open_parts
from cordee_server.services.billing import BillingService
from cordee_server.services.facts import Facts
from cordee_server.services.journal import JournalService
from cordee_server.settings import load
from cordee_server.sinks import DeliveryState
from cordee_shared.ids import EngagementId
from cordee_shared.session.states import Event, Remark
from tests.builders import engagement
from tests.e2e.handover.line import BadLine
from tests.e2e.rig.processes import BIN, ROOT, Program
from tests.e2e.rig.relay import Relay
from tests.shared.billing.test_provider import WHOLE
from tests.shared.journals import CUSTOMER, TECHNICIAN, WALL_MS, Journal

pytestmark = [pytest.mark.slow, pytest.mark.e2e]

SESSIONS, KILLS = 300, 24
#: Every twelfth engagement has a second session: a revision.
ENGAGEMENTS = 276
PRICE = 2500
RECEIVER = ROOT / "docs" / "billing" / "receiver.py"


def seconds_of(number: int) -> int:
    """Return how long session ``number`` lasts: all kinds of lengths, below 2 h."""
    return number * 7919 % 7200


def units_of(seconds: int) -> int:
    """Count as a person does: nothing below a minute, else each begun half-hour."""
    return 0 if seconds < 60 else -(-seconds // 1800)


def named(number: int) -> EngagementId:
    return EngagementId(f"e-{number:016x}")


def session(number: int) -> Journal:
    """Return a whole session, on a boot of its own."""
    # Four weeks before the other tests' day, a Monday at ten, within the opening
    # hours: the relay's clock is the real one.
    at_ms = WALL_MS - 28 * 86_400_000 + number * 1000
    journal = Journal(number + 1, boot=f"boot-{number}", at_ms=at_ms)
    journal.fact(Remark.CODE_ISSUED, {"engagement": named(number % ENGAGEMENTS)})
    journal.fact(Event.CODE_CLAIMED)
    for side in (CUSTOMER, TECHNICIAN):
        journal.act(side, Remark.BIND, {"pairing": journal.th.hex()})
    journal.fact(Event.KEYS_CONFIRMED).grant_view().grant_control()
    return journal.wait(seconds_of(number)).end()


def oracle() -> dict[str, int]:
    """Return each engagement's units, by hand."""
    served: Counter[str] = Counter()
    for number in range(SESSIONS):
        served[named(number % ENGAGEMENTS)] += seconds_of(number)
    return {name: units_of(seconds) for name, seconds in served.items()}


async def agree(parts: Parts) -> None:
    store = SqlEngagements(parts.database)
    for number in range(ENGAGEMENTS):
        await store.add(engagement(named(number)))


def settings_of(folder: Path, port: int) -> Path:
    """Write what an operator would, for a receiver on this machine."""
    relay = Relay(folder)
    relay.command("init")
    whole = WHOLE.replace("Micro-Alpes", "Aide & Cie")
    (folder / "provider.toml").write_text(whole, encoding="utf-8")
    with relay.config.open("a", encoding="utf-8") as file:
        file.write(
            "\n[billing]\n"
            f'webhook_url = "http://127.0.0.1:{port}/"\n'
            "allow_http_localhost = true\n"
            'allowed_networks = ["127.0.0.0/8"]\n'
            f"retry_s = {[0] * 60}\n"
        )
    return relay.config


class Sender:
    """Relays that live until they are killed."""

    def __init__(self, config: Path, log: Path) -> None:
        self.herd = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.handover.herd", str(config), str(log)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pid = 0
        self.died = asyncio.Event()

    def start(self) -> None:
        """Start one."""
        assert self.herd.stdin is not None
        assert self.herd.stdout is not None
        self.herd.stdin.write(b"one\n")
        self.herd.stdin.flush()
        self.pid = int(self.herd.stdout.readline())

    def kill(self) -> None:
        """Kill it where it stands; the next one is started by who watches."""
        os.kill(self.pid, signal.SIGKILL)
        self.died.set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the last one, and the herd."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with self.herd:  # closes its pipes and waits
            pass


async def keep_alive(sender: Sender) -> None:
    while True:
        await sender.died.wait()
        sender.died.clear()
        await asyncio.to_thread(sender.start)


async def until_all_is_delivered(parts: Parts, count: int) -> None:
    """Wait until the relay has written down so many yeses."""
    async with asyncio.timeout(100):
        while True:
            known = (await parts.deliveries.all()).values()
            states = Counter(one.state for one in known)
            assert states[DeliveryState.GIVEN_UP] == 0
            if states[DeliveryState.DELIVERED] == count:
                return
            await asyncio.sleep(0.05)


def totals(database: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, RECEIVER, "--database", database, "--totals"],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout.splitlines()


def reconcile(config: Path, where: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(BIN / "cordee", "billing", "reconcile", "--received", where),
            *("--config", config),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def all_again(parts: Parts) -> list[bytes]:
    """Derive every record from a copy of the journal that has no record."""
    rows, agreements = MemoryJournal(), SqlEngagements(parts.database)
    for number in range(SESSIONS):
        await rows.append(session(number).entries)
    billing = BillingService(
        JournalService(rows),
        rows,
        agreements,
        parts.relay_key,
        parts.clock,
        parts.settings.data / "again.jsonl",
        facts=Facts(MemoryFacts(rows), parts.relay_key, parts.clock),
    )
    await billing.catch_up()
    return sorted(one.raw for one in await rows.records())


@pytest.mark.timeout(180)
async def test_r42_the_receiver_ends_with_exactly_the_right_units(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database, secrets = folder / "books.db", folder / "data" / "webhook.secrets"
    with Program(
        [
            *(sys.executable, RECEIVER, "--database", database, "--port", "0"),
            *("--secrets", secrets),
        ],
        log=folder / "receiver.log",
    ) as receiver:
        port = int(receiver.wait_for_line(r"listening on (\d+)")[1])
        kills = {12 + 16 * number for number in range(KILLS)}
        bad = BadLine(port, lambda: sender.kill(), kills)
        line = await asyncio.start_server(bad.take, "127.0.0.1")
        config = settings_of(folder, line.sockets[0].getsockname()[1])
        parts = open_parts(load(config, {}))
        new_webhook_secret(parts.settings)
        await agree(parts)
        with Sender(config, folder / "relay.log") as sender:
            async with asyncio.TaskGroup() as group:
                keeping = group.create_task(keep_alive(sender))
                for number in range(SESSIONS):
                    # As the relay does: the end and the record at once.
                    await parts.billing.close(session(number).entries)
                await until_all_is_delivered(parts, SESSIONS)
                # What is known of deliveries is lost: all of it comes again.
                bad.is_good = True
                heard = bad.count
                await parts.deliveries.forget()
                await until_all_is_delivered(parts, SESSIONS)
                keeping.cancel()
        line.close()
        await bad.idle.wait()
        again = bad.count - heard

        assert bad.happened["kills"] == KILLS
        assert bad.happened["lost requests"] >= 40
        assert bad.happened["lost answers"] >= 40
        expected = oracle()
        *each, last = totals(database)
        found = {words[0]: int(words[3]) for words in map(str.split, each)}
        assert found == expected
        units = sum(expected.values())
        assert last == (
            f"total {ENGAGEMENTS} engagements {units} units {units * PRICE} cents"
        )
        assert again >= SESSIONS
        stored = sorted(one.raw for one in await parts.outbox.records())
        assert len(stored) == SESSIONS
        assert await all_again(parts) == stored

        where = f"http://127.0.0.1:{port}/records"
        agreed = await asyncio.to_thread(reconcile, config, where)
        assert (agreed.returncode, agreed.stdout) == (0, "the accounts agree\n")
        other = folder / "list.json"
        first = json.loads(stored[0])["id"]
        other.write_text(json.dumps([{"id": first, "sha256": "0" * 64}]))
        differs = await asyncio.to_thread(reconcile, config, str(other))
        assert differs.returncode == 1
        said = Counter(line.split()[0] for line in differs.stdout.splitlines())
        assert said == {"different": 1, "lost": SESSIONS - 1}
        parts.close()
    with capsys.disabled():
        sys.stdout.write(f"\n  {dict(bad.happened)}, {bad.count} requests in all\n")
