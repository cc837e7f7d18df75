import re
from dataclasses import fields

import pytest

from cordee_server.web.systems import COMPUTERS
from cordee_server.web.welcome_words import EN, FR, PRIVACY, WORDS, Words
from cordee_shared.session.language import Language


@pytest.mark.parametrize("field", [one.name for one in fields(Words)])
def test_both_languages_say_every_sentence_with_the_same_gaps(field: str) -> None:
    french, english = getattr(FR, field), getattr(EN, field)
    assert type(french) is type(english)
    assert len(french) > 0
    if isinstance(french, str):
        assert french.count("{}") == english.count("{}")


def test_there_are_three_pictures_in_each_language() -> None:
    for words in WORDS.values():
        assert len(words.steps) == 3
        assert set(words.systems) == set(COMPUTERS)


def test_french_keeps_its_marks_together() -> None:
    said = [getattr(FR, one.name) for one in fields(Words)]
    texts = [text for text in said if isinstance(text, str)]
    texts += [text for step in FR.steps for text in step]
    texts += PRIVACY[Language.FR]
    for text in texts:
        assert not re.search(r" [:;?!]", text), text
        assert "'" not in text, text


def test_the_notice_is_as_long_in_both_languages() -> None:
    assert len(PRIVACY[Language.FR]) == len(PRIVACY[Language.EN])
