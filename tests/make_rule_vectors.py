"""Write the golden vectors of the rules: session, journal, rating and consent.

Run once, read by a person, then committed::

    python -m tests.make_rule_vectors

Running it again must change nothing. When it does, the protocol or a price has
changed: say so in the changelog, and think of those who have not updated yet. The
session and the journal are read by JavaScript too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from cordee_shared.billing.contract import CONTRACTS
from cordee_shared.billing.policy import POLICIES, Opening, Policy, Reclaimed
from cordee_shared.billing.rating import begun_units
from cordee_shared.billing.record import derive
from cordee_shared.canonical import Json, canonical, read_canonical
from cordee_shared.errors import CordeeError
from cordee_shared.ids import EngagementId
from cordee_shared.journal.act import Act, ActReader, read_act
from cordee_shared.journal.entry import Entry, read_entry, verify_fact
from cordee_shared.session.asking import Ask
from cordee_shared.session.consent import VERSION, Language, Scope, render
from cordee_shared.session.machine import Kind, Session
from cordee_shared.session.offer import Offer
from cordee_shared.session.states import (
    AUTHORS,
    DRIVEN,
    GRANTS,
    PLACES,
    SEALED,
    SHARED,
    TRANSITIONS,
    VISIBLE,
    WITHDRAWALS,
    EndReason,
    Event,
    Remark,
    Side,
    State,
)
from tests.make_vectors import VECTORS as VECTORS
from tests.shared.journals import (
    CUSTOMER,
    MINUTE,
    RELAY,
    SECOND,
    TARIFF,
    TECHNICIAN,
    Journal,
    agreed,
    helped,
    public,
)

E, R, S = Event, Remark, State

# --- the session --------------------------------------------------------------------

#: Kind, author, microseconds since the last entry, late.
Move = tuple[Kind, Side, int, bool]


def _move(
    kind: Kind, by: Side | None = None, us: int = 1000, late: bool = False
) -> Move:
    return (kind, by or min(AUTHORS[kind]), us, late)


_OPENING: Final = [_move(R.CODE_ISSUED), _move(E.CODE_CLAIMED)]
_PAIRED: Final = [
    *_OPENING,
    _move(R.BIND, CUSTOMER),
    _move(R.BIND, TECHNICIAN),
    _move(E.KEYS_CONFIRMED),
]
_SEEN: Final = [*_PAIRED, _move(E.VIEW_GRANTED)]
_HELPED: Final = [*_SEEN, _move(R.CONTROL_REQUESTED), _move(E.CONTROL_GRANTED)]
_LATE: Final = _move(E.CONTROL_RELEASED, TECHNICIAN, late=True)

WALKS: Final[Mapping[str, list[Move]]] = {
    "first help": [*_HELPED, _move(R.TICK), _move(E.ENDED, TECHNICIAN)],
    "a second run": [*_OPENING, _move(E.RUN_FAILED), *_PAIRED[1:]],
    "a link lost while pairing": [*_OPENING, _move(E.LINK_LOST)],
    "a refusal": [*_PAIRED, _move(R.CONSENT_REFUSED), _move(E.ENDED, CUSTOMER)],
    "reclaimed, then given again": [
        *_HELPED,
        _move(E.RECLAIMED),
        _LATE,
        _move(R.CONTROL_REQUESTED),
        _move(E.CONTROL_GRANTED),
        _move(E.CONTROL_RELEASED),
    ],
    "a lost link takes control": [
        *_HELPED,
        _move(E.LINK_LOST),
        _move(E.LINK_LOST),
        _move(E.LINK_RESTORED),
    ],
    "a hidden screen stays hidden": [
        *_HELPED,
        _move(E.PAUSED),
        _move(E.LINK_LOST),
        _move(E.LINK_RESTORED),
        _move(R.TICK),
        _move(E.CONTINUED),
        _move(R.CHECKPOINT),
    ],
    "hidden while nobody could be told": [
        *_SEEN,
        _move(E.LINK_LOST),
        _move(E.PAUSED),
        _move(E.LINK_RESTORED),
    ],
    "wrong: control without a yes to seeing": [*_PAIRED, _move(E.CONTROL_GRANTED)],
    "wrong: the relay says yes": [*_PAIRED, _move(E.VIEW_GRANTED, Side.RELAY)],
    "wrong: the technician takes back": [*_HELPED, _move(E.RECLAIMED, TECHNICIAN)],
    "wrong: a withdrawal called late": [
        *_HELPED,
        _move(E.RECLAIMED, CUSTOMER, late=True),
    ],
    "wrong: a clock that runs back": [*_SEEN, _move(R.TICK, CUSTOMER, -1)],
    "wrong: after the end": [*_OPENING, _move(E.ENDED, Side.RELAY), _move(E.LINK_LOST)],
}


def _walked(moves: list[Move]) -> dict[str, Any]:
    session, at_us, steps = Session(), 0, []
    for kind, by, us, late in moves:
        at_us += us
        step: dict[str, Any] = {"kind": kind, "by": by, "at_us": at_us, "late": late}
        try:
            steps.append(step | {"after": session.follow(kind, by, at_us, late=late)})
        except CordeeError as error:
            steps.append(step | {"error": type(error).__name__})
            break
    spent = {state.value: us for state, us in session.spent_us.items()}
    return {"steps": steps, "spent_us": spent, "next_entry": session.next_entry}


def session_vectors() -> dict[str, Any]:
    """The table, its sets, and ways through it."""
    table = {
        at.value: {event.value: after.value for event, after in row.items()}
        for at, row in TRANSITIONS.items()
    }
    return {
        "sides": list(Side),
        "end_reasons": list(EndReason),
        "transitions": table,
        "authors": {kind.value: sorted(by) for kind, by in AUTHORS.items()},
        "places": {remark.value: sorted(at) for remark, at in PLACES.items()},
        "visible": sorted(VISIBLE),
        "driven": sorted(DRIVEN),
        "sealed": sorted(SEALED),
        "shared": sorted(SHARED),
        "grants": sorted(GRANTS),
        "withdrawals": {event.value: at.value for event, at in WITHDRAWALS.items()},
        "walks": {name: _walked(moves) for name, moves in WALKS.items()},
    }


# --- the journal --------------------------------------------------------------------


def _whole() -> Journal:
    journal = Journal().help().wait(61, us=250_000).checkpoint()
    act = journal.write(TECHNICIAN, E.CONTROL_RELEASED)
    journal.reclaim().wait(1).append(act, late=True).wait(2)
    journal.lose(customer_us=64 * SECOND, technician_us=63 * SECOND).wait(5)
    return journal.fact(E.LINK_RESTORED).wait(3).end(TECHNICIAN)


def _altered(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    fields = read_canonical(text.encode())
    change(fields)
    return canonical(fields).decode()


def _set(name: str, value: Json) -> Callable[[dict[str, Any]], object]:
    return lambda fields: fields.__setitem__(name, value)


_BOTH: Final[list[tuple[str, Callable[[dict[str, Any]], object]]]] = [
    ("version 2", _set("v", 2)),
    ("version true", _set("v", True)),
    ("an unknown field", _set("colour", "blue")),
    ("no session", lambda fields: fields.pop("session")),
    ("a short session", _set("session", "00")),
    ("a session in capitals", _set("session", "A" * 32)),
    ("no such side", _set("side", "operator")),
    ("a side that is no text", _set("side", 1)),
    ("no such kind", _set("kind", "seized")),
    ("a kind that every object has", _set("kind", "constructor")),
    ("a kind that is no text", _set("kind", ["ended"])),
    ("data that is a list", _set("data", [])),
    ("data that is null", _set("data", None)),
]
_ACTS: Final = [
    *_BOTH,
    ("the relay as a person", _set("side", "relay")),
    ("seq -1", _set("seq", -1)),
    ("seq as text", _set("seq", "0")),
    ("seq true", _set("seq", True)),
    ("seen -2", _set("seen", -2)),
    ("el_ms null", _set("el_ms", None)),
    ("prev too short", _set("prev", "0")),
    ("prev in capitals", _set("prev", "A" * 64)),
    ("peer null", _set("peer", None)),
]
_ENTRIES: Final = [
    *_BOTH,
    ("n -1", _set("n", -1)),
    ("mono_us true", _set("mono_us", True)),
    ("at_ms as text", _set("at_ms", "1")),
    ("boot as a number", _set("boot", 1)),
    ("no such state", _set("state", "seized")),
    ("a state that every object has", _set("state", "constructor")),
    ("late as a number", _set("late", 0)),
    ("sig too short", _set("sig", "00")),
    ("sig in capitals", _set("sig", "A" * 128)),
    ("sig with spaces", _set("sig", "0 " * 64)),
    ("an act that is null", _set("act", None)),
    ("an act that is none", _set("act", "{}")),
    ("an act outside ASCII", _set("act", "é")),
    ("no act of a person", _set("act", "")),
    ("another side than its act", _set("side", "technician")),
    ("another kind than its act", _set("kind", "tick")),
    ("other data than its act", _set("data", {"more": 1})),
]


def _refusal(read: Callable[[], object]) -> str:
    try:
        read()
    except CordeeError as error:
        return type(error).__name__
    raise AssertionError("this should have been refused")


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "text": entry.raw.decode(),
        "hash": entry.hash,
        "n": entry.n,
        "kind": entry.kind,
        "side": entry.side,
        "state": entry.state,
        "late": entry.late,
        "act": entry.act.hash if entry.act else "",
    }


def _written(act: Act) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "at_ms": act.el_ms,
        "seen": act.seen,
        "peer": act.peer,
        "data": act.data,
        "act": act.raw.decode(),
        "sig": act.signature.hex(),
    }


def _no_act(name: str, text: str, sig: bytes) -> dict[str, Any]:
    error = _refusal(lambda: read_act(text.encode(), sig))
    return {"name": name, "text": text, "sig": sig.hex(), "error": error}


def _no_entry(name: str, text: str) -> dict[str, Any]:
    error = _refusal(lambda: read_entry(text.encode()))
    return {"name": name, "text": text, "error": error}


def _not_the_customers(
    name: str, journal: Journal, act: Act, sig: bytes
) -> dict[str, Any]:
    key = public(journal.keys[CUSTOMER])
    reader = ActReader(journal.id, CUSTOMER, key, journal.th)
    error = _refusal(lambda: reader.read(act.raw, sig))
    return {"name": name, "text": act.raw.decode(), "sig": sig.hex(), "error": error}


def journal_vectors() -> dict[str, Any]:
    """One whole journal, and much that is no journal."""
    journal = _whole()
    acts = [entry.act for entry in journal.entries if entry.act is not None]
    first, second = acts[:2]
    granted = next(
        entry for entry in journal.entries if entry.kind is E.CONTROL_GRANTED
    )
    grant = granted.act
    assert grant is not None
    moved = _altered(journal.entries[0].raw.decode(), _set("at_ms", 1))
    return {
        "session": journal.id,
        "th": journal.th.hex(),
        "relay_pk": public(RELAY).hex(),
        "customer_pk": public(journal.keys[CUSTOMER]).hex(),
        "technician_pk": public(journal.keys[TECHNICIAN]).hex(),
        "technician_seed": journal.keys[TECHNICIAN].private_bytes_raw().hex(),
        "entries": [_entry(entry) for entry in journal.entries],
        "written": [_written(act) for act in acts if act.side is TECHNICIAN],
        "no_acts": [
            _no_act(name, _altered(grant.raw.decode(), change), grant.signature)
            for name, change in _ACTS
        ],
        "no_entries": [
            _no_entry(name, _altered(granted.raw.decode(), change))
            for name, change in _ENTRIES
        ],
        "not_the_customers": [
            _not_the_customers("not the next", journal, grant, grant.signature),
            _not_the_customers("another's", journal, second, second.signature),
            _not_the_customers("badly signed", journal, first, second.signature),
        ],
        "tampered_fact": {
            "text": moved,
            "error": _refusal(
                lambda: verify_fact(read_entry(moved.encode()), public(RELAY))
            ),
        },
    }


# --- the bill -----------------------------------------------------------------------


def _timelines() -> dict[str, list[Journal]]:
    lost = Journal(4).help().wait(14 * 60)
    alive = lost.at_us
    lost.wait(15).lose(customer_us=alive + 3 * SECOND, technician_us=alive)
    lost.wait(225).fact(E.LINK_RESTORED).wait(15 * 60).end()
    taken_back = Journal(3).help().wait(20 * 60).reclaim().wait(5 * 60).grant_control()
    refused = Journal(2).pair().act(CUSTOMER, R.CONSENT_REFUSED, {"scope": "view"})
    broken_off = Journal(7).help().wait(10)
    return {
        "30 min 00.999 s": [helped(us=30 * MINUTE + 999_000)],
        "30 min 01 s": [helped(30 * 60 + 1)],
        "consent refused": [refused.end(reason="consent_denied")],
        "20 min, 5 min taken back, 9 min": [taken_back.wait(9 * 60).end()],
        "14 min, a lost link, 15 min": [lost],
        "two technicians, 0 to 25 and 10 to 28 min": [
            helped(25 * 60, number=5),
            Journal(6, at_us=10 * MINUTE).help().wait(18 * 60).end(),
        ],
        "broken off after 10 s": [
            broken_off.end(TECHNICIAN, more={"interruption": "missing_licence"})
        ],
        "a relay that died at 31:10": [
            Journal(8)
            .help()
            .wait(31 * 60)
            .checkpoint()
            .wait(10)
            .recover(boot="boot-2", at_us=5)
        ],
        "8 h 00 min 01 s": [helped(8 * 3600 + 1, number=9)],
    }


def _billed(journals: list[Journal], policy: Policy) -> dict[str, Any]:
    sessions = [journal.entries for journal in journals]
    record = derive("relay-1", agreed(policy), policy, TARIFF, sessions)
    return {
        "seconds": record.seconds,
        "units": record.units,
        "amount_cents": record.amount_cents,
        "flags": list(record.flags),
        "line": record.line.decode(),
    }


def rating_vectors() -> dict[str, Any]:
    """Policies, a tariff, units by seconds, and whole journals with their records."""
    seconds = (0, 1, 59, 60, 1799, 1800, 1801, 3599, 3600, 3601, 28800, 28801)
    return {
        "policies": {
            policy.id: {"canonical": policy.canonical().decode(), "hash": policy.hash}
            for policy in POLICIES.values()
        },
        "tariff": {"canonical": TARIFF.canonical().decode(), "hash": TARIFF.hash},
        "begun_units": [[second, begun_units(second, TARIFF)] for second in seconds],
        "engagements": [
            {
                "name": name,
                "sessions": [
                    [entry.raw.decode() for entry in journal.entries]
                    for journal in journals
                ],
                "records": {
                    policy.id: _billed(journals, policy) for policy in POLICIES.values()
                },
            }
            for name, journals in _timelines().items()
        ],
    }


# --- consent ------------------------------------------------------------------------

OFFER: Final = Offer(
    engagement=EngagementId("e-0123456789abcdef"),
    organisation="Micro-Alpes",
    phone="06 86 22 00 00",
    customer="Mme Martin",
    purpose="Imprimante muette",
    tariff=TARIFF.id,
    tariff_hash=TARIFF.hash,
    price_cents=TARIFF.price_cents,
    currency=TARIFF.currency,
    unit_s=TARIFF.unit_s,
    minimum_units=TARIFF.minimum_units,
    policy="law-corrected-2026",
    policy_hash=POLICIES["law-corrected-2026"].hash,
    terms_version="2021-11-01",
    terms_hash="0" * 64,
    confirmed_ms=1_795_338_000_000,
)
#: The same to a consumer who may still withdraw, with a backup at a price.
ASKING: Final = replace(
    OFFER,
    asks=tuple(Ask),
    backup_cents=2000,
    withdraw_by="2026-12-07",
    contract_hash=CONTRACTS["law-corrected-2026"].hash,
    particulars_hash="1" * 64,
)


def consent_vectors() -> dict[str, Any]:
    """Every text that a customer may be shown, word by word."""
    statement, asking = OFFER.signed(RELAY), ASKING.signed(RELAY)
    texts = []
    for opens in Opening:
        for reclaimed in Reclaimed:
            offer = replace(OFFER, service_opens=opens, reclaimed=reclaimed)
            for scope in Scope:
                for language in Language:
                    text = render(scope, language, offer, "Luc Moreau")
                    texts.append(
                        {
                            "service_opens": opens,
                            "reclaimed": reclaimed,
                            "scope": scope,
                            "language": language,
                            "title": text.title,
                            "paragraphs": list(text.paragraphs),
                            "hash": text.hash,
                        }
                    )
    return {
        "version": VERSION,
        "relay_pk": public(RELAY).hex(),
        "offer": read_canonical(statement.text.encode()),
        "statement": asdict(statement),
        "statement_hash": statement.hash,
        "asking": read_canonical(asking.text.encode()),
        "asking_statement": asdict(asking),
        "asking_hash": asking.hash,
        "technician": "Luc Moreau",
        "texts": texts,
        "asked": [
            {
                "language": language,
                "questions": [asdict(each) for each in text.questions],
                "hash": text.hash,
            }
            for language in Language
            for text in [render(Scope.VIEW, language, ASKING, "Luc Moreau")]
        ],
    }


def texts() -> dict[str, str]:
    """Return what each file holds."""
    made = {
        "session.json": session_vectors(),
        "journal.json": journal_vectors(),
        "rating.json": rating_vectors(),
        "consent.json": consent_vectors(),
    }
    return {name: json.dumps(value, indent=1) + "\n" for name, value in made.items()}


def main() -> None:
    """Write every file."""
    VECTORS.mkdir(exist_ok=True)
    for name, text in texts().items():
        (VECTORS / name).write_text(text, "ascii")


if __name__ == "__main__":
    main()
