"""The pages are the same from run to run, and no sentence stands in two of them."""

import io

import numpy as np
from PIL import Image

from benchmarks.line import pages


def test_words_are_alike_from_run_to_run_and_differ_from_page_to_page() -> None:
    one, again, other = (pages._Words(seed).paragraph(5) for seed in (1, 1, 2))
    assert one == again
    assert not set(one.split(". ")) & set(other.split(". "))


def test_the_photo_page_is_as_large_as_a_page() -> None:
    assert pages.photo_page().shape == (pages.HEIGHT - pages.STRIP, pages.WIDTH, 3)


def test_the_film_moves_and_no_picture_is_there_twice() -> None:
    film = pages.film(frames=4, width=64, height=48)
    assert [picture.shape for picture in film] == [(48, 64, 3)] * 4
    assert len({picture.tobytes() for picture in film}) == 4


def test_a_png_brings_back_every_pixel() -> None:
    page = pages.photo_page()[:40, :60]
    with Image.open(io.BytesIO(pages.png(page))) as picture:
        assert np.array_equal(np.asarray(picture), page)
