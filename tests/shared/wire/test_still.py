import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import MalformedFrame
from cordee_shared.wire.still import is_size_of, still_size

_FILE = Path(__file__).parents[3] / "shared" / "vectors" / "still.json"
VECTORS: dict[str, Any] = json.loads(_FILE.read_text())


@pytest.mark.parametrize(
    "vector", VECTORS["sizes"], ids=[one["name"] for one in VECTORS["sizes"]]
)
def test_s41_a_file_says_its_size_before_it_is_unfolded(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    wanted = (vector["width"], vector["height"])
    assert still_size(vector["coding"].upper(), data) == wanted


@pytest.mark.parametrize(
    "vector", VECTORS["refused"], ids=[one["name"] for one in VECTORS["refused"]]
)
def test_s41_a_file_of_no_plain_form_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(MalformedFrame):
        still_size(vector["coding"].upper(), bytes.fromhex(vector["hex"]))


@pytest.mark.parametrize("vector", VECTORS["reduced"])
def test_a_file_is_as_large_as_what_it_shows_or_reduced(vector: dict[str, Any]) -> None:
    size, shown = tuple(vector["size"]), tuple(vector["shown"])
    assert is_size_of(size, shown, vector["least"]) is vector["fits"]


@given(
    data=st.binary(max_size=80),
    which=st.sampled_from(range(len(VECTORS["sizes"]))),
    cut=st.integers(0, 40),
)
def test_any_bytes_have_a_size_or_are_refused(
    data: bytes, which: int, cut: int
) -> None:
    vector = VECTORS["sizes"][which]
    mixed = bytes.fromhex(vector["hex"])[:cut] + data
    try:
        width, height = still_size(vector["coding"].upper(), mixed)
    except MalformedFrame:
        return
    assert width >= 0
    assert height >= 0
