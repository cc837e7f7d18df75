"""What the agent and its guard say to each other, and how it is cut into messages.

Each message is a 4-byte big-endian length and that many bytes of MessagePack.
Both ends are this program, so a message that does not decode is a bug here, or
the memory of a process gone wrong: the guard then shuts and ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias, TypeVar

import msgspec

from cordee_shared.errors import LocalViolation
from cordee_shared.limits import INPUT_MAX

_LENGTH_BYTES: Final = 4
#: An input record, and room for what is around it.
MESSAGE_MAX: Final = INPUT_MAX + 1024

#: x, y, width, height in desktop pixels.
Rect: TypeAlias = tuple[int, int, int, int]


class _Message(msgspec.Struct, frozen=True, tag_field="t"):
    """One message in either direction."""


# --- from the agent to the guard --------------------------------------------------


class Configure(_Message, frozen=True, tag="configure"):
    """The first message: which display, and how much movement is a hand's."""

    #: Empty for the environment's own.
    display: str
    dead_zone_px: int


class Open(_Message, frozen=True, tag="open"):
    """A grant is in force: input may pass from now on."""


class Shut(_Message, frozen=True, tag="shut"):
    """The grant is over: release everything, let nothing pass."""


class Inject(_Message, frozen=True, tag="inject"):
    """One opened input record, still as it travelled (``wire/input.py``)."""

    batch: bytes


class Alive(_Message, frozen=True, tag="alive"):
    """The session still runs; answered by :class:`Beat`."""


class Question(_Message, frozen=True, tag="question"):
    """The customer is being asked something: meanwhile nothing is injected."""

    open: bool


class OwnWindows(_Message, frozen=True, tag="own_windows"):
    """Where the agent's own windows are: nothing is clicked there."""

    rects: list[Rect]


class WaitStill(_Message, frozen=True, tag="wait_still"):
    """Say :class:`Still` once the customer's hand has rested for so long."""

    quiet_s: float


class Stop(_Message, frozen=True, tag="stop"):
    """Release everything and end."""


# --- from the guard to the agent --------------------------------------------------


class Ready(_Message, frozen=True, tag="ready"):
    """The hand is being watched; the gate is shut."""


class Failed(_Message, frozen=True, tag="failed"):
    """There is nothing to guard here; the sentence says why. The guard ends."""

    why: str


class Reclaimed(_Message, frozen=True, tag="reclaimed"):
    """The customer took control back. The gate *is* shut, everything released.

    ``cause`` is ``pointer``, ``button``, ``wheel`` or ``key``.
    """

    cause: str
    #: The display system's time of the customer's event, milliseconds.
    at_ms: int


class Pressed(_Message, frozen=True, tag="pressed"):
    """A button or a key went down, and whose hand it was.

    Which key stays in the guard: the window needs to know whose, not which.
    """

    #: The display system's time: Qt's ``timestamp()`` of the same press.
    time_ms: int
    #: The mouse button, 1 left, 2 middle, 3 right...; 0 for a key.
    button: int
    #: ``False`` for what this agent injected, ``True`` for everything else.
    customer: bool


class Still(_Message, frozen=True, tag="still"):
    """The customer's hand has rested as long as :class:`WaitStill` said."""


class Beat(_Message, frozen=True, tag="beat"):
    """The guard lives."""


class Died(_Message, frozen=True, tag="died"):
    """The guard's process is gone; what it held down has been released.

    Made by ``client.py``, not sent.
    """

    why: str


Command: TypeAlias = (
    Configure | Open | Shut | Inject | Alive | Question | OwnWindows | WaitStill | Stop
)
Report: TypeAlias = Ready | Failed | Reclaimed | Pressed | Still | Beat

commands: Final[msgspec.msgpack.Decoder[Command]] = msgspec.msgpack.Decoder(Command)
reports: Final[msgspec.msgpack.Decoder[Report]] = msgspec.msgpack.Decoder(Report)

_M = TypeVar("_M")


def pack(message: Command | Report) -> bytes:
    """Return a message as it goes through the pipe."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


class Reader:
    """Cuts the bytes of a pipe into messages. Owned by the thread that reads."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def take(self, data: bytes, decoder: msgspec.msgpack.Decoder[_M]) -> Iterator[_M]:
        """Yield the messages that are complete with ``data``.

        Raises:
            LocalViolation: bytes that are no message.
        """
        self._bytes += data
        while len(self._bytes) >= _LENGTH_BYTES:
            length = int.from_bytes(self._bytes[:_LENGTH_BYTES], "big")
            if length > MESSAGE_MAX:
                raise LocalViolation(f"a pipe message of {length} bytes")
            if len(self._bytes) < _LENGTH_BYTES + length:
                return
            body = bytes(self._bytes[_LENGTH_BYTES : _LENGTH_BYTES + length])
            del self._bytes[: _LENGTH_BYTES + length]
            try:
                yield decoder.decode(body)
            except msgspec.DecodeError as error:
                raise LocalViolation(f"a pipe message: {error}") from None
