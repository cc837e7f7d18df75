"""The vectors of names and texts are what the generator writes, to the byte."""

import pytest

from tests.make_passing_vectors import NAMES, texts
from tests.make_vectors import VECTORS


@pytest.mark.parametrize("name", texts())
def test_a_golden_file_is_the_generators(name: str) -> None:
    assert texts()[name] == (VECTORS / name).read_text("ascii")


def test_s39_the_list_has_forty_names_at_least_and_none_twice() -> None:
    assert len({announced for _, announced in NAMES}) == len(NAMES) >= 40
