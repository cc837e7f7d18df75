import datetime as dt
from html.parser import HTMLParser

import pytest

from cordee_shared.canonical import b64
from cordee_shared.journal.receipt_check import Checked, check
from cordee_shared.journal.receipt_page import _WORDS, file_name, page
from cordee_shared.session.language import Language
from cordee_shared.session.states import Event, Remark
from tests.receipts import SIGNER, Evident, evident, receipt_of
from tests.shared.journals import WALL_MS


class Words(HTMLParser):
    """What a reader sees, and every tag and address in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen = ""
        self.tags: set[str] = set()
        self.fetched: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.seen += data + "\n"


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check(receipt_of(evident(), evident(2)), SIGNER.public)


@pytest.mark.parametrize("language", list(Language))
def test_a_page_says_who_what_when_and_to_which_words(
    language: Language, checked: Checked
) -> None:
    found = Words(page(checked, language, dt.UTC))
    for said in (
        "Claire",
        "Aide & Cie",
        "Mme Dupuis",
        "Un câble",
        b64(SIGNER.public),
        "Claire (Aide & Cie) demande à voir votre écran",
        checked.session,
    ):
        assert said in found.seen, said
    assert found.fetched == []
    assert "script" not in found.tags


def test_s36_what_others_wrote_stays_text() -> None:
    session = Evident(1, "<script>alert(1)</script>")
    session.pair()
    session.end()
    text = page(check(receipt_of(session), SIGNER.public), Language.FR, dt.UTC)
    assert "script" not in Words(text).tags
    assert "&lt;script&gt;" in text


def test_both_languages_have_a_word_for_everything_that_happens() -> None:
    assert set(_WORDS[Language.FR]) == set(_WORDS[Language.EN])
    silent = {Remark.TICK, Remark.CHECKPOINT, Remark.BIND}
    for kind in (*Event, *Remark):
        assert kind in silent or f"kind.{kind.value}" in _WORDS[Language.FR], kind


def test_a_receipt_is_called_after_its_day_and_session(checked: Checked) -> None:
    name = file_name(checked, Language.FR, dt.UTC)
    day = dt.datetime.fromtimestamp(WALL_MS / 1000, tz=dt.UTC).date()
    assert name == f"recu-{day.isoformat()}-00000000"
    assert file_name(checked, Language.EN, dt.UTC).startswith("receipt-")
