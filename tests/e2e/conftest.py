"""The parts of the whole path, real ones, as fixtures.

Each test gets its own desktop, hand, witness, browser and relay, in a folder of
its own: nothing is shared, so that nothing one test leaves behind explains
another.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.rig import browser as rig_browser
from tests.e2e.rig.agent import Agent
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.listener import Listener
from tests.e2e.rig.processes import ROOT
from tests.e2e.rig.reader import PACKAGES, SYSTEM_PYTHON, Reader
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.rig.xvnc import Desktop, xvnc
from tests.parts import missing

_ARTIFACTS = ROOT / "tests" / "e2e" / ".artifacts"
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that the test failed, for ``folder``."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A short path for sockets, logs and data; logs are kept when a test fails."""
    path = Path(tempfile.mkdtemp(prefix="cordee-"))
    yield path
    if request.node.stash.get(_FAILED, False):
        kept = _ARTIFACTS / request.node.name.replace("/", "_")
        shutil.rmtree(kept, ignore_errors=True)
        for log in path.rglob("*.log"):
            target = kept / log.relative_to(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, target)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def desktop(folder: Path) -> Iterator[Desktop]:
    """The customer's desktop: 1366 x 768, openbox, a French keyboard."""
    with xvnc(folder / "x") as running:
        yield running


@pytest.fixture
def hand(desktop: Desktop) -> Iterator[Hand]:
    """The customer's physical mouse and keyboard."""
    with Hand(desktop.socket) as theirs:
        yield theirs


@pytest.fixture
def listener(desktop: Desktop) -> Iterator[Listener]:
    """A witness of every input event on the customer's desktop."""
    with Listener(desktop.display) as witness:
        yield witness


@pytest.fixture
def reader(desktop: Desktop) -> Iterator[Reader]:
    """A screen reader on the customer's desktop: finds buttons by their names."""
    asked = "import gi; gi.require_version('Atspi', '2.0')"
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", asked], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        missing(f"AT-SPI (Debian: {PACKAGES})")
    with Reader(desktop.env()) as ours:
        yield ours


@pytest.fixture
def browser() -> Iterator[BrowserContext]:
    """The technician's browser, French, without a past."""
    with rig_browser.browser() as context:
        yield context


@pytest.fixture
def page(browser: BrowserContext) -> Page:
    """A page of the technician's browser."""
    return browser.new_page()


@pytest.fixture
def deadlines() -> dict[str, int]:
    """The relay's deadlines, in seconds; a test overrides this to shorten some."""
    return {}


@pytest.fixture
def policy() -> str:
    """By which rules the relay bills; a test overrides this to try others."""
    return ""


@pytest.fixture
def relay(folder: Path, deadlines: dict[str, int], policy: str) -> Iterator[Relay]:
    """A relay that answers, with data of its own."""
    with Relay(folder / "relay", deadlines=deadlines, policy=policy) as running:
        yield running


@pytest.fixture
def technician(relay: Relay) -> Technician:
    """Claire's account on the relay, made by the operator's command."""
    return relay.add_technician()


@pytest.fixture
def agent(desktop: Desktop, relay: Relay) -> Iterator[Agent]:
    """The agent on the customer's desktop, its window shown, in French."""
    with Agent(desktop, relay.url) as running:
        yield running
