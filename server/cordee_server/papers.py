"""What documents need from outside, in the relay's own words.

Each docstring is a contract. The rules for stores are those of ``ports.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cordee_shared.billing.justificatif import Justificatif


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a document."""

    name: str
    content: bytes = field(repr=False)
    mime: str
    #: How it stands to the document, in the words of PDF 2.0: ``Data``, ``Source``…
    relationship: str
    #: What a reader shows of it.
    about: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A document on its way to a customer by e-mail."""

    #: Names it for good: sending it twice is seen to be the same letter.
    id: str
    sender: str
    to: str
    subject: str
    text: str
    file_name: str
    file: bytes = field(repr=False)
    #: Unix milliseconds: the document's own date.
    made_ms: int


class Press(Protocol):
    """Sets documents in type."""

    def typeset(self, paper: Justificatif, attached: Sequence[Attachment]) -> bytes:
        """Return a PDF/A-3; the same paper and files give the same bytes."""
        ...


class Post(Protocol):
    """Takes letters to wherever e-mail goes from here."""

    async def send(self, letter: Letter) -> None:
        """Hand a letter over; when this returns, it is somebody else's to deliver.

        Raises:
            Unavailable: it was not taken: try again.
        """
        ...


class DocumentShelf(Protocol):
    """Where finished documents are kept, by name."""

    async def names(self) -> set[str]:
        """Return every name there is."""
        ...

    async def read(self, name: str) -> bytes | None:
        """Return what is kept under a name, or ``None``.

        Raises:
            Unavailable: it cannot be read.
        """
        ...

    async def write(self, name: str, content: bytes) -> None:
        """Keep something under a name, whole or not at all.

        Raises:
            Unavailable: it cannot be written.
        """
        ...
