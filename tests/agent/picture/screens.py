"""Screens drawn by ourselves, and the port's side of a desktop that shows them.

Letters are drawn at three times the width and folded into red, green and blue, the
way LCD antialiasing does it: that is what real desktops send (codec.md 2).
"""

from __future__ import annotations

import functools
import io
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import zstandard
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cordee_agent.desktops.base import (
    Cursor,
    Frame,
    Layout,
    Monitor,
    NoDesktop,
    make_layout,
)
from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import Rect

Rgb = NDArray[np.uint8]

_SYLLABLES = [
    "chan",
    "dre",
    "fri",
    "gno",
    "ille",
    "klar",
    "mont",
    "qua",
    "stra",
    "vrai",
]
_SYLLABLES += ["ba", "co", "di", "fu", "ga", "ho", "ji", "ka", "lu", "me", "no", "pi"]
_SYLLABLES += ["ro", "si", "tu", "va", "wi", "xe", "yo", "ze", "rhi", "tion"]
LINE = 24


def sentences(seed: int, lines: int, words: int = 14) -> list[str]:
    """Return lines of words that do not repeat by accident."""
    dice = random.Random(seed)

    def word() -> str:
        return "".join(dice.choices(_SYLLABLES, k=dice.randint(1, 4)))

    return [
        " ".join(word() for _ in range(words)).capitalize() + "." for _ in range(lines)
    ]


def paper(width: int, height: int, colour: tuple[int, int, int]) -> Rgb:
    """Return an empty screen."""
    return np.full((height, width, 3), colour, dtype=np.uint8)


