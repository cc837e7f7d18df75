"""The page of rules is true: no rule is left out, no test on it is made up."""

import re

import pytest

from tests.make_rules_page import PAGE, by_rule, ids_in, named_tests, page
from tests.rules import RULES


def test_every_rule_of_the_terms_is_listed_once() -> None:
    ids = [rule for rule, *_ in RULES]
    expected = [*range(1, 17), *range(20, 44)]
    assert ids[:40] == [f"R{n:02}" for n in expected]
    assert ids[40:] == [f"B{n:02}" for n in range(1, 14)]


def test_every_test_that_the_page_names_exists() -> None:
    # One that was added since is put there by `make rules`; none may be made up.
    real = {
        (file, name.removeprefix("test_").replace("_", " ").replace("|", "/"))
        for file, name in named_tests()
    }
    named = re.findall(r"`([^`]+)`: (.*?)(?=<br>| \|\n)", PAGE.read_text("utf-8"))
    assert len(named) > 40
    assert [one for one in named if one not in real] == []


def test_the_page_has_every_row() -> None:
    rows = PAGE.read_text("utf-8").splitlines()
    for rule, clause, parts, statement in RULES:
        row = f"| {rule} | {clause} | {parts} | {statement} | "
        assert any(line.startswith(row) for line in rows), rule


def test_a_rule_of_time_and_money_is_never_without_a_test() -> None:
    found = by_rule()
    ours = ["R03", "R04", "R05", "R12", "R13", "R14", "R16", "R26", "R35", "R41", "R43"]
    assert [
        r
        for r in (*ours, "B01", "B02", "B03", "B04", "B05", "B06", "B07")
        if not found[r]
    ] == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("test_r05_the_price_is_that_of_the_offer", {"R05"}),
        ("test_r03_r04_a_start_outside", {"R03", "R04"}),
        ("R35: a technician who breaks off", {"R35"}),
        ("test_a_rule_of_no_number", set()),
        ("test_sha256_and_r2d2", set()),
        ("test_abr05_is_a_word", set()),
    ],
)
def test_ids_are_read_out_of_names(name: str, found: set[str]) -> None:
    assert ids_in(name) == found


def test_it_is_the_same_page_however_often_it_is_made() -> None:
    assert page() == page()
