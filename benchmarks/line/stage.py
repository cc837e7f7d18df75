"""The customer's desktop as the bench needs it: pages, typing, a film, menus, a window.

A program of its own on the customer's display; it reads commands and says what it did
and when (the wall clock, which the browser has too)::

    python -m benchmarks.line.stage FOLDER

=============  ====================================================================
``page N``     show a page at once, its top
``film 0|1``   a moving region of 640 x 360, 25 pictures a second
``glide N``    scroll the long page by itself, N times, 30 times a second
``drag N``     move a window over the page, N times, 30 times a second
``menu N``     open a menu at one of six places; -1: close it
``rest``       do nothing; says that it has arrived here
=============  ====================================================================

Keys draw a letter into the strip below the page, the wheel scrolls the long page.
Everything is drawn out of sight and copied to the screen in one piece, as toolkits do.
The window is below all others, so that the agent's own are where they always are; the
pointer is not to be seen over it, for some peers paint it into the picture.
"""

from __future__ import annotations

import json
import select
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image
from Xlib import X
from Xlib.display import Display

from benchmarks.line import pages
from benchmarks.line.pages import HEIGHT, LONG_PAGE, STEP, STRIP, WIDTH

TOP_OF_STRIP: Final = HEIGHT - STRIP
#: Where the next letter appears, and how far the line is.
LETTERS: Final = (20, TOP_OF_STRIP + 8, 22 * 14, 26)
_ADVANCE: Final = 14
#: A number that cameras can read: sixteen cells of eight pixels, the first bit left.
BARS: Final = (900, TOP_OF_STRIP + 16, 8, 16)
FILM: Final = (363, 180)
_FILM_S: Final = 1 / 25
_TICK_S: Final = 1 / 30
#: Pixels that a gliding page moves each time.
GLIDE: Final = 6
#: Rows of a picture in one request to the X server.
_ROWS: Final = 40
MENU: Final = (240, 320)
_WINDOW: Final = (500, 380)
MENUS: Final = ((40, 60), (400, 90), (760, 60), (1080, 120), (200, 330), (640, 360))


