import json
from dataclasses import replace
from pathlib import Path

import pytest

from cordee_server.adapters.memory_deliveries import MemoryDeliveries, MemoryHeads
from cordee_server.keyfiles import relay_id
from cordee_server.services.handover import Handover
from cordee_server.sinks import Delivery, DeliveryState
from cordee_shared.billing.facts import FactKind
from cordee_shared.billing.reconcile import Kind
from cordee_shared.billing.record import BillingRecord
from cordee_shared.billing.sheet import FRENCH, Dialect
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import BadInput
from cordee_shared.session.states import Side
from tests.builders import AGREED, OTHER, engagement
from tests.server.conftest import House
from tests.server.services.test_billing import close, helped
from tests.shared.journals import RELAY
from tests.sinks import MemoryFolder

D = DeliveryState
LINES = Path("/out/billing.jsonl")


class Desk:
    """A relay with records, and what an operator does with them."""

    def __init__(
        self, house: House, *, sink: str = "s", dialect: Dialect = FRENCH
    ) -> None:
        self.house = house
        self.folder = MemoryFolder()
        self.deliveries = MemoryDeliveries(house.rows)
        self.handover = Handover(
            house.billing,
            house.rows,
            self.deliveries,
            MemoryHeads(house.rows),
            self.folder,
            relay_id(RELAY),
            dialect=dialect,
            sink=sink,
        )

    async def records(self) -> list[BillingRecord]:
        return [BillingRecord.read(r.raw) for r in await self.house.rows.records()]

    async def received(self) -> dict[str, str]:
        """Return what an honest receiver would say."""
        return {r.id: sha256_hex(r.raw) for r in await self.house.rows.records()}

    async def say_yes(self) -> None:
        for one in await self.house.rows.records():
            await self.deliveries.put(Delivery(record=one.id, state=D.DELIVERED))

    async def kinds(self, received: dict[str, str] | None) -> list[Kind]:
        return [one.kind for one in await self.handover.reconcile(received)]


@pytest.fixture
async def desk(house: House) -> Desk:
    """Two sessions of one engagement, one of another."""
    await house.agreements.add(engagement())
    await house.agreements.add(engagement(OTHER, customer="=M. Petit"))
    await close(house, helped(1, 1801))
    await close(house, helped(2, 60))
    return Desk(house)


# --- files


async def test_an_export_is_lines_table_and_manifest(desk: Desk) -> None:
    done = await desk.handover.export(LINES)
    assert list(desk.folder.files) == [
        "/out/billing.jsonl",
        "/out/billing.csv",
        "/out/billing.manifest.json",
    ]
    lines = desk.folder.files["/out/billing.jsonl"]
    records = await desk.records()
    assert lines == b"".join(record.line for record in records)
    table = desk.folder.files["/out/billing.csv"].decode("utf-8-sig").split("\r\n")
    assert len(table) == 3  # names, the newest revision, the end
    value = json.loads(desk.folder.files["/out/billing.manifest.json"])
    assert (value["records"], value["engagements"]) == (2, 1)
    assert (value["units"], value["cents"]) == (done.units, done.cents) == (2, 5000)
    assert {f["name"]: f["sha256"] for f in value["files"]} == {
        "billing.csv": sha256_hex(desk.folder.files["/out/billing.csv"]),
        "billing.jsonl": sha256_hex(lines),
    }
    assert value["journal"]["size"] == len(await desk.house.rows.everything())


async def test_an_export_again_gives_the_same_bytes(desk: Desk) -> None:
    await desk.handover.export(LINES)
    before = dict(desk.folder.files)
    await desk.handover.export(LINES)
    assert desk.folder.files == before


async def test_what_waits_for_release_is_not_handed_over_before(desk: Desk) -> None:
    await close(desk.house, helped(3, 8 * 3600 + 1))
    done = await desk.handover.export(LINES)
    assert (done.records, done.parked) == (2, 1)
    live = desk.house.settings.billing_file.read_bytes()
    assert live == desk.folder.files[str(LINES)]
    *_, last = await desk.handover.standings()
    assert (last.state, last.is_current) == ("held", True)
    await desk.house.billing.tell(
        AGREED, FactKind.RELEASED, Side.TECHNICIAN, "luc", {"reason": "vu"}
    )
    done = await desk.handover.export(LINES)
    assert (done.records, done.parked) == (3, 0)
    released = (await desk.records())[-1]
    assert (released.revision, released.supersedes) == (4, last.record.id)
    assert desk.house.settings.billing_file.read_bytes().endswith(released.line)


