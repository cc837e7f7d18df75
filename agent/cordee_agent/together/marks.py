"""What the technician points at: drawn on this screen for a few seconds.

Rules:

1. Marks touch nothing: they are places to draw, and no event comes from them. They
   need no control, and do not count as anybody's hand.
2. Only where the technician sees: marks for monitors that are arranged otherwise now,
   or while nothing is shown, are dropped.
3. All of them fade, and only ``MARKS_MAX`` points are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cordee_agent.channels import Ground
from cordee_agent.window.sharing import Shared
from cordee_shared.limits import MARK_S, MARKS_MAX
from cordee_shared.wire.input import pixel
from cordee_shared.wire.talk import Mark


@dataclass(slots=True)
class _Stroke:
    at: float
    points: list[tuple[int, int]] = field(default_factory=list)


class Marks:
    """What is drawn now. Owned by the session's talk."""

    def __init__(self, ground: Ground) -> None:
        """Begin with nothing drawn."""
        self._ground = ground
        self._strokes: dict[int, _Stroke] = {}

    def on_mark(self, mark: Mark) -> None:
        """Draw a part of a line; one that fits nowhere is dropped."""
        layout = self._ground.layout()
        if layout is None or mark.cfg != layout.cfg:
            return
        for monitor in layout.monitors:
            if monitor.id == mark.mon:
                x, y, w, h = monitor.rect
                places = [
                    (pixel(at_x, x, w), pixel(at_y, y, h)) for at_x, at_y in mark.points
                ]
                self._draw(mark.id, places)
                return

    def on_unmark(self) -> None:
        """Every mark goes."""
        self._strokes.clear()

    def settle(self, is_open: bool) -> None:
        """What cannot be seen by the technician is not drawn either."""
        if not is_open or self._ground.layout() is None:
            self._strokes.clear()

    def on_time(self) -> None:
        """Let what is old fade."""
        now = self._ground.clock.monotonic()
        for number, stroke in tuple(self._strokes.items()):
            if now - stroke.at >= MARK_S:
                del self._strokes[number]

    def stop(self) -> None:
        """Nothing is drawn after the end."""
        self._strokes.clear()

    def show(self, shared: Shared) -> Shared:
        """Return what the window shows, with the marks."""
        marks = tuple(tuple(stroke.points) for stroke in self._strokes.values())
        return replace(shared, marks=marks)

    def _draw(self, number: int, places: list[tuple[int, int]]) -> None:
        now = self._ground.clock.monotonic()
        stroke = self._strokes.setdefault(number, _Stroke(now))
        stroke.at = now
        stroke.points += places
        count = sum(len(each.points) for each in self._strokes.values())
        while count > MARKS_MAX:
            oldest = next(iter(self._strokes))
            if oldest == number:
                # One endless line: its tail goes.
                del stroke.points[: count - MARKS_MAX]
                return
            count -= len(self._strokes.pop(oldest).points)
