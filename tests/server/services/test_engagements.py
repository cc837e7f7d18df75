from dataclasses import replace

import msgspec
import pytest

from cordee_server.services.engagements import EngagementService
from cordee_server.tariffs import TariffRow
from cordee_shared.billing.policy import AS_WRITTEN_2021
from cordee_shared.errors import BadInput, NotAllowed
from cordee_shared.ids import TechnicianId
from tests.builders import LUC, OTHER, Dice
from tests.server.conftest import House

FIELDS = {"customer": "Mme Martin", "purpose": "Imprimante muette", "tariff": "remote"}


async def test_r01_three_fields_and_the_settings_make_an_engagement(
    house: House,
) -> None:
    made = await house.engagements.create(LUC, **FIELDS)
    offer = made.offer
    assert (offer.customer, offer.purpose, offer.tariff) == tuple(FIELDS.values())
    assert (offer.organisation, offer.phone) == ("Aide & Cie", "01 23 45 67 89")
    assert (offer.terms_version, offer.terms_hash) == ("2021-11-01", "0" * 64)
    assert (offer.price_cents, offer.unit_s, offer.minimum_units) == (2500, 1800, 1)
    assert (offer.policy_hash, offer.tariff_hash) == (
        made.policy.hash,
        made.tariff.hash,
    )
    assert offer.confirmed_ms == house.clock.now_ms()
    assert (made.confirmed_by, made.channel) == (LUC, "phone")
    assert await house.engagements.find(made.id) == made


async def test_r05_the_price_of_the_day_stays_when_prices_rise(house: House) -> None:
    made = await house.engagements.create(LUC, **FIELDS)
    dearer = msgspec.structs.replace(house.settings.tariffs[0], price_cents=9900)
    later = EngagementService(
        house.agreements,
        msgspec.structs.replace(house.settings, tariffs=(dearer,)),
        house.clock,
        Dice(),
    )
    assert (await later.offer_for(made.id, LUC)).price_cents == 2500
    assert [row.price_cents for row in later.tariffs()] == [9900]


async def test_the_offer_says_how_time_counts_under_the_policy(house: House) -> None:
    literal = EngagementService(
        house.agreements,
        msgspec.structs.replace(house.settings, policy=AS_WRITTEN_2021.id),
        house.clock,
        Dice(),
    )
    offer = (await literal.create(LUC, **FIELDS)).offer
    assert (offer.service_opens, offer.reclaimed) == ("control", "count")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 201, "a\nb", "a\x00", "a\u202eb", "a\u200b", "a\u2028b"]
)
async def test_a_field_that_says_nothing_or_hides_something_is_refused(
    house: House, field: str, text: str
) -> None:
    with pytest.raises(BadInput):
        await house.engagements.create(LUC, **(FIELDS | {field: text}))
    assert await house.engagements.of(LUC) == []


async def test_what_people_type_is_tidied_and_kept_as_they_spell_it(
    house: House,
) -> None:
    made = await house.engagements.create(
        LUC, **(FIELDS | {"customer": "  M. Đặng  Œuvrard "})
    )
    assert made.offer.customer == "M. Đặng  Œuvrard"


async def test_a_technician_works_on_their_own_engagements_only(house: House) -> None:
    made = await house.engagements.create(LUC, **FIELDS)
    assert await house.engagements.offer_for(made.id, LUC) == made.offer
    for engagement, technician in (
        (made.id, TechnicianId("ana")),
        (OTHER, LUC),
        ("", LUC),
        ("e-zz", LUC),
    ):
        with pytest.raises(NotAllowed):
            await house.engagements.offer_for(engagement, technician)


async def test_the_latest_come_first(house: House) -> None:
    made = [await house.engagements.create(LUC, **FIELDS) for _ in range(3)]
    assert await house.engagements.of(LUC) == made[::-1]
    assert len({one.id for one in made}) == 3


async def test_only_tariffs_in_force_are_offered(house: House) -> None:
    row: TariffRow = house.settings.tariffs[0]
    assert [tariff.hash for tariff in house.engagements.tariffs()] == [
        house.settings.tariff_book().rows[0].hash
    ]
    with pytest.raises(BadInput):
        await house.engagements.create(LUC, **(FIELDS | {"tariff": f"{row.id}-2"}))


async def test_an_engagement_is_never_changed_by_what_comes_later(house: House) -> None:
    made = await house.engagements.create(LUC, **FIELDS)
    changed = replace(made, channel="email")
    assert await house.engagements.find(made.id) != changed
