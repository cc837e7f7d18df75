"""What the customer may take away: put together at the end, and checked (S-28).

Nothing is written here: the file leaves this program by her click alone (terms, R20).
A receipt that does not fit is not offered: it would prove nothing.
"""

from __future__ import annotations

from dataclasses import replace

from cordee_agent.meeting import Met
from cordee_agent.window.model import Kept, Over
from cordee_shared.canonical import b64
from cordee_shared.errors import CordeeError
from cordee_shared.journal.checkpoint import SessionProof
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import check
from cordee_shared.journal.receipt_page import file_name, page
from cordee_shared.session.consent import Language
from cordee_shared.session.offer import Signed
from cordee_shared.wire import control
from cordee_shared.wire.proof import ProofGathering


class Keeping:
    """One session's receipt in the making. Owned by the session."""

    def __init__(self, met: Met, relay_pk: bytes, language: Language) -> None:
        """Remember whose session it is; nothing is there yet."""
        self._met = met
        self._relay_pk = relay_pk
        self._language = language
        self._gathering = ProofGathering()

    def take(self, piece: control.Proof, over: Over) -> Over:
        """Add a piece of the journal's proof; bring the receipt once it is whole."""
        met = self._met
        try:
            text = self._gathering.take(piece)
            if text is None:
                return over
            receipt = Receipt.of(
                b64(self._relay_pk),
                Signed(met.paired.offer.text, met.paired.offer.sig),
                met.ledger.entries,
                SessionProof.read(text),
                met.consent.agreed,
                met.ledger.withheld,
            )
            checked = check(receipt, self._relay_pk)
        except CordeeError as error:
            return replace(over, unproved=str(error))
        name, words = file_name(checked, self._language), page(checked, self._language)
        return replace(over, receipt=Kept(name, receipt.write(), words))
