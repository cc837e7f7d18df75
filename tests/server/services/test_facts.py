from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.adapters.memory import MemoryFacts, MemoryJournal
from cordee_server.services.billing import BillingService
from cordee_server.services.facts import Facts
from cordee_server.services.journal import JournalService
from cordee_shared.billing.calendar import OpeningHours
from cordee_shared.billing.due import Due
from cordee_shared.billing.facts import FactKind, verify_engagement_fact
from cordee_shared.billing.record import BillingRecord
from cordee_shared.canonical import Json
from cordee_shared.errors import BadInput, Tampered
from cordee_shared.session.states import Event, Remark, Side
from tests.builders import AGREED, engagement
from tests.server.conftest import House
from tests.shared.journals import CUSTOMER, RELAY, TECHNICIAN, WALL_MS, Journal, public
from tests.shared.told import HOUR_MS, PARIS, SLOT_MS, Told, paris_ms


def helped(number: int = 1, seconds: int = 1200, at_ms: int = WALL_MS) -> Journal:
    """Return an ended session under the engagement, with so much control."""
    journal = Journal(number, boot=f"boot-{number}", at_ms=at_ms)
    journal.fact(Remark.CODE_ISSUED, {"engagement": AGREED})
    journal.fact(Event.CODE_CLAIMED)
    for side in (CUSTOMER, TECHNICIAN):
        journal.act(side, Remark.BIND, {"pairing": journal.th.hex()})
    journal.fact(Event.KEYS_CONFIRMED).grant_view().grant_control()
    return journal.wait(seconds).end()


@pytest.fixture
async def agreed(house: House) -> House:
    """A relay that knows the engagement."""
    await house.agreements.add(engagement())
    return house


def billing(
    house: House, rows: MemoryJournal, *, open_at: bool = True
) -> BillingService:
    """Return a billing service with opening hours, on these rows."""
    hours = OpeningHours(PARIS) if open_at else None
    return BillingService(
        JournalService(rows),
        rows,
        house.agreements,
        RELAY,
        house.clock,
        house.settings.data / "again.jsonl",
        facts=Facts(MemoryFacts(rows), RELAY, house.clock, hours),
    )


async def tell(
    house: House, kind: FactKind, side: Side = Side.TECHNICIAN, **data: Json
) -> BillingRecord | None:
    author = "luc" if side is Side.TECHNICIAN else ""
    _, record = await house.billing.tell(AGREED, kind, side, author, data)
    return record


async def records(house: House) -> list[BillingRecord]:
    return [BillingRecord.read(one.raw) for one in await house.rows.records()]


def outside(record: BillingRecord) -> list[str]:
    """Return what a record says of hours and slot."""
    return [flag for flag in record.flags if flag.startswith("outside")]


async def test_a_fact_is_numbered_signed_and_placed_among_the_ends(
    agreed: House,
) -> None:
    assert await tell(agreed, FactKind.CONTACT_ATTEMPT, channel="phone") is None
    await agreed.billing.close(helped().entries)
    await tell(agreed, FactKind.RESERVES, Side.CUSTOMER, text="Encore lent")
    one, two = await MemoryFacts(agreed.rows).of(AGREED)
    assert [(fact.n, fact.after, fact.author) for fact in (one, two)] == [
        (0, 0, "luc"),
        (1, 1, ""),
    ]
    for fact in (one, two):
        verify_engagement_fact(fact, public(RELAY))
        assert fact.at_ms == agreed.clock.now_ms()


async def test_a_fact_and_the_revision_that_it_makes_are_in_the_file_at_once(
    agreed: House,
) -> None:
    await agreed.billing.close(helped(seconds=3601).entries)
    record = await tell(
        agreed, FactKind.CORRECTED, less_units=1, reason="Geste commercial"
    )
    assert record is not None
    assert (record.revision, record.units, record.made_by) == (2, 2, 0)
    lines = agreed.settings.billing_file.read_bytes().splitlines()
    assert [BillingRecord.read(line) for line in lines] == await records(agreed)
    assert BillingRecord.read(lines[1]) == record


async def test_b01_a_parked_engagement_is_released_by_a_person(agreed: House) -> None:
    parked = await agreed.billing.close(helped(seconds=17 * 1800).entries)
    assert parked is not None
    assert parked.is_parked
    released = await tell(agreed, FactKind.RELEASED, reason="Vu avec le client")
    assert released is not None
    assert (released.is_parked, released.units) == (False, 17)


