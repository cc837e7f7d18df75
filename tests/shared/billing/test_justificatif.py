"""The words of the document, whole, in French: golden files that a person reads.

``python -m tests.shared.billing.test_justificatif`` writes them again; read what
changed before you commit it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from cordee_shared.billing.facts import EngagementFact, FactKind, write_fact_of
from cordee_shared.billing.justificatif import (
    CAUSES,
    Justificatif,
    is_documented,
    justificatif,
)
from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.billing.record import BillingRecord, derive
from cordee_shared.billing.tally import CRASHED
from cordee_shared.canonical import Json, sha256_hex
from cordee_shared.session.states import EndReason, Event, Remark, Side
from tests.shared.billing.papers import (
    CONSUMER,
    FRANCHISE,
    PARIS,
    PROFESSIONAL,
    STANDARD,
)
from tests.shared.billing.samples import RELAY_ID, parked, record, with_extra
from tests.shared.journals import RELAY, TARIFF, WALL_MS, Journal, agreed, helped

GOLDEN: Final = Path(__file__).parent / "golden"
RESERVED: Final = "Le son ne marche toujours pas."


def told(*facts: tuple[FactKind, Mapping[str, Json]]) -> list[EngagementFact]:
    """Return facts after the one session of the samples."""
    return [
        write_fact_of(
            agreed().engagement,
            n,
            1,
            kind,
            WALL_MS + 4_000_000 + n * 60_000,
            Side.TECHNICIAN,
            "luc",
            data,
            RELAY,
        )
        for n, (kind, data) in enumerate(facts)
    ]


def of(journal: Journal, facts: list[EngagementFact]) -> BillingRecord:
    return derive(
        RELAY_ID, agreed(), LAW_CORRECTED_2026, TARIFF, [journal.entries], facts
    )


def refused() -> BillingRecord:
    """Return the record of a session in which nothing was ever shown."""
    journal = Journal().fact(Remark.CODE_ISSUED)
    return of(journal.wait(1).fact(Event.ENDED, {"reason": "code_cancelled"}), [])


def brief() -> BillingRecord:
    """Return a record of service that is too brief to cost anything."""
    return of(Journal().help().wait(12).end(), [])


def taken_back() -> BillingRecord:
    journal = Journal().help().wait(900).reclaim().wait(30).grant_control()
    return of(journal.wait(930).end(), [])


def papers() -> dict[str, Justificatif]:
    """Return one document for each kind that there is."""
    reserves = told((FactKind.RESERVES, {"text": RESERVED}))
    withdrawn = told(
        (FactKind.EARLY_START_REQUESTED, {"text": sha256_hex(b"a")}),
        (
            FactKind.WITHDRAWN,
            {
                "channel": "phone",
                "wording": "Je me rétracte.",
                "consumer": True,
                "informed": True,
                "concluded": "2026-11-22",
                "stated": "2026-11-23",
            },
        ),
    )
    thousand = helped(1000)
    demonstration = replace(FRANCHISE, demonstration=True)
    return {
        "franchise-consumer": justificatif(
            taken_back(), [], FRANCHISE, CONSUMER, PARIS
        ),
        "standard-professional": justificatif(
            record(), [], STANDARD, PROFESSIONAL, PARIS
        ),
        "nothing-due": justificatif(brief(), [], demonstration, CONSUMER, PARIS),
        "parked": justificatif(parked(), [], FRANCHISE, CONSUMER, PARIS),
        "extra": justificatif(with_extra(), [], STANDARD, CONSUMER, PARIS),
        "reserves": justificatif(
            of(helped(1801), reserves), reserves, FRANCHISE, CONSUMER, PARIS
        ),
        "withdrawn": justificatif(
            of(thousand, withdrawn), withdrawn, FRANCHISE, CONSUMER, PARIS
        ),
    }


def text_of(paper: Justificatif) -> str:
    """Write a document's words as lines that a person can read."""
    lines = [paper.title, paper.subtitle, f"[{paper.banner}]", ""]
    for title, words in (("Prestataire", paper.provider), ("Client", paper.customer)):
        lines += [title, *(f"  {word}" for word in words)]
    lines += ["Intervention", *(f"  {a} : {b}" for a, b in paper.intervention)]
    lines += ["Temps compté", *(f"  {' | '.join(row)}" for row in paper.segments)]
    lines += [f"  {paper.counted}", "Montant"]
    lines += [f"  {' | '.join(row)}" for row in paper.lines]
    lines += [f"  {a} : {b}" for a, b in paper.totals]
    lines += [f"  Total TTC : {paper.due}", f"  {paper.counting}"]
    lines += ["Autorisations", *(f"  {a} : {b}" for a, b in paper.evidence)]
    lines += ["Réserves", f"  {paper.reserves}"]
    lines += ["Observations", *(f"  {word}" for word in paper.remarks)]
    lines += ["Mentions", *(f"  {word}" for word in paper.mentions)]
    lines += ["Preuves", *(f"  {a} : {b}" for a, b in paper.digests)]
    return "\n".join(lines).replace("\u00a0", " ").replace("\u202f", " ") + "\n"


