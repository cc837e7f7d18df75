"""Work beyond what was agreed: billed only where the customer's click says so (R06).

Two clicks count: ``extra_accepted`` for what the technician proposed in a session, and
"please back up first" in the consent (R31), at the price that stood beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cordee_shared.ids import SessionId
from cordee_shared.journal.entry import Entry
from cordee_shared.session.asking import PLEASE, Ask
from cordee_shared.session.states import Event, Remark

#: What a document calls the backup that the customer asked for (terms, 13.2).
BACKUP_LABEL: Final = "Sauvegarde préalable des données"


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledExtra:
    """An extra that the customer accepted."""

    session: SessionId
    label: str
    #: All taxes included.
    price_cents: int
    #: SHA-256 of the technician's proposing act; empty for a backup asked for.
    proposal: str
    #: SHA-256 of the journal's entry of the customer's act.
    entry: str
    at_ms: int


def billed_extras(journals: Iterable[Sequence[Entry]]) -> tuple[BilledExtra, ...]:
    """Return the accepted extras of an engagement, in the order of their acts.

    A proposal that nobody accepted is not in here, nor is an acceptance that crossed
    something on the wire (*late*), nor the same one twice. A backup is made once for
    an engagement, however often the question was asked.
    """
    found: list[BilledExtra] = []
    backed_up = False
    for entries in journals:
        proposed: dict[str, Mapping[str, Any]] = {}
        for entry in entries:
            if entry.late or entry.act is None:
                continue
            data = entry.data
            match entry.kind:
                case Remark.EXTRA_PROPOSED:
                    proposed[entry.act.hash] = data
                case Remark.EXTRA_REFUSED:
                    proposed.pop(str(data.get("extra")), None)
                case Remark.EXTRA_ACCEPTED:
                    proposal = str(data.get("extra"))
                    said = proposed.pop(proposal, None)
                    same = said is not None and all(
                        said.get(name) == data.get(name)
                        for name in ("label", "price_cents")
                    )
                    if same:
                        found.append(_billed(entry, proposal, str(data["label"])))
                case Event.VIEW_GRANTED if not backed_up and _ordered_backup(data):
                    backed_up = True
                    found.append(_billed(entry, "", BACKUP_LABEL, "backup_cents"))
    return tuple(found)


def answered(journals: Iterable[Sequence[Entry]], ask: Ask) -> bool:
    """Tell whether the customer gave an answer to begin with in any consent (R13)."""
    return any(
        isinstance(answers := entry.data.get("answers"), Mapping) and ask in answers
        for entries in journals
        for entry in entries
        if entry.kind is Event.VIEW_GRANTED and not entry.late
    )


def _ordered_backup(data: Mapping[str, Any]) -> bool:
    answers = data.get("answers")
    return isinstance(answers, Mapping) and answers.get(Ask.BACKUP) == PLEASE


def _billed(
    entry: Entry, proposal: str, label: str, price: str = "price_cents"
) -> BilledExtra:
    return BilledExtra(
        session=entry.session,
        label=label,
        price_cents=int(entry.data[price]),
        proposal=proposal,
        entry=entry.hash,
        at_ms=entry.moment.at_ms,
    )
