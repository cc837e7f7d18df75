"""Pictures are exact in Firefox as well, at every level, and photos become so."""

import base64
import hashlib
import json
from collections.abc import Iterator

import pytest

from cordee_agent.picture.epoch import Way
from cordee_shared.wire.picture import Coding
from tests.agent.picture import screens
from tests.e2e.rig.firefox import Firefox, firefox
from tests.e2e.rig.processes import wait_until
from tests.e2e.test_picture import (
    FILES,
    PLAIN_FILES,
    SIZE,
    STREAM,
    Agent,
    Site,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A tab, the same for all tests here: Firefox takes seconds to start."""
    with firefox(tmp_path_factory.mktemp("firefox")) as tab:
        yield tab


@pytest.fixture
def site(page: Firefox) -> Iterator[Site]:
    """A site on this machine, open in the tab."""
    with Site() as running:
        page.goto(running.address.result(10))
        wait_for(page, "Boolean(window.seen && window.seen.ready)")
        yield running


def wait_for(page: Firefox, expression: str) -> None:
    wait_until(lambda: page.evaluate(expression) is True, what=expression)


def shown(page: Firefox, agent: Agent, messages: Iterator[bytes]) -> None:
    for message in messages:
        texts = json.dumps([base64.b64encode(message).decode()])
        assert page.evaluate(f"window.feed({texts})") == ""
        wait_for(page, f"String(window.seen.acks.at(-1)) === '{agent.ack_of(message)}'")


def wrong(page: Firefox, site: Site, screen: screens.Rgb) -> int:
    name = hashlib.sha256(screen.tobytes()).hexdigest()
    site.wanted[name] = screen.tobytes()
    return int(page.evaluate(f"window.wrong('/wanted/{name}')"))


@pytest.mark.parametrize("takes", [STREAM, FILES, PLAIN_FILES], ids=["A", "B", "C"])
def test_every_pixel_is_on_the_canvas_in_firefox(
    page: Firefox, site: Site, takes: frozenset[Coding]
) -> None:
    agent = Agent(Way(1e9, True, takes))
    before = screens.page(1, *SIZE)
    texts = json.dumps([base64.b64encode(agent.layout()).decode()])
    assert page.evaluate(f"window.feed({texts})") == ""
    steps = [before, screens.typed(before, 700, 690, "q"), screens.page(3, *SIZE)]
    for screen in [*steps, screens.scrolled(before, 2)]:
        shown(page, agent, agent.shows(screen))
        assert wrong(page, site, screen) == 0
    assert page.evaluate("window.seen.faults") == []


def test_a_photo_becomes_exact_in_firefox(page: Firefox, site: Site) -> None:
    agent = Agent(Way(125_000, True, frozenset(Coding)))
    photo = screens.photo(5, 320, 192)
    screen = screens.with_picture(screens.page(1, *SIZE), photo, 320, 192)
    texts = json.dumps([base64.b64encode(agent.layout()).decode()])
    assert page.evaluate(f"window.feed({texts})") == ""
    shown(page, agent, agent.shows(screen))
    wait_for(page, "window.seen.sights.at(-1)?.isSharp === false")
    shown(page, agent, agent.refines())
    wait_for(page, "window.seen.sights.at(-1).isSharp === true")
    assert wrong(page, site, screen) == 0


def test_firefox_takes_every_coding(page: Firefox, site: Site) -> None:
    assert site.address.done()
    wait_for(page, "window.seen.takes !== null")
    wanted = {coding.name.lower() for coding in Coding}
    assert set(page.evaluate("window.seen.takes")) == wanted
