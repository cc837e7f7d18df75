"""Files between the computers: 2 GiB each way, cut three times; and what else waits.

Real relay, real agent on a real X display, real Chromium with a profile on the disk.
From the top of the repository::

    .venv/bin/python -m benchmarks.bench_files [--bytes 2147483648] [--only whole|echo]

``whole`` carries a file each way through a cable that is cut three times on the way,
compares the SHA-256 at both ends, and looks every two seconds at what agent, relay and
browser hold in memory. ``echo`` types keys over a line of 1 Mbit/s with and without a
file beside it. Both print a table for `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from benchmarks.line import cordee, usage
from benchmarks.line.desk import PAGES, desk
from benchmarks.line.figures import percentile
from benchmarks.line.pages import make
from benchmarks.line.pipe import PROFILES
from benchmarks.line.workloads import Bench
from tests.e2e.first_help.story import Claire, Durand, FirstHelp
from tests.e2e.first_help.test_files import made, sha256, typed
from tests.e2e.rig import browser as rig
from tests.e2e.rig.agent import Agent, windows
from tests.e2e.rig.browser import browser
from tests.e2e.rig.cable import Cable
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.reader import Reader
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

#: Where a file is cut, as shares of it.
CUTS: Final = (0.25, 0.5, 0.75)
#: How long one direction may take, in seconds.
PATIENCE_S: Final = 3000.0
#: Where nothing has to be chosen in a window of the system's.
_NO_PICKER: Final = "delete window.showSaveFilePicker;"
#: 1 Mbit/s each way, 25 ms.
ONE_MBIT: Final = PROFILES["even"]
_LONG: Final = 60_000_000


def say(line: str) -> None:
    """Tell how far the bench is."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass
class Watch:
    """Looks at memory while something runs, in a thread of its own."""

    pids: dict[str, Callable[[], Sequence[int]]]
    seen: dict[str, list[float]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Look until the block is left."""
        self.seen = {name: [] for name in self.pids}
        self._over.clear()
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def note(self, name: str, megabytes: float) -> None:
        """Note what somebody else saw."""
        self.seen.setdefault(name, []).append(megabytes)

    def _look(self) -> None:
        while True:
            for name, pids in self.pids.items():
                self.note(name, usage.memory_mb(pids()))
            if self._over.wait(2.0):
                return

    def rows(self) -> list[str]:
        """Say what each began with, what a tenth on it had, and the most it had."""
        return [
            f"{name}: {seen[0]:.0f} MB at first, "
            f"{max(seen[: max(1, len(seen) // 10)]):.0f} in the first tenth, "
            f"at most {max(seen):.0f}, {seen[-1]:.0f} at the end"
            for name, seen in self.seen.items()
            if seen
        ]


@contextlib.contextmanager
def persistent(folder: Path) -> Iterator[BrowserContext]:
    """Run Chromium with a profile on the disk: a private window keeps all in memory."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=rig.chromium(),
            args=rig._FLAGS,
            locale="fr-FR",
            viewport={"width": 1440, "height": 900},
            accept_downloads=True,
        )
        try:
            yield context
        finally:
            context.close()


@dataclass
class People:
    """Both, with a cable between them and the relay."""

    both: FirstHelp
    relay: Relay
    cable: Cable
    watch: Watch
    folder: Path

    @property
    def page(self) -> Page:
        """Claire's page."""
        return self.both.claire.page

    def follow(self, id: int, size: int) -> None:
        """Cut three times on the way, and wait until it is kept."""
        heap = self.page.context.new_cdp_session(self.page)
        heap.send("Performance.enable")
        row = self.both.claire.see("file").nth(id)
        began = time.monotonic()
        cuts = list(CUTS)
        while row.get_attribute("data-stage") != "kept":
            assert time.monotonic() - began < PATIENCE_S, "it takes too long"
            metrics = {
                each["name"]: each["value"]
                for each in heap.send("Performance.getMetrics")["metrics"]
            }
            self.watch.note("page heap", metrics["JSHeapUsedSize"] / 1e6)
            bars = row.locator("progress").all()
            moved = float(bars[0].get_attribute("value") or 0) if bars else 0.0
            if cuts and moved >= cuts[0] * size:
                cuts.pop(0)
                self._cut(len(cuts))
            self.page.wait_for_timeout(250)
        heap.detach()
        assert cuts == [], f"kept before it was cut at {cuts}"
        took = time.monotonic() - began
        say(f"  {size / took / 1e6:.1f} MB/s, {took:.0f} s with three cuts")

    def _cut(self, left: int) -> None:
        """Take one of the links away for a moment: the technician's once."""
        (self.cable.cut_technician if left == 1 else self.cable.cut_customer)()
        self.both.claire.waits_for_mode("interrupted")
        self.cable.mend()
        say(f"  cut and mended, {left} to come")


@contextlib.contextmanager
def people(folder: Path) -> Iterator[People]:
    """Bring both together, in a session that may be seen."""
    with contextlib.ExitStack() as stack:
        cable = stack.enter_context(Cable())
        relay = stack.enter_context(Relay(folder / "relay", public_port=cable.port))
        cable.lead_to(relay.port)
        desktop = stack.enter_context(xvnc(folder / "x"))
        (desktop.home / "Downloads").mkdir()
        agent = stack.enter_context(Agent(desktop, relay.url))
        hand = stack.enter_context(Hand(desktop.socket))
        reader = stack.enter_context(Reader(desktop.env()))
        context = stack.enter_context(persistent(folder / "profile"))
        context.add_init_script(_NO_PICKER)
        page = context.new_page()
        claire = Claire(page, relay, relay.add_technician())
        both = FirstHelp(claire, Durand(desktop, hand, reader, agent))
        both.reaches_viewing()
        watch = Watch(
            {
                "agent": lambda: usage.offspring(agent.process.pid),
                "relay": lambda: usage.offspring(relay.process.pid),
                "browser": lambda: _with_profile(folder / "profile"),
            }
        )
        yield People(both, relay, cable, watch, folder)
        claire.ends()


