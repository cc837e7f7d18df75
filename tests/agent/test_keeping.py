"""S-28: the customer's receipt is put together and checked before it is offered."""

from types import SimpleNamespace

from cordee_agent.keeping import Keeping
from cordee_agent.window.model import Over
from cordee_shared.journal.checkpoint import SessionProof
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import check
from cordee_shared.session.consent import Language
from cordee_shared.session.states import EndReason, Side
from cordee_shared.wire.proof import in_pieces
from tests.receipts import SIGNED, SIGNER, Evident, evident, prove

OVER = Over(
    reason=EndReason.CUSTOMER_ENDED,
    by=Side.CUSTOMER,
    technician="Claire",
    organisation="Aide & Cie",
    seconds=60,
    reclaims=1,
    cost=None,
    confirmed=True,
)


def kept(
    session: Evident, proof: SessionProof, relay_pk: bytes = SIGNER.public
) -> Over:
    met = SimpleNamespace(
        paired=SimpleNamespace(offer=SIGNED),
        ledger=SimpleNamespace(entries=session.entries[1:], withheld=()),
        consent=SimpleNamespace(agreed=session.texts),
    )
    keeping, over = Keeping(met, relay_pk, Language.FR), OVER  # type: ignore[arg-type]  # what it reads of it
    for piece in in_pieces(proof.write()):
        over = keeping.take(piece, over)
    return over


def test_s28_a_receipt_that_fits_is_offered_with_its_page() -> None:
    session = evident()
    over = kept(session, prove(session, evident(2), of=session.id, since=1))
    assert over.receipt is not None
    assert over.unproved == ""
    found = check(Receipt.read(over.receipt.raw), SIGNER.public)
    assert found.session == session.id
    assert over.receipt.name.startswith("recu-")
    assert "Claire" in over.receipt.page


def test_s32_a_proof_that_does_not_fit_is_said_and_nothing_is_offered() -> None:
    session = evident()
    other = evident(2)
    for proof in (
        prove(other, session, of=other.id, since=1),
        prove(session, of=session.id),
    ):
        over = kept(session, proof)
        assert over.receipt is None
        assert over.unproved
    other_key = kept(session, prove(session, of=session.id, since=1), bytes(32))
    assert other_key.receipt is None


def test_half_a_proof_changes_nothing() -> None:
    session = evident()
    pieces = list(in_pieces("x" * 10_000))
    met = SimpleNamespace(
        paired=SimpleNamespace(offer=SIGNED),
        ledger=SimpleNamespace(entries=session.entries, withheld=()),
        consent=SimpleNamespace(agreed=session.texts),
    )
    keeping = Keeping(met, SIGNER.public, Language.FR)  # type: ignore[arg-type]  # what it reads of it
    assert keeping.take(pieces[0], OVER) == OVER
    assert keeping.take(pieces[1], OVER).unproved
