"""One epoch's picture: what is drawn next from the newest frame, and in which coding.

The caller says how good the way is (:class:`Way`); the order among the parts is its
own (`grab.py`). Which coding (codec.md 5, ADR 0012 and 0013):

1. Exact: columns through the stream, where the console has it; rows until it has
   said so; else lossless files, one rectangle each.
2. Photos, when sending them exactly would take longer than a quarter of a second:
   lossy files first. When it is quiet they are sent again, exactly.
3. A large change on a slow way: a preview of a quarter of its size first.
4. What moves: lossy files, for half of what the way carries at most.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from cordee_agent.desktops.base import Cursor, Frame, Layout
from cordee_agent.picture.differ import PIECE_TILES, Differ, Pixels, Tile, pixels_of
from cordee_agent.picture.photos import EXACT_TILE_BYTES, shape_file, still
from cordee_agent.picture.stream import PictureStream, memory_bytes, window_log
from cordee_agent.picture.strips import reach_out
from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import STREAMED, Coding, Rect

#: What a chunk should come to, in bytes: 48 ms of a 1 Mbit/s link.
CHUNK_BYTES: Final = 6_000
#: Pixels of one streamed message: as raw RGB they are within a record, whatever
#: they show.
_CHUNK_PIXELS: Final = 85_000
#: What a tile of a screen comes to before anything was sent, in bytes.
_TILE_BYTES: Final = 250
#: Photos whose exact pixels would take longer than this come lossily first; seconds.
_SLOW_S: Final = 0.25
#: A change of so many tiles that would take so long gets a preview (codec.md 5.6).
_PREVIEW_TILES: Final = 150
_PREVIEW_S: Final = 0.5
#: The way is fast enough not to need one, in bytes a second: twice a preview's worth.
_PREVIEW_BY: Final = 4
_PREVIEW_QUALITY: Final = 20
_PHOTO_QUALITY: Final = 30
#: Tiles of one refinement: photos are heavy, and a key may be pressed meanwhile.
_REFINE_TILES: Final = 1
#: What moves takes this share of the way, and so many pictures a second, at most.
_MOTION_SHARE: Final = 0.5
_MOTION_S: Final = 1 / 10
#: A moving picture that takes longer than this is sent at half its size.
_MOTION_SLOW_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of the way to the console, and of the console."""

    #: Bytes a second; 0 while it is not known.
    rate: float = 0.0
    #: Whether it has nothing else to carry: what is not urgent may go.
    may_fill: bool = True
    #: What the console unfolds.
    takes: frozenset[Coding] = frozenset({Coding.EXACT})

    @property
    def has_stream(self) -> bool:
        """Whether the console unfolds the stream."""
        return bool(self.takes & STREAMED)

    @property
    def lossy(self) -> Coding | None:
        """The console's best lossy coding."""
        both = (Coding.WEBP, Coding.JPEG)
        return next((coding for coding in both if coding in self.takes), None)

    @property
    def lossless(self) -> Coding | None:
        """The console's best exact kind of file."""
        both = (Coding.LOSSLESS, Coding.PNG)
        return next((coding for coding in both if coding in self.takes), None)

    def takes_longer(self, size: float, seconds: float) -> bool:
        """Whether so many bytes take longer than that, as far as is known."""
        return not self.rate or size > self.rate * seconds


