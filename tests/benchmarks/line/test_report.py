"""The report replaces its own section and nothing else; its chart is a picture."""

import math
import xml.etree.ElementTree as ET

from benchmarks.line.figures import figures
from benchmarks.line.pipe import PROFILES
from benchmarks.line.report import chart, number, placed, section
from tests.benchmarks.line.test_figures import found


def kept() -> dict[str, object]:
    more = {"day": "2026-11-23 04:00 UTC", "load": [0.5, 2.0], "whole": 0}
    return {
        "systems": {
            "cordee": {**found(500), **more, "title": "Cordée"},
            "vnc-tiger": {**found(9000), **more, "title": "noVNC + TigerVNC"},
        }
    }


def test_a_section_is_placed_once_and_replaced_afterwards() -> None:
    page = "# Measured\n\n## Other\n\ntext\n"
    once = placed(page, "adsl", "### first\n\nA|B")
    assert once.startswith(page)
    twice = placed(once + "\n## Last\n", "adsl", "### second \\1")
    assert "first" not in twice
    assert twice.count("### second \\1") == 1
    assert twice.endswith("\n## Last\n")
    both = placed(twice, "lan", "### lan")
    assert "### second" in both
    assert "### lan" in both


def test_a_section_shows_every_system_and_judges_ours() -> None:
    text = section(PROFILES["adsl"], kept())
    assert "| | Cordée | noVNC + TigerVNC |" in text
    assert "| new page: exact, s | 1.00 | 18.00 |" in text
    assert "against vnc-tiger" in text
    assert "| new page sharp, p50 | ≤ 1000 ms | 600 | 1,000.0 | expected |" in text
    assert "load 0.5 to 2.0" in text
    assert "nan" not in text


def test_only_adsl_has_marks_to_reach() -> None:
    assert "expected | go for" not in section(PROFILES["lan"], kept())


def test_never_is_a_dash() -> None:
    assert [number(value, 1) for value in (1234.56, math.inf, math.nan)] == [
        "1,234.6",
        "–",
        "–",
    ]


def test_the_chart_is_svg_with_a_bar_for_each_system_and_panel() -> None:
    tables = {
        "cordee": {**figures(found()), "title": "Cordée"},
        "x": {
            **figures(found()),
            "title": "x & y",
            "new clean": math.inf,
            "echo p50": math.nan,
        },
    }
    tree = ET.fromstring(chart(tables))  # noqa: S314 - written a line above
    bars = [one for one in tree.iter() if one.tag.endswith("rect")]
    assert len(bars) == 1 + 6 * 2
    words = [one.text for one in tree.iter() if one.tag.endswith("text")]
    assert "never" in words
    assert "not measured" in words
    assert "x & y" in words
