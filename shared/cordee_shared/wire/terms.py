"""The general terms on their way to the agent: cut into pieces, and joined again.

The customer reads them in the agent's own window before any consent (R09). The signed
offer names their hash; what arrives counts only when it is that text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.limits import TERMS_MAX, TERMS_PIECE
from cordee_shared.wire.control import Terms

#: Controls and directions: what rearranges the words around it is no word.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs"})
#: What sets a text in lines and pages, and a soft hyphen.
_LAYOUT: Final = "\n\r\t\f\u00ad"


def is_readable(text: str) -> bool:
    """Tell whether a text can be terms: some, not too many, nothing hidden in it."""
    hidden = any(unicodedata.category(c) in _HIDDEN and c not in _LAYOUT for c in text)
    return bool(text.strip()) and not hidden and len(text.encode()) <= TERMS_MAX


def in_pieces(text: str) -> Iterator[Terms]:
    """Cut a text into messages; nothing for none."""
    starts = range(0, len(text), TERMS_PIECE)
    for part, start in enumerate(starts):
        yield Terms(part=part, of=len(starts), text=text[start : start + TERMS_PIECE])


class Gathering:
    """Joins the pieces of one text. Owned by whoever reads the link."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._pieces: list[str] = []
        self._of = 0

    def take(self, piece: Terms) -> None:
        """Add a piece; the first begins anew.

        Raises:
            MalformedFrame: it is not the next, or there would be too many.
        """
        if piece.part == 0:
            self._pieces, self._of = [], piece.of
        if piece.part != len(self._pieces) or piece.of != self._of:
            raise MalformedFrame("a piece of the terms is missing")
        if piece.part >= piece.of or piece.of * TERMS_PIECE > TERMS_MAX + TERMS_PIECE:
            raise MalformedFrame("more terms than anybody reads")
        self._pieces.append(piece.text)

    def joined(self, terms_hash: str) -> str:
        """Return the whole text, if it is the one that the offer names.

        Raises:
            Tampered: a piece is missing, or it is another text.
            MalformedFrame: it holds what cannot be shown.
        """
        text = "".join(self._pieces) if len(self._pieces) == self._of else ""
        if sha256_hex(text.encode()) != terms_hash:
            raise Tampered("terms", "are not those that the offer names")
        if not is_readable(text):
            raise MalformedFrame("terms that cannot be shown")
        return text
