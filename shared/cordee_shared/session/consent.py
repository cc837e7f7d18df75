"""What the customer is shown before saying yes, word by word.

The exact text is evidence: it is rendered here from the signed offer, shown by the
agent as it stands, and hashed into the act of consent; the relay renders it again
and refuses a consent to any other text (billing_legal.md R23, R24). Changing one
word takes a new :data:`VERSION`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cordee_shared.canonical import Json, canonical, sha256_hex
from cordee_shared.errors import MalformedFrame
from cordee_shared.session.asking import PLEASE, Ask, Asked, are_answered
from cordee_shared.session.language import Language, money
from cordee_shared.session.offer import Offer, Opening, Reclaimed
from cordee_shared.session.questions import questions

__all__ = [
    "VERSION",
    "ConsentText",
    "Language",
    "Scope",
    "check_consent",
    "consent_data",
    "money",
    "render",
]

#: Dated after the day its words were settled.
VERSION: Final = "2026-11-23.3"


class Scope(StrEnum):
    """What one consent allows; each is asked for by itself."""

    VIEW = "view"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One question as shown: its title, its paragraphs, then what is asked more."""

    scope: Scope
    language: Language
    title: str
    paragraphs: tuple[str, ...]
    #: Each has to be answered before there can be a yes; none is ticked (R13).
    questions: tuple[Asked, ...] = ()

    @property
    def words(self) -> dict[str, Json]:
        """Version, scope, language and every word: what is hashed, and kept."""
        return {
            "version": VERSION,
            "scope": self.scope.value,
            "language": self.language.value,
            "title": self.title,
            "paragraphs": list(self.paragraphs),
            "questions": [
                {
                    "ask": each.ask.value,
                    "words": each.words,
                    "answers": [list(answer) for answer in each.answers],
                }
                for each in self.questions
            ],
        }

    @property
    def hash(self) -> str:
        """SHA-256 over :attr:`words`."""
        return sha256_hex(canonical(self.words))


def render(
    scope: Scope, language: Language, offer: Offer, technician: str
) -> ConsentText:
    """Return the question for this offer and this technician."""
    price = money(offer.price_cents, offer.currency, language)
    minutes = offer.unit_s // 60
    minimum = offer.unit_s * offer.minimum_units // 60
    opens, stops = Opening(offer.service_opens), Reclaimed(offer.reclaimed)
    words = {
        "opens": _OPENS[opens, language],
        "stops": _STOPS[stops, language],
        "counted": _COUNTED[opens, language],
        "technician": technician,
        "organisation": offer.organisation,
        "purpose": offer.purpose,
        "price": price,
        "minutes": minutes,
        "minimum": minimum,
        "terms": offer.terms_version,
        "contact": _contact(offer, language),
    }
    title, paragraphs = _TEXTS[scope, language]
    return ConsentText(
        scope,
        language,
        title.format_map(words),
        tuple(paragraph.format_map(words) for paragraph in paragraphs),
        questions(language, offer) if scope is Scope.VIEW else (),
    )


def _contact(offer: Offer, language: Language) -> str:
    """Return where questions go: by phone, and in writing where that is known (R33)."""
    either = {Language.FR: "ou", Language.EN: "or"}[language]
    return f"{offer.phone} {either} {offer.email}" if offer.email else offer.phone


def consent_data(
    text: ConsentText,
    offer_hash: str,
    hand: str,
    answers: Mapping[str, str] = MappingProxyType({}),
    backup_cents: int = 0,
    terms_hash: str = "",
) -> dict[str, Json]:
    """Return what an act of consent says; ``hand`` is how the yes was given.

    A yes to seeing names the hash of the terms that were offered with it (R09).
    ``answers`` holds the customer's own answer to each question of the text. One that
    orders a backup brings its price along: it is billed by this act (R06, R31).
    """
    data: dict[str, Json] = {
        "scope": text.scope.value,
        "language": text.language.value,
        "version": VERSION,
        "text": text.hash,
        "offer": offer_hash,
        "hand": hand,
    }
    if text.scope is Scope.VIEW:
        data["terms"] = terms_hash
    if text.questions:
        data["answers"] = dict(answers)
    if answers.get(Ask.BACKUP) == PLEASE:
        data["backup_cents"] = backup_cents
    return data


def check_consent(
    data: Mapping[str, Any],
    scope: Scope,
    offer: Offer,
    offer_hash: str,
    technician: str,
) -> None:
    """Insist that a consent is to the text in force for this offer.

    Raises:
        MalformedFrame: another text, version, offer or scope; or a question without
            an answer that lets work begin (R08, R13, R31).
    """
    if data.get("scope") != scope or data.get("version") != VERSION:
        raise MalformedFrame("consent to another scope or version")
    try:
        language = Language(str(data.get("language")))
    except ValueError:
        raise MalformedFrame("consent in no language that exists") from None
    text = render(scope, language, offer, technician)
    answers = data.get("answers", {})
    if not isinstance(answers, Mapping) or not are_answered(text.questions, answers):
        raise MalformedFrame("consent without an answer to every question")
    hand, price = str(data.get("hand")), offer.backup_cents
    terms = offer.terms_hash
    if data != consent_data(text, offer_hash, hand, answers, price, terms):
        raise MalformedFrame("consent to a text that was not in force")


