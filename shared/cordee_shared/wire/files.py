"""What the two ends say on the file channel (4): one file offered, taken, checked.

A record is a JSON object, or a piece of a file: one byte 0x01, the transfer's id (4
bytes), where the piece begins (8 bytes), both big-endian, then 1 to
``FILE_PIECE_MAX`` bytes. No JSON begins with 0x01.

::

    sender                                   receiver
      |  {"t":"offer","id":3,"name":"a.pdf","size":9}  ->
      |  <-  {"t":"accept","id":3,"at":0,"sha256":"e3b0…"}   the receiver said yes
      |  0x01 3 0 …                                     ->
      |  <-  {"t":"ack","id":3,"at":9}                       written to the disk
      |  {"t":"done","id":3,"sha256":"…"}               ->
      |  <-  {"t":"kept","id":3}                             same SHA-256, in its place
      |  {"t":"stop","id":3,"why":"cancelled"}          <->

Rules:

1. The technician's transfers have even ids and the customer's odd ones, counted up:
   one id names one transfer, whoever speaks of it.
2. Nothing is sent before ``accept``, and each file has its own (R32).
3. After a lost link the sender offers again, in the same words, what the receiver has
   not answered; the receiver accepts again what it has begun, from where it stands and
   with the SHA-256 of what it has. A sender that has other bytes there stops.
4. No more than ``FILE_FLIGHT_MAX`` bytes are sent beyond the last ``ack``.
5. ``want`` asks the other side to choose a file; ``none`` says that it will not.
6. A message about a transfer that is over crossed its end on the wire: it is nothing.

The name is a peer's word: ``wire/filename.py`` says what it may become (S-39). The
relay sees sizes and directions, as it does of every record, and no name.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, NamedTuple, TypeAlias

import msgspec

from cordee_shared.errors import FrameTooLarge, LocalViolation, MalformedFrame
from cordee_shared.limits import (
    FILE_NAME_ANNOUNCED_MAX,
    FILE_PIECE_MAX,
    FILE_SIZE_MAX,
)

#: How a piece of a file begins.
PIECE: Final = 0x01
#: Its first byte, the transfer's id, and where it begins.
PIECE_HEADER: Final = 1 + 4 + 8
#: One message: a name whose characters JSON writes in twelve bytes each, and a rest.
SAID_MAX: Final = 12 * FILE_NAME_ANNOUNCED_MAX + 256

_Id = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
_Size = Annotated[int, msgspec.Meta(ge=0, le=FILE_SIZE_MAX)]
_Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=FILE_NAME_ANNOUNCED_MAX)]


class Why(StrEnum):
    """Why a transfer came to nothing; each has a sentence for both people."""

    #: The receiver said no.
    REFUSED = "refused"
    #: The receiver did not answer in time.
    EXPIRED = "expired"
    #: One of the two broke it off.
    CANCELLED = "cancelled"
    #: The sender's file is not what it was, or cannot be read any more.
    CHANGED = "changed"
    #: The SHA-256 is another one.
    DAMAGED = "damaged"
    #: The receiver cannot write: no room, no right.
    DISK = "disk"
    #: No file can have this name (S-39).
    NAME = "name"
    #: Too many files wait for an answer.
    BUSY = "busy"


class _Said(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="t", forbid_unknown_fields=True
):
    """One message."""


class Offer(_Said, frozen=True, tag="offer"):
    """The sender has a file for the other side; ``size`` in bytes."""

    id: _Id
    name: _Name
    size: _Size


class Accept(_Said, frozen=True, tag="accept"):
    """The receiver wants it, from ``at`` on; ``sha256`` is of the bytes before."""

    id: _Id
    at: _Size
    sha256: _Sha256


class Ack(_Said, frozen=True, tag="ack"):
    """Everything before ``at`` was written."""

    id: _Id
    at: _Size


class Done(_Said, frozen=True, tag="done"):
    """All was sent; ``sha256`` is of the whole file."""

    id: _Id
    sha256: _Sha256


class Kept(_Said, frozen=True, tag="kept"):
    """The receiver has it, checked, under its name."""

    id: _Id


class Stop(_Said, frozen=True, tag="stop"):
    """It comes to nothing."""

    id: _Id
    why: Why


class Want(_Said, frozen=True, tag="want"):
    """Please choose a file for me."""


class NoFile(_Said, frozen=True, tag="none"):
    """Nothing will be chosen."""


class Piece(NamedTuple):
    """Bytes of a file."""

    id: int
    #: Offset of the first byte.
    at: int
    data: bytes


Said: TypeAlias = Offer | Accept | Ack | Done | Kept | Stop | Want | NoFile

_decoder: Final[msgspec.json.Decoder[Said]] = msgspec.json.Decoder(Said)


def decode(payload: bytes) -> Said | Piece:
    """Read one record of the file channel.

    Raises:
        FrameTooLarge: longer than any of them.
        MalformedFrame: it is none of them, or a field is out of its bounds.
    """
    if payload[:1] == bytes((PIECE,)):
        return _piece(payload)
    if len(payload) > SAID_MAX:
        raise FrameTooLarge(f"{len(payload)} bytes about a file")
    try:
        return _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedFrame(str(error)) from None


def encode(said: Said) -> bytes:
    """Write one message.

    Raises:
        LocalViolation: what was built here is none; the peer would refuse it.
    """
    data = msgspec.json.encode(said)
    try:
        decode(data)
    except (FrameTooLarge, MalformedFrame) as error:
        raise LocalViolation(str(error)) from None
    return data


def encode_piece(id: int, at: int, data: bytes) -> bytes:
    """Write one piece of 1 to ``FILE_PIECE_MAX`` bytes."""
    return bytes((PIECE,)) + id.to_bytes(4, "big") + at.to_bytes(8, "big") + data


def _piece(payload: bytes) -> Piece:
    size = len(payload) - PIECE_HEADER
    if size > FILE_PIECE_MAX:
        raise FrameTooLarge(f"a piece of {size} bytes")
    if size < 1:
        raise MalformedFrame("a piece of nothing")
    id, at = int.from_bytes(payload[1:5], "big"), int.from_bytes(payload[5:13], "big")
    if not 1 <= id < 2**31 or at + size > FILE_SIZE_MAX:
        raise MalformedFrame("a piece of no file")
    return Piece(id, at, payload[PIECE_HEADER:])