async def test_b05_a_no_show_is_a_draft_from_what_the_relay_measured(
    agreed: House,
) -> None:
    await tell(
        agreed,
        FactKind.SLOT_CONFIRMED,
        from_ms=agreed.clock.now_ms(),
        until_ms=agreed.clock.now_ms() + HOUR_MS,
    )
    waiting = Journal(at_ms=agreed.clock.now_ms())
    waiting.fact(Remark.CODE_ISSUED, {"engagement": AGREED}).wait(3601)
    await agreed.billing.close(
        waiting.fact(Event.ENDED, {"reason": "code_expired"}).entries
    )
    for _ in range(2):
        await tell(agreed, FactKind.CONTACT_ATTEMPT, channel="phone")
    draft = await tell(agreed, FactKind.NO_SHOW, note="Absent, deux appels")
    assert draft is not None
    assert (draft.due, draft.units, draft.is_parked) == (Due.NO_SHOW, 3, True)


async def test_a_fact_that_says_something_else_is_refused_and_not_stored(
    agreed: House,
) -> None:
    with pytest.raises(BadInput, match="reason is missing"):
        await tell(agreed, FactKind.RELEASED)
    with pytest.raises(BadInput, match="not for the technician"):
        await tell(agreed, FactKind.OUTSIDE, session="0" * 32, hours=True, slot=True)
    assert await MemoryFacts(agreed.rows).of(AGREED) == []


async def test_r41_a_fact_of_another_relay_is_not_read(
    agreed: House, tmp_path: Path
) -> None:
    await MemoryFacts(agreed.rows).append(Told().slot().facts[0])
    await agreed.billing.close(helped().entries)  # the same key: ours
    stranger = Facts(MemoryFacts(agreed.rows), _other_key(), agreed.clock)
    with pytest.raises(Tampered):
        await stranger.of(AGREED)


def _other_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)


async def test_r04_a_session_on_a_sunday_is_said_to_be_and_costs_the_same(
    agreed: House,
) -> None:
    rows = MemoryJournal()
    service = billing(agreed, rows)
    sunday = helped(1, at_ms=paris_ms(2026, 11, 22, 10))
    monday = helped(2, at_ms=paris_ms(2026, 11, 23, 10))
    first = await service.close(sunday.entries)
    second = await service.close(monday.entries)
    assert first is not None
    assert second is not None
    assert (outside(first), first.units, first.revision) == (["outside_hours"], 1, 1)
    # It stays with the engagement; Monday's session adds no fact of its own.
    assert (outside(second), second.revision) == (["outside_hours"], 2)
    (noted,) = await MemoryFacts(rows).of(AGREED)
    assert (noted.side, noted.data["hours"], noted.data["slot"]) == (
        Side.RELAY,
        True,
        False,
    )
    assert noted.data["session"] == sunday.id


@pytest.mark.parametrize(("minutes", "flags"), [(-16, ["outside_slot"]), (-15, [])])
async def test_r03_a_session_outside_its_slot_is_said_to_be(
    agreed: House, minutes: int, flags: list[str]
) -> None:
    rows = MemoryJournal()
    await MemoryFacts(rows).append(Told().slot().facts[0])
    service = billing(agreed, rows)
    record = await service.close(helped(at_ms=SLOT_MS + minutes * 60_000).entries)
    assert record is not None
    assert outside(record) == flags


async def test_r04_nothing_is_noted_of_a_session_in_which_nothing_was_shown(
    agreed: House,
) -> None:
    rows = MemoryJournal()
    refused = Journal(at_ms=paris_ms(2026, 11, 22, 10))
    refused.fact(Remark.CODE_ISSUED, {"engagement": AGREED}).wait(5)
    refused.fact(Event.ENDED, {"reason": "code_cancelled"})
    record = await billing(agreed, rows).close(refused.entries)
    assert record is not None
    assert (record.flags, record.weighed) == ((), None)


async def test_records_of_sessions_and_facts_are_derived_again_to_the_byte(
    agreed: House,
) -> None:
    rows = MemoryJournal()
    service = billing(agreed, rows)
    sunday = paris_ms(2026, 11, 22, 10)
    await service.close(helped(1, at_ms=sunday).entries)
    reason: dict[str, Json] = {"reason": "Vu"}
    await service.tell(AGREED, FactKind.RELEASED, Side.TECHNICIAN, "luc", reason)
    await service.close(helped(2, at_ms=sunday + HOUR_MS).entries)
    await service.tell(AGREED, FactKind.RELEASED, Side.TECHNICIAN, "luc", reason)
    expected = [one.raw for one in await rows.records()]
    assert len(expected) == 4

    again = MemoryJournal()
    facts = MemoryFacts(again)
    told = await MemoryFacts(rows).of(AGREED)
    for number in (1, 2):
        for fact in told:
            if fact.after == number - 1:
                await facts.append(fact)
        await again.append(
            helped(number, at_ms=sunday + (number - 1) * HOUR_MS).entries
        )
    for fact in told:
        if fact.after == 2:
            await facts.append(fact)
    late = billing(agreed, again)
    assert await late.catch_up() == 4
    assert [one.raw for one in await again.records()] == expected
    assert await late.catch_up() == 0
