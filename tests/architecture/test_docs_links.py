"""Every link of the documentation that stays inside the repository leads somewhere."""

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(
    r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(\s*<?([^\s)>]+)>?(?:\s+\"[^\"]*\")?\s*\)"
)
_REFERENCE = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_ANCHOR = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"|\{#([\w-]+)\}")


def pages() -> list[Path]:
    """Return the Markdown files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not listed:  # not a git checkout: an unpacked archive
        listed = [str(path.relative_to(ROOT)) for path in ROOT.glob("*.md")]
        listed += [str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md")]
    return sorted(path for name in listed if (path := ROOT / name).is_file())


def links(text: str) -> Iterator[str]:
    """Yield the targets of a page's links, those in code left out."""
    text = _CODE.sub("", _FENCE.sub("", text))
    for pattern in (_LINK, _REFERENCE):
        for found in pattern.finditer(text):
            yield found[1]


def anchors(text: str) -> set[str]:
    """Return what can be linked to in a page, named as GitHub names it."""
    names: set[str] = set()
    for found in _HEADING.finditer(_FENCE.sub("", text)):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found[1]).lower()
        name = "".join(
            letter
            for letter in title
            if letter in " -_" or unicodedata.category(letter)[0] in "LN"
        ).replace(" ", "-")
        number = 0
        while (unique := f"{name}-{number}" if number else name) in names:
            number += 1
        names.add(unique)
    return names | {one or other for one, other in _ANCHOR.findall(text)}


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    text = page.read_text(encoding="utf-8")
    found = []
    for target in links(text):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue  # of another machine
        name, _, anchor = target.partition("#")
        at = (page.parent / name).resolve() if name else page
        if not at.exists() or not at.is_relative_to(ROOT):
            found.append(target)
            continue
        if anchor and at.suffix == ".md":
            known = anchors(at.read_text(encoding="utf-8"))
            if anchor not in known:
                found.append(target)
    return found


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_links_and_anchors_are_read_as_they_are_shown() -> None:
    text = (
        "# Who holds the power?\n## Vue d'ensemble\n## Vue d'ensemble\n"
        "[a](docs/a.md) ![b](b.png) [c](<d e.md> ) `[no](no.md)`\n"
        "```\n[no](no.md)\n# no\n```\n[d]: e.md#f\n[![badge](x.svg)](y.md)\n"
    )
    assert set(links(text)) >= {"docs/a.md", "b.png", "e.md#f", "y.md"}
    assert "no.md" not in set(links(text))
    assert anchors(text) == {
        "who-holds-the-power",
        "vue-densemble",
        "vue-densemble-1",
    }
