"""Every sentence exists in each language, and there is one for whatever happens."""

import re
import string
from pathlib import Path

import pytest

import cordee_agent
from cordee_agent.window.text import duration, said, texts
from cordee_shared import errors
from cordee_shared.session.consent import Language
from cordee_shared.session.states import EndReason

#: Refusals that only a technician can be told.
TECHNICIANS = {"consent_denied", "not_in_control", "not_signed_in", "login_failed"}
#: Refusals that are said where they happen, in the words of files and of copied texts.
IN_PLACE = {"name_refused", "text_refused"}
#: Words of others: architecture.md 6 and our glossary have better ones.
NOT_OURS = re.compile(r"\b(user|client|host|guest|kill|block|PIN|serveur X)\b", re.I)


def keys(text: str) -> set[str]:
    """Return the places that a sentence leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def subclasses(kind: type) -> list[type]:
    children: list[type] = kind.__subclasses__()
    return [kind, *(each for child in children for each in subclasses(child))]


def told_by_the_agent() -> set[str]:
    """Return every key of a trouble that stands in the agent's own modules."""
    folder = Path(cordee_agent.__file__).parent
    written = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    return set(
        re.findall(r'"((?:link|code)_[a-z_]+|relay_changed|no_desktop)"', written)
    )


def test_each_language_has_the_same_sentences() -> None:
    french, english = texts(Language.FR), texts(Language.EN)
    assert french.keys() == english.keys()
    assert {key: keys(french[key]) for key in french} == {
        key: keys(english[key]) for key in english
    }


def test_no_sentence_is_empty_or_has_markup(language: Language) -> None:
    for key, text in texts(language).items():
        assert text.strip() == text, key
        assert text, key
        assert not set("<>&\n") & set(text), key


def test_every_end_has_its_sentence(language: Language) -> None:
    missing = [each for each in EndReason if f"end.{each.value}" not in texts(language)]
    assert missing == []


def test_every_refusal_that_a_customer_may_meet_has_its_sentence(
    language: Language,
) -> None:
    codes = {
        str(vars(each)["code"])
        for root in (errors.Refused, errors.Unavailable)
        for each in subclasses(root)
        if "code" in vars(each)
    }
    found = texts(language)
    codes -= TECHNICIANS | IN_PLACE
    missing = {code for code in codes if f"trouble.{code}" not in found}
    assert missing == set()


def test_every_trouble_of_the_agents_own_has_its_sentence(language: Language) -> None:
    told = told_by_the_agent()
    assert {"link_unreachable", "code_wrong", "relay_changed", "no_desktop"} <= told
    found = texts(language)
    missing = {
        key
        for key in told
        if f"trouble.{key}" not in found and f"end.{key}" not in found
    }
    assert missing == set()


def test_what_nobody_foresaw_is_said_all_the_same(language: Language) -> None:
    assert said(language, "trouble", "brand_new") == texts(language)["trouble."]
    assert said(language, "end", "brand_new") == texts(language)["end."]
    assert said(language, "end", "idle") == texts(language)["end.idle"]


def test_the_words_are_ours(language: Language) -> None:
    found = [text for text in texts(language).values() if NOT_OURS.search(text)]
    assert found == []


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (-3, "0 s"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (207, "3 min 27 s"),
        (605, "10 min 05 s"),
        (3600, "1 h 00 min"),
        (7325, "2 h 02 min"),
    ],
)
def test_a_length_of_time_is_written_as_it_is_said(seconds: int, written: str) -> None:
    assert duration(seconds) == written
