"""The million's bench, on a few hundred: it still runs, and still finds nothing."""

from dataclasses import replace

import pytest

from benchmarks import bench_billing
from benchmarks.bench_billing import OTHERS, look, table
from benchmarks.billing_timelines import measure, worth
from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.billing.rating import Rating, rate
from cordee_shared.billing.tally import Tally


def test_b02_nothing_is_billed_above_or_below_the_contract() -> None:
    found = look(seed=11, count=150)
    assert found["engagements"] == 150
    assert found["units"] > 50
    for fault in (
        "over the contract",
        "under the contract",
        "over what was lived",
        "under beyond the bound",
    ):
        assert found[fault] == 0, fault
    assert len(table(found)) == 3 + len(OTHERS)


@pytest.mark.parametrize(
    ("seconds", "units"), [(0, 0), (59, 0), (60, 1), (1800, 1), (1801, 2), (3601, 3)]
)
def test_b02_the_oracle_counts_begun_half_hours(seconds: int, units: int) -> None:
    assert worth(seconds, opened=True, interrupted=False) == units
    assert worth(seconds, opened=False, interrupted=True) == 0


def test_b02_the_oracle_measures_a_union() -> None:
    assert measure([(0, 10), (5, 20), (30, 31), (30, 31)]) == 21
    assert measure([]) == 0


def test_b02_a_fault_that_is_planted_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # Rounding each session by itself, as if an engagement were a connection.
    monkeypatch.setattr(bench_billing, "rate", _rounded_twice)
    assert look(seed=11, count=150)["over the contract"] > 0


def _rounded_twice(counted: Tally, policy: Policy, tariff: Tariff) -> Rating:
    alone = [replace(counted, segments=(part,)) for part in counted.segments]
    units = sum(rate(one, policy, tariff).units for one in alone)
    return replace(rate(counted, policy, tariff), units=units)
