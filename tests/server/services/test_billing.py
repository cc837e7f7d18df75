import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from cordee_server.adapters.memory import MemoryFacts, MemoryJournal
from cordee_server.ports import Outgoing
from cordee_server.services.billing import BillingService, replace_file
from cordee_server.services.facts import Facts
from cordee_server.services.journal import JournalService
from cordee_shared.billing.record import BillingRecord
from cordee_shared.errors import LocalViolation, Unavailable
from cordee_shared.journal.entry import Entry, verify_fact
from cordee_shared.session.states import EndReason, Event, Remark, Side, State
from tests.builders import AGREED, ended, engagement, invited
from tests.server.conftest import House
from tests.shared.journals import CUSTOMER, RELAY, TECHNICIAN, Journal, public


def helped(number: int = 1, seconds: int = 1200) -> Journal:
    """Return a session under the engagement, with so much control, not ended yet."""
    journal = Journal(number)
    journal.fact(Remark.CODE_ISSUED, {"engagement": AGREED})
    journal.fact(Event.CODE_CLAIMED)
    for side in (CUSTOMER, TECHNICIAN):
        journal.act(side, Remark.BIND, {"pairing": journal.th.hex()})
    journal.fact(Event.KEYS_CONFIRMED).grant_view().grant_control()
    return journal.wait(seconds).checkpoint()


@pytest.fixture
async def agreed(house: House) -> House:
    """A relay that knows the engagement."""
    await house.agreements.add(engagement())
    return house


async def close(house: House, journal: Journal) -> BillingRecord | None:
    """Journal a session and end it as its customer does."""
    await house.journal.append(journal.entries)
    return await house.billing.close(journal.end().entries[-1:])


def lines(house: House) -> list[bytes]:
    file = house.settings.billing_file
    return file.read_bytes().splitlines() if file.exists() else []


async def test_the_end_of_a_session_makes_a_record_and_a_line(agreed: House) -> None:
    record = await close(agreed, helped(seconds=1801))
    assert record is not None
    assert (record.seconds, record.units, record.amount_cents) == (1801, 2, 5000)
    assert record.agreed.technician == "luc"
    assert BillingRecord.read(lines(agreed)[0]) == record
    assert [r.raw for r in await agreed.rows.records()] == lines(agreed)


async def test_the_next_session_of_an_engagement_makes_the_next_revision(
    agreed: House,
) -> None:
    first = await close(agreed, helped(1, 1200))
    second = await close(agreed, helped(2, 700))
    assert first is not None
    assert second is not None
    assert (second.revision, second.supersedes) == (2, first.id)
    assert (second.seconds, second.units) == (1200, 1)  # the union: both began at 0
    assert [BillingRecord.read(line).revision for line in lines(agreed)] == [1, 2]


async def test_an_end_adds_a_line_and_writes_nothing_else_again(agreed: House) -> None:
    await close(agreed, helped(1, 1200))
    file = agreed.settings.billing_file
    before, first = file.stat().st_ino, file.read_bytes()
    await close(agreed, helped(2, 700))
    assert file.stat().st_ino == before
    assert file.read_bytes().startswith(first)
    # What is appended is what writing all of it anew gives.
    appended = file.read_bytes()
    assert await agreed.billing.export() == 2
    assert file.read_bytes() == appended


async def test_entry_and_record_are_one_transaction(agreed: House) -> None:
    journal = helped()
    await agreed.journal.append(journal.entries)
    await agreed.billing.close(journal.end().entries[-1:])
    (stored,) = await agreed.rows.records_of(AGREED)
    assert stored.session == journal.id
    assert await agreed.journal.without_record() == []


async def test_a_session_without_engagement_ends_without_a_record(
    agreed: House,
) -> None:
    journal = invited(1, None)
    await agreed.journal.append(journal.entries)
    journal.fact(Event.ENDED, {"reason": "code_expired"})
    assert await agreed.billing.close(journal.entries[-1:]) is None
    assert await agreed.journal.unfinished() == []
    assert await agreed.rows.records() == []


async def test_a_session_may_begin_and_end_in_one_call(agreed: House) -> None:
    record = await agreed.billing.close(ended().entries)
    assert record is not None
    assert (record.units, record.end_reason) == (0, "code_cancelled")


async def test_only_an_end_is_closed(agreed: House) -> None:
    for entries in ([], invited().entries):
        with pytest.raises(LocalViolation):
            await agreed.billing.close(entries)
    assert await agreed.journal.entries_of(invited().id) == []


async def test_a_record_that_cannot_be_derived_keeps_no_session_alive(
    house: House,
) -> None:
    assert await close(house, helped()) is None  # nobody knows the engagement
    assert await house.journal.unfinished() == []
    assert await house.rows.records() == []
    await house.agreements.add(engagement())
    assert await house.billing.catch_up() == 1
    assert await house.billing.catch_up() == 0
    assert (await house.rows.records())[0].revision == 1


