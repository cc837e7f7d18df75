"""``make chaos``: 500 sessions in bad weather; prints what the run came to."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.sessions import WITHIN_S, Findings, run


def told(findings: Findings, seed: int, took_s: float) -> str:
    """Say what a run came to, in lines."""
    lines = [
        f"seed {seed}: {findings.sessions} sessions in {took_s:.0f} s "
        f"({findings.without_session} never got a code)",
        f"faults: {dict(findings.faults.most_common())}",
        f"ends: {dict(findings.ends.most_common())}",
        f"resumed {findings.resumed} times; {findings.entries} entries, "
        f"{findings.acknowledged} acknowledged to an end, {len(findings.lost)} lost",
        f"last fault to journaled end: at most {findings.slowest_s:.1f} s "
        f"(figure to hold {WITHIN_S:.0f} s); the loop stood still "
        f"{findings.stalled_s:.1f} s",
        f"billed {findings.billed_s} s in all, {len(findings.overbilled)} above signed",
        f"left over: {findings.left}",
    ]
    return "\n".join(lines)


def main() -> int:
    """Run; the exit code says whether all figures held."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cordee-chaos-") as folder:
        findings = asyncio.run(run(Path(folder), count, seed))
    sys.stdout.write(told(findings, seed, time.monotonic() - began) + "\n")
    if wrong := findings.wrong():
        sys.stdout.write(f"WRONG: {wrong}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
