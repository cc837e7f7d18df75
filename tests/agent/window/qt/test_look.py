"""Everybody can read it: letters, sizes, contrast; and text is only ever text."""

import math
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QRawFont
from pytestqt.qtbot import QtBot

from cordee_agent.window.qt import look
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language, Scope
from tests.agent.window.screens import LONG_NAME, question

FONTS = sorted((Path(look.__file__).parent.parent / "fonts").glob("*.ttf"))
#: Names the font has to write, and the signs of the sentences.
LETTERS = "éàèùâêîôûëïüÿçœæÉÀÈŒÇ«»€’…–—“”·ßäöüñŁłšžčřőøåńśźżđğİğşțýÞð"


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    rgb = QColor(colour)
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else math.pow((share + 0.055) / 1.055, 2.4)
        for share in (rgb.redF(), rgb.greenF(), rgb.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("file", FONTS, ids=lambda file: file.stem)
def test_the_font_has_every_letter_of_every_sentence(qtbot: QtBot, file: Path) -> None:
    said = LETTERS
    for language in Language:
        said += "".join(texts(language).values())
        for scope in Scope:
            asked = question(language, scope).text
            said += asked.title + "".join(asked.paragraphs)
    font = QRawFont(str(file), 20)
    assert {c for c in said if not font.supportsCharacter(ord(c))} == set()


def test_the_font_is_the_shipped_one(qtbot: QtBot) -> None:
    look.load_fonts()
    assert len(FONTS) == 2
    for bold in (False, True):
        info = QFontInfo(look.font(20, bold=bold))
        assert info.family() == "Atkinson Hyperlegible Next"
        assert info.exactMatch()
        assert (info.weight() == QFont.Weight.Bold) is bold


def test_nothing_is_smaller_than_can_be_read() -> None:
    assert look.font(9).pixelSize() == look.SMALLEST_PX == 16


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        (look.INK, look.PAPER, 7.0),
        (look.INK, look.AMBER_PALE, 7.0),
        (look.INK, look.GREEN_PALE, 7.0),
        ("#A00F22", look.RED_PALE, 4.5),
        (look.QUIET, look.PAPER, 4.5),
        (look.QUIET, look.CARD, 4.5),
        (look.BLUE, look.CARD, 4.5),
        (look.BLUE, look.PAPER, 4.5),
        ("#FFFFFF", look.BLUE, 4.5),
        ("#FFFFFF", look.GREEN, 4.5),
        ("#FFFFFF", look.RED, 4.5),
        ("#FFFFFF", look.NAVY, 7.0),
        (look.INK, look.AMBER, 3.0),
        (look.RED, look.CARD, 3.0),
    ],
)
def test_contrast_is_enough(ink: str, ground: str, least: float) -> None:
    assert contrast(ink, ground) >= least


def test_markup_is_shown_and_never_obeyed(qtbot: QtBot) -> None:
    hostile = '<b>Votre banque</b> <a href="https://example.org">ici</a> &amp;'
    shown = look.label(hostile)
    assert shown.textFormat() == Qt.TextFormat.PlainText
    assert shown.text() == hostile
    one = look.OneLine(hostile, 18)
    qtbot.addWidget(one)
    assert one.textFormat() == Qt.TextFormat.PlainText


def test_one_line_gives_way_and_tells_the_rest(qtbot: QtBot) -> None:
    line = look.OneLine(LONG_NAME, 18)
    qtbot.addWidget(line)
    line.resize(120, 30)
    line.grab()
    assert line.minimumSizeHint().width() == 40
    assert line.toolTip() == LONG_NAME
    assert line.text() == LONG_NAME
    line.resize(2000, 30)
    line.grab()
    assert line.toolTip() == ""


def test_a_sentence_about_somebody_keeps_its_words_and_cuts_the_name() -> None:
    metrics = QFontMetrics(look.font(20))
    sentence = "{technician} utilise votre ordinateur"
    assert look.naming(sentence, "Claire", metrics, 900) == (
        "Claire utilise votre ordinateur"
    )
    short = look.naming(sentence, LONG_NAME, metrics, 420)
    assert short.startswith("Maximil")
    assert short.endswith("… utilise votre ordinateur")
    assert metrics.horizontalAdvance(short) <= 420


def test_a_name_with_line_breaks_stays_on_its_line() -> None:
    metrics = QFontMetrics(look.font(20))
    wild = "Claire\nMartin\u2028est votre banque"
    shown = look.naming("{technician} voit", wild, metrics, 900)
    assert "\n" not in shown
    assert "\u2028" not in shown
    assert look.fitting("a\n b\t c", metrics, 900) == "a b c"
