import asyncio
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from cordee_server.adapters.memory import MemoryJournal
from cordee_server.adapters.memory_deliveries import MemoryDeliveries
from cordee_server.ports import Outgoing
from cordee_server.services import deliveries as module
from cordee_server.services.deliveries import Deliveries
from cordee_server.sinks import Answer, Delivery, DeliveryState, Outcome
from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.webhook import SCHEDULE_S
from cordee_shared.errors import Unavailable
from tests.builders import Dice
from tests.clock import ManualClock
from tests.shared.billing.samples import parked, raw, record
from tests.shared.journals import helped
from tests.sinks import MemorySink

D = DeliveryState
FIRST = record(helped(60, number=1))
SECOND = record(helped(60, number=1), helped(70, number=2))


class Stand:
    """A sender, a sink, and an outbox with records."""

    def __init__(
        self, clock: ManualClock, *records: BillingRecord, schedule: Sequence[int]
    ) -> None:
        self.clock = clock
        self.rows = MemoryJournal()
        self.rows._records = [
            Outgoing(r.id, r.agreed.engagement, r.revision, None, raw(r), fact=0)
            for r in records
        ]
        self.store = MemoryDeliveries(_Outbox(self.rows._records))
        self.sink = MemorySink()
        self.schedule = schedule
        self.sender = self.again()

    def again(self) -> Deliveries:
        """Return another process's sender."""
        self.sender = Deliveries(
            self.store, self.sink, self.clock, Dice("jitter"), schedule=self.schedule
        )
        return self.sender

    async def known(self, one: BillingRecord = FIRST) -> Delivery:
        return (await self.store.all())[one.id]


class _Outbox:
    """An outbox that holds what it was given."""

    def __init__(self, records: list[Outgoing]) -> None:
        self._records = records

    async def records(self) -> list[Outgoing]:
        """Return every record."""
        return self._records

    async def records_of(self, engagement: str) -> list[Outgoing]:
        """Return an engagement's records."""
        return [r for r in self._records if r.engagement == engagement]

    async def add(self, record: Outgoing) -> None:
        """Keep a record."""
        self._records.append(record)


@pytest.fixture
def stand(clock: ManualClock) -> Stand:
    return Stand(clock, FIRST, SECOND, schedule=SCHEDULE_S)


async def test_every_record_is_sent_once(stand: Stand) -> None:
    assert await stand.sender.send_due() == 2
    assert sorted(stand.sink.heard) == sorted([FIRST.id, SECOND.id])
    assert stand.sink.content[FIRST.id] == raw(FIRST)
    assert (await stand.known()).state is D.DELIVERED
    assert await stand.sender.send_due() == 0
    assert stand.sender.counts == {"delivered": 2}


async def test_the_whole_schedule_is_kept_and_then_an_alert_is_raised(
    clock: ManualClock,
) -> None:
    stand = Stand(clock, FIRST, schedule=SCHEDULE_S)
    stand.sink.fail(len(SCHEDULE_S))
    waited, known = [], Delivery(record=FIRST.id)
    with capture_logs() as logs:
        for number in range(1, len(SCHEDULE_S) + 1):
            assert await stand.sender.send_due() == 1
            assert await stand.sender.send_due() == 0
            known = await stand.known()
            assert known.attempts == number
            if known.state is D.WAITING:
                waited.append(known.next_ms - clock.now_ms())
                clock.advance(ms=waited[-1] - 1)
                assert await stand.sender.send_due() == 0
                clock.advance(ms=1)
    assert known.state is D.GIVEN_UP
    for delay, planned in zip(waited, SCHEDULE_S[1:], strict=True):
        assert planned * 1000 <= delay <= planned * 1100
    alerts = [line for line in logs if line["log_level"] == "error"]
    assert [line["event"] for line in alerts] == ["delivery_given_up"]
    assert "Martin" not in str(logs)
    # Kept, and sent when somebody asks for it.
    clock.advance(seconds=10**7)
    assert await stand.sender.send_due() == 0
    await stand.store.forget([FIRST.id])
    assert await stand.sender.send_due() == 1
    assert (await stand.known()).state is D.DELIVERED


