"""What the agent is told at its start, and nothing later (S-25).

From the command line, else from ``CORDEE_*`` in the environment, else from the name of
the downloaded file or the sidecar beside it (``provision.py``). The code is never among
it: not in arguments, not in the environment, not in a file.
"""

from __future__ import annotations

import locale
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from cordee_agent.link import read_origin
from cordee_agent.pins import Pins, read_key
from cordee_agent.provision import told_by
from cordee_shared.errors import SettingsError
from cordee_shared.limits import DEAD_ZONE_PX
from cordee_shared.session.consent import Language


@dataclass(frozen=True, slots=True)
class Settings:
    """One start of the agent."""

    #: The relay, as a browser would call its origin.
    origin: str
    language: Language
    pins: Pins
    dead_zone_px: int


def read_settings(
    relay: str,
    language: str,
    relay_key: str,
    dead_zone_px: int | None,
    program: Path | None = None,
) -> Settings:
    """Check what was given and fill in the rest.

    Args:
        relay: the relay's address; empty: as the file tells.
        language: ``fr`` or ``en``; empty: the system's.
        relay_key: the relay's key in base64url; empty: as the file tells, with its
            address, else the one remembered from the first time.
        dead_zone_px: pixels of movement that count as the hand.
        program: the downloaded file that is running, if it is one.

    Raises:
        SettingsError: a value cannot work; the sentence says which and what would.
    """
    told = told_by(program) if program is not None and not relay else None
    if told is not None:
        relay, relay_key = told.origin, relay_key or told.key
    if not relay:
        raise SettingsError("relay: give its address, as in --relay https://name")
    dead_zone = DEAD_ZONE_PX if dead_zone_px is None else dead_zone_px
    if not 0 <= dead_zone <= 50:
        raise SettingsError("dead-zone: expected 0 (any movement) to 50 pixels")
    return Settings(
        origin=read_origin(relay),
        language=read_language(language),
        pins=Pins(
            state_folder() / "relays.json", read_key(relay_key) if relay_key else ""
        ),
        dead_zone_px=dead_zone,
    )


def read_language(given: str) -> Language:
    """Return the language given, else the system's where a text exists, else English.

    Raises:
        SettingsError: a language was given that no text exists in.
    """
    if given:
        if given not in Language._value2member_map_:
            raise SettingsError(f"lang: {given!r} is none of fr, en")
        return Language(given)
    system = (locale.getlocale()[0] or os.environ.get("LANG", "")).lower()
    return Language.FR if system.startswith("fr") else Language.EN


def state_folder() -> Path:
    """Return where this person's programs keep their state; it may not exist yet."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home()))
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    else:
        root = Path(
            os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        )
    return root / "cordee"
