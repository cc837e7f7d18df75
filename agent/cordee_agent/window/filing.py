"""What the window shows and may be told of files: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


class Stage(StrEnum):
    """Where a file stands."""

    #: The other side has not answered yet.
    ASKED = "asked"
    MOVING = "moving"
    #: Whole, checked, in its place.
    KEPT = "kept"
    #: It came to nothing; ``why`` says why.
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file on its way, or whose way is over."""

    id: int
    name: str
    #: Bytes.
    size: int
    #: It goes to the technician.
    is_leaving: bool
    moved: int
    #: Bytes a second; 0 while not known.
    rate: int
    stage: Stage
    #: Key of the sentence that says why it was stopped (``files.why.…``).
    why: str = ""
    #: Where it is now; the name may have got a number.
    place: str = ""

    @property
    def seconds_left(self) -> int | None:
        """How long it still takes at this rate; ``None`` while not known."""
        if self.stage is not Stage.MOVING or not self.rate:
            return None
        return max(1, round((self.size - self.moved) / self.rate))


@dataclass(frozen=True, slots=True)
class FileAsked:
    """May this file be put into this folder? No answer until ``until`` means no."""

    id: int
    name: str
    size: int
    #: Proposed; the customer may choose another.
    folder: str
    #: Monotonic seconds.
    until: float


@dataclass(frozen=True, slots=True)
class FileWanted:
    """Which file shall go to the technician?"""

    #: Answers name it.
    number: int
    #: The technician asked for one; otherwise the customer began this.
    is_asked: bool
    until: float


@dataclass(frozen=True, slots=True)
class Files:
    """Everything about files."""

    question: FileAsked | FileWanted | None = None
    #: The oldest first.
    rows: tuple[FileRow, ...] = ()


#: Nothing on its way.
NO_FILES: Final = Files()

# --- what the customer does ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakeFile:
    """Yes to a file, into ``folder``; by the customer's own hand."""

    id: int
    folder: str


@dataclass(frozen=True, slots=True)
class RefuseFile:
    """No to a file."""

    id: int


@dataclass(frozen=True, slots=True)
class WishToSend:
    """The customer wants to choose a file for the technician."""


@dataclass(frozen=True, slots=True)
class FileChosen:
    """A file was chosen, by the customer's own hand."""

    number: int
    path: str


@dataclass(frozen=True, slots=True)
class NothingChosen:
    """No file."""

    number: int


@dataclass(frozen=True, slots=True)
class StopFile:
    """Break a file off."""

    id: int


@dataclass(frozen=True, slots=True)
class ForgetFiles:
    """Clear away the files whose way is over."""


Filing: TypeAlias = (
    TakeFile
    | RefuseFile
    | WishToSend
    | FileChosen
    | NothingChosen
    | StopFile
    | ForgetFiles
)
