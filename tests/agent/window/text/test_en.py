"""English as it is printed."""

import re

from cordee_agent.window.text.en import TEXT


def test_quotes_and_apostrophes_are_round() -> None:
    assert [text for text in TEXT.values() if set("'\"") & set(text)] == []


def test_no_space_stands_before_a_mark() -> None:
    assert [text for text in TEXT.values() if re.search(r"\s[,.:;?!]", text)] == []


def test_nothing_french_was_left_behind() -> None:
    assert [text for text in TEXT.values() if re.search("[éèàçù«»\u00a0]", text)] == []
