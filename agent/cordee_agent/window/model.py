"""What the window says and what it may be told: plain values, no toolkit.

The session hands the window one :class:`View` at a time; the window answers with
:class:`Command` values. Everything a person reads is chosen here by key, and stands
in ``window/text``.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from cordee_agent.window.sharing import NOTHING, Shared, Sharing
from cordee_shared.session.consent import ConsentText
from cordee_shared.session.extra import ExtraText
from cordee_shared.session.states import EndReason, Side, State


class Hand(StrEnum):
    """How the customer answered; it stands in the act."""

    MOUSE = "mouse"
    KEYBOARD = "keyboard"


# --- what is shown ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Home:
    """The first window: one field for the code."""

    #: Whose agent this is; empty until the relay's key is known.
    organisation: str
    #: Whether the relay answers.
    ready: bool
    #: Key of a sentence about the code just typed, or about the relay.
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ShowingCode:
    """The customer reads this code out."""

    organisation: str
    spoken: str
    #: Monotonic seconds at which it dies.
    until: float


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code was presented; keys are being agreed on."""

    organisation: str


@dataclass(frozen=True, slots=True)
class Question:
    """A consent, or an extra at a price. No answer until ``until`` means no."""

    id: int
    text: ConsentText | ExtraText
    technician: str
    organisation: str
    #: The name comes from a signature by the pinned key (S-24).
    verified: bool
    until: float
    #: The general terms, to be read beside the question (R09); empty: none here.
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Live:
    """The session bar. ``linked`` is false while this computer has no link."""

    state: State
    technician: str
    organisation: str
    #: Monotonic seconds at which seeing was first allowed; 0 before that.
    since: float
    linked: bool
    question: Question | None = None
    shared: Shared = NOTHING


@dataclass(frozen=True, slots=True)
class Cost:
    """What the relay's billing record says."""

    seconds: int
    units: int
    amount_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A receipt that was checked: the file, and the page to read it by."""

    #: What both are called, without their endings.
    name: str
    raw: bytes = field(repr=False)
    page: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Over:
    """The end: who, how long, how much; nobody can see or drive any more."""

    reason: EndReason
    by: Side
    technician: str
    organisation: str
    #: Seconds since seeing was first allowed; 0 when it never was.
    seconds: int
    #: Times the customer took control back.
    reclaims: int
    #: ``None`` while the record is awaited, or when nothing could be billed.
    cost: Cost | None
    #: The relay confirmed that the end is in the journal.
    confirmed: bool
    #: The record is still awaited.
    pending: bool = False
    #: What the customer may keep; ``None``: not there yet, or nothing to keep.
    receipt: Kept | None = None
    #: What is wrong with the journal's proof; empty when nothing is.
    unproved: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The agent cannot go on; ``trouble`` is the key of the sentence that says why."""

    trouble: str


View: TypeAlias = Home | ShowingCode | Pairing | Question | Live | Over | Stopped


# --- what the customer does ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeTyped:
    """A code was entered."""

    text: str


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The customer was asked to read a code out."""


@dataclass(frozen=True, slots=True)
class BackHome:
    """Away from the shown code, to the first window."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question was answered by the customer's own hand."""

    question: int
    yes: bool
    hand: Hand
    #: What was ticked, by the question's name; what was not is not in here.
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TakeBack:
    """ "Reprendre la main" was clicked."""


@dataclass(frozen=True, slots=True)
class GiveBack:
    """ "Rendre la main" was clicked: the question about control is shown again."""


@dataclass(frozen=True, slots=True)
class HideScreen:
    """ "Masquer l'écran" was clicked."""


@dataclass(frozen=True, slots=True)
class ShowScreen:
    """The customer shows the screen again."""


@dataclass(frozen=True, slots=True)
class EndSession:
    """ "Terminer" was clicked."""


@dataclass(frozen=True, slots=True)
class Report:
    """ "Signaler" was clicked: the customer takes this for a swindle."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The window was closed."""


Command: TypeAlias = (
    CodeTyped
    | CodeWanted
    | BackHome
    | Answer
    | TakeBack
    | GiveBack
    | HideScreen
    | ShowScreen
    | EndSession
    | Report
    | Quit
    | Sharing
)


class Window(Protocol):
    """The port to the toolkit. Every method may be called from any thread."""

    def show(self, view: View) -> None:
        """Replace what is shown."""
        ...

    def pressed(self, time_ms: int, *, customer: bool) -> None:
        """The guard saw a press; see :class:`Presses`."""
        ...


class Presses:
    """Whose press was it? Matches the toolkit's events to the guard's (S-22).

    The toolkit cannot tell an injected press from the customer's; the guard can.
    Both know the display system's time stamp, which joins them
    (agent_platform.md 1.4). Owned by the window's thread.
    """

    def __init__(self, keep: int = 256) -> None:
        """Remember the last ``keep`` presses."""
        self._seen: deque[tuple[int, bool]] = deque(maxlen=keep)

    def add(self, time_ms: int, *, customer: bool) -> None:
        """Note a press that the guard reported."""
        self._seen.append((time_ms, customer))

    def is_the_customer(self, time_ms: int) -> bool | None:
        """Tell whose press carried this time stamp; ``None``: not reported yet.

        Two presses under one stamp, one of them ours, count as ours.
        """
        whose = [customer for at, customer in self._seen if at == time_ms]
        return all(whose) if whose else None
