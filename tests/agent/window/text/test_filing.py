"""The sentences about files: all of them in both languages."""

from __future__ import annotations

import string

import pytest

from cordee_agent.window.text.filing import size_words, words
from cordee_shared.session.consent import Language
from cordee_shared.wire.files import Why


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    fr, en = words(Language.FR), words(Language.EN)
    assert set(fr) == set(en)
    for key in fr:
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(text[key]) if name}
            for text in (fr, en)
        ]
        assert blanks[0] == blanks[1]


def test_every_reason_has_its_sentence() -> None:
    for language in Language:
        assert {f"why.{why.value}" for why in Why} <= set(words(language))


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (0, "0\u00a0octets", "0\u00a0bytes"),
        (999, "999\u00a0octets", "999\u00a0bytes"),
        (1500, "1,5\u00a0ko", "1.5\u00a0kB"),
        (99_960, "100\u00a0ko", "100\u00a0kB"),
        (999_600, "1\u00a0Mo", "1\u00a0MB"),
        (2_147_483_648, "2,1\u00a0Go", "2.1\u00a0GB"),
    ],
)
def test_sizes_are_written_as_people_do(size: int, french: str, english: str) -> None:
    assert size_words(size, Language.FR) == french
    assert size_words(size, Language.EN) == english
