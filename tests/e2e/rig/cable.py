"""The network between the two people and the relay, which can be cut.

Agents and browsers go through one public port, as they would; the first line of each
connection tells whose it is. A cut is what a cable does: the connections are gone,
and new ones get nowhere, until it is mended.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from typing import Final, Self

from tests.e2e.rig.processes import PATIENCE_S

_AGENT: Final = b"GET /agent/v1 "
_CONSOLE: Final = b"GET /console/v1 "
#: Pages, and what has not said yet what it is.
_ANY: Final = b""
#: On closing, reset: what a router does that has forgotten a connection.
_RESET: Final = struct.pack("ii", 1, 0)


class Cable:
    """Carries bytes both ways. Each connection has two threads of its own,
    and they alone close its sockets.

    ``_open`` and ``_is_cut`` are guarded by ``_lock``.
    """

    def __init__(self) -> None:
        """Listen on a free port; :meth:`lead_to` says where it ends."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._to = 0
        self._lock = threading.Lock()
        self._open: dict[bytes, list[socket.socket]] = {
            whose: [] for whose in (_AGENT, _CONSOLE, _ANY)
        }
        self._is_cut = {_AGENT: False, _CONSOLE: False}
        #: Bytes a second of each connection and direction; 0: as fast as it goes.
        self._rate = 0
        self._is_over = threading.Event()
        self._accepting = threading.Thread(target=self._accept)
        #: Appended to by the accepting thread alone.
        self._carrying: list[threading.Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._accepting.is_alive():
            self._accepting.join(PATIENCE_S)
        for whose in self._open:
            self._cut(whose)
        for carrying in self._carrying:
            carrying.join(PATIENCE_S)

    def lead_to(self, port: int) -> None:
        """Carry everything to this port of this machine from now on."""
        self._to = port
        self._accepting.start()

    def slow(self, rate: int) -> None:
        """Carry so many bytes a second from now on; 0: as fast as it goes.

        What takes long takes at least so long, however quick the machine is.
        """
        self._rate = rate

    def cut_customer(self) -> None:
        """Take the customer's network away."""
        self._cut(_AGENT)

    def cut_technician(self) -> None:
        """Take the technician's link away; pages can still be fetched."""
        self._cut(_CONSOLE)

    def mend(self) -> None:
        """Let everybody through again."""
        with self._lock:
            for whose in self._is_cut:
                self._is_cut[whose] = False

    def _cut(self, whose: bytes) -> None:
        with self._lock:
            if whose in self._is_cut:
                self._is_cut[whose] = True
            ends = self._open[whose]
            self._open[whose] = []
        for end in ends:
            _reset(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                carrying = threading.Thread(target=self._carry, args=(near,))
                carrying.start()
                self._carrying.append(carrying)

    def _carry(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            with self._lock:
                self._open[_ANY].append(near)
            first = near.recv(65536)
            address = "127.0.0.1", self._to
            with socket.create_connection(address, PATIENCE_S) as far:
                far.settimeout(None)
                if not first or not self._let_through(first, near, far):
                    _reset(near)
                    return
                far.sendall(first)
                back = threading.Thread(target=self._pass, args=(far, near))
                back.start()
                self._pass(near, far)
                back.join()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
                if rate := self._rate:
                    self._is_over.wait(len(data) / rate)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _let_through(
        self, first: bytes, near: socket.socket, far: socket.socket
    ) -> bool:
        with self._lock:
            whose = next((w for w in self._is_cut if first.startswith(w)), _ANY)
            self._open[whose] += [near, far]
            return not self._is_cut.get(whose, False)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RDWR)
