"""One link: reading, writing, closing, and noticing that nobody is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cordee_server.relay.deadlines import Times
from cordee_server.relay.metrics import Metrics, Parting
from cordee_server.relay.peer import Beat, Peer, Who
from cordee_shared.errors import PeerGone
from cordee_shared.limits import HEARTBEAT_S, QUEUE_BYTES, STUCK_WRITER_S
from cordee_shared.session.states import Side
from cordee_shared.wire import control
from tests.clock import ManualClock
from tests.links import FakeLink

REFUSED = control.RefusedNow(code="test")


class Ear:
    """Hears frames, and may be slow to deal with one."""

    def __init__(self) -> None:
        self.heard: list[str | bytes] = []
        self.may_finish = asyncio.Event()
        self.may_finish.set()
        self.changed = asyncio.Event()

    async def __call__(self, peer: Peer, frame: str | bytes) -> None:
        self.heard.append(frame)
        self.changed.set()
        await self.may_finish.wait()

    async def wait_heard(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def peer(link: FakeLink, clock: ManualClock) -> Peer:
    return Peer(link, Who(Side.TECHNICIAN, "::1"), clock, Times(), Metrics())


@asynccontextmanager
async def running(peer: Peer, link: FakeLink) -> AsyncIterator[Ear]:
    ear = Ear()
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        group.create_task(peer.run(ear))
        await turn()
        yield ear
        link.arrive(None)


async def turn() -> None:
    """Let everything that is ready run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_frames_are_dealt_with_one_at_a_time(peer: Peer, link: FakeLink) -> None:
    async with running(peer, link) as ear:
        ear.may_finish.clear()
        for frame in ("one", b"two", "three"):
            link.arrive(frame)
        await ear.wait_heard(1)
        await turn()
        assert ear.heard == ["one"]
        assert link.unread == 2
        ear.may_finish.set()
        await ear.wait_heard(3)
    assert ear.heard == ["one", b"two", "three"]


async def test_messages_and_records_leave_in_order(peer: Peer, link: FakeLink) -> None:
    async with running(peer, link):
        peer.tell(REFUSED)
        await peer.carry(b"record")
        peer.tell(REFUSED)
        await link.wait_taken(3)
    text = control.encode(REFUSED)
    assert link.taken == [text, b"record", text]