_TEXTS: Final[Mapping[tuple[Scope, Language], tuple[str, tuple[str, ...]]]] = {
    (Scope.VIEW, Language.FR): (
        "{technician} ({organisation}) demande à voir votre écran",
        (
            "Pour : {purpose}.",
            "{technician} verra tout ce qui est affiché sur votre écran. Fermez ce que "
            "vous souhaitez garder pour vous.",
            "Pour utiliser votre souris et votre clavier, une seconde demande vous "
            "sera faite. Sans votre accord, rien ne commence.",
            "À tout moment, bougez votre souris : vous reprenez la main aussitôt. Vous "
            "pouvez aussi masquer l’écran ou terminer.",
            "Prix : {price} TTC par tranche de {minutes} minutes commencée, minimum "
            "{minimum} minutes. {opens} ; {stops}.",
            "Sont enregistrés : vos accords, les reprises de main et la durée. Jamais "
            "ce que montre l’écran ni ce qui est tapé.",
            "Gardez un antivirus à jour et une copie de vos données. N’envoyez par "
            "Internet rien de confidentiel. Une intervention peut mettre fin à la "
            "garantie du fabricant.",
            "Conditions générales de {organisation}, version {terms} : à lire "
            "ci-dessous. Questions : {contact}.",
        ),
    ),
    (Scope.VIEW, Language.EN): (
        "{technician} ({organisation}) asks to see your screen",
        (
            "For: {purpose}.",
            "{technician} will see everything that your screen shows. Close what you "
            "want to keep to yourself.",
            "To use your mouse and keyboard, you will be asked a second time. Without "
            "your agreement nothing starts.",
            "At any time, move your mouse: you have control again at once. You can "
            "also hide the screen, or end.",
            "Price: {price} incl. tax for each {minutes} minutes begun, at least "
            "{minimum} minutes. {opens}; {stops}.",
            "Recorded: your agreements, each time you take control back, and how long "
            "it took. Never what the screen shows nor what is typed.",
            "Keep an antivirus up to date and a copy of your data. Send nothing "
            "confidential over the Internet. Work on a computer may end its "
            "manufacturer’s warranty.",
            "General terms of {organisation}, version {terms}: to be read below. "
            "Questions: {contact}.",
        ),
    ),
    (Scope.CONTROL, Language.FR): (
        "{technician} demande à utiliser votre souris et votre clavier",
        (
            "Bougez votre souris, même un peu : tout s’arrête aussitôt, et vous gardez "
            "la main jusqu’à ce que vous la rendiez.",
            "{counted} : {price} TTC par tranche de {minutes} minutes commencée, "
            "minimum {minimum} minutes.",
        ),
    ),
    (Scope.CONTROL, Language.EN): (
        "{technician} asks to use your mouse and keyboard",
        (
            "Move your mouse, even a little: everything stops at once, and you keep "
            "control until you give it back.",
            "{counted}: {price} incl. tax for each {minutes} minutes begun, at least "
            "{minimum} minutes.",
        ),
    ),
}

# How time counts, in words, by the policy's two keys (billing_legal.md 3.1).
_OPENS: Final[Mapping[tuple[Opening, Language], str]] = {
    (Opening.CONTROL, Language.FR): (
        "Le temps ne compte qu’à partir de votre accord pour la prise en main"
    ),
    (Opening.CONTROL, Language.EN): (
        "Time counts only from your agreement to be helped with mouse and keyboard"
    ),
    (Opening.VIEW, Language.FR): "Le temps compte dès que vous montrez votre écran",
    (Opening.VIEW, Language.EN): "Time counts as soon as you show your screen",
}
_STOPS: Final[Mapping[tuple[Reclaimed, Language], str]] = {
    (Reclaimed.PAUSE, Language.FR): (
        "il s’arrête quand vous reprenez la main, masquez l’écran, ou si la liaison "
        "est coupée"
    ),
    (Reclaimed.PAUSE, Language.EN): (
        "it stops when you take control back, hide the screen, or the link is lost"
    ),
    (Reclaimed.COUNT, Language.FR): (
        "il continue quand vous reprenez la main, et s’arrête quand vous masquez "
        "l’écran ou si la liaison est coupée"
    ),
    (Reclaimed.COUNT, Language.EN): (
        "it goes on when you take control back, and stops when you hide the screen or "
        "the link is lost"
    ),
}
_COUNTED: Final[Mapping[tuple[Opening, Language], str]] = {
    (Opening.CONTROL, Language.FR): "Le temps compté commence avec votre accord",
    (Opening.CONTROL, Language.EN): "Counted time starts with your agreement",
    (Opening.VIEW, Language.FR): "Le temps compte depuis que vous montrez votre écran",
    (Opening.VIEW, Language.EN): "Time has counted since you showed your screen",
}
