"""Looking at the screen at the right moments, and drawing messages from it.

All the work on pixels, in one object that lives in the picture's thread: it owns
the Screen, the shadow and the stream. It is asked for one message at a time, and
only when one may be sent, so what it encodes is always from a fresh look:

1. Thirty looks a second at most; ten when nothing changed for 2 s (codec.md 5).
2. A desktop that tells of changes is looked at only then, and once a second anyway:
   some drivers forget to tell.
3. Order: layout, small new damage, the pointer, then bands: the pointer's first,
   from the top down after that (codec.md 9.5).
4. A new layout is a new epoch: new stream, new shadow.
5. A chunk has at most 15 tiles, fewer where tiles are heavy: about 6 kB.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cordee_agent.desktops.base import Cursor, Frame, Layout, NoDesktop, Screen
from cordee_agent.picture.differ import PIECE_TILES, Differ, pixels_of
from cordee_agent.picture.stream import PictureStream, measure_level
from cordee_shared.limits import MONITORS_MAX, SCREEN_PIXELS_MAX
from cordee_shared.wire import picture as wire

#: Between two looks while things change, and when nothing did for a while; seconds.
LOOK_S: Final = 1 / 30
IDLE_LOOK_S: Final = 1 / 10
#: A screen is idle when nothing changed for so long.
IDLE_AFTER_S: Final = 2.0
#: A look is never older than this, whatever the desktop tells.
ANYWAY_S: Final = 1.0
#: What a chunk should come to, in bytes: 48 ms of a 1 Mbit/s link.
CHUNK_BYTES: Final = 6_000


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
        self._layout: Layout | None = None
        self._frame: Frame | None = None
        self._differ: Differ | None = None
        self._stream: PictureStream | None = None
        self._seq = 0
        #: When the pixels were taken, the pointer asked for, something changed.
        self._looked_at = self._asked_at = self._changed_at = float("-inf")
        self._shape: int | None = None
        self._place: tuple[int, int] | None = None
        self._cursor: Cursor | None = None
        self._tile_bytes = CHUNK_BYTES / PIECE_TILES

    def close(self) -> None:
        """Give the screen back."""
        self._frame = self._differ = self._stream = None
        self._screen.close()

    def draw(self) -> Drawn | None:
        """Return the next message; ``None`` when there is nothing to show.

        Waits for a change, for at most a tenth of a second.

        Raises:
            NoDesktop: the system does not let us see any more.
        """
        waiting = self._next()
        if waiting is not None:
            return waiting
        early = LOOK_S - (self._clock() - self._looked_at)
        if early > 0:
            self._sleep(early)
        layout = self._screen.layout()
        if layout != self._layout:
            return self._begin(layout)
        if self._wait():
            return self._next() if self._look(layout) else None
        self._point()
        return self._pointer()

    def draw_urgent(self) -> Drawn | None:
        """Return small new damage or the pointer, if there is any; never waits.

        For when the window is full.

        Raises:
            NoDesktop: the system does not let us see any more.
        """
        if self._layout is None:
            return None
        if (waiting := self._next(only_urgent=True)) is not None:
            return waiting
        if self._clock() - self._looked_at < LOOK_S:
            return None
        if not self._look(self._layout):
            return None
        return self._next(only_urgent=True)

    def ping(self) -> Drawn | None:
        """Return a message that shows nothing, to measure the way; none at first."""
        if self._layout is None:
            return None
        self._seq += 1
        return Drawn(self._epoch, self._seq, wire.encode(wire.Ping(self._seq)))

    # --- looking -----------------------------------------------------------------

    def _next(self, *, only_urgent: bool = False) -> Drawn | None:
        """Return what the last look left, while that look is still fresh."""
        is_fresh = self._clock() - self._looked_at < LOOK_S
        if is_fresh and self._differ is not None and self._differ.has_urgent:
            return self._chunk()
        if (pointer := self._pointer()) is not None:
            return pointer
        return self._chunk() if is_fresh and not only_urgent else None

    def _wait(self) -> bool:
        """Wait until the next look is due; ``False`` when nothing changed so far."""
        if self._differ is not None and self._differ.dirty_tiles:
            # Something waits to be sent: only the newest frame is missing.
            return True
        now = self._clock()
        is_idle = now - self._changed_at >= IDLE_AFTER_S
        pause = (IDLE_LOOK_S if is_idle else LOOK_S) - (now - self._asked_at)
        if self._screen.wait_change(max(0.0, pause)):
            return True
        return self._clock() - self._looked_at >= ANYWAY_S

    def _begin(self, layout: Layout) -> Drawn:
        if layout.width * layout.height > SCREEN_PIXELS_MAX:
            raise NoDesktop(
                f"this desktop of {layout.width} x {layout.height} pixels is larger "
                f"than {SCREEN_PIXELS_MAX // 2**20} million: switch a monitor off"
            )
        if self.level is None:
            self.level = measure_level(self._screen.grab())
        self._layout = layout
        self._frame = None
        self._differ = Differ(layout.width, layout.height)
        self._stream = PictureStream(self.level)
        self._epoch = (self._epoch + 1) % 65536
        self._seq = 0
        self._looked_at = float("-inf")
        self._shape = self._place = self._cursor = None
        payload = wire.encode(
            wire.Layout(
                epoch=self._epoch,
                cfg=layout.cfg,
                window_log=self._stream.window_log,
                width=layout.width,
                height=layout.height,
                monitors=_monitors(layout),
            )
        )
        return Drawn(self._epoch, 0, payload)

    def _look(self, layout: Layout) -> bool:
        """Take a picture and note what changed; ``False`` when it does not fit."""
        assert self._differ is not None  # its epoch has begun
        now = self._clock()
        frame = self._screen.grab()
        if (frame.width, frame.height) != (layout.width, layout.height):
            return False  # it changed under our hands: the next layout says how
        self._frame = frame
        self._looked_at = now
        if self._differ.look(pixels_of(frame)):
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

    def _chunk(self) -> Drawn | None:
        """Take up to a chunk of tiles out of the map, and encode them."""
        if self._differ is None or self._stream is None or self._frame is None:
            return None
        limit = min(PIECE_TILES, max(1, int(CHUNK_BYTES / self._tile_bytes)))
        near = self._cursor.y if self._cursor is not None else None
        before = self._differ.dirty_tiles
        rects = self._differ.take(limit, near)
        if not rects:
            return None
        self._seq += 1
        payload = self._stream.rects(self._seq, self._frame, rects)
        tiles = max(1, before - self._differ.dirty_tiles)
        # Photos weigh thirty times what text does: the next chunk learns from it.
        self._tile_bytes = (self._tile_bytes + len(payload) / tiles) / 2
        return Drawn(self._epoch, self._seq, payload)

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
        assert self._layout is not None  # a pointer is asked for inside an epoch
        assert self._stream is not None
        self._seq += 1
        if cursor.serial != self._shape:
            self._shape = cursor.serial
            return Drawn(self._epoch, self._seq, self._stream.shape(self._seq, cursor))
        self._place = (cursor.x, cursor.y)
        # Some systems put the hot spot a pixel outside at the far edges.
        x = min(max(cursor.x, 0), self._layout.width - 1)
        y = min(max(cursor.y, 0), self._layout.height - 1)
        payload = wire.encode(wire.Pointer(self._seq, x, y))
        return Drawn(self._epoch, self._seq, payload)


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
