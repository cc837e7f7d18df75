"""Hears the system's wish that the program end, while Qt waits for events.

Python runs a signal's handler between two of its own instructions; while Qt waits it
executes none. So the signal wakes Qt through a socket.
"""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

#: A terminal's Ctrl-C, the system's shutdown, a terminal that was closed.
_NUMBERS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
)


class Interrupts(QObject):
    """Calls back once; a second signal ends the program as it always would."""

    def __init__(self, told: Callable[[], None]) -> None:
        """Listen from now on; in the main thread only.

        Args:
            told: called in Qt's thread at the first signal.
        """
        super().__init__()
        self._told = told
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._former: dict[int, Any] = {
            number: signal.signal(number, _wake) for number in _NUMBERS
        }
        self._former_fd = signal.set_wakeup_fd(self._writer.fileno())
        self._notifier = QSocketNotifier(
            self._reader.fileno(), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._heard)

    def close(self) -> None:
        """Leave signals as they were found."""
        if self._former:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(self._former_fd)
            for number, handler in self._former.items():
                signal.signal(number, handler)
            self._former = {}
            self._reader.close()
            self._writer.close()

    def _heard(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(64)
        self.close()
        self._told()


def _wake(_number: int, _frame: FrameType | None) -> None:
    """Only there so that Python writes to the socket instead of dying."""