async def test_a_full_queue_holds_the_other_sides_reader(
    peer: Peer, link: FakeLink, clock: ManualClock
) -> None:
    source = FakeLink()
    agent = Peer(source, Who(Side.CUSTOMER, "::1"), clock, Times(), Metrics())

    async def forward(_: Peer, frame: str | bytes) -> None:
        assert isinstance(frame, bytes)
        await peer.carry(frame)

    records = [bytes([n]) * (QUEUE_BYTES // 2) for n in range(40)]
    async with running(peer, link), asyncio.TaskGroup() as group:
        group.create_task(agent.run(forward))
        link.stall(1000)
        for record in records:
            source.arrive(record)
        await turn()
        assert peer.outbox.size <= QUEUE_BYTES
        assert source.unread >= 35, "the rest is left to the kernel, and to the agent"
        link.flow()
        await link.wait_taken(40)
        source.arrive(None)
    assert link.taken == records, "nothing was dropped, nothing overtook"


async def test_closing_says_everything_first(peer: Peer, link: FakeLink) -> None:
    async with running(peer, link):
        peer.tell(REFUSED)
        peer.close(Parting.DONE)
        peer.tell(REFUSED)  # too late: nothing
    assert link.taken == [control.encode(REFUSED)]
    assert link.closed is Parting.DONE
    with pytest.raises(PeerGone):
        await peer.carry(b"record")


async def test_a_cut_tells_nothing_more(peer: Peer, link: FakeLink) -> None:
    link.stall(0)
    async with running(peer, link):
        for _ in range(3):
            peer.tell(REFUSED)
        await turn()
        peer.cut(Parting.VIOLATION)
        link.flow()
    assert len(link.taken) == 1, "the one that was being written"
    assert link.closed is Parting.VIOLATION
    assert peer.metrics.partings[Parting.VIOLATION] == 1


async def test_what_arrives_after_closing_is_not_dealt_with(
    peer: Peer, link: FakeLink
) -> None:
    async with running(peer, link) as ear:
        peer.close(Parting.DONE)
        link.arrive("late")
    assert ear.heard == []


async def test_the_first_reason_for_closing_stays(peer: Peer, link: FakeLink) -> None:
    async with running(peer, link):
        peer.close(Parting.REPLACED)
        peer.close(Parting.DONE)
        peer.cut(Parting.VIOLATION)
    assert peer.parting is Parting.REPLACED


async def test_a_quiet_link_is_asked_for_a_sign_of_life(
    peer: Peer, link: FakeLink, clock: ManualClock
) -> None:
    async with running(peer, link):
        clock.advance(seconds=HEARTBEAT_S - 1)
        peer.check()
        await turn()
        assert link.pings == 0
        clock.advance(seconds=1)
        peer.check()
        await turn()
        assert link.pings == 1
        link.arrive(Beat.PONG)
        await turn()
        assert peer.alive_us == clock.moment().mono_us
        clock.advance(seconds=HEARTBEAT_S / 2)
        peer.check()
        assert peer.parting is None


async def test_s45_a_mute_link_is_lost_after_one_and_a_half_heartbeats(
    peer: Peer, link: FakeLink, clock: ManualClock
) -> None:
    async with running(peer, link):
        clock.advance(seconds=HEARTBEAT_S)
        peer.check()
        clock.advance(seconds=HEARTBEAT_S / 2 - 1)
        peer.check()
        assert link.aborted is None
        clock.advance(seconds=1)
        peer.check()
    assert link.aborted is Parting.MUTE


async def test_a_link_that_we_do_not_read_is_not_called_mute(
    peer: Peer, link: FakeLink, clock: ManualClock
) -> None:
    async with running(peer, link) as ear:
        ear.may_finish.clear()
        link.arrive("held up by the other side")
        await ear.wait_heard(1)
        for _ in range(10):
            clock.advance(seconds=HEARTBEAT_S)
            peer.check()
        assert link.aborted is None
        ear.may_finish.set()


async def test_a_link_that_drains_no_byte_is_lost(
    peer: Peer, link: FakeLink, clock: ManualClock
) -> None:
    async with running(peer, link):
        link.stall(5000)
        peer.tell(REFUSED)
        await turn()
        peer.check()
        for _ in range(3):
            clock.advance(seconds=STUCK_WRITER_S - 1)
            link.arrive(Beat.PONG)
            await turn()
            link.backlog -= 10
            peer.check()
            assert link.aborted is None, "slow is not stuck"
        clock.advance(seconds=STUCK_WRITER_S)
        link.arrive(Beat.PONG)
        await turn()
        peer.check()
    assert link.aborted is Parting.STUCK


async def test_a_link_that_cannot_even_be_closed_is_dropped(
    peer: Peer, link: FakeLink, clock: ManualClock
) -> None:
    link.stall(10)
    async with running(peer, link):
        peer.tell(REFUSED)
        await turn()
        peer.close(Parting.DONE)
        clock.advance(seconds=STUCK_WRITER_S)
        link.arrive(Beat.PONG)
        await turn()
        peer.check()
        clock.advance(seconds=STUCK_WRITER_S)
        peer.check()
    assert link.aborted is Parting.STUCK


async def test_too_many_messages_for_one_link_lose_it(
    peer: Peer, link: FakeLink
) -> None:
    link.stall(10)
    entry = control.EntryMade(entry="x" * 16_000)
    async with running(peer, link):
        for _ in range(300):
            peer.tell(entry)
    assert link.aborted is Parting.STUCK


async def test_a_link_that_breaks_while_writing_ends_the_reader_too(
    peer: Peer, link: FakeLink
) -> None:
    link.stall(10)
    async with running(peer, link):
        peer.tell(REFUSED)
        await turn()
        link.is_gone = True
        link.flow()
        await turn()
    assert link.aborted is Parting.MUTE


async def test_a_bug_in_hearing_is_not_swallowed(peer: Peer, link: FakeLink) -> None:
    async def fail(_: Peer, frame: str | bytes) -> None:
        raise ZeroDivisionError(frame)

    link.arrive("x")
    with pytest.raises(ExceptionGroup) as caught:
        await peer.run(fail)
    assert caught.group_contains(ZeroDivisionError)