class Stage:
    """The window and what it shows."""

    def __init__(self, folder: Path) -> None:
        """Draw everything that will be shown into the X server's memory."""
        self._display = Display()
        screen = self._display.screen()
        self._root, self._depth = screen.root, screen.root_depth
        nothing = self._root.create_pixmap(1, 1, 1)
        mask = nothing.create_gc(foreground=0, background=0)
        nothing.fill_rectangle(mask, 0, 0, 1, 1)
        hidden = nothing.create_cursor(nothing, (0, 0, 0), (0, 0, 0), 0, 0)
        self._window = self._root.create_window(
            *(0, 0, WIDTH, HEIGHT, 0, self._depth),
            override_redirect=True,
            event_mask=X.KeyPressMask | X.ButtonPressMask | X.ExposureMask,
            cursor=hidden,
        )
        self._context = self._root.create_gc(graphics_exposures=False)
        paths = pages.make(folder)
        self._pages = [self._pixmap(pages.read(path)) for path in paths]
        self._pages.append(self._pixmap(pages.photo_page()))
        self._film = [self._pixmap(picture) for picture in pages.film()]
        self._extra = self._pixmap(pages.read(paths[2])[: _WINDOW[1], : _WINDOW[0]])
        self._menu = self._pixmap(menu_pixels(folder))
        self._letters = [self._pixmap(one) for one in _letters(paths[1])]
        self._back = self._root.create_pixmap(WIDTH, HEIGHT, self._depth)
        self._page = self._offset = self._typed = 0
        self._mover: Iterator[float] | None = None
        self._filming: Iterator[float] | None = None
        self._due = self._film_due = float("inf")
        self._draw_page()
        self._fill(0xFFFFFF, 0, TOP_OF_STRIP, WIDTH, STRIP)
        self._window.map()
        self._window.configure(stack_mode=X.Below)
        self._display.sync()
        self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._show()

    def run(self) -> None:
        """Obey until there is nobody to obey."""
        while True:
            # Events may have been read while something else was waited for.
            while self._display.pending_events():
                self._take(self._display.next_event())
            now = time.monotonic()
            pause = max(0.0, min(self._due, self._film_due) - now)
            ready, _, _ = select.select(
                [sys.stdin, self._display.fileno()],
                *([], [], None if pause == float("inf") else pause),
            )
            now = time.monotonic()
            if now >= self._due and self._mover is not None:
                self._due = next(self._mover, float("inf"))
            if now >= self._film_due and self._filming is not None:
                self._film_due = next(self._filming, float("inf"))
            if sys.stdin in ready:
                line = sys.stdin.readline()
                if not line:
                    return
                self._obey(*line.split())

    # --- what is asked -----------------------------------------------------------

    def _obey(self, verb: str, *words: str) -> None:
        numbers = [int(word) for word in words]
        deeds: dict[str, Callable[..., None]] = {
            "page": self._page_shown,
            "film": self._film_set,
            "glide": self._glide,
            "drag": self._drag,
            "menu": self._menu_shown,
            "rest": self._rest,
        }
        deeds[verb](*numbers)

    def _page_shown(self, number: int) -> None:
        self._page, self._offset = number, 0
        self._draw_page()
        self._draw_number(0)
        self._show()
        say("page", number)

    def _film_set(self, on: int) -> None:
        self._filming = self._filmed() if on else None
        self._film_due = time.monotonic() if on else float("inf")
        if not on:
            self._draw_page()
            self._show(0, 0, WIDTH, TOP_OF_STRIP)
        say("film", on)

    def _menu_shown(self, number: int) -> None:
        self._draw_page()
        x, y = MENUS[max(number, 0)]
        w, h = MENU
        if number >= 0:
            self._copy(self._menu, x, y, w, h)
        self._show(x, y, w, h)
        say("menu", number)

    def _rest(self) -> None:
        say("rest", 0)

    def _glide(self, count: int) -> None:
        self._page, self._offset = LONG_PAGE, 0
        self._begin(self._glided(count))

    def _drag(self, count: int) -> None:
        self._begin(self._dragged(count))

    def _begin(self, mover: Iterator[float]) -> None:
        self._mover, self._due = mover, time.monotonic()

    # --- what goes on ------------------------------------------------------------

    def _filmed(self) -> Iterator[float]:
        x, y = FILM
        number, due = 0, time.monotonic()
        while True:
            # There and back, so that it never jumps.
            at = number % (2 * len(self._film) - 2)
            at = min(at, 2 * len(self._film) - 2 - at)
            self._copy(self._film[at], x, y, 640, 360)
            self._show(x, y, 640, 360)
            number += 1
            due = max(due + _FILM_S, time.monotonic())
            yield due

    def _glided(self, count: int) -> Iterator[float]:
        due = time.monotonic()
        for number in range(1, count + 1):
            self._offset = number * GLIDE
            self._draw_page()
            self._draw_number(number)
            self._show()
            due = max(due + _TICK_S, time.monotonic())
            if number < count:
                yield due
        say("glide", count)

    def _dragged(self, count: int) -> Iterator[float]:
        w, h = _WINDOW
        due = time.monotonic()
        for number in range(1, count + 1):
            self._draw_page()
            x, y = 40 + number * 7 % 800, 60 + number * 3 % 250
            self._copy(self._extra, x, y, w, h)
            self._draw_number(number)
            self._show()
            due = max(due + _TICK_S, time.monotonic())
            if number < count:
                yield due
        say("drag", count)

    def _take(self, event: Any) -> None:  # noqa: ANN401 - python-xlib has no types
        if event.type == X.Expose:
            self._show(event.x, event.y, event.width, event.height)
        elif event.type == X.KeyPress:
            x, y, width, height = LETTERS
            place = self._typed % (width // _ADVANCE)
            if place == 0:
                self._fill(0xFFFFFF, x, y, width, height)
                self._show(x, y, width, height)
            letter = self._letters[event.detail % len(self._letters)]
            self._copy(letter, x + place * _ADVANCE, y, 12, height)
            self._show(x + place * _ADVANCE, y, 12, height)
            self._typed += 1
            say("key", self._typed)
        elif event.type == X.ButtonPress and event.detail in (4, 5):
            way = STEP if event.detail == 5 else -STEP
            furthest = pages.LONG - TOP_OF_STRIP
            self._offset = min(max(self._offset + way, 0), furthest)
            self._draw_page()
            self._show(0, 0, WIDTH, TOP_OF_STRIP)
            say("wheel", self._offset)
        elif event.type == X.ButtonPress:
            self._window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
            self._display.flush()
            say("press", event.root_x * 10_000 + event.root_y)

    # --- drawing -----------------------------------------------------------------

    def _pixmap(self, pixels: pages.Rgb) -> Any:  # noqa: ANN401 - the same
        height, width = pixels.shape[:2]
        pixmap = self._root.create_pixmap(width, height, self._depth)
        picture = Image.fromarray(np.ascontiguousarray(pixels))
        for top in range(0, height, _ROWS):
            rows = min(_ROWS, height - top)
            data = picture.crop((0, top, width, top + rows)).tobytes("raw", "BGRX")
            pixmap.put_image(
                *(self._context, 0, top, width, rows),
                *(X.ZPixmap, self._depth, 0, data),
            )
            self._display.flush()  # python-xlib moves all that waits at each request
        return pixmap

    def _copy(self, source: Any, x: int, y: int, w: int, h: int) -> None:  # noqa: ANN401
        self._back.copy_area(self._context, source, 0, 0, w, h, x, y)

    def _fill(self, colour: int, x: int, y: int, w: int, h: int) -> None:
        self._context.change(foreground=colour)
        self._back.fill_rectangle(self._context, x, y, w, h)

    def _draw_page(self) -> None:
        top, page = self._offset, self._pages[self._page]
        self._back.copy_area(self._context, page, 0, top, WIDTH, TOP_OF_STRIP, 0, 0)

    def _draw_number(self, number: int) -> None:
        x, y, side, count = BARS
        for bit in range(count):
            colour = 0 if number >> bit & 1 else 0xFFFFFF
            self._fill(colour, x + bit * side, y, side, side)

    def _show(self, x: int = 0, y: int = 0, w: int = WIDTH, h: int = HEIGHT) -> None:
        self._window.copy_area(self._context, self._back, x, y, w, h, x, y)
        self._display.flush()


def menu_pixels(folder: Path) -> pages.Rgb:
    """Return what a menu looks like."""
    return pages.read(pages.make(folder)[4])[: MENU[1], 100 : 100 + MENU[0]]


def _letters(page: Path) -> list[pages.Rgb]:
    """Return pieces of a heading, twelve pixels wide: each has ink in it."""
    pixels = pages.read(page)
    row = 14
    found = [pixels[row : row + LETTERS[3], x : x + 12] for x in range(24, 420, 12)]
    return [one for one in found if np.count_nonzero(one < 90) > 60]


def say(did: str, what: int) -> None:
    """Write what was done, and when."""
    line = json.dumps({"did": did, "what": what, "at": time.time_ns() / 1e6})
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Stage(Path(sys.argv[1])).run()
