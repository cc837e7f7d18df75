"""What the services of one node share."""

from dataclasses import replace

import pytest

from cordee_server.relay.deadlines import Deadline
from cordee_server.relay.metrics import DropReason
from cordee_shared.errors import NotAllowed
from tests.builders import engagement
from tests.stage import TERMS, Stage


async def test_a_deadline_is_counted_from_now(stage: Stage) -> None:
    agent, _ = await stage.paired()
    room, node = stage.room(agent), stage.node
    stage.clock.advance(seconds=3)
    node.expect(room, Deadline.RESUME, 1.5)
    assert node.now_us() == 3_000_000
    assert node.hub.deadlines.at(room.id, Deadline.RESUME) == 4_500_000


async def test_what_came_too_late_is_counted(stage: Stage) -> None:
    agent, _ = await stage.paired()
    stage.node.drop(stage.ends[agent], "act")
    assert stage.node.metrics.drops[DropReason.STALE] == 1


async def test_R09_nobody_joins_under_terms_whose_text_is_not_kept(
    stage: Stage,
) -> None:
    node, offer = stage.node, engagement().offer
    assert await node.terms_of(offer) == TERMS
    with pytest.raises(NotAllowed, match="make a new engagement"):
        await node.terms_of(replace(offer, terms_hash="f" * 64))
