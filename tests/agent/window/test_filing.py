"""What the window is told of files."""

from __future__ import annotations

import pytest

from cordee_agent.window.filing import FileRow, Stage


@pytest.mark.parametrize(
    ("moved", "rate", "stage", "left"),
    [
        (0, 100, Stage.MOVING, 10),
        (999, 100, Stage.MOVING, 1),
        (500, 0, Stage.MOVING, None),
        (500, 100, Stage.KEPT, None),
    ],
)
def test_the_time_left_is_said_only_while_it_is_known(
    moved: int, rate: int, stage: Stage, left: int | None
) -> None:
    row = FileRow(2, "a", 1000, False, moved, rate, stage)
    assert row.seconds_left == left
