"""Who is at the other end: the code and the relay's signatures must both fit."""

import pytest

from cordee_agent.window.model import Answer, Hand
from cordee_shared.canonical import b64
from cordee_shared.pairing.machine import Pairing
from cordee_shared.pairing.schedule import Role
from cordee_shared.session.consent import Scope
from cordee_shared.session.offer import Attestation
from cordee_shared.session.states import Event
from cordee_shared.wire import control
from tests.agent.opposite import CODE, OFFER, ORIGIN, TERMS, Dice, Opposite


def test_the_right_code_and_a_signed_name_make_a_session() -> None:
    meeting = Opposite().meet()
    assert not meeting.has_failed
    assert meeting.met is not None
    assert meeting.met.consent.technician == "Claire Martin"
    assert meeting.met.ledger.seen == 1


@pytest.mark.parametrize("terms", ["", "D’autres conditions.", TERMS[:-1]])
def test_R09_nobody_is_asked_to_agree_to_terms_that_did_not_come(terms: str) -> None:
    meeting = Opposite(terms=terms).meet()
    assert meeting.has_failed
    assert meeting.met is None


def test_R09_the_question_about_seeing_brings_the_terms_that_the_offer_names() -> None:
    meeting = Opposite().meet()
    assert meeting.met is not None
    consent = meeting.met.consent
    question = consent.ask(Scope.VIEW, until=1)
    assert question.terms == TERMS
    said = consent.yes(question, Answer(question.id, True, Hand.MOUSE))
    assert said["terms"] == OFFER.terms_hash
    assert consent.ask(Scope.CONTROL, until=2).terms == ""


def test_s11_a_wrong_code_fails_the_run_and_says_so() -> None:
    opposite = Opposite(secret="91308")
    meeting = opposite.meet()
    assert meeting.has_failed
    assert meeting.met is None
    assert opposite.heard.pop() == control.RunFailed()


def reconnect(opposite: Opposite, att: Attestation | None) -> None:
    """Let the console bring another attestation than the relay's own."""
    said = None if att is None else att.signed(opposite.relay_key)
    opposite.pairing = Pairing(
        Role.CONSOLE,
        code=CODE,
        direction="b",
        origin=ORIGIN,
        pk=opposite.pk,
        entropy=Dice(1000),
        att=None if said is None else {"text": said.text, "sig": said.sig},
    )


@pytest.mark.parametrize(
    "att",
    [
        None,
        Attestation(OFFER.organisation, "Claire Martin", b64(b"x" * 32), 2**40),
        Attestation(OFFER.organisation, "Claire Martin", "", 1),
    ],
    ids=["none at all", "about another key", "expired"],
)
def test_s24_a_name_that_is_not_signed_for_this_key_is_nobody(
    att: Attestation | None,
) -> None:
    opposite = Opposite()
    if att is not None and att.pk == "":
        att = Attestation(att.organisation, att.technician, b64(opposite.pk), 1)
    reconnect(opposite, att)
    meeting = opposite.meet()
    assert meeting.has_failed
    assert meeting.met is None


def test_s24_a_name_signed_by_another_key_is_nobody() -> None:
    opposite, other = Opposite(), Opposite()
    att = Attestation(OFFER.organisation, "Claire Martin", b64(opposite.pk), 2**40)
    said = att.signed(other.relay_key)
    opposite.pairing = Pairing(
        Role.CONSOLE,
        code=CODE,
        direction="b",
        origin=ORIGIN,
        pk=opposite.pk,
        entropy=Dice(1000),
        att={"text": said.text, "sig": said.sig},
    )
    assert opposite.meet().has_failed


def test_the_relay_may_end_the_run() -> None:
    opposite = Opposite()
    meeting = opposite.meeting()
    opposite.fact(Event.CODE_CLAIMED, {})
    opposite.fact(Event.ENDED, {"reason": "link_expired"})
    for entry in opposite.entries[1:]:
        meeting.on_message(control.EntryMade(entry=entry.raw.decode("ascii")))
    assert meeting.has_failed
