"""Both people of a first help, ready to begin."""

import pytest
from playwright.sync_api import Page

from tests.e2e.first_help.story import Claire, Durand, FirstHelp
from tests.e2e.rig.agent import Agent
from tests.e2e.rig.browser import complaints
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.reader import Reader
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.rig.xvnc import Desktop


@pytest.fixture
def wrong(page: Page) -> list[str]:
    """What the console's page complains of; a test asserts that it is nothing."""
    return complaints(page)


@pytest.fixture
def claire(
    page: Page, relay: Relay, technician: Technician, wrong: list[str]
) -> Claire:
    """The technician; her page's complaints are collected from the start."""
    return Claire(page, relay, technician)


@pytest.fixture
def durand(desktop: Desktop, hand: Hand, reader: Reader, agent: Agent) -> Durand:
    """The customer."""
    return Durand(desktop, hand, reader, agent)


@pytest.fixture
def both(claire: Claire, durand: Durand) -> FirstHelp:
    """Both of them."""
    return FirstHelp(claire, durand)
