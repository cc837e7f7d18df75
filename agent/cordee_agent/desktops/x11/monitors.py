"""Where the monitors are, by RandR 1.5; the same answer in every process."""

from __future__ import annotations

from Xlib.display import Display
from Xlib.error import XError

from cordee_agent.desktops.base import Layout, Monitor, make_layout

#: RRGetMonitors came with 1.5 (2015).
_RANDR = (1, 5)


def read_layout(display: Display) -> Layout:
    """Ask the X server for the monitors; one round trip.

    A server without RandR 1.5, or whose screen has no monitor at all, gives one
    monitor of the size of the screen.

    Args:
        display: a connection owned by the caller's thread.
    """
    size = display.screen().root.get_geometry()
    monitors = _monitors(display)
    if not monitors:
        monitors = [Monitor(0, 0, 0, size.width, size.height, primary=True)]
    return make_layout(size.width, size.height, monitors)


def _monitors(display: Display) -> list[Monitor]:
    if not display.has_extension("RANDR"):
        return []
    try:
        version = display.xrandr_query_version()
        if (version.major_version, version.minor_version) < _RANDR:
            return []
        answer = display.screen().root.xrandr_get_monitors(is_active=True)
    except XError:
        return []
    return [
        Monitor(
            number,
            found.x,
            found.y,
            found.width_in_pixels,
            found.height_in_pixels,
            primary=bool(found.primary),
        )
        for number, found in enumerate(answer.monitors)
        if found.width_in_pixels and found.height_in_pixels
    ]
