import pytest

from cordee_server.ports import BillingOutbox, FactStore, JournalStore, Outgoing
from cordee_shared.billing.facts import EngagementFact
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import record_id
from tests.builders import AGREED, OTHER, ended, outgoing
from tests.shared.told import Told


def made_by(fact: EngagementFact, revision: int = 1, text: bytes = b"{}") -> Outgoing:
    """Return a record that a fact made."""
    return Outgoing(
        id=record_id("relay", AGREED, revision),
        engagement=AGREED,
        revision=revision,
        session=None,
        fact=fact.n,
        raw=text,
    )


async def test_facts_come_back_by_number_to_the_byte(facts: FactStore) -> None:
    told = Told().slot().attempts(2).facts
    for fact in told:
        await facts.append(fact)
    assert [fact.raw for fact in await facts.of(AGREED)] == [f.raw for f in told]
    assert await facts.of(AGREED) == told
    assert await facts.of(OTHER) == []


async def test_r41_a_fact_that_is_not_the_next_is_not_stored(facts: FactStore) -> None:
    first, second, third = Told().slot().attempts(2).facts
    with pytest.raises(LocalViolation):
        await facts.append(second)
    await facts.append(first)
    for wrong in (first, third):
        with pytest.raises(LocalViolation):
            await facts.append(wrong)
    assert await facts.of(AGREED) == [first]


async def test_a_fact_and_its_record_are_stored_together_or_not_at_all(
    facts: FactStore, journal: JournalStore, outbox: BillingOutbox
) -> None:
    written = ended()
    await journal.append(written.entries, outgoing(written))
    told = Told().session().released().facts
    with pytest.raises(LocalViolation):
        await facts.append(told[0], made_by(told[0], revision=1))
    assert await facts.of(AGREED) == []
    await facts.append(told[0], made_by(told[0], revision=2))
    assert await outbox.records_of(AGREED) == [
        outgoing(written),
        made_by(told[0], revision=2),
    ]


async def test_records_of_facts_stand_between_the_ends_where_they_were_stated(
    facts: FactStore, journal: JournalStore, outbox: BillingOutbox
) -> None:
    one, two = ended(1), ended(2)
    first, second = Told().session().released().released().facts
    await journal.append(one.entries)
    await facts.append(first)
    await facts.append(second, made_by(second, 3, b'{"c":3}'))
    await journal.append(two.entries, outgoing(two, revision=4, text=b'{"d":4}'))
    await outbox.add(made_by(first, 2, b'{"b":2}'))
    await outbox.add(outgoing(one, text=b'{"a":1}'))
    assert [record.raw for record in await outbox.records()] == [
        b'{"a":1}',
        b'{"b":2}',
        b'{"c":3}',
        b'{"d":4}',
    ]


async def test_facts_that_made_no_record_are_known(
    facts: FactStore, outbox: BillingOutbox
) -> None:
    slot, absent = Told().slot().no_show().facts
    await facts.append(slot)
    await facts.append(absent)
    assert await facts.without_record() == [slot, absent]
    await outbox.add(made_by(absent))
    await outbox.add(made_by(absent))
    assert await facts.without_record() == [slot]


async def test_a_record_without_its_fact_is_not_stored(
    facts: FactStore, outbox: BillingOutbox
) -> None:
    (fact,) = Told().no_show().facts
    with pytest.raises(LocalViolation):
        await outbox.add(made_by(fact))
    await facts.append(fact, made_by(fact))
    for wrong in (
        made_by(fact, revision=2),
        made_by(fact, text=b'{"units":9}'),
        Outgoing(record_id("relay", AGREED, 5), AGREED, 5, None, b"{}"),
        Outgoing(record_id("relay", AGREED, 5), AGREED, 5, ended().id, b"{}", 0),
    ):
        with pytest.raises(LocalViolation):
            await outbox.add(wrong)
    assert await outbox.records() == [made_by(fact)]
