"""Tells the customer's hand from the technician's on X11, whatever holds a grab.

It listens to raw events of all master devices: the server sends them to whoever
asked, before any window, grab or toolkit sees them. Where an event came from is the
device it names; which XTEST events are ours, :class:`~.lib.Requests` knows.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from Xlib import error
from Xlib.display import Display
from Xlib.ext import ge, xinput

from cordee_agent.desktops.base import LocalEvent, NoDesktop, Origin, Seen
from cordee_agent.desktops.x11.lib import (
    HIERARCHY_CHANGED,
    RAW_BUTTON_PRESS,
    RAW_BUTTON_RELEASE,
    RAW_KEY_PRESS,
    RAW_KEY_RELEASE,
    RAW_KINDS,
    RAW_MOTION,
    RAW_TOUCH_BEGIN,
    RAW_TOUCH_END,
    RAW_TOUCH_UPDATE,
    Device,
    Raw,
    Request,
    Requests,
    decode_raw,
    negotiate_xinput,
    open_display,
    read_devices,
)

#: X buttons that are one notch of a wheel.
_WHEEL_BUTTONS: Final = (4, 5, 6, 7)
#: A finger is a left button without a number of its own.
_TOUCH_BUTTON: Final = 1
#: Positions nearer to the corner than this look like the steps of a mouse.
_PLAINLY_A_POSITION: Final = 64
_KINDS: Final = {
    RAW_KEY_PRESS: Seen.KEY_DOWN,
    RAW_KEY_RELEASE: Seen.KEY_UP,
    RAW_BUTTON_PRESS: Seen.BUTTON_DOWN,
    RAW_BUTTON_RELEASE: Seen.BUTTON_UP,
    RAW_MOTION: Seen.MOTION,
    RAW_TOUCH_BEGIN: Seen.BUTTON_DOWN,
    RAW_TOUCH_UPDATE: Seen.MOTION,
    RAW_TOUCH_END: Seen.BUTTON_UP,
}
#: Of no known device: counted as the customer's.
_UNKNOWN: Final = Device(xtest=False, absolute=False, settled=True)


class X11Watcher:
    """Watches one X server. Owned by the thread that calls :meth:`run`."""

    def __init__(self, name: str, requests: Requests) -> None:
        """Connect and listen; what happens from now on is seen by :meth:`run`.

        Args:
            name: the display.
            requests: shared with the injector of the same guard.

        Raises:
            NoDesktop: the server cannot tell hands apart.
        """
        self._requests = requests
        self._display: Display = open_display(name)
        try:
            self._opcode = negotiate_xinput(self._display)
            self._select()
            # After selecting: a device that appears in between is asked for again.
            self._devices = read_devices(self._display)
        except BaseException:
            self._display.close()
            raise
        size = self._display.screen()
        self._size = (size.width_in_pixels, size.height_in_pixels)
        self._wake, self._stop = os.pipe()
        self._stopping = threading.Lock()
        self._runs = False

    def run(self, seen: Callable[[LocalEvent], None]) -> None:
        """Call ``seen`` for every event, on this thread, until :meth:`stop`.

        Raises:
            NoDesktop: the X server has gone.
        """
        with self._stopping:
            if self._stop < 0:
                return
            self._runs = True
        try:
            while not self._step(seen):
                pass
        except (error.ConnectionClosedError, OSError) as failure:
            raise NoDesktop(f"the X server has gone: {failure}") from None
        finally:
            self._close()

    def stop(self) -> None:
        """Make :meth:`run` return; callable from any thread.

        One that never ran is closed here; a second time does nothing.
        """
        with self._stopping:
            if self._stop < 0:
                return
            os.close(self._stop)
            self._stop = -1
            if not self._runs:
                self._close()

    def _step(self, seen: Callable[[LocalEvent], None]) -> bool:
        """Wait for something and handle all of it; ``True`` when told to stop."""
        readable, _, _ = select.select([self._display.fileno(), self._wake], [], [])
        waiting = self._take_pending()
        while waiting:
            raw = waiting.pop(0)
            device = self._devices.get(raw.source, _UNKNOWN)
            if not device.settled and raw.kind == RAW_MOTION and not device.xtest:
                # Asking reads what has arrived meanwhile: it waits its turn.
                waiting += self._settle(raw, device, waiting)
            event = describe(raw, device, self._requests, self._size)
            if event is not None:
                seen(event)
            # The answer to a question may have brought events with it.
            waiting += self._take_pending()
        return self._wake in readable

    def _take_pending(self) -> list[Raw]:
        """Return the raw events that have arrived, keeping the devices current."""
        found: list[Raw] = []
        for _ in range(self._display.pending_events()):
            event: Any = self._display.next_event()
            if event.type != ge.GenericEventCode or event.extension != self._opcode:
                continue
            if event.evtype == HIERARCHY_CHANGED:
                self._refresh()
            elif event.evtype in _KINDS:
                found.append(decode_raw(event.evtype, bytes(event.data)))
        return found

    def _select(self) -> None:
        raw = sum(1 << kind for kind in RAW_KINDS)
        changes = 1 << HIERARCHY_CHANGED
        self._display.screen().root.xinput_select_events(
            # The server takes HierarchyChanged for AllDevices only.
            [(xinput.AllMasterDevices, raw), (xinput.AllDevices, changes)]
        )
        self._display.sync()

    def _refresh(self) -> None:
        """Ask for the devices again, keeping what was learned of those still here."""
        known = self._devices
        self._devices = read_devices(self._display)
        for id, device in self._devices.items():
            before = known.get(id)
            if before is not None and before.xtest == device.xtest:
                device.position = before.position
                if before.settled and not device.settled:
                    device.settled, device.absolute = True, before.absolute

    def _settle(self, raw: Raw, device: Device, waiting: list[Raw]) -> list[Raw]:
        """Find out whether a device that says "relative" sends positions all the same.

        Xvnc's does. The question is asked at a device's first movement, so it costs
        one round trip in its life, or a few near the corner of the screen.
        """
        try:
            info = self._display.xinput_query_device(raw.source).devices
        except error.XError:  # taken away meanwhile
            return []
        later = self._take_pending()
        axes = {
            c.number: c.value
            for i in info
            for c in i.classes
            if c.type == xinput.ValuatorClass and c.number in (0, 1)
        }
        moves = [
            event.axes
            for event in (raw, *waiting, *later)
            if event.source == raw.source and event.kind == RAW_MOTION
        ]
        found = sends_positions(moves, axes)
        if found is not None:
            device.absolute, device.settled = found, True
        return later

    def _close(self) -> None:
        os.close(self._wake)
        with contextlib.suppress(error.ConnectionClosedError, OSError):
            self._display.close()


def describe(
    raw: Raw, device: Device, requests: Requests, size: tuple[int, int]
) -> LocalEvent | None:
    """Say what a raw event of a device means, and whose it is.

    Args:
        raw: the event.
        device: where it came from; its position is brought up to date.
        requests: our own; one that matches is used up.
        size: of the screen, in pixels.

    Returns:
        ``None`` for what says nothing by itself: the button of a wheel coming up.
    """
    what = _KINDS[raw.kind]
    detail = 0 if what is Seen.MOTION else raw.detail
    distance = 0.0
    if raw.kind in (RAW_TOUCH_BEGIN, RAW_TOUCH_END):
        detail = _TOUCH_BUTTON
    if raw.kind in (RAW_MOTION, RAW_TOUCH_BEGIN, RAW_TOUCH_UPDATE):
        went = travelled(device, raw.axes, size)
        # A finger that comes down somewhere else has not moved there.
        distance = 0.0 if raw.kind == RAW_TOUCH_BEGIN else went
        if not {0, 1} & raw.axes.keys() and device.scroll_axes & raw.axes.keys():
            what = Seen.WHEEL
    origin = Origin.CUSTOMER
    if device.xtest:
        place = (round(raw.axes.get(0, 0)), round(raw.axes.get(1, 0)))
        request = (
            Request(RAW_MOTION, 0, *place)
            if raw.kind == RAW_MOTION
            else Request(raw.kind, raw.detail)
        )
        origin = Origin.OURS if requests.is_ours(request) else Origin.CUSTOMER
    if raw.detail in _WHEEL_BUTTONS and raw.kind == RAW_BUTTON_PRESS:
        what = Seen.WHEEL
    elif raw.detail in _WHEEL_BUTTONS and raw.kind == RAW_BUTTON_RELEASE:
        return None  # the notch was told when it turned
    return LocalEvent(what, origin, distance, raw.time_ms, detail)


def sends_positions(
    moves: Sequence[dict[int, float]], axes: dict[int, float]
) -> bool | None:
    """Tell whether movements are positions, ``None`` if that cannot be seen yet.

    A device's own axes hold the last position it was at. They were asked for between
    two of its movements, and the answer does not say which: so when they equal what
    *one* of them said, those were no distances.

    Args:
        moves: the axes of a device's movements, oldest first, the first before the
            question.
        axes: where the server says the device is.
    """
    said: dict[int, float] = {}
    for move in moves:
        said |= {axis: move[axis] for axis in (0, 1) if axis in move}
        same = all(abs(axes.get(axis, -1) - value) < 1 for axis, value in said.items())
        if not same:
            continue
        if len(said) < 2 or max(map(abs, said.values())) < _PLAINLY_A_POSITION:
            return None
        return True
    return False


def travelled(device: Device, axes: dict[int, float], size: tuple[int, int]) -> float:
    """Return how many pixels a motion went, and remember where it ended.

    An absolute device reports positions, in units of its own range or in pixels; a
    relative one reports distances. The first report of an absolute device counts from
    where the server believed it to be.
    """
    steps = [0.0, 0.0]
    for axis in (0, 1):
        if axis not in axes:
            continue
        value = axes[axis]
        if not device.absolute:
            steps[axis] = value
            continue
        low, high = device.ranges.get(axis, (0.0, 0.0))
        scale = size[axis] / (high - low) if high > low else 1.0
        steps[axis] = (value - device.position.get(axis, value)) * scale
        device.position[axis] = value
    return math.hypot(*steps)
