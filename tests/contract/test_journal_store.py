import asyncio

import pytest

from cordee_server.ports import BillingOutbox, JournalStore, SessionSummary
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import SessionId
from cordee_shared.session.states import Event
from tests.builders import AGREED, OTHER, ended, invited, outgoing, raw
from tests.shared.journals import WALL_MS, Journal


async def test_what_was_appended_comes_back_to_the_byte_and_in_order(
    journal: JournalStore,
) -> None:
    written = ended()
    await journal.append(written.entries[:1])
    await journal.append(written.entries[1:])
    assert raw(await journal.entries_of(written.id)) == raw(written.entries)


async def test_an_unknown_session_has_no_entries(journal: JournalStore) -> None:
    assert await journal.entries_of(SessionId("f" * 32)) == []


@pytest.mark.parametrize("cut", [(1, 2), (0, 0)], ids=["a gap", "one twice"])
async def test_an_entry_that_is_not_the_next_is_refused(
    journal: JournalStore, cut: tuple[int, int]
) -> None:
    written = Journal().pair()
    first, second = (written.entries[n] for n in cut)
    with pytest.raises(LocalViolation):
        await journal.append([first, second])
    assert await journal.entries_of(written.id) == []


async def test_r27_nothing_follows_the_end_of_a_session(journal: JournalStore) -> None:
    written = ended()
    await journal.append(written.entries)
    more = Journal().pair().entries[2]
    with pytest.raises(LocalViolation):
        await journal.append([more])
    assert raw(await journal.entries_of(written.id)) == raw(written.entries)


async def test_entries_and_their_record_are_stored_together_or_not_at_all(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    one, two = ended(1), ended(2)
    await journal.append(one.entries, outgoing(one))
    with pytest.raises(LocalViolation):
        await journal.append(two.entries, outgoing(two))  # the same revision
    assert await journal.entries_of(two.id) == []
    assert await outbox.records() == [outgoing(one)]


async def test_a_record_needs_an_end(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    running = invited()
    with pytest.raises(LocalViolation):
        await journal.append(running.entries, outgoing(running))
    assert await journal.entries_of(running.id) == []
    assert await outbox.records() == []


async def test_sessions_append_side_by_side(journal: JournalStore) -> None:
    several = [ended(number) for number in range(1, 30)]
    async with asyncio.TaskGroup() as group:
        for written in several:
            group.create_task(journal.append(written.entries))
    for written in several:
        assert raw(await journal.entries_of(written.id)) == raw(written.entries)


async def test_of_parallel_appends_of_one_entry_exactly_one_is_stored(
    journal: JournalStore,
) -> None:
    written = invited()
    answers = await asyncio.gather(
        *(journal.append(written.entries) for _ in range(8)), return_exceptions=True
    )
    assert answers.count(None) == 1
    assert raw(await journal.entries_of(written.id)) == raw(written.entries)


async def test_a_session_belongs_to_the_engagement_that_it_named_first(
    journal: JournalStore,
) -> None:
    shown = invited(1, None).fact(Event.CODE_CLAIMED, {"engagement": AGREED})
    shown.fact(Event.RUN_FAILED).fact(Event.CODE_CLAIMED, {"engagement": OTHER})
    await journal.append(shown.entries[:1])
    assert await journal.engagement_of(shown.id) is None
    invitation = invited(2, AGREED)
    await journal.append(invitation.entries)
    await journal.append(shown.entries[1:])
    assert await journal.engagement_of(shown.id) == AGREED
    assert await journal.sessions_of(AGREED) == [invitation.id, shown.id]
    assert await journal.sessions_of(OTHER) == []


async def test_unfinished_are_those_that_began_and_have_not_ended(
    journal: JournalStore,
) -> None:
    for written in (invited(1), ended(2), invited(3, None)):
        await journal.append(written.entries)
    assert await journal.unfinished() == [invited(1).id, invited(3).id]


async def test_a_link_lost_while_pairing_ends_a_session_too(
    journal: JournalStore,
) -> None:
    lost = invited().fact(Event.CODE_CLAIMED).fact(Event.LINK_LOST)
    await journal.append(lost.entries)
    assert await journal.unfinished() == []
    assert await journal.ended_of(AGREED) == [lost.id]


async def test_ended_sessions_come_in_the_order_of_their_ends(
    journal: JournalStore,
) -> None:
    one, two, other = ended(1), ended(2), ended(3, OTHER)
    await journal.append(one.entries[:1])
    await journal.append([*two.entries, *other.entries])
    await journal.append(one.entries[1:])
    assert await journal.ended_of(AGREED) == [two.id, one.id]
    assert await journal.sessions_of(AGREED) == [one.id, two.id]


async def test_ended_sessions_of_an_engagement_lack_a_record_until_it_is_stored(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    for written in (ended(1), ended(2, None), invited(3)):
        await journal.append(written.entries)
    assert await journal.without_record() == [ended(1).id]
    await outbox.add(outgoing(ended(1)))
    assert await journal.without_record() == []


async def test_summaries_say_what_became_of_the_latest_sessions(
    journal: JournalStore,
) -> None:
    for written in (invited(1), ended(2), invited(3, None)):
        await journal.append(written.entries)
    assert await journal.summaries(2) == [
        SessionSummary(invited(3).id, None, WALL_MS, "waiting", 1),
        SessionSummary(ended(2).id, AGREED, WALL_MS, "ended", 2),
    ]


async def test_the_newest_entry_tells_the_last_time_of_day(
    journal: JournalStore,
) -> None:
    assert await journal.last_at_ms() is None
    await journal.append(ended().entries)
    assert await journal.last_at_ms() == WALL_MS + 1000
