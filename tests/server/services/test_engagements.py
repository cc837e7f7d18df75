import datetime as dt
from collections.abc import Coroutine
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cordee_server.ports import Engagement
from cordee_server.services.engagements import EngagementService
from cordee_server.services.particulars import USUALLY, Details
from cordee_server.settings import Usual
from cordee_server.tariffs import TariffRow
from cordee_shared.billing.contract import CONTRACTS
from cordee_shared.billing.policy import AS_WRITTEN_2021
from cordee_shared.errors import BadInput, NotAllowed
from cordee_shared.ids import TechnicianId
from tests.builders import LUC, OTHER, Dice
from tests.server.conftest import House

DAY_MS = 86_400_000
FIELDS = {"customer": "Mme Martin", "purpose": "Imprimante muette", "tariff": "remote"}


def make(
    service: EngagementService, fields: dict[str, str], details: Details = USUALLY
) -> Coroutine[None, None, Engagement]:
    """Make an engagement out of the three fields."""
    return service.create(
        LUC,
        customer=fields["customer"],
        purpose=fields["purpose"],
        tariff=fields["tariff"],
        details=details,
    )


async def test_r01_three_fields_and_the_settings_make_an_engagement(
    house: House,
) -> None:
    made = await make(house.engagements, FIELDS)
    offer = made.offer
    assert (offer.customer, offer.purpose, offer.tariff) == tuple(FIELDS.values())
    assert (offer.organisation, offer.phone) == ("Aide & Cie", "01 23 45 67 89")
    terms = house.settings.terms
    assert (offer.terms_version, offer.terms_hash) == ("2021-11-01", terms.hash)
    assert (offer.price_cents, offer.unit_s, offer.minimum_units) == (2500, 1800, 1)
    assert (offer.policy_hash, offer.tariff_hash) == (
        made.policy.hash,
        made.tariff.hash,
    )
    assert offer.confirmed_ms == house.clock.now_ms()
    assert (made.confirmed_by, made.channel) == (LUC, "phone")
    assert await house.engagements.find(made.id) == made


async def test_r05_the_price_of_the_day_stays_when_prices_rise(house: House) -> None:
    made = await make(house.engagements, FIELDS)
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
    offer = (await make(literal, FIELDS)).offer
    assert (offer.service_opens, offer.reclaimed) == ("control", "count")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 201, "a\nb", "a\x00", "a\u202eb", "a\u200b", "a\u2028b"]
)
async def test_a_field_that_says_nothing_or_hides_something_is_refused(
    house: House, field: str, text: str
) -> None:
    with pytest.raises(BadInput):
        await make(house.engagements, (FIELDS | {field: text}))
    assert await house.engagements.of(LUC) == []


async def test_what_people_type_is_tidied_and_kept_as_they_spell_it(
    house: House,
) -> None:
    made = await make(house.engagements, (FIELDS | {"customer": "  M. Đặng  Œuvrard "}))
    assert made.offer.customer == "M. Đặng  Œuvrard"


async def test_a_technician_works_on_their_own_engagements_only(house: House) -> None:
    made = await make(house.engagements, FIELDS)
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
    made = [await make(house.engagements, FIELDS) for _ in range(3)]
    assert await house.engagements.of(LUC) == made[::-1]
    assert len({one.id for one in made}) == 3


async def test_only_tariffs_in_force_are_offered(house: House) -> None:
    row: TariffRow = house.settings.tariffs[0]
    assert [tariff.hash for tariff in house.engagements.tariffs()] == [
        house.settings.tariff_book().rows[0].hash
    ]
    with pytest.raises(BadInput):
        await make(house.engagements, (FIELDS | {"tariff": f"{row.id}-2"}))


async def test_an_engagement_is_never_changed_by_what_comes_later(house: House) -> None:
    made = await make(house.engagements, FIELDS)
    changed = replace(made, channel="email")
    assert await house.engagements.find(made.id) != changed


# --- what customers are asked