def _with_profile(profile: Path) -> list[int]:
    """Return the processes of the browser that was started with this profile."""
    wanted = f"--user-data-dir={profile}".encode()
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if wanted in (entry / "cmdline").read_bytes():
                    found += usage.offspring(int(entry.name))
    return sorted(set(found))


def whole(size: int) -> None:
    """Carry a file of ``size`` bytes each way."""
    with (
        tempfile.TemporaryDirectory(prefix="files-") as name,
        people(Path(name)) as at,
    ):
        claire, durand = at.both.claire, at.both.durand
        home = durand.desktop.home
        say(f"to the customer: {size} bytes")
        there = at.folder / "there.bin"
        wanted = made(there, size)
        claire.see("files").click()
        with at.watch.running():
            claire.see("files-input").set_input_files(there)
            durand.finds("vous propose un fichier")
            durand.presses("Accepter ce fichier")
            expect(claire.see("file")).to_have_attribute("data-stage", "moving")
            at.follow(0, size)
        arrived = home / "Downloads" / "there.bin"
        assert sha256(arrived) == wanted, "other bytes arrived"
        for line in ("same SHA-256", *at.watch.rows()):
            say(f"  {line}")
        there.unlink()
        shutil.move(arrived, home / "back.bin")

        say(f"to the technician: {size} bytes")
        with at.watch.running():
            claire.see("files-want").click()
            durand.finds("vous demande un fichier")
            durand.presses("Choisir un fichier…")
            typed(at.both, "back.bin")
            with claire.page.expect_download(timeout=PATIENCE_S * 1000) as download:
                claire.see("file-save").click()
                at.follow(1, size)
            taken = at.folder / "taken.bin"
            download.value.save_as(taken)
        assert sha256(taken) == wanted, "other bytes arrived"
        for line in ("same SHA-256", *at.watch.rows()):
            say(f"  {line}")


class Beside(Bench):
    """Keys over a slow line, with a file beside them or without."""

    def typing(self, count: int) -> list[float]:
        """Press keys; return how long each took to be seen, in ms."""
        found = []
        for _ in range(count):
            found.append(self._key() or 6000.0)
            self._system.page.wait_for_timeout(80 + self._dice.random() * 150)
        return found


def echo(count: int) -> None:
    """Type over 1 Mbit/s: beside a file each way, and then alone."""
    make(PAGES)
    for name, begin in (("to the customer", _offered), ("to the technician", _wanted)):
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            table = stack.enter_context(desk(folder / "x"))
            context = stack.enter_context(browser(width=1500, height=1000))
            context.add_init_script(_NO_PICKER)
            system = stack.enter_context(
                cordee.running(table, context, ONE_MBIT, folder)
            )
            bench = Beside(system, table, is_ours=True, is_quick=False)
            bench._first()
            both = system._people
            begin(both, folder)
            row = both.claire.see("file")
            expect(row).to_have_attribute("data-stage", "moving")
            _aside(table.desktop)
            bench.take_control()
            before, at = system.line.carried(), time.monotonic()
            beside = bench.typing(count)
            after, took = system.line.carried(), time.monotonic() - at
            both.claire.see("file-stop").click()
            # The keys go back to the customer's desktop.
            system.page.mouse.click(*system.at(640, 400))
            bench._settle()
            alone = bench.typing(count)
            _report(name, alone, beside)
            up, down = after.up - before.up, after.down - before.down
            say(
                f"  beside: {up / took / 1e3:.0f} kB/s up, {down / took / 1e3:.0f} down"
            )


def _aside(desktop: Desktop) -> None:
    """Move the customer's list of files away from where the letters appear."""

    def moved() -> bool:
        with closing(desktop.connect()) as connection:
            for id in windows(desktop):
                window = connection.create_resource_object("window", id)
                if "Fichiers" in str(window.get_wm_name()):
                    window.configure(x=860, y=140)
                    connection.sync()
                    return True
        return False

    wait_until(moved, what="the list of files")


def _offered(both: FirstHelp, folder: Path) -> None:
    path = folder / "long.bin"
    made(path, _LONG)
    both.claire.see("files").click()
    both.claire.see("files-input").set_input_files(path)
    both.durand.finds("vous propose un fichier")
    both.durand.presses("Accepter ce fichier")


def _wanted(both: FirstHelp, folder: Path) -> None:
    made(both.durand.desktop.home / "long.bin", _LONG)
    both.claire.see("files").click()
    both.claire.see("files-want").click()
    both.durand.finds("vous demande un fichier")
    both.durand.presses("Choisir un fichier…")
    typed(both, "long.bin")
    both.claire.see("file-save").click()


def _report(name: str, alone: list[float], beside: list[float]) -> None:
    def said(values: list[float]) -> str:
        return f"{percentile(values, 0.5):.0f} / {percentile(values, 0.9):.0f} ms"

    ratio = percentile(beside, 0.5) / percentile(alone, 0.5)
    say(f"{name}: echo alone {said(alone)}, beside {said(beside)}, ratio {ratio:.2f}")


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=2 * 1024**3)
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--only", choices=("whole", "echo"))
    chosen = parser.parse_args()
    say(f"load {usage.load():.1f}, sha256 by {hashlib.sha256().name}")
    if chosen.only != "echo":
        whole(chosen.bytes)
    if chosen.only != "whole":
        echo(chosen.keys)
    return 0


if __name__ == "__main__":
    sys.exit(main())
