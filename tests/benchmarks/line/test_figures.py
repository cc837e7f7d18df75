"""Percentiles are values that were seen; what never came is not left out."""

import math

import pytest

from benchmarks.line.figures import (
    LOST_MS,
    WANTED,
    Wanted,
    against_best,
    echoes,
    figures,
    middle,
    percentile,
    seen,
)


def page(sharp: float, size: float = 40_000) -> dict[str, float]:
    return {
        "recognised": sharp / 2,
        "clean": sharp * 0.9,
        "sharp": sharp,
        "bytes": size,
        "cpu": 60,
    }


def found(sharp: float = 500) -> dict[str, object]:
    typing = {"echoes": [90, 100, 110, 0], "bytes": 300, "cpu": 10}
    return {
        "first": [page(1200)],
        "new": [page(sharp), page(sharp * 2), page(0)],
        "seen": [page(200)],
        "echo": typing,
        "loading": typing,
        "film": {**typing, "fps": 4, "stopped": 0},
        "scroll": [{"settled": 900, "clean": 800, "bytes": 9000}],
        "glide": {"fps": 10, "exact": 0.5},
        "drag": {"fps": 10, "after": 50},
        "menu": [page(100)],
        "photo": page(6000),
        "idle": {
            "up": 40,
            "cpu": 0.5,
            "x_cpu": 0.1,
            "agent_mb": 50,
            "agent_rss_mb": 60,
            "relay_mb": 40,
        },
    }


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 50), (0.9, 90), (0.95, 100), (0.0, 10), (1.0, 100)]
)
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([100, 90, 80, 70, 60, 50, 40, 30, 20, 10], share) == value


def test_of_nothing_there_is_no_percentile_and_no_median() -> None:
    assert math.isnan(percentile([], 0.5))
    assert math.isnan(middle([]))


def test_what_never_came_is_later_than_everything() -> None:
    assert seen([5.0, 0.0]) == [5.0, math.inf]
    assert math.isnan(seen([math.nan])[0])
    assert echoes([5.0, 0.0]) == [5.0, LOST_MS]
    table = figures(found())
    assert table["new sharp"] == 1000  # of 500, 1000 and never
    assert table["echo p90"] == LOST_MS
    assert math.isinf(table["film stopped"])


def test_a_mark_says_whether_it_was_reached() -> None:
    less = Wanted("time", "x", 100, 50)
    assert [less.verdict(value) for value in (50, 80, 150, math.nan)] == [
        "**go for**",
        "expected",
        "missed (1.50 x)",
        "not measured",
    ]
    more = Wanted("pictures", "x", 15, 30, "fps", is_more_better=True)
    assert [more.verdict(value) for value in (30, 20, 5)] == [
        "**go for**",
        "expected",
        "missed (0.33 x)",
    ]


def test_every_mark_is_of_a_figure_that_is_measured() -> None:
    assert {one.figure for one in WANTED} <= set(figures(found()))


def test_the_best_peer_is_one_that_becomes_sharp() -> None:
    ours, slow = figures(found(500)), figures(found(8000))
    never = {**figures(found(100)), "new clean": math.inf, "new bytes": 1.0}
    lines = against_best(ours, {"slow": slow, "never": never})
    assert [(title, best) for title, _, best, _, _, _ in lines] == [
        ("time to sharp, new page", "slow"),
        ("bytes of a new page", "slow"),
        ("echo alone, p50", "slow"),
    ]
    assert against_best(ours, {}) == []
