"""The port to a desktop system: what every backend gives, and nothing more.

Coordinates are physical pixels of the whole desktop, origin top left of its
bounding box. A backend is imported late, by ``choose.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cordee_shared.errors import CordeeError


class NoDesktop(CordeeError):
    """There is no desktop here that the agent can show and drive; says why."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor, in desktop pixels."""

    id: int
    x: int
    y: int
    width: int
    height: int
    primary: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The desktop's size and monitors; ``cfg`` changes whenever they do."""

    cfg: int
    width: int
    height: int
    monitors: tuple[Monitor, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the whole desktop: BGRX rows of ``stride`` bytes."""

    width: int
    height: int
    stride: int
    pixels: memoryview


@dataclass(frozen=True, slots=True)
class Cursor:
    """The pointer's shape and place. ``rgba`` is straight alpha, row by row."""

    serial: int
    x: int
    y: int
    hot_x: int
    hot_y: int
    width: int
    height: int
    rgba: bytes


class Screen(Protocol):
    """Sees. Owned by the picture's thread; never shared."""

    def layout(self) -> Layout:
        """Return the present layout; cheap enough to ask before every grab."""
        ...

    def grab(self) -> Frame:
        """Take a picture. The pixels stay valid until the next grab.

        Raises:
            NoDesktop: the system does not let us see any more.
        """
        ...

    def cursor(self) -> Cursor | None:
        """Return the pointer, or ``None`` where the system does not tell."""
        ...

    def wait_change(self, timeout_s: float) -> bool:
        """Wait until something may have changed; ``False`` when time ran out.

        A backend that is not told returns ``True`` after the time has passed.
        """
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class Origin(StrEnum):
    """Whose event it was. What is not provably ours is the customer's."""

    OURS = "ours"
    CUSTOMER = "customer"


class Seen(StrEnum):
    """What the watcher saw."""

    MOTION = "motion"
    BUTTON_DOWN = "button_down"
    BUTTON_UP = "button_up"
    WHEEL = "wheel"
    KEY_DOWN = "key_down"
    KEY_UP = "key_up"


@dataclass(frozen=True, slots=True)
class LocalEvent:
    """One event of a pointer or keyboard, ours or the customer's."""

    what: Seen
    origin: Origin
    #: Distance in pixels for a motion, else 0.
    distance: float
    #: The display system's own time stamp, milliseconds; the window matches clicks on it.
    time_ms: int
    #: Button or key number; 0 for a motion.
    detail: int


class Watcher(Protocol):
    """Tells the customer's hand from ours. Lives in the guard's process."""

    def run(self, seen: Callable[[LocalEvent], None]) -> None:
        """Call ``seen`` for every event, on this thread, until :meth:`stop`."""
        ...

    def stop(self) -> None:
        """Make :meth:`run` return; callable from any thread."""
        ...


class Injector(Protocol):
    """Moves, presses and types. ONLY ``guard/gate.py`` calls it.

    Every method is done when it returns: nothing is queued behind it.
    """

    def move(self, x: int, y: int) -> None:
        """Put the pointer at a desktop pixel."""
        ...

    def button(self, button: int, *, down: bool) -> None:
        """Press or release button 1 (left), 2 (middle), 3 (right), 8 or 9."""
        ...

    def wheel(self, dx120: int, dy120: int) -> None:
        """Turn the wheel in 1/120 notches; right and down are positive."""
        ...

    def type_text(self, text: str) -> None:
        """Type characters, whatever layout the customer has."""
        ...

    def key(self, code: str, letter: str, *, down: bool) -> None:
        """Press or release a key: by ``letter`` in the customer's layout where it
        has one, else by its position ``code`` (the names of UI Events)."""
        ...

    def release_all(self) -> None:
        """Release every key and button that this injector holds down."""
        ...

    def close(self) -> None:
        """Release everything and give it back."""
        ...
