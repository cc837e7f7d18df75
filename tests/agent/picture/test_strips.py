import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cordee_agent.picture.differ import Pixels, pixels_of
from cordee_agent.picture.strips import REACH, reach_out, strips
from cordee_shared.wire.picture import Rect
from tests.agent.picture import screens

WIDTH, HEIGHT = 200, 120


def _lines(*tops: int) -> Pixels:
    """Return an empty screen with lines of noise 10 rows high."""
    pixels = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    dice = np.random.default_rng(1)
    for top in tops:
        pixels[top : top + 10] = dice.integers(1, 1000, (10, WIDTH))
    return pixels


def test_a_rectangle_is_cut_where_lines_begin_and_end() -> None:
    cut = strips(_lines(20, 50), Rect(0, 0, WIDTH, 80))
    # A line takes the first row below it along: that one differs from the one above.
    assert [(one.y, one.h) for one in cut[1:]] == [
        (1, 19),
        (20, 11),
        (31, 19),
        (50, 11),
        (61, 19),
    ]


def test_the_same_line_is_the_same_strip_wherever_it_stands() -> None:
    for top in (20, 37, 61):
        cut = strips(_lines(top), Rect(0, 2, WIDTH, 100))
        assert Rect(0, top, WIDTH, 11) in cut


def test_a_rectangle_grows_to_the_ends_of_the_lines_it_cuts() -> None:
    pixels = _lines(20, 50)
    grown = reach_out(pixels, Rect(0, 25, WIDTH, 30), 1_000_000)
    assert (grown.y, grown.y + grown.h) == (20, 61)
    between = Rect(0, 33, WIDTH, 10)
    assert reach_out(pixels, between, 1_000_000) == between


def test_it_grows_no_further_than_it_may() -> None:
    pixels = _lines(20, 50)
    rect = Rect(0, 25, WIDTH, 30)
    assert reach_out(pixels, rect, 0) == rect
    assert reach_out(pixels, rect, -5) == rect
    noise = pixels_of(screens.frame_of(screens.noise(1, WIDTH, HEIGHT)))
    assert reach_out(noise, rect, 1_000_000) == rect


def test_what_is_narrow_or_has_no_lines_stays_whole() -> None:
    narrow = Rect(0, 0, 60, 80)
    assert strips(_lines(20, 50), narrow) == [narrow]
    rows = np.repeat(np.arange(HEIGHT, dtype=np.uint32) // 2, WIDTH)
    stairs = rows.reshape(HEIGHT, WIDTH)
    whole = Rect(0, 0, WIDTH, HEIGHT)
    assert strips(stairs, whole) == [whole]


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 30_000))
def test_strips_are_the_rectangle_and_growing_keeps_it(
    top: int, height: int, room: int
) -> None:
    pixels = pixels_of(screens.frame_of(screens.page(1, WIDTH, HEIGHT)))
    rect = Rect(0, top, WIDTH, height)
    grown = reach_out(pixels, rect, room)
    assert grown.y <= rect.y
    assert grown.y + grown.h >= rect.y + rect.h
    assert grown.h - rect.h <= 2 * REACH
    assert (grown.h - rect.h) * WIDTH <= room
    cut = strips(pixels, grown)
    assert [one.y for one in cut[1:]] == [one.y + one.h for one in cut[:-1]]
    assert (cut[0].y, cut[-1].y + cut[-1].h) == (grown.y, grown.y + grown.h)
