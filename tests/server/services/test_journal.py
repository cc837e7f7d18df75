from collections.abc import Sequence

import pytest

from cordee_server.adapters.memory import MemoryJournal
from cordee_server.ports import Outgoing
from cordee_server.services.journal import CLOCK_TOLERANCE_MS, JournalService
from cordee_shared.errors import LocalViolation, SettingsError, Unavailable
from cordee_shared.journal.entry import Entry
from tests.builders import AGREED, ended, invited, raw
from tests.clock import ManualClock
from tests.shared.journals import WALL_MS


class Full(MemoryJournal):
    """A journal whose disk may be full."""

    is_full = True

    async def append(
        self, entries: Sequence[Entry], record: Outgoing | None = None
    ) -> None:
        if self.is_full:
            raise Unavailable("the disk is full")
        await super().append(entries, record)


async def test_what_was_appended_is_there() -> None:
    journal, written = JournalService(MemoryJournal()), ended()
    await journal.append(written.entries)
    assert raw(await journal.entries_of(written.id)) == raw(written.entries)
    assert await journal.sessions_of(AGREED) == [written.id]
    assert await journal.ended_of(AGREED) == [written.id]
    assert await journal.engagement_of(written.id) == AGREED
    assert await journal.unfinished() == []
    assert await journal.without_record() == [written.id]
    assert [s.session for s in await journal.summaries()] == [written.id]


async def test_s34_a_journal_that_cannot_be_written_says_so_until_it_can() -> None:
    store = Full()
    journal, written = JournalService(store), invited()
    with pytest.raises(Unavailable):
        await journal.append(written.entries)
    assert journal.is_available is False
    assert await journal.entries_of(written.id) == []
    store.is_full = False
    await journal.append(written.entries)
    assert journal.is_available is True


async def test_a_bug_does_not_pass_for_a_full_disk() -> None:
    journal = JournalService(MemoryJournal())
    with pytest.raises(LocalViolation):
        await journal.append(ended().entries[1:])
    assert journal.is_available is True


async def test_a_clock_before_the_newest_entry_is_refused() -> None:
    journal = JournalService(MemoryJournal())
    await journal.check_clock(ManualClock(0))  # nothing to be before
    await journal.append(invited().entries)
    await journal.check_clock(ManualClock(WALL_MS - CLOCK_TOLERANCE_MS))
    with pytest.raises(SettingsError, match="3600 s before the journal's newest"):
        await journal.check_clock(ManualClock(WALL_MS - 3_600_000))
