"""Looking at the screen at the right moments, and drawing messages from it.

All the work on pixels, in one object that lives in the picture's thread: it owns
the Screen, the shadow and the stream. It is asked for one message at a time, and
only when one may be sent, so what it encodes is always from a fresh look:

1. Thirty looks a second at most; ten when nothing changed for 2 s (codec.md 5), or
   for half a second where the desktop tells of changes.
2. A desktop that tells of changes is looked at only then, and once a second anyway:
   some drivers forget to tell.
3. Order: layout, small new damage, the pointer, a preview, then bands: the pointer's
   first, from the top down after that. What moves and what becomes exact after it
   was shown lossily only have what is left of the way (codec.md 9.5).
4. A new layout is a new epoch: new stream, new shadow.
5. A chunk has at most 15 tiles, fewer where tiles are heavy: about 6 kB (`epoch.py`).
6. A change that costs little, a step of scrolling, goes whole from one look: pieces of
   several looks would not fit together, would be cut where no line of text ends, and
   cost ten times as much (`benchmarks/RESULTS.md`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cordee_agent.desktops.base import Cursor, Layout, NoDesktop, Screen
from cordee_agent.picture.epoch import Epoch, Way
from cordee_agent.picture.stream import measure_level
from cordee_shared.limits import MONITORS_MAX, SCREEN_PIXELS_MAX
from cordee_shared.wire import picture as wire

#: Between two looks while things change, and when nothing did for a while; seconds.
LOOK_S: Final = 1 / 30
IDLE_LOOK_S: Final = 1 / 10
#: A screen is idle when nothing changed for so long.
IDLE_AFTER_S: Final = 2.0
#: Sooner where the desktop tells of changes: only the pointer is asked for between
#: them, and a clock on the screen must not keep the computer awake.
TOLD_IDLE_AFTER_S: Final = 0.5
#: A look is never older than this, whatever the desktop tells.
ANYWAY_S: Final = 1.0
#: While something is to become exact, the way is asked so often whether it has room.
OWING_S: Final = 0.01
#: After so long without a change what is shown lossily becomes exact.
QUIET_S: Final = 0.5
#: What goes together from one look, in bytes: less than this and one more message.
TOGETHER_BYTES: Final = 4_000
_ANY_WAY: Final = Way()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One message to send; a layout has seq 0 and begins ``epoch``."""

    epoch: int
    seq: int
    payload: bytes


