"""Writes what was measured down: `RESULTS.md`, a chart, and every number as JSON."""

from __future__ import annotations

import datetime
import html
import json
import math
import os
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.line.figures import WANTED, against_best, figures
from benchmarks.line.peers import KEPT
from benchmarks.line.pipe import Profile
from tests.e2e.rig.processes import ROOT

RESULTS: Final = ROOT / "benchmarks" / "RESULTS.md"
CHART: Final = ROOT / "docs" / "images" / "line.svg"
_KEPT: Final = ROOT / "benchmarks" / "line" / "results"

#: Rows of the large table: title, figure, factor, decimals.
_ROWS: Final = (
    ("first picture: recognisable, s", "recognised", 0.001, 2),
    ("first picture: 38 dB, s", "first clean", 0.001, 2),
    ("first picture: exact, s", "first sharp", 0.001, 2),
    ("first picture, kB", "first bytes", 0.001, 0),
    ("new page: recognisable, s", "new recognised", 0.001, 2),
    ("new page: 38 dB, s", "new clean", 0.001, 2),
    ("new page: exact, s", "new sharp", 0.001, 2),
    ("new page, kB", "new bytes", 0.001, 0),
    ("new page, CPU at the customer's, ms", "new cpu", 1, 0),
    ("page seen before: 38 dB, s", "seen clean", 0.001, 2),
    ("page seen before: exact, s", "seen sharp", 0.001, 2),
    ("page seen before, kB", "seen bytes", 0.001, 1),
    ("echo alone p50, ms", "echo p50", 1, 0),
    ("echo alone p90, ms", "echo p90", 1, 0),
    ("a key, bytes", "key bytes", 1, 0),
    ("a key, CPU at the customer's, ms", "key cpu", 1, 1),
    ("echo while a page loads p50, ms", "loading p50", 1, 0),
    ("echo while a page loads p90, ms", "loading p90", 1, 0),
    ("echo beside a moving region p50, ms", "film p50", 1, 0),
    ("echo beside a moving region p95, ms", "film p95", 1, 0),
    ("moving region, pictures a second", "film fps", 1, 1),
    ("moving region that stops: exact, s", "film stopped", 0.001, 1),
    ("ten steps of the wheel: 38 dB, s", "scroll clean", 0.001, 2),
    ("ten steps of the wheel: exact, s", "scroll settled", 0.001, 2),
    ("ten steps of the wheel, kB", "scroll bytes", 0.001, 0),
    ("gliding page, pictures a second", "glide fps", 1, 1),
    ("gliding page, pictures that are exact, %", "glide exact", 1, 0),
    ("window dragged, pictures a second", "drag fps", 1, 1),
    ("window dragged, last place seen after, ms", "drag after", 1, 0),
    ("menu: 38 dB, s", "menu clean", 0.001, 2),
    ("menu: exact, s", "menu sharp", 0.001, 2),
    ("page with a photo: recognisable, s", "photo recognised", 0.001, 2),
    ("page with a photo: exact, s", "photo sharp", 0.001, 1),
    ("page with a photo, kB", "photo bytes", 0.001, 0),
    ("idle, bytes a second up", "idle up", 1, 0),
    ("idle, CPU at the customer's, %", "idle cpu", 1, 1),
    ("idle, CPU of the X server, %", "idle x cpu", 1, 1),
    ("memory at the customer's (PSS), MB", "agent MB", 1, 0),
    ("memory in between (PSS), MB", "relay MB", 1, 0),
)

_EXPLAINED: Final = """\
Times are from the moment when the customer's yes, the connection, the change or the key
happened until a real Chromium showed it, the line's delay included. *Recognisable*: a
picture an eighth as large is alike by 25 dB. *38 dB*: nobody sees a difference.
*Exact*: every pixel of the page; the agent's own windows on it are left out, and once
at the end the whole canvas is compared with the X server's picture. "–": not within
20 s, or not before nothing more came. Bytes are without packet headers.
"""


def keep(
    profile: Profile,
    run: Mapping[str, Any],
    found: Mapping[str, Any],
    *,
    is_quick: bool,
) -> Path:
    """Write every number; return where. Systems not in this run keep theirs.

    A quick run is for whoever works on it: it goes to `.bench/`.
    """
    folder = KEPT if is_quick else _KEPT
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{profile.name}.json"
    kept: dict[str, Any] = {"systems": {}}
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
    today = datetime.datetime.now(tz=datetime.UTC)  # noqa: TID251 - the day of a run
    for name, one in found.items():
        kept["systems"][name] = {
            **one,
            "day": f"{today:%Y-%m-%d %H:%M} UTC",
            "load": run["load"],
        }
    kept["run"] = dict(run)
    path.write_text(json.dumps(_short(kept), indent=1) + "\n", encoding="utf-8")
    return path


def write(profile: Profile) -> None:
    """Write the profile's section of RESULTS.md, and for adsl the chart."""
    kept = json.loads((_KEPT / f"{profile.name}.json").read_text(encoding="utf-8"))
    # Ours first, then by name: whatever was measured again last.
    ordered = sorted(kept["systems"], key=lambda name: (name != "cordee", name))
    kept["systems"] = {name: kept["systems"][name] for name in ordered}
    text = section(profile, kept)
    before = RESULTS.read_text(encoding="utf-8")
    RESULTS.write_text(placed(before, profile.name, text), encoding="utf-8")
    if profile.name == "adsl":
        CHART.write_text(chart(_tables(kept)), encoding="utf-8")


def placed(page: str, name: str, text: str) -> str:
    """Put a section between its marks; at the end of the page when it has none."""
    begin, end = f"<!-- line {name} -->", f"<!-- end of line {name} -->"
    block = f"{begin}\n{text.strip()}\n{end}\n"
    marks = re.compile(re.escape(begin) + ".*?" + re.escape(end) + "\n", re.DOTALL)
    if marks.search(page):
        return marks.sub(lambda _: block, page)
    return f"{page.rstrip()}\n\n{block}"


