"""Which system a customer sits at, as far as the browser says, and what fits it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath
from typing import Final


class System(StrEnum):
    """A computer's system, or something that is none."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"
    #: A telephone or a tablet: nobody is helped there.
    MOBILE = "mobile"
    UNKNOWN = "unknown"


#: Those that an agent could be offered for.
COMPUTERS: Final = (System.WINDOWS, System.MACOS, System.LINUX)

#: The first that fits counts: telephones claim to be what they descend from.
_SIGNS: Final = (
    ("Android", System.MOBILE),
    ("iPhone", System.MOBILE),
    ("iPad", System.MOBILE),
    ("Mobile", System.MOBILE),
    ("Windows", System.WINDOWS),
    ("Mac OS X", System.MACOS),
    ("Macintosh", System.MACOS),
    ("CrOS", System.UNKNOWN),
    ("Linux", System.LINUX),
    ("X11", System.LINUX),
)
_ENDINGS: Final = {
    ".exe": System.WINDOWS,
    ".msi": System.WINDOWS,
    ".dmg": System.MACOS,
    ".pkg": System.MACOS,
    ".appimage": System.LINUX,
    ".run": System.LINUX,
    ".deb": System.LINUX,
    "": System.LINUX,
}


def system_of(user_agent: str) -> System:
    """Return what a browser says it runs on."""
    return next(
        (system for sign, system in _SIGNS if sign in user_agent), System.UNKNOWN
    )


def system_for(name: str) -> System | None:
    """Return the system that a file of this name is for; ``None``: for none."""
    return _ENDINGS.get(PurePath(name).suffix.lower())
