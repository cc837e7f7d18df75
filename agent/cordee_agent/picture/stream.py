"""Rectangles of pixels to picture messages, through one zstd stream an epoch.

The stream's long memory is the whole trick (codec.md 4): a letter, a scrolled line,
a page seen before are found in it, so no glyph cache or copy rectangle is needed.
So nothing that was encoded may be dropped or sent twice.

Not thread-safe; owned by the picture's thread.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Final

import numpy as np
import zstandard
from PIL import Image

from cordee_agent.desktops.base import Cursor, Frame
from cordee_agent.picture.differ import TILE, Pixels
from cordee_agent.picture.strips import strips
from cordee_shared.limits import PICTURE_WINDOW_LOG_MAX
from cordee_shared.wire.picture import Coding, Rect, Rects, Shape, encode

#: zstd levels by what this computer can do (codec.md 5.4), and the window of each,
#: base-2 logarithm of bytes: +44 MB of memory at 25, less on a weak PC.
_WINDOWS: Final = {9: 25, 6: 25, 3: 24}
#: Pictures come in chunks, and each has to find its old place in the history again;
#: the ordinary search loses it among white rows. Looking for long repeats beside it
#: takes a first scroll from 35 to 11 kB and a new page from 75 to 67, for a third
#: more CPU and 8 MB (`benchmarks/RESULTS.md`).
_LONG_DISTANCE: Final = {
    "enable_ldm": True,
    "ldm_min_match": 64,
    "ldm_hash_log": 20,
    "ldm_hash_rate_log": 3,
}
#: Above so many pixels (1366 x 768 is below), and with so much memory, 64 MiB.
_LARGE_SCREEN: Final = 1_200_000
_LARGE_MEMORY: Final = 4 * 2**30
#: A 64-row band that takes less CPU than this, in ms, allows the best level.
_FAST_MS: Final = 5.0
#: One that takes more asks for the lightest.
_SLOW_MS: Final = 20.0


def pack(frame: Frame, rect: Rect) -> bytes:
    """Return a rectangle of a BGRX frame as RGB rows.

    Pillow's unpacker takes 2.3 ms for 1080p where numpy's slicing takes 7 to 12.
    """
    start = rect.y * frame.stride + rect.x * 4
    end = start + (rect.h - 1) * frame.stride + rect.w * 4
    return Image.frombytes(
        "RGB",
        (rect.w, rect.h),
        frame.pixels[start:end],
        "raw",
        "BGRX",
        frame.stride,
        1,
    ).tobytes()


def _upended(pixels: Pixels, rect: Rect) -> bytes:
    """Return a rectangle as RGB, column by column."""
    area = pixels[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w]
    on_its_side = np.ascontiguousarray(area.T)
    picture = Image.frombuffer(
        "RGB", (rect.h, rect.w), on_its_side, "raw", "BGRX", 0, 1
    )
    return picture.tobytes()


def measure_level(frame: Frame) -> int:
    """Choose the zstd level by compressing the frame's busiest band once, at 6."""
    bands = max(1, frame.height // TILE)
    rows = np.frombuffer(
        frame.pixels, dtype=np.uint8, count=frame.height * frame.stride
    )
    rows = rows.reshape(frame.height, frame.stride)
    # A band of one colour would say that every computer is fast.
    busiest = max(
        range(bands),
        key=lambda band: int(np.count_nonzero(np.diff(rows[band * TILE, ::4]))),
    )
    top = busiest * TILE
    band = pack(frame, Rect(0, top, frame.width, min(TILE, frame.height - top)))
    compressor = zstandard.ZstdCompressor(
        compression_params=_parameters(6, _WINDOWS[6])
    )
    before = time.thread_time()
    compressor.compress(band)
    return level_for((time.thread_time() - before) * 1000)


def level_for(band_ms: float) -> int:
    """Return the zstd level for a computer that takes so long for a band."""
    if band_ms < _FAST_MS:
        return 9
    return 3 if band_ms > _SLOW_MS else 6


def window_log(level: int, pixels: int = 0, memory: int = 0) -> int:
    """Return the base-2 logarithm of the window that goes with a level.

    A page seen before has to be inside it: large screens need more, where the
    computer has it (+78 MB instead of +44, codec.md 5.4).

    Args:
        level: zstd's.
        pixels: of the screen.
        memory: of the computer, in bytes; 0 when it is not known.
    """
    log = _WINDOWS[level]
    is_large = pixels > _LARGE_SCREEN and memory >= _LARGE_MEMORY
    return PICTURE_WINDOW_LOG_MAX if is_large and log == _WINDOWS[9] else log


def memory_bytes() -> int:
    """Return this computer's memory, in bytes; 0 when the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows; a system without them
        return 0


def _parameters(level: int, log: int) -> zstandard.ZstdCompressionParameters:
    return zstandard.ZstdCompressionParameters.from_level(
        level,
        window_log=log,
        write_content_size=False,
        **_LONG_DISTANCE,
    )


class PictureStream:
    """The stream of one epoch; numbers its messages."""

    def __init__(self, level: int, log: int | None = None) -> None:
        """Begin a stream at a zstd level (9, 6 or 3), with that window or its usual."""
        self.window_log = log or _WINDOWS[level]
        parameters = _parameters(level, self.window_log)
        compressor = zstandard.ZstdCompressor(compression_params=parameters)
        self._stream = compressor.compressobj()

    def columns(self, seq: int, pixels: Pixels, rects: Sequence[Rect]) -> bytes:
        """Return the message that shows these rectangles exactly, cut into lines."""
        cut = [strip for rect in rects for strip in strips(pixels, rect)]
        raw = b"".join(_upended(pixels, rect) for rect in cut)
        payload = self._squeeze(raw)
        return encode(Rects(seq, Coding.COLUMNS, tuple(cut), payload))

    def rects(self, seq: int, frame: Frame, rects: Sequence[Rect]) -> bytes:
        """Return the message that shows these rectangles of the frame, exactly."""
        payload = self._squeeze(b"".join(pack(frame, rect) for rect in rects))
        return encode(Rects(seq, Coding.EXACT, tuple(rects), payload))

    def shape(self, seq: int, cursor: Cursor) -> bytes:
        """Return the message that gives the pointer this shape."""
        payload = self._squeeze(cursor.rgba) if cursor.rgba else b""
        return encode(
            Shape(
                seq,
                cursor.width,
                cursor.height,
                cursor.hot_x,
                cursor.hot_y,
                payload,
            )
        )

    def _squeeze(self, raw: bytes) -> bytes:
        # The flush makes the message complete: the console can unfold all of it.
        return self._stream.compress(raw) + self._stream.flush(
            zstandard.COMPRESSOBJ_FLUSH_BLOCK
        )
