"""Photos: which tiles are some, and picture files of them.

Text compresses thirty times through the stream, photos hardly twice: on a slow way
they come as lossy files first (ADR 0013). Pure functions on pixels.
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, WebPImagePlugin

from cordee_shared.wire.picture import Coding, Rect

Pixels = NDArray[np.uint32]

#: A tile with a smaller share of pixels equal to a neighbour is a photo: 0.4 % of
#: the tiles of text pages are below, nearly all of photos (codec.md 5.3).
_EQUAL_SHARE: Final = 0.60
#: What a photo's tile comes to when it is sent exactly, in bytes.
EXACT_TILE_BYTES: Final = 6_000

# Pillow looks for its formats when it first writes one: a twentieth of a second that a
# first picture would wait for, ten times that on an old computer.
Image.preinit()
_ = WebPImagePlugin

#: Pillow's names and settings. Method 0 is three times as fast as 2 for a tenth more
#: bytes; lossless method 1 beats 2 by half in time (codec.md 3).
_FORMATS: Final[dict[Coding, tuple[str, dict[str, Any]]]] = {
    Coding.WEBP: ("WEBP", {"method": 0}),
    Coding.LOSSLESS: ("WEBP", {"lossless": True, "method": 1, "quality": 20}),
    Coding.PNG: ("PNG", {"compress_level": 1}),
    Coding.JPEG: ("JPEG", {}),
}


def is_photo(pixels: Pixels, tile: Rect) -> bool:
    """Whether a tile looks like a photo, not like text or a surface."""
    area = pixels[tile.y : tile.y + tile.h, tile.x : tile.x + tile.w]
    if area.shape[0] < 2 or area.shape[1] < 2:
        return False
    here = area[1:, 1:]
    equal = (here == area[1:, :-1]) | (here == area[:-1, 1:])
    return bool(np.count_nonzero(equal) < _EQUAL_SHARE * equal.size)


def picture_of(pixels: Pixels, rect: Rect) -> Image.Image:
    """Return an area of a frame as Pillow's RGB."""
    area = np.ascontiguousarray(
        pixels[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w]
    )
    return Image.frombuffer("RGB", (rect.w, rect.h), area, "raw", "BGRX", 0, 1)


def still(
    pixels: Pixels, rect: Rect, coding: Coding, quality: int = 0, by: int = 1
) -> bytes:
    """Return an area of a frame as a picture file.

    Args:
        pixels: the whole frame.
        rect: the area.
        coding: one of the files of `wire/picture.py`.
        quality: of a lossy file, 0 to 100; Pillow's scale.
        by: how many times the file is smaller than the area, each way.
    """
    name, settings = _FORMATS[coding]
    picture = picture_of(pixels, rect)
    if by > 1:
        picture = picture.reduce(by)
    if coding in (Coding.WEBP, Coding.JPEG):
        settings = {**settings, "quality": quality}
    file = io.BytesIO()
    picture.save(file, name, **settings)
    return file.getvalue()


def shape_file(rgba: bytes, width: int, height: int) -> bytes:
    """Return a pointer's shape as a PNG, for consoles without a stream."""
    file = io.BytesIO()
    Image.frombytes("RGBA", (width, height), rgba).save(file, "PNG")
    return file.getvalue()
