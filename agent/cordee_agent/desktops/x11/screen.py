"""Seeing an X11 desktop: its picture, its pointer, its monitors, its changes.

The picture comes by the first way that works, and :attr:`X11Screen.way` says why
the ones before did not:

1. MIT-SHM on our own connection (`shm.py`): 0.2 ms for 1920 x 1080 on Xvnc.
2. mss with its default backend: XShm or XGetImage through libxcb.
3. mss with the backend ``xlib``: 24 ms there, but it asks for nothing more.

Changes are told by the DAMAGE extension, so that an idle screen costs nothing;
without it `wait_change` says that something may have changed each time. Damage is
only a hint to look: how much changed is found in the pixels (`picture/differ.py`).

Everything here belongs to the thread that made it.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import mss
import numpy as np
from mss.exception import ScreenShotError
from Xlib import X
from Xlib.display import Display
from Xlib.error import BadMatch, ConnectionClosedError, DisplayError, XError
from Xlib.ext import damage, randr, xfixes

from cordee_agent.desktops.base import Cursor, Frame, Layout, NoDesktop
from cordee_agent.desktops.x11.monitors import read_layout
from cordee_agent.desktops.x11.shm import SharedPicture
from cordee_shared.limits import CURSOR_SIDE_MAX

#: What python-xlib and mss raise when the X server is gone or refuses.
_GONE: Final = (ConnectionClosedError, DisplayError, XError, ScreenShotError, OSError)

#: Bits of a pixel's red, green and blue: BGRX in memory, little end first.
_MASKS: Final = (0xFF0000, 0x00FF00, 0x0000FF)


class _Eye(Protocol):
    """One way of taking a picture, for one size of the root window."""

    def take(self) -> memoryview: ...

    def close(self) -> None: ...


class _SharedEye:
    """MIT-SHM on the screen's own connection."""

    def __init__(self, display: Display, width: int, height: int) -> None:
        self._root = display.screen().root
        self._picture = SharedPicture(display, width, height)

    def take(self) -> memoryview:
        self._picture.take(self._root)
        return self._picture.pixels

    def close(self) -> None:
        self._picture.close()


class _MssEye:
    """mss, on a connection of its own."""

    def __init__(self, name: str, width: int, height: int, backend: str) -> None:
        self._place = {"left": 0, "top": 0, "width": width, "height": height}
        self._mss = mss.MSS(display=name, backend=backend)
        self.take()

    def take(self) -> memoryview:
        # `.raw` is mss's own buffer; `.bgra` would copy it (codec.md 8).
        return memoryview(self._mss.grab(self._place).raw)

    def close(self) -> None:
        self._mss.close()


