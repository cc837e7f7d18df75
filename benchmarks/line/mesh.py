"""MeshCentral with its Linux agent, as npm ships them, with its usual settings.

What is changed is only what this machine needs: ports, no Internet, no updates. The
line is between the agent and the server. Its own connection is TLS.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
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

_INSTALLED: Final = KEPT / "meshcentral" / "node_modules" / "meshcentral"
_USER: Final = ("bench", "Bench-1366x768")
#: It makes certificates the first time.
_START_S: Final = 180.0


class Mesh:
    """A server, an agent on the desktop, and the web page."""

    title = "MeshCentral"
    canvas = "canvas#Desk"

    def __init__(
        self, page: Page, between: Line, server: Program, agent: Program, url: str
    ) -> None:
        """Take what runs; the page is not signed in."""
        self.page = page
        self.line = between
        self._server = server
        self._agent = agent
        self._url = url
        self._is_in = False

    def prepare(self) -> None:
        """Open the computer's desktop view, not connected."""
        page = self.page
        page.goto(self._url)
        if not self._is_in:
            page.locator("#username").fill(_USER[0])
            page.locator("#password").fill(_USER[1])
            page.locator("#loginButton").click()
            self._is_in = True

        def has_agent() -> bool:
            return bool(
                page.evaluate("() => (window.nodes ?? []).some((one) => one.conn & 1)")
            )

        wait_until(has_agent, within=60, what="MeshCentral's agent in its list")
        page.evaluate("() => gotoDevice(nodes.find((one) => one.conn & 1)._id, 11)")
        page.locator("#connectbutton1").wait_for(state="visible")

    def ask(self) -> float:
        """Press its button."""
        asked_at = now_ms()
        self.page.locator("#connectbutton1").click()
        return asked_at

    def control(self) -> None:
        """Nobody asks the customer."""

    def at(self, x: int, y: int) -> tuple[float, float]:
        """Return where a pixel is: it fits the picture to the page."""
        box = self.page.locator(self.canvas).bounding_box()
        assert box is not None
        return (
            box["x"] + (x + 0.5) * box["width"] / 1366,
            box["y"] + (y + 0.5) * box["height"] / 768,
        )

    def customers(self) -> Sequence[int]:
        """The agent."""
        return usage.offspring(self._agent.pid)

    def relays(self) -> Sequence[int]:
        """The server."""
        return usage.offspring(self._server.pid)


@contextlib.contextmanager
def running(
    desk: Desk, context: BrowserContext, profile: Profile, folder: Path
) -> Iterator[Mesh]:
    """Run all of it.

    Raises:
        Missing: it is not installed.
    """
    agent_file = _INSTALLED / "agents" / "meshagent_x86-64"
    if shutil.which("node") is None or not agent_file.exists():
        raise Missing("MeshCentral is missing (python -m benchmarks.line.install)")
    port = free_port()
    data = folder / "mesh"
    _write_settings(data, port)
    words = ["node", str(_INSTALLED), "--datapath", str(data)]
    name, password = _USER
    account = ["--createaccount", name, "--pass", password]
    for more in (account, ["--adminaccount", name]):
        subprocess.run(
            [*words, *more], check=True, capture_output=True, timeout=_START_S
        )
    with Program(words, log=folder / "mesh.log", cwd=folder) as server:
        wait_until(lambda: _answers(port), within=_START_S, what=server.text)
        settings = _agent_settings(port)
        with line(profile, port) as between:
            home = folder / "meshagent"
            home.mkdir()
            program = home / "meshagent"
            shutil.copy(agent_file, program)
            program.chmod(0o755)
            (home / "meshagent.msh").write_text(
                re.sub(
                    r"(?m)^MeshServer=.*$",
                    f"MeshServer=wss://127.0.0.1:{between.port}/agent.ashx",
                    settings,
                ),
                encoding="utf-8",
            )
            with desk.desktop.start(program, "connect", name="meshagent") as agent:
                page = context.new_page()
                url = f"https://127.0.0.1:{port}/"
                yield Mesh(page, between, server, agent, url)
                page.close()


def _write_settings(data: Path, port: int) -> None:
    data.mkdir()
    settings = {
        "settings": {
            "cert": "127.0.0.1",
            "port": port,
            "aliasPort": port,
            "redirPort": 0,
            "mpsPort": 0,
            "WANonly": True,
            "selfUpdate": False,
            "noAgentUpdate": 1,
        },
        "domains": {"": {"agentTimeStampServer": False}},
    }
    (data / "config.json").write_text(json.dumps(settings), encoding="utf-8")


def _fetched(url: str) -> str:
    # Its certificate is its own; what is fetched is from this very machine.
    context = ssl._create_unverified_context()  # noqa: S323
    with urllib.request.urlopen(url, timeout=5, context=context) as answer:  # noqa: S310
        text: str = answer.read().decode()
        return text


def _answers(port: int) -> bool:
    try:
        return bool(_fetched(f"https://127.0.0.1:{port}/"))
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _agent_settings(port: int) -> str:
    """Make a group of computers; return what an agent of it is told."""
    name, password = _USER
    control = [
        "node",
        str(_INSTALLED / "meshctrl.js"),
        "AddDeviceGroup",
        *("--name", "bench", "--loginuser", name, "--loginpass", password),
        *("--url", f"wss://127.0.0.1:{port}"),
    ]
    done = subprocess.run(
        control,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NODE_TLS_REJECT_UNAUTHORIZED": "0"},
    )
    found = re.search(r"mesh//(\S+)", done.stdout)
    assert found, done.stdout + done.stderr
    return _fetched(f"https://127.0.0.1:{port}/meshsettings?id={found[1]}")
