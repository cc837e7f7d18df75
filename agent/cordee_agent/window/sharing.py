"""What the window shows and may be told of the things two people share: plain values.

Words, a copied text, marks on the screen, the summary of this machine. The session
hands all of it over as one :class:`Shared`, inside of ``model.Live``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from cordee_agent.window.filing import NO_FILES, Files, Filing

# --- what is shown ------------------------------------------------------------------


class Fate(StrEnum):
    """What became of words."""

    SAID = "said"
    ARRIVED = "arrived"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one of the two."""

    mine: bool
    #: Its author's number.
    id: int
    text: str
    #: Unix seconds of this computer's clock when it was said or arrived here.
    at: int
    fate: Fate


@dataclass(frozen=True, slots=True)
class Chat:
    """What was said so far, the oldest first, and how much of it nobody looked at."""

    lines: tuple[Line, ...] = ()
    unread: int = 0


_SILENCE: Final = Chat()


@dataclass(frozen=True, slots=True)
class Please:
    """Something small that waits for the customer's yes or no.

    ``key`` names its words in ``window/text`` (``please.<key>.title`` and so on).
    """

    key: str
    #: Answers name it; a later one of the same sort has a higher number.
    number: int
    #: What it is about, word by word: what is pasted, what would be sent. Empty where
    #: the window itself has it (the clipboard).
    body: str = ""


#: Places on the desktop, in its own pixels.
Stroke: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What the two people share besides picture and hands; a field for each handler."""

    chat: Chat = _SILENCE
    #: What waits for an answer, the oldest first; the window shows one at a time.
    pleases: tuple[Please, ...] = ()
    #: What the technician draws, in desktop pixels, until it fades.
    marks: tuple[Stroke, ...] = ()
    #: Key of what is announced just now (``notice.…``); or nothing.
    notice: str = ""
    files: Files = NO_FILES

    @property
    def asks(self) -> bool:
        """Whether something waits for the customer's answer."""
        return bool(self.pleases) or self.files.question is not None


#: Nothing is shared yet.
NOTHING: Final = Shared()

# --- what the customer does ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SayIt:
    """Words were sent."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadChat:
    """The chat stands before the customer's eyes."""


@dataclass(frozen=True, slots=True)
class Pleased:
    """A :class:`Please` was answered by the customer's own hand."""

    key: str
    number: int
    yes: bool
    #: What the customer saw and agreed to pass on; empty for a no.
    body: str = ""


Sharing: TypeAlias = SayIt | ReadChat | Pleased | Filing
