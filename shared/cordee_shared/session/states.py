"""THE table: which event leads from which state to which, and who may say it.

Relay, agent and console run this one table; ``shared/vectors/session.json`` keeps
the copy in ``console/session.js`` honest. The file does not know which side it is.

Rules:

1. Seeing first, driving second: two acts of consent.
2. Control never survives a lost link.
3. Reclaim is sticky: only a fresh yes gives control back, time passing never does.
4. The customer can take power away in every state in which somebody has it.
5. A lost link while pairing is a run spent, else each drop were a free guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Side(StrEnum):
    """Who speaks: one of the two people, or the relay between them."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    RELAY = "relay"


class State(StrEnum):
    """Where a session stands."""

    WAITING = "waiting"
    PAIRING = "pairing"
    CONSENTING = "consenting"
    VIEWING = "viewing"
    CONTROLLING = "controlling"
    RECLAIMED = "reclaimed"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


class Event(StrEnum):
    """What moves a session."""

    CODE_CLAIMED = "code_claimed"
    KEYS_CONFIRMED = "keys_confirmed"
    RUN_FAILED = "run_failed"
    VIEW_GRANTED = "view_granted"
    CONTROL_GRANTED = "control_granted"
    CONTROL_RELEASED = "control_released"
    RECLAIMED = "reclaimed"
    PAUSED = "paused"
    CONTINUED = "continued"
    LINK_LOST = "link_lost"
    LINK_RESTORED = "link_restored"
    ENDED = "ended"


class Remark(StrEnum):
    """What is said and journaled without moving the session."""

    CODE_ISSUED = "code_issued"
    BIND = "bind"
    CONTROL_REQUESTED = "control_requested"
    CONSENT_REFUSED = "consent_refused"
    #: Work beyond what was agreed, with its price (terms, 3.2; R06).
    EXTRA_PROPOSED = "extra_proposed"
    EXTRA_ACCEPTED = "extra_accepted"
    EXTRA_REFUSED = "extra_refused"
    #: A file for the other side: by its number and size, never its name (R32).
    FILE_OFFERED = "file_offered"
    FILE_ACCEPTED = "file_accepted"
    FILE_REFUSED = "file_refused"
    #: It arrived whole; or it came to nothing, and how much had arrived.
    FILE_KEPT = "file_kept"
    FILE_STOPPED = "file_stopped"
    #: A copied text, and what machine this is: how much, never what (S-40).
    CLIPBOARD_PASSED = "clipboard_passed"
    MACHINE_SHOWN = "machine_shown"
    #: A picture of the screen that the technician keeps: announced before it is taken.
    SCREENSHOT_TAKEN = "screenshot_taken"
    TICK = "tick"
    CHECKPOINT = "checkpoint"


class EndReason(StrEnum):
    """Why a session ended; each has a sentence for both people."""

    CUSTOMER_ENDED = "customer_ended"
    TECHNICIAN_ENDED = "technician_ended"
    CONSENT_DENIED = "consent_denied"
    CONSENT_EXPIRED = "consent_expired"
    CODE_EXPIRED = "code_expired"
    CODE_REFUSED = "code_refused"
    CODE_CANCELLED = "code_cancelled"
    KEY_MISMATCH = "key_mismatch"
    LINK_EXPIRED = "link_expired"
    IDLE = "idle"
    TIME_LIMIT = "time_limit"
    RELAY_STOPPED = "relay_stopped"
    JOURNAL_UNAVAILABLE = "journal_unavailable"
    SCREEN_LOST = "screen_lost"
    #: The customer takes the technician for a swindler (security.md 4).
    REPORTED = "reported"
    VIOLATION = "violation"


S, E = State, Event

