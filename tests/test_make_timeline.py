"""The picture of the meter shows what the meter really counts."""

import xml.etree.ElementTree as ET

from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.tally import tally
from tests.make_timeline import PICTURE, picture, session


def test_b02_the_picture_in_the_docs_is_drawn_from_the_journal() -> None:
    assert PICTURE.read_text("utf-8") == picture(session().entries)


def test_b02_every_counted_stretch_is_in_the_picture_with_its_length() -> None:
    drawn = picture(session().entries)
    counted = tally([session().entries], LAW_CORRECTED_2026)
    assert [part.cause for part in counted.segments] == [
        "reclaimed",
        "paused",
        "link_lost",
        "technician_ended",
    ]
    for part in counted.segments:
        minutes, seconds = divmod(part.length_us // 1_000_000, 60)
        assert f"{minutes} min {seconds:02} s" in drawn
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314  # our own
