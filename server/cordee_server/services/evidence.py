"""The provider's own copy of a receipt, out of the journal (S-28).

The same file that the customer carries away, from the code's first entry on. What an
end never told the relay is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.canonical import Json, b64, read_canonical, unb64
from cordee_shared.errors import MalformedFrame, NotAllowed, Refused
from cordee_shared.ids import SessionId, TechnicianId
from cordee_shared.journal.entry import Entry
from cordee_shared.journal.receipt import Receipt
from cordee_shared.session.consent import Language, Scope, render
from cordee_shared.session.extra import Extra, render_extra
from cordee_shared.session.offer import Attestation, Offer, Signed
from cordee_shared.session.states import Event, Remark, State

from ..evidence import LogStore
from ..keyfiles import public_bytes
from ..ports import BillingOutbox, EngagementStore
from .journal import JournalService

_SCOPES: Final = {
    Event.VIEW_GRANTED: Scope.VIEW,
    Event.CONTROL_GRANTED: Scope.CONTROL,
}


class Evidence:
    """Makes receipts of sessions that are over."""

    def __init__(
        self,
        journal: JournalService,
        log: LogStore,
        engagements: EngagementStore,
        outbox: BillingOutbox,
        relay_key: Ed25519PrivateKey,
    ) -> None:
        """Read from these; nothing is written."""
        self._journal = journal
        self._log = log
        self._engagements = engagements
        self._outbox = outbox
        self._key = relay_key

    async def receipt_of_record(self, record: str, technician: TechnicianId) -> Receipt:
        """Return the receipt of the session that a billing record was made by.

        Raises:
            NotAllowed: there is no such record of this technician.
            Refused: as :meth:`receipt`.
        """
        for outgoing in await self._outbox.records():
            if outgoing.id == record and outgoing.session is not None:
                return await self.receipt(outgoing.session, technician)
        raise NotAllowed("There is no such receipt.")

    async def receipt(
        self, session: SessionId, technician: TechnicianId | None = None
    ) -> Receipt:
        """Return a session's receipt.

        Args:
            session: one that is over.
            technician: who asks; ``None``: the operator, who may have each.

        Raises:
            NotAllowed: there is no such session of this technician.
            Refused: it is not over, nobody ever met in it, or it was held under words
                that this version does not have; the customer's own receipt has them.
        """
        entries = await self._journal.entries_of(session)
        engagement = await self._journal.engagement_of(session)
        found = await self._engagements.find(engagement) if engagement else None
        if not entries or found is None or technician not in (None, found.confirmed_by):
            raise NotAllowed("There is no such receipt.")
        if entries[-1].state is not State.ENDED:
            raise Refused("This session is not over: its receipt comes with its end.")
        proof = await self._log.proof_of(session)
        assert proof is not None, "what has entries is in the log"
        try:
            return Receipt.of(
                b64(public_bytes(self._key)),
                found.offer.signed(self._key),
                entries,
                proof,
                self._texts(entries, found.offer),
            )
        except MalformedFrame:
            raise Refused("Nobody met in this session: there is no receipt.") from None

    def _texts(
        self, entries: Sequence[Entry], offer: Offer
    ) -> Iterable[dict[str, Json]]:
        name, proposals = "", {e.act.hash: e for e in entries if e.act is not None}
        for entry in entries:
            if entry.kind is Event.KEYS_CONFIRMED:
                name = self._technician_of(entry)
            if entry.late:
                continue
            if isinstance(entry.kind, Event) and entry.kind in _SCOPES:
                language = Language(str(entry.data.get("language")))
                text = render(_SCOPES[entry.kind], language, offer, name)
                yield _same(entry, text.hash, text.words)
            elif entry.kind is Remark.EXTRA_ACCEPTED:
                language = Language(str(entry.data.get("language")))
                proposal = proposals[str(entry.data.get("extra"))]
                extra = render_extra(Extra.read(proposal.data), language, offer, name)
                yield _same(entry, extra.hash, extra.words)

    def _technician_of(self, entry: Entry) -> str:
        said = read_canonical(unb64(str(entry.data.get("ad_b")))).get("att")
        if not isinstance(said, dict):
            raise MalformedFrame("no attestation")
        statement = Signed(str(said.get("text")), str(said.get("sig")))
        # Whether it had expired is what the receipt's check looks at.
        return Attestation.read(statement, public_bytes(self._key), 0).technician


def _same(entry: Entry, found: str, words: dict[str, Json]) -> dict[str, Json]:
    if entry.data.get("text") != found:
        raise Refused(
            "This session was held under words that this version does not have; the "
            "customer's own receipt has them."
        )
    return words