class X11Screen:
    """An X11 desktop as `desktops/base.py` wants to see it."""

    def __init__(self, name: str | None = None) -> None:
        """Connect to ``name``, or to ``DISPLAY``.

        Raises:
            NoDesktop: no X server there, or one whose pixels are not 32 bits.
        """
        self._name = name or os.environ.get("DISPLAY", "")
        if not self._name:
            raise NoDesktop("DISPLAY is not set: no X11 desktop here")
        try:
            self._display = Display(self._name)
        except (DisplayError, OSError, ConnectionClosedError) as error:
            raise NoDesktop(f"no X server at {self._name}: {error}") from None
        #: How pictures are taken, and why not better; for the log.
        self.way: str = ""
        self._eye: _Eye | None = None
        self._layout: Layout | None = None
        self._damage: int | None = None
        self._is_damaged = True
        self._is_moved = True
        self._has_shapes = False
        self._shape: Cursor | None = None
        try:
            self._root = self._display.screen().root
            self._check_pixels()
            self._listen()
            self._read_layout()
        except _GONE as error:
            self.close()
            raise NoDesktop(f"the X server at {self._name} refused: {error}") from None
        except NoDesktop:
            self.close()
            raise

    # --- Screen ------------------------------------------------------------------

    def layout(self) -> Layout:
        """Return the present layout; it is read again only after a change.

        Raises:
            NoDesktop: the X server is gone.
        """
        try:
            self._hear()
            if self._is_moved:
                self._read_layout()
        except _GONE as error:
            raise NoDesktop(f"the X server is gone: {error}") from None
        assert self._layout is not None  # read when we connected
        return self._layout

    def grab(self) -> Frame:
        """Take a picture of the root window, BGRX.

        Raises:
            NoDesktop: the X server is gone, or no way of looking works.
        """
        try:
            return self._take()
        except BadMatch:
            # The desktop became smaller between layout and picture: look again.
            self._is_moved = True
        except _GONE as error:
            raise NoDesktop(f"the desktop cannot be seen: {error}") from None
        try:
            return self._take()
        except _GONE as error:
            raise NoDesktop(f"the desktop cannot be seen: {error}") from None

    def cursor(self) -> Cursor | None:
        """Return the pointer; ``None`` without XFIXES, and once the server is gone."""
        try:
            self._hear()
            if self._shape is None:
                self._shape = self._read_shape()
                return self._shape
            at = self._root.query_pointer()
        except _GONE:
            return None
        shape = self._shape
        if shape is None or (shape.x, shape.y) == (at.root_x, at.root_y):
            return shape
        self._shape = Cursor(
            serial=shape.serial,
            x=at.root_x,
            y=at.root_y,
            hot_x=shape.hot_x,
            hot_y=shape.hot_y,
            width=shape.width,
            height=shape.height,
            rgba=shape.rgba,
        )
        return self._shape

    def wait_change(self, timeout_s: float) -> bool:
        """Wait for damage, a new pointer shape or a new layout.

        Without DAMAGE this returns ``True`` after ``timeout_s``.
        """
        until = time.monotonic() + timeout_s
        try:
            while True:
                self._hear()
                if self._is_damaged or self._is_moved:
                    self._forget_damage()
                    return True
                left = until - time.monotonic()
                if left <= 0:
                    return self._damage is None
                select.select([self._display.fileno()], [], [], left)
        except _GONE:
            return True  # the grab that follows says what is wrong

    def close(self) -> None:
        """Give the picture's memory and the connection back."""
        connection = self._display.display.socket
        for give_back in (self._close_eye, self._display.close, connection.close):
            try:
                give_back()
            except _GONE:
                continue  # the server went first and took it along

    # --- connecting --------------------------------------------------------------

    def _check_pixels(self) -> None:
        """Refuse what is not BGRX: 16-bit colours, or a server of other ends."""
        info = self._display.display.info
        screen = self._display.screen()
        bits = {one.depth: one.bits_per_pixel for one in info.pixmap_formats}
        visuals = {
            visual.visual_id: visual
            for depth in screen.allowed_depths
            for visual in depth.visuals
        }
        root = visuals.get(screen.root_visual)
        masks = root and (root.red_mask, root.green_mask, root.blue_mask)
        if (
            bits.get(screen.root_depth) != 32
            or info.image_byte_order != X.LSBFirst
            or masks != _MASKS
        ):
            raise NoDesktop(
                f"this screen has {screen.root_depth} bits of colour; 24 are needed"
            )

    def _listen(self) -> None:
        """Ask to be told of damage, pointer shapes and monitors, as far as known."""
        if self._display.has_extension("XFIXES"):
            self._display.xfixes_query_version()
            self._display.xfixes_select_cursor_input(
                self._root, xfixes.XFixesDisplayCursorNotifyMask
            )
            self._has_shapes = True
        if self._display.has_extension("DAMAGE"):
            self._display.damage_query_version()
            self._damage = self._root.damage_create(damage.DamageReportNonEmpty)
        if self._display.has_extension("RANDR"):
            self._root.xrandr_select_input(randr.RRScreenChangeNotifyMask)
        self._root.change_attributes(event_mask=X.StructureNotifyMask)
        self._display.sync()

    def _hear(self) -> None:
        """Read what the server has to say, without waiting."""
        codes = self._display.extension_event
        while self._display.pending_events():
            event = self._display.next_event()
            if self._damage is not None and event.type == codes.DamageNotify:
                self._is_damaged = True
            elif event.type in (
                X.ConfigureNotify,
                getattr(codes, "ScreenChangeNotify", None),
            ):
                self._is_moved = True
            elif self._has_shapes and event.type == self._cursor_event:
                self._shape = None
                self._is_damaged = True

    @property
    def _cursor_event(self) -> int:
        code: Any = self._display.extension_event.DisplayCursorNotify
        # python-xlib files events with subcodes as pairs of code and subcode.
        return int(code[0] if isinstance(code, tuple) else code)

    def _forget_damage(self) -> None:
        """Start a new account of damage *before* the picture that answers it."""
        self._is_damaged = False
        if self._damage is not None:
            self._display.damage_subtract(self._damage)
            # mss looks through another connection: ours has to arrive first.
            self._display.sync()

    # --- layout ------------------------------------------------------------------

    def _read_layout(self) -> None:
        self._is_moved = False
        layout = read_layout(self._display)
        if layout != self._layout:
            self._layout = layout
            self._close_eye()
            self._is_damaged = True

    # --- picture -----------------------------------------------------------------

    def _take(self) -> Frame:
        layout = self.layout()
        if self._eye is None:
            self._eye = self._open_eye(layout.width, layout.height)
        pixels = self._eye.take()
        return Frame(layout.width, layout.height, layout.width * 4, pixels)

    def _open_eye(self, width: int, height: int) -> _Eye:
        """Return the first way of looking that works, and note why not before."""
        name = self._name
        ways: tuple[tuple[str, Callable[[], _Eye]], ...] = (
            ("MIT-SHM", lambda: _SharedEye(self._display, width, height)),
            ("mss", lambda: _MssEye(name, width, height, "default")),
            ("mss xlib", lambda: _MssEye(name, width, height, "xlib")),
        )
        reasons: list[str] = []
        for way, opened in ways:
            try:
                eye = opened()
            except (NoDesktop, *_GONE) as error:
                reasons.append(f"{way}: {error}")
                continue
            self.way = f"{way} (not {'; '.join(reasons)})" if reasons else way
            return eye
        raise NoDesktop(f"the desktop cannot be seen: {'; '.join(reasons)}")

    def _close_eye(self) -> None:
        eye, self._eye = self._eye, None
        if eye is not None:
            eye.close()

    # --- pointer -----------------------------------------------------------------

    def _read_shape(self) -> Cursor | None:
        if not self._has_shapes:
            return None
        image = self._display.xfixes_get_cursor_image(self._root)
        width, height = image.width, image.height
        if width > CURSOR_SIDE_MAX or height > CURSOR_SIDE_MAX:
            width = height = 0  # nobody can use a pointer of that size: hide it
        rgba = straight(image.cursor_image, width * height)
        return Cursor(
            serial=image.cursor_serial,
            x=image.x,
            y=image.y,
            hot_x=min(image.xhot, max(width - 1, 0)),
            hot_y=min(image.yhot, max(height - 1, 0)),
            width=width,
            height=height,
            rgba=rgba,
        )


def straight(argb: Sequence[int], count: int) -> bytes:
    """Turn ``count`` premultiplied ARGB words of XFIXES into straight RGBA bytes."""
    words = np.asarray(argb[:count], dtype=np.uint32)
    alpha = words >> 24
    out = np.empty((count, 4), dtype=np.uint8)
    half, divisor = alpha // 2, np.maximum(alpha, 1)
    for place, shift in enumerate((16, 8, 0)):
        colour = (words >> shift) & 0xFF
        out[:, place] = np.minimum((colour * 255 + half) // divisor, 255)
    out[:, 3] = alpha
    return out.tobytes()
