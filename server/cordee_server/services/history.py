"""What was: sessions searched, one drawn along its time, a month for the accountant.

Everything is read out of the journal and what was agreed; nothing is counted that the
bill counts (its seconds are its own: these are the states' lengths, as journaled).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cordee_server.ports import Engagement
from cordee_server.services.engagements import EngagementService
from cordee_server.services.journal import JournalService
from cordee_shared.ids import SessionId, TechnicianId
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import State

#: Of the journal's latest sessions so many are looked through, and so many are shown.
LOOKED_THROUGH: Final = 2000
SHOWN: Final = 200
#: States in which somebody waits for somebody.
WAITING: Final = frozenset({State.WAITING, State.PAIRING, State.CONSENTING})
#: What a spreadsheet would take for a formula, as the first character of a cell.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


_COLUMNS: Final = (
    *("début", "technicien", "client", "objet", "attente_min", "vu_min"),
    *("pris_en_main_min", "repris_min", "fin", "intervention", "séance"),
)


@dataclass(frozen=True, slots=True)
class Past:
    """One session, as a list shows it."""

    session: str
    engagement: str
    customer: str
    purpose: str
    technician: str
    started_ms: int
    #: State after the last entry, and why it ended.
    state: str
    reason: str
    #: Seconds by state.
    seconds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of one state."""

    state: str
    at_ms: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry of the journal: who did what, when, and what proves it."""

    n: int
    at_ms: int
    #: Seconds from the first entry.
    offset_s: float
    side: str
    kind: str
    late: bool
    hash: str


def bands(entries: Sequence[Entry]) -> list[Band]:
    """Return the stretches of state between entries; neighbours alike are one.

    Across a restart of the relay no clock says how long it was: such a stretch is 0.
    """
    found: list[Band] = []
    for before, after in itertools.pairwise(entries):
        one_run = before.moment.boot == after.moment.boot
        passed_us = after.moment.mono_us - before.moment.mono_us if one_run else 0
        seconds = max(0, passed_us) / 1_000_000
        state = before.state.value
        if found and found[-1].state == state:
            last = found.pop()
            found.append(Band(state, last.at_ms, last.seconds + seconds))
        else:
            found.append(Band(state, before.moment.at_ms, seconds))
    return found


def marks(entries: Sequence[Entry]) -> list[Mark]:
    """Return every entry as a mark on the same line as :func:`bands`."""
    found: list[Mark] = []
    offset = 0.0
    for at, entry in enumerate(entries):
        if at:
            offset += sum(band.seconds for band in bands(entries[at - 1 : at + 1]))
        found.append(
            Mark(
                entry.n,
                entry.moment.at_ms,
                offset,
                entry.side.value,
                entry.kind.value,
                entry.late,
                entry.hash,
            )
        )
    return found


class History:
    """Searches the journal. Keeps nothing."""

    def __init__(self, journal: JournalService, engagements: EngagementService) -> None:
        self._journal = journal
        self._engagements = engagements

    async def search(
        self,
        of: TechnicianId | None,
        text: str = "",
        from_ms: int = 0,
        until_ms: int = 2**53,
        limit: int = SHOWN,
    ) -> list[Past]:
        """Return sessions, the latest first.

        Args:
            of: whose; ``None``: everybody's.
            text: every word has to be in customer, purpose, technician or engagement.
            from_ms: not begun before.
            until_ms: begun before.
            limit: at most so many.

        Raises:
            Unavailable: the journal did not answer.
        """
        words = text.casefold().split()
        found: list[Past] = []
        for summary in await self._journal.summaries(LOOKED_THROUGH):
            if len(found) == limit:
                break
            if summary.engagement is None or not (
                from_ms <= summary.started_ms < until_ms
            ):
                continue
            agreed = await self._engagements.find(summary.engagement)
            if agreed is None or (of is not None and agreed.confirmed_by != of):
                continue
            if all(word in _searchable(agreed) for word in words):
                found.append(await self._past(summary.session, agreed))
        return found

    async def session(
        self, session: SessionId, of: TechnicianId | None
    ) -> tuple[Past, list[Band], list[Mark]] | None:
        """Return one session with its bands and marks; ``None``: not theirs, or none.

        Raises:
            Unavailable: the journal did not answer.
        """
        engagement = await self._journal.engagement_of(session)
        if engagement is None:
            return None
        agreed = await self._engagements.find(engagement)
        if agreed is None or (of is not None and agreed.confirmed_by != of):
            return None
        entries = await self._journal.entries_of(session)
        return _told(session, agreed, entries), bands(entries), marks(entries)

    async def _past(self, session: SessionId, agreed: Engagement) -> Past:
        return _told(session, agreed, await self._journal.entries_of(session))


def month_csv(found: Sequence[Past], zone: dt.tzinfo) -> str:
    """Return sessions as a French spreadsheet reads them: semicolons, decimal minutes.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in found:
        began = dt.datetime.fromtimestamp(one.started_ms / 1000, tz=zone)
        waited = sum(one.seconds.get(state.value, 0) for state in WAITING)
        spent = [
            waited,
            *(one.seconds.get(name, 0) for name in ("viewing", "controlling")),
            one.seconds.get("reclaimed", 0),
        ]
        row = [f"{began:%Y-%m-%d %H:%M}", one.technician, one.customer, one.purpose]
        row += [f"{seconds / 60:.1f}".replace(".", ",") for seconds in spent]
        row += [one.reason, one.engagement, one.session]
        writer.writerow([_cell(text) for text in row])
    return "\ufeff" + out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _searchable(agreed: Engagement) -> str:
    offer = agreed.offer
    told = (offer.customer, offer.purpose, agreed.confirmed_by, agreed.id)
    return " ".join(told).casefold()


def _told(session: SessionId, agreed: Engagement, entries: Sequence[Entry]) -> Past:
    spent: dict[str, float] = {}
    for band in bands(entries):
        spent[band.state] = spent.get(band.state, 0) + band.seconds
    last = entries[-1]
    return Past(
        session=session,
        engagement=agreed.id,
        customer=agreed.offer.customer,
        purpose=agreed.offer.purpose,
        technician=agreed.confirmed_by,
        started_ms=entries[0].moment.at_ms,
        state=last.state.value,
        reason=str(last.data.get("reason", "")) if last.state is State.ENDED else "",
        seconds={state: round(seconds) for state, seconds in spent.items()},
    )