def asking(house: House, backup_cents: int = 0) -> EngagementService:
    """Return the service of a house whose customers are consumers."""
    settings = msgspec.structs.replace(
        house.settings, usual=Usual(backup_cents=backup_cents)
    )
    return EngagementService(house.agreements, settings, house.clock, Dice("asking"))


async def test_R13_a_consumer_is_asked_within_the_time_to_withdraw(
    house: House,
) -> None:
    made = await make(asking(house, backup_cents=2000), FIELDS)
    assert made.offer.asks == ("adult", "backup", "early", "waiver")
    assert made.offer.withdraw_by == "2025-03-28"
    assert made.offer.backup_cents == 2000
    assert made.particulars is not None
    assert made.offer.particulars_hash == made.particulars.hash
    assert made.offer.contract_hash == CONTRACTS["law-corrected-2026"].hash


async def test_R13_no_code_in_the_time_to_withdraw_for_who_was_not_asked(
    house: House,
) -> None:
    service = asking(house)
    later = house.clock.now_ms() + 20 * DAY_MS
    made = await make(
        service, FIELDS, details=Details(slot_from_ms=later, vouched="mère présente")
    )
    assert made.offer.asks == ("backup",)
    with pytest.raises(NotAllowed, match="may withdraw until 2025-03-28"):
        await service.offer_for(made.id, LUC)
    house.clock.advance(ms=15 * DAY_MS)
    assert await service.offer_for(made.id, LUC) == made.offer


async def test_R08_who_is_vouched_for_is_not_asked_and_the_reason_is_kept(
    house: House,
) -> None:
    details = Details(vouched="autorisation du père, au téléphone")
    made = await make(asking(house), FIELDS, details=details)
    assert "adult" not in made.offer.asks
    assert made.particulars is not None
    assert made.particulars.vouched == "autorisation du père, au téléphone"


async def test_R31_what_was_answered_on_the_phone_is_not_asked(house: House) -> None:
    details = Details(backup="nothing")
    made = await make(asking(house), FIELDS, details=details)
    assert "backup" not in made.offer.asks


async def test_R13_a_professional_is_asked_nothing_of_a_consumers(house: House) -> None:
    details = Details(kind="professional", siren="828971028")
    made = await make(asking(house), FIELDS, details=details)
    assert made.offer.asks == ("backup",)
    assert made.offer.withdraw_by == ""


async def test_R13_the_terms_of_2021_ask_nothing(house: House) -> None:
    settings = msgspec.structs.replace(
        house.settings, usual=Usual(), policy=AS_WRITTEN_2021.id
    )
    service = EngagementService(house.agreements, settings, house.clock, Dice())
    made = await make(service, FIELDS)
    assert (made.offer.asks, made.offer.withdraw_by) == ((), "")


async def test_R05_the_price_is_that_of_the_day_of_the_offer(house: House) -> None:
    now = house.clock.now_ms()
    today = dt.datetime.fromtimestamp(now / 1000, tz=ZoneInfo("Europe/Paris")).date()
    former = msgspec.structs.replace(house.settings.tariffs[0], valid_to=today)
    dearer = msgspec.structs.replace(former, valid_from=today, valid_to=None)
    dearer = msgspec.structs.replace(dearer, price_cents=9900)
    settings = msgspec.structs.replace(house.settings, tariffs=(former, dearer))
    service = EngagementService(house.agreements, settings, house.clock, Dice())
    offered = now - 2 * DAY_MS
    details = Details(requested_ms=offered, offered_ms=offered)
    assert (await make(service, FIELDS)).offer.price_cents == 9900
    before = await make(service, FIELDS, details=details)
    assert before.offer.price_cents == 2500


@pytest.mark.parametrize("field", FIELDS)
async def test_R01_each_of_the_three_fields_has_its_own_error(
    house: House, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await make(house.engagements, (FIELDS | {field: ""}))
    assert refused.value.field == field


async def test_R01_particulars_come_back_from_the_store_as_they_were(
    house: House,
) -> None:
    details = Details(email="martin@example.fr", post=("12 rue", "73210 LANDRY"))
    made = await make(house.engagements, FIELDS, details=details)
    found = await house.engagements.find(made.id)
    assert found is not None
    assert found.particulars == made.particulars
