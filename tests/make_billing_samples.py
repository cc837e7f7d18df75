"""Write the samples of what is handed over, for the pages of docs/billing.

Run once, read by a person, then committed::

    python -m tests.make_billing_samples

Three engagements: one as it usually goes, one of two sessions (its second revision
counts), and one of a customer whose name would be a formula.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Final

from cordee_server.adapters.pdf import FpdfPress
from cordee_server.papers import Attachment
from cordee_shared.billing.cii import write_cii
from cordee_shared.billing.daily import as_csv, as_json, daily
from cordee_shared.billing.draft import credit, draft
from cordee_shared.billing.justificatif import justificatif
from cordee_shared.billing.manifest import JournalHead, handed_over, manifest
from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.sheet import sheet
from cordee_shared.billing.webhook import Envelope, body_of, headers, write_secret
from cordee_shared.journal.frontier import Frontier
from tests.shared.billing.papers import (
    CONSUMER,
    FRANCHISE,
    PARIS,
    PROFESSIONAL,
    STANDARD,
)
from tests.shared.billing.samples import RELAY_ID, raw, record
from tests.shared.journals import WALL_MS, Journal, helped

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "billing" / "samples"
#: Of the samples only; a real one is drawn by ``cordee billing secret``.
SECRET: Final = bytes(range(32))
SENT_S: Final = 1_795_426_202


def journals() -> list[Journal]:
    """Return the sessions that the samples rest on."""
    later = Journal(3, at_us=3_600_000_000, at_ms=WALL_MS + 3_600_000)
    return [
        helped(1801),
        helped(600, number=2),
        later.help().wait(1500).end(),
        helped(90, number=4),
    ]


def records() -> list[BillingRecord]:
    """Return the records, in the order of the ends."""
    usual, first, second, odd = journals()
    two = "e-1111111111111111"
    return [
        record(usual),
        record(first, customer="M. Petit", engagement=two),
        record(first, second, customer="M. Petit", engagement=two),
        record(odd, customer="=1+1 & Fils", engagement="e-2222222222222222"),
    ]


def head() -> JournalHead:
    """Return the head of the samples' journal."""
    log = Frontier()
    for journal in journals():
        for entry in journal.entries:
            log.add(hashlib.sha256(b"\x00" + entry.raw).digest())
    return JournalHead(log.size, log.root().hex())


def samples() -> dict[str, bytes]:
    """Return each sample by its file's name."""
    made = records()
    files = {
        "billing.jsonl": b"".join(one.line for one in handed_over(made)),
        "billing.csv": sheet(made),
    }
    files["billing.manifest.json"] = manifest(made, files, head(), RELAY_ID)
    files["webhook.json"] = body_of(raw(made[0])) + b"\n"
    files["cloudevent.json"] = body_of(raw(made[0]), Envelope.CLOUDEVENTS) + b"\n"
    signed = headers([SECRET], made[0].id, SENT_S, body_of(raw(made[0])))
    files["webhook.headers.txt"] = "".join(
        f"{name}: {value}\n" for name, value in signed.items()
    ).encode()
    secret = write_secret(SECRET)
    files["webhook.secret.json"] = json.dumps({"secret": secret}).encode() + b"\n"
    return files | drafts()


def drafts() -> dict[str, bytes]:
    """Return what is drafted for people and for the accountant."""
    usual, first, second, _ = records()
    former = draft(first, FRANCHISE, CONSUMER, PARIS)
    day = dt.date(2026, 11, 23)
    summed = daily(records(), frozenset(), STANDARD.vat, day, PARIS)
    return {
        "factur-x.xml": write_cii(draft(usual, STANDARD, PROFESSIONAL, PARIS)),
        "factur-x-franchise.xml": write_cii(draft(usual, FRANCHISE, CONSUMER, PARIS)),
        "factur-x-avoir.xml": write_cii(credit(former, second.id, day)),
        "daily.csv": as_csv(summed),
        "daily.json": as_json(summed),
    }


def document() -> bytes:
    """Return the document of the usual record, with what is attached to it."""
    usual = records()[0]
    paper = justificatif(usual, [], FRANCHISE, CONSUMER, PARIS)
    attached = [
        Attachment(
            "factur-x.xml",
            drafts()["factur-x-franchise.xml"],
            "text/xml",
            "Data",
            "Brouillon Factur-X, sans numéro de facture",
        ),
        Attachment(
            "releve.json", usual.line, "application/json", "Source", "Le relevé"
        ),
    ]
    return FpdfPress().typeset(paper, attached)


def main() -> None:
    """Write every sample."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in samples().items():
        (FOLDER / name).write_bytes(content)
    (FOLDER / "justificatif.pdf").write_bytes(document())


if __name__ == "__main__":
    main()
