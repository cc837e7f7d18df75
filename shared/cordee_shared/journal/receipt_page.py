"""A receipt as a person reads it: one page in her language, that loads nothing.

Everything on it comes out of a receipt that was checked; each text stands escaped.
The page proves nothing by itself: it says where the file is that does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from cordee_shared.canonical import b64
from cordee_shared.journal.entry import Entry
from cordee_shared.journal.receipt_check import Checked
from cordee_shared.session.language import Language, money
from cordee_shared.session.machine import Kind
from cordee_shared.session.states import Event, Remark, Side

_STYLE: Final = (
    "body{font:17px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}h1{font-size:1.6rem}h2{font-size:1.2rem;"
    "margin-top:2rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;"
    "vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ccc}"
    "blockquote{margin:.5rem 0;padding:.3rem 1rem;border-left:4px solid #888}"
    "code{font-size:.85rem;overflow-wrap:anywhere}"
)
#: Said every few seconds: of no interest to a reader.
_QUIET: Final = (Remark.TICK, Remark.CHECKPOINT, Remark.BIND)


def file_name(
    checked: Checked, language: Language, zone: dt.tzinfo | None = None
) -> str:
    """Return what a receipt's files are called, without their endings."""
    word = {Language.FR: "recu", Language.EN: "receipt"}[language]
    day = _moment(checked.entries[0], zone).date().isoformat()
    return f"{word}-{day}-{checked.session[:8]}"


