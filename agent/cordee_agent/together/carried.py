"""One file of a session, as the customer's window shows it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from cordee_agent.window.filing import FileRow, Stage

#: The rate is what moved in so many seconds: steady to read, and soon right.
_RATE_S: Final = 5.0
#: How often what is shown is measured anew, in seconds.
MEASURE_S: Final = 0.5


@dataclass(slots=True)
class Carried:
    """A file under way, or over. Owned by the session's files."""

    id: int
    name: str
    size: int
    is_leaving: bool
    moved: int = 0
    stage: Stage = Stage.ASKED
    why: str = ""
    place: str = ""
    _shown: int = 0
    _rate: int = 0
    _samples: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.stage in (Stage.KEPT, Stage.STOPPED)

    def measure(self, now: float) -> None:
        """Note how far it is, for what is shown until the next time."""
        if self.stage is not Stage.MOVING:
            self._samples.clear()
            return
        self._samples.append((now, self.moved))
        while now - self._samples[0][0] > _RATE_S:
            self._samples.popleft()
        since, before = self._samples[0]
        if now > since:
            self._rate = int((self.moved - before) / (now - since))
        self._shown = self.moved

    def cut(self) -> None:
        """The line is gone; the time without it says nothing of the rate."""
        self._samples.clear()
        self._rate = 0

    def end(self, stage: Stage, why: str = "", place: str = "") -> None:
        """Its way is over."""
        self.stage, self.why, self.place = stage, why, place
        self._shown = self.moved

    @property
    def row(self) -> FileRow:
        """What the window shows."""
        return FileRow(
            id=self.id,
            name=self.name,
            size=self.size,
            is_leaving=self.is_leaving,
            moved=self._shown,
            rate=0 if self.is_over else self._rate,
            stage=self.stage,
            why=self.why,
            place=self.place,
        )
