"""A witness: what the X server says happened, in its own order, and from whom.

It shares no code with the agent's watcher, so that the two cannot be wrong
together. It reads XInput 2 raw events: they name the device an event came from,
and a device with the property ``XTEST Device`` is a program, not a hand.
"""

import contextlib
import os
import select
import struct
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from Xlib import display as xdisplay
from Xlib.ext import ge, xinput

from tests.e2e.rig.processes import PATIENCE_S, wait_until

Source = Literal["physical", "xtest"]
Kind = Literal["key down", "key up", "button down", "button up", "move"]

_HIERARCHY_CHANGED = 11
_KINDS: dict[int, Kind] = {
    13: "key down",
    14: "key up",
    15: "button down",
    16: "button up",
    17: "move",
}
#: deviceid, time, detail, sourceid, number of mask words, flags (XI2proto.h).
_RAW = struct.Struct("=HIIHHI")
_MASK_AT = 22


@dataclass(frozen=True)
class Seen:
    """One event, as the server reported it."""

    kind: Kind
    source: Source
    #: A key code or a button's number; 0 for a movement.
    detail: int
    #: What the device's axes said, by axis; positions or deltas.
    axes: dict[int, float]
    #: The server's own clock, in milliseconds.
    server_ms: int
    #: When it was read here, on CLOCK_MONOTONIC, in nanoseconds.
    at_ns: int


class Listener:
    """Records raw events from the moment it is made until it is closed.

    Its thread appends to ``_seen``, which only grows; readers take a copy.
    """

    def __init__(self, display: str) -> None:
        self._display = xdisplay.Display(display)
        self._opcode: int = self._display.display.get_extension_major(xinput.extname)
        # python-xlib would ask for 2.0, under which nothing is reported while
        # some client holds a grab (an open menu, a drag).
        version = xinput.XIQueryVersion(
            display=self._display.display,
            opcode=self._opcode,
            major_version=2,
            minor_version=2,
        )
        if (version.major_version, version.minor_version) < (2, 2):
            raise AssertionError("the X server has no XInput 2.2")
        self._sources: dict[int, Source] = {}
        self._learn_devices()
        raw = sum(1 << kind for kind in _KINDS)
        root = self._display.screen().root
        root.xinput_select_events(
            [
                (xinput.AllMasterDevices, raw),
                (xinput.AllDevices, 1 << _HIERARCHY_CHANGED),
            ]
        )
        self._display.sync()
        self._seen: list[Seen] = []
        self._wake, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening; what was seen stays."""
        os.close(self._stop)
        self._thread.join(PATIENCE_S)
        os.close(self._wake)
        with contextlib.suppress(Exception):  # the server may have gone first
            self._display.close()

    def mark(self) -> int:
        """Return a place in the record, for ``since``."""
        return len(self._seen)

    def since(
        self,
        mark: int = 0,
        *,
        source: Source | None = None,
        kind: Kind | None = None,
    ) -> list[Seen]:
        """Return what was seen after a mark, in the server's order."""
        return [
            seen
            for seen in self._seen[mark:]
            if source in (None, seen.source) and kind in (None, seen.kind)
        ]

    def wait_for(
        self,
        enough: Callable[[Sequence[Seen]], bool] = bool,
        *,
        mark: int = 0,
        source: Source | None = None,
        kind: Kind | None = None,
        within: float = PATIENCE_S,
    ) -> list[Seen]:
        """Wait until what was seen since a mark is enough, and return it."""
        last: list[Seen] = []

        def look() -> bool:
            nonlocal last
            last = self.since(mark, source=source, kind=kind)
            return enough(last)

        wait_until(look, within=within, what=lambda: f"events; seen: {last[-20:]}")
        return last

    def _learn_devices(self) -> None:
        """Tell the devices of programs from the others, by their property."""
        name = self._display.intern_atom("XTEST Device")
        devices = self._display.xinput_query_device(xinput.AllDevices).devices
        for device in devices:
            answer = self._display.xinput_get_device_property(
                device.deviceid, name, 0, 0, 1
            )
            # What python-xlib makes of a property: its format and its bytes.
            is_xtest = answer.value is not None and answer.value[1] == b"\x01"
            self._sources[device.deviceid] = "xtest" if is_xtest else "physical"

    def _run(self) -> None:
        while True:
            readable, _, _ = select.select([self._display, self._wake], [], [])
            if self._wake in readable:
                return
            try:
                for _ in range(self._display.pending_events()):
                    self._take(self._display.next_event())
            except (OSError, ConnectionError):  # the server has gone
                return

    def _take(self, event: Any) -> None:
        if event.type != ge.GenericEventCode or event.extension != self._opcode:
            return
        if event.evtype == _HIERARCHY_CHANGED:
            self._learn_devices()
        elif event.evtype in _KINDS:
            self._seen.append(self._read(event))

    def _read(self, event: Any) -> Seen:
        data = bytes(event.data)
        _device, at, detail, source, words, _flags = _RAW.unpack_from(data)
        mask = int.from_bytes(data[_MASK_AT : _MASK_AT + 4 * words], "little")
        axes: dict[int, float] = {}
        offset = _MASK_AT + 4 * words
        for axis in range(32 * words):
            if mask >> axis & 1:
                whole, part = struct.unpack_from("=iI", data, offset)
                axes[axis] = whole + part / 2**32
                offset += 8
        return Seen(
            kind=_KINDS[event.evtype],
            source=self._sources[source],
            detail=detail,
            axes=axes,
            server_ms=at,
            at_ns=time.monotonic_ns(),
        )
