"""How fast the customer's hand shuts the gate: ``bench_reclaim.py 500``.

Each episode: the technician drags at 125 Hz through the real guard on a fresh Xvnc;
at a random moment the customer's physical mouse moves by 64 pixels in one event.
Printed, in milliseconds:

gate shut
    From just before the hand's event is written to Xvnc's socket until the guard's
    report that its gate *is* shut is read here: the pipe back is included.
last injected
    How long after the customer's movement the last injected event has its place, in
    the X server's own order and by its own clock, as an independent listener sees it;
    0 where none follows.
sleep overshoot
    What ``sleep(5 ms)`` takes too long on this machine meanwhile: the noise floor.

With ``--busy`` another process keeps one core busy. ``cordee`` must be installed;
needs Xvnc (Debian: tigervnc-standalone-server) and runs from the repository's root.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cordee_agent.desktops.x11.monitors import read_layout
from cordee_agent.guard.client import Guard
from cordee_agent.guard.pipe import Reclaimed
from cordee_shared.limits import DEAD_ZONE_PX
from cordee_shared.wire.input import FAR, Pointer, encode_batch
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.listener import Listener
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

#: As a mouse reports.
RATE_S = 1 / 125
#: An episode without a report after so long is a miss.
GIVE_UP_S = 5.0
_NAP_S = 0.005


class Naps:
    """Measures by how much short sleeps of this machine are too long."""

    def __init__(self) -> None:
        self.overshoot_ms: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        """End measuring."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            time.sleep(_NAP_S)
            self.overshoot_ms.append((time.monotonic() - began - _NAP_S) * 1000)


async def measure(
    desktop: Desktop, hand: Hand, listener: Listener, episodes: int
) -> tuple[list[float], list[float], int]:
    """Return gate closing times, last injected events, and how many were missed."""
    with closing(desktop.connect()) as connection:
        cfg = read_layout(connection).cfg
    guard = Guard()
    await guard.start(desktop.display, DEAD_ZONE_PX)
    shut_ms: list[float] = []
    last_ms: list[float] = []
    missed = 0
    dice = random.Random(3)  # noqa: S311 - when, not what: no secret
    dragging = asyncio.Event()

    async def drag() -> None:
        place = 0
        while True:
            await dragging.wait()
            place = (place + 997) % FAR
            guard.inject(encode_batch([Pointer(mon=0, cfg=cfg, x=place, y=place)]))
            guard.alive()
            await asyncio.sleep(RATE_S)

    async with asyncio.TaskGroup() as tasks:
        technician = tasks.create_task(drag())
        for _ in range(episodes):
            mark = listener.mark()
            guard.open()
            dragging.set()
            # A hand that moves before control began takes nothing back.
            await asyncio.to_thread(
                listener.wait_for, mark=mark, source="xtest", kind="move"
            )
            await asyncio.sleep(dice.uniform(0.0, 0.1))
            began = time.monotonic()
            hand.jump(hand.x ^ 64, 500)
            try:
                async with asyncio.timeout(GIVE_UP_S):
                    while not isinstance(event := await guard.wait_event(), Reclaimed):
                        pass
            except TimeoutError:
                missed += 1
                continue
            shut_ms.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(0.05)  # for what was on its way
            dragging.clear()
            await asyncio.to_thread(listener.wait_for, mark=mark, source="physical")
            seen = listener.since(mark)
            first = next(i for i, s in enumerate(seen) if s.source == "physical")
            after = [s.server_ms for s in seen[first:] if s.source == "xtest"]
            last_ms.append(max(after, default=event.at_ms) - event.at_ms)
        technician.cancel()
    await guard.stop()
    return shut_ms, last_ms, missed


def line(name: str, values: list[float]) -> str:
    """Return one line of the result."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return (
        f"{name:<16} p50 {cuts[49]:7.2f}   p99 {cuts[98]:7.2f}   max {max(values):7.2f}"
    )


def main() -> None:
    """Run the episodes and print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("episodes", type=int, nargs="?", default=200)
    parser.add_argument("--busy", action="store_true", help="keep one core busy")
    options = parser.parse_args()
    hog = None
    if options.busy:
        hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    naps = Naps()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="cordee-") as folder,
            xvnc(Path(folder) / "x") as desktop,
            Hand(desktop.socket) as hand,
            Listener(desktop.display) as listener,
        ):
            hand.jump(500, 500)
            shut, last, missed = asyncio.run(
                measure(desktop, hand, listener, options.episodes)
            )
    finally:
        naps.stop()
        if hog is not None:
            hog.kill()
            hog.wait()
    late = sum(ms > 100 for ms in last)
    sys.stdout.write(
        f"{options.episodes} episodes, {missed} missed, {late} with an injected event "
        f"later than 100 ms after the hand\n"
        + "\n".join(
            [
                line("gate shut", shut),
                line("last injected", last),
                line("sleep overshoot", naps.overshoot_ms),
            ]
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
