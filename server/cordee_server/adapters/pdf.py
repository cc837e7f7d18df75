"""A justificatif as PDF/A-3, set by fpdf2 in Atkinson Hyperlegible.

Rules:

1. The same words and attachments give the same bytes: every date is the document's
   own, and no clock is asked.
2. PDF/A-3B: fonts are embedded, colours are sRGB, the metadata are XMP, attachments
   are associated files. veraPDF has not seen it (docs/billing/documents.md).
3. Whoever reads with their ears gets the language and the title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from cordee_shared.billing.justificatif import Justificatif
from cordee_shared.errors import SettingsError

from ..papers import Attachment

FONTS: Final = Path(__file__).parents[1] / "fonts"
#: The name under which Factur-X looks for its XML.
FACTURX: Final = "factur-x.xml"

_FAMILY: Final = "Atkinson"
#: Millimetres.
_MARGIN: Final = 18.0
_WIDTH: Final = 210 - 2 * _MARGIN
_GUTTER: Final = 8.0
_BOTTOM: Final = 20.0
#: Of the smallest sentences, on one line at least.
_LETTERS: Final = 90
#: The house's colours; each has a contrast of 7 to 1 on white, but for the line's.
_INK: Final = (28, 36, 48)
_SOFT: Final = (75, 85, 99)
_ACCENT: Final = (18, 78, 102)
_LINE: Final = (205, 213, 222)
_WASH: Final = (240, 245, 248)
_WARN: Final = (140, 45, 4)
_WARN_WASH: Final = (254, 243, 231)
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class FpdfPress:
    """Sets documents by fpdf2."""

    def __init__(self) -> None:
        """Look for fpdf2.

        Raises:
            SettingsError: it is not installed.
        """
        try:
            import fpdf  # late: who makes no documents does not need it
        except ImportError:
            raise SettingsError(
                "documents: expected fpdf2; `pip install 'cordee[documents]'` brings it"
            ) from None
        self._fpdf: Any = fpdf

    def typeset(self, paper: Justificatif, attached: Sequence[Attachment]) -> bytes:
        """See :class:`~cordee_server.papers.Press`."""
        at = _EPOCH + dt.timedelta(milliseconds=paper.made_ms)
        pdf = self._fpdf.FPDF(enforce_compliance="PDF/A-3B")
        pdf.set_creation_date(at)
        pdf.set_lang("fr-FR")
        pdf.set_title(paper.title)
        is_draft = any(one.name == FACTURX for one in attached)
        pdf.set_xmp_metadata(_xmp(paper, at, is_draft=is_draft))
        pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
        pdf.set_auto_page_break(True, _BOTTOM)
        for style, weight in (("", 400), ("B", 700)):
            file = FONTS / f"AtkinsonHyperlegibleNext-{weight}.ttf"
            pdf.add_font(_FAMILY, style, str(file))
        # Cells begin where their rule begins.
        pdf.c_margin = 0
        _Page(pdf, paper).set()
        for one in attached:
            pdf.embed_file(
                bytes=one.content,
                basename=one.name,
                mime_type=one.mime,
                desc=one.about,
                associated_file_relationship=one.relationship,
                creation_date=at,
                modification_date=at,
                compress=True,
            )
        return bytes(pdf.output())


class _Page:
    """Puts one paper on its pages, from top to bottom."""

    def __init__(
        self,
        pdf: Any,  # noqa: ANN401 - fpdf2 has no types worth the name
        paper: Justificatif,
    ) -> None:
        self.pdf = pdf
        self.paper = paper

    def set(self) -> None:
        """Set everything."""
        pdf, paper = self.pdf, self.paper
        pdf.footer = self._footer
        pdf.add_page()
        self._head()
        self._parties()
        self._pairs("Intervention", paper.intervention, label_mm=34)
        self._segments()
        self._amount()
        self._pairs("Autorisations et déconnexion", paper.evidence, label_mm=42)
        self._words("Réserves du client", [paper.reserves])
        if paper.remarks:
            self._words("Observations", paper.remarks)
        self._words("Mentions", paper.mentions, size=8.5)
        self._digests()

    # --- parts

    def _head(self) -> None:
        pdf, paper = self.pdf, self.paper
        pdf.set_fill_color(*_ACCENT)
        pdf.rect(0, 0, 210, 4, style="F")
        self._font(20, bold=True, colour=_ACCENT)
        pdf.cell(_WIDTH, 10, paper.title, new_x="LMARGIN", new_y="NEXT")
        self._font(9.5, colour=_SOFT)
        pdf.cell(_WIDTH, 5, paper.subtitle, new_x="LMARGIN", new_y="NEXT")
        if paper.banner:
            pdf.ln(3)
            pdf.set_fill_color(*_WARN_WASH)
            self._font(11, bold=True, colour=_WARN)
            pdf.multi_cell(
                _WIDTH,
                9,
                paper.banner,
                align="C",
                fill=True,
                new_x="LMARGIN",
                new_y="NEXT",
            )
        pdf.ln(5)

    def _parties(self) -> None:
        pdf, paper = self.pdf, self.paper
        half = (_WIDTH - _GUTTER) / 2
        top, page = pdf.get_y(), pdf.page
        ends = []
        for x, label, lines in (
            (_MARGIN, "Prestataire", paper.provider),
            (_MARGIN + half + _GUTTER, "Client", paper.customer),
        ):
            pdf.set_xy(x, top)
            self._font(8, bold=True, colour=_SOFT)
            pdf.cell(half, 5, label.upper(), new_x="LEFT", new_y="NEXT")
            for n, line in enumerate(lines):
                self._font(11 if n == 0 else 9.5, bold=n == 0)
                pdf.set_x(x)
                pdf.multi_cell(half, 4.8, line, align="L", new_x="LEFT", new_y="NEXT")
            ends.append(pdf.get_y())
        assert pdf.page == page, "the two parties fit on the first page"
        pdf.set_xy(_MARGIN, max(ends) + 4)

    def _pairs(
        self, title: str, rows: Sequence[tuple[str, str]], *, label_mm: float
    ) -> None:
        pdf = self.pdf
        self._title(title)
        for label, text in rows:
            self._room(5)
            self._font(9.5, colour=_SOFT)
            pdf.cell(label_mm, 5, label)
            self._font(9.5)
            pdf.multi_cell(
                _WIDTH - label_mm, 5, text, align="L", new_x="LMARGIN", new_y="NEXT"
            )
        pdf.ln(3)

    def _segments(self) -> None:
        paper = self.paper
        self._title("Temps compté")
        if not paper.segments:
            self._line("Aucun temps compté.")
            self.pdf.ln(3)
            return
        head = ("N°", "Début", "Fin", "Cause de la fin", "Durée")
        self._table(
            (head, *paper.segments, ("", "", "", "Total, à la seconde", paper.counted)),
            widths=(9, 40, 40, 57, 28),
            right=(4,),
            is_summed=True,
        )

    def _amount(self) -> None:
        pdf, paper = self.pdf, self.paper
        self._title("Montant")
        head = ("Désignation", "Quantité", "Prix unitaire TTC", "Montant TTC")
        self._table((head, *paper.lines), widths=(76, 26, 42, 30), right=(1, 2, 3))
        self._room(28)
        left = _MARGIN + _WIDTH - 72
        for label, text in paper.totals:
            self._font(9.5, colour=_SOFT)
            pdf.set_x(left)
            pdf.cell(38, 5.5, label)
            self._font(9.5)
            pdf.cell(34, 5.5, text, align="R", new_x="LMARGIN", new_y="NEXT")
        pdf.set_fill_color(*_ACCENT)
        pdf.set_x(left)
        self._font(12, bold=True, colour=(255, 255, 255))
        pdf.cell(38, 9, "  Total TTC", fill=True)
        pdf.cell(34, 9, f"{paper.due}  ", align="R", fill=True, new_x="LMARGIN")
        pdf.ln(11)
        self._line(paper.counting, size=8.5, colour=_SOFT)
        pdf.ln(3)

    def _words(self, title: str, lines: Sequence[str], *, size: float = 9.5) -> None:
        self._title(title)
        for line in lines:
            # A sentence is not torn between two pages.
            self._room(size / 2 * (1 + len(line) // _LETTERS))
            self._line(line, size=size)
        self.pdf.ln(3)

    def _digests(self) -> None:
        pdf = self.pdf
        self._title("Preuves : empreintes SHA-256")
        for label, text in self.paper.digests:
            self._room(4)
            self._font(7.5, colour=_SOFT)
            pdf.cell(38, 4, label)
            pdf.multi_cell(
                _WIDTH - 38, 4, text, align="L", new_x="LMARGIN", new_y="NEXT"
            )

    def _footer(self) -> None:
        pdf = self.pdf
        pdf.set_y(-14)
        self._font(8, colour=_SOFT)
        name = self.paper.provider[0]
        pdf.cell(_WIDTH - 14, 5, f"{name} – {self.paper.title}")
        pdf.cell(14, 5, f"page {pdf.page_no()}", align="R")

    # --- pieces

    def _font(
        self,
        size: float,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
    ) -> None:
        self.pdf.set_font(_FAMILY, "B" if bold else "", size)
        self.pdf.set_text_color(*colour)

    def _title(self, text: str) -> None:
        """Begin a part; never alone at the foot of a page."""
        self._room(18)
        pdf = self.pdf
        self._font(10.5, bold=True, colour=_ACCENT)
        pdf.cell(_WIDTH, 6, text, new_x="LMARGIN", new_y="NEXT")
        pdf.set_draw_color(*_LINE)
        pdf.set_line_width(0.25)
        pdf.line(_MARGIN, pdf.get_y(), _MARGIN + _WIDTH, pdf.get_y())
        pdf.ln(1.5)

    def _line(
        self,
        text: str,
        *,
        size: float = 9.5,
        colour: tuple[int, int, int] = _INK,
    ) -> None:
        self._font(size, colour=colour)
        self.pdf.multi_cell(
            _WIDTH, size / 2, text, align="L", new_x="LMARGIN", new_y="NEXT"
        )

    def _room(self, height: float) -> None:
        """Go to the next page unless so many millimetres are left."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()

    def _table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float],
        right: Sequence[int],
        is_summed: bool = False,
    ) -> None:
        pdf = self.pdf
        from fpdf.fonts import FontFace as faces

        pdf.set_draw_color(*_LINE)
        pdf.set_fill_color(255, 255, 255)
        self._font(9)
        align = tuple("RIGHT" if n in right else "LEFT" for n in range(len(widths)))
        with pdf.table(
            width=sum(widths),
            col_widths=tuple(widths),
            text_align=align,
            line_height=5,
            padding=(0.6, 1.2),
            borders_layout="HORIZONTAL_LINES",
            headings_style=faces(
                emphasis="BOLD", color=_SOFT, fill_color=_WASH, size_pt=8.5
            ),
        ) as table:
            for n, cells in enumerate(rows):
                is_sum = is_summed and n == len(rows) - 1
                style = faces(emphasis="BOLD") if is_sum else None
                row = table.row(style=style)
                for cell in cells:
                    row.cell(cell)
        pdf.ln(3)


