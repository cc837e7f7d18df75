"""axe-core: what of a page some people could not read, reach or understand."""

from typing import Any

from playwright.sync_api import Page

from tests.e2e.rig.processes import ROOT
from tests.parts import missing

_SOURCE = ROOT / "tests" / "console" / "node_modules" / "axe-core" / "axe.min.js"
#: What WCAG 2.2 asks for at level AA, of all its versions.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """
(tags) => axe.run(document, { runOnly: { type: "tag", values: tags } })
"""
#: A finding of these weights keeps somebody out.
_SERIOUS = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """Return the serious findings on a page as it is now, a line each; best: none."""
    if not _SOURCE.is_file():
        missing("axe-core (npm ci in tests/console)")
    # Through the debugger: the page's own policy lets no other script in.
    page.evaluate(_SOURCE.read_text("utf-8") + ";undefined")
    found: dict[str, Any] = page.evaluate(_RUN, _TAGS)
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if node["impact"] in _SERIOUS
    ]
