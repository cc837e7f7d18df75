"""The technician's browser: Debian's Chromium, driven by Playwright."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.parts import command

Colour = tuple[int, int, int]

_FLAGS = [
    "--no-sandbox",  # a container's root has no other way
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: What a page says when something is wrong; our own faults are warnings.
_WRONG = ("error", "warning")

# Any kind of canvas can be drawn onto a plain one.
_PIXELS = """
(canvas, [x, y, width, height]) => {
    const copy = document.createElement("canvas");
    copy.width = width;
    copy.height = height;
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, x, y, width, height, 0, 0, width, height);
    return Array.from(context.getImageData(0, 0, width, height).data);
}
"""


def chromium() -> Path:
    """Return the browser's command; the test ends here when there is none."""
    return command("chromium", "chromium-browser", "google-chrome", package="chromium")


@contextlib.contextmanager
def browser(
    *,
    locale: str = "fr-FR",
    width: int = 1440,
    height: int = 900,
    env: dict[str, str] | None = None,
    **context: Any,
) -> Iterator[BrowserContext]:
    """Run a fresh Chromium; yield a context without cookies.

    Playwright's synchronous interface keeps an event loop of its own while it
    is open: a test that uses it is a plain function, not a coroutine.

    Args:
        locale: what the page learns of the technician's language.
        width: of the window's inside, in CSS pixels.
        height: of the window's inside, in CSS pixels.
        env: of a desktop on which it has a window; without, it has none.
        context: more arguments for Playwright's ``new_context``.
    """
    executable = chromium()
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=executable,
            args=_FLAGS,
            headless=env is None,
            env=dict(env) if env is not None else None,
        ) as running,
    ):
        opened = running.new_context(
            locale=locale, viewport={"width": width, "height": height}, **context
        )
        opened.set_default_timeout(PATIENCE_S * 1000)
        yield opened


def complaints(page: Page) -> list[str]:
    """Collect what goes wrong on a page from now on: errors, faults, broken CSP.

    The list grows as the page lives; assert at the end that it is empty.
    """
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda line: said.append(line.text) if line.type in _WRONG else None,
    )
    return said


def canvas_pixels(
    page: Page, selector: str, x: int, y: int, width: int, height: int
) -> bytes:
    """Return a rectangle of a canvas as RGBA bytes, in the canvas's own pixels."""
    values: Sequence[int] = page.locator(selector).evaluate(
        _PIXELS, [x, y, width, height]
    )
    return bytes(values)


def canvas_pixel(page: Page, selector: str, x: int, y: int) -> Colour:
    """Return the colour of one pixel of a canvas."""
    red, green, blue, _ = canvas_pixels(page, selector, x, y, 1, 1)
    return red, green, blue


def near(seen: Colour, wanted: Colour, tolerance: int = 0) -> bool:
    """Whether two colours differ by no more than this in any channel."""
    return all(abs(a - b) <= tolerance for a, b in zip(seen, wanted, strict=True))


def wait_for_pixel(
    page: Page,
    selector: str,
    at: tuple[int, int],
    colour: Colour,
    *,
    tolerance: int = 0,
    within: float = PATIENCE_S,
) -> None:
    """Wait until a pixel of a canvas has a colour."""
    seen: Colour | None = None

    def look() -> bool:
        nonlocal seen
        seen = canvas_pixel(page, selector, *at)
        return near(seen, colour, tolerance)

    wait_until(
        look,
        within=within,
        what=lambda: f"{colour} at {at} of {selector}; it is {seen}",
    )
