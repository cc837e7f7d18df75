"""The messages of a pairing or a resume, carried in their one order.

The relay cannot take part: it has no secret. What it may do is refuse what is out
of turn, and read what is public anyway (security.md 2.1): both shares and both
sides' associated data give ``th``, under which every act of the session is signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cordee_shared.canonical import Json, b64, read_canonical, transcript_hash, unb64
from cordee_shared.errors import FrameTooLarge, MalformedFrame, UnexpectedMessage
from cordee_shared.limits import PAIRING_MAX
from cordee_shared.session.states import Side
from cordee_shared.wire import control

#: What a pairing or a resume consists of, and whose each message is.
Order = tuple[tuple[type[control.Message], Side], ...]

PAIRING: Final[Order] = (
    (control.H1, Side.TECHNICIAN),
    (control.H2, Side.CUSTOMER),
    (control.H3, Side.TECHNICIAN),
    (control.H4, Side.CUSTOMER),
)
RESUME: Final[Order] = (
    (control.R1, Side.TECHNICIAN),
    (control.R2, Side.CUSTOMER),
    (control.R3, Side.TECHNICIAN),
)
#: Every message that is carried as it came.
CARRIED: Final = tuple(kind for kind, _ in PAIRING + RESUME)

_KEY_BYTES: Final = 32


class Exchange:
    """One run of messages in their order. Guarded by its room's lock."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._next = 0

    @property
    def is_done(self) -> bool:
        """Whether every message has passed."""
        return self._next == len(self._order)

    @property
    def awaited(self) -> tuple[type[control.Message], Side] | None:
        """What comes next and from whom; ``None`` once all has passed."""
        return None if self.is_done else self._order[self._next]

    def take(self, message: control.Message, side: Side) -> None:
        """Let the next message pass.

        Raises:
            UnexpectedMessage: another one is due, or it is not this side's to send;
                nothing changed.
            FrameTooLarge: larger than a message of a pairing may be.
        """
        if (type(message), side) != self.awaited:
            raise UnexpectedMessage(f"{type(message).__name__} by the {side.value}")
        if len(control.encode(message)) > PAIRING_MAX:
            raise FrameTooLarge("a pairing message above 4 KiB")
        self._next += 1


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was public in a pairing, and what follows from it."""

    rs: str
    ya: str
    ad_a: str
    yb: str
    ad_b: str
    #: SHA-256 of CPace's transcript.
    th: bytes
    #: Ed25519 key of each side, from its associated data.
    keys: Mapping[Side, bytes]

    def evidence(self) -> dict[str, Json]:
        """Return what the journal keeps, so that anybody can compute ``th`` again."""
        return {
            "pairing": self.th.hex(),
            "rs": self.rs,
            "ya": self.ya,
            "ad_a": self.ad_a,
            "yb": self.yb,
            "ad_b": self.ad_b,
        }


class PairingExchange(Exchange):
    """A pairing's run: carries h1 to h4 and reads the transcript out of them."""

    def __init__(self, rs: bytes) -> None:
        super().__init__(PAIRING)
        self._rs = b64(rs)
        self._ad_b = self._ad_a = self._ya = ""
        #: Known once h3 has passed.
        self.transcript: Transcript | None = None

    def take(self, message: control.Message, side: Side) -> None:
        """Let the next message pass, and keep what is public in it.

        Raises:
            UnexpectedMessage, FrameTooLarge: as above.
            MalformedFrame: associated data or a share that cannot be read.
        """
        super().take(message, side)
        match message:
            case control.H1(ad=ad):
                _key_in(ad)
                self._ad_b = ad
            case control.H2(ad=ad, y=y):
                _key_in(ad)
                self._ad_a, self._ya = ad, y
            case control.H3(y=y):
                self.transcript = self._read(y)

    def _read(self, yb: str) -> Transcript:
        parts = (self._ya, self._ad_a, yb, self._ad_b)
        return Transcript(
            self._rs,
            *parts,
            th=transcript_hash(*(unb64(part) for part in parts)),
            keys={
                Side.CUSTOMER: _key_in(self._ad_a),
                Side.TECHNICIAN: _key_in(self._ad_b),
            },
        )


def _key_in(ad: str) -> bytes:
    """Return the Ed25519 key named in a side's associated data.

    Raises:
        MalformedFrame: there is none.
    """
    key = read_canonical(unb64(ad)).get("pk")
    if not isinstance(key, str) or len(raw := unb64(key)) != _KEY_BYTES:
        raise MalformedFrame("associated data without an Ed25519 key")
    return raw
