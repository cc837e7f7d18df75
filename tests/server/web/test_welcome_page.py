from pathlib import Path

import pytest

from cordee_server.web.offers import Offer
from cordee_server.web.systems import System
from cordee_server.web.welcome_page import (
    House,
    bytes_text,
    download_page,
    privacy_page,
    size_text,
    terms_page,
)
from cordee_server.web.welcome_words import EN, FR
from cordee_shared.session.language import Language

HOUSE = House("Aide & Cie", "Aide et Compagnie", "01 23 45 67 89", has_logo=False)
EXE = Offer(
    System.WINDOWS,
    "cordee-agent.exe",
    "cordee-agent@aide.example.exe",
    48_213_504,
    "ab" * 32,
    Path("x"),
)


def page(system: System, *offers: Offer, language: Language = Language.FR) -> str:
    return download_page(HOUSE, language, system, offers)


def test_the_button_names_system_and_size_and_its_file_is_told_to_the_byte() -> None:
    text = page(System.WINDOWS, EXE)
    assert 'href="/download/cordee-agent.exe"' in text
    assert "pour Windows, 48,2\u00a0Mo" in text
    assert "48\u202f213\u202f504\u00a0octets" in text
    assert "ab" * 32 in text
    assert "cordee-agent@aide.example.exe" in text


def test_without_a_file_it_says_so_with_the_telephone() -> None:
    text = page(System.MACOS, EXE)
    assert 'data-testid="download"' not in text
    assert "Il n’y a pas encore de programme pour macOS ici." in text
    assert "Appelez Aide &amp; Cie au 01 23 45 67 89" in text


@pytest.mark.parametrize("system", [System.MOBILE, System.UNKNOWN])
def test_what_is_no_computer_is_not_offered_a_program(system: System) -> None:
    text = page(system, EXE)
    assert 'data-testid="download"' not in text
    assert 'data-testid="system-windows"' in text


def test_the_telephone_can_be_called_by_a_touch() -> None:
    assert '<a href="tel:0123456789">01 23 45 67 89</a>' in page(System.LINUX)


def test_the_scam_is_named() -> None:
    assert "n’appellent jamais pour prendre la main" in page(System.WINDOWS)
    english = page(System.WINDOWS, language=Language.EN)
    assert "never call to take control" in english


def test_s36_whatever_an_operator_writes_stays_text() -> None:
    hostile = '"><script>x</script>'
    house = House(hostile, hostile, hostile, has_logo=True)
    offer = Offer(System.LINUX, hostile, hostile, 1, hostile, Path("x"))
    for text in (
        download_page(house, Language.FR, System.LINUX, [offer]),
        terms_page(house, Language.FR, hostile, hostile),
        privacy_page(house, Language.FR, hostile),
        privacy_page(house, Language.EN, ""),
    ):
        # A hash is ours and of hexadecimal digits; everything else is a stranger's.
        assert "<script" not in text.replace(f'hash">{hostile}', "")


def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    for text in (
        page(System.WINDOWS, EXE),
        terms_page(HOUSE, Language.FR, "1", "Article 1"),
        privacy_page(HOUSE, Language.EN, ""),
    ):
        assert "<script" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert " on" not in text.partition("<body>")[0]


def test_terms_stand_word_for_word_and_the_notice_may_be_the_operators() -> None:
    terms = "Article 1\n\n  Les < et & aussi."
    assert "Article 1\n\n  Les &lt; et &amp; aussi." in terms_page(
        HOUSE, Language.FR, "2026", terms
    )
    assert "Nos mots." in privacy_page(HOUSE, Language.FR, "Nos mots.")
    assert "Aide et Compagnie" in privacy_page(HOUSE, Language.FR, "")


def test_sizes_are_written_as_the_language_does() -> None:
    assert size_text(48_213_504, FR) == "48,2\u00a0Mo"
    assert size_text(48_213_504, EN) == "48.2\u00a0MB"
    assert size_text(12, FR) == "0,1\u00a0Mo"
    assert bytes_text(1_234_567, Language.EN) == "1,234,567 bytes"
