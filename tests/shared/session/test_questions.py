"""Every question has words in every language, and one for each answer."""

from dataclasses import replace

import pytest

from cordee_shared.session.asking import ANSWERS, Ask
from cordee_shared.session.language import Language
from cordee_shared.session.questions import questions
from tests.make_rule_vectors import ASKING, OFFER


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("ask", Ask)
def test_R08_R13_R31_every_answer_has_its_words(ask: Ask, language: Language) -> None:
    (one,) = questions(language, replace(ASKING, asks=(ask,)))
    assert tuple(value for value, _ in one.answers) == ANSWERS[ask]
    for text in (one.words, *(words for _, words in one.answers)):
        assert text
        assert "{" not in text


def test_an_offer_that_asks_nothing_has_no_questions() -> None:
    assert questions(Language.FR, OFFER) == ()


def test_R31_the_price_of_a_backup_stands_in_its_answer() -> None:
    (one,) = questions(Language.EN, replace(ASKING, asks=(Ask.BACKUP,)))
    assert dict(one.answers)["please"].endswith("€20.00 incl. tax")
