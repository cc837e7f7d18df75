import hashlib
from dataclasses import replace

from cordee_server.ports import BillingOutbox, JournalStore
from cordee_server.sinks import Delivery, DeliveryState, DeliveryStore, JournalHeads
from cordee_shared.billing.manifest import JournalHead
from cordee_shared.ids import RecordId
from cordee_shared.journal.frontier import Frontier
from tests.builders import ended, outgoing

ONE, TWO, THREE = (outgoing(ended(n), revision=n).id for n in (1, 2, 3))


async def store_three(journal: JournalStore) -> None:
    for number in (1, 2, 3):
        written = ended(number)
        text = b'{"n":%d}' % number
        await journal.append(
            written.entries, outgoing(written, revision=number, text=text)
        )


async def names(deliveries: DeliveryStore, now_ms: int, limit: int = 10) -> list[str]:
    return [one.record for one in await deliveries.due(now_ms, limit)]


async def test_a_record_that_nothing_is_known_of_is_due(
    journal: JournalStore, deliveries: DeliveryStore
) -> None:
    await store_three(journal)
    first, *_ = await deliveries.due(0, 1)
    assert (first.record, first.raw) == (ONE, b'{"n":1}')
    assert first.delivery == Delivery(record=ONE)
    assert await names(deliveries, 0) == [ONE, TWO, THREE]
    assert await deliveries.all() == {}


async def test_what_is_delivered_given_up_or_held_is_not_due(
    journal: JournalStore, deliveries: DeliveryStore
) -> None:
    await store_three(journal)
    for record, state in (
        (ONE, DeliveryState.DELIVERED),
        (TWO, DeliveryState.GIVEN_UP),
        (THREE, DeliveryState.HELD),
    ):
        await deliveries.put(Delivery(record=record, state=state))
    assert await names(deliveries, 10**15) == []


async def test_what_waits_is_due_at_its_time_the_longest_due_first(
    journal: JournalStore, deliveries: DeliveryStore
) -> None:
    await store_three(journal)
    await deliveries.put(Delivery(record=ONE, attempts=2, next_ms=200))
    await deliveries.put(Delivery(record=TWO, attempts=1, next_ms=100))
    assert await names(deliveries, 99) == [THREE]
    assert await names(deliveries, 200) == [THREE, TWO, ONE]
    assert await names(deliveries, 200, limit=2) == [THREE, TWO]


async def test_what_is_put_is_what_is_known(
    journal: JournalStore, deliveries: DeliveryStore
) -> None:
    await store_three(journal)
    put = Delivery(
        record=ONE, attempts=3, next_ms=4, last_ms=5, status=503, why="status"
    )
    await deliveries.put(put)
    assert await deliveries.all() == {ONE: put}
    later = replace(put, state=DeliveryState.DELIVERED, attempts=4)
    await deliveries.put(later)
    assert await deliveries.all() == {ONE: later}


async def test_all_of_it_may_be_forgotten_and_everything_is_due_again(
    journal: JournalStore, outbox: BillingOutbox, deliveries: DeliveryStore
) -> None:
    await store_three(journal)
    before = await outbox.records()
    for record in (ONE, TWO):
        await deliveries.put(
            Delivery(record=record, state=DeliveryState.DELIVERED, attempts=1)
        )
    assert await deliveries.forget([ONE, THREE]) == 1
    assert await names(deliveries, 0) == [ONE, THREE]
    assert await deliveries.forget() == 1
    assert await names(deliveries, 0) == [ONE, TWO, THREE]
    assert await outbox.records() == before


async def test_what_no_outbox_has_is_never_due(deliveries: DeliveryStore) -> None:
    await deliveries.put(Delivery(record=RecordId("nobody")))
    assert await names(deliveries, 10) == []


async def test_a_sink_that_is_gone_stays_gone_until_somebody_says_otherwise(
    deliveries: DeliveryStore,
) -> None:
    assert await deliveries.gone_since("a") is None
    await deliveries.set_gone("a", 7)
    await deliveries.set_gone("a", 8)
    assert await deliveries.gone_since("a") == 8
    assert await deliveries.gone_since("b") is None
    await deliveries.set_gone("a", None)
    await deliveries.set_gone("a", None)
    assert await deliveries.gone_since("a") is None


async def test_the_head_is_the_merkle_root_over_every_entry(
    journal: JournalStore, heads: JournalHeads
) -> None:
    log = Frontier()
    assert await heads.head() == JournalHead(0, log.root().hex())
    for number in range(1, 6):
        written = ended(number)
        await journal.append(written.entries)
        for entry in written.entries:
            log.add(hashlib.sha256(b"\x00" + entry.raw).digest())
        assert await heads.head() == JournalHead(2 * number, log.root().hex())
