"""What the services of one node share."""

from cordee_server.relay.deadlines import Deadline
from cordee_server.relay.metrics import DropReason
from tests.stage import Stage


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
