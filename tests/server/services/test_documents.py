"""The document of every intervention: made, kept, sent, found again."""

from __future__ import annotations

import email
import email.message
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cordee_server.ports import Engagement
from cordee_server.services.dispatch import Way, addressee_of
from cordee_server.services.documents import AGAIN_MS
from cordee_server.services.particulars import Details, settle_particulars
from cordee_server.settings import Provider, Settings
from cordee_shared.billing.calendar import local
from cordee_shared.billing.cii_check import wrong_with
from cordee_shared.billing.draft import made_ms
from cordee_shared.billing.facts import FactKind
from cordee_shared.billing.record import BillingRecord
from cordee_shared.errors import NotAllowed, Refused, SettingsError
from cordee_shared.ids import TechnicianId
from cordee_shared.session.states import Side
from tests.builders import AGREED, LUC, Dice, ended, engagement
from tests.clock import ManualClock
from tests.server.adapters.test_pdf import words
from tests.server.conftest import House, build
from tests.server.services.test_billing import helped
from tests.shared.billing.test_provider import WHOLE


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A relay whose provider's facts are there."""
    file = tmp_path / "provider.toml"
    file.write_text(WHOLE, encoding="utf-8")
    return msgspec.structs.replace(
        settings,
        provider=Provider(organisation="Micro-Alpes", phone="04"),
        provider_file=file,
    )


def agreed_with(house: House, **details: object) -> Engagement:
    """Return an engagement with these particulars."""
    given = msgspec.convert(details, Details)
    now = house.clock.now_ms()
    particulars = settle_particulars(given, "Mme Martin", house.settings, now, Dice())
    return replace(engagement(), particulars=particulars)


async def close(house: House, number: int = 1, seconds: int = 1801) -> BillingRecord:
    journal = helped(number, seconds)
    await house.journal.append(journal.entries)
    record = await house.billing.close(journal.end().entries[-1:])
    assert record is not None
    return record


def files(house: House) -> set[str]:
    folder = house.settings.documents_folder
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def letters(house: House) -> list[email.message.Message]:
    folder = house.settings.mail_folder
    found = sorted(folder.iterdir()) if folder.exists() else []
    return [email.message_from_bytes(file.read_bytes()) for file in found]


async def test_R42_an_end_makes_a_document_that_is_kept(house: House) -> None:
    await house.agreements.add(engagement())
    await house.documents.tend()
    assert files(house) == set()
    record = await close(house)
    await house.documents.tend()
    assert {f"{record.id}.pdf", f"{record.id}.json"} <= files(house)
    pdf = await house.documents.pdf(record.id)
    assert pdf.startswith(b"%PDF-")
    assert pdf == (house.settings.documents_folder / f"{record.id}.pdf").read_bytes()


async def test_R42_also_at_nothing_and_not_without_intervention(house: House) -> None:
    await house.agreements.add(engagement())
    await house.journal.append(ended(1).entries[:-1])
    refused = await house.billing.close(ended(1).entries[-1:])
    assert refused is not None
    brief = await close(house, 2, 10)
    assert brief.amount_cents == 0
    assert await house.documents.make_missing() == 1
    assert f"{brief.id}.pdf" in files(house)
    with pytest.raises(Refused, match="no intervention"):
        await house.documents.pdf(refused.id)


async def test_the_same_record_is_the_same_document_when_all_is_lost(
    house: House,
) -> None:
    await house.agreements.add(engagement())
    record = await close(house)
    first = await house.documents.pdf(record.id)
    for file in house.settings.documents_folder.iterdir():
        file.unlink()
    assert await house.documents.pdf(record.id) == first


async def test_each_revision_has_its_own_document(house: House) -> None:
    await house.agreements.add(engagement())
    first, second = await close(house, 1), await close(house, 2, 700)
    assert await house.documents.make_missing() == 2
    kept = await house.documents.of(LUC, 50)
    assert [one.record for one in kept] == [second.id, first.id]
    assert await house.documents.make_missing() == 0


async def test_B08_by_e_mail_where_that_was_agreed_and_once(house: House) -> None:
    await house.agreements.add(agreed_with(house, email="martin@example.org"))
    await close(house)
    await house.documents.make_missing()
    await house.documents.make_missing()
    (letter,) = letters(house)
    assert (letter["To"], letter["From"]) == (
        "martin@example.org",
        "contact@micro-alpes.fr",
    )
    (kept,) = await house.documents.of(LUC, 50)
    assert kept.way is Way.SENT