def page(checked: Checked, language: Language, zone: dt.tzinfo | None = None) -> str:
    """Return the page.

    Args:
        checked: a receipt that is in order.
        language: of the page; what was agreed to stands in its own.
        zone: whose wall clock it shows; ``None``: this computer's.
    """
    words = _WORDS[language]
    offer = checked.offer
    price = money(offer.price_cents, offer.currency, language)
    facts = (
        (words["provider"], f"{offer.organisation}, {offer.phone}"),
        (words["technician"], checked.attestation.technician),
        (words["customer"], offer.customer),
        (words["purpose"], offer.purpose),
        (words["price"], words["each"].format(price=price, min=offer.unit_s // 60)),
        (words["began"], _when(checked.entries[0], zone)),
        (words["ended"], _when(checked.entries[-1], zone)),
    )
    rows = "".join(_row("th", name, value) for name, value in facts)
    steps = "".join(
        _row("td", _when(entry, zone, day=False), _who(entry, words), what)
        for entry in checked.entries
        if (what := _what(entry, words))
    )
    agreed = "".join(_agreed(checked, words, zone))
    how = words["how"].format(key=f"<code>{escape(b64(checked.relay_pk))}</code>")
    place = words["place"].format(index=checked.index + 1, size=checked.head.size)
    return (
        f'<!doctype html>\n<html lang="{language.value}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{escape(words['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(words['title'])}</h1><table>{rows}</table>"
        f"<h2>{escape(words['steps'])}</h2><table>{steps}</table>"
        f"<h2>{escape(words['texts'])}</h2>{agreed or escape(words['none'])}"
        f"<h2>{escape(words['proof'])}</h2><p>{escape(place)}</p><p>{how}</p>"
        f"<p><code>{escape(checked.session)}</code></p></body></html>\n"
    )


def _row(first: str, *cells: str) -> str:
    head, *rest = (escape(cell) for cell in cells)
    more = "".join(f"<td>{cell}</td>" for cell in rest)
    return f"<tr><{first}>{head}</{first}>{more}</tr>"


def _agreed(
    checked: Checked, words: Mapping[str, str], zone: dt.tzinfo | None
) -> Iterator[str]:
    for entry in checked.entries:
        text = checked.texts.get(str(entry.data.get("text")))
        if text is None:
            continue
        said = dict(entry.data.get("answers") or {})
        paragraphs = [
            *text["paragraphs"],
            *(
                f"{one['words']} – {dict(one['answers']).get(said.get(one['ask']), '')}"
                for one in text.get("questions", ())
            ),
        ]
        inside = "".join(f"<p>{escape(str(one))}</p>" for one in paragraphs)
        title = f"{_when(entry, zone)} – {words['yes']}"
        yield (
            f"<p><b>{escape(title)}</b></p><blockquote><p><b>"
            f"{escape(str(text['title']))}</b></p>{inside}</blockquote>"
        )


def _moment(entry: Entry, zone: dt.tzinfo | None) -> dt.datetime:
    at = dt.datetime.fromtimestamp(entry.moment.at_ms / 1000, tz=dt.UTC)
    return at.astimezone(zone)


def _when(entry: Entry, zone: dt.tzinfo | None, *, day: bool = True) -> str:
    at = _moment(entry, zone)
    return at.strftime("%Y-%m-%d %H:%M:%S %z" if day else "%H:%M:%S")


def _who(entry: Entry, words: Mapping[str, str]) -> str:
    return words[entry.side.value]


def _what(entry: Entry, words: Mapping[str, str]) -> str:
    if entry.kind in _QUIET:
        return ""
    text = words.get(_key(entry.kind), entry.kind.value.replace("_", " "))
    data: Mapping[str, Any] = entry.data
    if entry.kind in (Remark.EXTRA_PROPOSED, Remark.EXTRA_ACCEPTED):
        text += f" : {data.get('label')}"
    if entry.kind is Event.ENDED:
        text += f" ({data.get('reason')})"
    return text + (words["late"] if entry.late else "")


def _key(kind: Kind) -> str:
    return f"kind.{kind.value}"


_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    Language.FR: {
        "title": "Reçu d’une séance d’aide à distance",
        "provider": "Prestataire",
        "technician": "Technicien",
        "customer": "Client",
        "purpose": "Objet",
        "price": "Prix convenu",
        "each": "{price} TTC par tranche de {min} minutes commencée",
        "began": "Début",
        "ended": "Fin",
        "steps": "Ce qui s’est passé",
        "texts": "Ce à quoi vous avez dit oui, mot pour mot",
        "none": "À rien : aucun accord n’a été donné.",
        "yes": "oui, de votre main",
        "proof": "La preuve",
        "place": "Ce récit est inscrit au journal du prestataire (ligne {index} sur "
        "{size}) ; le fichier voisin, de même nom et terminé par .json, le prouve à "
        "quiconque, sans l’aide du prestataire. Gardez-le tel quel.",
        "how": "Pour vérifier : « cordee verify », ou le programme d’un seul fichier "
        "« verify_receipt.py ». Clé du prestataire : {key}",
        "late": " (trop tard : sans effet)",
        Side.CUSTOMER: "Vous",
        Side.TECHNICIAN: "Technicien",
        Side.RELAY: "Serveur",
        "kind.code_issued": "un code a été donné",
        "kind.code_claimed": "le code a été utilisé",
        "kind.keys_confirmed": "la liaison chiffrée est établie",
        "kind.run_failed": "un essai de code a échoué",
        "kind.view_granted": "montrer l’écran",
        "kind.control_requested": "demande la souris et le clavier",
        "kind.control_granted": "prêter la souris et le clavier",
        "kind.control_released": "rend la souris et le clavier",
        "kind.consent_refused": "refuser",
        "kind.reclaimed": "reprendre la main",
        "kind.paused": "masquer l’écran",
        "kind.continued": "montrer l’écran à nouveau",
        "kind.link_lost": "liaison perdue",
        "kind.link_restored": "liaison revenue",
        "kind.extra_proposed": "propose un travail en plus",
        "kind.extra_accepted": "accepter un travail en plus",
        "kind.extra_refused": "refuser un travail en plus",
        "kind.file_offered": "propose un fichier",
        "kind.file_accepted": "accepte le fichier",
        "kind.file_refused": "refuse le fichier",
        "kind.file_kept": "fichier reçu en entier",
        "kind.file_stopped": "fichier abandonné",
        "kind.clipboard_passed": "transmettre le presse-papiers",
        "kind.machine_shown": "montrer la fiche de l’ordinateur",
        "kind.screenshot_taken": "prend une image de l’écran",
        "kind.ended": "fin de la séance",
    },
    Language.EN: {
        "title": "Receipt of a remote help session",
        "provider": "Provider",
        "technician": "Technician",
        "customer": "Customer",
        "purpose": "For",
        "price": "Agreed price",
        "each": "{price} incl. tax for each {min} minutes begun",
        "began": "Began",
        "ended": "Ended",
        "steps": "What happened",
        "texts": "What you said yes to, word by word",
        "none": "To nothing: no agreement was given.",
        "yes": "yes, by your hand",
        "proof": "The proof",
        "place": "This account stands in the provider’s journal (line {index} of "
        "{size}); the file beside, of the same name and ending in .json, proves it to "
        "anybody, without the provider’s help. Keep it as it is.",
        "how": "To check it: “cordee verify”, or the single-file program "
        "“verify_receipt.py”. The provider’s key: {key}",
        "late": " (too late: without effect)",
        Side.CUSTOMER: "You",
        Side.TECHNICIAN: "Technician",
        Side.RELAY: "Server",
        "kind.code_issued": "a code was given",
        "kind.code_claimed": "the code was used",
        "kind.keys_confirmed": "the sealed line is open",
        "kind.run_failed": "a try at the code failed",
        "kind.view_granted": "show the screen",
        "kind.control_requested": "asks for mouse and keyboard",
        "kind.control_granted": "lend mouse and keyboard",
        "kind.control_released": "gives mouse and keyboard back",
        "kind.consent_refused": "refuse",
        "kind.reclaimed": "take control back",
        "kind.paused": "hide the screen",
        "kind.continued": "show the screen again",
        "kind.link_lost": "link lost",
        "kind.link_restored": "link back",
        "kind.extra_proposed": "proposes more work",
        "kind.extra_accepted": "accept more work",
        "kind.extra_refused": "refuse more work",
        "kind.file_offered": "offers a file",
        "kind.file_accepted": "accepts the file",
        "kind.file_refused": "refuses the file",
        "kind.file_kept": "file received whole",
        "kind.file_stopped": "file given up",
        "kind.clipboard_passed": "pass the clipboard",
        "kind.machine_shown": "show the computer’s summary",
        "kind.screenshot_taken": "takes a picture of the screen",
        "kind.ended": "end of the session",
    },
}
