"""A desktop without a screen, for tests and to try the guard out: scripted hands.

It keeps the promises of ``base.py`` (``tests/contract/test_desktop_hands.py`` runs it
beside the real ones), so a test that passes on it says something about them.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cordee_agent.desktops.base import (
    Injector,
    Layout,
    LocalEvent,
    Monitor,
    Origin,
    Seen,
    Watcher,
    make_layout,
)

_NOTCH = 120


@dataclass
class FakeDesktop:
    """Its state, and the hands that change it. Guarded by ``_lock``."""

    monitors: Sequence[Monitor] = (Monitor(0, 0, 0, 1366, 768, primary=True),)
    #: The display's clock; a test moves it.
    time_ms: int = 1000
    pointer: tuple[int, int] = (683, 384)
    buttons: set[int] = field(default_factory=set)
    #: ``code`` or letter of each key that is down.
    keys: set[str] = field(default_factory=set)
    typed: str = ""
    #: Wheel notches turned: right and down are positive.
    turned: tuple[int, int] = (0, 0)
    #: Characters this desktop cannot type.
    untypable: str = ""
    #: How many characters one ``prepare`` makes typable.
    prepared_at_once: int = 12

    def __post_init__(self) -> None:
        """Connect the hands."""
        self._lock = threading.Lock()
        self._events: queue.SimpleQueue[LocalEvent | None] = queue.SimpleQueue()
        self.watcher: Watcher = _Watcher(self._events)
        self.injector: Injector = _Injector(self)

    @property
    def layout(self) -> Layout:
        """The monitors as they are now."""
        width = max(m.x + m.width for m in self.monitors)
        height = max(m.y + m.height for m in self.monitors)
        return make_layout(width, height, self.monitors)

    # --- what anybody's hand does -----------------------------------------------------

    def move(self, x: int, y: int, origin: Origin = Origin.CUSTOMER) -> None:
        """Move the pointer."""
        with self._lock:
            distance = math.dist(self.pointer, (x, y))
            self.pointer = (x, y)
            self._tell(Seen.MOTION, origin, distance=distance)

    def button(
        self, button: int, *, down: bool, origin: Origin = Origin.CUSTOMER
    ) -> None:
        """Press or release a button."""
        with self._lock:
            (self.buttons.add if down else self.buttons.discard)(button)
            what = Seen.BUTTON_DOWN if down else Seen.BUTTON_UP
            self._tell(what, origin, detail=button)

    def wheel(self, dx: int, dy: int, origin: Origin = Origin.CUSTOMER) -> None:
        """Turn the wheel by whole notches."""
        with self._lock:
            self.turned = (self.turned[0] + dx, self.turned[1] + dy)
            for _ in range(abs(dx) + abs(dy)):
                self._tell(Seen.WHEEL, origin)

    def key(self, key: str, *, down: bool, origin: Origin = Origin.CUSTOMER) -> None:
        """Press or release a key."""
        with self._lock:
            (self.keys.add if down else self.keys.discard)(key)
            what = Seen.KEY_DOWN if down else Seen.KEY_UP
            self._tell(what, origin, detail=1)

    def type(self, character: str, origin: Origin) -> None:
        """Type one character: a key goes down and up."""
        with self._lock:
            self.typed += character
            self._tell(Seen.KEY_DOWN, origin, detail=1)
            self._tell(Seen.KEY_UP, origin, detail=1)

    def _tell(
        self, what: Seen, origin: Origin, *, distance: float = 0, detail: int = 0
    ) -> None:
        self._events.put(LocalEvent(what, origin, distance, self.time_ms, detail))


class _Watcher:
    def __init__(self, events: queue.SimpleQueue[LocalEvent | None]) -> None:
        self._events = events

    def run(self, seen: Callable[[LocalEvent], None]) -> None:
        while (event := self._events.get()) is not None:
            seen(event)

    def stop(self) -> None:
        self._events.put(None)


class _Injector:
    """Owned by the gate, like every injector."""

    def __init__(self, desktop: FakeDesktop) -> None:
        self._desktop = desktop
        self._buttons: list[int] = []
        self._keys: list[str] = []
        self._turned = [0, 0]

    def layout(self) -> Layout:
        return self._desktop.layout

    def move(self, x: int, y: int) -> None:
        self._desktop.move(x, y, Origin.OURS)

    def button(self, button: int, *, down: bool) -> None:
        if down == (button in self._buttons):
            return
        (self._buttons.append if down else self._buttons.remove)(button)
        self._desktop.button(button, down=down, origin=Origin.OURS)

    def wheel(self, dx120: int, dy120: int) -> None:
        notches = [0, 0]
        for axis, turn in enumerate((dx120, dy120)):
            if turn * self._turned[axis] < 0:
                self._turned[axis] = 0
            total = self._turned[axis] + turn
            notches[axis] = int(total / _NOTCH)
            self._turned[axis] = total - notches[axis] * _NOTCH
        self._desktop.wheel(notches[0], notches[1], Origin.OURS)

    def prepare(self, text: str) -> int:
        return min(len(text), self._desktop.prepared_at_once)

    def type_character(self, character: str) -> None:
        if character not in self._desktop.untypable:
            self._desktop.type(character, Origin.OURS)

    def key(self, code: str, letter: str, *, down: bool) -> None:
        name = letter or code
        if not name or down == (name in self._keys):
            return
        (self._keys.append if down else self._keys.remove)(name)
        self._desktop.key(name, down=down, origin=Origin.OURS)

    def release_all(self) -> None:
        while self._keys:
            self._desktop.key(self._keys.pop(), down=False, origin=Origin.OURS)
        while self._buttons:
            self._desktop.button(self._buttons.pop(), down=False, origin=Origin.OURS)
        self._turned = [0, 0]

    def close(self) -> None:
        self.release_all()
