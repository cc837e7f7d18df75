"""Which key gives which character on this X server, now; by libxkbcommon-x11.

The core protocol's mapping shows one group of a keyboard that may have four, so the
layout is read through XKB (agent_platform 2.1). ctypes, because both libraries are
present wherever Qt runs on X11, and no maintained binding is.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes import (
    POINTER,
    byref,
    c_char_p,
    c_int,
    c_size_t,
    c_uint16,
    c_uint32,
    c_void_p,
)
from typing import Final, NamedTuple

from cordee_agent.desktops.base import NoDesktop

_XKBCOMMON: Final = "libxkbcommon.so.0"
_XKBCOMMON_X11: Final = "libxkbcommon-x11.so.0"
_XCB: Final = "libxcb.so.1"

# xkbcommon.h
_MODS_DEPRESSED: Final = 1 << 0
_KEY_DOWN: Final = 1
_SHIFT: Final = 1 << 0
_REAL_MODS: Final = 0xFF

# keysymdef.h
_LEVEL3: Final = 0xFE03
_KEYPAD: Final = range(0xFF80, 0xFFBE)
_UNICODE: Final = 0x01000000
_BEYOND_LATIN_1: Final = 0x100
#: X keycodes; some of xkbcommon's are above.
_KEYCODES: Final = range(8, 256)
#: Keysyms of modifier keys, tried in order, by their UI Events code.
MODIFIERS: Final = {
    "ShiftLeft": (0xFFE1, 0xFFE2),
    "ShiftRight": (0xFFE2, 0xFFE1),
    "ControlLeft": (0xFFE3, 0xFFE4),
    "ControlRight": (0xFFE4, 0xFFE3),
    "AltLeft": (0xFFE9, 0xFFEA),
    "AltRight": (0xFFEA, 0xFFE9),
    "MetaLeft": (0xFFEB, 0xFFEC, 0xFFE7),
    "MetaRight": (0xFFEC, 0xFFEB, 0xFFE8),
    "AltGraph": (_LEVEL3,),
}


class Stroke(NamedTuple):
    """How to type a character: a key, and what to hold with it."""

    keycode: int
    shift: bool
    level3: bool


class Keymap(NamedTuple):
    """One group of a keyboard, as it was read; read again when it changes."""

    #: Characters to strokes, the simplest first found.
    strokes: dict[str, Stroke]
    #: Keysyms without a character (Shift_L, Return) to keycodes.
    keysyms: dict[int, int]
    #: Keycodes that give nothing in any group.
    spare: tuple[int, ...]

    def modifier(self, code: str) -> int | None:
        """Return the keycode of the modifier key with this UI Events name."""
        for keysym in MODIFIERS.get(code, ()):
            if keysym in self.keysyms:
                return self.keysyms[keysym]
        return None


class _Libraries(NamedTuple):
    """The loaded libraries, with their prototypes declared."""

    xkb: ctypes.CDLL
    x11: ctypes.CDLL
    xcb: ctypes.CDLL


def _load() -> _Libraries:
    try:
        xkb = ctypes.CDLL(_XKBCOMMON)
        x11 = ctypes.CDLL(_XKBCOMMON_X11)
        xcb = ctypes.CDLL(_XCB)
    except OSError as error:
        raise NoDesktop(f"a library of the keyboard is missing: {error}") from None
    pointer, u32 = c_void_p, c_uint32
    prototypes: list[tuple[ctypes.CDLL, str, object, list[object]]] = [
        (xcb, "xcb_connect", pointer, [c_char_p, POINTER(c_int)]),
        (xcb, "xcb_connection_has_error", c_int, [pointer]),
        (xcb, "xcb_disconnect", None, [pointer]),
        (xkb, "xkb_context_new", pointer, [c_int]),
        (xkb, "xkb_context_unref", None, [pointer]),
        (xkb, "xkb_keymap_unref", None, [pointer]),
        (xkb, "xkb_keymap_num_layouts_for_key", u32, [pointer, u32]),
        (xkb, "xkb_keymap_num_levels_for_key", u32, [pointer, u32, u32]),
        (
            xkb,
            "xkb_keymap_key_get_syms_by_level",
            c_int,
            [pointer, u32, u32, u32, POINTER(POINTER(u32))],
        ),
        (
            xkb,
            "xkb_keymap_key_get_mods_for_level",
            c_size_t,
            [pointer, u32, u32, u32, POINTER(u32), c_size_t],
        ),
        (xkb, "xkb_state_new", pointer, [pointer]),
        (xkb, "xkb_state_unref", None, [pointer]),
        (xkb, "xkb_state_update_key", c_int, [pointer, u32, c_int]),
        (xkb, "xkb_state_serialize_mods", u32, [pointer, c_int]),
        (xkb, "xkb_keysym_to_utf32", u32, [u32]),
        (
            x11,
            "xkb_x11_setup_xkb_extension",
            c_int,
            [pointer, c_uint16, c_uint16, c_int, *[pointer] * 4],
        ),
        (x11, "xkb_x11_get_core_keyboard_device_id", c_int, [pointer]),
        (
            x11,
            "xkb_x11_keymap_new_from_device",
            pointer,
            [pointer, pointer, c_int, c_int],
        ),
    ]
    for library, name, result, arguments in prototypes:
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return _Libraries(xkb, x11, xcb)


class KeymapReader:
    """Reads a server's keymaps over one connection. Owned by one thread."""

    def __init__(self, display: str) -> None:
        """Connect.

        Raises:
            NoDesktop: a library or the server is missing, or it has no XKB.
        """
        self._lib = _load()
        self._connection: int | None = self._lib.xcb.xcb_connect(display.encode(), None)
        self._context = self._lib.xkb.xkb_context_new(0)
        if self._lib.xcb.xcb_connection_has_error(self._connection):
            self.close()
            raise NoDesktop("the X server cannot be reached to read the keyboard")
        if not self._lib.x11.xkb_x11_setup_xkb_extension(
            self._connection, 1, 0, 0, None, None, None, None
        ):
            self.close()
            raise NoDesktop("the X server has no XKB extension")

    def close(self) -> None:
        """Disconnect; a second time does nothing."""
        if self._connection is None:
            return
        self._lib.xkb.xkb_context_unref(self._context)
        self._lib.xcb.xcb_disconnect(self._connection)
        self._connection = None

    def read(self, device: int | None, group: int) -> Keymap:
        """Read one group of a keyboard; 3 to 7 ms.

        Args:
            device: an XInput device id, ``None`` for the core keyboard.
            group: 0 to 3, the one in force.

        Raises:
            NoDesktop: the server has gone, or this keyboard.
        """
        if device is None:
            device = self._lib.x11.xkb_x11_get_core_keyboard_device_id(self._connection)
        keymap = self._lib.x11.xkb_x11_keymap_new_from_device(
            self._context, self._connection, device, 0
        )
        if not keymap:
            raise NoDesktop("the X server does not give its keyboard's layout")
        try:
            return self._describe(keymap, group)
        finally:
            self._lib.xkb.xkb_keymap_unref(keymap)

    def keysym(self, character: str) -> int:
        """Return a keysym of a character that every program knows.

        Those of Latin 1 are the characters themselves. Of the others some have names
        of their own, but not every program has read the same list (xterm does not know
        that of U+21D4); the protocol's rule for characters needs no list.
        """
        point = ord(character)
        return point if point < _BEYOND_LATIN_1 else _UNICODE | point

    def _describe(self, keymap: int, group: int) -> Keymap:
        xkb = self._lib.xkb
        keysyms: dict[int, int] = {}
        found: list[tuple[str, int, int, int, int]] = []
        spare: list[int] = []
        for keycode in _KEYCODES:
            groups = xkb.xkb_keymap_num_layouts_for_key(keymap, keycode)
            if not groups:
                spare.append(keycode)
                continue
            # XKB's default for a group that a key does not have: wrap around.
            layout = group % groups
            for level in range(
                xkb.xkb_keymap_num_levels_for_key(keymap, keycode, layout)
            ):
                symbol = self._symbol(keymap, keycode, layout, level)
                if symbol is None:
                    continue
                point = xkb.xkb_keysym_to_utf32(symbol)
                if point >= 0x20 and point != 0x7F and symbol not in _KEYPAD:
                    found.append((chr(point), keycode, layout, level, symbol))
                elif level == 0:
                    keysyms.setdefault(symbol, keycode)
        level3 = self._level3_mask(keymap, keysyms.get(_LEVEL3))
        strokes: dict[str, Stroke] = {}
        # Lower levels first: the fewest keys to hold.
        for character, keycode, layout, level, _ in sorted(found, key=lambda f: f[3]):
            if character in strokes:
                continue
            for mask in self._masks(keymap, keycode, layout, level):
                if mask & ~(_SHIFT | level3) == 0:
                    strokes[character] = Stroke(
                        keycode, bool(mask & _SHIFT), bool(mask & level3)
                    )
                    break
        return Keymap(strokes, keysyms, tuple(spare))

    def _symbol(self, keymap: int, keycode: int, layout: int, level: int) -> int | None:
        symbols = POINTER(c_uint32)()
        count = self._lib.xkb.xkb_keymap_key_get_syms_by_level(
            keymap, keycode, layout, level, byref(symbols)
        )
        return int(symbols[0]) if count == 1 else None

    def _masks(
        self, keymap: int, keycode: int, layout: int, level: int
    ) -> Iterator[int]:
        """Yield the modifiers that lead to a level, as real modifier bits."""
        masks = (c_uint32 * 16)()
        count = self._lib.xkb.xkb_keymap_key_get_mods_for_level(
            keymap, keycode, layout, level, masks, len(masks)
        )
        for mask in masks[:count]:
            yield mask & _REAL_MODS

    def _level3_mask(self, keymap: int, keycode: int | None) -> int:
        """Return the modifier bits that the AltGr key sets, 0 where there is none."""
        if keycode is None:
            return 0
        state = self._lib.xkb.xkb_state_new(keymap)
        try:
            self._lib.xkb.xkb_state_update_key(state, keycode, _KEY_DOWN)
            mask = self._lib.xkb.xkb_state_serialize_mods(state, _MODS_DEPRESSED)
            return int(mask) & _REAL_MODS
        finally:
            self._lib.xkb.xkb_state_unref(state)
