"""Questions: one at a time, answered once, and silence means no."""

from cordee_agent.consent import Consent
from cordee_agent.window.model import Answer, Hand
from cordee_shared.session.consent import VERSION, Language, Scope
from tests.agent.opposite import OFFER


def consent(*, verified: bool = True) -> Consent:
    return Consent(OFFER, "f" * 64, "Claire Martin", Language.FR, verified=verified)


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
    }


def test_a_no_says_whether_it_was_silence() -> None:
    asking = consent()
    question = asking.ask(Scope.CONTROL, until=10)
    assert asking.no(question, "timeout") == {"scope": "control", "why": "timeout"}


def test_s24_what_is_not_verified_is_said_with_the_question() -> None:
    assert not consent(verified=False).ask(Scope.VIEW, until=1).verified
