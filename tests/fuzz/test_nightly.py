"""The long run tries every parser, and says what it found so that it can be kept."""

import pytest

from cordee_shared.errors import MalformedFrame
from tests.fuzz.nightly import plain, try_it
from tests.fuzz.targets import Target


def test_a_finding_says_how_it_can_be_kept() -> None:
    def parse(data: bytes) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as found:
        try_it(Target("odd", parse, (b"x",), (MalformedFrame,)), b"\x00")
    assert found.value.__notes__ == ["CORPUS: 'odd': (b'\\x00',)"]


def test_what_is_documented_is_no_finding_and_goes_on() -> None:
    seen: list[bytes] = []

    def parse(data: bytes) -> None:
        seen.append(data)
        raise MalformedFrame("as documented")

    count = plain([Target("even", parse, (b"x",), (MalformedFrame,))], 0.05, 1)
    assert len(seen) == count > 0
