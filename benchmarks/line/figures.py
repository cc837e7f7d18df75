"""From what was measured to the issue's figures: medians, percentiles, ratios. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

#: A key that was not seen in time counts as this long, in ms.
LOST_MS: Final = 6000.0

Found = Mapping[str, Any]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all are not above; NaN of none.

    It is one of the values (nearest rank), so that a p90 of ten is one that was seen.
    """
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle(values: Iterable[float]) -> float:
    """Return the median; NaN of none."""
    found = [value for value in values if not math.isnan(value)]
    return statistics.median(found) if found else math.nan


def seen(times: Iterable[float]) -> list[float]:
    """Return times with never (0) as infinity, so that medians stay honest."""
    return [time if time > 0 or math.isnan(time) else math.inf for time in times]


def echoes(times: Iterable[float]) -> list[float]:
    """Return echoes with lost keys as :data:`LOST_MS`."""
    return [time if time > 0 else LOST_MS for time in times]


def figures(found: Found) -> dict[str, float]:
    """Return what the tables show of one system; ms, bytes, %, MB."""

    def of(name: str, field: str) -> float:
        return middle(seen(one[field] for one in found.get(name, ())))

    def mean(name: str, field: str) -> float:
        values = [one[field] for one in found.get(name, ())]
        return statistics.fmean(values) if values else math.nan

    keys = {
        name: echoes(found[name].get("echoes", ()))
        for name in ("echo", "loading", "film")
    }
    return {
        "first sharp": of("first", "sharp"),
        "first clean": of("first", "clean"),
        "recognised": of("first", "recognised"),
        "first bytes": mean("first", "bytes"),
        "new sharp": of("new", "sharp"),
        "new clean": of("new", "clean"),
        "new recognised": of("new", "recognised"),
        "new bytes": mean("new", "bytes"),
        "new cpu": mean("new", "cpu"),
        "seen sharp": of("seen", "sharp"),
        "seen clean": of("seen", "clean"),
        "seen bytes": mean("seen", "bytes"),
        "echo p50": percentile(keys["echo"], 0.5),
        "echo p90": percentile(keys["echo"], 0.9),
        "key bytes": found["echo"]["bytes"],
        "key cpu": found["echo"]["cpu"],
        "loading p50": percentile(keys["loading"], 0.5),
        "loading p90": percentile(keys["loading"], 0.9),
        "film p50": percentile(keys["film"], 0.5),
        "film p95": percentile(keys["film"], 0.95),
        "film fps": found["film"]["fps"],
        "film stopped": seen([found["film"]["stopped"]])[0],
        "scroll settled": of("scroll", "settled"),
        "scroll clean": of("scroll", "clean"),
        "scroll bytes": mean("scroll", "bytes"),
        "glide fps": found["glide"]["fps"],
        "glide exact": found["glide"]["exact"] * 100,
        "drag fps": found["drag"]["fps"],
        "drag after": found["drag"]["after"],
        "menu sharp": of("menu", "sharp"),
        "menu clean": of("menu", "clean"),
        "photo recognised": seen([found["photo"]["recognised"]])[0],
        "photo sharp": seen([found["photo"]["sharp"]])[0],
        "photo bytes": found["photo"]["bytes"],
        "idle up": found["idle"]["up"],
        "idle cpu": found["idle"]["cpu"],
        "idle x cpu": found["idle"]["x_cpu"],
        "agent MB": found["idle"]["agent_mb"],
        "agent RSS MB": found["idle"]["agent_rss_mb"],
        "relay MB": found["idle"]["relay_mb"],
    }


@dataclass(frozen=True)
class Wanted:
    """One line of the issue's table: what is expected and what is gone for."""

    title: str
    figure: str
    expected: float
    go_for: float
    unit: str = "ms"
    is_more_better: bool = False

    def verdict(self, value: float) -> str:
        """Say how a measured value stands."""

        def holds(mark: float) -> bool:
            return value >= mark if self.is_more_better else value <= mark

        if math.isnan(value):
            return "not measured"
        if holds(self.go_for):
            return "**go for**"
        if holds(self.expected):
            return "expected"
        return f"missed ({value / self.expected:.2f} x)"


WANTED: Final = (
    Wanted("first sharp full screen", "first sharp", 1000, 700),
    Wanted("something recognisable", "recognised", 400, 250),
    Wanted("new page sharp, p50", "new sharp", 1000, 600),
    Wanted("page seen before, sharp", "seen sharp", 400, 200),
    Wanted("typing echo p50", "echo p50", 130, 100),
    Wanted("typing echo p90", "echo p90", 180, 130),
    Wanted("the same while a page loads p90", "loading p90", 250, 150),
    Wanted("scrolling, frames a second", "glide fps", 15, 30, "fps", True),
    Wanted("idle: CPU of a core", "idle cpu", 3, 1, "%"),
    Wanted("idle: bytes a second", "idle up", 50, 50, "B/s"),
    Wanted("beside a moving region p50", "film p50", 150, 110),
    Wanted("beside a moving region p95", "film p95", 300, 200),
    Wanted("ten steps of the wheel, settled", "scroll settled", 1000, 300),
)


def against_best(
    ours: Mapping[str, float], peers: Mapping[str, Mapping[str, float]]
) -> list[tuple[str, float, str, float, float, float]]:
    """Return the issue's ratios to the best peer.

    A peer's time to sharp is to 38 dB, for none becomes exact; ours is to the last
    pixel. Bytes are those of peers whose pages become that sharp, for others do not
    send the page.

    Returns:
        What, our value, the best peer's name and value, and what is expected and gone
        for as a ratio. Lines without any peer are left out.
    """
    lines = (
        ("time to sharp, new page", "new sharp", "new clean", 0.25, 0.15),
        ("bytes of a new page", "new bytes", "new bytes", 0.5, 0.35),
        ("echo alone, p50", "echo p50", "echo p50", 1.2, 1.0),
    )
    found = []
    for title, mine, theirs, expected, go_for in lines:
        able = {
            name: peer[theirs]
            for name, peer in peers.items()
            if math.isfinite(peer[theirs])
            and (theirs != "new bytes" or math.isfinite(peer["new clean"]))
        }
        if able:
            best = min(able, key=lambda name: able[name])
            found.append((title, ours[mine], best, able[best], expected, go_for))
    return found
