"""The sentences about files, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cordee_shared.session.consent import Language

_FR: Final[Mapping[str, str]] = {
    "take.title": "{technician} vous propose un fichier",
    "take.where": "Il sera enregistré dans « {folder} ».",
    "take.more": "Il n’est jamais ouvert tout seul. N’acceptez que si vous l’attendez.",
    "take.folder": "Choisir un autre dossier…",
    "take.yes": "Accepter ce fichier",
    "take.no": "Refuser",
    "give.title": "Envoyer un fichier à {technician}",
    "give.asked": "{technician} vous demande un fichier",
    "give.text": "Vous choisissez vous-même lequel. Lui seul est envoyé, et vous "
    "pouvez annuler à tout moment.",
    "give.yes": "Choisir un fichier…",
    "give.no": "Ne rien envoyer",
    "give.link": "Envoyer un fichier",
    "left": "Sans réponse dans {time}, ce sera non.",
    "rows.title": "Fichiers",
    "rows.clear": "Effacer ce qui est fini",
    "rows.stop": "Annuler",
    "rows.stop.named": "Annuler {name}",
    "rows.out": "Vers {technician}",
    "rows.in": "De {technician}",
    "rows.asked": "en attente de son accord",
    "rows.asked.in": "à vous de répondre",
    "rows.moving": "{moved} sur {size}",
    "rows.rate": "{rate}/s, encore {time}",
    "rows.kept.out": "reçu et vérifié",
    "rows.kept.in": "reçu et vérifié, dans « {folder} »",
    "why.": "arrêté",
    "why.refused": "refusé",
    "why.expired": "sans réponse : c’est non",
    "why.cancelled": "annulé",
    "why.changed": "le fichier a changé ou n’est plus lisible",
    "why.damaged": "le fichier reçu n’était pas identique : il n’a pas été gardé",
    "why.disk": "pas assez de place, ou dossier fermé à l’écriture",
    "why.name": "ce nom de fichier n’est pas permis",
    "why.busy": "trop de fichiers attendent déjà une réponse",
    "units": "octets ko Mo Go To",
    "comma": ",",
}
_EN: Final[Mapping[str, str]] = {
    "take.title": "{technician} offers you a file",
    "take.where": "It will be saved in “{folder}”.",
    "take.more": "It is never opened by itself. Accept only what you expect.",
    "take.folder": "Choose another folder…",
    "take.yes": "Accept this file",
    "take.no": "Refuse",
    "give.title": "Send a file to {technician}",
    "give.asked": "{technician} asks you for a file",
    "give.text": "You choose which one yourself. Nothing else is sent, and you can "
    "cancel at any time.",
    "give.yes": "Choose a file…",
    "give.no": "Send nothing",
    "give.link": "Send a file",
    "left": "Without an answer in {time}, it is a no.",
    "rows.title": "Files",
    "rows.clear": "Clear what is done",
    "rows.stop": "Cancel",
    "rows.stop.named": "Cancel {name}",
    "rows.out": "To {technician}",
    "rows.in": "From {technician}",
    "rows.asked": "waiting for their yes",
    "rows.asked.in": "waiting for your answer",
    "rows.moving": "{moved} of {size}",
    "rows.rate": "{rate}/s, {time} left",
    "rows.kept.out": "received and checked",
    "rows.kept.in": "received and checked, in “{folder}”",
    "why.": "stopped",
    "why.refused": "refused",
    "why.expired": "no answer: that is a no",
    "why.cancelled": "cancelled",
    "why.changed": "the file has changed or cannot be read any more",
    "why.damaged": "what arrived was not the same: it was not kept",
    "why.disk": "not enough room, or the folder cannot be written to",
    "why.name": "this file name is not allowed",
    "why.busy": "too many files wait for an answer already",
    "units": "bytes kB MB GB TB",
    "comma": ".",
}
_TEXTS: Final = {Language.FR: _FR, Language.EN: _EN}


def words(language: Language) -> Mapping[str, str]:
    """Return the sentences in ``language``."""
    return _TEXTS[language]


def size_words(size: int, language: Language) -> str:
    """Write a size as people do: ``2,1 Go``; units of a thousand."""
    text = _TEXTS[language]
    units = text["units"].split()
    left, unit = float(size), 0
    while left >= 999.5 and unit < len(units) - 1:
        left, unit = left / 1000, unit + 1
    digits = 0 if unit == 0 or left >= 99.95 else 1
    number = f"{left:.{digits}f}".removesuffix(".0").replace(".", text["comma"])
    return f"{number}\u00a0{units[unit]}"
