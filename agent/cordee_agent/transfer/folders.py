"""Where received files go unless the customer says otherwise."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

#: A line of ``user-dirs.dirs`` (freedesktop.org, xdg-user-dirs).
_LINE: Final = re.compile(r'^XDG_DOWNLOAD_DIR="(\$HOME/)?(.*)"\s*$', re.MULTILINE)


def downloads() -> Path:
    """Return the customer's folder for downloads, or home where there is none."""
    home = Path.home()
    found = _named(home) if sys.platform.startswith("linux") else home / "Downloads"
    return found if found.is_dir() else home


def _named(home: Path) -> Path:
    """Return the folder that the desktop calls so, in the customer's language."""
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    try:
        line = _LINE.search((config / "user-dirs.dirs").read_text("utf-8"))
    except (OSError, UnicodeError):
        line = None
    if line is None:
        return home / "Downloads"
    return home / line[2] if line[1] else Path(line[2])
