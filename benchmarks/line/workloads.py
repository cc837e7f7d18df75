"""What is done with every system alike, and what is written down of it.

Each function returns plain numbers: milliseconds, bytes, counts. A page that is not
exact after :data:`PATIENCE_S`, or on which nothing has moved for :data:`STILL_S`, is
given up and counts as never sharp.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from benchmarks.line import pages, usage
from benchmarks.line.desk import PAGES, Desk, Place
from benchmarks.line.pages import LONG_PAGE, PHOTO_PAGE, STEP
from benchmarks.line.peers import System
from benchmarks.line.ruler import Ruler, now_ms
from benchmarks.line.stage import FILM, GLIDE, LETTERS, MENU, MENUS, menu_pixels

PATIENCE_S: Final = 20.0
STILL_S: Final = 3.0
#: A window of more pixels than this is no bar.
_LARGE: Final = 300_000
_LETTERS: Final = "etaoinshrdluceap"
_REGION: Final = (FILM[0] + 200, FILM[1] + 100, 64, 32)

Found = dict[str, Any]


class Bench:
    """One system under measurement. Owned by the thread that drives the browser."""

    def __init__(
        self, system: System, desk: Desk, *, is_ours: bool, is_quick: bool
    ) -> None:
        """Measure nothing yet."""
        self._is_ours = is_ours
        self._system = system
        self._desk = desk
        self._is_quick = is_quick
        self._dice = random.Random(5)  # noqa: S311 - only the pauses of a typist
        self._ruler: Ruler | None = None

    @property
    def ruler(self) -> Ruler:
        """The ruler in the present page."""
        assert self._ruler is not None, "no session was opened"
        return self._ruler

    def run(self, say: Callable[[str], None]) -> Found:
        """Do everything; the order is part of the measurement: pages are new once."""
        found: Found = {"title": self._system.title}
        steps: dict[str, Callable[[], Any]] = {
            "first": self._firsts,
            "new": lambda: [self._page(at) for at in range(1, self._count(8, 5, 3))],
            "seen": lambda: [self._page(at) for at in range(self._count(6, 3, 2))],
            "echo": lambda: self._typing(self._count(30, 20, 8)),
            "loading": self._typing_while_loading,
            "photo": lambda: self._page(PHOTO_PAGE),
            "scroll": lambda: [self._scroll() for _ in range(self._count(3, 1, 1))],
            "glide": lambda: self._moving("glide"),
            "drag": lambda: self._moving("drag"),
            "menu": self._menus,
            "film": self._film,
            "idle": self._idle,
        }
        for name, step in steps.items():
            began = time.monotonic()
            found[name] = step()
            say(f"{name} {time.monotonic() - began:.0f} s")
        found["whole"] = self._whole()
        return found

    def _count(self, ours: int, peers: int, quick: int) -> int:
        """Return how often; peers are slow, and vary less than they take."""
        if self._is_quick:
            return quick
        return ours if self._is_ours else peers

    # --- pictures ----------------------------------------------------------------

    def _firsts(self) -> list[Found]:
        return [self._first() for _ in range(self._count(3, 2, 1))]

    def _first(self) -> Found:
        self._desk.do("page", 0)
        self._system.prepare()
        self._ruler = ruler = Ruler(self._system.page)
        ruler.call("use", self._system.canvas)
        self._learn(0)
        ruler.call("expect", "page-0")
        before = self._system.line.carried().up
        asked_at = self._system.ask()
        covered: list[Place] = []

        def follow() -> None:
            nonlocal covered
            if (now := self._desk.on_top()) != covered:
                covered = now
                # The question itself is not left out: it has to go first.
                ruler.exclude(one for one in covered if one.w * one.h < _LARGE)

        ruler.exclude([])
        seen = self._until_sharp(follow)
        found = self._said(seen, asked_at)
        return {**found, "bytes": self._system.line.carried().up - before}

    def _page(self, number: int, at: int = 0) -> Found:
        """Show a page, and wait until it is exact."""
        self._learn(number)
        self._settle()
        carried, used = self._system.line.carried().up, self._cpu()
        self.ruler.call("expect", f"page-{number}")
        # The ruler has its first look before anything changes.
        self._system.page.wait_for_timeout(60)
        shown_at = self._desk.do("page", number).at
        found = self._said(self._until_sharp(), shown_at)
        found["bytes"] = self._system.line.carried().up - carried
        found["cpu"] = self._cpu() - used
        if not found["sharp"]:
            found |= self.ruler.call("judge", f"page-{number}")
        return found

    def _until_sharp(self, meanwhile: Callable[[], None] | None = None) -> Found:
        """Wait for the ruler; return what it saw, sharp or not."""
        began = moved_at = time.monotonic()
        carried = -1
        while True:
            seen = self.ruler.seen
            if seen.get("sharp"):
                return seen
            if meanwhile is not None:
                meanwhile()
            if (now := self._system.line.carried().up) > carried + 600:
                carried, moved_at = now, time.monotonic()
            waited = time.monotonic() - began
            # Where nothing more comes, nothing more is to be seen.
            if waited > PATIENCE_S or time.monotonic() - moved_at > STILL_S:
                self.ruler.call("stop")
                return seen
            self._system.page.wait_for_timeout(60)

    def _said(self, seen: Found, since: float) -> Found:
        """Return times after ``since``; 0: never."""
        names = ("changed", "recognised", "clean", "sharp")
        found = {name: seen[name] - since if seen.get(name) else 0 for name in names}
        return {**found, "before_db": seen.get("before", 0)}

    def _learn(self, number: int) -> None:
        if number == PHOTO_PAGE:
            pixels = pages.photo_page()
        else:
            pixels = pages.read(pages.make(PAGES)[number])
        self.ruler.learn(f"page-{number}", pages.png(pixels))

    def _settle(self, quiet_s: float = 1.0) -> None:
        """Wait until the line carries next to nothing; see what covers the page."""
        began = since = time.monotonic()
        carried = self._system.line.carried().up
        while time.monotonic() - since < quiet_s:
            self._system.page.wait_for_timeout(100)
            now = self._system.line.carried().up
            if now > carried + 400:
                carried, since = now, time.monotonic()
            if time.monotonic() - began > PATIENCE_S:
                break
        self.ruler.exclude(self._desk.on_top())

    def _whole(self) -> int:
        """Compare the whole canvas with the X server's own picture, once at rest.

        Returns:
            Pixels that differ; the agent's windows are part of it, and its clock.
        """
        least = pages.WIDTH * pages.HEIGHT
        for _ in range(5):
            self._settle()
            wanted = np.frombuffer(self._desk.picture(), dtype=np.uint32)
            rows = wanted.reshape(pages.HEIGHT, -1)[:, : pages.WIDTH] & 0xFFFFFF
            seen = self.ruler.whole(pages.WIDTH, pages.HEIGHT)
            least = min(least, int(np.count_nonzero(seen != rows)))
        return least

    # --- keys and wheel ----------------------------------------------------------

    def take_control(self) -> None:
        """Have input allowed, and bring the keyboard to the stage."""
        self._system.control()
        mark = self._desk.mark()
        for _ in range(5):
            self._system.page.mouse.click(*self._system.at(640, 400))
            self._system.page.wait_for_timeout(1000)
            if self._desk.since(mark, "press"):
                return
        raise AssertionError(f"{self._system.title}: no click reached the desktop")

    def _key(self) -> float:
        """Press one key; return ms until it is seen, 0: not within three seconds."""
        page = self._system.page
        self.ruler.call("await_ink", *LETTERS)
        page.wait_for_timeout(40 + self._dice.random() * 40)
        page.keyboard.press(self._dice.choice(_LETTERS))
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            seen = self.ruler.seen
            if seen.get("shown"):
                return seen["shown"] - seen["pressed"]
            page.wait_for_timeout(20)
        return 0.0

    def _typing(self, count: int) -> Found:
        if not self._desk.since(0, "press"):
            self.take_control()
        self._settle()
        carried, used = self._system.line.carried().up, self._cpu()
        echoes = []
        for _ in range(count):
            echoes.append(self._key())
            self._system.page.wait_for_timeout(80 + self._dice.random() * 150)
        return {
            "echoes": echoes,
            "bytes": (self._system.line.carried().up - carried) / count,
            "cpu": (self._cpu() - used) / count,
        }

    def _typing_while_loading(self) -> Found:
        echoes: list[float] = []
        for number in range(8, 8 + self._count(8, 5, 2)):
            self._settle(0.6)
            self._desk.do("page", number)
            self._system.page.wait_for_timeout(30)
            echoes.extend(self._key() for _ in range(3))
        return {"echoes": echoes}

    def _scroll(self) -> Found:
        """Turn the wheel by ten steps, twenty a second."""
        self._learn(LONG_PAGE)
        self._page(LONG_PAGE)
        self._settle()
        page = self._system.page
        page.mouse.move(*self._system.at(640, 400))
        carried, mark = self._system.line.carried().up, self._desk.mark()
        self.ruler.call("expect", f"page-{LONG_PAGE}", 10 * STEP)
        page.wait_for_timeout(60)
        first = last = now_ms()
        for step in range(10):
            last = now_ms()
            page.mouse.wheel(0, 100)
            page.wait_for_timeout(max(0.0, first + 50 * (step + 1) - now_ms()))
        seen = self._until_sharp()
        moved = self._desk.since(mark, "wheel")
        end = moved[-1].what if moved else 0
        if not seen.get("sharp") and end != 10 * STEP:
            self.ruler.call("expect", f"page-{LONG_PAGE}", end)
            seen = self._until_sharp()
        sharp, clean = seen.get("sharp", 0), seen.get("clean", 0)
        return {
            "clean": clean - first if clean else 0,
            "settled": sharp - first if sharp else 0,
            "after": sharp - last if sharp else 0,
            "rows": end,
            "bytes": self._system.line.carried().up - carried,
        }

    # --- what moves --------------------------------------------------------------

    def _moving(self, what: str) -> Found:
        """Scroll, or drag a window, thirty times a second for three seconds."""
        count = self._count(90, 60, 45)
        self._learn(LONG_PAGE)
        self._desk.do("page", LONG_PAGE if what == "glide" else 2)
        self._settle()
        carried, used = self._system.line.carried().up, self._cpu()
        name = f"page-{LONG_PAGE}" if what == "glide" else ""
        self.ruler.call("count_frames", name, GLIDE)
        self._system.page.wait_for_timeout(100)
        mark, began_at = self._desk.mark(), now_ms()
        self._desk.begin(what, count)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self._system.page.wait_for_timeout(100)
            frames = self.ruler.frames
            if frames and frames[-1]["number"] == count:
                break
        ended = self._desk.wait(what, after=mark)
        self.ruler.call("stop")
        frames = [one for one in self.ruler.frames if one["at"] > began_at]
        shown = [one for one in frames if 0 < one["number"] <= count]
        self._settle()
        took = (shown[-1]["at"] - shown[0]["at"]) / 1000 if len(shown) > 1 else 0
        return {
            "fps": (len(shown) - 1) / took if took else 0,
            "exact": sum(one["exact"] for one in shown) / max(1, len(shown)),
            "after": shown[-1]["at"] - ended.at if shown else 0,
            "last": shown[-1]["number"] if shown else 0,
            "bytes": (self._system.line.carried().up - carried) / max(1, len(shown)),
            "cpu": (self._cpu() - used) / max(1, len(shown)),
        }

    def _menus(self) -> list[Found]:
        self._learn(1)
        self._page(1)
        base = pages.read(pages.make(PAGES)[1])
        found = []
        for number in range(self._count(6, 3, 2)):
            (x, y), (w, h) = MENUS[number], MENU
            opened = base.copy()
            opened[y : y + h, x : x + w] = menu_pixels(PAGES)
            self.ruler.learn("menu", pages.png(opened))
            self._settle(0.5)
            carried = self._system.line.carried().up
            self.ruler.call("expect", "menu")
            self._system.page.wait_for_timeout(60)
            shown_at = self._desk.do("menu", number).at
            said = self._said(self._until_sharp(), shown_at)
            said["bytes"] = self._system.line.carried().up - carried
            found.append(said)
            self._desk.do("menu", -1)
            self._desk.do("page", 1)
        return found

    def _film(self) -> Found:
        """Type beside a moving region; then let it stop."""
        self._page(3)
        self._settle()
        carried = self._system.line.carried().up
        self._desk.do("film", 1)
        self._system.page.wait_for_timeout(3000)
        began, before = time.monotonic(), self._system.line.carried().up
        self.ruler.call("watch_place", *_REGION)
        self._system.page.wait_for_timeout(4000)
        seen = self.ruler.seen
        spent = time.monotonic() - began
        rate = (self._system.line.carried().up - before) / spent
        found = (
            self._typing(self._count(20, 12, 6)) if self._desk.since(0, "press") else {}
        )
        self.ruler.call("expect", "page-3")
        stopped_at = self._desk.do("film", 0).at
        after = self._said(self._until_sharp(), stopped_at)
        return {
            **found,
            "fps": seen["changes"] / spent,
            "rate": rate,
            "stopped": after["sharp"],
            "all": self._system.line.carried().up - carried,
        }

    def _idle(self) -> Found:
        self._settle(3.0)
        seconds = self._count(20, 10, 8)
        server = usage.offspring(self._desk.desktop.server.pid)
        line, used = self._system.line.carried(), self._cpu()
        before = usage.cpu_ms(server)
        self._system.page.wait_for_timeout(seconds * 1000)
        after = self._system.line.carried()
        return {
            "up": (after.up - line.up) / seconds,
            "down": (after.down - line.down) / seconds,
            "cpu": (self._cpu() - used) / seconds / 10,
            "x_cpu": (usage.cpu_ms(server) - before) / seconds / 10,
            "agent_mb": usage.memory_mb(self._system.customers()),
            "agent_rss_mb": usage.memory_mb(self._system.customers(), "Rss"),
            "relay_mb": usage.memory_mb(self._system.relays()),
        }

    def _cpu(self) -> float:
        return usage.cpu_ms(self._system.customers())
