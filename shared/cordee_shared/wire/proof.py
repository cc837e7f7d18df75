"""A session's proof on its way to an end: cut into pieces, and joined again."""

from __future__ import annotations

from collections.abc import Iterator

from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import PROOF_MAX, TERMS_PIECE
from cordee_shared.wire.control import Proof


def in_pieces(text: str) -> Iterator[Proof]:
    """Cut a proof into messages; nothing for one that is too long to send."""
    if len(text) > PROOF_MAX:
        return
    starts = range(0, len(text), TERMS_PIECE)
    for part, start in enumerate(starts):
        yield Proof(part=part, of=len(starts), text=text[start : start + TERMS_PIECE])


class ProofGathering:
    """Joins the pieces of one proof. Owned by whoever reads the link."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._pieces: list[str] = []

    def take(self, piece: Proof) -> str | None:
        """Add a piece; return the whole text once it is there.

        Raises:
            MalformedFrame: it is not the next, or there would be too many.
        """
        if piece.part == 0:
            self._pieces = []
        if piece.part != len(self._pieces) or piece.part >= piece.of:
            raise MalformedFrame("a piece of the proof is missing")
        if piece.of * TERMS_PIECE > PROOF_MAX + TERMS_PIECE:
            raise MalformedFrame("a proof that is too long")
        self._pieces.append(piece.text)
        return "".join(self._pieces) if len(self._pieces) == piece.of else None
