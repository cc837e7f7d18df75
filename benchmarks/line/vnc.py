"""noVNC with websockify in between, to TigerVNC's own X server or to x11vnc.

websockify stands where Cordée's relay stands: the line is between it and the customer.
noVNC is Debian's, at its own defaults (quality 6, compression 2).
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, Page

from benchmarks.line import usage
from benchmarks.line.desk import Desk
from benchmarks.line.emulator import Line, line
from benchmarks.line.peers import KEPT, Missing
from benchmarks.line.pipe import Profile
from benchmarks.line.ruler import now_ms
from tests.e2e.rig.processes import Program, wait_until
from tests.e2e.rig.relay import free_port

_NOVNC: Final = Path("/usr/share/novnc")
_HTML: Final = """<!doctype html><meta charset="utf-8"><title>noVNC</title>
<style>body{margin:0}</style><div id="screen" style="width:1366px;height:768px"></div>
<script type="module">
import RFB from "./core/rfb.js";
let rfb = null;
window.ask = () => {
    const url = `ws://${location.host}/websockify`;
    rfb = new RFB(document.getElementById("screen"), url);
};
window.leave = () => rfb?.disconnect();
window.ready = true;
</script>
"""


class Vnc:
    """One VNC server behind the line."""

    canvas = "#screen canvas"

    def __init__(
        self,
        title: str,
        page: Page,
        between: Line,
        bridge: tuple[Program, int],
        servers: Sequence[int],
    ) -> None:
        """Take what runs; nobody is connected.

        Args:
            title: what it is called.
            page: the technician's.
            between: the line.
            bridge: websockify, and its port.
            servers: the processes that serve the customer's screen.
        """
        self.title = title
        self.page = page
        self.line = between
        self._bridge, self._port = bridge
        self._servers = servers

    def prepare(self) -> None:
        """Open the page anew."""
        self.page.goto(f"http://127.0.0.1:{self._port}/bench.html")
        wait_until(lambda: self.page.evaluate("() => window.ready === true"))

    def ask(self) -> float:
        """Connect."""
        asked_at = now_ms()
        self.page.evaluate("() => window.ask()")
        return asked_at

    def control(self) -> None:
        """Nobody asks the customer."""

    def at(self, x: int, y: int) -> tuple[float, float]:
        """The page shows every pixel where it is."""
        return x + 0.5, y + 0.5

    def customers(self) -> Sequence[int]:
        """The VNC server."""
        return [pid for one in self._servers for pid in usage.offspring(one)]

    def relays(self) -> Sequence[int]:
        """Websockify."""
        return usage.offspring(self._bridge.pid)


@contextlib.contextmanager
def _served(
    title: str,
    context: BrowserContext,
    between: Line,
    folder: Path,
    servers: Sequence[int],
) -> Iterator[Vnc]:
    port = free_port()
    web = KEPT / "novnc"
    web.mkdir(parents=True, exist_ok=True)
    (web / "bench.html").write_text(_HTML, encoding="utf-8")
    for part in ("core", "vendor"):
        if not (web / part).exists():
            (web / part).symlink_to(_NOVNC / part)
    with Program(
        ["websockify", "--web", web, f"127.0.0.1:{port}", f"127.0.0.1:{between.port}"],
        log=folder / "websockify.log",
    ) as bridge:
        bridge.wait_for_line("proxying from")
        page = context.new_page()
        yield Vnc(title, page, between, (bridge, port), servers)
        page.close()


def _check(*commands: str) -> None:
    for command in commands:
        if shutil.which(command) is None:
            raise Missing(f"{command} is missing (Debian: apt install {command})")
    if not (_NOVNC / "core" / "rfb.js").exists():
        raise Missing("noVNC is missing (Debian: apt install novnc)")


@contextlib.contextmanager
def tiger(
    desk: Desk, context: BrowserContext, profile: Profile, folder: Path
) -> Iterator[Vnc]:
    """Run noVNC on the X server itself, which is TigerVNC's.

    Raises:
        Missing: it is not installed.
    """
    _check("websockify")
    servers = [desk.desktop.server.pid]
    with (
        line(profile, desk.desktop.socket, inward=True) as between,
        _served("noVNC + TigerVNC", context, between, folder, servers) as system,
    ):
        yield system


@contextlib.contextmanager
def x11vnc(
    desk: Desk, context: BrowserContext, profile: Profile, folder: Path
) -> Iterator[Vnc]:
    """Run noVNC on x11vnc, which looks at the X server.

    Raises:
        Missing: it is not installed.
    """
    _check("websockify", "x11vnc")
    port = free_port()
    words = ["x11vnc", "-rfbport", str(port), "-localhost", "-nopw", "-forever"]
    with desk.desktop.start(*words, "-shared", name="x11vnc") as server:
        server.wait_for_line(f"(?i)port.*{port}")
        with (
            line(profile, port, inward=True) as between,
            _served("noVNC + x11vnc", context, between, folder, [server.pid]) as one,
        ):
            yield one
