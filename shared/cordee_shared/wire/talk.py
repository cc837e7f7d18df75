"""What the two people say and show each other, on the chat channel (5).

One sealed record carries one message: a JSON object tagged by ``t``, at most
``TALK_MAX`` bytes of UTF-8. Rules:

1. ``say`` is numbered 1, 2, 3 … by its author. ``got`` and ``seen`` name the highest
   number that arrived at the other end, and that its person had before the eyes. What
   was not acknowledged when the line broke is said again under its number; a number
   that was said before is acknowledged and otherwise ignored.
2. No message carries a time: each side shows its own clock's.
3. What the technician asks of the customer (``clip_ask``, ``machine_ask``, a text on
   the clipboard channel) has a number of the technician's, one after the other, and at
   most one of each sort waits for its answer. The text on the clipboard channel takes
   the number that ``clip_offer``, sent right before it, says.
4. A mark has the places of ``wire/input.py``: parts of one line share an ``id`` and
   come in order. Marks need no control and touch nothing: they are drawn, and fade.
5. Lines of ``machine`` are the very words that the customer was shown.

``console/wire/talk.js`` does the same; ``shared/vectors/talk.json`` keeps both honest.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

import msgspec

from cordee_shared.errors import FrameTooLarge, LocalViolation, MalformedFrame
from cordee_shared.limits import (
    MACHINE_LINES_MAX,
    MARK_POINTS_MAX,
    SAID_MAX,
    TALK_MAX,
    TEXT_MAX,
)
from cordee_shared.wire.input import FAR

#: Controls but tab and line feed: none of them is a word.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN: Final = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*\Z"

_Number = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
_Version = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
_Far = Annotated[int, msgspec.Meta(ge=0, le=FAR)]
_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=SAID_MAX, pattern=_PLAIN)]
_Line = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=TEXT_MAX, pattern=r"^[^\x00-\x1f\x7f-\x9f]*\Z"
    ),
]


class Talk(msgspec.Struct, frozen=True, kw_only=True, tag_field="t"):
    """Whatever the two say and show each other."""


# --- either way -----------------------------------------------------------------------


class Say(Talk, frozen=True, tag="say"):
    """Words of its author's."""

    id: _Number
    text: _Words


class Got(Talk, frozen=True, tag="got"):
    """Everything up to ``id`` has arrived."""

    id: _Number


class SeenUpTo(Talk, frozen=True, tag="seen"):
    """Everything up to ``id`` was before the other person's eyes."""

    id: _Number


# --- the technician's -----------------------------------------------------------------


class ClipAsk(Talk, frozen=True, tag="clip_ask"):
    """May I have the text that you copied?"""

    n: _Number


class ClipOffer(Talk, frozen=True, tag="clip_offer"):
    """The text that follows on the clipboard channel is for you to paste."""

    n: _Number


class MachineAsk(Talk, frozen=True, tag="machine_ask"):
    """May I know what machine this is?"""

    n: _Number


class Mark(Talk, frozen=True, tag="mark"):
    """A part of a line, or the first part of another; one point is a dot."""

    id: _Number
    mon: Annotated[int, msgspec.Meta(ge=0, le=255)]
    cfg: _Version
    points: Annotated[
        tuple[tuple[_Far, _Far], ...],
        msgspec.Meta(min_length=1, max_length=MARK_POINTS_MAX),
    ]


class Unmark(Talk, frozen=True, tag="unmark"):
    """Every mark goes."""


# --- the customer's -------------------------------------------------------------------


class ClipAnswer(Talk, frozen=True, tag="clip"):
    """About what was asked or offered; a yes to an ask follows its text."""

    n: _Number
    yes: bool


class Machine(Talk, frozen=True, tag="machine"):
    """What machine this is; no lines: the customer would rather not."""

    n: _Number
    lines: Annotated[tuple[_Line, ...], msgspec.Meta(max_length=MACHINE_LINES_MAX)]


#: What a console may say.
FromConsole: TypeAlias = (
    Say | Got | SeenUpTo | ClipAsk | ClipOffer | MachineAsk | Mark | Unmark
)
#: What an agent may say.
FromAgent: TypeAlias = Say | Got | SeenUpTo | ClipAnswer | Machine

_from_console: Final = msgspec.json.Decoder(FromConsole)
_from_agent: Final = msgspec.json.Decoder(FromAgent)


def from_console(data: bytes) -> FromConsole:
    """Read one record of the console's.

    Raises:
        FrameTooLarge: more than ``TALK_MAX`` bytes.
        MalformedFrame: not such a message, or a field out of its bounds.
    """
    _insist_on_size(data)
    try:
        said: FromConsole = _from_console.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedFrame(str(error)) from None
    return said


def from_agent(data: bytes) -> FromAgent:
    """Read one record of the agent's.

    Raises:
        FrameTooLarge: more than ``TALK_MAX`` bytes.
        MalformedFrame: not such a message, or a field out of its bounds.
    """
    _insist_on_size(data)
    try:
        said: FromAgent = _from_agent.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedFrame(str(error)) from None
    return said


def encode(talk: FromConsole | FromAgent) -> bytes:
    """Write one record.

    Raises:
        LocalViolation: what was built here is no message; the peer would refuse it.
    """
    data = msgspec.json.encode(talk)
    try:
        if isinstance(talk, ClipAnswer | Machine):
            from_agent(data)
        else:
            from_console(data)
    except (FrameTooLarge, MalformedFrame) as error:
        raise LocalViolation(str(error)) from None
    return data


def words(typed: str) -> str:
    """Return what somebody typed as it is said; empty when nothing is left of it.

    Line ends are one line feed, controls are left out, space around it as well, and it
    is cut at ``SAID_MAX`` characters.
    """
    plain = _CONTROLS.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.strip()[:SAID_MAX]


def _insist_on_size(data: bytes) -> None:
    if len(data) > TALK_MAX:
        raise FrameTooLarge(f"a talk record of {len(data)} bytes")
