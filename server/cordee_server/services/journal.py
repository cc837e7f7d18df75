"""The journal as the relay uses it: durable first, then tell.

Rules (S-34):

1. What permits an act is awaited before the act: nobody is told, and no grant takes
   effect, before :meth:`JournalService.append` has returned.
2. If it raises ``Unavailable``, no session starts and a running one ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from cordee_shared.errors import SettingsError, Unavailable
from cordee_shared.ids import EngagementId, SessionId
from cordee_shared.journal.entry import Entry

from ..ports import Clock, JournalStore, Outgoing, SessionSummary

#: A clock may be set right by this much; more would put entries in a wrong order.
CLOCK_TOLERANCE_MS: Final = 60_000

_log = structlog.get_logger("cordee.journal")


class JournalService:
    """Appends in order; reads back.

    The caller appends a session's entries one call after the other; different
    sessions append in parallel and share a commit.
    """

    def __init__(self, store: JournalStore) -> None:
        self._store = store
        #: Whether the last append was stored; ``web/health.py`` shows it.
        self.is_available = True
        #: Takes how long each append took, seconds.
        self.on_stored: Callable[[float], None] = lambda _seconds: None

    async def append(
        self, entries: Sequence[Entry], record: Outgoing | None = None
    ) -> None:
        """Append entries, and the billing record of an end, in one transaction.

        Raises:
            LocalViolation: not the next of its session, or a second record; a bug.
            Unavailable: the journal cannot be written: the session must not go on.
        """
        time = asyncio.get_running_loop().time
        asked = time()
        try:
            await self._store.append(entries, record)
        except Unavailable as error:
            self.is_available = False
            _log.error("journal_unavailable", why=str(error))
            raise
        self.is_available = True
        self.on_stored(time() - asked)
        for entry in entries:
            _log.info(
                "entry",
                session=entry.session,
                n=entry.n,
                kind=entry.kind.value,
                side=entry.side.value,
                state=entry.state.value,
                late=entry.late,
            )

    async def entries_of(self, session: SessionId) -> list[Entry]:
        """Return a session's entries by number."""
        return await self._store.entries_of(session)

    async def sessions_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return an engagement's sessions, by their first mention of it."""
        return await self._store.sessions_of(engagement)

    async def ended_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return those of an engagement's sessions that are over, by their end."""
        return await self._store.ended_of(engagement)

    async def engagement_of(self, session: SessionId) -> EngagementId | None:
        """Return the engagement of a session, if it has got one."""
        return await self._store.engagement_of(session)

    async def unfinished(self) -> list[SessionId]:
        """Return the sessions that have not ended, oldest first."""
        return await self._store.unfinished()

    async def without_record(self) -> list[SessionId]:
        """Return ended sessions of an engagement that have no billing record."""
        return await self._store.without_record()

    async def summaries(self, limit: int = 50) -> list[SessionSummary]:
        """Return the latest sessions, the latest first."""
        return await self._store.summaries(limit)

    async def check_clock(self, clock: Clock) -> None:
        """Insist that the time of day is not before the journal's newest entry.

        Nothing computes with the time of day, but people read it, second factors
        live by it, and tariffs are chosen by it.

        Raises:
            SettingsError: the clock was moved back.
        """
        last = await self._store.last_at_ms()
        behind = 0 if last is None else last - clock.now_ms()
        if behind > CLOCK_TOLERANCE_MS:
            raise SettingsError(
                "the clock of this machine was moved back: it is "
                f"{behind // 1000} s before the journal's newest entry; "
                "set the clock, then start again (or accept it: --accept-clock)"
            )
