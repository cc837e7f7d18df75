import pytest

from cordee_server.ports import BillingOutbox, JournalStore
from cordee_shared.errors import LocalViolation
from tests.builders import AGREED, OTHER, ended, invited, outgoing


async def test_records_come_in_the_order_of_the_ends_however_late_they_were_added(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    one, two = ended(1), ended(2)
    await journal.append(one.entries)
    await journal.append(two.entries, outgoing(two, revision=2, text=b'{"b":2}'))
    await outbox.add(outgoing(one, text=b'{"a":1}'))
    assert [record.raw for record in await outbox.records()] == [
        b'{"a":1}',
        b'{"b":2}',
    ]


async def test_an_engagements_records_come_by_revision(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    for number in (1, 2, 3):
        written = ended(number)
        await journal.append(written.entries, outgoing(written, revision=number))
    assert [r.revision for r in await outbox.records_of(AGREED)] == [1, 2, 3]
    assert await outbox.records_of(OTHER) == []


async def test_adding_the_very_same_record_again_changes_nothing(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    written = ended()
    await journal.append(written.entries, outgoing(written))
    await outbox.add(outgoing(written))
    assert await outbox.records() == [outgoing(written)]


async def test_another_record_never_takes_the_place_of_one(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    written = ended()
    await journal.append(written.entries, outgoing(written))
    for other in (
        outgoing(written, text=b'{"units":9}'),
        outgoing(written, revision=2),
    ):
        with pytest.raises(LocalViolation):
            await outbox.add(other)
    assert await outbox.records() == [outgoing(written)]


async def test_a_session_that_has_not_ended_has_no_record(
    journal: JournalStore, outbox: BillingOutbox
) -> None:
    await journal.append(invited().entries)
    with pytest.raises(LocalViolation):
        await outbox.add(outgoing(invited()))
    assert await outbox.records() == []
