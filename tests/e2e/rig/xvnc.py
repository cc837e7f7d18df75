"""A fresh virtual desktop, on which the customer's mouse is a real device.

TigerVNC's Xvnc has pointer and keyboard devices of its own, driven by a VNC
client; what comes through XTEST comes from other devices. So a VNC client can
play the customer's physical hand (`hand.py`) while the agent injects.
One server per test: a shared one would carry state, or a crash, along.
"""

import contextlib
import os
import select
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from Xlib import display as xdisplay

from tests.e2e.rig.processes import PATIENCE_S, Program, environment, wait_until
from tests.parts import command

#: How an X server says that it is dying; whatever a test saw then is void.
_ABORTING = "Server aborting"


@dataclass
class Desktop:
    """A running X server with a window manager."""

    display: str
    socket: Path
    width: int
    height: int
    home: Path
    server: Program
    manager: Program | None = None
    #: The address of its session bus, where a screen reader and windows meet.
    bus: str | None = None
    _programs: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _started: int = 0

    def env(self, **more: str | None) -> dict[str, str]:
        """Return the environment of a program that lives on this desktop."""
        ours: dict[str, str | None] = {
            "DISPLAY": self.display,
            "DBUS_SESSION_BUS_ADDRESS": self.bus,
            # Without a session of GNOME or KDE, nobody else tells Qt to speak.
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        return environment(self.home, **ours | more)

    def start(
        self, *argv: str | Path, name: str | None = None, **env: str | None
    ) -> Program:
        """Start a program on this desktop; it ends with the desktop at the latest."""
        name = name or Path(argv[0]).name
        self._started += 1
        log = self.home / f"{name}-{self._started}.log"
        program = Program(argv, log=log, env=self.env(**env), name=name)
        return self._programs.enter_context(program)

    def connect(self) -> Any:
        """Return a connection of its own to the X server; close it yourself."""
        return xdisplay.Display(self.display)

    def keyboard(self, layout: str, variant: str = "") -> None:
        """Give the customer's keyboard a layout: ``fr``, ``us``, ``us,fr``, ``de``."""
        words = ["setxkbmap", "-display", self.display, "-layout", layout]
        if variant:
            words += ["-variant", variant]
        subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_S)

    def pointer(self) -> tuple[int, int]:
        """Return where the pointer is."""
        with closing(self.connect()) as connection:
            at = connection.screen().root.query_pointer()
            return at.root_x, at.root_y

    def check(self) -> None:
        """Fail when the server died or is dying."""
        log = self.server.text()
        if not self.server.running or _ABORTING in log:
            raise AssertionError(f"the X server died:\n{log[-4000:]}")


@contextlib.contextmanager
def closing(connection: Any) -> Iterator[Any]:
    """Close an X connection at the end, also when the server has gone."""
    try:
        yield connection
    finally:
        with contextlib.suppress(Exception):
            connection.close()


@contextlib.contextmanager
def xvnc(
    folder: Path,
    *,
    width: int = 1366,
    height: int = 768,
    layout: str = "fr",
    manager: bool = True,
) -> Iterator[Desktop]:
    """Run a fresh X server in ``folder``; it is checked and gone at the end.

    Args:
        folder: holds its socket, its logs and the home of its programs. The
            path should be short: a unix socket's may have 107 bytes.
        width: of the screen, in pixels.
        height: of the screen, in pixels.
        layout: of the customer's keyboard, as setxkbmap takes it.
        manager: whether a window manager runs.
    """
    xvnc_command = command("Xvnc", package="tigervnc-standalone-server")
    openbox = command("openbox", package="openbox")
    command("setxkbmap", package="x11-xkb-utils")
    command("dbus-daemon", package="dbus")
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "rfb"
    home = folder / "home"
    ready, tell = os.pipe()
    try:
        server = Program(
            [
                xvnc_command,
                # The server itself takes a free number and says which.
                *("-displayfd", str(tell)),
                *("-SecurityTypes", "None"),
                "-AlwaysShared",
                *("-rfbport", "-1"),
                *("-rfbunixpath", socket),
                *("-geometry", f"{width}x{height}"),
                *("-depth", "24"),
                *("-nolisten", "tcp"),
                "-noreset",
                "-ac",
            ],
            log=folder / "xvnc.log",
            env=environment(home),
            pass_fds=[tell],
        )
    finally:
        os.close(tell)
    with contextlib.ExitStack() as stack:
        stack.enter_context(server)
        stack.callback(os.close, ready)
        number = _wait_for_number(ready, server)
        desktop = Desktop(f":{number}", socket, width, height, home, server)
        stack.enter_context(desktop._programs)
        wait_until(socket.exists, what="Xvnc's socket")
        desktop.keyboard(layout)
        _start_bus(desktop)
        if manager:
            desktop.manager = desktop.start(openbox, "--sm-disable")
            wait_until(lambda: _has_manager(desktop), what="openbox")
        yield desktop
        desktop.check()


def _wait_for_number(ready: int, server: Program) -> int:
    """Return the display number the server writes once it accepts connections."""
    told = b""
    while not told.endswith(b"\n"):
        readable, _, _ = select.select([ready], [], [], PATIENCE_S)
        part = os.read(ready, 64) if readable else b""
        if not part:
            raise AssertionError(f"Xvnc did not start:\n{server.text()[-4000:]}")
        told += part
    return int(told)


def _start_bus(desktop: Desktop) -> None:
    """Give the desktop a session bus of its own."""
    bus = desktop.start("dbus-daemon", "--session", "--nofork", "--print-address")
    desktop.bus = bus.wait_for_line(r"^unix:\S+$")[0]


def _has_manager(desktop: Desktop) -> bool:
    """Whether a window manager has taken the root window (EWMH)."""
    with closing(desktop.connect()) as connection:
        atom = connection.intern_atom("_NET_SUPPORTING_WM_CHECK")
        root = connection.screen().root
        return root.get_full_property(atom, 0) is not None
