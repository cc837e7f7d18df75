"""The only door to the injector. Shut unless a grant is in force; shuts at once.

Rules:

1. Closed by default. Only :meth:`Gate.open` opens, and only the journal's word makes
   the agent say it.
2. Each key, button or movement passes alone, with the lock held and the gate asked
   again. So when :meth:`Gate.take_over` returns, all is released, and nothing follows.
3. What was sent under one grant is never done under the next: each batch carries the
   number of its grant.
4. Nothing passes while a question is open or the session is silent; what is held then
   is released. That is a hold: it ends by itself, the grant stays.
5. No button or wheel turns inside the agent's own windows: the technician shall not
   say the customer's yes (S-22). The window itself is the second line.
6. Moves that wait are merged: after a stall the pointer goes where it should be, and
   does not dance.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cordee_agent.desktops.base import Injector, Layout
from cordee_agent.guard.keys import Keys, Lift, Press, Type
from cordee_agent.guard.pipe import Rect
from cordee_shared.wire.input import (
    Button,
    InputEvent,
    Key,
    Pointer,
    Release,
    Text,
    Wheel,
    pixel,
)

#: Between two typed characters: faster, some programs lose one (agent_platform 2.1).
TYPING_S: Final = 0.008
#: ``MouseEvent.button`` to the injector's numbers.
_BUTTONS: Final = (1, 2, 3, 8, 9)


class Gate:
    """Lets the technician's input through, or not.

    ``inject`` belongs to one thread, the typing one; everything else may be called
    from any. All that is mutable is guarded by ``_lock``; the flags may be *lowered*
    before it is taken, so that an injection under way stops at its next step.
    """

    def __init__(
        self, injector: Injector, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Stand shut before an injector.

        Args:
            injector: nobody else calls it from now on.
            pause: waits a number of seconds between two characters.
        """
        self._injector = injector
        self._pause = pause
        self._lock = threading.Lock()
        self._keys = Keys()
        self._is_open = False
        self._asking = False
        self._silent = False
        self._grant = 0
        self._own: tuple[Rect, ...] = ()
        self._swallowed: set[int] = set()

    @property
    def is_open(self) -> bool:
        """Whether a grant is in force, held or not."""
        return self._is_open

    @property
    def is_held(self) -> bool:
        """Whether nothing passes at present, grant or not."""
        return not self._passing(self._grant)

    @property
    def grant(self) -> int:
        """The number of the present grant, for what arrives now."""
        return self._grant

    def open(self) -> None:
        """A grant is in force from now on."""
        with self._lock:
            if not self._is_open:
                self._grant += 1
                self._silent = False
                self._is_open = True

    def shut(self) -> None:
        """The grant is over; everything is released when this returns."""
        self._is_open = False
        with self._lock:
            self._is_open = False
            self._release()

    def take_over(self) -> bool:
        """The customer's hand moved: shut. ``True`` if that took a grant away."""
        was_open, self._is_open = self._is_open, False
        with self._lock:
            # It may have been opened between the two lines above.
            was_open = was_open or self._is_open
            self._is_open = False
            self._release()
        return was_open

    def question(self, asking: bool) -> None:
        """While the customer is being asked something, nothing passes."""
        self._asking = asking
        with self._lock:
            self._asking = asking
            if asking:
                self._release()

    def silence(self, silent: bool) -> None:
        """While the session does not say that it lives, nothing passes."""
        if silent == self._silent:
            return
        self._silent = silent
        with self._lock:
            self._silent = silent
            if silent:
                self._release()

    def own_windows(self, rects: Sequence[Rect]) -> None:
        """Remember where the agent's windows are."""
        with self._lock:
            self._own = tuple(rects)

    def release(self) -> None:
        """Release everything; the grant stays."""
        with self._lock:
            self._release()

    def close(self) -> None:
        """Shut for good, and close the injector."""
        self.shut()
        with self._lock:
            self._injector.close()

    def inject(self, events: Sequence[InputEvent], grant: int) -> None:
        """Do what a batch says, while the grant it came under lasts."""
        for event in merged(events):
            if not self._passing(grant):
                return
            match event:
                case Key():
                    self._do_key(event, grant)
                case Text(s):
                    self._type(s, grant)
                case Release():
                    self.release()
                case _:
                    with self._lock:
                        if self._passing(grant):
                            self._point(event)

    def _passing(self, grant: int) -> bool:
        return (
            self._is_open
            and grant == self._grant
            and not self._asking
            and not self._silent
        )

    def _point(self, event: Pointer | Button | Wheel) -> None:
        """With the lock: move, and press or turn there."""
        place = _place(event, self._injector.layout())
        if place is None:
            return  # it was meant for monitors that are arranged otherwise now
        if isinstance(event, Button):
            self._press(event, place)
            return
        self._injector.move(*place)
        if isinstance(event, Wheel) and not self._is_ours(place):
            self._injector.wheel(event.dx120, event.dy120)

    def _press(self, event: Button, place: tuple[int, int]) -> None:
        button = _BUTTONS[event.btn]
        self._injector.move(*place)
        if event.down and self._is_ours(place):
            self._swallowed.add(button)
        elif event.down:
            self._injector.button(button, down=True)
        elif button in self._swallowed:
            self._swallowed.discard(button)
        else:
            # Also over our windows: it was pressed elsewhere, and may not stay down.
            self._injector.button(button, down=False)

    def _do_key(self, event: Key, grant: int) -> None:
        self._injector.prepare("")
        with self._lock:
            steps = self._keys.plan(event) if self._passing(grant) else []
            for step in steps:
                if not isinstance(step, Type):
                    self._do_step(step)
        # A character comes last in a plan, and is typed without keeping the lock.
        if steps and isinstance(steps[-1], Type):
            self._type(steps[-1].text, grant)

    def _do_step(self, step: Press | Lift) -> None:
        self._injector.key(step.code, step.letter, down=isinstance(step, Press))

    def _type(self, text: str, grant: int) -> None:
        while text and self._passing(grant):
            ready = self._injector.prepare(text)
            for character in text[:ready]:
                with self._lock:
                    if not self._passing(grant):
                        return
                    self._injector.type_character(character)
                # Without the lock: the customer's hand does not wait for a text.
                self._pause(TYPING_S)
            text = text[ready:]

    def _is_ours(self, place: tuple[int, int]) -> bool:
        x, y = place
        return any(
            left <= x < left + width and top <= y < top + height
            for left, top, width, height in self._own
        )

    def _release(self) -> None:
        """With the lock: nothing is held after this."""
        self._keys.reset()
        self._swallowed.clear()
        self._injector.release_all()


def _place(event: Pointer | Button | Wheel, layout: Layout) -> tuple[int, int] | None:
    """Return the desktop pixel an event means, ``None`` if it is not there any more."""
    if event.cfg != layout.cfg:
        return None
    for monitor in layout.monitors:
        if monitor.id == event.mon:
            return (
                pixel(event.x, monitor.x, monitor.width),
                pixel(event.y, monitor.y, monitor.height),
            )
    return None


def merged(events: Sequence[InputEvent]) -> Iterator[InputEvent]:
    """Leave out the moves that another move follows directly."""
    for index, event in enumerate(events):
        following = events[index + 1] if index + 1 < len(events) else None
        if not (isinstance(event, Pointer) and isinstance(following, Pointer)):
            yield event
