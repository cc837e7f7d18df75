"""What acts may say."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.relay.room import Agreed
from cordee_server.services.acts import (
    END_REASONS,
    check_data,
    offered_files,
    waiting_extras,
)
from cordee_shared.billing.tally import Interruption
from cordee_shared.canonical import Json
from cordee_shared.errors import MalformedFrame
from cordee_shared.ids import session_id
from cordee_shared.journal.act import NONE, Act, ActWriter
from cordee_shared.session.consent import Language, Scope, consent_data, render
from cordee_shared.session.extra import Extra, accepted_data, render_extra
from cordee_shared.session.files import offered
from cordee_shared.session.machine import Kind
from cordee_shared.session.offer import Signed
from cordee_shared.session.states import AUTHORS, EndReason, Event, Remark, Side
from tests.architecture.sources import CONSOLE
from tests.builders import LUC, engagement
from tests.make_rule_vectors import ASKING
from tests.shared.journals import Journal

TH = bytes(32)
OFFER = engagement().offer
SIGNED = OFFER.signed(Ed25519PrivateKey.generate())
AGREED = Agreed(OFFER.engagement, LUC, "Luc Bernard", OFFER, SIGNED, Signed("", ""), "")
C, T = Side.CUSTOMER, Side.TECHNICIAN


def act(side: Side, kind: Kind, data: Mapping[str, Json]) -> Act:
    writer = ActWriter(session_id(bytes(16)), side, Ed25519PrivateKey.generate(), TH, 0)
    return writer.write(kind, 0, 0, NONE, data)


def yes(scope: Scope, language: Language = Language.FR) -> dict[str, Json]:
    text = render(scope, language, OFFER, "Luc Bernard")
    terms = engagement().offer.terms_hash
    return consent_data(text, SIGNED.hash, "mouse", terms_hash=terms)


GOOD: list[tuple[Side, Kind, dict[str, Json]]] = [
    (C, Remark.BIND, {"pairing": TH.hex()}),
    (T, Remark.BIND, {"pairing": TH.hex()}),
    (C, Remark.TICK, {}),
    (T, Remark.CONTROL_REQUESTED, {}),
    (C, Remark.CLIPBOARD_PASSED, {"bytes": 12, "to": "technician"}),
    (C, Remark.MACHINE_SHOWN, {"lines": 9}),
    (T, Remark.SCREENSHOT_TAKEN, {}),
    (T, Event.CONTROL_RELEASED, {}),
    (C, Event.PAUSED, {}),
    (C, Event.CONTINUED, {}),
    (C, Event.RECLAIMED, {"cause": "pointer"}),
    (C, Event.RECLAIMED, {"cause": "guard_lost"}),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW)),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW, Language.EN)),
    (C, Event.CONTROL_GRANTED, yes(Scope.CONTROL)),
    (C, Remark.CONSENT_REFUSED, {"scope": "view", "why": "timeout"}),
    (C, Remark.CONSENT_REFUSED, {"scope": "control", "why": "no"}),
    (C, Event.ENDED, {"reason": "customer_ended"}),
    (C, Event.ENDED, {"reason": "consent_denied"}),
    (T, Event.ENDED, {"reason": "technician_ended"}),
    (T, Event.ENDED, {"reason": "technician_ended", "interruption": "unsafe"}),
]

BAD: list[tuple[Side, Kind, dict[str, Json]]] = [
    (C, Remark.BIND, {}),
    (C, Remark.BIND, {"pairing": "00"}),
    (C, Remark.TICK, {"note": "what was typed"}),
    (T, Remark.CONTROL_REQUESTED, {"why": "please"}),
    (C, Remark.CLIPBOARD_PASSED, {"bytes": 12, "to": "technician", "text": "mdp"}),
    (C, Remark.MACHINE_SHOWN, {"lines": ["Debian 12"]}),
    (T, Remark.SCREENSHOT_TAKEN, {"of": "the bank"}),
    (C, Event.PAUSED, {"x": 1}),
    (C, Event.RECLAIMED, {}),
    (C, Event.RECLAIMED, {"cause": 1}),
    (C, Event.RECLAIMED, {"cause": "Mme Durand, 12 rue"}),
    (C, Event.RECLAIMED, {"cause": "pointer", "at": "10,10"}),
    (C, Event.VIEW_GRANTED, {}),
    (C, Event.VIEW_GRANTED, yes(Scope.CONTROL)),
    (C, Event.CONTROL_GRANTED, yes(Scope.VIEW)),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW) | {"offer": "0" * 64}),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW) | {"text": "0" * 64}),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW) | {"version": "1999-01-01"}),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW) | {"language": "tlh"}),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW) | {"more": 1}),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW) | {"hand": "a whole sentence"}),
    (C, Event.VIEW_GRANTED, yes(Scope.VIEW) | {"hand": None}),
    (C, Remark.CONSENT_REFUSED, {"scope": "all", "why": "no"}),
    (C, Remark.CONSENT_REFUSED, {"scope": "view", "why": "I do not like you"}),
    (C, Remark.CONSENT_REFUSED, {"scope": "view"}),
    (C, Event.ENDED, {}),
    (C, Event.ENDED, {"reason": "technician_ended"}),
    (C, Event.ENDED, {"reason": "relay_stopped"}),
    (C, Event.ENDED, {"reason": "customer_ended", "interruption": "unsafe"}),
    (T, Event.ENDED, {"reason": "customer_ended"}),
    (T, Event.ENDED, {"reason": "consent_denied"}),
    (T, Event.ENDED, {"reason": "technician_ended", "interruption": "bored"}),
    (T, Event.ENDED, {"reason": ["technician_ended"]}),
    (T, Event.ENDED, {"reason": "technician_ended", "note": "x"}),
]


@pytest.mark.parametrize(("side", "kind", "data"), GOOD)
def test_what_has_its_place_passes(
    side: Side, kind: Kind, data: dict[str, Json]
) -> None:
    check_data(act(side, kind, data), AGREED, TH)
    assert side in AUTHORS[kind], "or it is no example"


@pytest.mark.parametrize(("side", "kind", "data"), BAD)
def test_whatever_else_is_said_is_a_violation(
    side: Side, kind: Kind, data: dict[str, Json]
) -> None:
    with pytest.raises(MalformedFrame):
        check_data(act(side, kind, data), AGREED, TH)


@pytest.mark.parametrize("why", ["minor", "backup"])
def test_R08_R31_a_refusal_may_say_what_the_technician_can_help_with(why: str) -> None:
    data: dict[str, Json] = {"scope": "view", "why": why}
    check_data(act(C, Remark.CONSENT_REFUSED, data), AGREED, TH)


@pytest.mark.parametrize("name", ["scope", "why"])
def test_a_refusal_in_no_words_is_a_violation_and_no_bug(name: str) -> None:
    data: dict[str, Json] = {"scope": "view", "why": "no"} | {name: []}
    with pytest.raises(MalformedFrame):
        check_data(act(C, Remark.CONSENT_REFUSED, data), AGREED, TH)


def test_a_consent_names_the_technician_of_the_attestation() -> None:
    text = render(Scope.VIEW, Language.FR, OFFER, "Somebody Else")
    data = consent_data(text, SIGNED.hash, "mouse", terms_hash=OFFER.terms_hash)
    with pytest.raises(MalformedFrame):
        check_data(act(C, Event.VIEW_GRANTED, data), AGREED, TH)


ASKING_SIGNED = ASKING.signed(Ed25519PrivateKey.generate())
ASKED = replace(AGREED, offer=ASKING, offer_signed=ASKING_SIGNED)


def answered(**answers: str) -> dict[str, Json]:
    """Return a consent with these answers, as an agent would write it."""
    text = render(Scope.VIEW, Language.FR, ASKING, AGREED.technician_name)
    price, terms = ASKING.backup_cents, ASKING.terms_hash
    return consent_data(text, ASKING_SIGNED.hash, "mouse", answers, price, terms)


def test_R08_R13_R31_a_consent_with_every_answer_passes() -> None:
    data = answered(adult="adult", backup="nothing", early="yes", waiver="yes")
    check_data(act(C, Event.VIEW_GRANTED, data), ASKED, TH)


@pytest.mark.parametrize("left_out", ["adult", "backup", "early", "waiver"])
def test_R08_R13_R31_the_relay_takes_no_consent_without_an_answer(
    left_out: str,
) -> None:
    answers = {"adult": "adult", "backup": "done", "early": "yes", "waiver": "yes"}
    del answers[left_out]
    with pytest.raises(MalformedFrame):
        check_data(act(C, Event.VIEW_GRANTED, answered(**answers)), ASKED, TH)


EXTRA = Extra("Antivirus, un an", 3990)


def test_R06_only_what_waits_for_an_answer_is_accepted_or_refused() -> None:
    text = render_extra(EXTRA, Language.FR, OFFER, "Luc Bernard")
    said = accepted_data("a" * 64, EXTRA, text, "mouse")
    yes_act = act(C, Remark.EXTRA_ACCEPTED, said)
    no_act = act(C, Remark.EXTRA_REFUSED, {"extra": "a" * 64, "why": "no"})
    for answer in (yes_act, no_act):
        check_data(answer, AGREED, TH, {"a" * 64: EXTRA.data})
        with pytest.raises(MalformedFrame):
            check_data(answer, AGREED, TH)


def test_R06_a_proposal_needs_its_price() -> None:
    check_data(act(T, Remark.EXTRA_PROPOSED, EXTRA.data), AGREED, TH)
    with pytest.raises(MalformedFrame):
        check_data(act(T, Remark.EXTRA_PROPOSED, {"label": "x"}), AGREED, TH)


def test_R06_an_answered_extra_waits_no_more() -> None:
    journal = Journal(1).help()
    journal.act(T, Remark.EXTRA_PROPOSED, EXTRA.data)
    proposal = journal.entries[-1].act
    assert proposal is not None
    assert waiting_extras(journal.entries) == {proposal.hash: EXTRA.data}
    journal.act(C, Remark.EXTRA_REFUSED, {"extra": proposal.hash, "why": "no"})
    assert waiting_extras(journal.entries) == {}


def test_no_side_ends_for_a_reason_of_the_relays() -> None:
    own = {
        EndReason.CODE_EXPIRED,
        EndReason.CODE_REFUSED,
        EndReason.CODE_CANCELLED,
        EndReason.IDLE,
        EndReason.TIME_LIMIT,
        EndReason.RELAY_STOPPED,
        EndReason.JOURNAL_UNAVAILABLE,
    }
    assert own & (END_REASONS[C] | END_REASONS[T]) == set()
    assert own | END_REASONS[C] | END_REASONS[T] == set(EndReason)


def test_r35_the_console_offers_every_cause_that_the_bill_knows() -> None:
    for language in ("fr", "en"):
        words = (CONSOLE / "text" / f"{language}.js").read_text(encoding="utf-8")
        offered = words.split("interruptions: {")[1].split("}")[0]
        found = [line.split(":")[0].strip() for line in offered.splitlines()]
        assert [name for name in found if name] == [
            cause.value for cause in Interruption
        ]


def test_R32_a_file_is_accepted_only_after_its_own_offer_and_at_its_size() -> None:
    journal = Journal().help()
    yes_act = act(C, Remark.FILE_ACCEPTED, offered(2, 100))
    with pytest.raises(MalformedFrame):
        check_data(yes_act, AGREED, TH, {}, offered_files(journal.entries))
    journal.act(T, Remark.FILE_OFFERED, offered(2, 100))
    check_data(yes_act, AGREED, TH, {}, offered_files(journal.entries))
    other = act(C, Remark.FILE_ACCEPTED, offered(2, 101))
    with pytest.raises(MalformedFrame):
        check_data(other, AGREED, TH, {}, offered_files(journal.entries))


def test_R32_a_files_name_has_no_place_in_the_journal() -> None:
    named = act(T, Remark.FILE_OFFERED, {**offered(2, 100), "name": "impots.pdf"})
    with pytest.raises(MalformedFrame):
        check_data(named, AGREED, TH)