def _xmp(paper: Justificatif, at: dt.datetime, *, is_draft: bool) -> str:
    """Return the metadata: what PDF/A wants, and what finds the draft inside."""
    when = at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        f"<xmp:CreateDate>{when}</xmp:CreateDate>"
        f"<xmp:ModifyDate>{when}</xmp:ModifyDate>"
        f"<xmp:MetadataDate>{when}</xmp:MetadataDate>"
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{escape(paper.title)}</rdf:li></rdf:Alt></dc:title>"
        "<dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>"
        "</rdf:Description>"
        f"{_DRAFT_XMP if is_draft else ''}</rdf:RDF></x:xmpmeta>"
    )


def _property(name: str, about: str) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{about}</pdfaProperty:description></rdf:li>"
    )


_FX: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
#: Factur-X 1.0, 6.2: the four properties, and the schema that PDF/A wants of them.
_DRAFT_XMP: Final = (
    f'<rdf:Description rdf:about="" xmlns:fx="{_FX}">'
    "<fx:DocumentType>INVOICE</fx:DocumentType>"
    f"<fx:DocumentFileName>{FACTURX}</fx:DocumentFileName>"
    "<fx:Version>1.0</fx:Version>"
    "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>"
    '<rdf:Description rdf:about="" '
    'xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{_FX}</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    + _property("DocumentFileName", "name of the embedded XML invoice file")
    + _property("DocumentType", "INVOICE")
    + _property("Version", "version of the Factur-X XML schema")
    + _property("ConformanceLevel", "conformance level of the embedded data")
    + "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
    "</rdf:Description>"
)
