"""What is drawn, in which coding, and what it may cost: budgets in bytes, not times."""

import statistics

import numpy as np
import pytest
from numpy.typing import NDArray

from cordee_agent.desktops.base import Monitor, make_layout
from cordee_agent.picture.epoch import Epoch, Way
from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import Coding, Rect
from tests.agent.picture import screens

LARGE, USUAL = (1920, 1080), (1366, 768)
EXACTLY = frozenset({Coding.EXACT, Coding.COLUMNS})
EVERYTHING = frozenset(Coding)
#: A fast way: nothing is worth showing lossily.
FAST = Way(1e9, True, EVERYTHING)
#: 1 Mbit/s.
SLOW = Way(125_000, True, EVERYTHING)


class Line:
    """An epoch and the console at its end; says what each change costs."""

    def __init__(self, screen: screens.Rgb, way: Way = FAST) -> None:
        height, width = screen.shape[:2]
        self.way = way
        self.now = 0.0
        layout = make_layout(width, height, (Monitor(0, 0, 0, width, height, True),))
        self.epoch = Epoch(1, layout, way, 9)
        self.viewer = screens.Viewer()
        monitors = (wire.Monitor(0, True, Rect(0, 0, width, height)),)
        log = self.epoch.window_log
        self.viewer.receive(
            wire.encode(wire.Layout(1, layout.cfg, log, width, height, monitors))
        )
        self.first = self.change(screen)

    def look(self, screen: screens.Rgb) -> None:
        self.now += 1 / 30
        self.epoch.look(screens.frame_of(screen), self.way)

    def take(self, payload: bytes | None) -> wire.FromAgent | None:
        return None if payload is None else self.viewer.receive(payload)

    def change(self, screen: screens.Rgb) -> int:
        """Show a screen; return the bytes of all its messages until nothing waits."""
        before = self.viewer.bytes
        self.look(screen)
        while self.take(self.epoch.preview(self.way)):
            pass
        while self.epoch.has_waiting:
            self.take(self.epoch.chunk(self.way, None))
        return self.viewer.bytes - before

    def refine(self) -> int:
        """Let it be quiet; return the bytes until everything is exact."""
        before = self.viewer.bytes
        self.epoch.rest()
        while self.take(self.epoch.chunk(self.way, None)) or self.take(
            self.epoch.refinement(self.way)
        ):
            pass
        return self.viewer.bytes - before


# --- budgets (issue 3, item 6) --------------------------------------------------------


@pytest.mark.parametrize("size", [LARGE, USUAL])
def test_b_a_key_pressed_costs_80_bytes_at_most(size: tuple[int, int]) -> None:
    page = screens.page(1, *size)
    line = Line(page)
    costs = []
    for step, letter in enumerate("eaisnrtoluepdcm"):
        page = screens.typed(page, size[0] // 2 + step * 9, size[1] - 30, letter)
        costs.append(line.change(page))
        assert line.viewer.shows(page)
    # Header, rectangle and pixels; a letter that was never seen may cost more.
    assert statistics.median(costs) <= 80


@pytest.mark.parametrize("size", [LARGE, USUAL])
def test_b_scrolling_by_a_line_costs_3_kilobytes_at_most(size: tuple[int, int]) -> None:
    page = screens.page(2, *size)
    line = Line(page)
    costs = []
    for step in range(8):
        page = screens.scrolled(page, 100 + step, rows=1)
        costs.append(line.change(page))
        assert line.viewer.shows(page)
    assert statistics.median(costs) <= 3_000


@pytest.mark.parametrize(("size", "most"), [(LARGE, 120_000), (USUAL, 85_000)])
def test_b_a_new_page_is_exact_and_within_its_budget(
    size: tuple[int, int], most: int
) -> None:
    line = Line(screens.page(3, *size))
    assert line.first <= most
    page = screens.page(13, *size)
    assert line.change(page) <= most
    assert line.viewer.shows(page)


@pytest.mark.parametrize("size", [LARGE, USUAL])
def test_b_a_page_seen_before_costs_20_kilobytes_at_most(size: tuple[int, int]) -> None:
    first, second = screens.page(4, *size), screens.page(14, *size)
    line = Line(first)
    line.change(second)
    assert line.change(first) <= 20_000
    assert line.change(second) <= 20_000
    assert line.viewer.shows(second)


def test_b_columns_halve_what_a_page_costs() -> None:
    pages = [screens.page(seed, *USUAL) for seed in (3, 13, 23)]
    by_rows = Line(pages[0], Way(1e9, True, frozenset({Coding.EXACT})))
    by_columns = Line(pages[0])
    for page in pages[1:]:
        assert by_columns.change(page) < by_rows.change(page) / 2
        assert by_columns.viewer.shows(page)
        assert by_rows.viewer.shows(page)


# --- photos, previews, refinement -----------------------------------------------------


def _gallery(seed: int) -> screens.Rgb:
    photo = screens.photo(seed, 620, 420)
    return screens.with_picture(screens.page(seed, *USUAL), photo, 320, 192)


def test_a_photo_comes_lossily_first_and_exactly_when_it_is_quiet() -> None:
    line = Line(screens.page(1, *USUAL), SLOW)
    line.refine()
    page = _gallery(7)
    quickly = line.change(page)
    assert line.viewer.rough
    assert not line.viewer.shows(page)
    assert quickly < 90_000
    exactly = line.refine()
    assert line.viewer.shows(page)
    assert not line.viewer.rough
    assert exactly > quickly


def test_on_a_fast_way_a_photo_is_exact_at_once() -> None:
    line = Line(screens.page(1, *USUAL))
    page = _gallery(7)
    line.change(page)
    assert line.viewer.shows(page)
    assert not line.viewer.rough


def test_a_change_inside_a_photo_that_is_owed_is_exact_afterwards() -> None:
    line = Line(screens.page(1, *USUAL), SLOW)
    page = _gallery(7)
    line.change(page)
    after = page.copy()
    after[300:310, 400:410] = (255, 0, 0)
    line.change(after)
    line.refine()
    assert line.viewer.shows(after)
    assert not line.viewer.rough


def test_a_large_change_on_a_slow_way_has_a_preview_first() -> None:
    line = Line(screens.page(1, *USUAL), Way(5_000, True, EVERYTHING))
    page = screens.page(9, *USUAL)
    line.look(page)
    before = line.viewer.bytes
    while line.take(line.epoch.preview(line.way)):
        pass
    assert 0 < line.viewer.bytes - before < 16_000
    assert line.viewer.rough
    assert abs(_coarsely(line.viewer.shown) - _coarsely(page)).mean() < 4
    while line.epoch.has_waiting:
        line.take(line.epoch.chunk(line.way, None))
    assert line.viewer.shows(page)
    assert not line.viewer.rough


def _coarsely(screen: screens.Rgb) -> NDArray[np.float64]:
    """Return the screen's mean colours over blocks of 8 by 8 pixels."""
    height, width = screen.shape[0] // 8, screen.shape[1] // 8
    blocks = screen[: height * 8, : width * 8].reshape(height, 8, width, 8, 3)
    return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float64)


