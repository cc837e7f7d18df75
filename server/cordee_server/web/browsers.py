"""What kind of browser somebody sits at: enough to know one's own in a list.

Nothing of what a browser says is kept: one of these words is, or none.
"""

from __future__ import annotations

from typing import Final

#: The first that fits counts: most claim to be those further down as well.
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> str:
    """Return such as ``Firefox, Linux``; empty when nothing is known."""
    return ", ".join(
        name
        for name in (_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))
        if name
    )


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in table if sign in text), "")
