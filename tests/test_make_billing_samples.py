"""The samples of the documentation are real, and the page shows them as they are."""

from __future__ import annotations

import json

import pytest

from cordee_shared.billing.manifest import current
from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.webhook import read_secret, verify
from cordee_shared.canonical import sha256_hex
from tests.make_billing_samples import FOLDER, SENT_S, document, samples

PAGE = FOLDER.parent / "handover.md"


@pytest.mark.parametrize("name", samples())
def test_a_sample_is_the_generators_to_the_byte(name: str) -> None:
    assert (FOLDER / name).read_bytes() == samples()[name]


@pytest.mark.parametrize("name", ["billing.csv", "billing.manifest.json"])
def test_the_page_shows_the_sample(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    shown = samples()[name].decode("utf-8-sig").replace("\r\n", "\n").strip()
    assert f"\n{shown}\n```" in page


def test_the_pages_name_every_sample() -> None:
    pages = "".join(
        (FOLDER.parent / name).read_text(encoding="utf-8")
        for name in ("handover.md", "documents.md")
    )
    every = [*samples(), "justificatif.pdf"]
    assert [name for name in every if f"samples/{name}" not in pages] == []


def test_the_sample_document_is_set_from_the_sample_record() -> None:
    # Another fpdf2 may set it with other bytes; what it is made of stays.
    pdf = (FOLDER / "justificatif.pdf").read_bytes()
    made = document()
    assert made.startswith(b"%PDF-")
    assert len(pdf) == pytest.approx(len(made), rel=0.2)
    for name in (b"factur-x.xml", b"releve.json"):
        assert name in pdf
        assert name in made


def test_the_lines_are_records_and_the_manifest_counts_them() -> None:
    lines = samples()["billing.jsonl"].splitlines(keepends=True)
    found = [BillingRecord.read(line) for line in lines]
    value = json.loads(samples()["billing.manifest.json"])
    assert value["units"] == sum(one.units for one in current(found)) == 5
    for file in value["files"]:
        assert sha256_hex(samples()[file["name"]]) == file["sha256"]


def test_the_sample_request_verifies() -> None:
    rows = samples()["webhook.headers.txt"].decode().splitlines()
    given = dict(row.split(": ", 1) for row in rows)
    secret = read_secret(json.loads(samples()["webhook.secret.json"])["secret"])
    body = samples()["webhook.json"].rstrip(b"\n")
    assert (
        verify([secret], given, body, SENT_S)
        == json.loads(body)["data"]["record"]["id"]
    )
