"""An end's reading of the journal: each entry checked, then followed.

Neither end trusts the relay. Rules:

1. Entries come numbered without a gap, of one session, under one boot.
2. A fact is signed by the relay, with the key that this end has pinned.
3. A person's act is the next in that person's own chain, under that person's key:
   one's own acts too, so the relay can neither make one up, nor replay, reorder or
   leave one out.
4. The state that the entry names is the one that the table leads to from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cordee_shared.errors import Tampered
from cordee_shared.ids import SessionId
from cordee_shared.journal.act import ActReader
from cordee_shared.journal.entry import Entry, read_entry, verify_fact
from cordee_shared.session.machine import Session
from cordee_shared.session.states import Side


@dataclass(slots=True)
class JournalReader:
    """Reads one session's entries as the relay sends them. Owned by the link.

    ``session`` is this end's copy; it moves by nothing else. After any error the
    session is over for this end: the reader may have taken half of the entry.
    """

    id: SessionId
    #: The relay's Ed25519 key, 32 bytes.
    relay_key: bytes
    session: Session
    _boot: str = ""
    _acts: dict[Side, ActReader] = field(default_factory=dict)

    def paired(self, th: bytes, customer_key: bytes, technician_key: bytes) -> None:
        """Say whose acts to expect: both chains begin with this run of the pairing."""
        keys = {Side.CUSTOMER: customer_key, Side.TECHNICIAN: technician_key}
        self._acts = {
            side: ActReader(self.id, side, key, th) for side, key in keys.items()
        }

    def read(self, raw: bytes) -> Entry:
        """Check the next entry and follow it.

        Raises:
            MalformedFrame: it is no entry.
            UnexpectedMessage: no event or remark has this name.
            LocalViolation: the table has no place for it.
            Tampered: wrong session, number, boot, author, signature or state.
        """
        entry = read_entry(raw)
        where = f"entry {entry.n} of {entry.session}"
        if entry.session != self.id:
            raise Tampered(where, "belongs to another session")
        if entry.n != self.session.next_entry:
            raise Tampered(where, f"is not the next, {self.session.next_entry}")
        if self._boot not in ("", entry.moment.boot):
            raise Tampered(where, "is timed by another clock")
        if entry.act is None:
            verify_fact(entry, self.relay_key)
        elif entry.side in self._acts:
            self._acts[entry.side].read(entry.act.raw, entry.signature)
        else:
            raise Tampered(where, "is an act from before there were keys")
        after = self.session.follow(
            entry.kind, entry.side, entry.moment.mono_us, late=entry.late
        )
        if after is not entry.state:
            raise Tampered(where, f"says {entry.state.value}, not {after.value}")
        self._boot = entry.moment.boot
        return entry
