"""What the journal says of files: how many and how large, never which (R32).

Each file has its own offer, its own yes by the receiver, and its own end. Its number is
the transfer's on the sealed file channel (``wire/files.py``): even for the technician's
files, odd for the customer's. Its name stays between the two people.

::

    file_offered   {file, size}        by the side that has it
    file_accepted  {file, size}        by the other one: the consent for this file
    file_refused   {file, why}         by the other one
    file_kept      {file, size}        by the other one: all of it, SHA-256 checked
    file_stopped   {file, bytes, why}  by whoever stopped it, with what had arrived

Acts may cross: a file may be stopped by one while the other accepts it. What counts
for the journal is that nobody speaks of a file that was not offered, takes the other's
part, or says another size.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cordee_shared.canonical import Json
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import FILE_SIZE_MAX
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import Remark, Side

#: Acts about files.
ABOUT_FILES: Final = frozenset(
    {
        Remark.FILE_OFFERED,
        Remark.FILE_ACCEPTED,
        Remark.FILE_REFUSED,
        Remark.FILE_KEPT,
        Remark.FILE_STOPPED,
    }
)
#: Why a receiver says no.
REFUSALS: Final = frozenset({"refused", "expired", "disk", "name", "busy"})
#: Why a file that was wanted came to nothing.
STOPS: Final = frozenset({"cancelled", "changed", "damaged", "disk"})


def sender_of(file: int) -> Side:
    """Return whose file has this number."""
    return Side.CUSTOMER if file % 2 else Side.TECHNICIAN


def offered(file: int, size: int) -> dict[str, Json]:
    """Return what an offer, a yes, and the end of a whole file say."""
    return {"file": file, "size": size}


def refused(file: int, why: str) -> dict[str, Json]:
    """Return what a no says."""
    return {"file": file, "why": why}


def stopped(file: int, arrived: int, why: str) -> dict[str, Json]:
    """Return what the end of a file that is not whole says."""
    return {"file": file, "bytes": arrived, "why": why}


def check_file(
    kind: Kind, side: Side, data: Mapping[str, Any], sizes: Mapping[int, int]
) -> None:
    """Insist that an act about a file says what it may, and no more.

    Args:
        kind: one of :data:`ABOUT_FILES`.
        side: its author.
        data: what it says.
        sizes: the files offered so far, in bytes, by their numbers.

    Raises:
        MalformedFrame: it does not.
    """
    file, good = data.get("file"), False
    # A bool is an int to Python, and no number.
    if type(file) is int and 0 < file < 2**31:
        is_sender = sender_of(file) is side
        match kind:
            case Remark.FILE_OFFERED:
                good = is_sender and file not in sizes and _is_sized(data, None)
            case Remark.FILE_ACCEPTED | Remark.FILE_KEPT:
                good = not is_sender and file in sizes and _is_sized(data, sizes[file])
            case Remark.FILE_REFUSED:
                good = not is_sender and file in sizes and _says_why(data, REFUSALS, 2)
            case Remark.FILE_STOPPED:
                good = (
                    file in sizes
                    and _says_why(data, STOPS, 3)
                    and _is_count(data.get("bytes"), sizes[file])
                )
    if not good:
        raise MalformedFrame(f"{kind.value} does not say that")


def _is_count(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_sized(data: Mapping[str, Any], size: int | None) -> bool:
    said = data.get("size")
    right = _is_count(said, FILE_SIZE_MAX) if size is None else said == size
    return set(data) == {"file", "size"} and right and type(said) is int


def _says_why(data: Mapping[str, Any], whys: frozenset[str], fields: int) -> bool:
    why = data.get("why")
    return len(data) == fields and isinstance(why, str) and why in whys
