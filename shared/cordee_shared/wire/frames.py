"""The layout of a binary frame: one sealed record, and its header in clear.

::

    0         1         2         3                                  n+3    n+19
    +---------+---------+---------+----------------------------------+------+
    | version | epoch   | channel | payload, AES-256-GCM, n bytes    | tag  |
    +---------+---------+---------+----------------------------------+------+
      0x01      0..255    Channel   0 .. RECORD_PLAINTEXT_MAX          16

The header is authenticated (it is the record's associated data), not hidden: the
relay reads the channel so as to refuse a picture before there is a yes to be
seen (S-19), and learns nothing that sizes and directions had not told it.

The counter is on no wire: each end knows which record comes next.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from cordee_shared.errors import FrameTooLarge, MalformedFrame
from cordee_shared.limits import RECORD_PLAINTEXT_MAX

#: First byte of every frame; another layout takes another number.
VERSION: Final = 0x01
#: Version, epoch, channel.
HEADER_BYTES: Final = 3
#: AES-GCM's full tag; shorter ones would make forging cheaper.
TAG_BYTES: Final = 16
#: Shortest frame: an empty payload.
FRAME_MIN: Final = HEADER_BYTES + TAG_BYTES
#: Longest frame; below ``limits.FRAME_MAX``, where the socket itself gives up.
RECORD_MAX: Final = HEADER_BYTES + RECORD_PLAINTEXT_MAX + TAG_BYTES
#: The epoch is one byte and never wraps: a worn-out channel ends instead.
EPOCH_MAX: Final = 255


class Channel(IntEnum):
    """What a record carries; the numbers are the wire's."""

    #: Mirrored acts, signs of life, acknowledged pictures: what steers the session.
    CONTROL = 0
    #: Pictures; agent to console only, and only while the session may be seen.
    SCREEN = 1
    #: Pointer, wheel and keys; console to agent only.
    INPUT = 2
    CLIPBOARD = 3
    FILE = 4
    CHAT = 5
    #: The last record of a direction: without it the end was ``lost`` (S-16).
    CLOSE = 255


#: What the two people share besides picture and hands; ``states.SHARED`` says when.
TOGETHER: Final = frozenset({Channel.CLIPBOARD, Channel.FILE, Channel.CHAT})


class Header(NamedTuple):
    """The three bytes before the sealed payload, without the version."""

    epoch: int
    channel: Channel


_CHANNELS: Final = {int(channel): channel for channel in Channel}


def header(epoch: int, channel: Channel) -> bytes:
    """Return the header of a record; ``epoch`` is 0 to 255."""
    return bytes((VERSION, epoch, channel))


def read_header(frame: bytes) -> Header:
    """Read a frame's header; the payload stays sealed.

    Raises:
        MalformedFrame: too short for a record, another version, or a channel
            that does not exist.
        FrameTooLarge: longer than the longest record.
    """
    if len(frame) < FRAME_MIN:
        raise MalformedFrame(f"a frame of {len(frame)} bytes holds no record")
    if len(frame) > RECORD_MAX:
        raise FrameTooLarge(f"a frame of {len(frame)} bytes, at most {RECORD_MAX}")
    if frame[0] != VERSION:
        raise MalformedFrame(f"frame version {frame[0]}")
    channel = _CHANNELS.get(frame[2])
    if channel is None:
        raise MalformedFrame(f"no channel {frame[2]}")
    return Header(frame[1], channel)
