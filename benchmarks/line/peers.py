"""What every system that is measured can do: the bench's port, and what to install.

Peers are never part of `make setup` or of continuous integration. They live in
`.bench/` and in the system; what is missing is said in one line and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from playwright.sync_api import Page

from benchmarks.line.emulator import Line
from tests.e2e.rig.processes import ROOT

#: Where what only the bench needs is kept; not part of the repository.
KEPT: Final[Path] = ROOT / ".bench"


class Missing(Exception):
    """A peer is not installed; the sentence says what to do."""


class System(Protocol):
    """One way of seeing and driving the customer's desktop."""

    @property
    def title(self) -> str:
        """What it is called in tables."""

    @property
    def page(self) -> Page:
        """The technician's page."""

    @property
    def canvas(self) -> str:
        """The selector of the canvas with the customer's screen."""

    @property
    def line(self) -> Line:
        """The customer's line."""

    def prepare(self) -> None:
        """Go as far as possible without a picture; any earlier session is over."""

    def ask(self) -> float:
        """Ask for the picture; return when, in ms of the wall clock."""

    def control(self) -> None:
        """Have mouse and keyboard allowed."""

    def at(self, x: int, y: int) -> tuple[float, float]:
        """Return where a pixel of the customer's screen is on the page."""

    def customers(self) -> Sequence[int]:
        """Return the processes that run at the customer's, the X server aside."""

    def relays(self) -> Sequence[int]:
        """Return the processes in between."""
