"""The port to a desktop system: what every backend gives, and nothing more.

Coordinates are physical pixels of the whole desktop, origin top left of its
bounding box. A backend is imported late, by ``choose.py``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
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


def make_layout(width: int, height: int, monitors: Sequence[Monitor]) -> Layout:
    """Return a layout whose ``cfg`` follows from what it holds.

    The picture and the guard look at the monitors from two processes; so both
    have the same number without telling each other.
    """
    facts = f"{width}x{height}" + "".join(
        f" {m.id}:{m.width}x{m.height}+{m.x}+{m.y}" for m in monitors
    )
    return Layout(zlib.crc32(facts.encode()), width, height, tuple(monitors))


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
    #: The display system's own clock, milliseconds; the window matches clicks on it.
    time_ms: int
    #: Button or key number; 0 for a motion.
    detail: int


class Watcher(Protocol):
    """Tells the customer's hand from ours. Lives in the guard's process."""

    def run(self, seen: Callable[[LocalEvent], None]) -> None:
        """Call ``seen`` for every event, on this thread, until :meth:`stop`."""
        ...

    def stop(self) -> None:
        """Make :meth:`run` return; callable from any thread, and more than once."""
        ...


class Injector(Protocol):
    """Moves, presses and types. ONLY ``guard/gate.py`` calls it.

    Owned by whoever holds the gate's lock, except :meth:`prepare`. Every method
    is done when it returns, and none but :meth:`prepare` waits for more than the
    display system's own answer: the customer's hand may be waiting for the lock.
    Any but the last two raises ``NoDesktop`` once the display system has gone.
    """

    def layout(self) -> Layout:
        """Return the monitors as they are now; cheap."""
        ...

    def move(self, x: int, y: int) -> None:
        """Put the pointer at a desktop pixel."""
        ...

    def button(self, button: int, *, down: bool) -> None:
        """Press or release button 1 (left), 2 (middle), 3 (right), 8 or 9.

        Pressing what is down, or releasing what is not, does nothing.
        """
        ...

    def wheel(self, dx120: int, dy120: int) -> None:
        """Turn the wheel in 1/120 notches; right and down are positive.

        What is less than a notch is kept for the next turn.
        """
        ...

    def prepare(self, text: str) -> int:
        """Make characters typable and say how many, from the first, now are.

        At least one for a text that is not empty. Touches no key or button, may
        take some 50 ms, and is called *without* the gate's lock, by the thread
        that calls :meth:`type_character` next.
        """
        ...

    def type_character(self, character: str) -> None:
        """Type one prepared character, whatever layout and locks are on.

        Line feed and tab are the keys. A character this desktop cannot type is
        left out. Held modifiers are lifted for it and pressed again.
        """
        ...

    def key(self, code: str, letter: str, *, down: bool) -> None:
        """Press or release a key.

        Args:
            code: its position, in the names of UI Events; may be empty.
            letter: the character it gives in the customer's layout, which counts
                first; may be empty. A key of neither name does nothing.
            down: pressing what is down, or releasing what is not, does nothing.
        """
        ...

    def release_all(self) -> None:
        """Release every key and button that this injector holds down.

        Locks that typing had cleared are set again.
        """
        ...

    def close(self) -> None:
        """Release everything and give it back; a second time does nothing."""
        ...
