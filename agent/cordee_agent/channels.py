"""What the two people share besides picture and hands: one handler a channel.

The session gives each handler a :class:`Ground` to stand on and tells it what
happens, one thing at a time, as it does everything else.

Rules:

1. A record is taken in the states that allow it (``states.SHARED``) and in no other:
   one that comes earlier is a violation, as it is for the relay.
2. Nothing is done on this computer, and nothing of it leaves, without a click here.
3. At the end every handler forgets what it held: words, texts, names of files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from cordee_agent.clock import Clock
from cordee_agent.window.sharing import Shared
from cordee_shared.canonical import Json
from cordee_shared.errors import MalformedFrame
from cordee_shared.session.language import Language
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import SHARED, State
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.picture import Layout

#: How long something is announced, in seconds.
NOTICE_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What a handler may do with the session."""

    #: Seal and queue a small record; nothing happens while the line is shut.
    seal: Callable[[Channel, bytes], None]
    #: The same for bulk: wait until the link has room. ``False``: the line was shut
    #: meanwhile, and nothing was sent.
    send: Callable[[Channel, bytes], Awaitable[bool]]
    #: Write, mirror and send an act of the customer's.
    act: Callable[[Kind, Mapping[str, Json]], None]
    #: What the window shows has changed outside of a call of the session's.
    changed: Callable[[], None]
    clock: Clock
    #: Which the customer reads.
    language: Language
    #: The monitors as the technician sees them now; ``None``: nothing is seen.
    layout: Callable[[], Layout | None]
    #: Where a handler's tasks live; it cancels its own in ``stop``.
    group: asyncio.TaskGroup
    #: The relay's address, as this agent was told it.
    origin: str = ""


class Handler(Protocol):
    """One channel's side of the session. Everything here is called by the session."""

    def take(self, payload: bytes) -> None:
        """Take a record of the console's.

        Raises:
            MalformedFrame: it is nothing that this channel carries; ends the session.
        """

    def command(self, command: object) -> None:
        """Take a click of the customer's; not every click is for this handler."""

    def settle(self, is_open: bool) -> None:
        """Whether the two may share from now on; called after whatever happened.

        Not while the link is lost: what was not acknowledged is said again once it
        is open.
        """

    def on_time(self) -> None:
        """Time has passed."""

    def stop(self) -> None:
        """The session is over: stop what is under way and forget."""

    def show(self, shared: Shared) -> Shared:
        """Return what the window shows, with this handler's part of it."""


class Channels:
    """Passes on to the handlers what is theirs. Owned by the session."""

    def __init__(self, handlers: Mapping[Channel, Handler], clock: Clock) -> None:
        """Know who takes what."""
        self._handlers = dict(handlers)
        self._clock = clock
        self._notice = ""
        self._noticed_at = 0.0

    def announce(self, what: str) -> None:
        """Tell the customer for a while what the technician does (``notice.…``)."""
        self._notice, self._noticed_at = what, self._clock.monotonic()

    def take(self, channel: Channel, payload: bytes, state: State) -> None:
        """Give a record to its handler.

        Args:
            channel: of the record.
            payload: what was sealed.
            state: that counts at this moment.

        Raises:
            MalformedFrame: nobody takes this channel, not in this state, or the
                handler cannot read it.
        """
        handler = self._handlers.get(channel)
        if handler is None or state not in SHARED:
            raise MalformedFrame(f"{channel.name} while {state.value}")
        handler.take(payload)

    def command(self, command: object) -> None:
        """Tell every handler of a click."""
        for handler in self._handlers.values():
            handler.command(command)

    def settle(self, state: State) -> None:
        """Tell every handler whether the two may share."""
        for handler in self._handlers.values():
            handler.settle(state in SHARED)

    def on_time(self) -> None:
        """Tell every handler that time has passed."""
        for handler in self._handlers.values():
            handler.on_time()

    def stop(self) -> None:
        """Let every handler forget."""
        for handler in self._handlers.values():
            handler.stop()

    @property
    def shared(self) -> Shared:
        """What the window shows of it all."""
        since = self._clock.monotonic() - self._noticed_at
        shared = Shared(notice=self._notice if since < NOTICE_S else "")
        for handler in self._handlers.values():
            shared = handler.show(shared)
        return shared
