import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import PROOF_MAX, TERMS_PIECE
from cordee_shared.wire.control import Proof
from cordee_shared.wire.proof import ProofGathering, in_pieces


@given(st.integers(1, 3 * TERMS_PIECE))
def test_a_proof_comes_together_from_its_pieces(size: int) -> None:
    text, gathering = "x" * size, ProofGathering()
    found = [gathering.take(piece) for piece in in_pieces(text)]
    assert found[-1] == text
    assert set(found[:-1]) <= {None}


def test_the_first_piece_begins_anew() -> None:
    gathering = ProofGathering()
    assert gathering.take(Proof(part=0, of=2, text="a")) is None
    assert gathering.take(Proof(part=0, of=1, text="b")) == "b"


@pytest.mark.parametrize(("part", "of"), [(1, 2), (0, 0), (0, 10_000)])
def test_a_piece_out_of_turn_is_refused(part: int, of: int) -> None:
    with pytest.raises(MalformedFrame):
        ProofGathering().take(Proof(part=part, of=of, text="a"))


def test_what_is_too_long_is_not_sent() -> None:
    assert list(in_pieces("x" * (PROOF_MAX + 1))) == []
