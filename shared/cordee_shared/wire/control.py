"""Messages between an end and the relay: JSON text frames, tagged by ``t``.

Everything else between the two ends travels in sealed records, which the relay
cannot open. Rules:

1. The first message of an end is :class:`Hello`; nothing else is read before it.
2. ``h1`` to ``h4`` and ``r1`` to ``r3`` are carried to the other end as they came.
3. Byte strings are unpadded base64url, times seconds, unless a name says otherwise.
4. An unknown field is ignored, an unknown ``t`` is a violation.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

import msgspec

from cordee_shared.errors import FrameTooLarge, MalformedFrame
from cordee_shared.limits import CONTROL_MAX, TERMS_PIECE

_Short = Annotated[str, msgspec.Meta(max_length=200)]
_Bytes = Annotated[str, msgspec.Meta(max_length=4096, pattern=r"^[A-Za-z0-9_-]*\Z")]
_Plate = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3,4}\Z")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="t"):
    """Whatever an end and the relay say to each other."""


# --- from an end to the relay -------------------------------------------------------


class Hello(Message, frozen=True, tag="hello"):
    """Opens a link. ``pk`` is the console's Ed25519 key; an agent sends none."""

    v: int
    ver: _Short = ""
    lang: _Short = "fr"
    pk: _Bytes = ""


class ShowCode(Message, frozen=True, tag="show_code"):
    """The agent wants a nameplate, to show a code (direction ``a``)."""


class Invite(Message, frozen=True, tag="invite"):
    """The console wants a nameplate for an engagement (direction ``b``)."""

    engagement: _Short


class Claim(Message, frozen=True, tag="claim"):
    """Somebody typed a code; only its nameplate is sent. The console names what for."""

    np: _Plate
    engagement: _Short = ""


class Cancel(Message, frozen=True, tag="cancel"):
    """The code's owner takes it back before anybody claimed it."""


class RunFailed(Message, frozen=True, tag="run_failed"):
    """Pairing failed. From an end: it found so. From the relay: ``left`` runs."""

    left: _Count = 0


class ActSent(Message, frozen=True, tag="act"):
    """A signed act: its exact text and its signature, hexadecimal."""

    act: Annotated[str, msgspec.Meta(max_length=CONTROL_MAX)]
    sig: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}\Z")]


class Resume(Message, frozen=True, tag="resume"):
    """An end comes back after a lost link, with the token of its last connection."""

    session: _Short
    token: _Bytes
    #: Number of the last entry it has seen.
    seen: int


# --- from one end to the other, carried by the relay --------------------------------


class H1(Message, frozen=True, tag="h1"):
    """Console to agent: the console's associated data."""

    ad: _Bytes


class H2(Message, frozen=True, tag="h2"):
    """Agent to console: the agent's associated data and share."""

    ad: _Bytes
    y: _Bytes


class H3(Message, frozen=True, tag="h3"):
    """Console to agent: its share and confirmation."""

    y: _Bytes
    tag: _Bytes


class H4(Message, frozen=True, tag="h4"):
    """Agent to console: its confirmation."""

    tag: _Bytes


class R1(Message, frozen=True, tag="r1"):
    """Console to agent, on resume: fresh share and nonce."""

    y: _Bytes
    n: _Bytes


class R2(Message, frozen=True, tag="r2"):
    """Agent to console, on resume: fresh share, nonce and confirmation."""

    y: _Bytes
    n: _Bytes
    tag: _Bytes


class R3(Message, frozen=True, tag="r3"):
    """Console to agent, on resume: its confirmation."""

    tag: _Bytes


# --- from the relay to an end -------------------------------------------------------


class Statement(msgspec.Struct, frozen=True):
    """A relay-signed statement as it travels (``session/offer.py``)."""

    text: str
    sig: _Bytes


class Welcome(Message, frozen=True, tag="welcome"):
    """The relay's answer to hello: who it is; to a console, its attestation."""

    v: int
    pk: _Bytes
    organisation: str
    phone: str
    att: Statement | None = None


