"""Extra work as it is proposed, shown and accepted: word by word, at its price."""

import pytest

from cordee_shared.canonical import Json
from cordee_shared.errors import MalformedFrame
from cordee_shared.session.extra import (
    PRICE_MAX,
    Extra,
    accepted_data,
    check_accepted,
    render_extra,
)
from cordee_shared.session.language import Language
from tests.make_rule_vectors import OFFER

EXTRA = Extra("Antivirus, un an", 3990)
PROPOSAL = "a" * 64
NAME = "Luc Moreau"


def yes(language: Language = Language.FR) -> dict[str, Json]:
    """Return an honest acceptance."""
    text = render_extra(EXTRA, language, OFFER, NAME)
    return accepted_data(PROPOSAL, EXTRA, text, "mouse")


@pytest.mark.parametrize("language", Language)
def test_R06_what_and_how_much_is_shown_before_any_click(language: Language) -> None:
    text = render_extra(EXTRA, language, OFFER, NAME)
    whole = " ".join((text.title, *text.paragraphs))
    price = "39,90\u00a0€" if language is Language.FR else "€39.90"
    for said in (EXTRA.label, NAME, price):
        assert said in whole
    assert "{" not in whole
    check_accepted(yes(language), {PROPOSAL: EXTRA.data}, OFFER, NAME)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("extra", "b" * 64),
        ("extra", []),
        ("label", "Autre chose"),
        ("price_cents", 1),
        ("language", "de"),
        ("version", "2021"),
        ("text", "0" * 64),
        ("hand", 7),
        ("more", 1),
    ],
)
def test_R06_an_acceptance_of_anything_else_is_not_taken(
    name: str, value: Json
) -> None:
    with pytest.raises(MalformedFrame):
        check_accepted(yes() | {name: value}, {PROPOSAL: EXTRA.data}, OFFER, NAME)


def test_R06_what_was_never_proposed_cannot_be_accepted() -> None:
    with pytest.raises(MalformedFrame, match="does not wait"):
        check_accepted(yes(), {}, OFFER, NAME)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"label": "x"},
        {"label": "", "price_cents": 1},
        {"label": " x", "price_cents": 1},
        {"label": "a\u202eb", "price_cents": 1},
        {"label": "x" * 201, "price_cents": 1},
        {"label": "x", "price_cents": 0},
        {"label": "x", "price_cents": -5},
        {"label": "x", "price_cents": True},
        {"label": "x", "price_cents": PRICE_MAX + 1},
        {"label": "x", "price_cents": "1"},
        {"label": "x", "price_cents": 1, "more": 1},
    ],
)
def test_R06_an_extra_has_a_label_and_a_price(data: dict[str, Json]) -> None:
    with pytest.raises(MalformedFrame):
        Extra.read(data)


def test_a_label_with_signs_is_shown_and_not_obeyed() -> None:
    odd = Extra("{price} <b>gratuit</b>", 100)
    assert Extra.read(odd.data) == odd
    assert odd.label in render_extra(odd, Language.FR, OFFER, NAME).title
