"""The customer's own hand: a VNC client whose events come from a real device.

RFB 3.8 (RFC 6143) over the unix socket of `xvnc.py`, the few messages that a
mouse and a keyboard need. Nothing here goes through XTEST, so the X server
reports it as it reports a mouse on the desk.
"""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.e2e.rig.processes import PATIENCE_S

LEFT, MIDDLE, RIGHT = 1, 2, 3
WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT = 4, 5, 6, 7

_KEY_EVENT, _POINTER_EVENT = 4, 5

#: Between two steps of one movement, as a 125 Hz mouse reports them.
STEP_S = 0.008

#: Keysyms of the keys without a character (X11/keysymdef.h).
KEYSYMS = {
    "Return": 0xFF0D,
    "Tab": 0xFF09,
    "BackSpace": 0xFF08,
    "Escape": 0xFF1B,
    "Left": 0xFF51,
    "Up": 0xFF52,
    "Right": 0xFF53,
    "Down": 0xFF54,
    "Shift_L": 0xFFE1,
    "Control_L": 0xFFE3,
    "Caps_Lock": 0xFFE5,
    "Alt_L": 0xFFE9,
    "F1": 0xFFBE,
}


def keysym(key: str) -> int:
    """Return the keysym of a key's name or of a character."""
    if len(key) != 1:
        return KEYSYMS[key]
    point = ord(key)
    return point if 0x20 <= point <= 0xFF else 0x01000000 | point


class Hand:
    """One physical mouse and keyboard.

    Owned by the thread that calls it; a second thread only throws away what
    the server says. Each method returns when its events are handed to the
    server's socket, not when they had an effect: wait for the effect.
    """

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE_S)
        self._socket.connect(str(path))
        self.size = self._greet()
        self._socket.settimeout(None)
        self._buttons = 0
        self.x = self.size[0] // 2
        self.y = self.size[1] // 2
        self._drain = threading.Thread(target=self._discard, daemon=True)
        self._drain.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the mouse and the keyboard away."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._drain.join(PATIENCE_S)

    def jump(self, x: int, y: int) -> None:
        """Be somewhere else in one event."""
        self.x, self.y = x, y
        self._pointer()

    def move(self, x: int, y: int, *, steps: int = 12, every: float = STEP_S) -> None:
        """Move in a straight line, from where this hand was last.

        Args:
            x: where to.
            y: where to.
            steps: how many events.
            every: seconds between two events: a hand's pace, not a wait.
        """
        from_x, from_y = self.x, self.y
        for step in range(1, steps + 1):
            self.jump(
                from_x + round((x - from_x) * step / steps),
                from_y + round((y - from_y) * step / steps),
            )
            if step < steps:
                time.sleep(every)

    def press(self, button: int = LEFT) -> None:
        """Hold a button down."""
        self._buttons |= 1 << (button - 1)
        self._pointer()

    def release(self, button: int = LEFT) -> None:
        """Let a button go."""
        self._buttons &= ~(1 << (button - 1))
        self._pointer()

    def click(self, x: int, y: int, button: int = LEFT) -> None:
        """Move there and click."""
        self.move(x, y)
        self.press(button)
        self.release(button)

    def drag(self, x: int, y: int, button: int = LEFT) -> None:
        """Drag from here to there."""
        with self.holding(button):
            self.move(x, y)

    @contextlib.contextmanager
    def holding(self, button: int = LEFT) -> Iterator[None]:
        """Hold a button down for a while."""
        self.press(button)
        try:
            yield
        finally:
            self.release(button)

    def wheel(self, notches: int) -> None:
        """Turn the wheel: positive is away from the hand, up."""
        button = WHEEL_UP if notches > 0 else WHEEL_DOWN
        for _ in range(abs(notches)):
            self.press(button)
            self.release(button)

    def key_down(self, key: str) -> None:
        """Press a key, by its name or its character."""
        self._key(key, down=True)

    def key_up(self, key: str) -> None:
        """Let a key go."""
        self._key(key, down=False)

    def key(self, key: str) -> None:
        """Press a key and let it go."""
        self.key_down(key)
        self.key_up(key)

    def type(self, text: str) -> None:
        """Type characters, those of the desktop's layout."""
        for character in text:
            self.key("Return" if character == "\n" else character)

    def select_all(self) -> None:
        """Press Ctrl and A together."""
        self.key_down("Control_L")
        self.key("a")
        self.key_up("Control_L")

    def _key(self, key: str, *, down: bool) -> None:
        self._socket.sendall(struct.pack(">BBxxI", _KEY_EVENT, down, keysym(key)))

    def _pointer(self) -> None:
        # RFC 6143 has eight buttons and no more.
        self._socket.sendall(
            struct.pack(">BBHH", _POINTER_EVENT, self._buttons, self.x, self.y)
        )

    def _greet(self) -> tuple[int, int]:
        """Agree on version and security; return the size of the screen."""
        version = self._read(12)
        if not version.startswith(b"RFB 003.008"):
            raise AssertionError(f"unexpected RFB version {version!r}")
        self._socket.sendall(b"RFB 003.008\n")
        kinds = self._read(self._read(1)[0])
        if 1 not in kinds:
            raise AssertionError(f"the server wants a password: {kinds!r}")
        self._socket.sendall(b"\x01")
        (refused,) = struct.unpack(">I", self._read(4))
        if refused:
            raise AssertionError("the server refused the customer's hand")
        self._socket.sendall(b"\x01")  # shared
        width, height = struct.unpack(">HH", self._read(4))
        self._read(16)  # the format of pixels that are never asked for
        (length,) = struct.unpack(">I", self._read(4))
        self._read(length)
        return width, height

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            if not part:
                raise AssertionError("the X server closed the hand's connection")
            data += part
        return data

    def _discard(self) -> None:
        with contextlib.suppress(OSError):
            while self._socket.recv(65536):
                pass
