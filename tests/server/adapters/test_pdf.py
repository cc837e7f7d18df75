"""The document as PDF/A-3: what can be told without veraPDF, told by pypdf."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from cordee_server.adapters.pdf import FpdfPress
from cordee_server.papers import Attachment
from cordee_shared.billing.cii import write_cii
from cordee_shared.billing.draft import draft
from cordee_shared.billing.justificatif import justificatif
from cordee_shared.errors import SettingsError
from tests.shared.billing.papers import CONSUMER, FRANCHISE, PARIS
from tests.shared.billing.samples import long, parked, record
from tests.shared.billing.test_justificatif import papers

DRAFT = write_cii(draft(record(), FRANCHISE, CONSUMER, PARIS))
FILES = (
    Attachment("factur-x.xml", DRAFT, "text/xml", "Data", "Brouillon"),
    Attachment("releve.json", record().line, "application/json", "Source", "Relevé"),
)


def pdf(*files: Attachment) -> bytes:
    paper = justificatif(record(), [], FRANCHISE, CONSUMER, PARIS)
    return FpdfPress().typeset(paper, files)


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """Return the text of all pages, its spaces made plain."""
    text = " ".join(page.extract_text() for page in read(content).pages)
    return " ".join(text.split())


def catalogue(content: bytes) -> Any:  # noqa: ANN401 - a PDF's dictionary
    return read(content).trailer["/Root"]


def xmp(content: bytes) -> str:
    return str(catalogue(content)["/Metadata"].get_object().get_data().decode())


def test_the_same_words_have_the_same_bytes() -> None:
    assert pdf(*FILES) == pdf(*FILES)


@pytest.mark.parametrize("name", list(papers()))
def test_R42_all_the_words_are_on_the_pages(name: str) -> None:
    paper = papers()[name]
    text = words(FpdfPress().typeset(paper, ()))
    wanted = [
        paper.title,
        paper.banner,
        *paper.provider,
        *paper.customer,
        *(word for pair in paper.intervention for word in pair),
        *(word for row in paper.segments for word in row),
        *(word for pair in paper.evidence for word in pair),
        *(row[2] for row in paper.lines),
        paper.due,
        paper.reserves,
        *paper.remarks,
        *paper.mentions,
        *(word for pair in paper.digests for word in pair),
    ]
    missing = [one for one in wanted if " ".join(one.split()) not in text]
    assert missing == []


def test_it_says_that_it_is_pdf_a_3b_and_has_an_output_intent() -> None:
    content = pdf()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp(content)
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp(content)
    (intent,) = catalogue(content)["/OutputIntents"]
    intent = intent.get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    assert len(intent["/DestOutputProfile"].get_object().get_data()) > 100
    assert "/ID" in read(content).trailer
    assert "/Encrypt" not in read(content).trailer


def test_every_font_is_embedded() -> None:
    for page in read(FpdfPress().typeset(papers()["parked"], ())).pages:
        resources: Any = page["/Resources"]
        fonts = resources.get_object()["/Font"].get_object()
        assert fonts
        for one in fonts.values():
            (inner,) = one.get_object()["/DescendantFonts"]
            described = inner.get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in described


def test_the_draft_is_inside_to_the_byte_as_an_associated_file() -> None:
    content = pdf(*FILES)
    named = {
        file.get_object()["/UF"]: file.get_object()["/AFRelationship"]
        for file in catalogue(content)["/AF"]
    }
    assert named == {"factur-x.xml": "/Data", "releve.json": "/Source"}
    inside = read(content).attachments
    assert inside["factur-x.xml"] == [DRAFT]
    assert inside["releve.json"] == [record().line]
    for mark in (
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
    ):
        assert mark in xmp(content)


def test_without_a_draft_the_metadata_claim_none() -> None:
    assert "factur-x" not in xmp(pdf(FILES[1]))


def test_a_reader_for_the_ears_gets_language_and_title() -> None:
    content = pdf()
    assert catalogue(content)["/Lang"] == "fr-FR"
    assert "Justificatif d’intervention" in xmp(content)


def test_a_session_of_many_stretches_goes_on_on_the_next_pages() -> None:
    paper = justificatif(long(), [], FRANCHISE, CONSUMER, PARIS)
    content = FpdfPress().typeset(paper, ())
    assert len(read(content).pages) > 2
    assert words(content).count("Cause de la fin") > 1
    assert "61 " in words(content)


def test_what_waits_has_its_banner_and_no_draft() -> None:
    paper = justificatif(parked(), [], FRANCHISE, CONSUMER, PARIS)
    assert "PROJET" in words(FpdfPress().typeset(paper, ()))


def test_without_fpdf2_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(SettingsError, match=r"pip install 'cordee\[documents\]'"):
        FpdfPress()
