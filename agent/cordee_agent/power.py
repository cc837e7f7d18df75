"""What the technician has on this computer right now: picture and gate.

The one place that starts and stops them, so that no path can forget one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.ports import Parts, Pictures, SendPicture
from cordee_shared.session.states import DRIVEN, VISIBLE, State
from cordee_shared.wire.picture import Kind, Layout, decode

#: How what a console takes begins (wire/picture.py).
_TAKES = bytes((Kind.TAKES,))
#: How a picture begins that says where the monitors are.
_LAYOUT = bytes((Kind.LAYOUT,))


class Power:
    """Follows the state that counts. Owned by the session."""

    def __init__(
        self, parts: Parts, group: asyncio.TaskGroup, lost: Callable[[], None]
    ) -> None:
        """Start with nothing given.

        Args:
            parts: what gives gate and pictures.
            group: where the picture's task lives.
            lost: called when the system lets us see no more.
        """
        self._lost = lost
        self._parts = parts
        self._group = group
        self._state: State | None = None
        self._task: asyncio.Task[None] | None = None
        self._pictures: Pictures | None = None
        #: What the console said it takes; the next picture is told it as well.
        self._takes: bytes | None = None
        #: The monitors as the technician has them; ``None``: nothing is seen.
        self.layout: Layout | None = None

    def settle(self, state: State, send: SendPicture) -> None:
        """Give what ``state`` allows and take away what it does not."""
        if state is self._state:
            return
        self._state = state
        if state not in VISIBLE:
            self.stop()
            self._state = state
            return
        if state in DRIVEN:
            self._parts.hands.open()
        else:
            self._parts.hands.shut()
        if self._task is None:
            self._pictures = self._parts.pictures(self._noting(send))
            if self._takes is not None:
                self._pictures.acknowledged(self._takes)
            self._task = self._group.create_task(self._see(self._pictures))

    def stop(self) -> None:
        """Take everything away at once, whatever is to be said about it later."""
        self._parts.hands.shut()
        self._state = None
        self.layout = None
        if self._task is not None:
            self._task.cancel()
            self._task = self._pictures = None

    def _noting(self, send: SendPicture) -> SendPicture:
        """Return what sends a picture and remembers the monitors it says."""

        async def send_it(payload: bytes) -> None:
            await send(payload)
            if payload[:1] == _LAYOUT:
                layout = decode(payload, None)
                self.layout = layout if isinstance(layout, Layout) else None

        return send_it

    async def _see(self, pictures: Pictures) -> None:
        try:
            await pictures.run()
        except NoDesktop:
            self._lost()

    def acknowledged(self, payload: bytes) -> None:
        """Hand what the console says of pictures to the one that is running."""
        if payload[:1] == _TAKES:
            self._takes = payload
        if self._pictures is not None:
            self._pictures.acknowledged(payload)
