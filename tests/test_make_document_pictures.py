"""The documentation's pictures are of samples that there are, and small."""

from tests.make_document_pictures import IMAGES, SHOWN
from tests.shared.billing.test_justificatif import papers


def test_every_picture_shows_a_sample_and_is_small() -> None:
    assert set(SHOWN.values()) <= papers().keys()
    sizes = [(IMAGES / f"{name}.png").stat().st_size for name in SHOWN]
    assert max(sizes) < 150_000
