"""The customer's desktop as the bench holds it: X server, stage, what is on top."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cordee_agent.desktops.x11.screen import X11Screen
from tests.e2e.rig.processes import ROOT
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

#: How long the stage may take for what it is asked, in seconds.
_PATIENCE_S = 30.0
PAGES = ROOT / ".bench" / "pages"


class Deed(NamedTuple):
    """What the stage did, and when: milliseconds of the wall clock."""

    did: str
    what: int
    at: float


@dataclass(frozen=True)
class Place:
    """A rectangle of the screen."""

    x: int
    y: int
    w: int
    h: int


class Desk:
    """A desktop with the stage on it. One thread asks, another listens.

    ``_deeds`` is guarded by ``_news``.
    """

    def __init__(self, desktop: Desktop, process: subprocess.Popen[str]) -> None:
        """Listen to a stage that was just started."""
        self.desktop = desktop
        self._process = process
        self._deeds: list[Deed] = []
        self._news = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()
        self.do("rest")

    def do(self, verb: str, *numbers: int, within: float = _PATIENCE_S) -> Deed:
        """Have something done; return when it was."""
        mark = self.mark()
        self.begin(verb, *numbers)
        return self.wait(verb, after=mark, within=within)

    def begin(self, verb: str, *numbers: int) -> None:
        """Have something begun that takes a while."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join([verb, *map(str, numbers)]) + "\n")
        self._process.stdin.flush()

    def mark(self) -> int:
        """Return how much has been done so far."""
        with self._news:
            return len(self._deeds)

    def since(self, mark: int, did: str) -> list[Deed]:
        """Return what was done of a kind since then."""
        with self._news:
            return [deed for deed in self._deeds[mark:] if deed.did == did]

    def wait(self, did: str, *, after: int, within: float = _PATIENCE_S) -> Deed:
        """Wait until something is done."""
        with self._news:
            assert self._news.wait_for(
                lambda: any(deed.did == did for deed in self._deeds[after:]), within
            ), f"the stage did no {did}"
            return next(deed for deed in self._deeds[after:] if deed.did == did)

    def on_top(self) -> list[Place]:
        """Return where other windows cover the stage: the agent's own."""
        with closing(self.desktop.connect()) as connection:
            root: Any = connection.screen().root
            found = []
            for child in root.query_tree().children[1:]:
                with contextlib.suppress(Exception):  # gone meanwhile
                    shape = child.get_geometry()
                    if child.get_attributes().map_state == 2 and shape.width > 1:
                        found.append(Place(shape.x, shape.y, shape.width, shape.height))
            return found

    def picture(self) -> bytes:
        """Return the screen as BGRX rows."""
        screen = X11Screen(self.desktop.display)
        try:
            return bytes(screen.grab().pixels)
        finally:
            screen.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            deed = Deed(**json.loads(line))
            with self._news:
                self._deeds.append(deed)
                self._news.notify_all()


@contextlib.contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """Run an X server with the stage on it."""
    with (
        xvnc(folder) as desktop,
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.line.stage", str(PAGES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=desktop.env(),
            cwd=ROOT,
        ) as process,
    ):
        try:
            yield Desk(desktop, process)
        finally:
            process.kill()
