import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_agent.desktops.base import Frame
from cordee_agent.picture.differ import SMALL_TILES, TILE, Differ, Pixels, pixels_of
from cordee_shared.wire.picture import Rect

WIDTH, HEIGHT = 300, 200


def blank(width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    return np.zeros((height, width), dtype=np.uint32)


def settled(width: int = WIDTH, height: int = HEIGHT) -> tuple[Differ, Pixels]:
    return Differ(width, height), blank(width, height)


def test_a_black_screen_is_what_the_console_already_shows() -> None:
    differ, screen = settled()
    assert differ.look(screen) is False
    assert differ.dirty_tiles == 0
    assert differ.take(differ.choose(15)) == []


def test_a_change_is_cut_to_its_exact_box() -> None:
    differ, screen = settled()
    screen[70:80, 10:14] = 5
    assert differ.look(screen) is True
    assert differ.take(differ.choose(15)) == [Rect(10, 70, 4, 10)]
    assert differ.look(screen) is False


def test_neighbouring_tiles_become_one_rectangle() -> None:
    differ, screen = settled()
    screen[10:150, 60:200] = 5
    differ.look(screen)
    assert differ.take(differ.choose(15)) == [Rect(60, 10, 140, 140)]


def test_tiles_of_other_columns_stay_apart() -> None:
    differ, screen = settled()
    screen[10, 10] = screen[100, 200] = screen[10, 200] = 5
    differ.look(screen)
    assert differ.take(differ.choose(15)) == [Rect(10, 10, 1, 1), Rect(200, 10, 1, 91)]


def test_the_last_row_and_column_are_seen() -> None:
    differ, screen = settled()
    screen[HEIGHT - 1, WIDTH - 1] = 5
    differ.look(screen)
    assert differ.take(differ.choose(15)) == [Rect(WIDTH - 1, HEIGHT - 1, 1, 1)]


def test_what_does_not_fit_waits_for_the_next_chunk() -> None:
    differ, screen = settled()
    screen[:] = 5
    differ.look(screen)
    count = differ.dirty_tiles
    assert count == 5 * 4
    assert differ.take(differ.choose(3)) == [Rect(0, 0, 3 * TILE, TILE)]
    assert differ.dirty_tiles == count - 3
    assert differ.take(differ.choose(100)) != []
    assert differ.dirty_tiles == 0


def test_a_letter_goes_before_the_page_that_waits() -> None:
    differ, screen = settled(640, 640)
    screen[:, :] = 5
    screen[300, 300] = 0
    differ.look(screen)
    assert not differ.has_urgent  # a whole page is no small damage
    differ.take(differ.choose(100))
    screen[:] = 6
    differ.look(screen)
    differ.take(differ.choose(80))  # bands 0 to 7; 8 and 9 wait
    screen[300, 300] = 7
    assert differ.look(screen) is True
    assert differ.take(differ.choose(15)) == [Rect(300, 300, 1, 1)]
    assert differ.take(differ.choose(15))[0].y == 8 * TILE


def test_a_wide_rectangle_keeps_its_columns() -> None:
    differ, screen = settled(640, 640)
    screen[100:110, 3:637] = 5
    differ.look(screen)
    assert differ.take(differ.choose(15)) == [Rect(0, 100, 640, 10)]


def test_a_band_is_taken_in_the_same_pieces_whatever_else_is_dirty() -> None:
    for top in (0, 64, 128):
        differ, screen = settled(1280, 256)
        screen[top:] = 5
        differ.look(screen)
        pieces = []
        while differ.dirty_tiles:
            pieces += [(rect.x, rect.w) for rect in differ.take(differ.choose(15))]
        assert set(pieces) == {(0, 640), (640, 640)}


def test_small_means_up_to_24_tiles() -> None:
    differ, screen = settled(64 * SMALL_TILES, 64)
    screen[:] = 5
    differ.look(screen)
    assert differ.has_urgent
    differ, screen = settled(64 * (SMALL_TILES + 1), 64)
    screen[:] = 5
    differ.look(screen)
    assert not differ.has_urgent


def test_the_pointers_band_goes_first() -> None:
    differ, screen = settled(640, 640)
    screen[:] = 5
    differ.look(screen)
    assert differ.take(differ.choose(10, near=330)) == [Rect(0, 5 * TILE, 640, TILE)]
    assert differ.take(differ.choose(10, near=9999)) == [Rect(0, 0, 640, TILE)]


def test_what_changed_back_is_not_sent() -> None:
    differ, screen = settled()
    screen[10, 10] = 5
    differ.look(screen)
    screen[10, 10] = 0
    assert differ.look(screen) is False
    assert differ.dirty_tiles == 0
    assert not differ.has_urgent


@pytest.mark.parametrize("padding", [0, 4, 12])
def test_rows_may_be_padded(padding: int) -> None:
    width, height, stride = 5, 3, 5 * 4 + padding
    data = bytearray(stride * height)
    data[1 * stride + 2 * 4] = 9
    pixels = pixels_of(Frame(width, height, stride, memoryview(data)))
    assert pixels.shape == (height, width)
    assert pixels[1, 2] == 9
    differ = Differ(width, height)
    assert differ.look(pixels) is True
    assert differ.take(differ.choose(15)) == [Rect(2, 1, 1, 1)]


@given(
    spots=st.lists(
        st.tuples(
            st.integers(0, HEIGHT - 1),
            st.integers(0, WIDTH - 1),
            st.integers(1, 90),
            st.integers(1, 90),
        ),
        max_size=6,
    ),
    limit=st.integers(1, 20),
)
def test_the_rectangles_hold_every_changed_pixel_once(
    spots: list[tuple[int, int, int, int]], limit: int
) -> None:
    differ, screen = settled()
    for y, x, h, w in spots:
        screen[y : y + h, x : x + w] = 7
    differ.look(screen)
    times = np.zeros((HEIGHT, WIDTH), dtype=int)
    shown = blank()
    while differ.dirty_tiles:
        for x, y, w, h in differ.take(differ.choose(limit)):
            times[y : y + h, x : x + w] += 1
            shown[y : y + h, x : x + w] = screen[y : y + h, x : x + w]
    assert (shown == screen).all()
    assert times.max(initial=0) <= 1
