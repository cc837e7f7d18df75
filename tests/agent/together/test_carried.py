"""What is shown of a file on its way is steady, and soon right."""

from __future__ import annotations

from cordee_agent.together.carried import Carried
from cordee_agent.window.filing import Stage


def test_rate_and_time_left_are_those_of_the_last_seconds() -> None:
    file = Carried(2, "a", 10_000, is_leaving=False, stage=Stage.MOVING)
    for second in range(20):
        # Slow at first, then 100 bytes a second.
        file.moved = second * 10 if second < 10 else 100 + (second - 10) * 100
        file.measure(float(second))
    assert file.row.rate == 100
    assert file.row.moved == 1000
    assert file.row.seconds_left == 90


def test_a_line_that_was_lost_says_nothing_of_the_rate() -> None:
    file = Carried(2, "a", 10_000, is_leaving=False, stage=Stage.MOVING)
    file.measure(0.0)
    file.moved = 1000
    file.measure(1.0)
    assert file.row.rate == 1000
    file.cut()
    assert file.row.rate == 0
    assert file.row.seconds_left is None
    file.measure(100.0)
    file.moved = 3000
    file.measure(101.0)
    assert file.row.rate == 2000


def test_what_is_over_stands_still() -> None:
    file = Carried(2, "a", 10, is_leaving=True, moved=4, stage=Stage.MOVING)
    file.end(Stage.STOPPED, "cancelled")
    file.measure(1.0)
    row = file.row
    assert file.is_over
    assert (row.moved, row.rate, row.why) == (4, 0, "cancelled")
    assert row.seconds_left is None