# --- looking


async def test_every_record_stands_somewhere(desk: Desk) -> None:
    one, two = await desk.records()
    await desk.deliveries.put(
        Delivery(record=one.id, state=D.GIVEN_UP, attempts=10, status=500)
    )
    found = await desk.handover.standings()
    assert [(s.record.id, s.state, s.is_current) for s in found] == [
        (one.id, "given_up", False),
        (two.id, "waiting", True),
    ]
    assert await desk.handover.standings(one.id) == found[:1]
    assert await desk.handover.standings(AGREED) == found
    with pytest.raises(BadInput, match="is called nobody"):
        await desk.handover.standings("nobody")


# --- sending again


async def test_what_was_given_up_is_resent(desk: Desk) -> None:
    one, two = await desk.records()
    await desk.deliveries.put(Delivery(record=one.id, state=D.GIVEN_UP))
    await desk.deliveries.put(Delivery(record=two.id, state=D.DELIVERED))
    await desk.deliveries.set_gone("s", 1)
    assert await desk.handover.resend(everything=False) == 1
    assert [d.record for d in await desk.deliveries.due(0, 9)] == [one.id]
    assert await desk.deliveries.gone_since("s") is None


async def test_what_is_named_is_resent_and_so_is_everything(desk: Desk) -> None:
    one, two = await desk.records()
    await desk.say_yes()
    assert await desk.handover.resend([two.id], everything=False) == 1
    assert await desk.handover.resend([AGREED], everything=False) == 2
    await desk.say_yes()
    assert await desk.handover.resend(everything=True) == 2
    assert [d.record for d in await desk.deliveries.due(0, 9)] == [one.id, two.id]
    with pytest.raises(BadInput):
        await desk.handover.resend(["nobody"], everything=False)


async def test_nobody_resends_what_waits_for_release(desk: Desk) -> None:
    parked = await close(desk.house, helped(3, 8 * 3600 + 1))
    assert parked is not None
    with pytest.raises(BadInput, match="waits for release"):
        await desk.handover.resend([parked.id], everything=False)


# --- reconciling


async def test_three_accounts_that_agree(desk: Desk) -> None:
    await desk.say_yes()
    assert await desk.kinds(None) == []
    assert await desk.kinds(await desk.received()) == []


async def test_what_the_receiver_lacks_invented_or_changed_is_said(desk: Desk) -> None:
    one, two = await desk.records()
    await desk.deliveries.put(Delivery(record=one.id, state=D.DELIVERED))
    assert await desk.kinds(None) == [Kind.UNACKNOWLEDGED]
    assert await desk.kinds({}) == [Kind.LOST, Kind.MISSING]
    extra = {**await desk.received(), "0" * 36: "0" * 64}
    assert await desk.kinds(extra) == [Kind.EXTRA]
    changed = {**await desk.received(), two.id: "0" * 64}
    assert await desk.kinds(changed) == [Kind.DIFFERENT]


async def test_without_a_sink_nothing_has_to_be_acknowledged(desk: Desk) -> None:
    assert await Desk(desk.house, sink="").kinds(None) == []


async def test_a_record_that_was_changed_or_lost_here_is_found_by_the_journal(
    desk: Desk,
) -> None:
    await desk.say_yes()
    honest = list(desk.house.rows._records)
    desk.house.rows._records[0] = replace(honest[0], raw=b'{"units":0}')
    assert await desk.kinds(None) == [Kind.ALTERED]
    desk.house.rows._records[:] = honest[:1]
    assert await desk.kinds(None) == [Kind.NOT_STORED]
    assert await desk.house.billing.catch_up() == 1
    assert desk.house.rows._records == honest
    assert await desk.kinds(None) == []


async def test_all_records_may_be_lost_and_are_the_same_again(desk: Desk) -> None:
    await desk.house.billing.tell(
        AGREED, FactKind.RESERVES, Side.CUSTOMER, "", {"text": "rayure"}
    )
    before = await desk.house.rows.records()
    assert [r.revision for r in before] == [1, 2, 3]
    desk.house.rows._records.clear()
    assert await desk.house.billing.catch_up() == 3
    assert await desk.house.rows.records() == before
    derived = [record.line[:-1] for record in await desk.house.billing.derived()]
    assert derived == [record.raw for record in before]


async def test_a_record_without_a_journal_is_unfounded(desk: Desk) -> None:
    await desk.say_yes()
    desk.house.agreements._engagements.clear()
    assert await desk.kinds(None) == [Kind.UNFOUNDED, Kind.UNFOUNDED]