@functools.cache
def _glyph(letter: str, size: int) -> NDArray[np.uint16]:
    """Return a letter's coverage of red, green and blue, pixel by pixel."""
    font = ImageFont.load_default(size * 3)
    width, height = -(-int(font.getlength(letter)) // 3), size * 2
    wide = Image.new("L", (width * 3, height * 3), 0)
    ImageDraw.Draw(wide).text((0, 0), letter, font=font, fill=255)
    mask = np.asarray(wide.resize((width * 3, height), Image.Resampling.BOX))
    return mask.reshape(height, width, 3).astype(np.uint16)


def write(screen: Rgb, x: int, y: int, text: str, size: int = 15) -> None:
    """Draw a line of text in dark grey, LCD-antialiased, on whole pixels."""
    for letter in text:
        ink = _glyph(letter, size)
        area = screen[y : y + ink.shape[0], x : x + ink.shape[1]]
        ink = ink[: area.shape[0], : area.shape[1]]
        area[:] = (area * (255 - ink) + 40 * ink) // 255
        x += ink.shape[1]
        if x >= screen.shape[1]:
            return


def page(seed: int, width: int = 1920, height: int = 1080) -> Rgb:
    """Draw a page of text with a bar on top and a column at the left."""
    screen = paper(width, height, (252, 252, 250))
    screen[:48] = (47, 93, 132)
    screen[48:, : width // 6] = (233, 236, 240)
    write(screen, 20, 10, sentences(seed, 1, 5)[0], 18)
    rows = (height - 80) // LINE
    for row, line in enumerate(sentences(seed + 1, rows, 2)):
        write(screen, 16, 64 + row * LINE, line)
    for row, line in enumerate(sentences(seed + 2, rows)):
        write(screen, width // 6 + 24, 64 + row * LINE, line)
    return screen


def typed(screen: Rgb, x: int, y: int, letter: str) -> Rgb:
    """Return the screen after one more letter."""
    after = screen.copy()
    write(after, x, y, letter)
    return after


def scrolled(screen: Rgb, seed: int, rows: int = 2) -> Rgb:
    """Return the screen after its text moved up by some lines."""
    after = screen.copy()
    height, width = screen.shape[:2]
    left, step = width // 6, rows * LINE
    after[48 : height - step, left:] = screen[48 + step :, left:]
    after[height - step :, left:] = (252, 252, 250)
    for row, line in enumerate(sentences(seed, rows)):
        write(after, left + 24, height - step + row * LINE, line)
    return after


def photo(seed: int, width: int, height: int) -> Rgb:
    """Return a photo's like: soft shapes, and the grain of a camera."""
    dice = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3))
    for size, weight in ((5, 110), (17, 60), (61, 30), (211, 12)):
        coarse = dice.integers(0, 256, (size, size, 3), dtype=np.uint8)
        soft = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        picture += np.asarray(soft) / 255 * weight
    picture += dice.normal(0, 2.5, (height, width, 3))
    return picture.clip(0, 255).astype(np.uint8)


def with_picture(screen: Rgb, picture: Rgb, x: int, y: int) -> Rgb:
    """Return the screen with a picture on it."""
    after = screen.copy()
    after[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return after


def noise(seed: int, width: int, height: int) -> Rgb:
    """Return what nothing can compress."""
    dice = np.random.default_rng(seed)
    return dice.integers(0, 256, (height, width, 3), dtype=np.uint8)


def bgrx(screen: Rgb) -> bytes:
    """Return a screen as a desktop gives it."""
    height, width = screen.shape[:2]
    words = np.zeros((height, width, 4), dtype=np.uint8)
    words[..., :3] = screen[..., ::-1]
    return words.tobytes()


def frame_of(screen: Rgb) -> Frame:
    """Return a screen as one frame."""
    height, width = screen.shape[:2]
    return Frame(width, height, width * 4, memoryview(bgrx(screen)))


ARROW = Cursor(1, 5, 6, 0, 0, 2, 2, bytes(range(16)))


@dataclass
class ScriptedScreen:
    """A desktop that shows what the test says; also from another thread.

    With a ``tick`` the time that waiting takes is told there and nobody waits.
    """

    shown: Rgb
    pointer: Cursor | None = None
    tick: Callable[[float], None] | None = None
    #: Whether the desktop tells of changes, or only says that there may be some.
    tells: bool = True
    grabs: int = 0
    is_closed: bool = False
    is_gone: bool = False
    monitors: tuple[Monitor, ...] | None = None
    _changed: threading.Event = field(default_factory=threading.Event)

    def show(self, screen: Rgb, *, quietly: bool = False) -> None:
        """Show something else; ``quietly``: as a driver that forgets to tell."""
        self.shown = screen
        if not quietly:
            self._changed.set()

    def layout(self) -> Layout:
        """Return the layout."""
        height, width = self.shown.shape[:2]
        return make_layout(
            width, height, self.monitors or (Monitor(0, 0, 0, width, height, True),)
        )

    def grab(self) -> Frame:
        """Take a picture."""
        if self.is_gone:
            raise NoDesktop("gone")
        self.grabs += 1
        return frame_of(self.shown)

    def cursor(self) -> Cursor | None:
        """Return the pointer."""
        return self.pointer

    def wait_change(self, timeout_s: float) -> bool:
        """Wait for :meth:`show`, or let the time pass."""
        if self.tick is not None:
            if not self._changed.is_set():
                self.tick(timeout_s)
        else:
            self._changed.wait(timeout_s)
        told = self._changed.is_set()
        self._changed.clear()
        return told or not self.tells

    def close(self) -> None:
        """Remember that it was closed."""
        self.is_closed = True


class Viewer:
    """A console in Python: unfolds and draws, strictly, whatever it is sent."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self.layout: wire.Layout | None = None
        self.shown: Rgb = paper(1, 1, (0, 0, 0))
        self.shape: bytes | None = None
        self.pointer: tuple[int, int] | None = None
        self.seq = 0
        self.epochs = 0
        self.messages: list[wire.FromAgent] = []
        self.bytes = 0
        #: Tiles that no exact pixels have covered as a whole since they were lossy.
        self.rough: set[tuple[int, int]] = set()

    def receive(self, payload: bytes) -> wire.FromAgent:
        """Draw one message."""
        message = wire.decode(payload, self.layout)
        self.messages.append(message)
        self.bytes += len(payload)
        if isinstance(message, wire.Layout):
            self.layout = message
            self.epochs += 1
            self.seq = 0
            self.rough = set()
            self.shown = paper(message.width, message.height, (0, 0, 0))
            self._has_stream = bool(message.window_log)
            if not self._has_stream:
                return message
            limit = zstandard.ZstdDecompressor(max_window_size=1 << message.window_log)
            self._unfold = limit.decompressobj()
            return message
        assert message.seq == self.seq + 1
        self.seq = message.seq
        match message:
            case wire.Rects(coding=coding, rects=rects, payload=squeezed):
                if coding in wire.STREAMED:
                    self._draw(coding, rects, squeezed)
                else:
                    self._draw_file(rects[0], squeezed)
                self._note(coding, rects)
            case wire.Shape(payload=file) if file and not self._has_stream:
                self.shape = Image.open(io.BytesIO(file)).convert("RGBA").tobytes()
            case wire.Shape(payload=squeezed):
                self.shape = self._unfold.decompress(squeezed) if squeezed else b""
            case wire.Pointer(x=x, y=y):
                self.pointer = (x, y)
        return message

    def _draw(self, coding: wire.Coding, rects: Sequence[Rect], data: bytes) -> None:
        pixels = self._unfold.decompress(data)
        for x, y, w, h in rects:
            raw = np.frombuffer(pixels[: w * h * 3], dtype=np.uint8)
            if coding is wire.Coding.COLUMNS:
                area = raw.reshape(w, h, 3).transpose(1, 0, 2)
            else:
                area = raw.reshape(h, w, 3)
            self.shown[y : y + h, x : x + w] = area
            pixels = pixels[w * h * 3 :]
        assert pixels == b""

    def _draw_file(self, rect: Rect, data: bytes) -> None:
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        x, y, w, h = rect
        self.shown[y : y + h, x : x + w] = np.asarray(picture.resize((w, h)))

    def _note(self, coding: wire.Coding, rects: Sequence[Rect]) -> None:
        """Keep account of what is rough, as console/screen/sharpness.js does."""
        height, width = self.shown.shape[:2]
        covered: dict[tuple[int, int], int] = {}
        for x, y, w, h in rects:
            for top in range(y // 64 * 64, y + h, 64):
                for left in range(x // 64 * 64, x + w, 64):
                    wide = min(x + w, left + 64) - max(x, left)
                    high = min(y + h, top + 64) - max(y, top)
                    tile = (top, left)
                    covered[tile] = covered.get(tile, 0) + wide * high
        for (top, left), area in covered.items():
            if coding in wire.LOSSY:
                self.rough.add((top, left))
            elif area >= min(64, height - top) * min(64, width - left):
                self.rough.discard((top, left))

    def ack(self) -> bytes:
        """Return the acknowledgement of everything so far."""
        assert self.layout is not None
        return wire.encode(wire.Ack(self.layout.epoch, self.seq))

    def shows(self, screen: Rgb) -> bool:
        """Whether every pixel is as on that screen."""
        return self.shown.shape == screen.shape and bool((self.shown == screen).all())
