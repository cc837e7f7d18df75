"""The words of what is asked beside the consent itself (R08, R13, R31).

They are part of the hashed text: changing one takes a new ``consent.VERSION``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cordee_shared.session.asking import ANSWERS, MINOR, PLEASE, Ask, Asked
from cordee_shared.session.language import Language, long_day, money
from cordee_shared.session.offer import Offer


def questions(language: Language, offer: Offer) -> tuple[Asked, ...]:
    """Return what this offer asks, in the customer's language."""
    words = {
        "backup": money(offer.backup_cents, offer.currency, language),
        "until": long_day(offer.withdraw_by, language) if offer.withdraw_by else "",
    }
    return tuple(_asked(Ask(name), language, offer, words) for name in offer.asks)


def _asked(
    ask: Ask, language: Language, offer: Offer, words: Mapping[str, str]
) -> Asked:
    question, answers = _WORDS[ask, language]
    stops: tuple[str, ...] = (MINOR,) if ask is Ask.ADULT else ()
    said = dict(zip(ANSWERS[ask], answers, strict=True))
    if ask is Ask.BACKUP and not offer.backup_cents:
        # Nothing was agreed on: the technician proposes it, with its price (R06).
        said[PLEASE] = _NO_PRICE[language]
        stops = (PLEASE,)
    return Asked(
        ask,
        question.format_map(words),
        tuple((value, text.format_map(words)) for value, text in said.items()),
        stops,
    )


_NO_PRICE: Final[Mapping[Language, str]] = {
    Language.FR: "Pas encore : je demande d’abord une sauvegarde",
    Language.EN: "Not yet: I ask for a backup first",
}
_WORDS: Final[Mapping[tuple[Ask, Language], tuple[str, tuple[str, ...]]]] = {
    (Ask.ADULT, Language.FR): (
        "Avez-vous 18 ans ou plus ?",
        (
            "Oui",
            "Non, mais un parent ou mon tuteur est d’accord",
            "Non",
        ),
    ),
    (Ask.ADULT, Language.EN): (
        "Are you 18 or older?",
        ("Yes", "No, but a parent or my guardian agrees", "No"),
    ),
    (Ask.BACKUP, Language.FR): (
        "Vos données importantes sont-elles sauvegardées ?",
        (
            "Oui, c’est fait",
            "Je n’ai rien à perdre",
            "Sauvegardez-les d’abord, pour {backup} TTC en plus",
        ),
    ),
    (Ask.BACKUP, Language.EN): (
        "Is there a backup of your important data?",
        (
            "Yes, there is",
            "I have nothing to lose",
            "Please back them up first, for another {backup} incl. tax",
        ),
    ),
    (Ask.EARLY, Language.FR): (
        "Délai de rétractation : jusqu’au {until} inclus",
        (
            "Je demande expressément que l’intervention commence avant la fin du délai "
            "de rétractation de 14 jours.",
        ),
    ),
    (Ask.EARLY, Language.EN): (
        "You may withdraw until the end of {until}",
        (
            "I expressly ask for the work to begin before the 14 days in which I may "
            "withdraw are over.",
        ),
    ),
    (Ask.WAIVER, Language.FR): (
        "Fin du droit de rétractation",
        (
            "Je reconnais perdre mon droit de rétractation une fois la prestation "
            "pleinement exécutée.",
        ),
    ),
    (Ask.WAIVER, Language.EN): (
        "End of the right to withdraw",
        (
            "I understand that I lose my right to withdraw once the work has been "
            "fully performed.",
        ),
    ),
}
