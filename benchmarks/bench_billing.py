"""A million random engagements: what we bill, what is owed, what others would bill.

Run it from the top of the repository, and put the table into RESULTS.md::

    .venv/bin/python -m benchmarks.bench_billing [COUNT] [--seed N] [--processes N]

Exits with 1 when a single engagement is billed above or below what the contract says,
above what was lived, or below it beyond the bounds of losses and crashes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from benchmarks.billing_timelines import SECOND, Case, measure, random_case, worth
from cordee_shared.billing.policy import LAW_CORRECTED_2026, Tariff
from cordee_shared.billing.rating import rate
from cordee_shared.billing.tally import tally

UNIT_S: Final = 1800
PRICE: Final = 2500
TARIFF: Final = Tariff(
    id="remote",
    label="demi-heure",
    price_cents=PRICE,
    currency="EUR",
    unit_s=UNIT_S,
    minimum_units=1,
    valid_from_ms=0,
)
#: As many engagements a piece of work.
PIECE: Final = 2000


def half_hours(seconds: int) -> int:
    """Return begun half-hours; nothing stays nothing."""
    return -(-seconds // UNIT_S)


def entries_of(case: Case) -> list[tuple[int, int]]:
    """Return begin and length of our counted time per connection, in µs of the wall.

    The fairest that others can be given: what counts is ours, one entry from each
    connection to its break; only their rounding is theirs.
    """
    found = []
    for life in case.lives:
        for begin, end in life.connected:
            spans = [(max(a, begin), min(b, end)) for a, b in life.proved]
            spans = [(a, b) for a, b in spans if a < b]
            if spans:
                start = life.wall_ms * 1000 + min(a for a, _ in spans)
                found.append((start, measure(spans)))
    return found


def kimai_default(case: Case) -> int:
    """Begin down to the minute, end up to the minute; the sum in begun half-hours."""
    minute = 60 * SECOND
    total = sum(
        -(-(start + length) // minute) * minute - start // minute * minute
        for start, length in entries_of(case)
    )
    return half_hours(total // SECOND) * PRICE


def kimai_ceil_30(case: Case) -> int:
    """Begin and end both up to the next half-hour of the clock."""
    step = UNIT_S * SECOND
    total = sum(
        -(-(start + length) // step) + -start // step
        for start, length in entries_of(case)
    )
    return total * PRICE


def harvest_up_30(case: Case) -> int:
    """Each entry up to 30 minutes, before the total."""
    return sum(
        half_hours(-(-length // SECOND)) * PRICE for _, length in entries_of(case)
    )


def harvest_nearest_15(case: Case) -> int:
    """Each entry to the nearest 15 minutes; the total in begun half-hours."""
    quarter = 900 * SECOND
    quarters = sum((length + quarter // 2) // quarter for _, length in entries_of(case))
    return -(-quarters // 2) * PRICE


def teamviewer(case: Case) -> int:
    """Time connected, whoever has control; half an hour at least, then pro rata.

    Breaks of up to ten minutes are merged, so that one base fee covers them.
    """
    amount = 0
    for life in case.lives:
        runs: list[list[int]] = []
        for begin, end in sorted(life.connected):
            if runs and begin - runs[-1][1] <= 600 * SECOND:
                runs[-1][1], runs[-1][2] = end, runs[-1][2] + end - begin
            else:
                runs.append([begin, end, end - begin])
        for _, _, length in runs:
            seconds = max(UNIT_S, length // SECOND)
            amount += (2 * seconds * PRICE + UNIT_S) // (2 * UNIT_S)
    return amount


OTHERS: Final[dict[str, Callable[[Case], int]]] = {
    "Kimai, default (minute down/up), then begun half-hours": kimai_default,
    "Kimai, begin and end up to 30 min": kimai_ceil_30,
    "Harvest, each entry up to 30 min": harvest_up_30,
    "Harvest, each entry to the nearest 15 min": harvest_nearest_15,
    "TeamViewer, time connected, base fee for 30 min": teamviewer,
}


def look(seed: int, count: int) -> Counter[str]:
    """Bill so many engagements in every way; return what was found."""
    dice, found = random.Random(seed), Counter[str]()  # noqa: S311  # no secret
    for _ in range(count):
        case = random_case(dice)
        found.update(one(case))
    return found


def one(case: Case) -> Counter[str]:
    """Bill one engagement in every way."""
    found = Counter[str](engagements=1)
    counted = tally(case.sessions, LAW_CORRECTED_2026)
    billed = rate(counted, LAW_CORRECTED_2026, TARIFF)
    opened = any(life.opened for life in case.lives)
    interrupted = any(life.interrupted for life in case.lives)
    owed_s, lived_s = case.seconds("proved"), case.seconds("lived")
    owed = worth(owed_s, opened=opened, interrupted=interrupted)
    lived = worth(lived_s, opened=opened, interrupted=interrupted)
    found["entries"] += sum(len(journal) for journal in case.sessions)
    found["sessions"] += len(case.lives)
    found["units"] += billed.units
    found["over the contract"] += billed.units > owed or billed.seconds > owed_s
    found["under the contract"] += billed.units < owed or billed.seconds < owed_s
    found["over what was lived"] += billed.units > lived or billed.seconds > lived_s
    missing = lived_s - billed.seconds
    found["under beyond the bound"] += missing > case.bound_s + 1
    found["seconds lived and not billed"] += missing
    found["engagements with a bound"] += bool(case.bound_s)
    found["units lived and not billed"] += lived - billed.units
    right = owed * PRICE
    found["cents owed"] += right
    for name, rule in OTHERS.items():
        amount = rule(case)
        found[f"{name}: over"] += amount > right
        found[f"{name}: under"] += amount < right
        found[f"{name}: cents"] += amount
    return found


def table(found: Counter[str]) -> list[str]:
    """Return the results as lines of Markdown."""
    count, owed = found["engagements"], found["cents owed"]
    lines = [
        "| rule, on the same engagements | over-billed | under-billed | turnover |",
        "|---|---|---|---|",
        f"| **Cordée** (sum, floor to the second, one ceiling, one minimum) | "
        f"**{found['over the contract']}** | **{found['under the contract']}** | "
        "100.0 % |",
    ]
    for name in OTHERS:
        over, under = (found[f"{name}: {way}"] / count for way in ("over", "under"))
        cents = found[f"{name}: cents"] / owed if owed else 0
        lines.append(f"| {name} | {over:.2%} | {under:.2%} | {cents:.1%} |")
    return lines


def progress(done: int, count: int, began: float) -> str:
    """Return one line of where the run is; ``began`` is on the monotonic clock."""
    minutes = (time.monotonic() - began) / 60
    return f"{done:,} of {count:,} engagements after {minutes:.1f} minutes\n"


def _look(piece: tuple[int, int]) -> Counter[str]:
    return look(*piece)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    sizes = [min(PIECE, given.count - at) for at in range(0, given.count, PIECE)]
    work = [(given.seed * 1_000_000 + n, size) for n, size in enumerate(sizes)]
    found, began = Counter[str](), time.monotonic()
    with multiprocessing.Pool(given.processes) as pool:
        for piece in pool.imap_unordered(_look, work):
            found.update(piece)
            sys.stderr.write(progress(found["engagements"], given.count, began))
    out = sys.stdout
    names = [name for name in found if ": " not in name]
    for name in names:
        out.write(f"{name}: {found[name]:,}\n")
    out.write(f"minutes: {(time.monotonic() - began) / 60:.1f}\n\n")
    out.write("\n".join(table(found)) + "\n")
    faults = ("over the contract", "under the contract", "over what was lived")
    return int(any(found[name] for name in (*faults, "under beyond the bound")))


if __name__ == "__main__":
    sys.exit(main())
