"""The terms arrive whole, as the offer names them, or not at all (R09)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import MalformedFrame, Tampered
from cordee_shared.limits import CONTROL_MAX, TERMS_MAX, TERMS_PIECE
from cordee_shared.wire import control
from cordee_shared.wire.control import Terms
from cordee_shared.wire.terms import Gathering, in_pieces, is_readable

TEXT = (
    "2 - FORMATION DU CONTRAT\nLe client peut appeler « du lundi au samedi ».\n" * 400
)


def gathered(pieces: list[Terms]) -> Gathering:
    made = Gathering()
    for piece in pieces:
        sent = control.decode(control.encode(piece), control.to_agent)
        assert isinstance(sent, Terms)
        made.take(sent)
    return made


def test_R09_what_arrives_is_the_text_that_the_offer_names() -> None:
    pieces = list(in_pieces(TEXT))
    assert len(pieces) > 3
    assert gathered(pieces).joined(sha256_hex(TEXT.encode())) == TEXT
    with pytest.raises(Tampered, match="not those that the offer names"):
        gathered(pieces).joined("0" * 64)
    with pytest.raises(Tampered):
        gathered(pieces[:-1]).joined(sha256_hex(TEXT.encode()))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=20_000))
def test_R09_any_text_survives_the_way(text: str) -> None:
    text += "."
    assert gathered(list(in_pieces(text))).joined(sha256_hex(text.encode())) == text


def test_the_largest_text_of_the_worst_letters_fits_the_messages() -> None:
    worst = "\\\n" * (TERMS_MAX // 2)
    assert is_readable(worst)
    for piece in in_pieces(worst):
        assert len(control.encode(piece)) < 2 * CONTROL_MAX
    assert gathered(list(in_pieces(worst))).joined(sha256_hex(worst.encode())) == worst


def test_a_first_piece_begins_anew() -> None:
    one, two = list(in_pieces("a" * (TERMS_PIECE + 1)))
    again = gathered([one, one, two])
    assert again.joined(sha256_hex(b"a" * (TERMS_PIECE + 1)))


@pytest.mark.parametrize(
    "pieces",
    [
        [Terms(part=1, of=2, text="b")],
        [Terms(part=0, of=2, text="a"), Terms(part=1, of=3, text="b")],
        [Terms(part=0, of=1, text="a"), Terms(part=1, of=1, text="b")],
        [Terms(part=0, of=0, text="a")],
        [Terms(part=0, of=10_000, text="a")],
    ],
)
def test_pieces_that_make_no_text_are_a_violation(pieces: list[Terms]) -> None:
    with pytest.raises(MalformedFrame):
        gathered(pieces)


@pytest.mark.parametrize(
    "text", ["", "   \n", "a\x00", "a\u202eb", "a" * TERMS_MAX * 2]
)
def test_what_nobody_can_read_is_no_text(text: str) -> None:
    assert not is_readable(text)


def test_what_cannot_be_shown_is_refused_though_it_is_signed() -> None:
    text = "abc\u202edef"
    with pytest.raises(MalformedFrame, match="cannot be shown"):
        gathered(list(in_pieces(text))).joined(sha256_hex(text.encode()))
