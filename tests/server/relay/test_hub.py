"""Nameplates, rooms and links of one node."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.adapters.memory import MemoryJournal
from cordee_server.relay.deadlines import Deadline, Times
from cordee_server.relay.hub import Hub
from cordee_server.relay.metrics import Metrics
from cordee_server.relay.peer import Peer, Who
from cordee_server.relay.room import Code, Room
from cordee_shared.errors import Unavailable
from cordee_shared.ids import Nameplate, session_id
from cordee_shared.session.states import Side
from tests.builders import Dice
from tests.clock import ManualClock
from tests.links import FakeLink


@pytest.fixture
def hub(clock: ManualClock) -> Hub:
    return Hub(clock, Dice(), rest_s=1800)


def room(clock: ManualClock, number: int, nameplate: str) -> Room:
    return Room(
        session_id(number.to_bytes(16, "big")),
        Code(Nameplate(nameplate), "a", Side.CUSTOMER, 0),
        1,
        key=Ed25519PrivateKey.generate(),
        keeper=MemoryJournal(),
        clock=clock,
        metrics=Metrics(),
    )


def fill(hub: Hub, clock: ManualClock, count: int) -> list[Room]:
    opened = []
    for number in range(count):
        opened.append(room(clock, number, hub.draw_nameplate()))
        hub.open(opened[-1])
    return opened


def test_a_nameplate_is_three_digits_and_nobody_elses(
    hub: Hub, clock: ManualClock
) -> None:
    opened = fill(hub, clock, 200)
    plates = {one.code.nameplate for one in opened}
    assert len(plates) == 200
    assert all(len(plate) == 3 and plate.isdigit() for plate in plates)
    assert [hub.by_nameplate(one.code.nameplate) for one in opened] == opened


def test_nameplates_are_not_drawn_one_after_the_other(
    hub: Hub, clock: ManualClock
) -> None:
    drawn = [one.code.nameplate for one in fill(hub, clock, 20)]
    assert drawn != sorted(drawn)


def test_above_forty_percent_no_code_is_given_until_one_ends(
    hub: Hub, clock: ManualClock
) -> None:
    opened = fill(hub, clock, 400)
    with pytest.raises(Unavailable):
        hub.draw_nameplate()
    hub.close(opened[0])
    assert hub.draw_nameplate() != opened[0].code.nameplate


def test_s12_a_nameplate_rests_before_it_is_given_again(
    hub: Hub, clock: ManualClock
) -> None:
    last = room(clock, 1, "482")
    hub.open(last)
    hub.retire_code(last)
    assert hub.by_nameplate(Nameplate("482")) is None
    clock.advance(seconds=1799)
    hub.draw_nameplate()
    assert "482" in resting(hub)
    clock.advance(seconds=1)
    hub.draw_nameplate()
    assert resting(hub) == set()


def resting(hub: Hub) -> set[str]:
    return {str(nameplate) for _, nameplate in hub._resting}


def test_when_every_nameplate_rests_none_is_given(hub: Hub, clock: ManualClock) -> None:
    for _ in range(1000):
        (one,) = fill(hub, clock, 1)
        hub.retire_code(one)
    with pytest.raises(Unavailable):
        hub.draw_nameplate()
    clock.advance(seconds=1800)
    assert hub.draw_nameplate()


def test_retiring_one_code_leaves_anothers_alone(hub: Hub, clock: ManualClock) -> None:
    one, other = room(clock, 1, "111"), room(clock, 2, "111")
    hub.open(one)
    hub.retire_code(other)
    assert hub.by_nameplate(Nameplate("111")) is one


def test_a_closed_room_is_found_only_while_it_is_remembered(
    hub: Hub, clock: ManualClock
) -> None:
    one = room(clock, 1, "111")
    hub.open(one)
    assert hub.find(one.id) is one
    hub.deadlines.set(one.id, Deadline.IDLE, 5)
    hub.close(one)
    assert one.is_over
    assert hub.find(one.id) is None
    assert hub.deadlines.due(5) == []
    hub.remember(one, 9)
    assert hub.find(one.id) is one
    assert hub.deadlines.due(9) == [(one.id, Deadline.FORGET)]


async def test_it_tells_when_the_last_link_has_left(
    hub: Hub, clock: ManualClock
) -> None:
    await hub.wait_deserted()
    peers = [
        Peer(FakeLink(), Who(Side.CUSTOMER, "::1"), clock, Times(), Metrics())
        for _ in range(2)
    ]
    for peer in peers:
        hub.arrive(peer)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(hub.wait_deserted())
        await asyncio.sleep(0)
        hub.leave(peers[0])
        await asyncio.sleep(0)
        assert not waiting.done()
        hub.leave(peers[1])


def test_the_gauges_count_what_stands(hub: Hub, clock: ManualClock) -> None:
    fill(hub, clock, 3)
    gauges = hub.gauges()
    assert gauges["sessions"] == gauges["codes_waiting"] == 3
    assert gauges["sessions_waiting"] == 3
    assert gauges["sessions_viewing"] == 0
    assert "sessions_ended" not in gauges
