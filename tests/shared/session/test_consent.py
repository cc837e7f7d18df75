"""What the customer is shown: every word, its hash, and that no other is taken."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.canonical import Json
from cordee_shared.errors import MalformedFrame
from cordee_shared.session.asking import Ask
from cordee_shared.session.consent import (
    VERSION,
    ConsentText,
    Language,
    Scope,
    check_consent,
    consent_data,
    money,
    render,
)
from cordee_shared.session.offer import Offer, Opening, Reclaimed
from tests.make_rule_vectors import ASKING, OFFER, VECTORS

NAME = "Luc Moreau"
HASH = "5" * 64
NBSP = "\u00a0"

everything = pytest.mark.parametrize(
    ("scope", "language", "opens", "reclaimed"),
    [
        (scope, language, opens, reclaimed)
        for scope in Scope
        for language in Language
        for opens in Opening
        for reclaimed in Reclaimed
    ],
)


def whole(text: ConsentText) -> str:
    """Return everything that is shown."""
    return "\n".join((text.title, *text.paragraphs))


def shown(scope: Scope, language: Language, offer: Offer = OFFER) -> str:
    """Return what is shown for an offer."""
    return whole(render(scope, language, offer, NAME))


# --- what is shown


@everything
def test_r23_a_text_is_whole_in_every_language_under_every_policy(
    scope: Scope, language: Language, opens: Opening, reclaimed: Reclaimed
) -> None:
    offer = replace(OFFER, service_opens=opens, reclaimed=reclaimed)
    text = shown(scope, language, offer)
    assert NAME in text
    assert "{" not in text
    assert "  " not in text
    assert money(OFFER.price_cents, "EUR", language) in text
    assert "30 minutes" in text


@pytest.mark.parametrize("language", Language)
def test_r23_the_first_question_says_who_what_for_and_whom_to_ask(
    language: Language,
) -> None:
    text = shown(Scope.VIEW, language)
    for word in (OFFER.organisation, OFFER.purpose, OFFER.terms_version, OFFER.phone):
        assert word in text


def test_b03_price_unit_and_minimum_are_shown_before_any_consent() -> None:
    offer = replace(OFFER, unit_s=900, minimum_units=3)
    french = shown(Scope.VIEW, Language.FR, offer)
    assert (
        f"25,00{NBSP}€ TTC par tranche de 15 minutes commencée, minimum 45 minutes"
        in french
    )
    english = shown(Scope.VIEW, Language.EN, offer)
    assert "€25.00 incl. tax for each 15 minutes begun, at least 45 minutes" in english


@pytest.mark.parametrize("language", Language)
def test_the_text_says_how_time_counts_under_the_policy_in_force(
    language: Language,
) -> None:
    texts = {
        shown(
            Scope.VIEW,
            language,
            replace(OFFER, service_opens=opens, reclaimed=reclaimed),
        )
        for opens in Opening
        for reclaimed in Reclaimed
    }
    assert len(texts) == 4
    pausing = shown(Scope.VIEW, language)
    word = (
        "s’arrête quand vous reprenez la main" if language == "fr" else "stops when you"
    )
    assert word in pausing


def test_r24_every_text_is_the_golden_one_word_by_word() -> None:
    made = json.loads((VECTORS / "consent.json").read_text("ascii"))
    assert made["version"] == VERSION
    assert len(made["texts"]) == 16
    for golden in made["texts"]:
        offer = replace(
            OFFER,
            service_opens=golden["service_opens"],
            reclaimed=golden["reclaimed"],
        )
        text = render(Scope(golden["scope"]), Language(golden["language"]), offer, NAME)
        assert text.title == golden["title"]
        assert list(text.paragraphs) == golden["paragraphs"]
        assert text.hash == golden["hash"]


def test_r24_one_word_more_is_another_hash() -> None:
    text = render(Scope.VIEW, Language.FR, OFFER, NAME)
    others = [
        replace(text, title=text.title + "."),
        replace(text, paragraphs=text.paragraphs[:-1]),
        replace(text, paragraphs=(*text.paragraphs, "")),
        replace(text, scope=Scope.CONTROL),
        replace(text, language=Language.EN),
    ]
    assert len({text.hash, *(other.hash for other in others)}) == 6


def test_what_a_person_entered_is_shown_as_it_stands() -> None:
    offer = replace(OFFER, purpose="{price} and {0} for free")
    text = shown(Scope.VIEW, Language.EN, offer)
    assert "For: {price} and {0} for free." in text


@pytest.mark.parametrize(
    ("cents", "currency", "french", "english"),
    [
        (0, "EUR", f"0,00{NBSP}€", "€0.00"),
        (5, "EUR", f"0,05{NBSP}€", "€0.05"),
        (2500, "EUR", f"25,00{NBSP}€", "€25.00"),
        (123456, "CHF", f"1234,56{NBSP}CHF", "CHF1234.56"),
    ],
)
def test_money_is_written_as_the_language_does(
    cents: int, currency: str, french: str, english: str
) -> None:
    assert money(cents, currency, Language.FR) == french
    assert money(cents, currency, Language.EN) == english


# --- what is taken for a yes


def a_yes(
    scope: Scope = Scope.VIEW, language: Language = Language.FR
) -> dict[str, Json]:
    """Return what an honest act of consent says."""
    text, terms = render(scope, language, OFFER, NAME), OFFER.terms_hash
    return consent_data(text, HASH, "pointer", terms_hash=terms)


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("language", Language)
def test_r24_a_yes_to_the_text_in_force_is_taken(
    scope: Scope, language: Language
) -> None:
    check_consent(a_yes(scope, language), scope, OFFER, HASH, NAME)
    assert a_yes(scope, language)["text"] == render(scope, language, OFFER, NAME).hash


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scope", "control"),
        ("scope", None),
        ("language", "en"),
        ("language", "de"),
        ("language", []),
        ("language", {}),
        ("version", "2021-11-01"),
        ("text", "0" * 64),
        ("text", None),
        ("offer", "0" * 64),
        ("hand", 7),
        ("hand", None),
        ("more", 1),
    ],
)
def test_r24_a_yes_to_anything_else_is_not_taken(name: str, value: Json) -> None:
    with pytest.raises(MalformedFrame):
        check_consent(a_yes() | {name: value}, Scope.VIEW, OFFER, HASH, NAME)


@pytest.mark.parametrize(
    "name", ["scope", "language", "version", "text", "offer", "hand"]
)
def test_r24_a_yes_that_leaves_something_out_is_not_taken(name: str) -> None:
    data = {key: value for key, value in a_yes().items() if key != name}
    with pytest.raises(MalformedFrame):
        check_consent(data, Scope.VIEW, OFFER, HASH, NAME)


def test_r24_a_yes_to_another_price_policy_or_person_is_not_taken() -> None:
    for offer, name in (
        (replace(OFFER, price_cents=2501), NAME),
        (replace(OFFER, reclaimed=Reclaimed.COUNT), NAME),
        (replace(OFFER, purpose="Autre chose"), NAME),
        (OFFER, "Somebody Else"),
    ):
        with pytest.raises(MalformedFrame):
            check_consent(a_yes(), Scope.VIEW, offer, HASH, name)


def test_a_yes_to_seeing_is_none_to_control() -> None:
    with pytest.raises(MalformedFrame):
        check_consent(a_yes(Scope.VIEW), Scope.CONTROL, OFFER, HASH, NAME)


@given(
    st.dictionaries(
        st.sampled_from(["scope", "language", "version", "text", "offer", "hand"]),
        st.none()
        | st.integers()
        | st.sampled_from(["view", "fr", VERSION, HASH])
        | st.lists(st.none()),
    )
)
def test_nothing_but_a_documented_error_comes_out(data: dict[str, Any]) -> None:
    with pytest.raises(MalformedFrame):
        check_consent(data, Scope.VIEW, OFFER, HASH, NAME)


# --- what the terms want to be said before it


def words_of(language: Language, **more: str) -> str:
    """Return every word of the first question."""
    text = render(Scope.VIEW, language, replace(OFFER, **more), NAME)  # type: ignore[arg-type]  # texts, all of them
    return " ".join(text.paragraphs)


def test_R09_a_yes_names_the_terms_that_were_offered_with_it() -> None:
    assert a_yes()["terms"] == OFFER.terms_hash
    assert "terms" not in a_yes(Scope.CONTROL)
    for other in ("", "f" * 64):
        with pytest.raises(MalformedFrame, match="not in force"):
            check_consent(a_yes() | {"terms": other}, Scope.VIEW, OFFER, HASH, NAME)
    assert "version 2021-11-01 : à lire" in words_of(Language.FR)
    assert "version 2021-11-01: to be read" in words_of(Language.EN)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.FR, ("un antivirus à jour", "une copie de vos données")),
        (Language.EN, ("an antivirus up to date", "a copy of your data")),
    ],
)
def test_R30_antivirus_and_data_are_spoken_of_before_any_yes(
    language: Language, said: tuple[str, ...]
) -> None:
    assert all(words in words_of(language) for words in said)


def test_R32_what_must_stay_confidential_does_not_go_over_the_internet() -> None:
    assert "N’envoyez par Internet rien de confidentiel." in words_of(Language.FR)
    assert "Send nothing confidential over the Internet." in words_of(Language.EN)


def test_R33_questions_go_by_phone_or_in_writing() -> None:
    assert words_of(Language.FR).endswith(f"Questions : {OFFER.phone}.")
    email = "contact@micro-alpes.fr"
    assert f"{OFFER.phone} ou {email}." in words_of(Language.FR, email=email)
    assert f"{OFFER.phone} or {email}." in words_of(Language.EN, email=email)


def test_R37_the_manufacturers_warranty_is_warned_of() -> None:
    assert "fin à la garantie du fabricant" in words_of(Language.FR)
    assert "end its manufacturer’s warranty" in words_of(Language.EN)


# --- what is asked beside it

GOOD = {"adult": "adult", "backup": "done", "early": "yes", "waiver": "yes"}


def answered(language: Language = Language.FR, **answers: str) -> dict[str, Json]:
    """Return a yes to the asking offer, with these answers beside the good ones."""
    text = render(Scope.VIEW, language, ASKING, NAME)
    said = {name: value for name, value in (GOOD | answers).items() if value}
    price, terms = ASKING.backup_cents, ASKING.terms_hash
    return consent_data(text, HASH, "mouse", said, price, terms)


@pytest.mark.parametrize("language", Language)
def test_R08_R13_R31_the_questions_are_part_of_the_hashed_text(
    language: Language,
) -> None:
    text = render(Scope.VIEW, language, ASKING, NAME)
    assert [each.ask for each in text.questions] == list(Ask)
    assert text.hash != replace(text, questions=text.questions[1:]).hash
    reworded = replace(text.questions[0], words="?")
    assert text.hash != replace(text, questions=(reworded, *text.questions[1:])).hash


def test_R13_the_statements_are_the_laws_own_words() -> None:
    early, waiver = render(Scope.VIEW, Language.FR, ASKING, NAME).questions[2:]
    assert early.words == "Délai de rétractation : jusqu’au 7 décembre 2026 inclus"
    assert early.answers[0][1] == (
        "Je demande expressément que l’intervention commence avant la fin du délai de "
        "rétractation de 14 jours."
    )
    assert waiver.answers[0][1] == (
        "Je reconnais perdre mon droit de rétractation une fois la prestation "
        "pleinement exécutée."
    )
    assert early.is_statement
    assert waiver.is_statement


@pytest.mark.parametrize("language", Language)
def test_R08_R13_R31_a_yes_with_every_answer_is_taken(language: Language) -> None:
    for data in (
        answered(language),
        answered(language, adult="authorised"),
        answered(language, backup="nothing"),
    ):
        check_consent(data, Scope.VIEW, ASKING, HASH, NAME)


@pytest.mark.parametrize("ask", GOOD)
def test_R08_R13_R31_a_yes_without_an_answer_is_not_taken(ask: str) -> None:
    with pytest.raises(MalformedFrame, match="every question"):
        check_consent(
            answered(Language.FR, **{ask: ""}), Scope.VIEW, ASKING, HASH, NAME
        )


def test_R08_a_minor_cannot_agree() -> None:
    with pytest.raises(MalformedFrame, match="every question"):
        check_consent(answered(adult="minor"), Scope.VIEW, ASKING, HASH, NAME)


def test_R31_please_back_up_first_names_its_price() -> None:
    data = answered(backup="please")
    check_consent(data, Scope.VIEW, ASKING, HASH, NAME)
    assert data["backup_cents"] == 2000
    for other in (data | {"backup_cents": 1}, answered() | {"backup_cents": 2000}):
        with pytest.raises(MalformedFrame):
            check_consent(other, Scope.VIEW, ASKING, HASH, NAME)
    words = dict(render(Scope.VIEW, Language.FR, ASKING, NAME).questions[1].answers)
    assert words["please"] == f"Sauvegardez-les d’abord, pour 20,00{NBSP}€ TTC en plus"


def test_R31_without_a_price_please_begins_nothing() -> None:
    free = replace(ASKING, backup_cents=0)
    text = render(Scope.VIEW, Language.FR, free, NAME)
    data = consent_data(text, HASH, "mouse", GOOD | {"backup": "please"})
    with pytest.raises(MalformedFrame, match="every question"):
        check_consent(data, Scope.VIEW, free, HASH, NAME)


def test_control_asks_nothing_more() -> None:
    assert render(Scope.CONTROL, Language.FR, ASKING, NAME).questions == ()


def test_answers_to_what_was_not_asked_are_no_consent() -> None:
    with pytest.raises(MalformedFrame):
        check_consent(
            a_yes() | {"answers": {"adult": "adult"}}, Scope.VIEW, OFFER, HASH, NAME
        )
    with pytest.raises(MalformedFrame):
        check_consent(a_yes() | {"answers": {}}, Scope.VIEW, OFFER, HASH, NAME)
