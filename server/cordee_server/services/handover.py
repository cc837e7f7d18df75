"""What an operator does with records: write them out, look, resend, reconcile.

Rules (billing_legal.md 4.1):

1. JSON Lines hold every revision that was handed over and are the truth; the table
   holds the newest one of each engagement; the manifest says how much there is and how
   one sees that nothing is missing.
2. Reconciling believes nobody: records are derived again from the journal, and what is
   stored, acknowledged and received is held against that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cordee_shared.billing.manifest import current, handed_over, manifest
from cordee_shared.billing.reconcile import Difference, compare
from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.sheet import Dialect, sheet
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import BadInput, CordeeError
from cordee_shared.ids import RecordId

from ..ports import BillingOutbox
from ..sinks import (
    BillingFolder,
    Delivery,
    DeliveryState,
    DeliveryStore,
    JournalHeads,
)
from .billing import BillingService

#: What every file of an export is called after.
NAME: Final = "billing"


@dataclass(frozen=True, slots=True)
class Standing:
    """One record, and how far its hand-over is."""

    record: BillingRecord
    is_current: bool
    delivery: Delivery | None

    @property
    def state(self) -> str:
        """How far it is, in one word."""
        if self.record.is_parked:
            return DeliveryState.HELD.value
        if self.delivery is None:
            return DeliveryState.WAITING.value
        return self.delivery.state.value


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    records: int
    engagements: int
    units: int
    cents: int
    parked: int
    files: tuple[str, ...]


class Handover:
    """Everything about records that are out or on their way."""

    def __init__(
        self,
        billing: BillingService,
        outbox: BillingOutbox,
        deliveries: DeliveryStore,
        heads: JournalHeads,
        folder: BillingFolder,
        relay: str,
        *,
        dialect: Dialect,
        sink: str = "",
    ) -> None:
        """Hold what it works with.

        Args:
            billing: derives records again.
            outbox: the records that are stored.
            deliveries: how far each is.
            heads: how far the journal is.
            folder: where an export is put.
            relay: names the relay in a manifest.
            dialect: how the table is written.
            sink: name of the sink in the settings; empty when there is none.
        """
        self._billing = billing
        self._outbox = outbox
        self._deliveries = deliveries
        self._heads = heads
        self._folder = folder
        self._relay = relay
        self._dialect = dialect
        self._sink = sink

    async def export(self, lines: Path) -> Exported:
        """Write lines, table and manifest; the same outbox gives the same bytes.

        Args:
            lines: the file of JSON Lines; the others stand beside it, with its stem.

        Raises:
            Unavailable: a file cannot be written; what came before it is new.
        """
        records = await self._records()
        out = handed_over(records)
        # After the records: every entry that they rest on is under this head.
        head = await self._heads.head()
        files = {
            lines.name: b"".join(record.line for record in out),
            f"{lines.stem}.csv": sheet(records, self._dialect),
        }
        files[f"{lines.stem}.manifest.json"] = manifest(
            records, files, head, self._relay
        )
        await self._folder.write(
            {str(lines.with_name(name)): content for name, content in files.items()}
        )
        counted = current(out)
        return Exported(
            records=len(out),
            engagements=len(counted),
            units=sum(record.units for record in counted),
            cents=sum(record.amount_cents for record in counted),
            parked=sum(record.is_parked for record in current(records)),
            files=tuple(files),
        )

    async def standings(self, named: str = "") -> list[Standing]:
        """Return every record and how far it is, or those of one name.

        Args:
            named: a record's id or an engagement's; empty for all.

        Raises:
            BadInput: nothing has this name.
        """
        records = await self._records()
        newest = {record.id for record in current(records)}
        known = await self._deliveries.all()
        found = [
            Standing(record, record.id in newest, known.get(record.id))
            for record in records
            if not named or named in (record.id, record.agreed.engagement)
        ]
        if named and not found:
            raise BadInput(f"No record and no engagement is called {named}.")
        return found

    async def resend(self, named: Collection[str] = (), *, everything: bool) -> int:
        """Let records be sent again, from the beginning of the schedule.

        A sink that said 410 is tried again as well: somebody wants it to be.

        Args:
            named: records' or engagements' ids; none: what was given up.
            everything: all that was ever handed over.

        Raises:
            BadInput: a name is unknown, or waits for a person.
            Unavailable: nothing was changed.
        """
        chosen: list[RecordId] = []
        if everything:
            chosen = [one.record.id for one in await self.standings()]
        elif named:
            for name in named:
                found = await self.standings(name)
                out = [one.record.id for one in found if not one.record.is_parked]
                if not out:
                    raise BadInput(f"{name} waits for release; it is not sent before.")
                chosen += out
        else:
            given_up = DeliveryState.GIVEN_UP
            known = await self._deliveries.all()
            chosen = [one.record for one in known.values() if one.state is given_up]
        await self._deliveries.forget(chosen)
        if self._sink:
            await self._deliveries.set_gone(self._sink, None)
        return len(chosen)

    async def reconcile(self, received: Mapping[str, str] | None) -> list[Difference]:
        """Compare journal, relay and receiver; an empty list is agreement.

        Args:
            received: SHA-256 by id, of what the receiver has; ``None``: not asked.

        Raises:
            Tampered: the journal does not verify.
            Unavailable: the store did not answer.
        """
        stored = await self._outbox.records()
        known = await self._deliveries.all()
        yes = [n for n, d in known.items() if d.state is DeliveryState.DELIVERED]
        return compare(
            {r.id: _hash(r.line) for r in await self._billing.derived()},
            {one.id: _hash(one.raw) for one in stored},
            parked=[one.id for one in stored if _waits(one.raw)],
            acknowledged=yes if self._sink else None,
            received=received,
        )

    async def _records(self) -> list[BillingRecord]:
        return [BillingRecord.read(one.raw) for one in await self._outbox.records()]


def _hash(line: bytes) -> str:
    return sha256_hex(line.removesuffix(b"\n"))


def _waits(raw: bytes) -> bool:
    """Tell whether a record waits for a person; one that was damaged does not."""
    try:
        return BillingRecord.read(raw).is_parked
    except CordeeError:
        return False