class Epoch:
    """Shadow, stream and order of one epoch. Owned by the picture's thread."""

    def __init__(self, number: int, layout: Layout, way: Way, level: int) -> None:
        """Begin with a black console."""
        self.number = number
        self.layout = layout
        self._seq = 0
        self._differ = Differ(layout.width, layout.height)
        log = window_log(level, layout.width * layout.height, memory_bytes())
        self._stream = PictureStream(level, log) if way.has_stream else None
        self._frame: Frame | None = None
        self._tile_bytes = float(_TILE_BYTES)
        self._previews: deque[Rect] = deque()
        self._moving: deque[Rect] = deque()
        self._moves_at = float("-inf")
        self._moved_bytes = 0
        self._motion_by = 1

    @property
    def window_log(self) -> int:
        """Base-2 logarithm of the stream's window; 0 without a stream."""
        return self._stream.window_log if self._stream else 0

    @property
    def has_urgent(self) -> bool:
        """Whether small new damage waits."""
        return self._differ.has_urgent

    @property
    def has_waiting(self) -> bool:
        """Whether anything waits that is sent as soon as the window allows."""
        return bool(self._differ.dirty_tiles)

    @property
    def is_owing(self) -> bool:
        """Whether something that rests is shown lossily."""
        return self._differ.has_lossy

    def look(self, frame: Frame, way: Way) -> bool:
        """Note what changed; ``True`` when anything did."""
        before = self._differ.dirty_tiles
        changed = self._differ.look(pixels_of(frame))
        self._frame = frame
        waiting = self._differ.dirty_tiles
        if (
            way.lossy is not None
            and waiting - before > _PREVIEW_TILES
            and way.takes_longer(waiting * self._tile_bytes, _PREVIEW_S)
        ):
            self._previews = deque(self._differ.preview_areas())
        return changed

    def rest(self) -> None:
        """Nothing changed for a while."""
        self._differ.rest()
        self._moving.clear()

    # --- what is drawn -----------------------------------------------------------

    def ping(self, trip_ms: int, rate_kbit: int) -> bytes:
        """Return a message that shows nothing, and tells of the way."""
        return wire.encode(wire.Ping(self._next_seq(), trip_ms, rate_kbit))

    def shape(self, cursor: Cursor) -> bytes:
        """Return the message that gives the pointer this shape."""
        seq = self._next_seq()
        if self._stream is not None:
            return self._stream.shape(seq, cursor)
        w, h = cursor.width, cursor.height
        file = shape_file(cursor.rgba, w, h) if cursor.rgba else b""
        return wire.encode(wire.Shape(seq, w, h, cursor.hot_x, cursor.hot_y, file))

    def pointer(self, x: int, y: int) -> bytes:
        """Return the message that moves the pointer."""
        return wire.encode(wire.Pointer(self._next_seq(), x, y))

    def chunk(self, way: Way, near: int | None) -> bytes | None:
        """Return the next tiles: urgent ones, else bands.

        Args:
            way: how it is to be sent.
            near: a row of pixels, where the pointer is: its band goes first.
        """
        limit = min(PIECE_TILES, max(1, int(CHUNK_BYTES / self._tile_bytes)))
        tiles = self._differ.choose(limit, near)
        if not tiles:
            return None
        waiting = self._differ.dirty_tiles
        if way.lossy is not None and way.takes_longer(
            waiting * EXACT_TILE_BYTES, _SLOW_S
        ):
            plain = [one for one in tiles if not self._differ.shows_photo(one)]
            if not plain:
                return self._photo(way.lossy, tiles)
            tiles = plain
        payload = self._exact(way, tiles)
        if payload is not None:
            count = max(1, waiting - self._differ.dirty_tiles)
            # Photos weigh thirty times what text does: the next chunk learns from it.
            self._tile_bytes = (self._tile_bytes + len(payload) / count) / 2
        return payload

    def preview(self, way: Way) -> bytes | None:
        """Return the next stripe of a preview."""
        if not self._previews or way.lossy is None:
            return None
        area = self._previews.popleft()
        self._differ.has_previewed(area)
        return self._file(way.lossy, area, _PREVIEW_QUALITY, _PREVIEW_BY)

    def motion(self, way: Way, now: float) -> bytes | None:
        """Return the next stripe of what moves, when it is due."""
        if way.lossy is None or not way.may_fill:
            return None
        if not self._moving:
            if now < self._moves_at:
                return None
            self._moving = deque(self._differ.moving_areas())
            if not self._moving:
                return None
            is_slow = way.takes_longer(self._moved_bytes, _MOTION_SLOW_S)
            self._motion_by = 2 if is_slow and self._moved_bytes else self._motion_by
            self._moved_bytes = 0
            self._moves_at = now + _MOTION_S
        area = self._moving.popleft()
        self._differ.has_moved(area)
        payload = self._file(way.lossy, area, _PHOTO_QUALITY, self._motion_by)
        self._moved_bytes += len(payload)
        if way.rate:
            took = len(payload) / (way.rate * _MOTION_SHARE)
            self._moves_at = max(self._moves_at, now) + took
        return payload

    def moves_at(self) -> float | None:
        """When what moves is due again; ``None`` when nothing moves."""
        return self._moves_at if self._differ.moving_areas() else None

    def refinement(self, way: Way) -> bytes | None:
        """Return some of what is shown lossily, exactly."""
        if not way.may_fill or not self._differ.has_lossy:
            return None
        return self._exact(way, self._differ.choose_lossy(_REFINE_TILES))

    # --- codings -----------------------------------------------------------------

    def _exact(self, way: Way, tiles: list[Tile]) -> bytes | None:
        photos = way.lossless is not None and all(map(self._differ.shows_photo, tiles))
        if self._stream is None or (photos and Coding.COLUMNS in way.takes):
            coding = way.lossless or Coding.PNG
            return self._lossless(coding, self._differ.first_area(tiles))
        rects = self._differ.take(tiles)
        if not rects:
            return None
        if Coding.COLUMNS not in way.takes:
            assert self._frame is not None  # there is something to take
            return self._stream.rects(self._next_seq(), self._frame, rects)
        room = _CHUNK_PIXELS - sum(rect.w * rect.h for rect in rects)
        for at, rect in enumerate(rects):
            rects[at] = grown = reach_out(self._pixels, rect, room)
            room -= grown.w * grown.h - rect.w * rect.h
            self._differ.has_shown(grown)
        return self._stream.columns(self._next_seq(), self._pixels, rects)

    def _lossless(self, coding: Coding, tiles: list[Tile]) -> bytes | None:
        rects = self._differ.take(tiles)
        return self._file(coding, rects[0]) if rects else None

    def _photo(self, coding: Coding, tiles: list[Tile]) -> bytes:
        first = self._differ.first_area(tiles)
        self._differ.take_lossy(first)
        return self._file(coding, self._differ.area_of(first), _PHOTO_QUALITY)

    def _file(self, coding: Coding, area: Rect, quality: int = 0, by: int = 1) -> bytes:
        file = still(self._pixels, area, coding, quality, by)
        return wire.encode(wire.Rects(self._next_seq(), coding, (area,), file))

    @property
    def _pixels(self) -> Pixels:
        assert self._frame is not None  # nothing is chosen before the first look
        return pixels_of(self._frame)

    @property
    def seq(self) -> int:
        """Number of the last message."""
        return self._seq

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq
