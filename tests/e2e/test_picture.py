"""What the agent draws is what a real browser shows, under the console's own CSP."""

import asyncio
import base64
import hashlib
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from aiohttp import web
from playwright.sync_api import Page

from cordee_agent.desktops.base import Monitor, make_layout
from cordee_agent.picture.differ import pixels_of
from cordee_agent.picture.epoch import Epoch, Way
from cordee_agent.picture.photos import still
from cordee_server.web.door import CSP
from cordee_server.web.pages import add_pages, read_pages
from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import Coding
from tests.agent.picture import screens
from tests.e2e.rig import browser as rig
from tests.e2e.rig.processes import wait_until

pytestmark = pytest.mark.browser

SIZE = (1280, 720)
#: What consoles of each level take (codec.md 5).
LEVELS = ("A", "A by rows", "B", "C")
STREAM = frozenset(Coding)
ROWS = frozenset({Coding.EXACT})
FILES = frozenset({Coding.LOSSLESS, Coding.PNG, Coding.WEBP, Coding.JPEG})
PLAIN_FILES = frozenset({Coding.PNG, Coding.JPEG})

_HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>pictures</title><script type="module" src="/test.js"></script></head>
<body><div><canvas></canvas></div></body></html>"""

# The page of the test: it feeds messages and compares pixels.
_SCRIPT = """
import { probe } from "/console/screen/probe.js";
import { RemoteScreen } from "/console/screen/screen.js";