TRANSITIONS: Final[Mapping[State, Mapping[Event, State]]] = MappingProxyType(
    {
        S.WAITING: {
            E.CODE_CLAIMED: S.PAIRING,
            E.ENDED: S.ENDED,
        },
        S.PAIRING: {
            E.KEYS_CONFIRMED: S.CONSENTING,
            # Only while the code's owner has runs left; the relay counts too.
            E.RUN_FAILED: S.WAITING,
            E.LINK_LOST: S.ENDED,
            E.ENDED: S.ENDED,
        },
        S.CONSENTING: {
            E.VIEW_GRANTED: S.VIEWING,
            # The question stands until its own deadline.
            E.LINK_LOST: S.CONSENTING,
            E.LINK_RESTORED: S.CONSENTING,
            E.ENDED: S.ENDED,
        },
        S.VIEWING: {
            E.CONTROL_GRANTED: S.CONTROLLING,
            E.PAUSED: S.PAUSED,
            E.LINK_LOST: S.INTERRUPTED,
            E.ENDED: S.ENDED,
        },
        S.CONTROLLING: {
            E.CONTROL_RELEASED: S.VIEWING,
            E.RECLAIMED: S.RECLAIMED,
            E.PAUSED: S.PAUSED,
            E.LINK_LOST: S.INTERRUPTED,
            E.ENDED: S.ENDED,
        },
        # Only a fresh yes gives control back; time passing never does.
        S.RECLAIMED: {
            E.CONTROL_GRANTED: S.CONTROLLING,
            E.PAUSED: S.PAUSED,
            E.LINK_LOST: S.INTERRUPTED,
            E.ENDED: S.ENDED,
        },
        S.PAUSED: {
            E.CONTINUED: S.VIEWING,
            # A lost link changes nothing, else its return would uncover the screen.
            E.LINK_LOST: S.PAUSED,
            E.LINK_RESTORED: S.PAUSED,
            E.ENDED: S.ENDED,
        },
        S.INTERRUPTED: {
            E.LINK_RESTORED: S.VIEWING,
            # Hiding the screen must work while nobody can be told.
            E.PAUSED: S.PAUSED,
            # The other link may go as well; waiting goes on.
            E.LINK_LOST: S.INTERRUPTED,
            E.ENDED: S.ENDED,
        },
        S.ENDED: {},
    }
)

#: Who may say what. The relay never speaks for a person.
AUTHORS: Final[Mapping[Event | Remark, frozenset[Side]]] = MappingProxyType(
    {
        E.CODE_CLAIMED: frozenset({Side.RELAY}),
        E.KEYS_CONFIRMED: frozenset({Side.RELAY}),
        E.RUN_FAILED: frozenset({Side.RELAY}),
        E.VIEW_GRANTED: frozenset({Side.CUSTOMER}),
        E.CONTROL_GRANTED: frozenset({Side.CUSTOMER}),
        E.CONTROL_RELEASED: frozenset({Side.TECHNICIAN}),
        E.RECLAIMED: frozenset({Side.CUSTOMER}),
        E.PAUSED: frozenset({Side.CUSTOMER}),
        E.CONTINUED: frozenset({Side.CUSTOMER}),
        E.LINK_LOST: frozenset({Side.RELAY}),
        E.LINK_RESTORED: frozenset({Side.RELAY}),
        E.ENDED: frozenset({Side.CUSTOMER, Side.TECHNICIAN, Side.RELAY}),
        Remark.CODE_ISSUED: frozenset({Side.RELAY}),
        Remark.BIND: frozenset({Side.CUSTOMER, Side.TECHNICIAN}),
        Remark.CONTROL_REQUESTED: frozenset({Side.TECHNICIAN}),
        Remark.CONSENT_REFUSED: frozenset({Side.CUSTOMER}),
        Remark.EXTRA_PROPOSED: frozenset({Side.TECHNICIAN}),
        Remark.EXTRA_ACCEPTED: frozenset({Side.CUSTOMER}),
        Remark.EXTRA_REFUSED: frozenset({Side.CUSTOMER}),
        Remark.FILE_OFFERED: frozenset({Side.CUSTOMER, Side.TECHNICIAN}),
        Remark.FILE_ACCEPTED: frozenset({Side.CUSTOMER, Side.TECHNICIAN}),
        Remark.FILE_REFUSED: frozenset({Side.CUSTOMER, Side.TECHNICIAN}),
        Remark.FILE_KEPT: frozenset({Side.CUSTOMER, Side.TECHNICIAN}),
        Remark.FILE_STOPPED: frozenset({Side.CUSTOMER, Side.TECHNICIAN}),
        Remark.CLIPBOARD_PASSED: frozenset({Side.CUSTOMER}),
        Remark.MACHINE_SHOWN: frozenset({Side.CUSTOMER}),
        Remark.SCREENSHOT_TAKEN: frozenset({Side.TECHNICIAN}),
        Remark.TICK: frozenset({Side.CUSTOMER}),
        Remark.CHECKPOINT: frozenset({Side.RELAY}),
    }
)