class Grabber:
    """Draws messages. Made, used and closed in the picture's thread."""

    def __init__(
        self,
        screen_factory: Callable[[], Screen],
        clock: Callable[[], float],
        epoch: int,
        level: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open the screen; the first message will be the layout.

        Args:
            screen_factory: opens the desktop; called here, in this thread.
            clock: monotonic seconds.
            epoch: number of the first epoch.
            level: zstd's, when it is known from before; else it is measured.
            sleep: waits so many seconds, in this thread.

        Raises:
            NoDesktop: there is nothing to see.
        """
        self._screen = screen_factory()
        self._clock = clock
        self._sleep = sleep
        self._epoch = (epoch - 1) % 65536
        self.level = level
        self._shown: Epoch | None = None
        #: When the pixels were taken, the pointer asked for, something changed.
        self._looked_at = self._asked_at = self._changed_at = float("-inf")
        #: Whether the desktop tells when something changes.
        self._tells = False
        self._shape: int | None = None
        self._place: tuple[int, int] | None = None
        self._cursor: Cursor | None = None

    def close(self) -> None:
        """Give the screen back."""
        self._shown = None
        self._screen.close()

    def draw(self, way: Way = _ANY_WAY) -> Drawn | None:
        """Return the next message; ``None`` when there is nothing to show.

        Waits for a change, for at most a tenth of a second.

        Raises:
            NoDesktop: the system does not let us see any more.
        """
        waiting = self._next(way)
        if waiting is not None:
            return waiting
        layout = self._screen.layout()
        if self._must_begin(layout, way):
            return self._begin(layout, way)
        if self._wait():
            early = LOOK_S - (self._clock() - self._looked_at)
            if early > 0:
                self._sleep(early)
            return self._next(way, is_new=True) if self._look(layout, way) else None
        self._point()
        return self._pointer() or self._quiet(way)

    def draw_together(self, way: Way = _ANY_WAY) -> list[Drawn]:
        """Return the next message and what fits together with it; none, when none.

        Raises:
            NoDesktop: the system does not let us see any more.
        """
        first = self.draw(way)
        drawn = [] if first is None else [first]
        size = 0 if first is None else len(first.payload)
        while drawn and size < TOGETHER_BYTES and (more := self._more(way)) is not None:
            drawn.append(more)
            size += len(more.payload)
        return drawn

    def draw_urgent(self, way: Way = _ANY_WAY) -> Drawn | None:
        """Return small new damage or the pointer, if there is any; never waits.

        For when the window is full.

        Raises:
            NoDesktop: the system does not let us see any more.
        """
        if self._shown is None:
            return None
        if (waiting := self._next(way, only_urgent=True)) is not None:
            return waiting
        if self._clock() - self._looked_at < LOOK_S:
            return None
        if not self._look(self._shown.layout, way):
            return None
        return self._next(way, only_urgent=True, is_new=True)

    def ping(self, trip_ms: int = 0, rate_kbit: int = 0) -> Drawn | None:
        """Return a message that shows nothing, to measure the way; none at first."""
        shown = self._shown
        return self._drawn(shown.ping(trip_ms, rate_kbit) if shown else None)

    # --- looking -----------------------------------------------------------------

    def _next(
        self, way: Way, *, only_urgent: bool = False, is_new: bool = False
    ) -> Drawn | None:
        """Return what the last look left, while that look is still fresh.

        A look that was taken just now is, however long it took: an old computer
        would look for ever and show nothing.
        """
        shown, now = self._shown, self._clock()
        is_fresh = shown is not None and (is_new or now - self._looked_at < LOOK_S)
        if shown is None or not is_fresh:
            return self._pointer()
        near = self._cursor.y if self._cursor is not None else None
        if shown.has_urgent:
            return self._drawn(shown.chunk(way, near))
        pointer = self._pointer()
        if pointer is not None or only_urgent:
            return pointer
        return self._drawn(
            shown.preview(way) or shown.chunk(way, near) or shown.motion(way, now)
        )

    def _more(self, way: Way) -> Drawn | None:
        """Return what the last look left, however long drawing it takes."""
        if self._shown is None or not self._has_waiting:
            return None
        near = self._cursor.y if self._cursor is not None else None
        return self._drawn(self._shown.preview(way) or self._shown.chunk(way, near))

    def _quiet(self, way: Way) -> Drawn | None:
        """Return some of what becomes exact now that nothing changes."""
        shown = self._shown
        if shown is None or self._clock() - self._changed_at < QUIET_S:
            return None
        shown.rest()
        return self._drawn(shown.refinement(way))

    @property
    def _has_waiting(self) -> bool:
        return self._shown is not None and self._shown.has_waiting

    def _wait(self) -> bool:
        """Wait until the next look is due; ``False`` when nothing changed so far."""
        if self._has_waiting:
            # Something waits to be sent: only the newest frame is missing.
            return True
        now = self._clock()
        is_idle = now - self._changed_at >= (
            TOLD_IDLE_AFTER_S if self._tells else IDLE_AFTER_S
        )
        pause = (IDLE_LOOK_S if is_idle else LOOK_S) - (now - self._asked_at)
        if self._shown is not None and self._shown.is_owing:
            pause = min(pause, OWING_S)
        if self._screen.wait_change(max(0.0, pause)):
            return True
        self._tells = True  # one that does not would have said yes
        now = self._clock()
        moves_at = self._shown.moves_at() if self._shown else None
        if moves_at is not None and now >= moves_at:
            return True
        return now - self._looked_at >= ANYWAY_S

    def _must_begin(self, layout: Layout, way: Way) -> bool:
        """Whether a new epoch is due: another layout, or a console without a stream."""
        shown = self._shown
        return (
            shown is None
            or layout != shown.layout
            or bool(shown.window_log) != way.has_stream
        )

    def _begin(self, layout: Layout, way: Way) -> Drawn:
        if layout.width * layout.height > SCREEN_PIXELS_MAX:
            raise NoDesktop(
                f"this desktop of {layout.width} x {layout.height} pixels is larger "
                f"than {SCREEN_PIXELS_MAX // 2**20} million: switch a monitor off"
            )
        if self.level is None:
            self.level = measure_level(self._screen.grab())
        self._epoch = (self._epoch + 1) % 65536
        self._shown = Epoch(self._epoch, layout, way, self.level)
        self._looked_at = float("-inf")
        self._shape = self._place = self._cursor = None
        payload = wire.encode(
            wire.Layout(
                epoch=self._epoch,
                cfg=layout.cfg,
                window_log=self._shown.window_log,
                width=layout.width,
                height=layout.height,
                monitors=_monitors(layout),
            )
        )
        return Drawn(self._epoch, 0, payload)

    def _look(self, layout: Layout, way: Way) -> bool:
        """Take a picture and note what changed; ``False`` when it does not fit."""
        assert self._shown is not None  # its epoch has begun
        now = self._clock()
        frame = self._screen.grab()
        if (frame.width, frame.height) != (layout.width, layout.height):
            return False  # it changed under our hands: the next layout says how
        self._looked_at = now
        if self._shown.look(frame, way):
            self._changed_at = now
        self._point()
        return True

    def _point(self) -> None:
        """Ask where the pointer is."""
        self._asked_at = self._clock()
        self._cursor = self._screen.cursor()
        if self._pointer_differs():
            self._changed_at = self._asked_at

    # --- drawing -----------------------------------------------------------------

    def _drawn(self, payload: bytes | None) -> Drawn | None:
        if payload is None or self._shown is None:
            return None
        return Drawn(self._shown.number, self._shown.seq, payload)

    def _pointer_differs(self) -> bool:
        cursor = self._cursor
        return cursor is not None and (
            cursor.serial != self._shape or (cursor.x, cursor.y) != self._place
        )

    def _pointer(self) -> Drawn | None:
        """Draw the pointer's shape, then its place, if they are news."""
        cursor = self._cursor
        if cursor is None or not self._pointer_differs():
            return None
        shown = self._shown
        assert shown is not None  # a pointer is asked for inside an epoch
        if cursor.serial != self._shape:
            self._shape = cursor.serial
            return self._drawn(shown.shape(cursor))
        self._place = (cursor.x, cursor.y)
        # Some systems put the hot spot a pixel outside at the far edges.
        x = min(max(cursor.x, 0), shown.layout.width - 1)
        y = min(max(cursor.y, 0), shown.layout.height - 1)
        return self._drawn(shown.pointer(x, y))


def _monitors(layout: Layout) -> tuple[wire.Monitor, ...]:
    """Return the monitors as the wire wants them: inside the screen."""
    shown = []
    for one in layout.monitors[:MONITORS_MAX]:
        # While monitors are being moved about, one may hang over the edge.
        x, y = max(one.x, 0), max(one.y, 0)
        w = min(one.x + one.width, layout.width) - x
        h = min(one.y + one.height, layout.height) - y
        if w > 0 and h > 0:
            shown.append(wire.Monitor(one.id, one.primary, wire.Rect(x, y, w, h)))
    if not shown:
        raise NoDesktop("no monitor is on")
    return tuple(shown)
