"""Whatever a stranger writes: the documented errors, and no more than 1 MiB for it.

A little in each run, 200 000 inputs by ``make thorough``. What was found once stands in
``CORPUS`` and is tried every time.
"""

from __future__ import annotations

import random
import tracemalloc
from typing import Final

import pytest

from tests.fuzz.mutate import LONGEST, mutate
from tests.fuzz.targets import Target, targets
from tests.property.thorough import many

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TARGETS: Final = targets()
#: Inputs in all, spread over the parsers.
INPUTS: Final = many(5_000, 200_000)
#: What one input may make a parser allocate.
ALLOCATED_MAX: Final = 1 << 20
SEED: Final = 20261123

#: Findings, by parser.
CORPUS: Final[dict[str, tuple[bytes, ...]]] = {}


def try_it(target: Target, data: bytes) -> str:
    """Hand one input to a parser; return the name of what it raised."""
    try:
        target.parse(data)
    except target.may_raise as error:
        return type(error).__name__
    return "taken"


@pytest.mark.parametrize("target", TARGETS, ids=[one.name for one in TARGETS])
def test_mutated_input_raises_only_what_is_documented(target: Target) -> None:
    dice = random.Random(f"{SEED} {target.name}")
    for seed in (*target.seeds, *CORPUS.get(target.name, ()), b"", b"\x00" * 300):
        try_it(target, seed)
    tracemalloc.start()
    try:
        for _ in range(-(-INPUTS // len(TARGETS))):
            data = mutate(target.seeds, dice)
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            try_it(target, data)
            _, peak = tracemalloc.get_traced_memory()
            assert peak - before <= ALLOCATED_MAX, (target.name, data[:200])
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("target", TARGETS, ids=[one.name for one in TARGETS])
def test_every_parser_is_given_something_that_it_takes(target: Target) -> None:
    """Else its mutants would all die at the door, and nothing would be tried."""
    assert "taken" in {try_it(target, seed) for seed in target.seeds}


def test_the_same_seed_makes_the_same_inputs_none_too_long() -> None:
    first, again = (
        [mutate((b"[1,2,3]", b"{}"), dice) for _ in range(400)]
        for dice in (random.Random(3), random.Random(3))
    )
    assert first == again
    assert len(set(first)) > 200
    assert max(map(len, first)) <= LONGEST


def test_there_are_five_thousand_inputs_at_least_and_no_parser_twice() -> None:
    assert INPUTS >= 5_000
    assert len({one.name for one in TARGETS}) == len(TARGETS) >= 30
