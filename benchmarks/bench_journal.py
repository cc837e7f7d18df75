"""How fast the journal takes entries, with and without its Merkle log.

Run it from the top of the repository, and put the table into RESULTS.md::

    .venv/bin/python -m benchmarks.bench_journal [ENTRIES] [--at ONCE]

Each entry is a session of its own. *One after the other*: each waits for the disk
before the next is sent. *At once*: this many wait together, and share commits.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.adapters.sql.log import SqlLog
from cordee_shared.ids import SessionId
from cordee_shared.journal.checkpoint import Signer
from cordee_shared.journal.entry import Entry, Moment, write_fact
from cordee_shared.session.states import Remark, State
from tests.shared.journals import RELAY

#: Proofs that are timed at the end.
PROOFS: Final = 200


def _entry(number: int) -> Entry:
    return write_fact(
        0,
        Moment("bench", number, 1_741_942_800_000 + number),
        SessionId(f"{number:032x}"),
        Remark.CODE_ISSUED,
        State.WAITING,
        {},
        RELAY,
    )


async def measure(folder: Path, count: int, at_once: int, *, logged: bool) -> str:
    """Append ``count`` entries; return a row of the table."""
    database = open_sqlite(folder / "cordee.db")
    journal = SqlJournal(database)
    log = SqlLog(database, Signer(RELAY)) if logged else None
    entries = [_entry(number) for number in range(count)]
    took: list[float] = []

    async def append(entry: Entry) -> None:
        start = time.perf_counter()
        await journal.append([entry])
        took.append(time.perf_counter() - start)

    began = time.perf_counter()
    for first in range(0, count, at_once):
        await asyncio.gather(*map(append, entries[first : first + at_once]))
    lasted = time.perf_counter() - began
    proofs: list[float] = []
    if log is not None:
        for number in range(PROOFS):
            start = time.perf_counter()
            await log.proof_of(entries[number * count // PROOFS].session)
            proofs.append(time.perf_counter() - start)
    database.close()
    took.sort()
    p99 = took[len(took) * 99 // 100]
    return (
        f"| {'with' if logged else 'without'} | {at_once} | {count / lasted:,.0f} "
        f"| {statistics.median(took) * 1e3:.2f} / {p99 * 1e3:.2f} "
        f"| {statistics.median(proofs) * 1e3 if proofs else 0:.2f} |"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("entries", nargs="?", type=int, default=5_000)
    parser.add_argument("--at", type=int, default=50, metavar="ONCE")
    given = parser.parse_args()
    _say("| log | at once | entries/s | ms, p50 / p99 | a session's proof, ms |")
    _say("|---|---|---|---|---|")
    for at_once in (1, given.at):
        for logged in (False, True, False, True):
            with tempfile.TemporaryDirectory() as folder:
                work = measure(Path(folder), given.entries, at_once, logged=logged)
                _say(asyncio.run(work))
    return 0


if __name__ == "__main__":
    sys.exit(main())
