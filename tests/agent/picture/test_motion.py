import numpy as np

from cordee_agent.picture.motion import Map, Motion, Pixels

BANDS, COLUMNS, TILE = 6, 8, 64
EVERYWHERE: Map = np.ones((BANDS, COLUMNS), dtype=np.bool_)


class Screen:
    """A screen where some tiles get new pixels at each look."""

    def __init__(self, *, photos: bool = True) -> None:
        self.motion = Motion(BANDS, COLUMNS, TILE)
        self._pixels: Pixels = np.zeros((BANDS * TILE, COLUMNS * TILE), dtype=np.uint32)
        self._dice = np.random.default_rng(1)
        self._photos = photos

    def look(self, *moving: tuple[slice, slice], times: int = 1) -> None:
        for _ in range(times):
            dirty = np.zeros_like(EVERYWHERE)
            for bands, columns in moving:
                dirty[bands, columns] = True
            for band, column in zip(*dirty.nonzero(), strict=True):
                rows = slice(band * TILE, (band + 1) * TILE)
                across = slice(column * TILE, (column + 1) * TILE)
                self._pixels[rows, across] = self._dice.integers(0, 2**24, (TILE, TILE))
            self.motion.look(self._pixels, dirty, lambda _band, _column: self._photos)

    @property
    def held(self) -> set[tuple[int, int]]:
        return {
            (int(b), int(c)) for b, c in zip(*self.motion.held.nonzero(), strict=True)
        }


FILM = np.s_[1:4, 2:5]
TILES = {(band, column) for band in range(1, 4) for column in range(2, 5)}


def test_what_changes_in_five_of_eight_looks_is_held() -> None:
    screen = Screen()
    screen.look(FILM, times=4)
    assert screen.held == set()
    screen.look(FILM)
    assert screen.held == TILES


def test_text_that_moves_is_not() -> None:
    screen = Screen(photos=False)
    screen.look(FILM, times=20)
    assert screen.held == set()


def test_a_little_wheel_that_turns_is_not_worth_it() -> None:
    screen = Screen()
    screen.look(np.s_[1:2, 2:5], times=20)
    assert screen.held == set()


def test_a_tile_that_stays_dirty_without_changing_does_not_move() -> None:
    screen = Screen()
    screen.look(FILM, times=8)
    before = screen._pixels.copy()
    for _ in range(8):
        dirty = np.zeros_like(EVERYWHERE)
        dirty[FILM] = True
        screen.motion.look(before, dirty, lambda _band, _column: True)
    assert screen.held == set()


def test_it_is_let_go_when_it_rests() -> None:
    screen = Screen()
    screen.look(FILM, times=8)
    screen.look(times=3)
    assert screen.held == TILES  # films pause for a moment
    screen.look(times=4)
    assert screen.held == set()


def test_when_nothing_changes_any_more_everything_is_let_go() -> None:
    screen = Screen()
    screen.look(FILM, times=8)
    screen.motion.rest()
    assert screen.held == set()
    screen.look(FILM, times=4)
    assert screen.held == set()


def test_screens_that_end_within_a_tile_are_summed_too() -> None:
    motion = Motion(2, 2, TILE)
    pixels: Pixels = np.zeros((100, 70), dtype=np.uint32)
    for look in range(8):
        pixels[99, 69] = look  # the last pixel alone
        motion.look(pixels, np.ones((2, 2), dtype=np.bool_), lambda _b, _c: True)
    assert not motion.held.any()  # one tile moved: too little
    # It was black at the first look already.
    assert int(motion._changes[1, 1]) == 0b0111_1111