def test_a_fast_way_has_no_preview() -> None:
    line = Line(screens.page(1, *USUAL))
    line.look(screens.page(9, *USUAL))
    assert line.epoch.preview(line.way) is None


# --- what moves -----------------------------------------------------------------------


def _playing(line: Line, page: screens.Rgb, frames: int) -> screens.Rgb:
    """Play a film on the page for some looks; return the last screen."""
    screen = page
    for frame in range(frames):
        film = screens.photo(100 + frame, 640, 360)
        screen = screens.with_picture(page, film, 320, 192)
        line.look(screen)
        line.take(line.epoch.chunk(line.way, None))
        line.take(line.epoch.motion(line.way, line.now))
    return screen


def test_a_moving_region_leaves_the_exact_path_and_a_key_beside_it_is_urgent() -> None:
    page = screens.page(1, *USUAL)
    line = Line(page, SLOW)
    screen = _playing(line, page, 12)
    while line.epoch.has_waiting:
        line.take(line.epoch.chunk(line.way, None))
    screen = _playing(line, page, 1)
    assert not line.epoch.has_waiting
    line.look(screens.typed(screen, 900, 700, "q"))
    assert line.epoch.has_urgent
    payload = line.epoch.chunk(line.way, None)
    assert payload is not None
    assert len(payload) < 400


def test_what_moves_takes_half_the_way_at_most_and_is_exact_when_it_stops() -> None:
    page = screens.page(1, *USUAL)
    line = Line(page, SLOW)
    _playing(line, page, 10)
    since, before = line.now, line.viewer.bytes
    screen = _playing(line, page, 90)
    rate = (line.viewer.bytes - before) / (line.now - since)
    assert 0.2 * SLOW.rate < rate < 0.75 * SLOW.rate
    line.refine()
    assert line.viewer.shows(screen)
    assert not line.viewer.rough


def test_text_that_scrolls_is_never_taken_for_a_film() -> None:
    page = screens.page(2, *USUAL)
    line = Line(page, SLOW)
    line.refine()
    for step in range(12):
        page = screens.scrolled(page, 100 + step, rows=1)
        line.change(page)
        assert line.epoch.moves_at() is None
        assert line.viewer.shows(page)


# --- what the console takes -----------------------------------------------------------


@pytest.mark.parametrize(
    "takes",
    [
        frozenset({Coding.LOSSLESS, Coding.PNG, Coding.WEBP, Coding.JPEG}),
        frozenset({Coding.PNG, Coding.JPEG}),
    ],
    ids=["level B", "level C"],
)
def test_without_a_stream_files_show_the_same(takes: frozenset[Coding]) -> None:
    page = screens.page(1, *USUAL)
    line = Line(page, Way(1e9, True, takes))
    line.refine()
    assert line.epoch.window_log == 0
    assert line.viewer.shows(page)
    line.take(line.epoch.shape(screens.ARROW))
    assert line.viewer.shape == screens.ARROW.rgba
    kinds = {one.coding for one in line.viewer.messages if isinstance(one, wire.Rects)}
    assert kinds <= takes


def test_a_console_that_said_nothing_is_sent_rows_only() -> None:
    line = Line(_gallery(3), Way())
    assert line.viewer.shows(_gallery(3))
    kinds = {one.coding for one in line.viewer.messages if isinstance(one, wire.Rects)}
    assert kinds == {Coding.EXACT}


def test_whatever_is_shown_fits_into_records() -> None:
    noise = screens.noise(5, 1024, 300)
    noise[40:44] = 0  # rows that repeat: where a line might end
    for takes in (EXACTLY, EVERYTHING):
        line = Line(noise, Way(1e9, True, takes))
        assert line.viewer.shows(noise)