class CodeGiven(Message, frozen=True, tag="code"):
    """A nameplate for the code's owner, who draws the secret half."""

    session: str
    np: _Plate
    runs: _Count
    lifetime_s: _Count


class Terms(Message, frozen=True, tag="terms"):
    """A piece of the general terms, to an agent before ``paired`` (R09)."""

    part: _Count
    #: How many pieces there are; ``wire/terms.py`` cuts and joins them.
    of: _Count
    text: Annotated[str, msgspec.Meta(max_length=TERMS_PIECE)]


class Proof(Message, frozen=True, tag="proof"):
    """A piece of what proves the session's entries, after its end (S-28)."""

    part: _Count
    #: How many pieces there are; ``wire/proof.py`` cuts and joins them.
    of: _Count
    text: Annotated[str, msgspec.Meta(max_length=TERMS_PIECE)]


class Paired(Message, frozen=True, tag="paired"):
    """``h0``: both ends are here. ``n`` is the number of the next entry."""

    session: str
    rs: _Bytes
    np: _Plate
    dir: Annotated[str, msgspec.Meta(pattern=r"^[ab]\Z")]
    n: _Count
    offer: Statement
    att: Statement
    #: For :class:`Resume`; a new one comes with each connection.
    token: _Bytes
    #: How long the customer may think about a question.
    consent_s: _Count


class Resumed(Message, frozen=True, tag="resumed"):
    """The link is back: what was missed follows as entries, then ``r1`` to ``r3``."""

    session: str
    rs: _Bytes
    token: _Bytes


class EntryMade(Message, frozen=True, tag="entry"):
    """An entry that is durable: its exact text (``journal/entry.py``)."""

    entry: Annotated[str, msgspec.Meta(max_length=2 * CONTROL_MAX)]


class Bill(Message, frozen=True, tag="bill"):
    """What the ended session comes to, from the billing record in the journal."""

    seconds: _Count
    units: _Count
    amount_cents: _Count
    currency: str
    record: str


class RefusedNow(Message, frozen=True, tag="refused"):
    """A rule of the house said no; ``code`` is the key of its sentence."""

    code: str
    #: The ``t`` of what was refused.
    about: str = ""


#: What an agent may send.
FromAgent: TypeAlias = (
    Hello | ShowCode | Claim | Cancel | H2 | H4 | R2 | RunFailed | ActSent | Resume
)
#: What a console may send.
FromConsole: TypeAlias = (
    Hello | Invite | Claim | Cancel | H1 | H3 | R1 | R3 | RunFailed | ActSent | Resume
)
#: What the relay may send an agent.
ToAgent: TypeAlias = (
    Welcome
    | CodeGiven
    | Terms
    | Paired
    | Resumed
    | H1
    | H3
    | R1
    | R3
    | RunFailed
    | EntryMade
    | Proof
    | Bill
    | RefusedNow
)
#: What the relay may send a console.
ToConsole: TypeAlias = (
    Welcome
    | CodeGiven
    | Paired
    | Resumed
    | H2
    | H4
    | R2
    | RunFailed
    | EntryMade
    | Bill
    | RefusedNow
)

from_agent: msgspec.json.Decoder[FromAgent] = msgspec.json.Decoder(FromAgent)
from_console: msgspec.json.Decoder[FromConsole] = msgspec.json.Decoder(FromConsole)
to_agent: msgspec.json.Decoder[ToAgent] = msgspec.json.Decoder(ToAgent)
to_console: msgspec.json.Decoder[ToConsole] = msgspec.json.Decoder(ToConsole)

_M = TypeVar("_M")


def decode(text: str, decoder: msgspec.json.Decoder[_M]) -> _M:
    """Read one message of the given direction.

    Raises:
        FrameTooLarge: above twice CONTROL_MAX characters.
        MalformedFrame: not JSON, no such message, or a field of a wrong form.
    """
    if len(text) > 2 * CONTROL_MAX + 1024:
        raise FrameTooLarge(f"a control message of {len(text)} characters")
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedFrame(str(error)) from None


def encode(message: Message) -> str:
    """Write one message as JSON text."""
    return msgspec.json.encode(message).decode()
