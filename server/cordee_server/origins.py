"""What a browser sends as its origin, and whether a console may be served there."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

#: Names this machine has for itself; the only ones http is good enough for.
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def is_origin(text: str) -> bool:
    """Tell whether a browser would send ``text`` as its origin, and may."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme == "http":
        allowed = host in HERE
    else:
        allowed = parts.scheme == "https" and bool(host)
    name = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    exact = f"{parts.scheme}://{name}" + (
        f":{port}" if port is not None and port != usual else ""
    )
    return allowed and text == exact
