"""Questions: one at a time, answered once, and silence means no."""

import pytest

from cordee_agent.consent import Consent, why_not
from cordee_agent.window.model import Answer, Hand
from cordee_shared.session.consent import VERSION, Language, Scope, check_consent
from tests.agent.opposite import OFFER, TERMS
from tests.make_rule_vectors import ASKING


def consent(*, verified: bool = True) -> Consent:
    return Consent(
        OFFER, "f" * 64, "Claire Martin", Language.FR, verified=verified, terms=TERMS
    )


def test_an_answer_counts_once() -> None:
    asking = consent()
    question = asking.ask(Scope.VIEW, until=10)
    answer = Answer(question.id, True, Hand.MOUSE)
    assert asking.answered(answer) == question
    assert asking.answered(answer) is None


def test_an_answer_to_a_former_question_is_nothing() -> None:
    asking = consent()
    former = asking.ask(Scope.VIEW, until=10)
    asking.ask(Scope.CONTROL, until=10)
    assert asking.answered(Answer(former.id, True, Hand.MOUSE)) is None
    assert asking.open is not None


def test_a_question_dies_at_its_deadline_and_not_before() -> None:
    asking = consent()
    question = asking.ask(Scope.VIEW, until=10)
    assert asking.expired(9.9) is None
    assert asking.expired(10) == question
    assert asking.answered(Answer(question.id, True, Hand.MOUSE)) is None


def test_a_withdrawn_question_cannot_be_answered() -> None:
    asking = consent()
    question = asking.ask(Scope.CONTROL, until=10)
    asking.withdraw()
    assert asking.answered(Answer(question.id, True, Hand.MOUSE)) is None


def test_r24_a_yes_names_text_offer_and_hand() -> None:
    asking = consent()
    question = asking.ask(Scope.VIEW, until=10)
    assert asking.yes(question, Answer(question.id, True, Hand.KEYBOARD)) == {
        "scope": "view",
        "language": "fr",
        "version": VERSION,
        "text": question.text.hash,
        "offer": "f" * 64,
        "hand": "keyboard",
        "terms": OFFER.terms_hash,
    }


def test_a_no_says_whether_it_was_silence() -> None:
    asking = consent()
    question = asking.ask(Scope.CONTROL, until=10)
    assert asking.no(question, "timeout") == {"scope": "control", "why": "timeout"}


def test_s24_what_is_not_verified_is_said_with_the_question() -> None:
    assert not consent(verified=False).ask(Scope.VIEW, until=1).verified


# --- what is asked beside it

GOOD = (("adult", "adult"), ("backup", "done"), ("early", "yes"), ("waiver", "yes"))


def asking_consent() -> Consent:
    return Consent(ASKING, "f" * 64, "Luc Moreau", Language.FR, verified=True, terms="")


@pytest.mark.parametrize("left_out", range(4))
def test_R08_R13_R31_a_yes_without_an_answer_is_no_yes_and_the_question_stays(
    left_out: int,
) -> None:
    asking = asking_consent()
    question = asking.ask(Scope.VIEW, until=10)
    some = GOOD[:left_out] + GOOD[left_out + 1 :]
    assert asking.answered(Answer(question.id, True, Hand.MOUSE, some)) is None
    assert asking.open == question
    assert asking.answered(Answer(question.id, False, Hand.MOUSE, some)) == question


def test_R08_R13_R31_the_answers_stand_in_the_act() -> None:
    asking = asking_consent()
    question = asking.ask(Scope.VIEW, until=10)
    answer = Answer(question.id, True, Hand.MOUSE, GOOD)
    assert asking.answered(answer) == question
    data = asking.yes(question, answer)
    assert data["answers"] == dict(GOOD)
    check_consent(data, Scope.VIEW, ASKING, "f" * 64, "Luc Moreau")


def test_R31_please_brings_its_price_into_the_act() -> None:
    asking = asking_consent()
    question = asking.ask(Scope.VIEW, until=10)
    please = (*GOOD[:1], ("backup", "please"), *GOOD[2:])
    data = asking.yes(question, Answer(question.id, True, Hand.MOUSE, please))
    assert data["backup_cents"] == ASKING.backup_cents
    check_consent(data, Scope.VIEW, ASKING, "f" * 64, "Luc Moreau")


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ((), "no"),
        ((("adult", "minor"),), "minor"),
        ((("adult", "authorised"),), "no"),
        ((("backup", "please"),), "backup"),
    ],
)
def test_R08_R31_a_refusal_says_what_the_technician_can_help_with(
    answers: tuple[tuple[str, str], ...], why: str
) -> None:
    assert why_not(Answer(1, False, Hand.MOUSE, answers)) == why
