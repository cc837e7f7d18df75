"""Work beyond what was agreed: proposed with its price, accepted by a click (R06).

The terms want a quote "à accepter, avant toute réalisation" (3.2). The words shown are
hashed into the customer's act, as those of a consent are; the relay renders them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from cordee_shared.canonical import Json, canonical, sha256_hex
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import TEXT_MAX
from cordee_shared.session.asking import Asked
from cordee_shared.session.language import Language, money
from cordee_shared.session.offer import Offer

#: Dated after the day its words were settled.
VERSION: Final = "2026-11-23"
#: Cents: more than this is no extra, but another engagement.
PRICE_MAX: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Extra:
    """What is proposed."""

    label: str
    #: All taxes included.
    price_cents: int

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Read what a proposal says.

        Raises:
            MalformedFrame: no label that can be shown, or no price.
        """
        match data:
            case {"label": str(label), "price_cents": int(cents), **rest} if not rest:
                said = 0 < len(label) <= TEXT_MAX and label.isprintable()
                # A bool is an int to Python, and no price.
                priced = type(cents) is int and 0 < cents <= PRICE_MAX
                if said and label.strip() == label and priced:
                    return cls(label, cents)
        raise MalformedFrame("not an extra: a label and a price in cents")

    @property
    def data(self) -> dict[str, Json]:
        """What a proposal says of it."""
        return {"label": self.label, "price_cents": self.price_cents}


@dataclass(frozen=True, slots=True)
class ExtraText:
    """The question as shown."""

    language: Language
    title: str
    paragraphs: tuple[str, ...]
    #: Nothing is asked beside it.
    questions: tuple[Asked, ...] = ()

    @property
    def words(self) -> dict[str, Json]:
        """Version, language and every word: what is hashed, and kept."""
        return {
            "version": VERSION,
            "extra": True,
            "language": self.language.value,
            "title": self.title,
            "paragraphs": list(self.paragraphs),
        }

    @property
    def hash(self) -> str:
        """SHA-256 over :attr:`words`."""
        return sha256_hex(canonical(self.words))


def render_extra(
    extra: Extra, language: Language, offer: Offer, technician: str
) -> ExtraText:
    """Return the question for this extra."""
    title, paragraphs = _TEXTS[language]
    words = {
        "technician": technician,
        "label": extra.label,
        "price": money(extra.price_cents, offer.currency, language),
        "phone": offer.phone,
    }
    return ExtraText(
        language,
        title.format_map(words),
        tuple(paragraph.format_map(words) for paragraph in paragraphs),
    )


def accepted_data(
    proposal: str, extra: Extra, text: ExtraText, hand: str
) -> dict[str, Json]:
    """Return what an acceptance says; ``proposal`` is the proposing act's hash."""
    return {
        "extra": proposal,
        "label": extra.label,
        "price_cents": extra.price_cents,
        "language": text.language.value,
        "version": VERSION,
        "text": text.hash,
        "hand": hand,
    }


def check_accepted(
    data: Mapping[str, Any],
    proposals: Mapping[str, Mapping[str, Any]],
    offer: Offer,
    technician: str,
) -> None:
    """Insist that an acceptance is of what was proposed, in the words in force.

    Args:
        data: what the act says.
        proposals: what waits for an answer, by the proposing act's hash.
        offer: brings currency and phone.
        technician: who proposed it.

    Raises:
        MalformedFrame: it is not.
    """
    proposal = data.get("extra")
    if not isinstance(proposal, str) or proposal not in proposals:
        raise MalformedFrame("an extra that does not wait for an answer")
    try:
        language = Language(str(data.get("language")))
    except ValueError:
        raise MalformedFrame("an extra in no language that exists") from None
    extra = Extra.read(proposals[proposal])
    text = render_extra(extra, language, offer, technician)
    if data != accepted_data(proposal, extra, text, str(data.get("hand"))):
        raise MalformedFrame("an extra of other words or at another price")


_TEXTS: Final[Mapping[Language, tuple[str, tuple[str, ...]]]] = {
    Language.FR: (
        "{technician} propose un travail en plus : {label}",
        (
            "Prix : {price} TTC, en plus du temps passé.",
            "Rien n’est fait ni facturé sans votre accord. Refuser ne change rien au "
            "reste de l’intervention.",
            "Questions : {phone}.",
        ),
    ),
    Language.EN: (
        "{technician} proposes more work: {label}",
        (
            "Price: {price} incl. tax, on top of the time spent.",
            "Nothing is done or billed without your agreement. Refusing changes "
            "nothing about the rest of the work.",
            "Questions: {phone}.",
        ),
    ),
}
