"""What the console does not show yet: a map of dirty tiles, kept over a shadow.

Pure bookkeeping on pixels; codec.md section 5, steps 2 and 4:

1. The shadow is what the console will show once all that was encoded has arrived.
2. A new frame is compared once, bands of 64 rows first, tiles only in bands that
   changed. What it finds stays in the map until it is taken: comparing the whole
   frame for each chunk cost six times the CPU (codec.md 9).
3. What is taken enters the shadow, from the newest frame, and leaves the map.
4. Tiles are merged to rectangles, and each is cut to the exact box of what changed:
   that is worth a factor of three for a key pressed (codec.md 4). Wide ones keep
   their columns: rows as long as last time's are found in the stream's history as
   one piece (a third less for scrolling, `benchmarks/RESULTS.md`).
5. A band is taken in pieces of fixed columns, for the same reason: pieces that
   depended on what else was dirty made scrolling cost four times as much.
6. Small new damage goes before what was already waiting: a letter does not wait for
   a page (codec.md 9.5).
7. What the console shows lossily is owed: its tiles are sent whole, when they change
   or when it is quiet, for what is right in them nobody knows. What it shows as a
   preview is owed now.
8. Tiles that move (`motion.py`) are no part of all this until they rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordee_agent.desktops.base import Frame
from cordee_agent.picture.motion import Motion
from cordee_agent.picture.photos import is_photo
from cordee_shared.wire.picture import Rect

#: Side of a tile and height of a band, in pixels.
TILE: Final = 64
#: Tiles in a piece of a band at most: half a band of 1920 pixels (codec.md 9.4).
PIECE_TILES: Final = 15
#: A rectangle of so many pixels is wide: its columns are not cut.
_WIDE: Final = 10 * TILE
#: New damage of up to so many tiles goes first (codec.md 9.5).
SMALL_TILES: Final = 24

Pixels = NDArray[np.uint32]
#: Band and column.
Tile = tuple[int, int]
_Map = NDArray[np.bool_]


def pixels_of(frame: Frame) -> Pixels:
    """Return a frame's pixels as rows of 32-bit words, without copying."""
    words = np.frombuffer(frame.pixels, dtype=np.uint32)
    rows = words[: frame.height * (frame.stride // 4)]
    return rows.reshape(frame.height, frame.stride // 4)[:, : frame.width]


class Differ:
    """The shadow and the map of one epoch. Owned by the picture's thread."""

    def __init__(self, width: int, height: int) -> None:
        """Begin with a black console."""
        self._width, self._height = width, height
        self._bands = -(-height // TILE)
        columns = -(-width // TILE)
        self._shadow: Pixels = np.zeros((height, width), dtype=np.uint32)
        self._frame: Pixels = self._shadow
        self._dirty: _Map = np.zeros((self._bands, columns), dtype=np.bool_)
        self._urgent: _Map = np.zeros_like(self._dirty)
        #: Shown as a preview: owed now. Shown lossily: owed when it is quiet.
        self._previewed: _Map = np.zeros_like(self._dirty)
        self._lossy: _Map = np.zeros_like(self._dirty)
        self._motion = Motion(self._bands, columns, TILE)
        self._starts = np.arange(0, width, TILE)
        pieces = -(-columns // PIECE_TILES)
        self._piece = -(-columns // pieces)

    def look(self, frame: Pixels) -> bool:
        """Compare a new frame; ``True`` when it brought new damage.

        The frame has to keep its pixels until the next call, or until nothing
        is dirty.
        """
        before = self._dirty
        dirty = np.zeros_like(before)
        for band in range(self._bands):
            rows = slice(band * TILE, min((band + 1) * TILE, self._height))
            new, old = frame[rows], self._shadow[rows]
            if _are_equal(new, old):
                continue
            columns = (new != old).any(axis=0)
            dirty[band] = np.logical_or.reduceat(columns, self._starts)
        self._frame = frame
        self._motion.look(frame, dirty, self._shows_photo)
        dirty |= self._previewed
        self._dirty = dirty
        self._urgent &= ~self._motion.held
        fresh = dirty & ~before & ~self._motion.held
        count = int(np.count_nonzero(fresh))
        self._urgent &= dirty
        if count <= SMALL_TILES:
            self._urgent |= fresh
        return count > 0

    @property
    def has_urgent(self) -> bool:
        """Whether small new damage waits."""
        return bool(self._urgent.any())

    @property
    def _waiting(self) -> _Map:
        """Tiles of the exact path that the console does not show as they are."""
        return self._dirty & ~self._motion.held

    @property
    def dirty_tiles(self) -> int:
        """Tiles that wait to be sent; moving ones do not count."""
        return int(np.count_nonzero(self._waiting))

    @property
    def has_lossy(self) -> bool:
        """Whether something is shown lossily that does not move."""
        return bool((self._lossy & ~self._motion.held).any())

    def rest(self) -> None:
        """Nothing changed for a while: what moved is sent like anything else."""
        self._motion.rest()

    # --- what is sent next -------------------------------------------------------

    def choose(self, limit: int, near: int | None = None) -> list[Tile]:
        """Choose up to ``limit`` tiles: urgent ones, else bands from the top.

        Args:
            limit: tiles at most.
            near: a row of pixels, where the pointer is: its band goes first.
        """
        source = self._urgent if self.has_urgent else self._waiting
        return self._choose(source, limit, near)

    def choose_lossy(self, limit: int) -> list[Tile]:
        """Choose up to ``limit`` tiles that are shown lossily, neighbours first."""
        return self._choose(self._lossy & ~self._motion.held, limit, None)

    def first_area(self, tiles: list[Tile]) -> list[Tile]:
        """Return those of the tiles that make the first rectangle of whole tiles."""
        area = self.area_of(tiles)
        return [
            (band, column)
            for band, column in tiles
            if area.y <= band * TILE < area.y + area.h
            and area.x <= column * TILE < area.x + area.w
        ]

    def area_of(self, tiles: list[Tile]) -> Rect:
        """Return the first rectangle of whole tiles, inside the screen."""
        return self._inside(_merge(tiles)[0])

    def moving_areas(self) -> list[Rect]:
        """Return rectangles of whole tiles that move, of two bands at most."""
        held = [
            (int(b), int(c)) for b, c in zip(*self._motion.held.nonzero(), strict=True)
        ]
        areas = [
            area
            for bands in range(0, self._bands, 2)
            for area in _merge([one for one in held if bands <= one[0] < bands + 2])
        ]
        return [self._inside(area) for area in areas]

    def preview_areas(self) -> list[Rect]:
        """Return rectangles over all that waits, of two bands each."""
        areas = []
        for band in range(0, self._bands, 2):
            columns = np.flatnonzero(self._waiting[band : band + 2].any(axis=0))
            if columns.size:
                first, end = int(columns[0]), int(columns[-1]) + 1
                areas.append(self._inside(_tiles_rect(first, end, band, band + 2)))
        return areas

    def shows_photo(self, tile: Tile) -> bool:
        """Whether the newest frame has a photo there."""
        return self._shows_photo(*tile)

    def _shows_photo(self, band: int, column: int) -> bool:
        area = self._inside(_tiles_rect(column, column + 1, band, band + 1))
        return is_photo(self._frame, area)

    # --- what was sent -----------------------------------------------------------

    def take(self, tiles: list[Tile]) -> list[Rect]:
        """Take tiles that are shown exactly from now on.

        Returns:
            Rectangles cut to what changed; read their pixels from the frame now.
            They are in the shadow, and clean.
        """
        owed = self._lossy | self._previewed
        rects = []
        for rect in _merge(tiles):
            rows = slice(rect.y // TILE, (rect.y + rect.h) // TILE)
            columns = slice(rect.x // TILE, (rect.x + rect.w) // TILE)
            is_owed = owed[rows, columns].any()
            cut = self._inside(rect) if is_owed else self._cut(rect)
            if cut is not None:
                self.has_shown(cut)
                rects.append(cut)
        self._settle(tiles, is_lossy=False)
        return rects

    def take_lossy(self, tiles: list[Tile]) -> None:
        """Take tiles that are shown lossily from now on."""
        for rect in _merge(tiles):
            self.has_shown(self._inside(rect))
        self._settle(tiles, is_lossy=True)

    def has_moved(self, area: Rect) -> None:
        """Note that a moving area is shown lossily, as the newest frame has it."""
        self.has_shown(area)
        self._lossy[self._tiles_under(area)] = True

    def has_previewed(self, area: Rect) -> None:
        """Note that an area is shown as a preview: all of it is still to be sent."""
        under = self._tiles_under(area)
        self._previewed[under] = self._dirty[under] = True

    def has_shown(self, area: Rect) -> None:
        """Note that these pixels are shown as the newest frame has them."""
        at = np.s_[area.y : area.y + area.h, area.x : area.x + area.w]
        self._shadow[at] = self._frame[at]

    def _settle(self, tiles: list[Tile], *, is_lossy: bool) -> None:
        for tile in tiles:
            self._dirty[tile] = self._urgent[tile] = self._previewed[tile] = False
            self._lossy[tile] = is_lossy

    def _tiles_under(self, area: Rect) -> tuple[slice, slice]:
        return (
            slice(area.y // TILE, -(-(area.y + area.h) // TILE)),
            slice(area.x // TILE, -(-(area.x + area.w) // TILE)),
        )

    def _inside(self, rect: Rect) -> Rect:
        """Return the part of a rectangle that is on the screen."""
        w = min(rect.w, self._width - rect.x)
        return Rect(rect.x, rect.y, w, min(rect.h, self._height - rect.y))

    def _choose(self, source: _Map, limit: int, near: int | None) -> list[Tile]:
        """Return the next tiles, as band and column: whole pieces where they fit."""
        bands = list(range(self._bands))
        if near is not None and 0 <= near // TILE < self._bands:
            bands.insert(0, bands.pop(near // TILE))
        taken: list[Tile] = []
        for band in bands:
            if not source[band].any():
                continue
            for first in range(0, source.shape[1], self._piece):
                found = np.flatnonzero(source[band, first : first + self._piece])
                if taken and len(taken) + len(found) > limit:
                    return taken
                taken.extend((band, first + int(column)) for column in found[:limit])
        return taken

    def _cut(self, rect: Rect) -> Rect | None:
        """Return the box of what differs inside ``rect``; ``None``: nothing does."""
        bottom = min(rect.y + rect.h, self._height)
        right = min(rect.x + rect.w, self._width)
        area = np.s_[rect.y : bottom, rect.x : right]
        differs = self._frame[area] != self._shadow[area]
        rows = np.flatnonzero(differs.any(axis=1))
        if not rows.size:
            return None
        top, height = int(rows[0]), int(rows[-1] - rows[0]) + 1
        if right - rect.x >= _WIDE:
            return Rect(rect.x, rect.y + top, right - rect.x, height)
        columns = np.flatnonzero(differs.any(axis=0))
        left, width = int(columns[0]), int(columns[-1] - columns[0]) + 1
        return Rect(rect.x + left, rect.y + top, width, height)


def _are_equal(new: Pixels, old: Pixels) -> bool:
    """Compare a band; by 64-bit words where its rows touch (twice as fast)."""
    if new.flags.c_contiguous and new.shape[1] % 2 == 0 and not new.ctypes.data % 8:
        return np.array_equal(new.view(np.uint64), old.view(np.uint64))
    return np.array_equal(new, old)


def _runs(tiles: Iterable[Tile]) -> Iterator[tuple[int, int, int]]:
    """Join neighbours of a band: yield band, first column, column after the last."""
    start: tuple[int, int] | None = None
    end = 0
    for band, column in tiles:
        if start is not None and (band, column) == (start[0], end):
            end += 1
            continue
        if start is not None:
            yield start[0], start[1], end
        start, end = (band, column), column + 1
    if start is not None:
        yield start[0], start[1], end


def _merge(tiles: Iterable[Tile]) -> list[Rect]:
    """Merge tiles, given band by band, to rectangles of whole tiles.

    Runs of the same columns in neighbouring bands become one: rows that belong
    together stay together, which is what the stream's history needs.
    """
    open_: dict[tuple[int, int], tuple[int, int]] = {}
    merged: list[Rect] = []
    for band, first, end in _runs(tiles):
        top, below = open_.get((first, end), (band, band))
        if below != band:
            merged.append(_tiles_rect(first, end, top, below))
            top = band
        open_[first, end] = (top, band + 1)
    merged.extend(
        _tiles_rect(first, end, top, below)
        for (first, end), (top, below) in open_.items()
    )
    return sorted(merged, key=lambda rect: (rect.y, rect.x))


def _tiles_rect(first: int, end: int, top: int, below: int) -> Rect:
    return Rect(first * TILE, top * TILE, (end - first) * TILE, (below - top) * TILE)
