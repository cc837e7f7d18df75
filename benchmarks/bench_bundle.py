"""The customer's file: its size, how soon it opens, what it weighs in a session.

``python benchmarks/bench_bundle.py [FILE]``; by default ``dist/cordee-agent``, as
``make bundle`` built it. Needs what the end-to-end tests need, and runs from the
repository's root. Printed:

size
    Of the file, in MB (10^6 bytes).
window
    From the start of the process to a window that the window manager knows, in
    seconds; median and slowest of seven on a fresh desktop; beside it the same for
    the installed command, whose Python unpacks nothing.
memory
    Resident and proportional set (PSS) of the window and its guard together, in MB
    (10^6), in a session under control, after a page of text was sent.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.e2e.first_help.story import Claire, Durand, FirstHelp
from tests.e2e.rig import browser
from tests.e2e.rig.agent import Agent, windows
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import BIN, ROOT
from tests.e2e.rig.reader import Reader
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import terminal
from tests.e2e.rig.xvnc import Desktop, xvnc

_STARTS = 7
_LOOK_S = 0.01


def window_s(desktop: Desktop, file: Path) -> float:
    """Return how long a program takes to show its window, in seconds."""
    before = windows(desktop)
    begun = time.monotonic()
    program = desktop.start(file, "--relay", "https://relay.invalid", name="start")
    while not windows(desktop) - before:
        time.sleep(_LOOK_S)
    took = time.monotonic() - begun
    program.stop()
    return took


def memory_mb(pids: list[int]) -> tuple[float, float]:
    """Return resident and proportional memory of processes together, in MB."""
    found = {"Rss": 0, "Pss": 0}
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in found:
                found[name] += int(rest.split()[0]) * 1024
    return found["Rss"] / 1e6, found["Pss"] / 1e6


def session(file: Path, folder: Path) -> tuple[float, float]:
    """Return the memory of a program in a session, as :func:`memory_mb`."""
    with (
        xvnc(folder / "x") as desktop,
        Relay(folder / "relay", deadlines={}, policy="") as relay,
        Hand(desktop.socket) as hand,
        Reader(desktop.env()) as reader,
        Agent(desktop, relay.url, program=file) as agent,
        browser.browser() as context,
    ):
        page = context.new_page()
        claire = Claire(page, relay, relay.add_technician())
        both = FirstHelp(claire, Durand(desktop, hand, reader, agent))
        both.reaches_control()
        place = terminal(desktop)
        claire.clicks(200, 500)
        place.wait_for_focus()
        claire.page.keyboard.type("a page of text " * 20)
        claire.page.keyboard.press("Enter")
        place.wait_for("a page of text " * 20 + "\n")
        return memory_mb(agent.process.group())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print one table."""
    file = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist" / "cordee-agent")
    _say(f"size    {file.stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory(prefix="cordee-") as name:
        folder = Path(name)
        with xvnc(folder / "starts") as desktop:
            for program, words in ((file, "file"), (BIN / "cordee-agent", "installed")):
                took = [window_s(desktop, program) for _ in range(_STARTS)]
                _say(
                    f"window  {words:9} median {statistics.median(took):.2f} s, "
                    f"slowest {max(took):.2f} s"
                )
        resident, proportional = session(file, folder)
        _say(f"memory  RSS {resident:.0f} MB, PSS {proportional:.0f} MB")


if __name__ == "__main__":
    main()