async def test_an_answer_that_was_lost_costs_a_duplicate_and_nothing_else(
    stand: Stand,
) -> None:
    await stand.sender.send_due()
    before = dict(stand.sink.content)
    await stand.store.forget()  # all that was known is lost
    assert await stand.again().send_due() == 2
    assert stand.sink.content == before
    assert len(stand.sink.heard) == 4


async def test_410_disables_the_sink_until_somebody_says_otherwise(
    stand: Stand,
) -> None:
    stand.sink.answers = [Answer(Outcome.GONE, 410, "status")] * 2
    with capture_logs() as logs:
        await stand.sender.send_due()
    assert {"delivery_sink_gone"} == {
        line["event"] for line in logs if line["log_level"] == "error"
    }
    heard = len(stand.sink.heard)
    stand.clock.advance(seconds=10**6)
    assert await stand.sender.send_due() == 0
    assert await stand.again().send_due() == 0  # another process knows it too
    assert len(stand.sink.heard) == heard
    stand.sink.answers = []
    await stand.store.set_gone(stand.sink.name, None)
    await stand.sender.send_due()
    assert set(stand.sink.content) == {FIRST.id, SECOND.id}


async def test_who_asks_for_a_pause_gets_one_for_everything(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    stand = Stand(clock, FIRST, SECOND, schedule=SCHEDULE_S)
    stand.sink.fail(1, status=429, pause_s=90)
    assert await stand.sender.send_due() == 1
    clock.advance(seconds=89)
    assert await stand.sender.send_due() == 0
    clock.advance(seconds=1)
    assert await stand.sender.send_due() == 2
    assert len(stand.sink.content) == 2


async def test_what_waits_for_a_person_is_not_sent(clock: ManualClock) -> None:
    stand = Stand(clock, parked(), schedule=SCHEDULE_S)
    assert await stand.sender.send_due() == 0
    assert (await stand.known(parked())).state is D.HELD
    assert stand.sink.heard == []


async def test_what_is_no_record_stops_no_other(clock: ManualClock) -> None:
    stand = Stand(clock, FIRST, schedule=SCHEDULE_S)
    broken = Outgoing(SECOND.id, SECOND.agreed.engagement, 2, None, b"{}", fact=0)
    stand.rows._records.append(broken)
    with capture_logs() as logs:
        await stand.sender.send_due()
    assert list(stand.sink.content) == [FIRST.id]
    assert (await stand.known(SECOND)).state is D.GIVEN_UP
    assert "delivery_impossible" in [line["event"] for line in logs]


class Full(MemoryDeliveries):
    """A store whose disk is full after so many answers."""

    room = 1

    async def put(self, delivery: Delivery) -> None:
        """Keep one, then refuse."""
        if not self.room:
            raise Unavailable("the disk is full")
        self.room -= 1
        await super().put(delivery)


async def test_what_cannot_be_written_down_is_sent_again(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 1)
    full = Full(_Outbox(stand.rows._records))
    stand.store = full
    await stand.again().send_due()
    assert stand.sink.heard == [FIRST.id, SECOND.id]
    full.room = 9
    await stand.sender.send_due()
    assert stand.sink.heard == [FIRST.id, SECOND.id, SECOND.id]


async def test_logs_are_facts_without_a_persons_name(stand: Stand) -> None:
    stand.sink.fail(1)
    with capture_logs() as logs:
        await stand.sender.send_due()
    facts = [line for line in logs if line["event"] == "delivery"]
    assert {line["outcome"] for line in facts} == {"failed", "delivered"}
    assert {line["attempt"] for line in facts} == {1}
    for name in ("Martin", "Imprimante", "luc"):
        assert name not in str(logs)


async def test_it_runs_until_it_is_stopped_whatever_happens(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_S", 0)
    rounds: list[int] = []
    stopped = asyncio.Event()

    async def badly() -> int:
        rounds.append(1)
        match len(rounds):
            case 1:
                raise Unavailable("locked")
            case 2:
                raise RuntimeError("a bug")
            case _:
                stopped.set()
                return 0

    monkeypatch.setattr(stand.sender, "send_due", badly)
    with capture_logs() as logs:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(stand.sender.run())
            await stopped.wait()
            task.cancel()
    assert [line["event"] for line in logs] == ["deliveries_unavailable", "bug"]
    assert stand.sink.is_closed
