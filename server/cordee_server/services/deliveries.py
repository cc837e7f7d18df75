"""Sending what is in the outbox to another system, until it says yes.

Rules (billing_legal.md 4.1):

1. The outbox is what there is to send; what is known of deliveries stands beside it
   and may be lost. Every record is sent at least once, under an id that never changes.
2. An attempt is written down after its answer: who dies in between sends again.
3. After the last attempt of the schedule a record is kept and an alert is raised,
   until somebody resends it. Nothing is ever dropped.
4. A sink that says 410 is given nothing more until somebody says so.
5. What waits for a person is not sent; its release is a revision of its own.
6. Logs name records, never customers.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import structlog

from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.webhook import SCHEDULE_S, delay_s
from cordee_shared.errors import CordeeError, Unavailable

from ..ports import Clock, Entropy
from ..sinks import (
    Answer,
    BillingSink,
    Delivery,
    DeliveryState,
    DeliveryStore,
    Due,
    Outcome,
)

#: How often the outbox is looked at: another process may have written to it.
POLL_S: Final = 1.0
#: Records on their way at the same time.
AT_ONCE: Final = 4
#: Records that are read at a time.
BATCH: Final = 64

_log = structlog.get_logger("cordee.deliveries")


class Deliveries:
    """Sends what is due to one sink. Owned by the loop."""

    def __init__(
        self,
        store: DeliveryStore,
        sink: BillingSink,
        clock: Clock,
        entropy: Entropy,
        *,
        schedule: Sequence[int] = SCHEDULE_S,
        counts: Counter[str] | None = None,
    ) -> None:
        self._store = store
        self._sink = sink
        self._clock = clock
        self._entropy = entropy
        self._schedule = tuple(schedule)
        #: The sink asked for rest until then; this process only.
        self._rest_until_ms = 0
        #: Nothing more in this round: the sink is gone, or the store.
        self._is_over = False
        #: Attempts by what came of them.
        self.counts: Counter[str] = Counter() if counts is None else counts

    async def run(self) -> None:
        """Send what falls due, for as long as the task lives."""
        try:
            while True:
                try:
                    await self.send_due()
                except Unavailable as error:
                    _log.warning("deliveries_unavailable", why=str(error))
                except Exception:
                    # One record that makes trouble must not stop all the others.
                    _log.exception("bug", where="deliveries")
                await asyncio.sleep(POLL_S)
        finally:
            await self._sink.close()

    async def send_due(self) -> int:
        """Try what is due until nothing is; return how many attempts there were.

        Raises:
            Unavailable: the store did not answer.
        """
        self._is_over = await self._store.gone_since(self._sink.name) is not None
        before = self.counts.total()
        while not self._rests():
            batch = await self._store.due(self._clock.now_ms(), BATCH)
            if not batch:
                break
            waiting = iter(batch)
            async with asyncio.TaskGroup() as group:
                for _ in range(min(AT_ONCE, len(batch))):
                    group.create_task(self._send(waiting))
        return self.counts.total() - before

    def _rests(self) -> bool:
        """Tell whether nothing more may be sent now."""
        return self._is_over or self._clock.now_ms() < self._rest_until_ms

    async def _send(self, waiting: Iterator[Due]) -> None:
        """Try what waits, one after the other; others take from it as well."""
        for due in waiting:
            if self._rests():
                return
            try:
                await self._try(due)
            except Unavailable as error:
                # What cannot be written down is tried again, and not at once.
                _log.warning("deliveries_unavailable", why=str(error))
                self._is_over = True

    async def _try(self, due: Due) -> None:
        """Try one record once, and write down what came of it."""
        try:
            record = BillingRecord.read(due.raw)
        except CordeeError as error:
            _log.error("delivery_impossible", record=due.record, why=str(error))
            await self._store.put(replace(due.delivery, state=DeliveryState.GIVEN_UP))
            return
        if record.is_parked:
            await self._store.put(replace(due.delivery, state=DeliveryState.HELD))
            return
        answer = await self._sink.hand_over(due.record, due.raw)
        self.counts[answer.outcome.value] += 1
        after = self._after(due.delivery, answer)
        await self._store.put(after)
        if answer.outcome is Outcome.GONE:
            self._is_over = True
            await self._store.set_gone(self._sink.name, self._clock.now_ms())
        fact = _log.info if after.state is DeliveryState.DELIVERED else _log.warning
        fact(
            "delivery",
            record=due.record,
            revision=record.revision,
            attempt=after.attempts,
            outcome=answer.outcome.value,
            status=answer.status,
            why=answer.why,
            next_ms=after.next_ms,
        )
        if answer.outcome is Outcome.GONE:
            _log.error("delivery_sink_gone", record=due.record)
        elif after.state is DeliveryState.GIVEN_UP:
            _log.error("delivery_given_up", record=due.record, attempts=after.attempts)

    def _after(self, before: Delivery, answer: Answer) -> Delivery:
        """Return what is known after an answer."""
        now_ms = self._clock.now_ms()
        known = replace(
            before,
            attempts=before.attempts + 1,
            last_ms=now_ms,
            next_ms=0,
            status=answer.status,
            why=answer.why,
        )
        match answer.outcome:
            case Outcome.DELIVERED:
                return replace(known, state=DeliveryState.DELIVERED)
            case Outcome.GONE:
                # Not its fault: it begins afresh with a sink that wants it.
                return replace(known, attempts=before.attempts)
            case Outcome.FAILED:
                pass
        if answer.pause_s:
            rest = now_ms + answer.pause_s * 1000
            self._rest_until_ms = max(self._rest_until_ms, rest)
        delay = delay_s(
            known.attempts,
            self._entropy.below(1000),
            asked_s=answer.pause_s,
            schedule=self._schedule,
        )
        if delay is None:
            return replace(known, state=DeliveryState.GIVEN_UP)
        return replace(known, next_ms=now_ms + round(delay * 1000))