async def test_B08_what_goes_by_post_or_has_no_address_waits(house: House) -> None:
    post = ["12 rue des Lilas", "73000 CHAMBÉRY"]
    await house.agreements.add(
        agreed_with(house, email="m@example.org", post=post, delivery="post")
    )
    await close(house)
    await house.documents.make_missing()
    (kept,) = await house.documents.of(LUC, 50)
    assert (kept.way, kept.to) == (Way.FOR_POST, "\n".join(post))
    assert letters(house) == []


async def test_what_waits_for_a_person_is_kept_and_not_sent_before_release(
    house: House,
) -> None:
    await house.agreements.add(agreed_with(house, email="martin@example.org"))
    parked = await close(house, 1, 8 * 3600 + 1)
    await house.documents.make_missing()
    (kept,) = await house.documents.of(LUC, 50)
    assert (kept.record, kept.way) == (parked.id, Way.HELD)
    assert letters(house) == []
    with pytest.raises(Refused, match="waits for a person"):
        await house.documents.draft(parked.id)
    _, released = await house.billing.tell(
        AGREED, FactKind.RELEASED, Side.TECHNICIAN, "luc", {"reason": "vu"}
    )
    assert released is not None
    await house.documents.make_missing()
    (letter,) = letters(house)
    assert letter["Message-ID"] == f"<{released.id}@cordee>"


async def test_R43_reserves_make_a_revision_that_prints_them(house: House) -> None:
    await house.agreements.add(engagement())
    await close(house)
    _, record = await house.billing.tell(
        AGREED, FactKind.RESERVES, Side.CUSTOMER, "", {"text": "Le son manque."}
    )
    assert record is not None
    text = words(await house.documents.pdf(record.id))
    assert "Le son manque." in text


async def test_a_letter_that_is_not_taken_is_tried_again(house: House) -> None:
    await house.agreements.add(agreed_with(house, email="martin@example.org"))
    house.settings.mail_folder.write_bytes(b"in the way")
    record = await close(house)
    await house.documents.tend()
    assert f"{record.id}.pdf" in files(house)
    house.settings.mail_folder.unlink()
    await house.documents.tend()
    assert letters(house) == []
    house.clock.advance(ms=AGAIN_MS)
    await house.documents.tend()
    assert len(letters(house)) == 1


async def test_without_the_providers_facts_nothing_leaves_until_they_are_there(
    settings: Settings, clock: ManualClock
) -> None:
    settings.provider_file.unlink()
    house = build(settings, clock)
    await house.agreements.add(engagement())
    record = await close(house)
    await house.documents.tend()
    assert files(house) == set()
    with pytest.raises(SettingsError, match="billing cannot start"):
        await house.documents.pdf(record.id)
    settings.provider_file.write_text(WHOLE, encoding="utf-8")
    clock.advance(ms=AGAIN_MS)
    await house.documents.tend()
    assert f"{record.id}.pdf" in files(house)
    house.technicians.close()


async def test_what_was_printed_of_the_provider_is_kept(house: House) -> None:
    await house.agreements.add(engagement())
    await close(house)
    await house.documents.make_missing()
    (kept,) = await house.documents.of(LUC, 50)
    facts = house.settings.billing_provider()
    assert kept.provider == facts.hash
    assert f"provider-{facts.hash[:16]}.json" in files(house)


async def test_nobody_gets_another_technicians_document(house: House) -> None:
    await house.agreements.add(engagement())
    record = await close(house)
    with pytest.raises(NotAllowed):
        await house.documents.pdf(record.id, TechnicianId("eve"))
    with pytest.raises(NotAllowed):
        await house.documents.pdf("../relay.key", LUC)
    assert await house.documents.pdf(record.id, LUC)
    assert await house.documents.of(TechnicianId("eve"), 50) == []


async def test_the_draft_adds_up_and_its_credit_note_names_it(house: House) -> None:
    await house.agreements.add(engagement())
    first, second = await close(house, 1), await close(house, 2, 7200)
    assert wrong_with(await house.documents.draft(first.id)) == []
    credit = await house.documents.draft(second.id, is_credit=True)
    assert wrong_with(credit) == []
    assert f"BROUILLON-{first.id[:23]}".encode() in credit
    with pytest.raises(Refused, match="nothing to take back"):
        await house.documents.draft(first.id, is_credit=True)


async def test_the_days_sum_leaves_professionals_out(house: House) -> None:
    await house.agreements.add(
        agreed_with(
            house, kind="professional", siren="732829320", email="d@example.org"
        )
    )
    record = await close(house)
    facts = house.settings.billing_provider()
    zone = ZoneInfo(house.settings.zone)
    day = local(made_ms(record), zone).date()
    assert await house.documents.daily(day, facts.vat, zone) == []
    found = await house.agreements.find(AGREED)
    customer = addressee_of(record, found)
    assert (customer.is_professional, customer.siren) == (True, "732829320")
    assert addressee_of(record, None).is_professional is False
