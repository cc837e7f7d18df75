"""French as it is printed: no mark is torn from its word."""

import re

from cordee_agent.window.text.fr import TEXT


def test_double_marks_and_quotes_stay_with_their_words() -> None:
    torn = re.compile(r" [:;?!»]|« |[^\u00a0][:;?!»](?=\s|$)")
    assert [text for text in TEXT.values() if torn.search(text)] == []


def test_apostrophes_are_round() -> None:
    assert [text for text in TEXT.values() if "'" in text] == []


def test_she_is_warned_of_swindlers_before_any_question() -> None:
    warning = "Votre banque, la police, un fournisseur n’appellent jamais pour prendre"
    assert warning in TEXT["home.scam"]
