"""From the relay's ``paired`` to keys and a name: who is at the other end?

A session begins only when both ends hold the same code and the relay's signatures
say who asks and what was agreed. Anything else is a failed run.
"""

from __future__ import annotations

from dataclasses import dataclass

from cordee_agent.consent import Consent, who_asks
from cordee_agent.ledger import Ledger
from cordee_agent.link import Link
from cordee_agent.ports import Parts
from cordee_agent.sealed import SealedLine
from cordee_shared.code import Code
from cordee_shared.errors import CordeeError
from cordee_shared.ids import read_session_id
from cordee_shared.journal.entry import read_entry
from cordee_shared.pairing.machine import Agreement, Direction
from cordee_shared.session.machine import Session
from cordee_shared.session.states import State
from cordee_shared.wire import control
from cordee_shared.wire.terms import Gathering


@dataclass(frozen=True, slots=True)
class Met:
    """The two ends know each other: what a session works with."""

    paired: control.Paired
    line: SealedLine
    ledger: Ledger
    consent: Consent
    #: The pairing's transcript hash, for the act that binds this side to it.
    th: bytes


class Meeting:
    """One run at a code. Owned by the app, until it is met or has failed."""

    def __init__(
        self,
        parts: Parts,
        link: Link,
        code: Code,
        direction: Direction,
        paired: control.Paired,
        terms: Gathering,
    ) -> None:
        """Start pairing; ``terms`` came before ``paired``.

        Raises:
            PairingFailed: the relay speaks of another code.
            MalformedFrame: the relay names no session.
        """
        self._parts = parts
        self._link = link
        self._paired = paired
        self._terms = terms
        self._session = read_session_id(paired.session)
        self._line = SealedLine(
            link,
            parts.clock,
            parts.entropy,
            code=code,
            direction=direction,
            origin=parts.origin,
            version=parts.version,
            paired=paired,
        )
        # The relay's entries run ahead of the keys with which they are followed.
        self._early: list[bytes] = []
        #: The run is over: a wrong code, or somebody stands in between.
        self.has_failed = False
        self.met: Met | None = None

    def on_message(self, message: control.ToAgent) -> None:
        """Take a message of the relay's; look at ``met`` and ``has_failed`` after."""
        try:
            match message:
                case control.H1() | control.H3():
                    if (agreement := self._line.pair(message)) is not None:
                        self.met = self._meet(agreement)
                case control.EntryMade(entry=text):
                    raw = text.encode("ascii", "replace")
                    self._early.append(raw)
                    self.has_failed = read_entry(raw).state is State.ENDED
                case control.RunFailed():
                    self.has_failed = True
        except CordeeError:
            self._link.send(control.RunFailed())
            self.has_failed = True

    def _meet(self, agreement: Agreement) -> Met:
        parts = self._parts
        ledger = Ledger(
            session=self._session,
            key=self._line.key,
            th=agreement.th,
            peer_pk=agreement.peer_pk,
            relay_pk=parts.relay_pk,
            table=Session(first=self._paired.n),
            started_ms=int(parts.clock.monotonic() * 1000),
        )
        for raw in self._early:
            ledger.follow(raw)
        consent = who_asks(
            self._paired,
            agreement.peer_pk,
            agreement.peer_ad,
            parts.relay_pk,
            parts.clock.wall(),
            parts.language,
            pinned=parts.pinned,
            terms=self._terms,
        )
        return Met(self._paired, self._line, ledger, consent, agreement.th)
