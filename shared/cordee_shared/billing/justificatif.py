"""What the justificatif says: one for each intervention, also at 0 € (terms, 13.4).

It is the note that the law wants handed over before payment, from 25 € on (order
83-50/A). A pure function of the record, of the facts behind it and of who bills whom:
the same four give the same words. How it looks is another's business. Rules (R42):

1. All that the customer may want to check is on it: each stretch of time with its
   begin, end and cause, the price with the unit that it is for, consent and
   disconnection, reserves, and the hashes that tie it to the journal.
2. A consumer reads nothing of penalties, of recovery costs, of an escompte, nor of a
   commercial court: none of it is theirs (B10, B13).
3. What waits for a person says so, across the page.
4. That something was paid is never said, and no invoice is numbered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cordee_shared.billing.addressee import Addressee
from cordee_shared.billing.calendar import local
from cordee_shared.billing.cii import means_of
from cordee_shared.billing.draft import made_ms, taxes
from cordee_shared.billing.due import Due
from cordee_shared.billing.facts import EngagementFact, FactKind, newest
from cordee_shared.billing.french import (
    HARD,
    clock,
    date,
    day,
    length,
    money,
    percent,
    span,
    stamp,
)
from cordee_shared.billing.provider import Provider, VatRegime
from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.tally import CRASHED, Flag
from cordee_shared.canonical import sha256_hex

#: From this amount on a note is due before payment, all taxes included.
NOTE_CENTS: Final = 2_500

#: Why a stretch of time, or a session, ended.
CAUSES: Final = {
    "customer_ended": "fin par le client",
    "technician_ended": "fin par le technicien",
    "consent_denied": "refus du client",
    "consent_expired": "question restée sans réponse",
    "code_expired": "code expiré",
    "code_refused": "code refusé",
    "code_cancelled": "code annulé",
    "key_mismatch": "clés non concordantes",
    "link_expired": "liaison non rétablie",
    "idle": "inactivité",
    "time_limit": "durée maximale atteinte",
    "relay_stopped": "arrêt du relais",
    "journal_unavailable": "journal indisponible",
    "screen_lost": "écran du client indisponible",
    "reported": "signalée par le client",
    "violation": "erreur de protocole",
    "reclaimed": "main reprise par le client",
    "control_released": "main rendue par le technicien",
    "paused": "écran masqué par le client",
    "link_lost": "liaison interrompue",
    CRASHED: "arrêt imprévu du relais",
}
_SCOPES: Final = {"view": "Partage de l’écran", "control": "Prise en main"}
#: What is worth a sentence on the document.
_REMARKS: Final = {
    Flag.CRASH: "Arrêt imprévu du relais : seul le temps prouvé est compté.",
    Flag.CLOCK_STEP: (
        "Horloge du relais corrigée pendant la session : les heures affichées sont "
        "indicatives, la durée est exacte."
    ),
    Flag.OWN_FAULT: "Interruption du fait du prestataire.",
    Flag.TECH_INTERRUPT: "Intervention interrompue par le technicien.",
    Flag.BELOW_MIN_SERVICE: "Service trop bref pour être facturé.",
    Flag.WITHDRAWN: "Rétractation du client enregistrée.",
    Flag.GUARANTEE: "Même panne sous dix jours : garantie, article 10.",
    Flag.CORRECTED: "Unités retirées par le prestataire.",
    Flag.OUTSIDE_HOURS: "Commencée hors des heures d’ouverture, sans supplément.",
    Flag.OUTSIDE_SLOT: "Commencée hors du créneau convenu, sans supplément.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Justificatif:
    """All that stands on the document, in French, ready to be set in type."""

    title: str
    subtitle: str
    #: Across the page; empty on a final document.
    banner: str
    provider: tuple[str, ...]
    customer: tuple[str, ...]
    #: Pairs of label and text.
    intervention: tuple[tuple[str, str], ...]
    #: Number, begin, end, why it ended, length.
    segments: tuple[tuple[str, str, str, str, str], ...]
    counted: str
    #: What for, quantity, price and what unit it is for, amount.
    lines: tuple[tuple[str, str, str, str], ...]
    totals: tuple[tuple[str, str], ...]
    due: str
    counting: str
    evidence: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    reserves: str
    mentions: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]
    #: Unix milliseconds: the document's own date.
    made_ms: int


def is_documented(record: BillingRecord) -> bool:
    """Tell whether an intervention took place, or a no-show is claimed (R42)."""
    return bool(record.consents) or record.due is Due.NO_SHOW


def justificatif(
    record: BillingRecord,
    facts: Iterable[EngagementFact],
    provider: Provider,
    customer: Addressee,
    zone: dt.tzinfo,
) -> Justificatif:
    """Write the document of a record.

    Args:
        record: one revision.
        facts: those of its engagement; only those that it rests on are read.
        provider: who bills.
        customer: whom it is for.
        zone: whose wall clock the document shows.

    Raises:
        SettingsError: no mention stands in place of VAT on that day.
    """
    at = made_ms(record)
    known = {one.hash for one in record.weighed.facts} if record.weighed else set()
    reserves = newest([fact for fact in facts if fact.hash in known], FactKind.RESERVES)
    is_note = record.amount_cents >= NOTE_CENTS and not record.is_parked
    note = " – vaut note, à remettre avant paiement" if is_note else ""
    return Justificatif(
        title="Justificatif d’intervention",
        subtitle=f"Article 13.4 des conditions générales{note}",
        banner=_banner(record, provider),
        provider=_provider(provider),
        customer=_customer(customer),
        intervention=_intervention(record, at, zone),
        segments=tuple(
            (
                str(n),
                stamp(part.start_ms, zone),
                stamp(part.end_ms, zone),
                CAUSES.get(part.cause, part.cause),
                length((part.end_us - part.start_us) // 1_000_000),
            )
            for n, part in enumerate(record.segments, 1)
        ),
        counted=length(record.seconds),
        lines=_lines(record),
        totals=_totals(record, provider),
        due=money(record.amount_cents, record.currency),
        counting=_counting(record),
        evidence=_evidence(record, zone),
        remarks=tuple(text for flag, text in _REMARKS.items() if flag in record.flags),
        reserves=reserves.data["text"] if reserves else "Aucune réserve.",
        mentions=_mentions(record, provider, customer, at, zone),
        digests=_digests(record, provider),
        made_ms=at,
    )


def _banner(record: BillingRecord, provider: Provider) -> str:
    if record.is_parked:
        return "PROJET – en attente de vérification, rien n’est dû à ce stade"
    return "DÉMONSTRATION – document sans valeur" if provider.demonstration else ""


def _provider(one: Provider) -> tuple[str, ...]:
    address = one.address
    lines = [
        one.name,
        one.legal_name,
        *address.lines,
        f"{address.postcode} {address.city}",
        f"SIREN {one.siren}" + (f" – APE {one.ape}" if one.ape else ""),
    ]
    if one.siret:
        lines.append(f"SIRET {one.siret}")
    if one.registration:
        lines.append(one.registration)
    if one.vat.number:
        lines.append(f"TVA {one.vat.number}")
    return (*dict.fromkeys(lines), " – ".join(one.phones), one.email)


def _customer(one: Addressee) -> tuple[str, ...]:
    lines = [one.name or "Client non nommé, à sa demande", *one.post]
    if one.siren:
        lines.append(f"SIREN {one.siren}")
    if one.email:
        lines.append(one.email)
    lines.append("Professionnel" if one.is_professional else "Particulier")
    return tuple(lines)


def _intervention(
    record: BillingRecord, at: int, zone: dt.tzinfo
) -> tuple[tuple[str, str], ...]:
    began = min([one.first_ms for one in record.sessions] or [at])
    rows = [
        ("Rédigé le", f"{date(at, zone)}, {clock(at, zone)}"),
        ("Intervention du", date(began, zone)),
        ("Lieu", "à distance"),
        ("Objet", record.agreed.purpose),
        ("Confirmée le", date(record.agreed.confirmed_ms, zone)),
    ]
    if record.revision > 1:
        rows.append(("État", f"révision {record.revision}, remplace la précédente"))
    if record.weighed is not None and record.weighed.reason:
        rows.append(("Motif", record.weighed.reason))
    return tuple(rows)


def _lines(record: BillingRecord) -> tuple[tuple[str, str, str, str], ...]:
    unit = span(record.unit_s)
    label = record.unit_label
    if record.weighed is not None and record.weighed.mention:
        label = f"{label} – {record.weighed.mention}"
    price = f"{money(record.unit_price_cents, record.currency)} la {unit}"
    quantity = str(record.units)
    if record.due is Due.WITHDRAWAL:
        quantity = length(record.seconds)
    rows = [(label, quantity, price, money(record.service_cents, record.currency))]
    for extra in record.extras:
        cost = money(extra.price_cents, record.currency)
        name = f"{extra.label} – supplément accepté par le client"
        rows.append((name, "1", f"{cost} l’ensemble", cost))
    return tuple(rows)


def _totals(record: BillingRecord, provider: Provider) -> tuple[tuple[str, str], ...]:
    apart = taxes(record.amount_cents, provider.vat)

    def shown(cents: int) -> str:
        return money(cents, record.currency)

    if provider.vat.regime is VatRegime.FRANCHISE:
        return (("Total HT", shown(apart.net_cents)), ("TVA", "néant"))
    rate = percent(provider.vat.rate_bp)
    return (
        ("Total HT", shown(apart.net_cents)),
        (f"TVA {rate}", shown(apart.tax_cents)),
    )


def _counting(record: BillingRecord) -> str:
    unit = span(record.unit_s)
    if record.due is Due.WITHDRAWAL:
        back = record.weighed.refund_by if record.weighed else ""
        until = day(dt.date.fromisoformat(back)) if back else "sous 14 jours"
        return (
            f"Rétractation{HARD}: le temps servi est compté à la seconde, arrondi au "
            "centime inférieur, sans minimum. Ce qui aurait été versé en trop est "
            f"rendu par le même moyen, au plus tard{HARD}: {until}."
        )
    if record.due is Due.NO_SHOW:
        waited = length(record.weighed.wait_s if record.weighed else 0)
        return (
            f"Attente constatée{HARD}: {waited}, comptée par {unit} entamée, "
            f"1{HARD}h au moins."
        )
    least = f"minimum {record.minimum_units}" if record.units else "minimum non dû"
    return (
        f"Durée totale {length(record.seconds)}, comptée une seule fois par {unit} "
        f"entamée ({least}). Seul le temps listé ci-dessus compte{HARD}: jamais une "
        "pause, jamais une coupure de liaison."
    )


def _evidence(record: BillingRecord, zone: dt.tzinfo) -> tuple[tuple[str, str], ...]:
    rows = [
        (
            _SCOPES.get(one.scope, one.scope),
            f"autorisé par le client le {stamp(one.at_ms, zone)}"
            if one.scope == "view"
            else f"autorisée par le client le {stamp(one.at_ms, zone)}",
        )
        for one in record.consents
    ]
    for end in record.sessions:
        why = CAUSES.get(end.reason, end.reason)
        rows.append(("Déconnexion", f"{stamp(end.last_ms, zone)} – {why}"))
    return tuple(rows)


def _mentions(
    record: BillingRecord,
    provider: Provider,
    customer: Addressee,
    at: int,
    zone: dt.tzinfo,
) -> tuple[str, ...]:
    said = [provider.vat.mention_on(local(at, zone).date().isoformat())]
    if record.amount_cents:
        said.append(f"Payable à réception, par {means_of(provider)}.")
    if customer.is_professional:
        said.append(
            f"Retard de paiement{HARD}: taux de refinancement de la BCE plus 10 points "
            f"et indemnité forfaitaire pour frais de recouvrement de 40{HARD}€ "
            "(art. L441-10 et D441-5 du code de commerce)."
        )
    else:
        mediator = provider.mediator
        said.append(
            f"Litige{HARD}: médiateur de la consommation {mediator.name}, "
            f"{mediator.address}, {mediator.website} (gratuit pour le client)."
        )
    said.append("Ce document n’est pas une facture.")
    return tuple(one for one in said if one)


def _digests(record: BillingRecord, provider: Provider) -> tuple[tuple[str, str], ...]:
    agreed = record.agreed
    rows = [
        ("Relevé", f"{record.id} (révision {record.revision})"),
        ("SHA-256 du relevé", sha256_hex(record.line.removesuffix(b"\n"))),
        *(
            (
                f"Journal, session {end.session[:8]}",
                f"{end.last} ({end.entries} entrées)",
            )
            for end in record.sessions
        ),
        (f"Conditions {agreed.terms_version}", agreed.terms_hash),
        (f"Règles {agreed.policy}", agreed.policy_hash),
        (f"Tarif {agreed.tariff}", agreed.tariff_hash),
        ("Prestataire", provider.hash),
    ]
    return tuple(rows)
