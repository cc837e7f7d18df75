"""The whole path on a slow line, beside other systems: one command.

Real relay, real agent on a real X display of 1366 x 768, real Chromium, and a line with
rate, delay and a bounded queue in between; nothing needs root. From the top of the
repository::

    .venv/bin/python -m benchmarks.bench_line --profile adsl \\
        --peers cordee,vnc-tiger,vnc-x11vnc,meshcentral [--quick]

It writes the profile's section of `benchmarks/RESULTS.md`, the chart
`docs/images/line.svg` (for adsl) and all numbers to `benchmarks/line/results/`. What is
missing for a peer is said in one line; `python -m benchmarks.line.install` brings it.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import BrowserContext

from benchmarks.line import cordee, mesh, report, usage, vnc
from benchmarks.line.desk import PAGES, Desk, desk
from benchmarks.line.pages import make
from benchmarks.line.peers import Missing, System
from benchmarks.line.pipe import PROFILES, Profile
from benchmarks.line.workloads import Bench
from tests.e2e.rig.browser import browser

Opened = Callable[[Desk, BrowserContext, Profile, Path], AbstractContextManager[System]]
SYSTEMS: Final[dict[str, Opened]] = {
    "cordee": cordee.running,
    "vnc-tiger": vnc.tiger,
    "vnc-x11vnc": vnc.x11vnc,
    "meshcentral": mesh.running,
}


def measure(name: str, profile: Profile, *, is_quick: bool) -> dict[str, Any] | None:
    """Measure one system on a fresh desktop; ``None`` when it is missing."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="line-")))
        table = stack.enter_context(desk(folder / "x"))
        context = stack.enter_context(
            browser(width=1500, height=1000, ignore_https_errors=True)
        )
        try:
            system = SYSTEMS[name](table, context, profile, folder)
            bench = Bench(
                stack.enter_context(system),
                table,
                is_ours=name == "cordee",
                is_quick=is_quick,
            )
            return bench.run(lambda line: say(f"  {name}: {line}"))
        except Missing as missing:
            say(f"{name} is left out: {missing}")
            return None


def say(line: str) -> None:
    """Tell how far the bench is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Measure what was asked for, and write it down; 1 when a system failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=PROFILES, default="adsl")
    parser.add_argument("--peers", default=",".join(SYSTEMS))
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no report")
    parser.add_argument("--report", action="store_true", help="write it again, only")
    chosen = parser.parse_args()
    names = chosen.peers.split(",")
    if unknown := set(names) - set(SYSTEMS):
        parser.error(f"no such system: {', '.join(sorted(unknown))}")
    profile = PROFILES[chosen.profile]
    if chosen.report:
        report.write(profile)
        return 0
    failed = []
    found: dict[str, Any] = {}
    began, load = time.monotonic(), usage.load()
    make(PAGES)
    for name in names:
        say(f"{name} on {profile}")
        try:
            if (one := measure(name, profile, is_quick=chosen.quick)) is not None:
                found[name] = one
        except Exception:
            say(f"{name} failed:\n{traceback.format_exc()}")
            failed.append(name)
    run = {
        "minutes": (time.monotonic() - began) / 60,
        "load": [load, usage.load()],
        "failed": failed,
    }
    report.keep(profile, run, found, is_quick=chosen.quick)
    if not chosen.quick:
        report.write(profile)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
