"""The one-time code: said over the phone, and a slip is found before it costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.code import Code, check_digit, read_code, secret_from
from cordee_shared.errors import CodeMistyped
from cordee_shared.ids import Nameplate
from cordee_shared.limits import NAMEPLATE_DIGITS, SECRET_DIGITS

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "shared/vectors/code.json").read_text("ascii")
)

codes = st.builds(
    Code,
    st.integers(0, 999).map(lambda n: Nameplate(f"{n:03d}")),
    st.integers(0, 99999).map(secret_from),
)


@pytest.mark.parametrize(
    "case", VECTORS["check_digits"], ids=lambda case: case["digits"]
)
def test_a_golden_check_digit_is_computed(case: dict[str, Any]) -> None:
    assert check_digit(case["digits"]) == case["digit"]


@pytest.mark.parametrize("case", VECTORS["codes"], ids=lambda case: case["spoken"])
def test_a_golden_code_is_said_in_groups_of_three(case: dict[str, Any]) -> None:
    code = Code(case["nameplate"], case["secret"])
    assert code.spoken == case["spoken"]
    assert read_code(code.spoken) == code


@pytest.mark.parametrize("case", VECTORS["typed"], ids=lambda case: repr(case["text"]))
def test_what_people_put_between_the_digits_does_not_count(
    case: dict[str, Any],
) -> None:
    assert read_code(case["text"]) == Code(case["nameplate"], case["secret"])


@pytest.mark.parametrize("text", VECTORS["mistyped"], ids=repr)
def test_s10_what_is_no_code_is_found_here(text: str) -> None:
    with pytest.raises(CodeMistyped):
        read_code(text)


@pytest.mark.parametrize("case", VECTORS["secrets"], ids=lambda case: case["secret"])
def test_a_golden_draw_is_written_as_five_digits(case: dict[str, Any]) -> None:
    assert secret_from(case["draw"]) == case["secret"]


@pytest.mark.parametrize("draw", [-1, 10**SECRET_DIGITS])
def test_a_draw_outside_the_secrets_is_a_bug(draw: int) -> None:
    with pytest.raises(ValueError, match="below 10"):
        secret_from(draw)


@given(codes)
def test_a_code_that_is_said_is_read(code: Code) -> None:
    spoken = code.spoken
    assert [len(group) for group in spoken.split(" ")] == [3, 3, 3]
    assert read_code(spoken) == code
    assert len(code.nameplate) == NAMEPLATE_DIGITS
    assert len(code.secret) == SECRET_DIGITS


@given(codes, st.integers(0, 8), st.integers(1, 9))
def test_s10_one_wrong_digit_is_always_found(code: Code, at: int, by: int) -> None:
    digits = code.spoken.replace(" ", "")
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    with pytest.raises(CodeMistyped):
        read_code(wrong)


@given(codes, st.integers(0, 7))
def test_s10_two_neighbours_swapped_are_always_found(code: Code, at: int) -> None:
    digits = code.spoken.replace(" ", "")
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    if swapped != digits:
        with pytest.raises(CodeMistyped):
            read_code(swapped)


def test_s10_the_table_finds_every_slip_by_its_own_algebra() -> None:
    # Every single error and every swap on top of any digits before them: the 10
    # interim values stand for all of these, so this walk is whole.
    for interim in range(10):
        before = next(str(d) for d in range(10) if check_digit(str(d)) == interim)
        after_one = {check_digit(f"{before}{digit}") for digit in range(10)}
        assert len(after_one) == 10
        for x in range(10):
            for y in range(x):
                assert check_digit(f"{before}{x}{y}") != check_digit(f"{before}{y}{x}")


def test_s09_the_secret_is_in_no_repr() -> None:
    assert "91307" not in repr(Code(Nameplate("482"), "91307"))
