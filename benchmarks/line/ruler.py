"""The ruler in the technician's browser (`ruler.js`), as the bench holds it."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from benchmarks.line.desk import Place

_SCRIPT: Final = (Path(__file__).parent / "ruler.js").read_text(encoding="utf-8")


class Ruler:
    """Measures one page. Owned by the thread that drives the browser."""

    def __init__(self, page: Page) -> None:
        """Put the ruler into the page as it is now; a new address takes it away."""
        self._page = page
        page.evaluate(_SCRIPT)
        #: What the browser's clock is ahead by, in ms.
        self.ahead = min((self._compare() for _ in range(5)), key=lambda pair: pair[1])[
            0
        ]

    def call(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - JavaScript's
        """Call one of the ruler's functions."""
        return self._page.evaluate(
            "([name, given]) => { const done = window.ruler[name](...given);"
            " return done instanceof Promise || done !== Object(done)"
            " || name === 'judge' ? done : null; }",
            [name, list(arguments)],
        )

    def learn(self, name: str, png: bytes) -> None:
        """Teach it what a page looks like."""
        self.call("learn", name, base64.b64encode(png).decode())

    def exclude(self, places: Iterable[Place]) -> None:
        """Leave places out of every comparison: the agent's own windows."""
        self.call("exclude", [asdict(place) for place in places])

    @property
    def seen(self) -> dict[str, float]:
        """What was seen since it was told to look; times as the bench's clock has."""
        seen: dict[str, float] = self._page.evaluate("() => window.ruler.seen ?? {}")
        return {
            name: value - self.ahead if value > 1e11 else value
            for name, value in seen.items()
        }

    @property
    def frames(self) -> list[dict[str, Any]]:
        """Each number that the bars showed."""
        frames: list[dict[str, Any]] = self._page.evaluate("() => window.ruler.frames")
        return [{**one, "at": one["at"] - self.ahead} for one in frames]

    def whole(self, width: int, height: int) -> NDArray[np.uint32]:
        """Return the canvas as it is now: rows of 0xRRGGBB."""
        rows = []
        for top in range(0, height, 128):
            text = self.call("pixels", 0, top, width, min(128, height - top))
            rgba = np.frombuffer(base64.b64decode(text), dtype=np.uint8)
            rows.append(rgba.reshape(-1, width, 4).astype(np.uint32))
        seen = np.concatenate(rows)
        red, green, blue = (seen[..., at] for at in range(3))
        return (red * 65536 + green * 256 + blue).astype(np.uint32)

    def _compare(self) -> tuple[float, float]:
        before = now_ms()
        there = float(self._page.evaluate("() => window.ruler.now()"))
        after = now_ms()
        return there - (before + after) / 2, after - before


def now_ms() -> float:
    """Return the wall clock, in ms: the one that browser and stage have too."""
    return time.time_ns() / 1e6
