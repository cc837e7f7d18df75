"""The terms are the text that is named, or the relay says what is wrong (R09)."""

from hashlib import sha256
from pathlib import Path

import pytest

from cordee_server.provider import TERMS
from cordee_server.terms import read_terms
from cordee_shared.errors import SettingsError

TEXT = "1 - VALIDITÉ DU CONTRAT\n"
NAMED = sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "terms.txt"


def test_R09_the_terms_are_the_text_that_is_named(file: Path) -> None:
    file.write_text(TEXT, encoding="utf-8")
    assert read_terms(file, NAMED) == TEXT


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"1 - AUTRE CHOSE", "give a changed text a new terms.version"),
        (b"\xff", "expected UTF-8"),
        (b"", "expected plain text of at most 128 kB"),
        (b"a" * 200_000, "expected plain text of at most 128 kB"),
    ],
)
def test_R09_another_text_starts_nothing(
    file: Path, content: bytes, sentence: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=sentence):
        read_terms(file, NAMED)


def test_R09_terms_that_are_not_there_start_nothing(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"terms\.file: .* cannot be read"):
        read_terms(file, NAMED)


def test_R09_the_terms_that_ship_are_those_of_2021() -> None:
    named = "0493c961b771bf3a1a9d3604d62bfa9987e77400e608809a95ee3436b3127d7c"
    assert "(Mises à jour le 1er novembre 2021)" in read_terms(TERMS, named)
