"""What pictures cost: bytes and processor time, on screens drawn by ourselves.

Run it from the top of the repository, and put the table into RESULTS.md::

    .venv/bin/python -m benchmarks.bench_codec [--desktop]

``--desktop`` also starts an Xvnc and times the ways of looking at it. Times are the
thread's own processor time, median of the runs: other programs matter less so.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import mss
from PySide6.QtCore import QCoreApplication, Qt, QTimer

from cordee_agent.desktops.base import Monitor, make_layout
from cordee_agent.desktops.x11.screen import X11Screen
from cordee_agent.picture.epoch import Epoch, Way
from cordee_agent.picture.pipeline import PictureSource
from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import Coding
from tests.agent.picture import screens
from tests.e2e.rig.xvnc import xvnc

#: How often the watched timer fires.
_TIMER_S = 0.005
SIZES = ((1920, 1080), (1366, 768))
Row = tuple[str, list[int], list[float]]


class Encoder:
    """Encodes whole screens and says what each cost."""

    def __init__(self, width: int, height: int, level: int) -> None:
        layout = make_layout(width, height, (Monitor(0, 0, 0, width, height, True),))
        # A way so fast that nothing is worth showing lossily.
        self._way = Way(1e9, True, frozenset({Coding.EXACT, Coding.COLUMNS}))
        self._epoch = Epoch(1, layout, self._way, level)

    def show(self, screen: screens.Rgb) -> tuple[int, float]:
        """Return bytes and milliseconds of one change."""
        frame = screens.frame_of(screen)
        size, before = 0, time.thread_time()
        self._epoch.rest()
        self._epoch.look(frame, self._way)
        while self._epoch.has_waiting:
            size += len(self._epoch.chunk(self._way, None) or b"")
        return size, (time.thread_time() - before) * 1000


def changes(width: int, height: int, level: int) -> Iterator[Row]:
    """Yield what the usual changes cost."""
    encoder = Encoder(width, height, level)

    def several(name: str, shown: list[screens.Rgb]) -> Row:
        costs = [encoder.show(screen) for screen in shown]
        return name, [size for size, _ in costs], [ms for _, ms in costs]

    page = screens.page(1, width, height)
    yield several("first frame", [page])
    x, keys = width * 3 // 4, []
    for letter in "eaisnrtoluepdcmvqf":
        page = screens.typed(page, x, height - 34, letter)
        keys.append(page)
        x += 12
    yield several("key", keys)
    scrolls = []
    for step in range(24):
        page = screens.scrolled(page, 100 + step, rows=1)
        scrolls.append(page)
    yield several("scroll, one line", scrolls)
    dragged = []
    window = screens.page(77, 500, 400)
    for step in range(24):
        under = page.copy()
        top, left = 100 + step * 9, 200 + step * 13
        under[top : top + 400, left : left + 500] = window
        dragged.append(under)
    yield several("window drag", dragged)
    pages = [screens.page(200 + number, width, height) for number in range(6)]
    yield several("new page", pages)
    yield several("page seen before", pages)
    yield several("nothing", [pages[-1]] * 20)


def table(width: int, height: int) -> None:
    """Write one size's costs at each level."""
    rows: dict[str, list[str]] = {}
    for level in (9, 6, 3):
        for name, sizes, times in changes(width, height, level):
            size, ms = statistics.median(sizes), statistics.median(times)
            rows.setdefault(name, []).append(f"{size:,.0f} B, {ms:.1f} ms")
    say(f"\n{width} x {height}\n")
    say("| change (median) | level 9 | level 6 | level 3 |\n|---|---|---|---|")
    for name, cells in rows.items():
        say(f"| {name} | {' | '.join(cells)} |")


async def lateness(busy: threading.Event | None = None) -> list[float]:
    """Return how late a task woke, in ms, while noise was streamed at full speed.

    Args:
        busy: set once the stream runs, for somebody who watches from outside.
    """
    frames = [screens.noise(seed, 1920, 1080) for seed in range(3)]
    screen = screens.ScriptedScreen(frames[0])
    late: list[float] = []
    epoch = 0

    async def send(payload: bytes) -> None:
        nonlocal epoch
        seq = 0
        if payload[0] == wire.Kind.LAYOUT:
            epoch = int.from_bytes(payload[1:3])
        else:
            seq = int.from_bytes(payload[1:5])
        source.acknowledged(wire.encode(wire.Ack(epoch, seq)))
        screen.show(frames[seq % 3])

    source = PictureSource(lambda: screen, send, time.monotonic)
    source.acknowledged(wire.encode(wire.Takes(frozenset({Coding.EXACT}))))
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(source.run())
        if busy is not None:
            busy.set()
        for _ in range(1000):
            due = loop.time() + 0.005
            await asyncio.sleep(0.005)
            late.append((loop.time() - due) * 1000)
        task.cancel()
    return sorted(late)


def window_lateness() -> list[float]:
    """Return how late a timer of Qt's own thread was, in ms, during the same.

    The agent's window lives in that thread, its network in another, as here.
    """
    app = QCoreApplication.instance() or QCoreApplication([])
    late: list[float] = []
    busy = threading.Event()
    streaming = threading.Thread(target=lambda: asyncio.run(lateness(busy)))
    streaming.start()
    busy.wait()
    due = time.monotonic() + _TIMER_S

    def woke() -> None:
        nonlocal due
        now = time.monotonic()
        late.append(max(0.0, now - due) * 1000)
        due = now + _TIMER_S
        if not streaming.is_alive():
            app.quit()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(woke)
    timer.start(int(_TIMER_S * 1000))
    app.exec()
    streaming.join()
    return sorted(late)


def desktop() -> None:
    """Time the ways of looking at an X server."""
    with (
        tempfile.TemporaryDirectory(prefix="cordee-") as folder,
        xvnc(Path(folder) / "x", width=1920, height=1080, manager=False) as running,
    ):
        screen = X11Screen(running.display)
        whole = {"left": 0, "top": 0, "width": 1920, "height": 1080}
        say("\n| 1920 x 1080 on Xvnc | wall ms |\n|---|---|")
        say(f"| X11Screen.grab, MIT-SHM | {timed(screen.grab):.2f} |")
        with mss.MSS(display=running.display, backend="xlib") as slow:
            say(f"| mss, backend xlib | {timed(lambda: slow.grab(whole).raw):.2f} |")
        say(f"| X11Screen.cursor | {timed(screen.cursor):.2f} |")
        say(f"| X11Screen.layout | {timed(screen.layout):.3f} |")
        screen.close()


def timed(look: Callable[[], object]) -> float:
    """Return the median wall time of a call, in ms."""
    times = []
    for _ in range(50):
        before = time.perf_counter()
        look()
        times.append((time.perf_counter() - before) * 1000)
    return statistics.median(times)


def say(line: str) -> None:
    """Write a line of the report."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Measure and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desktop", action="store_true")
    chosen = parser.parse_args()
    for width, height in SIZES:
        table(width, height)
    late = asyncio.run(lateness())
    for who, times in (("loop", late), ("window", window_lateness())):
        middle, worst = times[len(times) // 2], times[int(len(times) * 0.99)]
        say(f"\nThe {who} woke late by {middle:.1f} ms (p50), {worst:.1f} ms (p99).")
    if chosen.desktop:
        desktop()


if __name__ == "__main__":
    main()
