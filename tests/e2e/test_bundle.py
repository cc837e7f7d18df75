"""The file that a customer downloads, built here and used for a whole first help.

Issue 4.7: small, and nothing is left behind. Any other test of the whole path runs on
it as well: ``CORDEE_AGENT_FILE=dist/cordee-agent make e2e``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.first_help.story import Claire, Durand, FirstHelp
from tests.e2e.rig.agent import Agent
from tests.e2e.rig.browser import complaints
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import ROOT
from tests.e2e.rig.reader import Reader
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.rig.xclient import terminal
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

#: What one start may remember: the relay's key, seen for the first time.
REMEMBERED = {".local/state/cordee/relays.json"}


@pytest.fixture(scope="module")
def built() -> Path:
    """The file, as ``make bundle`` builds it, or the one that is being tried."""
    if named := os.environ.get("CORDEE_AGENT_FILE"):
        return Path(named)
    done = subprocess.run(
        [sys.executable, ROOT / "agent" / "bundle" / "build.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "dist" / "cordee-agent"


@pytest.fixture
def unpacked(folder: Path) -> Path:
    """Where the file unpacks itself."""
    made = folder / "tmp"
    made.mkdir()
    return made


@pytest.fixture
def agent(
    desktop: Desktop, relay: Relay, built: Path, unpacked: Path
) -> Iterator[Agent]:
    """The built file on the customer's desktop."""
    env = {"TMPDIR": str(unpacked)}
    with Agent(desktop, relay.url, program=built, **env) as running:
        yield running


def files_in(folder: Path) -> set[str]:
    """Return the files below a folder, by their places; the rig's own left out."""
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if not file.is_dir() and file.suffix != ".log" and file.name != "terminal.txt"
    }


def listening() -> set[str]:
    """Return the inodes of this machine's listening TCP sockets."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A":
                found.add(words[9])
    return found


def sockets_of(pids: list[int]) -> set[str]:
    """Return the inodes of the sockets that processes hold."""
    found = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = str(link.readlink())
            if target.startswith("socket:["):
                found.add(target[8:-1])
    return found


def test_r20_s25_a_first_help_with_the_file_itself_leaves_nothing_behind(
    desktop: Desktop,
    hand: Hand,
    reader: Reader,
    relay: Relay,
    technician: Technician,
    page: Page,
    agent: Agent,
    built: Path,
    unpacked: Path,
) -> None:
    wrong = complaints(page)
    claire = Claire(page, relay, technician)
    durand = Durand(desktop, hand, reader, agent)
    both = FirstHelp(claire, durand)
    before = files_in(desktop.home)

    assert built.stat().st_size <= 40_000_000
    both.reaches_control()
    place = terminal(desktop)
    claire.clicks(200, 500)
    place.wait_for_focus()
    claire.page.keyboard.type("éà€ ok")
    claire.page.keyboard.press("Enter")
    place.wait_for("éà€ ok\n")
    durand.hand.move(640, 400)
    claire.waits_for_mode("reclaimed")
    durand.finds("Vous avez la main")
    # Nobody can reach it from outside.
    pids = agent.process.group()
    assert len(pids) >= 2, "the window and its guard"
    assert not sockets_of(pids) & listening()

    claire.ends()
    durand.finds("ne peut plus prendre le contrôle")
    durand.closes()
    assert list(unpacked.iterdir()) == []
    assert files_in(desktop.home) - before <= REMEMBERED
    assert not list(desktop.home.glob(".config/autostart/*"))
    assert wrong == []


def test_the_file_tells_what_is_inside(built: Path) -> None:
    about = subprocess.run(
        [built, "--about"], capture_output=True, text=True, check=True
    )
    sbom = subprocess.run([built, "--sbom"], capture_output=True, text=True, check=True)
    for name in ("cordee", "PySide6_Essentials", "numpy", "cryptography", "websockets"):
        assert any(line.startswith(f"{name} ") for line in about.stdout.splitlines())
        assert f'"name": "{name}"' in sbom.stdout
