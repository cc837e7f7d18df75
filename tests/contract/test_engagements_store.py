from dataclasses import replace

import pytest

from cordee_server.ports import EngagementStore
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import TechnicianId
from tests.builders import AGREED, LUC, OTHER, engagement
from tests.shared.billing.test_particulars import GIVEN


async def test_what_was_agreed_comes_back_whole(engagements: EngagementStore) -> None:
    agreed = engagement(customer="Mme Zoë « Œ » 漢字")
    await engagements.add(agreed)
    found = await engagements.find(AGREED)
    assert found == agreed
    assert found is not None
    assert (found.policy.hash, found.tariff.hash) == (
        agreed.offer.policy_hash,
        agreed.offer.tariff_hash,
    )


async def test_R01_the_rest_of_what_was_agreed_comes_back_whole(
    engagements: EngagementStore,
) -> None:
    agreed = replace(engagement(), particulars=GIVEN)
    await engagements.add(agreed)
    assert await engagements.find(AGREED) == agreed


async def test_an_engagement_is_never_changed(engagements: EngagementStore) -> None:
    await engagements.add(engagement())
    with pytest.raises(LocalViolation):
        await engagements.add(engagement(customer="M. Autre"))
    assert await engagements.find(AGREED) == engagement()


async def test_an_unknown_engagement_is_none(engagements: EngagementStore) -> None:
    assert await engagements.find(AGREED) is None


async def test_a_technician_sees_their_own_the_latest_first(
    engagements: EngagementStore,
) -> None:
    mine = [engagement(), engagement(OTHER)]
    for agreed in mine:
        await engagements.add(agreed)
    theirs = engagement(type(AGREED)("e-" + "1" * 16), by=TechnicianId("ana"))
    await engagements.add(theirs)
    assert await engagements.of(LUC, 50) == mine[::-1]
    assert await engagements.of(LUC, 1) == mine[1:]
    assert await engagements.of(TechnicianId("bob"), 50) == []
