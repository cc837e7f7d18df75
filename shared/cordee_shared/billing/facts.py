"""What is true of an engagement and stands in no session's journal.

A no-show, a withdrawal, a guarantee, reserves, a release: none of them happens in a
session, and all of them change what is owed. Each is journaled once as a *fact*,
numbered, signed by the relay, never changed; ``derive`` reads facts beside sessions.

A fact is canonical JSON ``{after, at_ms, author, data, engagement, kind, n, side,
sig, v}``:

- ``n`` counts the engagement's facts from 0;
- ``after`` counts the engagement's sessions that were over when it was journaled:
  that, and no clock, says between which two ends it stands;
- ``side`` and ``author`` say who stated it: a technician by account, the customer,
  or the relay for what it measured itself;
- ``sig`` is the relay's, over the fact without ``sig``.

Rules:

1. No kind of fact is a payment and none numbers an invoice (billing_legal.md 0.7).
2. A later fact of a kind stands in place of the former ones; nothing is taken out.
3. Who tells the relay a fact decides nothing by it: :mod:`.due` weighs all of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.billing.forms import (
    BOOL,
    CHANNEL,
    ISO,
    NOTE,
    NUMBER,
    REASON,
    SESSION,
    SHOWN,
    TEXT,
    Form,
    is_cause,
    is_count,
    is_engagement,
    is_name,
)
from cordee_shared.billing.forms import EXCLUDED_CAUSES as EXCLUDED_CAUSES
from cordee_shared.billing.forms import WORDING_MAX as WORDING_MAX
from cordee_shared.canonical import Json, canonical, read_canonical, sha256_hex
from cordee_shared.errors import BadInput, MalformedFrame, Tampered
from cordee_shared.ids import EngagementId, read_engagement_id
from cordee_shared.session.states import Side
from cordee_shared.signing import Label, sign, verify

_VERSION: Final = 1
_NAMES: Final = frozenset(
    {"after", "at_ms", "author", "data", "engagement", "kind", "n", "side", "sig", "v"}
)
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")


class FactKind(StrEnum):
    """What may be true of an engagement."""

    #: The agreed day and hour (R03).
    SLOT_CONFIRMED = "slot_confirmed"
    #: The technician tried to reach the customer (B05).
    CONTACT_ATTEMPT = "contact_attempt"
    #: The technician says that nobody came: a draft for review, no more (B05).
    NO_SHOW = "no_show"
    #: Neither side can help it: no no-show is drafted (B05).
    FORCE_MAJEURE = "force_majeure"
    #: The customer asked, by an own statement, to begin before the time limit (R13 a).
    EARLY_START_REQUESTED = "early_start_requested"
    #: The customer knows that complete performance ends the right (R13 b).
    LOSS_ACKNOWLEDGED = "loss_acknowledged"
    #: What was agreed is done, all of it.
    PERFORMED = "performed"
    #: The customer withdraws, by any unambiguous statement (R14).
    WITHDRAWN = "withdrawn"
    #: The same fault again (terms, 10.5; B06).
    FOLLOW_UP_OF = "follow_up_of"
    #: The customer's written reserves (R43).
    RESERVES = "reserves"
    #: A person looked at what was parked or drafted, and lets it out.
    RELEASED = "released"
    #: A person asks the minimum for service below the threshold (3.1).
    MINIMUM_DUE = "minimum_due"
    #: A person takes units off what was computed.
    CORRECTED = "corrected"
    #: The relay saw a session begin outside hours or slot (R03, R04).
    OUTSIDE = "outside"
    #: The customer is late: new work is warned of (terms, 4; R11).
    ARREARS = "arrears"
    #: The warning is over.
    ARREARS_LIFTED = "arrears_lifted"
    #: This work was agreed all the same; names the engagement that warns.
    ARREARS_OVERRIDDEN = "arrears_overridden"


#: What each kind says: all of it, and nothing more.
FORMS: Final[Mapping[FactKind, Form]] = MappingProxyType(
    {
        FactKind.SLOT_CONFIRMED: {"from_ms": NUMBER, "until_ms": NUMBER},
        FactKind.CONTACT_ATTEMPT: {"channel": CHANNEL},
        FactKind.NO_SHOW: NOTE,
        FactKind.FORCE_MAJEURE: NOTE,
        FactKind.EARLY_START_REQUESTED: {"text": SHOWN},
        FactKind.LOSS_ACKNOWLEDGED: {"text": SHOWN},
        FactKind.PERFORMED: NOTE,
        FactKind.WITHDRAWN: {
            "channel": CHANNEL,
            "wording": TEXT,
            "consumer": BOOL,
            #: Whether the customer was told of the right in time (L221-20).
            "informed": BOOL,
            #: Day on which the contract was concluded, and that of the statement,
            #: both in the provider's zone.
            "concluded": ISO,
            "stated": ISO,
        },
        FactKind.FOLLOW_UP_OF: {
            "engagement": ("an engagement's id", is_engagement),
            #: Days in the provider's zone: of the first work, of the notice.
            "performed": ISO,
            "notified": ISO,
            "written": BOOL,
            "same_fault": BOOL,
            "same_machine": BOOL,
            "same_site": BOOL,
            "reserves": BOOL,
            "cause": (f"empty, or one of {', '.join(EXCLUDED_CAUSES)}", is_cause),
        },
        FactKind.RESERVES: {"text": TEXT},
        FactKind.RELEASED: REASON,
        FactKind.MINIMUM_DUE: REASON,
        FactKind.CORRECTED: {"less_units": NUMBER, **REASON},
        FactKind.OUTSIDE: {
            "session": SESSION,
            "hours": BOOL,
            "slot": BOOL,
        },
        FactKind.ARREARS: NOTE,
        FactKind.ARREARS_LIFTED: REASON,
        FactKind.ARREARS_OVERRIDDEN: {
            "engagement": ("an engagement's id", is_engagement),
            **REASON,
        },
    }
)
#: What only the relay may state: it measured it.
MEASURED: Final = frozenset({FactKind.OUTSIDE})
#: What is said about the customer and not about what is owed: no record rests on it,
#: and none is made by it (R11).
ASIDE: Final = frozenset(
    {FactKind.ARREARS, FactKind.ARREARS_LIFTED, FactKind.ARREARS_OVERRIDDEN}
)
#: What only the customer, or a technician who writes down the customer's words, says.
_OWN_WORDS: Final = frozenset(
    {
        FactKind.EARLY_START_REQUESTED,
        FactKind.LOSS_ACKNOWLEDGED,
        FactKind.WITHDRAWN,
        FactKind.RESERVES,
        FactKind.FOLLOW_UP_OF,
    }
)


def check_statement(kind: FactKind, side: Side, data: Mapping[str, Any]) -> None:
    """Insist that a fact says what its kind says, and by whom it may be said.

    Raises:
        BadInput: it does not; the sentence names the key and what was expected.
    """
    if (side is Side.RELAY) != (kind in MEASURED):
        raise BadInput(f"{kind.value} is not for the {side.value} to state.")
    if side is Side.CUSTOMER and kind not in _OWN_WORDS:
        raise BadInput(f"{kind.value} is not for the customer to state.")
    form = FORMS[kind]
    for name, (expected, is_good) in form.items():
        if name not in data:
            raise BadInput(f"{kind.value}: {name} is missing: {expected}.")
        if not is_good(data[name]):
            raise BadInput(f"{kind.value}: {name} is {expected}, not {data[name]!r}.")
    for name in data:
        if name not in form:
            raise BadInput(
                f"{kind.value} has no {name}; it has {', '.join(form) or 'nothing'}."
            )
    if kind is FactKind.SLOT_CONFIRMED and data["from_ms"] >= data["until_ms"]:
        raise BadInput("slot_confirmed: until_ms is after from_ms.")


@dataclass(frozen=True, slots=True)
class EngagementFact:
    """One journaled fact; ``raw`` is what is stored and hashed."""

    engagement: EngagementId
    n: int
    #: So many of the engagement's sessions were over.
    after: int
    kind: FactKind
    #: Unix milliseconds: a label.
    at_ms: int
    side: Side
    #: Account of the technician; empty for the customer and the relay.
    author: str
    data: Mapping[str, Any]
    sig: str = field(repr=False)
    raw: bytes = field(repr=False)

    @property
    def hash(self) -> str:
        """SHA-256 of its bytes."""
        return sha256_hex(self.raw)

    @property
    def reason(self) -> str:
        """What its author gave as the reason, if its kind has one."""
        return str(next((self.data[k] for k in _REASONS if k in self.data), ""))


_REASONS: Final = ("reason", "note", "wording", "text")


def write_fact_of(
    engagement: EngagementId,
    n: int,
    after: int,
    kind: FactKind,
    at_ms: int,
    side: Side,
    author: str,
    data: Mapping[str, Json],
    relay_key: Ed25519PrivateKey,
) -> EngagementFact:
    """Write the next fact of an engagement, signed by the relay.

    Raises:
        BadInput: its kind does not say that, or not by this side.
    """
    check_statement(kind, side, data)
    numbers: dict[str, Json] = {"v": _VERSION, "n": n, "after": after, "at_ms": at_ms}
    names: dict[str, Json] = {"engagement": engagement, "kind": kind.value}
    said: dict[str, Json] = {"side": side.value, "author": author, "data": dict(data)}
    fields = numbers | names | said
    signature = sign(relay_key, Label.ENGAGEMENT, canonical(fields))
    return read_fact(canonical(fields | {"sig": signature.hex()}))


def read_fact(raw: bytes) -> EngagementFact:
    """Read a fact back; its signature is not checked yet.

    Raises:
        MalformedFrame: not canonical, or not a fact of this version.
    """
    value = read_canonical(raw)
    if set(value) != _NAMES or value["v"] != _VERSION or value["v"] is True:
        raise MalformedFrame("not a fact of version 1")
    if not all(is_count(value[name]) for name in ("n", "after", "at_ms")):
        raise MalformedFrame("a fact's n, after and at_ms are whole numbers from 0")
    sig, data, author = value["sig"], value["data"], value["author"]
    if not (isinstance(sig, str) and _SIGNATURE.fullmatch(sig)):
        raise MalformedFrame("a fact's sig is no signature")
    if not (isinstance(data, dict) and isinstance(author, str)):
        raise MalformedFrame("a fact's data or author is wrong")
    if author and not is_name(author):
        raise MalformedFrame("a fact's author is no account")
    try:
        kind, side = FactKind(value["kind"]), Side(value["side"])
        check_statement(kind, side, data)
    except (ValueError, BadInput) as error:
        raise MalformedFrame(f"not a fact: {error}") from None
    if (side is Side.TECHNICIAN) != bool(author):
        raise MalformedFrame("a fact's author is a technician's account")
    if not isinstance(value["engagement"], str):
        raise MalformedFrame("a fact's engagement is no text")
    return EngagementFact(
        engagement=read_engagement_id(value["engagement"]),
        n=value["n"],
        after=value["after"],
        kind=kind,
        at_ms=value["at_ms"],
        side=side,
        author=author,
        data=data,
        sig=sig,
        raw=raw,
    )


def verify_engagement_fact(fact: EngagementFact, relay_key: bytes) -> None:
    """Check that the relay signed a fact.

    Raises:
        Tampered: it did not.
    """
    fields = read_canonical(fact.raw)
    signature = bytes.fromhex(fields.pop("sig"))
    verify(relay_key, Label.ENGAGEMENT, canonical(fields), signature)


def facts_in_order(
    facts: Iterable[EngagementFact], engagement: EngagementId
) -> tuple[EngagementFact, ...]:
    """Return an engagement's facts by number, each once.

    Raises:
        Tampered: one is missing, there twice with different text, of another
            engagement, or stands before an earlier one.
    """
    found: dict[int, EngagementFact] = {}
    for fact in facts:
        if found.setdefault(fact.n, fact).raw != fact.raw:
            raise Tampered(_name(fact), "stands twice, with different text")
    ordered = tuple(found[n] for n in sorted(found))
    after = 0
    for n, fact in enumerate(ordered):
        if fact.n != n:
            raise Tampered(_name(fact), f"fact {n} is missing before it")
        if fact.engagement != engagement:
            raise Tampered(_name(fact), "belongs to another engagement")
        if fact.after < after:
            raise Tampered(_name(fact), "stands before an earlier one")
        after = fact.after
    return ordered


def newest(facts: Iterable[EngagementFact], kind: FactKind) -> EngagementFact | None:
    """Return the fact of a kind that stands: the last one."""
    return next((f for f in reversed(tuple(facts)) if f.kind is kind), None)


def known_to(
    facts: Iterable[EngagementFact], sessions: Collection[str]
) -> tuple[EngagementFact, ...]:
    """Leave out what no record rests on, and the relay's notes of what is not over.

    Such a note is journaled with the session's begin, and known with its end.
    """
    return tuple(
        fact
        for fact in facts
        if fact.kind not in ASIDE
        and (fact.kind is not FactKind.OUTSIDE or fact.data["session"] in sessions)
    )


def revision_of(ended: int, facts: Sequence[EngagementFact]) -> int:
    """Return the number of the revision that so many ends and these facts make.

    Each end of a session makes one; so does each fact that somebody states from the
    first record on. There is none, 0, before a session is over or a no-show drafted.
    """
    drafts = [fact.n for fact in facts if fact.kind is FactKind.NO_SHOW]
    return ended + sum(
        fact.kind not in MEASURED | ASIDE
        and (fact.after > 0 or any(n <= fact.n for n in drafts))
        for fact in facts
    )


def _name(fact: EngagementFact) -> str:
    return f"fact {fact.n} of {fact.engagement}"
