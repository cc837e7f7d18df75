"""What was: searched, drawn along its time, and as a month for the accountant."""

import itertools
from dataclasses import replace
from datetime import UTC

import pytest

from cordee_server.services.history import (
    Band,
    History,
    bands,
    marks,
    month_csv,
)
from cordee_shared.ids import SessionId, TechnicianId
from tests.builders import LUC, engagement
from tests.server.conftest import House
from tests.server.services.test_billing import close, helped

EVE = TechnicianId("eve")


@pytest.fixture
async def past(house: House) -> History:
    """One session of Luc's with Mme Martin, 20 minutes in control, ended."""
    await house.agreements.add(engagement())
    await close(house, helped(seconds=1200))
    return History(house.journal, house.engagements)


async def test_a_session_is_found_by_customer_purpose_technician_and_day(
    past: History,
) -> None:
    (found,) = await past.search(LUC)
    assert (found.customer, found.technician, found.reason) == (
        "Mme Martin",
        "luc",
        "customer_ended",
    )
    assert found.seconds["controlling"] == 1200
    for text in ("martin", "IMPRIMANTE", "luc", "muette martin", ""):
        assert len(await past.search(LUC, text)) == 1
    assert await past.search(LUC, "martin dupont") == []
    began = found.started_ms
    assert len(await past.search(LUC, "", began, began + 1)) == 1
    assert await past.search(LUC, "", began + 1) == []
    assert await past.search(LUC, "", 0, began) == []


async def test_s51_nobody_finds_anothers_session_but_who_reads_them_all(
    past: History,
) -> None:
    (found,) = await past.search(None)
    session = SessionId(found.session)
    assert await past.search(EVE) == []
    assert await past.session(session, EVE) is None
    assert await past.session(session, LUC) == await past.session(session, None)
    assert await past.session(SessionId("f" * 32), None) is None


async def test_bands_cover_the_time_and_marks_lie_on_them(house: House) -> None:
    journal = helped(seconds=1200).end()
    drawn = bands(journal.entries)
    first, last = journal.entries[0].moment, journal.entries[-1].moment
    whole = (last.mono_us - first.mono_us) / 1_000_000
    assert sum(band.seconds for band in drawn) == pytest.approx(whole)
    states = [band.state for band in drawn]
    assert all(a != b for a, b in itertools.pairwise(states))
    assert states[-1] == "controlling"
    told = marks(journal.entries)
    assert [mark.n for mark in told] == list(range(len(journal.entries)))
    assert [mark.hash for mark in told] == [entry.hash for entry in journal.entries]
    assert told[-1].offset_s == pytest.approx(whole)
    assert bands([]) == []
    assert marks([]) == []


def test_no_length_is_made_up_across_a_restart_of_the_relay() -> None:
    before, after = helped().entries[-2:]
    moment = replace(after.moment, boot="another")
    assert bands([before, replace(after, moment=moment)]) == [
        Band(before.state.value, before.moment.at_ms, 0)
    ]


async def test_a_month_is_rows_that_no_spreadsheet_takes_for_formulas(
    past: History,
) -> None:
    (found,) = await past.search(LUC)
    hostile = replace(found, customer='=HYPERLINK("x")', purpose="a;b")
    head, row, end = month_csv([hostile], UTC).split("\r\n")
    assert head.startswith("\ufeffdébut;technicien;client;")
    assert '"\'=HYPERLINK(""x"")";"a;b"' in row
    assert ";20,0;" in row
    assert end == ""
