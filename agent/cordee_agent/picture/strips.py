"""Rectangles cut where lines of text end, so that each letter is one piece.

A stream that remembers finds a letter again only where its pixels stand together:
row by row a letter of 15 rows is 15 small pieces, column by column in a strip as high
as its line it is one. That halves what a new page of text costs, at the same CPU
(ADR 0012, `benchmarks/RESULTS.md`). Where lines end is seen in the pixels: between
them, rows are equal to the row above.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordee_shared.wire.picture import Rect

Pixels = NDArray[np.uint32]

#: Rows that a rectangle may grow by, to end where a line of text does.
REACH: Final = 32
#: Only rectangles of at least so many pixels' width hold lines.
_WIDE: Final = 128
#: More strips than this share of the rows say that there are no lines.
_STRIPS_SHARE: Final = 0.5


def _repeats(
    pixels: Pixels, x: int, w: int, top: int, bottom: int
) -> NDArray[np.bool_]:
    """Say of each row from ``top`` to ``bottom`` whether it equals the one above."""
    first = max(top - 1, 0)
    area = pixels[first:bottom, x : x + w]
    equal = (area[1:] == area[:-1]).all(axis=1)
    return equal if top else np.concatenate((np.zeros(1, dtype=np.bool_), equal))


def reach_out(pixels: Pixels, rect: Rect, room: int) -> Rect:
    """Return ``rect`` grown to the end of the line that its edges cut.

    Args:
        pixels: the whole frame.
        rect: what has to be shown at least.
        room: pixels that it may grow by.
    """
    rows = min(REACH, room // max(rect.w, 1) // 2)
    if rect.w < _WIDE or rows <= 0:
        return rect
    top, bottom = rect.y, rect.y + rect.h
    above = _repeats(pixels, rect.x, rect.w, max(top - rows, 0), top + 1)[::-1]
    # The first row from here up that repeats is outside the line.
    if not above[0] and above.any():
        top -= int(above.argmax()) - 1
    end = min(bottom + rows, pixels.shape[0])
    below = _repeats(pixels, rect.x, rect.w, bottom, end) if bottom < end else None
    if below is not None and below.any():
        bottom += int(below.argmax())
    return Rect(rect.x, top, rect.w, bottom - top)


def strips(pixels: Pixels, rect: Rect) -> list[Rect]:
    """Cut a rectangle into lines and what is between them, from the top."""
    if rect.w < _WIDE or rect.h < 2:
        return [rect]
    repeats = _repeats(pixels, rect.x, rect.w, rect.y, rect.y + rect.h)
    edges = [0, *(np.flatnonzero(repeats[1:] != repeats[:-1]) + 1).tolist(), rect.h]
    if len(edges) - 1 > max(2, rect.h * _STRIPS_SHARE):
        return [rect]
    return [
        Rect(rect.x, rect.y + start, rect.w, end - start)
        for start, end in pairwise(edges)
    ]