@pytest.mark.parametrize("name", list(papers()))
def test_R42_the_document_says_this_in_french(name: str) -> None:
    golden = (GOLDEN / f"justificatif-{name}.txt").read_text(encoding="utf-8")
    assert text_of(papers()[name]) == golden


def test_R42_each_part_that_the_terms_ask_for_is_there() -> None:
    paper = papers()["franchise-consumer"]
    text = text_of(paper)
    wanted = (
        "Rédigé le",
        "Lemaistre Olivier EI",
        "SIREN 828971028",
        "Mme Martin",
        "à distance",
        "main reprise par le client",
        "la demi-heure",
        "TVA non applicable, art. 293 B du CGI",
        "Prise en main : autorisée par le client",
        "Déconnexion",
        "Aucune réserve.",
        sha256_hex(taken_back().line.removesuffix(b"\n")),
        taken_back().sessions[0].last,
    )
    assert [part for part in wanted if part not in text] == []
    assert len(paper.segments) == 2


def test_R42_an_intervention_is_documented_also_at_nothing() -> None:
    assert is_documented(brief())
    assert brief().amount_cents == 0
    assert not is_documented(refused())


def test_R42_from_25_euros_on_it_is_the_note_before_payment() -> None:
    assert "vaut note" in papers()["franchise-consumer"].subtitle
    assert "vaut note" not in papers()["nothing-due"].subtitle
    assert "vaut note" not in papers()["parked"].subtitle


def test_R43_reserves_are_printed_as_they_were_written() -> None:
    assert papers()["reserves"].reserves == RESERVED


def test_R06_an_accepted_extra_is_a_line_of_its_own() -> None:
    label, quantity, _, cost = papers()["extra"].lines[1]
    assert label.startswith("Antivirus, un an – supplément accepté")
    assert (quantity, cost, papers()["extra"].due) == (
        "1",
        "39,90\u00a0€",
        "64,90\u00a0€",
    )


def test_R14_a_withdrawal_is_a_part_to_the_second() -> None:
    paper = papers()["withdrawn"]
    assert (paper.due, paper.lines[0][1]) == (
        "13,88\u00a0€",
        "16\u00a0min\u00a040\u00a0s",
    )


def test_B09_vat_is_the_price_minus_the_net() -> None:
    totals = dict(papers()["standard-professional"].totals)
    assert totals == {"Total HT": "41,67\u00a0€", "TVA 20\u00a0%": "8,33\u00a0€"}


def test_B10_B13_a_consumer_reads_of_no_penalty_and_no_commercial_court() -> None:
    theirs = ("20 %", "BCE", "40 €", "pénalité", "escompte", "tribunal", "Chambéry")
    for name, paper in papers().items():
        if name == "standard-professional":
            continue
        mentions = "\n".join(paper.mentions).replace("\u00a0", " ")
        assert [word for word in theirs if word in mentions] == []
        assert FRANCHISE.mediator.name in mentions
    pro = "\n".join(papers()["standard-professional"].mentions).replace("\u00a0", " ")
    assert "BCE" in pro
    assert "40 €" in pro


def test_B07_B11_B12_nothing_is_said_of_a_payment_of_costs_or_of_goods() -> None:
    for paper in papers().values():
        text = text_of(paper).lower()
        for word in (
            "payé le",
            "acquitté",
            "encaissé",
            "électricité",
            "réserve de pro",
        ):
            assert word not in text
        assert "ce document n’est pas une facture." in text


def test_what_waits_for_a_person_says_so_across_the_page() -> None:
    assert papers()["parked"].banner.startswith("PROJET")
    assert papers()["nothing-due"].banner.startswith("DÉMONSTRATION")
    assert papers()["reserves"].banner == ""


def test_every_cause_that_there_is_has_its_words() -> None:
    stops = (Event.RECLAIMED, Event.CONTROL_RELEASED, Event.PAUSED, Event.LINK_LOST)
    known = {*EndReason, *stops, CRASHED}
    assert {str(one) for one in known} == set(CAUSES)


if __name__ == "__main__":
    for name, paper in papers().items():
        file = GOLDEN / f"justificatif-{name}.txt"
        file.write_text(text_of(paper), encoding="utf-8")