async def test_records_derived_later_are_the_same_to_the_byte(
    house: House, agreed: House
) -> None:
    journals = [helped(1, 1200), helped(2, 700), helped(3, 3000)]
    for journal in journals:
        await close(agreed, journal)
    expected = [record.raw for record in await agreed.rows.records()]
    rows = MemoryJournal()
    for journal in journals:
        await rows.append(journal.entries)
    again = BillingService(
        JournalService(rows),
        rows,
        agreed.agreements,
        RELAY,
        agreed.clock,
        agreed.settings.data / "again.jsonl",
        facts=Facts(MemoryFacts(rows), RELAY, agreed.clock),
    )
    assert await again.catch_up() == 3
    assert [record.raw for record in await rows.records()] == expected


async def test_what_a_dead_relay_left_is_ended_by_a_signed_fact(agreed: House) -> None:
    journal = helped(seconds=1890)
    await agreed.journal.append(journal.entries)
    agreed.clock.boot = "boot-2"
    agreed.clock.advance(seconds=9999)
    assert await agreed.billing.recover() == 1
    last = (await agreed.journal.entries_of(journal.id))[-1]
    assert (last.kind, last.side, last.state) == (Event.ENDED, Side.RELAY, State.ENDED)
    assert last.data == {"reason": EndReason.RELAY_STOPPED, "recovered": True}
    verify_fact(last, public(RELAY))
    record = BillingRecord.read(lines(agreed)[0])
    assert (record.seconds, record.units) == (1890, 2)  # up to the checkpoint
    assert record.end_reason == "relay_crashed"
    assert await agreed.billing.recover() == 0
    assert len(lines(agreed)) == 1


async def test_an_export_again_gives_the_same_bytes_and_no_double(
    agreed: House, tmp_path: Path
) -> None:
    for number in (1, 2):
        await close(agreed, helped(number))
    before = agreed.settings.billing_file.read_bytes()
    assert await agreed.billing.export() == 2
    assert await agreed.billing.export(tmp_path / "elsewhere.jsonl") == 2
    assert agreed.settings.billing_file.read_bytes() == before
    assert (tmp_path / "elsewhere.jsonl").read_bytes() == before


async def test_a_file_that_was_lost_or_torn_is_written_again(agreed: House) -> None:
    await close(agreed, helped())
    file = agreed.settings.billing_file
    before = file.read_bytes()
    file.write_bytes(before[: len(before) // 2])
    await agreed.billing.recover()
    assert file.read_bytes() == before


async def test_a_file_that_cannot_be_written_ends_no_session_badly(
    agreed: House,
) -> None:
    agreed.settings.billing_file.mkdir()
    assert await close(agreed, helped()) is not None
    with pytest.raises(Unavailable, match="cannot be written"):
        await agreed.billing.export()
    assert [file.name for file in agreed.settings.data.iterdir()] == ["billing.jsonl"]


class Dying(MemoryJournal):
    """A journal whose process dies before or after it has stored an end."""

    def __init__(self, *, after: bool) -> None:
        super().__init__()
        self.after = after
        self.dies = False

    async def append(
        self, entries: Sequence[Entry], record: Outgoing | None = None
    ) -> None:
        if self.dies and not self.after:
            raise KeyboardInterrupt
        await super().append(entries, record)
        if self.dies:
            raise KeyboardInterrupt


@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_around_the_end_makes_one_record(
    agreed: House, after: bool
) -> None:
    rows = Dying(after=after)
    file = agreed.settings.billing_file

    def relay() -> BillingService:
        return BillingService(
            JournalService(rows),
            rows,
            agreed.agreements,
            RELAY,
            agreed.clock,
            file,
            facts=Facts(MemoryFacts(rows), RELAY, agreed.clock),
        )

    journal = helped()
    await rows.append(journal.entries)
    rows.dies = True
    with pytest.raises(KeyboardInterrupt):
        await relay().close(journal.end().entries[-1:])
    rows.dies = False
    agreed.clock.boot = "boot-2"
    await relay().recover()
    await relay().recover()
    (line,) = file.read_bytes().splitlines()
    assert BillingRecord.read(line).seconds == 1200
    assert len(await rows.records()) == 1


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "billing.jsonl"
    replace_file(file, b"one\n")
    replace_file(file, b"two\n")
    assert file.read_bytes() == b"two\n"
    with pytest.raises(Unavailable):
        replace_file(tmp_path / "nowhere" / "x", b"")
    assert os.listdir(tmp_path) == ["billing.jsonl"]