def section(profile: Profile, kept: Mapping[str, Any]) -> str:
    """Return a profile's section."""
    tables = _tables(kept)
    systems = kept["systems"].values()
    days = sorted({one["day"][:10] for one in systems})
    loads = [one["load"] for one in systems]
    least, most = min(map(min, loads)), max(map(max, loads))
    cores = os.cpu_count()
    lines = [
        f"### {profile}",
        "",
        f"{', '.join(days)}, {cores} shared cores ({platform.machine()}), "
        f"Python {platform.python_version()}, load {least:.1f} to {most:.1f}.",
        "",
        _EXPLAINED,
    ]
    titles = [one["title"] for one in systems]
    lines += [f"| | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|"]
    busy = [" to ".join(f"{one:.0f}" for one in system["load"]) for system in systems]
    lines.append(f"| programs that wanted a core meanwhile | {' | '.join(busy)} |")
    for title, figure, factor, decimals in _ROWS:
        cells = [number(table[figure] * factor, decimals) for table in tables.values()]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    ours = tables.get("cordee")
    if ours is not None and profile.name == "adsl":
        lines += ["", *_judged(ours, tables)]
    if "cordee" in kept["systems"]:
        count = kept["systems"]["cordee"]["whole"]
        lines += [
            "",
            f"Pixels of Cordée's whole canvas that differed at rest: {count}.",
        ]
    return "\n".join(lines)


def _judged(
    ours: Mapping[str, float], tables: Mapping[str, Mapping[str, float]]
) -> list[str]:
    lines = ["| figure | expected | go for | measured | |", "|---|---|---|---|---|"]
    for one in WANTED:
        value = ours[one.figure]
        sign = "≥" if one.is_more_better else "≤"
        lines.append(
            f"| {one.title} | {sign} {one.expected:g} {one.unit} | {one.go_for:g} "
            f"| {number(value, 1)} | {one.verdict(value)} |"
        )
    peers = {name: table for name, table in tables.items() if name != "cordee"}
    for title, mine, best, theirs, expected, go_for in against_best(ours, peers):
        ratio = mine / theirs
        verdict = "**go for**" if ratio <= go_for else "expected"
        verdict = verdict if ratio <= expected else "missed"
        lines.append(
            f"| {title}, against {best} ({number(theirs, 0)}) | ≤ {expected:g} x "
            f"| {go_for:g} | {number(ratio, 2)} x | {verdict} |"
        )
    return lines


def number(value: float, decimals: int) -> str:
    """Return a cell: a dash for never and for not measured."""
    return f"{value:,.{decimals}f}" if math.isfinite(value) else "–"


#: Panels of the chart: title, unit, and for each bar the figure.
_PANELS: Final = (
    ("New page, sharp to the eye", "s", "new clean", 0.001),
    ("First picture, sharp to the eye", "s", "first clean", 0.001),
    ("A key alone, p50", "ms", "echo p50", 1),
    ("A key beside a film, p50", "ms", "film p50", 1),
    ("Ten steps of the wheel, sharp", "s", "scroll clean", 0.001),
    ("Bytes of a new page", "kB", "new bytes", 0.001),
)
_INK, _OURS, _THEIRS = "#1f2933", "#1b6e53", "#9aa5b1"


def chart(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return six panels of bars as SVG: one system a bar, shorter is better."""
    names = [str(table["title"]) for table in tables.values()]
    rows = len(names)
    height_of_panel = 34 + rows * 22
    wide, high = 860, 54 + 3 * (height_of_panel + 14)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" font-family="sans-serif" role="img">',
        "<title>Cordée and other systems on 1 Mbit/s</title>",
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        f'<text x="16" y="28" font-size="16" fill="{_INK}">'
        "1 Mbit/s up, 25 ms each way, 1366 × 768: shorter is better</text>",
    ]
    for at, (title, unit, figure, factor) in enumerate(_PANELS):
        left, top = 16 + at % 2 * 424, 50 + at // 2 * (height_of_panel + 14)
        values = [table[figure] * factor for table in tables.values()]
        parts += _panel(left, top, f"{title}, {unit}", names, values)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(
    left: int, top: int, title: str, names: Sequence[str], values: Sequence[float]
) -> list[str]:
    finite = [value for value in values if math.isfinite(value)]
    most = max(finite, default=1.0) or 1.0
    parts = [
        f'<text x="{left}" y="{top + 16}" font-size="13" font-weight="bold" '
        f'fill="{_INK}">{html.escape(title)}</text>'
    ]
    for row, (name, value) in enumerate(zip(names, values, strict=True)):
        y = top + 26 + row * 22
        is_never = not math.isfinite(value)
        width = 0.0 if is_never else max(2.0, 200 * value / most)
        fill = _OURS if name == "Cordée" else _THEIRS
        rounded = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
        said = "never" if is_never else rounded
        said = "not measured" if math.isnan(value) else said
        parts += [
            f'<text x="{left}" y="{y + 13}" font-size="12" fill="{_INK}">'
            f"{html.escape(name)}</text>",
            f'<rect x="{left + 140}" y="{y + 2}" width="{width:.1f}" height="14" '
            f'fill="{fill}"/>',
            f'<text x="{left + 146 + width:.1f}" y="{y + 13}" font-size="12" '
            f'fill="{_INK}">{said}</text>',
        ]
    return parts


def _tables(kept: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {**figures(one), "title": one["title"]}
        for name, one in kept["systems"].items()
    }


def _short(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return numbers without decimals that nobody measured."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_short(one) for one in value]
    return value
