"""The golden vectors of files are what the generator writes, to the byte."""

from __future__ import annotations

import pytest

from tests.make_file_vectors import VECTORS, texts


@pytest.mark.parametrize("name", texts())
def test_a_golden_file_is_the_generators(name: str) -> None:
    assert texts()[name] == (VECTORS / name).read_text("ascii")