const canvas = document.querySelector("canvas");
const seen = { acks: [], layouts: [], faults: [], sights: [], takes: null };
seen.ready = true;
void probe().then((takes) => (seen.takes = takes));
const screen = new RemoteScreen(canvas, {
    sendAck: (payload) => seen.acks.push(Array.from(payload)),
    onLayout: (layout) => seen.layouts.push([layout.width, layout.height]),
    onSight: (sight) => seen.sights.push(sight),
    onFault: (fault) => seen.faults.push(fault.name + ": " + fault.message),
});
window.seen = seen;
window.feed = (messages) => {
    for (const text of messages) {
        try {
            screen.receive(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
        } catch (fault) {
            return fault.name;
        }
    }
    return "";
};
window.wrong = async (name) => {
    const answer = await fetch(name);
    const wanted = new Uint8Array(await answer.arrayBuffer());
    // Read from a copy: the product's own canvas is never read back.
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const shown = context.getImageData(0, 0, canvas.width, canvas.height).data;
    if (wanted.length / 3 !== shown.length / 4) return -1;
    let wrong = 0;
    for (let from = 0, at = 0; from < wanted.length; from += 3, at += 4) {
        if (
            shown[at] !== wanted[from] ||
            shown[at + 1] !== wanted[from + 1] ||
            shown[at + 2] !== wanted[from + 2] ||
            shown[at + 3] !== 255
        ) {
            wrong += 1;
        }
    }
    return wrong;
};
window.startAnyWorker = () => {
    try {
        new Worker("/console/screen/decoders/worker.js");
        return "started";
    } catch (fault) {
        return fault.name;
    }
};
"""


class Site:
    """The console's files and the test's, served with the relay's own policy."""

    def __init__(self) -> None:
        self.wanted: dict[str, bytes] = {}
        self.address: Future[str] = Future()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="site")

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        app = web.Application()
        pages = read_pages()
        add_pages(app, {path: page for path, page in pages.items() if path != "/"})
        app.router.add_get("/", self._page)
        app.router.add_get("/test.js", self._script)
        app.router.add_get("/favicon.ico", self._nothing)
        app.router.add_get("/wanted/{name}", self._picture)
        app.on_response_prepare.append(self._guard)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.address.set_result(f"http://{host}:{port}/")
        await self._over.wait()
        await runner.cleanup()

    async def _guard(self, _: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Content-Security-Policy"] = CSP
        answer.headers["X-Content-Type-Options"] = "nosniff"

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text=_HTML, content_type="text/html")

    async def _script(self, _: web.Request) -> web.Response:
        return web.Response(text=_SCRIPT, content_type="text/javascript")

    async def _nothing(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _picture(self, request: web.Request) -> web.Response:
        return web.Response(body=self.wanted[request.match_info["name"]])


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on this machine."""
    with Site() as running:
        yield running


class Agent:
    """Draws messages, as the real one does."""

    def __init__(self, way: Way) -> None:
        self.way = way
        layout = make_layout(*SIZE, (Monitor(0, 0, 0, *SIZE, True),))
        self._epoch = Epoch(7, layout, way, 9)

    def layout(self) -> bytes:
        monitors = (wire.Monitor(0, True, wire.Rect(0, 0, *SIZE)),)
        return wire.encode(wire.Layout(7, 1, self._epoch.window_log, *SIZE, monitors))

    def shows(self, screen: screens.Rgb) -> Iterator[bytes]:
        """Yield what shows a screen, until nothing waits."""
        self._epoch.rest()
        self._epoch.look(screens.frame_of(screen), self.way)
        while (payload := self._epoch.preview(self.way)) is not None:
            yield payload
        while self._epoch.has_waiting:
            if (payload := self._epoch.chunk(self.way, None)) is not None:
                yield payload

    def refines(self) -> Iterator[bytes]:
        """Yield what makes everything exact."""
        while (payload := self._epoch.refinement(self.way)) is not None:
            yield payload

    def ack_of(self, message: bytes) -> str:
        """Return the acknowledgement of a message, as the page writes it."""
        seq = int.from_bytes(message[1:5])
        return ",".join(str(byte) for byte in wire.encode(wire.Ack(7, seq)))


def feed(page: Page, messages: list[bytes]) -> str:
    texts = [base64.b64encode(one).decode() for one in messages]
    name = page.evaluate("(texts) => window.feed(texts)", texts)
    assert isinstance(name, str)
    return name


def opened(page: Page, site: Site) -> list[str]:
    said = rig.complaints(page)
    page.goto(site.address.result(10))
    wait_for(page, "Boolean(window.seen && window.seen.ready)")
    return said


def wait_for(page: Page, expression: str) -> None:
    # Playwright's own wait makes code from text in the page: the policy forbids it.
    wait_until(lambda: page.evaluate(expression) is True, what=expression)


def shown(page: Page, site: Site, agent: Agent, messages: Iterator[bytes]) -> None:
    """Feed messages one at a time, and wait until each is painted."""
    for message in messages:
        # One at a time: no more is under way than an honest agent would send.
        assert feed(page, [message]) == ""
        wait_for(page, f"String(window.seen.acks.at(-1)) === '{agent.ack_of(message)}'")


def wrong(page: Page, site: Site, screen: screens.Rgb) -> int:
    """Return how many pixels of the canvas are not those of the screen."""
    name = hashlib.sha256(screen.tobytes()).hexdigest()
    site.wanted[name] = screen.tobytes()
    count = page.evaluate(f"window.wrong('/wanted/{name}')")
    assert isinstance(count, int)
    return count


@pytest.mark.parametrize("takes", [STREAM, ROWS, FILES, PLAIN_FILES], ids=LEVELS)
def test_every_pixel_of_a_recorded_epoch_is_on_the_canvas(
    page: Page, site: Site, takes: frozenset[Coding]
) -> None:
    said = opened(page, site)
    agent = Agent(Way(1e9, True, takes))
    before = screens.page(1, *SIZE)
    steps = [
        before,
        screens.typed(before, 700, 690, "q"),
        screens.scrolled(before, 2),
        screens.page(3, *SIZE),
        screens.noise(4, *SIZE),
        before,
    ]
    assert feed(page, [agent.layout()]) == ""
    for screen in steps:
        shown(page, site, agent, agent.shows(screen))
        assert wrong(page, site, screen) == 0
    assert page.evaluate("window.seen.layouts") == [list(SIZE)]
    assert page.evaluate("window.seen.faults") == []
    assert said == []


def test_a_photo_is_marked_while_it_is_not_sharp_and_exact_afterwards(
    page: Page, site: Site
) -> None:
    opened(page, site)
    agent = Agent(Way(125_000, True, frozenset(Coding)))
    photo = screens.photo(5, 512, 320)
    screen = screens.with_picture(screens.page(1, *SIZE), photo, 320, 192)
    assert feed(page, [agent.layout()]) == ""
    shown(page, site, agent, agent.shows(screen))
    wait_for(page, "window.seen.sights.at(-1)?.isSharp === false")
    roughly = wrong(page, site, screen)
    assert 10_000 < roughly <= photo.shape[0] * photo.shape[1] + 64 * 64 * 40
    shown(page, site, agent, agent.refines())
    wait_for(page, "window.seen.sights.at(-1).isSharp === true")
    assert wrong(page, site, screen) == 0
    assert page.evaluate("window.seen.faults") == []


def test_this_browser_takes_every_coding(page: Page, site: Site) -> None:
    opened(page, site)
    wait_for(page, "window.seen.takes !== null")
    wanted = {coding.name.lower() for coding in Coding}
    assert set(page.evaluate("window.seen.takes")) == wanted


def test_s41_a_file_that_is_larger_than_it_says_is_refused(
    page: Page, site: Site
) -> None:
    opened(page, site)
    agent = Agent(Way(1e9, True, frozenset({Coding.PNG, Coding.JPEG})))
    file = bytearray(
        still(
            pixels_of(screens.frame_of(screens.page(1, 8, 8))),
            wire.Rect(0, 0, 8, 8),
            Coding.PNG,
        )
    )
    file[16:24] = (4).to_bytes(4) + (4).to_bytes(4)  # its checksum is wrong now
    lie = struct.pack(">BIBHHHHH", 2, 1, Coding.PNG, 1, 0, 0, 4, 4) + bytes(file)
    assert feed(page, [agent.layout(), lie]) == ""
    wait_for(page, "window.seen.faults.length === 1")
    assert page.evaluate("window.seen.faults[0]").startswith("MalformedFrame")


def test_a_bomb_is_refused_and_the_page_lives_on(page: Page, site: Site) -> None:
    opened(page, site)
    agent = Agent(Way())
    head = bytes((0x28, 0xB5, 0x2F, 0xFD, 0, (25 - 10) << 3))
    block = bytes((0x02, 0x00, 0x10, 7))  # 128 KiB of one byte
    bomb = wire.encode(
        wire.Rects(
            1, wire.Coding.EXACT, (wire.Rect(0, 0, 1, 1),), head + block * 60_000
        )
    )
    assert feed(page, [agent.layout(), bomb]) == ""
    wait_for(page, "window.seen.faults.length === 1")
    assert page.evaluate("window.seen.faults[0]").startswith("MalformedFrame")
    assert feed(page, [agent.layout()]) == "MalformedFrame"
    assert page.evaluate("1 + 1") == 2


def test_the_policy_starts_no_other_worker(page: Page, site: Site) -> None:
    opened(page, site)
    # The address is right and `worker-src` allows it: what is missing is the trust.
    assert page.evaluate("window.startAnyWorker()") == "TypeError"
