"""The page of requirements is true: none is left out, no test on it is made up."""

import re

import pytest

from tests.make_requirements_page import (
    PAGE,
    Recorder,
    _ended,
    by_requirement,
    ids_in,
    page,
    results,
)
from tests.make_rules_page import named_tests
from tests.requirements import REQUIREMENTS


def test_every_requirement_is_listed_once() -> None:
    assert [one for one, _ in REQUIREMENTS] == [f"S-{n:02}" for n in range(1, 55)]


def test_every_test_that_the_page_names_exists() -> None:
    real = {
        (file, name.removeprefix("test_").replace("_", " ").replace("|", "/"))
        for file, name in named_tests()
    }
    named = re.findall(r"`([^`]+)`: (.*?)(?=<br>| \|)", PAGE.read_text("utf-8"))
    assert len(named) > 80
    assert [one for one in named if one not in real] == []


def test_the_page_has_every_row_and_every_row_its_result() -> None:
    rows = PAGE.read_text("utf-8").splitlines()
    for one, statement in REQUIREMENTS:
        (row,) = (line for line in rows if line.startswith(f"| {one} | "))
        assert row.startswith(f"| {one} | {statement} | ")
        assert re.search(r"\| (none|\d[^|]*) \|$", row)


def test_a_result_is_counted_and_none_is_made_up() -> None:
    ended = {"shared/wire/test_still.py: test_s41_a_file_of_no_plain_form_is_refused"}
    made = page({name: {"passed": 2, "failed": 1} for name in ended})
    (row,) = (line for line in made.splitlines() if line.startswith("| S-41 "))
    tests = len(by_requirement()["S-41"])
    assert row.endswith(f"| 2 passed, 1 failed, {tests - 1} not run yet |")


def test_results_hold_outcomes_only() -> None:
    kinds = {kind for outcomes in results().values() for kind in outcomes}
    assert kinds <= {"passed", "failed", "skipped"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("test_s05_nothing_is_logged", {"S-05"}),
        ("test_s39_s40_names_and_texts", {"S-39", "S-40"}),
        ("S-41: ${name} is refused", {"S-41"}),
        ("test_sha256_and_s3", set()),
        ("test_boss05_is_a_word", set()),
    ],
)
def test_ids_are_read_out_of_names(name: str, found: set[str]) -> None:
    assert ids_in(name) == found


def test_nodes_report_is_read_back_to_the_names_in_the_source() -> None:
    said = "TAP version 13\nok 1 - S-41: a.png is refused\nnot ok 2 - S-02: zero # x\n"
    names = ["S-41: ${name} is refused", "S-02: zero"]
    assert list(_ended(said, names)) == [(names[0], "passed"), (names[1], "failed")]


def test_a_test_that_could_not_start_counts_as_failed() -> None:
    recorder = Recorder()
    for when, outcome in (("setup", "failed"), ("teardown", "passed")):
        recorder.pytest_runtest_logreport(
            pytest.TestReport(
                nodeid="tests/a/test_b.py::test_s01_c[x]",
                location=("", 0, ""),
                keywords={},
                outcome=outcome,  # type: ignore[arg-type]  # one of three words
                longrepr=None,
                when=when,  # type: ignore[arg-type]  # one of three words
            )
        )
    assert recorder.outcomes == {"a/test_b.py: test_s01_c": {"failed": 1}}
