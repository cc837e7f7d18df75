"""What a session works with, as the app puts it together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from cordee_agent.clock import Clock
from cordee_agent.window.model import View
from cordee_shared.session.consent import Language

#: Takes one picture message; waits while there is no room on the link.
SendPicture = Callable[[bytes], Awaitable[None]]


class Hands(Protocol):
    """The guard as the session knows it (``guard/client.py``)."""

    def open(self) -> None:
        """Let the technician's input through."""

    def shut(self) -> None:
        """Stop it, and release what is held."""

    def inject(self, batch: bytes) -> None:
        """Pass one batch of input on to the gate."""

    def alive(self) -> None:
        """The console was heard of just now."""

    def question(self, open: bool) -> None:
        """A question stands on the screen, or has gone."""


class Pictures(Protocol):
    """The picture as the session knows it (``picture/pipeline.py``)."""

    async def run(self) -> None:
        """Send pictures until cancelled."""

    def acknowledged(self, payload: bytes) -> None:
        """The console painted something, or said what it takes (wire/picture.py)."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a session works with; the app puts them together."""

    hands: Hands
    pictures: Callable[[SendPicture], Pictures]
    show: Callable[[View], None]
    clock: Clock
    entropy: Callable[[int], bytes]
    #: The relay's address as this agent was told it, never as the relay says it.
    origin: str
    relay_pk: bytes
    #: Whether ``relay_pk`` is the pinned one.
    pinned: bool
    organisation: str
    language: Language
    version: str
