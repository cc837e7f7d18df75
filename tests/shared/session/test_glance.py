"""What the journal says of the small things that pass."""

from typing import Any

import pytest

from cordee_shared.limits import CLIPBOARD_MAX, MACHINE_LINES_MAX
from cordee_shared.session.glance import (
    clipboard_passed,
    is_about_a_glance,
    machine_shown,
)
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import AUTHORS, PLACES, SHARED, VISIBLE, Remark, Side

R = Remark


@pytest.mark.parametrize("side", [Side.CUSTOMER, Side.TECHNICIAN])
def test_s40_a_text_that_passed_is_said_by_its_size_and_whose_it_is_now(
    side: Side,
) -> None:
    for size in (1, CLIPBOARD_MAX):
        assert is_about_a_glance(R.CLIPBOARD_PASSED, clipboard_passed(side, size))
    for size in (0, CLIPBOARD_MAX + 1):
        assert not is_about_a_glance(R.CLIPBOARD_PASSED, clipboard_passed(side, size))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (R.CLIPBOARD_PASSED, {}),
        (R.CLIPBOARD_PASSED, {"bytes": 3}),
        (R.CLIPBOARD_PASSED, {"bytes": True, "to": "customer"}),
        (R.CLIPBOARD_PASSED, {"bytes": 3, "to": "relay"}),
        (R.CLIPBOARD_PASSED, {"bytes": 3, "to": "customer", "text": "abc"}),
        (R.MACHINE_SHOWN, {}),
        (R.MACHINE_SHOWN, {"lines": 0}),
        (R.MACHINE_SHOWN, {"lines": MACHINE_LINES_MAX + 1}),
        (R.MACHINE_SHOWN, {"lines": ["Debian"]}),
        (R.MACHINE_SHOWN, {"lines": 3, "system": "Debian"}),
        (R.SCREENSHOT_TAKEN, {"lines": 3}),
    ],
)
def test_nothing_of_what_passed_gets_into_the_journal(
    kind: Kind, data: dict[str, Any]
) -> None:
    assert not is_about_a_glance(kind, data)


def test_a_machine_is_said_by_its_lines() -> None:
    assert is_about_a_glance(R.MACHINE_SHOWN, machine_shown(MACHINE_LINES_MAX))


def test_the_customer_speaks_for_what_passes_and_the_technician_for_the_picture() -> (
    None
):
    for kind in (R.CLIPBOARD_PASSED, R.MACHINE_SHOWN):
        assert AUTHORS[kind] == {Side.CUSTOMER}
        assert PLACES[kind] == SHARED
    assert AUTHORS[R.SCREENSHOT_TAKEN] == {Side.TECHNICIAN}
    assert PLACES[R.SCREENSHOT_TAKEN] == VISIBLE
