"""Three accounts of the same records, compared: journal, relay, receiver.

The journal says what has to be there. The relay says what it stored and what was
acknowledged. The receiver says what it has. All three name a record by its id and the
SHA-256 of its line. Where they agree nothing is said; every difference has a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cordee_shared.errors import BadInput

#: Lines, or one array, of ``{"id": …, "sha256": …}``; other fields are left alone.
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class Kind(StrEnum):
    """What does not agree, the worst first."""

    #: The relay stored other bytes than the journal gives.
    ALTERED = "altered"
    #: The relay stored what the journal does not give.
    UNFOUNDED = "unfounded"
    #: The journal gives it, the relay did not store it.
    NOT_STORED = "not_stored"
    #: The receiver has other bytes than the relay.
    DIFFERENT = "different"
    #: The receiver has what the relay never stored.
    EXTRA = "extra"
    #: The receiver acknowledged it and does not have it.
    LOST = "lost"
    #: It was never acknowledged, and the receiver does not have it.
    MISSING = "missing"
    #: The receiver has what waits for a person here.
    EARLY = "early"
    #: Due and not acknowledged; whether the receiver has it is not known.
    UNACKNOWLEDGED = "unacknowledged"


#: What each difference says to a person, and what to do.
SENTENCES: Final = {
    Kind.ALTERED: "the stored record is not what the journal gives: call for help",
    Kind.UNFOUNDED: "stored here, but no journal gives it: call for help",
    Kind.NOT_STORED: "the journal gives it and it is not stored: run `billing export`",
    Kind.DIFFERENT: "the receiver has another content under this id",
    Kind.EXTRA: "the receiver has it and this relay never made it",
    Kind.LOST: "acknowledged, but the receiver does not have it: `billing resend`",
    Kind.MISSING: "the receiver does not have it yet",
    Kind.EARLY: "the receiver has it, though it waits for release here",
    Kind.UNACKNOWLEDGED: "not acknowledged yet",
}


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One record on which the accounts do not agree."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        """Return the line that the command prints."""
        return f"{self.kind.value:<14}  {self.id}  {SENTENCES[self.kind]}"


def compare(
    derived: Mapping[str, str],
    stored: Mapping[str, str],
    *,
    parked: Iterable[str] = (),
    acknowledged: Iterable[str] | None = None,
    received: Mapping[str, str] | None = None,
) -> list[Difference]:
    """Return every difference, by kind and id.

    Args:
        derived: SHA-256 by id, of what the journal gives.
        stored: SHA-256 by id, of what the relay stored.
        parked: ids that wait for a person and must not have been handed over.
        acknowledged: ids that the receiver said yes to; ``None``: nothing is sent.
        received: SHA-256 by id, of what the receiver has; ``None``: it was not asked.
    """
    waits, yes = set(parked), None if acknowledged is None else set(acknowledged)
    found: list[Difference] = []

    def note(kind: Kind, name: str) -> None:
        found.append(Difference(kind, name))

    for name in derived.keys() | stored.keys():
        if name not in stored:
            note(Kind.NOT_STORED, name)
        elif name not in derived:
            note(Kind.UNFOUNDED, name)
        elif derived[name] != stored[name]:
            note(Kind.ALTERED, name)
    for name in stored.keys() - waits:
        if received is not None:
            if name not in received:
                note(Kind.LOST if yes and name in yes else Kind.MISSING, name)
            elif received[name] != stored[name]:
                note(Kind.DIFFERENT, name)
        elif yes is not None and name not in yes:
            note(Kind.UNACKNOWLEDGED, name)
    for name in received or {}:
        if name not in stored:
            note(Kind.EXTRA, name)
        elif name in waits:
            note(Kind.EARLY, name)
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.id))


def read_list(data: bytes) -> dict[str, str]:
    """Read a receiver's list: a JSON array, or one JSON object a line.

    Raises:
        BadInput: it is neither, a field is missing, or an id stands twice.
    """
    try:
        text = data.decode("utf-8-sig").strip()
        if text.startswith("["):
            rows = json.loads(text)
        else:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise BadInput(
            "The receiver's list is not JSON: expected an array, or one object a line."
        ) from None
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        name, digest = (
            (row.get("id"), row.get("sha256")) if isinstance(row, dict) else (0, 0)
        )
        if not (isinstance(name, str) and _ID.fullmatch(name)):
            raise BadInput(f"Row {number} of the receiver's list has no record's id.")
        if not (isinstance(digest, str) and _HASH.fullmatch(digest)):
            raise BadInput(f"Row {number} of the receiver's list has no sha256.")
        if name in found:
            raise BadInput(f"{name} stands twice in the receiver's list.")
        found[name] = digest
    return found
