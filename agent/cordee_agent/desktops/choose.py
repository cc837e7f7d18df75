"""Which desktop is here: its parts, imported late, or a sentence why there is none.

The only module that knows more than one backend. Rules:

1. Nothing of a backend is imported before it was chosen: a machine without its
   libraries gets a sentence, not a traceback.
2. Where the customer's hand cannot be told from the technician's, there is no
   desktop (agent_platform 1.8): no control without reclaim, no session without it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

from cordee_agent.desktops.base import Injector, NoDesktop, Screen, Watcher


class Hands(NamedTuple):
    """What the guard needs of a desktop."""

    watcher: Watcher
    injector: Injector


def x11_display(
    display: str | None,
    *,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
) -> str:
    """Return the X display to use, or say why there is none.

    Args:
        display: the one asked for; ``None`` or empty for the environment's.
        platform: as in ``sys.platform``.
        environment: where ``DISPLAY`` and its like are.

    Raises:
        NoDesktop: this system's desktop cannot be guarded yet; the sentence says
            what to do.
    """
    if platform in ("win32", "cygwin"):
        raise NoDesktop("Cordée cannot help on Windows yet; it needs Linux with X11")
    if platform == "darwin":
        raise NoDesktop("Cordée cannot help on macOS yet; it needs Linux with X11")
    if display:
        return display
    wayland = (
        environment.get("WAYLAND_DISPLAY")
        or environment.get("XDG_SESSION_TYPE") == "wayland"
    )
    if wayland:
        # DISPLAY is set there too, but its server sees only the older programs.
        raise NoDesktop(
            "this is a Wayland session, where the mouse cannot be told from the "
            "technician's; choose an X11 (Xorg) session when you sign in"
        )
    if not environment.get("DISPLAY"):
        raise NoDesktop("there is no screen here: the variable DISPLAY is not set")
    return environment["DISPLAY"]


def open_hands(display: str | None = None) -> Hands:
    """Open the watcher and the injector of a desktop; only the guard calls it.

    Args:
        display: an X display, ``None`` for the environment's.

    Raises:
        NoDesktop: there is none that can be guarded; says why.
    """
    name = x11_display(display)
    try:
        from cordee_agent.desktops.x11.injector import X11Injector
        from cordee_agent.desktops.x11.lib import Requests
        from cordee_agent.desktops.x11.watcher import X11Watcher
    except ImportError as error:
        raise NoDesktop(f"python-xlib is not installed: {error}") from None
    requests = Requests()
    watcher = X11Watcher(name, requests)
    try:
        return Hands(watcher, X11Injector(name, requests))
    except BaseException:
        watcher.stop()
        raise


def open_screen(display: str | None = None) -> Screen:
    """Open what sees a desktop; only the picture's thread calls it.

    Args:
        display: an X display, ``None`` for the environment's.

    Raises:
        NoDesktop: there is none that can be seen; says why.
    """
    name = x11_display(display)
    try:
        from cordee_agent.desktops.x11.screen import X11Screen
    except ImportError as error:
        raise NoDesktop(f"a library for the screen is missing: {error}") from None
    return X11Screen(name)


def release_everything(display: str | None = None) -> None:
    """Release every key and button of a desktop whose guard is gone.

    Raises:
        NoDesktop: it cannot be reached any more.
    """
    name = x11_display(display)
    try:
        from cordee_agent.desktops.x11 import lib
    except ImportError as error:
        raise NoDesktop(f"python-xlib is not installed: {error}") from None
    lib.release_everything(name)
