"""What of a technician's work is still to come, and what lacks its paper."""

from pathlib import Path

import msgspec
import pytest

from cordee_server.relay.hub import Hub
from cordee_server.services.desk import Desk, Slot, Today
from cordee_server.services.particulars import Details
from cordee_server.settings import Provider, Settings
from tests.builders import AGREED, LUC, Dice, ended, engagement
from tests.server.conftest import House
from tests.server.services.test_documents import close
from tests.shared.billing.test_provider import WHOLE
from tests.shared.journals import RELAY

HOUR_MS = 3_600_000


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A relay whose provider's facts are there."""
    file = tmp_path / "provider.toml"
    file.write_text(WHOLE, encoding="utf-8")
    provider = Provider(organisation="Micro-Alpes", phone="04")
    return msgspec.structs.replace(settings, provider=provider, provider_file=file)


async def seen(house: House) -> Today:
    """Look at the desk of Luc."""
    return await desk(house).today(LUC)


def desk(house: House) -> Desk:
    """Put a desk before the services."""
    return Desk(
        hub=Hub(house.clock, Dice("hub")),
        engagements=house.engagements,
        documents=house.documents,
        billing=house.billing,
        clock=house.clock,
        key=RELAY,
    )


async def test_an_hour_that_was_agreed_on_is_shown_until_it_is_over(
    house: House,
) -> None:
    await house.engagements.create(
        LUC, customer="Mme Durand", purpose="sauvegarde", tariff="remote"
    )
    assert (await seen(house)).slots == ()  # at once is no appointment
    from_ms = house.clock.now_ms() + HOUR_MS
    details = Details(slot_from_ms=from_ms, slot_until_ms=from_ms + HOUR_MS)
    made = await house.engagements.create(
        LUC, customer="M. Petit", purpose="courrier", tariff="remote", details=details
    )
    slot = Slot(made.id, "M. Petit", from_ms, from_ms + HOUR_MS)
    assert (await seen(house)).slots == (slot,)
    house.clock.advance(seconds=7201)
    assert (await seen(house)).slots == ()


async def test_R42_what_lacks_its_justificatif_is_shown_until_it_has_it(
    house: House,
) -> None:
    await house.agreements.add(engagement())
    assert (await seen(house)).lacking == ()
    record = await close(house)
    (lacks,) = (await seen(house)).lacking
    assert (lacks.engagement, lacks.record) == (AGREED, record.id)
    await house.documents.make_missing()
    assert (await seen(house)).lacking == ()


async def test_what_was_no_intervention_lacks_nothing(house: House) -> None:
    await house.agreements.add(engagement())
    await house.journal.append(ended(1).entries[:-1])
    assert await house.billing.close(ended(1).entries[-1:]) is not None
    assert (await seen(house)).lacking == ()