_ANSWERED: Final = frozenset({S.VIEWING, S.CONTROLLING, S.RECLAIMED, S.PAUSED})
#: Where a remark has its place.
PLACES: Final[Mapping[Remark, frozenset[State]]] = MappingProxyType(
    {
        Remark.CODE_ISSUED: frozenset({S.WAITING}),
        Remark.BIND: frozenset({S.PAIRING}),
        Remark.CONTROL_REQUESTED: frozenset({S.VIEWING, S.RECLAIMED}),
        Remark.CONSENT_REFUSED: frozenset({S.CONSENTING, S.VIEWING, S.RECLAIMED}),
        Remark.EXTRA_PROPOSED: frozenset({S.VIEWING, S.CONTROLLING, S.RECLAIMED}),
        # Whoever hides the screen to think it over may still answer.
        Remark.EXTRA_ACCEPTED: _ANSWERED,
        Remark.EXTRA_REFUSED: _ANSWERED,
        Remark.FILE_OFFERED: _ANSWERED,
        Remark.FILE_ACCEPTED: _ANSWERED,
        Remark.FILE_REFUSED: _ANSWERED,
        Remark.FILE_KEPT: _ANSWERED,
        Remark.FILE_STOPPED: _ANSWERED,
        Remark.CLIPBOARD_PASSED: _ANSWERED,
        Remark.MACHINE_SHOWN: _ANSWERED,
        Remark.SCREENSHOT_TAKEN: frozenset({S.VIEWING, S.CONTROLLING, S.RECLAIMED}),
        Remark.TICK: frozenset(
            {S.CONSENTING, S.VIEWING, S.CONTROLLING, S.RECLAIMED, S.PAUSED}
        ),
        Remark.CHECKPOINT: frozenset({S.VIEWING, S.CONTROLLING}),
    }
)

#: Pictures may cross.
VISIBLE: Final = frozenset({S.VIEWING, S.CONTROLLING, S.RECLAIMED})
#: Input may reach the injector.
DRIVEN: Final = frozenset({S.CONTROLLING})
#: The two ends hold keys, so sealed records may cross.
SEALED: Final = frozenset(
    {S.PAIRING, S.CONSENTING, S.VIEWING, S.CONTROLLING, S.RECLAIMED, S.PAUSED}
)
#: The two people may share words, a clipboard, files: from the customer's first yes
#: on, hidden screen or not. Before it nobody talks in beside the question.
SHARED: Final = _ANSWERED
#: Grants: they take effect only when the relay's entry comes back.
GRANTS: Final = frozenset({E.VIEW_GRANTED, E.CONTROL_GRANTED, E.CONTINUED})
#: Withdrawals: the agent applies them before it sends them.
WITHDRAWALS: Final[Mapping[Event, State]] = MappingProxyType(
    {E.RECLAIMED: S.RECLAIMED, E.PAUSED: S.PAUSED, E.ENDED: S.ENDED}
)
