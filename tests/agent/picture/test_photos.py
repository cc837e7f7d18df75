import io

import pytest
from PIL import Image

from cordee_agent.picture.differ import TILE, pixels_of
from cordee_agent.picture.photos import is_photo, picture_of, shape_file, still
from cordee_shared.wire.picture import Coding, Rect
from cordee_shared.wire.still import still_size
from tests.agent.picture import screens

SIZE = (1366, 768)


def _share(screen: screens.Rgb) -> float:
    pixels = pixels_of(screens.frame_of(screen))
    height, width = pixels.shape
    tiles = [
        Rect(x, y, TILE, TILE)
        for y in range(0, height - TILE, TILE)
        for x in range(0, width - TILE, TILE)
    ]
    return sum(is_photo(pixels, tile) for tile in tiles) / len(tiles)


def test_pages_of_text_are_no_photos() -> None:
    assert _share(screens.page(1, *SIZE)) <= 0.01
    assert _share(screens.paper(*SIZE, (9, 9, 9))) == 0


def test_photos_and_noise_are() -> None:
    assert _share(screens.photo(1, 640, 512)) > 0.95
    assert _share(screens.noise(1, 640, 512)) == 1


def test_a_sliver_is_no_photo() -> None:
    pixels = pixels_of(screens.frame_of(screens.noise(1, 65, 65)))
    assert not is_photo(pixels, Rect(64, 0, 1, 64))


@pytest.mark.parametrize("coding", [Coding.LOSSLESS, Coding.PNG])
def test_exact_files_are_exact(coding: Coding) -> None:
    screen = screens.photo(2, 200, 100)
    rect = Rect(30, 20, 101, 67)
    file = still(pixels_of(screens.frame_of(screen)), rect, coding)
    assert still_size(coding.name, file) == (101, 67)
    seen = Image.open(io.BytesIO(file)).convert("RGB").tobytes()
    assert seen == screen[20:87, 30:131].tobytes()


@pytest.mark.parametrize("coding", [Coding.WEBP, Coding.JPEG])
@pytest.mark.parametrize("by", [1, 2, 4])
def test_lossy_files_have_the_size_the_wire_allows(coding: Coding, by: int) -> None:
    pixels = pixels_of(screens.frame_of(screens.photo(2, 200, 100)))
    file = still(pixels, Rect(0, 0, 127, 64), coding, 30, by)
    assert still_size(coding.name, file) == (-(-127 // by), 64 // by)


def test_better_quality_is_nearer() -> None:
    screen = screens.photo(2, 200, 100)
    pixels = pixels_of(screens.frame_of(screen))
    far = []
    for quality in (10, 60):
        file = still(pixels, Rect(0, 0, 200, 100), Coding.WEBP, quality)
        seen = Image.open(io.BytesIO(file)).convert("RGB")
        pairs = zip(seen.tobytes(), screen.tobytes(), strict=True)
        far.append(sum(abs(one - other) for one, other in pairs))
    assert far[1] < far[0]


def test_an_area_is_a_picture_and_a_shape_a_file() -> None:
    screen = screens.page(1, 100, 80)
    area = picture_of(pixels_of(screens.frame_of(screen)), Rect(10, 5, 30, 20))
    assert area.tobytes() == screen[5:25, 10:40].tobytes()
    file = shape_file(bytes(range(16)), 2, 2)
    assert still_size("PNG", file) == (2, 2)
    assert Image.open(io.BytesIO(file)).tobytes() == bytes(range(16))
