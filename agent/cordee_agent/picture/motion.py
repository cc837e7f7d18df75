"""Tiles that move: taken out of the exact path, for they would fill it (codec.md 6).

A video of 640 x 360 costs 300 kB a picture when it is sent exactly, and a key pressed
beside it waits behind that. So:

1. A tile moves when it changed in at least 5 of the last 8 looks.
2. Text that scrolls moves too, and costs nearly nothing: only photos are held, and
   what moves beside them. A few tiles, an icon that spins, are not worth it.
3. A held tile is let go when it changed in no more than one of the last 8 looks, or
   when nothing changed for a while: what it shows then is sent like any other.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint32]
Map = NDArray[np.bool_]

#: Changes in the last 8 looks from which a tile moves, and up to which it rests.
_MOVES: Final = 5
_RESTS: Final = 1
#: Fewer photo tiles are no video: 20 kB a picture at least (codec.md 6).
_TILES_MIN: Final = 4

_ONES: Final = np.array([bin(byte).count("1") for byte in range(256)], dtype=np.uint8)


class Motion:
    """What moves on one epoch's screen. Owned by its Differ."""

    def __init__(self, bands: int, columns: int, tile: int) -> None:
        """Begin with a screen at rest."""
        self._tile = tile
        self._changes = np.zeros((bands, columns), dtype=np.uint8)
        self._sums = np.zeros((bands, columns), dtype=np.uint32)
        self._heavy: Map = np.zeros((bands, columns), dtype=np.bool_)
        #: Tiles that are not part of the exact path now.
        self.held: Map = np.zeros((bands, columns), dtype=np.bool_)
        # Python's dice: numpy's would be half a megabyte of the customer's file.
        dice = random.Random(1)  # noqa: S311 - weights of a sum, nothing to guess
        self._down = _odd(dice, tile)
        self._across = _odd(dice, columns * tile)

    def look(
        self, frame: Pixels, dirty: Map, is_photo: Callable[[int, int], bool]
    ) -> None:
        """Note which of the dirty tiles changed since the last look.

        Args:
            frame: the newest pixels.
            dirty: tiles that the console does not show as they are.
            is_photo: says it of a tile, given band and column.
        """
        sums = self._sums_of(frame, dirty)
        changed = dirty & (sums != self._sums)
        self._sums = sums
        self._changes = (self._changes << 1) | changed
        count = _ONES[self._changes]
        moves = count >= _MOVES
        for band, column in zip(*np.nonzero(moves & ~self._heavy), strict=True):
            self._heavy[band, column] = is_photo(int(band), int(column))
        self._heavy &= count > _RESTS
        self.held &= count > _RESTS
        if np.count_nonzero(self._heavy) >= _TILES_MIN:
            self.held |= moves & _around(self._heavy)
        elif not self._heavy.any():
            self.held[:] = False

    def rest(self) -> None:
        """Nothing has changed for a while: let everything go."""
        self._changes[:] = 0
        self._heavy[:] = False
        self.held[:] = False

    def _sums_of(self, frame: Pixels, dirty: Map) -> NDArray[np.uint32]:
        """Return a sum of each dirty tile's pixels that a change changes."""
        sums = np.zeros_like(self._sums)
        height, width = frame.shape
        starts = np.arange(0, width, self._tile)
        for band in np.flatnonzero(dirty.any(axis=1)):
            rows = frame[band * self._tile : min((band + 1) * self._tile, height)]
            columns = self._down[: rows.shape[0]] @ rows
            sums[band] = np.add.reduceat(columns * self._across[:width], starts)
        return np.where(dirty, sums, 0)


def _odd(dice: random.Random, count: int) -> NDArray[np.uint32]:
    """Return odd numbers, so that every bit of a pixel counts whatever its place."""
    drawn = [dice.getrandbits(32) | 1 for _ in range(count)]
    return np.array(drawn, dtype=np.uint32)


def _around(tiles: Map) -> Map:
    """Return these tiles and their neighbours."""
    wide = tiles.copy()
    wide[1:] |= tiles[:-1]
    wide[:-1] |= tiles[1:]
    across = wide.copy()
    across[:, 1:] |= wide[:, :-1]
    across[:, :-1] |= wide[:, 1:]
    return across
