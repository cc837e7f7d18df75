"""S-33: export, rectify, erase, retention; on real SQLite, with a canary."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cordee_server.keyfiles import public_bytes
from cordee_server.parts import Parts, initialise, open_parts
from cordee_server.services.inspection import Inspection
from cordee_server.services.particulars import Details
from cordee_shared.billing.correction import Correction
from cordee_shared.errors import BadInput, Refused
from cordee_shared.ids import EngagementId, TechnicianId
from cordee_shared.journal.notice import NoticeKind
from cordee_shared.session.states import Event, Remark, Side
from tests.clock import ManualClock
from tests.house import settings_in
from tests.receipts import Evident
from tests.shared.journals import RELAY, Journal, consent

CANARY = "Mme Canari-Zébulon"
MAIL = "canari-zebulon@example.fr"
LUC = TechnicianId("luc")


@pytest.fixture
async def parts(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Parts]:
    settings = settings_in(tmp_path)
    initialise(settings)
    # The key that signs what the tests' sessions say.
    settings.relay_key_file.write_text(RELAY.private_bytes_raw().hex())
    opened = open_parts(settings, clock=clock)
    yield opened
    opened.close()


async def agree(parts: Parts, name: str = CANARY) -> tuple[EngagementId, str]:
    """Agree with a customer; return the engagement and the reference."""
    made = await parts.engagements.create(
        LUC,
        customer=name,
        purpose="imprimante",
        tariff="standard",
        details=Details(email=MAIL),
    )
    assert made.particulars is not None
    return made.id, made.particulars.ref


async def help_for(
    parts: Parts, engagement: EngagementId, seconds: int, number: int = 1
) -> None:
    """Hold a session of so much control under an engagement, and bill it."""
    session: Journal = Evident(number)
    now = parts.clock.now_ms()
    session.at_ms = now
    session.fact(Remark.CODE_ISSUED, {"engagement": engagement})
    session.fact(Event.CODE_CLAIMED)
    assert isinstance(session, Evident)
    for side in (Side.CUSTOMER, Side.TECHNICIAN):
        session.act(side, Remark.BIND, {"pairing": session.th.hex()})
    session.fact(Event.KEYS_CONFIRMED, session.evidence)
    session.act(Side.CUSTOMER, Event.VIEW_GRANTED, consent("view"))
    if seconds:
        session.act(Side.TECHNICIAN, Remark.CONTROL_REQUESTED)
        session.act(Side.CUSTOMER, Event.CONTROL_GRANTED, consent("control"))
    session.wait(seconds).end()
    await parts.journal.append(session.entries[:-1])
    assert await parts.billing.close(session.entries[-1:]) is not None


def stored(parts: Parts) -> bytes:
    """Return every byte of the database, its log included, cleaned as a backup is."""
    file = parts.settings.database_file
    cleaner = sqlite3.connect(file, isolation_level=None)
    cleaner.execute("VACUUM")
    cleaner.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cleaner.close()
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


async def test_s33_nothing_names_a_customer_in_the_database(parts: Parts) -> None:
    engagement, ref = await agree(parts)
    await help_for(parts, engagement, 60)
    found = await parts.privacy.export(ref)
    assert found["engagements"][0]["offer"]["customer"] == CANARY
    assert found["engagements"][0]["particulars"]["email"] == MAIL
    assert len(found["engagements"][0]["records"]) == 1
    assert len(found["engagements"][0]["sessions"]) == 1
    for canary in (CANARY, "Canari-Z", MAIL):
        assert canary.encode() not in stored(parts)


async def test_s33_after_erasure_only_what_the_law_holds_is_readable(
    parts: Parts,
) -> None:
    engagement, ref = await agree(parts)
    await help_for(parts, engagement, 60)
    before = await parts.outbox.records()
    derived = await parts.billing.derived()
    assert await parts.privacy.erase(ref) == ["billing"]
    kept = await parts.engagements.find(engagement)
    assert kept is not None
    assert kept.particulars is None
    assert kept.deal is not None
    # The books are what they were, to the byte, and can be derived again.
    assert await parts.outbox.records() == before
    assert await parts.billing.derived() == derived
    inspected = await Inspection(parts.log, public_bytes(parts.relay_key)).whole()
    assert inspected.notices == 1
    (notice,) = await parts.log.notices()
    assert notice.kind is NoticeKind.ERASED
    assert notice.data == {"customer": ref, "kept": ["billing"]}
    assert MAIL.encode() not in stored(parts)
    with pytest.raises(Refused, match="erased already"):
        await parts.privacy.erase(ref)


async def test_s33_where_nothing_was_owed_everything_goes(parts: Parts) -> None:
    engagement, ref = await agree(parts)
    await help_for(parts, engagement, 0)
    assert await parts.privacy.erase(ref) == []
    assert await parts.engagements.find(engagement) is None
    assert await parts.outbox.records() == []
    assert await parts.billing.derived() == []
    await Inspection(parts.log, public_bytes(parts.relay_key)).whole()
    content = stored(parts)
    assert CANARY.encode() not in content
    assert MAIL.encode() not in content


async def test_what_is_put_right_stands_on_documents_and_in_no_notice(
    parts: Parts,
) -> None:
    engagement, ref = await agree(parts)
    await parts.privacy.rectify(ref, Correction(name="Mme Canari"))
    await parts.privacy.rectify(ref, Correction(email="c@example.fr"))
    found = await parts.engagements.find(engagement)
    assert found is not None
    assert found.corrected == Correction(name="Mme Canari", email="c@example.fr")
    assert found.offer.customer == CANARY
    notices = await parts.log.notices()
    assert [notice.data["fields"] for notice in notices] == [["name"], ["email"]]
    assert b"c@example.fr" not in stored(parts)
    with pytest.raises(BadInput):
        await parts.privacy.rectify(ref, Correction())
    with pytest.raises(Refused, match="Nobody is known"):
        await parts.privacy.export("c-nobody")


async def test_s33_what_was_kept_long_enough_is_let_go_by_class(
    parts: Parts, clock: ManualClock
) -> None:
    looking = Inspection(parts.log, public_bytes(parts.relay_key))
    old, ref = await agree(parts)
    await help_for(parts, old, 60)
    billed = (await looking.whole()).size
    unbilled = Journal(9, at_ms=clock.now_ms()).fact(Remark.CODE_ISSUED)
    unbilled.fact(Event.ENDED, {"reason": "code_expired"})
    await parts.journal.append(unbilled.entries)
    assert (await parts.privacy.retain()).bodies == 0
    clock.advance(seconds=6 * 365 * 86_400)
    young, _ = await agree(parts, "M. Jeune")
    await help_for(parts, young, 60, number=2)
    records, derived = await parts.outbox.records(), await parts.billing.derived()
    done = await parts.privacy.retain()
    # What a bill rests on stays with it; what else was said has had its time.
    assert (done.bodies, done.customers) == (len(unbilled.entries), 0)
    found = await looking.whole()
    assert (found.pruned, found.notices) == (len(unbilled.entries), 1)
    assert await parts.outbox.records() == records
    assert await parts.billing.derived() == derived
    clock.advance(seconds=5 * 365 * 86_400)
    done = await parts.privacy.retain()
    assert (done.bodies, done.customers) == (billed, 1)
    assert await parts.engagements.find(old) is None
    assert await parts.engagements.find(young) is not None
    assert len(await parts.billing.derived()) == len(await parts.outbox.records()) == 1
    assert (await looking.whole()).pruned == billed + len(unbilled.entries)
    with pytest.raises(Refused, match="erased already"):
        await parts.privacy.erase(ref)
