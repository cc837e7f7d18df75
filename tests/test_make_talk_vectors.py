"""The vectors of the chat channel are what the generator writes, to the byte."""

from tests.make_talk_vectors import text
from tests.make_vectors import VECTORS


def test_the_golden_file_is_the_generators() -> None:
    assert text() == (VECTORS / "talk.json").read_text("ascii")
