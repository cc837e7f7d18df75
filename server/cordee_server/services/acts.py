"""What an act may say, beyond what the table says of its kind.

An act's data goes into the journal and from there to other people, so nothing goes
in that has no place there: each kind has its form, and a yes has to be to the very
words that were in force (billing_legal.md R23, R24).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cordee_server.relay.room import Agreed
from cordee_shared.billing.tally import Interruption
from cordee_shared.errors import MalformedFrame
from cordee_shared.journal.act import Act
from cordee_shared.journal.entry import Entry
from cordee_shared.session.asking import Why
from cordee_shared.session.consent import Scope, check_consent
from cordee_shared.session.extra import Extra, check_accepted
from cordee_shared.session.files import ABOUT_FILES, check_file
from cordee_shared.session.glance import is_about_a_glance
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import EndReason, Event, Remark, Side

#: What each side may give as the reason of an end; the relay has the others.
END_REASONS: Final[Mapping[Side, frozenset[EndReason]]] = {
    Side.CUSTOMER: frozenset(
        {
            EndReason.CUSTOMER_ENDED,
            EndReason.CONSENT_DENIED,
            EndReason.CONSENT_EXPIRED,
            EndReason.KEY_MISMATCH,
            EndReason.LINK_EXPIRED,
            EndReason.REPORTED,
            EndReason.SCREEN_LOST,
            EndReason.VIOLATION,
        }
    ),
    Side.TECHNICIAN: frozenset(
        {
            EndReason.TECHNICIAN_ENDED,
            EndReason.KEY_MISMATCH,
            EndReason.LINK_EXPIRED,
            EndReason.VIOLATION,
        }
    ),
}

#: A name, never a sentence.
_NAME: Final = re.compile(r"[a-z][a-z_]{0,23}")
_SCOPES: Final[Mapping[Kind, Scope]] = {
    Event.VIEW_GRANTED: Scope.VIEW,
    Event.CONTROL_GRANTED: Scope.CONTROL,
}


def waiting_extras(entries: Iterable[Entry]) -> dict[str, Mapping[str, Any]]:
    """Return the extras that wait for the customer's answer, by their act's hash."""
    found: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        if entry.late or entry.act is None:
            continue
        if entry.kind is Remark.EXTRA_PROPOSED:
            found[entry.act.hash] = entry.data
        elif entry.kind in (Remark.EXTRA_ACCEPTED, Remark.EXTRA_REFUSED):
            found.pop(str(entry.data.get("extra")), None)
    return found


def offered_files(entries: Iterable[Entry]) -> dict[int, int]:
    """Return the sizes of the files offered so far, in bytes, by their numbers.

    One that was offered late counts as well: the other side may have heard of it.
    """
    return {
        entry.data["file"]: entry.data["size"]
        for entry in entries
        if entry.kind is Remark.FILE_OFFERED
    }


def check_data(
    act: Act,
    agreed: Agreed,
    pairing: bytes,
    extras: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    files: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """Insist that an act says what its kind may say, and no more.

    Args:
        act: verified, its kind not yet judged.
        agreed: the offer that a consent has to be about.
        pairing: th of the pairing that both sides bind themselves to.
        extras: what waits for the customer's answer (:func:`waiting_extras`).
        files: what was offered (:func:`offered_files`).

    Raises:
        MalformedFrame: it does not.
    """
    data = act.data
    match act.kind:
        case Event.VIEW_GRANTED | Event.CONTROL_GRANTED:
            scope = _SCOPES[act.kind]
            name, offer = agreed.technician_name, agreed.offer
            check_consent(data, scope, offer, agreed.offer_signed.hash, name)
            good = _is_name(data.get("hand"))
        case Event.ENDED:
            good = _is_end(act.side, data)
        case Event.RECLAIMED:
            good = set(data) == {"cause"} and _is_name(data["cause"])
        case Remark.BIND:
            good = data == {"pairing": pairing.hex()}
        case Remark.CONSENT_REFUSED:
            good = (
                set(data) == {"scope", "why"}
                and _is_in(data["scope"], Scope)
                and _is_in(data["why"], Why)
            )
        case Remark.EXTRA_PROPOSED:
            good = Extra.read(data).data == data
        case Remark.EXTRA_ACCEPTED:
            check_accepted(data, extras, agreed.offer, agreed.technician_name)
            good = _is_name(data.get("hand"))
        case Remark.EXTRA_REFUSED:
            good = (
                set(data) == {"extra", "why"}
                and isinstance(data["extra"], str)
                and data["extra"] in extras
                and data["why"] in (Why.NO, Why.TIMEOUT)
            )
        case Remark.CLIPBOARD_PASSED | Remark.MACHINE_SHOWN:
            good = is_about_a_glance(act.kind, data)
        case _ if act.kind in ABOUT_FILES:
            check_file(act.kind, act.side, data, files)
            good = True
        case _:
            good = data == {}
    if not good:
        raise MalformedFrame(f"{act.kind.value} does not say that")


def _is_end(side: Side, data: Mapping[str, Any]) -> bool:
    if not {"reason"} <= set(data) <= {"reason", "interruption"}:
        return False
    if "interruption" in data and (
        # Why a technician broke off decides what is owed (billing_legal.md R35).
        side is not Side.TECHNICIAN or not _is_in(data["interruption"], Interruption)
    ):
        return False
    reason = data["reason"]
    return _is_in(reason, EndReason) and EndReason(reason) in END_REASONS[side]


def _is_in(value: object, names: type[StrEnum]) -> bool:
    return isinstance(value, str) and value in names._value2member_map_


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None
