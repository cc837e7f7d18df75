"""One session's room: journal first, then tell; records by their header."""

from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.relay.deadlines import Times
from cordee_server.relay.exchange import RESUME, Exchange
from cordee_server.relay.metrics import DropReason, Metrics, Parting
from cordee_server.relay.peer import Peer, Who
from cordee_server.relay.room import Code, Room
from cordee_shared.errors import (
    LocalViolation,
    MalformedFrame,
    Unavailable,
    UnexpectedMessage,
)
from cordee_shared.ids import Nameplate, session_id
from cordee_shared.journal.entry import Entry, verify_fact
from cordee_shared.session.states import (
    SEALED,
    SHARED,
    VISIBLE,
    Event,
    Remark,
    Side,
    State,
)
from cordee_shared.wire import control
from cordee_shared.wire.frames import TOGETHER, Channel
from tests.clock import ManualClock
from tests.links import FakeLink

KEY = Ed25519PrivateKey.generate()


class Keeper:
    """Keeps entries, and looks at what was known when they arrived."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.room: Room | None = None
        self.is_broken = False
        self.known: list[tuple[State, int]] = []

    async def append(self, entries: Sequence[Entry]) -> None:
        assert self.room is not None
        if self.is_broken:
            raise Unavailable("planted")
        told = sum(len(peer.outbox) for peer in self.room.peers())
        self.known.append((self.room.state, told))
        self.entries.extend(entries)


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def room(clock: ManualClock, keeper: Keeper) -> Room:
    made = Room(
        session_id(bytes(16)),
        Code(Nameplate("482"), "a", Side.CUSTOMER, 0),
        1,
        key=KEY,
        keeper=keeper,
        clock=clock,
        metrics=Metrics(),
    )
    keeper.room = made
    for side in (Side.CUSTOMER, Side.TECHNICIAN):
        peer = Peer(FakeLink(), Who(side, "::1"), clock, Times(), Metrics())
        made.sit(peer).is_told = True
    return made


def peer_of(room: Room, side: Side) -> Peer:
    peer = room.seats[side].peer
    assert peer is not None
    return peer


def frame(channel: Channel) -> bytes:
    return bytes((1, 0, channel)) + bytes(20)


async def told(room: Room, side: Side) -> list[int]:
    """Return the numbers of the entries that wait for a side."""
    numbers, outbox = [], peer_of(room, side).outbox
    while len(outbox):
        text = await outbox.get()
        assert isinstance(text, str)
        said = control.decode(text, control.to_agent)
        assert isinstance(said, control.EntryMade)
        numbers.append(int(said.entry.split('"n":')[1].split(",")[0]))
    return numbers


async def test_an_entry_is_durable_before_the_session_moves_or_anybody_is_told(
    room: Room, keeper: Keeper
) -> None:
    entry = await room.note(Event.CODE_CLAIMED, {})
    assert keeper.known == [(State.WAITING, 0)]
    assert (room.state, entry.state) == (State.PAIRING, State.PAIRING)
    assert await told(room, Side.CUSTOMER) == [0]
    assert await told(room, Side.TECHNICIAN) == [0]
    verify_fact(entry, KEY.public_key().public_bytes_raw())


async def test_what_cannot_be_written_has_not_happened(
    room: Room, keeper: Keeper
) -> None:
    keeper.is_broken = True
    with pytest.raises(Unavailable):
        await room.note(Event.CODE_CLAIMED, {})
    assert room.state is State.WAITING
    assert room.entries == []
    assert await told(room, Side.CUSTOMER) == []


async def test_entries_are_numbered_and_timed_in_order(
    room: Room, clock: ManualClock
) -> None:
    await room.note(Event.CODE_CLAIMED, {})
    clock.advance(seconds=1)
    await room.note(Event.KEYS_CONFIRMED, {})
    assert [(e.n, e.moment.mono_us) for e in room.entries] == [(0, 0), (1, 1_000_000)]


async def test_a_fact_without_a_place_in_the_table_is_our_own_bug(
    room: Room, keeper: Keeper
) -> None:
    with pytest.raises(LocalViolation):
        await room.note(Event.LINK_RESTORED, {})
    assert keeper.entries == []


async def test_a_side_that_joins_is_told_what_it_missed(room: Room) -> None:
    seat = room.seats[Side.TECHNICIAN]
    seat.is_told = False
    await room.note(Event.CODE_CLAIMED, {})
    await room.note(Event.KEYS_CONFIRMED, {})
    seat.is_told, seat.next_told = True, 1
    room.tell_entries()
    assert await told(room, Side.TECHNICIAN) == [1]
    assert await told(room, Side.CUSTOMER) == [0, 1]


def test_a_message_is_told_to_whoever_has_joined(room: Room) -> None:
    room.seats[Side.TECHNICIAN].is_told = False
    room.tell(control.RunFailed(left=1))
    assert len(peer_of(room, Side.CUSTOMER).outbox) == 1
    assert len(peer_of(room, Side.TECHNICIAN).outbox) == 0


def test_proof_of_life_outlives_the_link(room: Room, clock: ManualClock) -> None:
    customer = peer_of(room, Side.CUSTOMER)
    clock.advance(seconds=2)
    customer.alive_us = customer.now_us()
    room.rise(customer)
    clock.advance(seconds=2)
    assert room.proof_of_life() == {"customer_us": 2_000_000, "technician_us": 0}
    assert customer.room is None
    assert not room.holds(customer)


def test_a_side_that_never_was_here_gives_no_proof(room: Room) -> None:
    room.seats[Side.TECHNICIAN].peer = None
    assert room.proof_of_life() == {"customer_us": 0}


async def test_s19_every_record_in_every_state_by_every_side(
    room: Room, clock: ManualClock
) -> None:
    """Walk all of them; what passes is exactly what may."""
    passed = set()
    room.is_sealed = True
    for state in State:
        for was_driven in (False, True):
            for side in (Side.CUSTOMER, Side.TECHNICIAN):
                for channel in Channel:
                    room.session.state, room.was_driven = state, was_driven
                    try:
                        await room.forward(peer_of(room, side), frame(channel))
                    except UnexpectedMessage:
                        continue
                    passed.add((state, was_driven, side, channel))
                    for peer in room.peers():
                        await peer.outbox.get() if len(peer.outbox) else None
    expected = set()
    for state in SEALED:
        for was_driven in (False, True):
            for side in (Side.CUSTOMER, Side.TECHNICIAN):
                for channel in Channel:
                    if channel is Channel.SCREEN:
                        good = side is Side.CUSTOMER and state in VISIBLE
                    elif channel is Channel.INPUT:
                        good = side is Side.TECHNICIAN and was_driven
                    elif channel in TOGETHER:
                        good = state in SHARED
                    else:
                        good = True
                    if good:
                        expected.add((state, was_driven, side, channel))
    assert passed == expected


async def test_a_record_goes_to_the_other_end_as_it_came(room: Room) -> None:
    room.is_sealed, room.session.state = True, State.VIEWING
    sent = frame(Channel.SCREEN)
    await room.forward(peer_of(room, Side.CUSTOMER), sent)
    assert await peer_of(room, Side.TECHNICIAN).outbox.get() == sent
    assert len(peer_of(room, Side.CUSTOMER).outbox) == 0


@pytest.mark.parametrize(
    ("state", "is_resuming", "reason"),
    [
        (State.INTERRUPTED, False, DropReason.PEER_AWAY),
        (State.INTERRUPTED, True, DropReason.RESUMING),
        (State.PAUSED, True, DropReason.RESUMING),
        (State.CONSENTING, False, DropReason.PEER_AWAY),
        (State.ENDED, False, DropReason.STALE),
    ],
)
async def test_records_under_dead_keys_are_dropped(
    room: Room, state: State, is_resuming: bool, reason: DropReason
) -> None:
    room.session.state = state
    room.exchange = Exchange(RESUME) if is_resuming else None
    await room.forward(peer_of(room, Side.CUSTOMER), frame(Channel.SCREEN))
    assert room._metrics.drops == {reason: 1}
    assert len(peer_of(room, Side.TECHNICIAN).outbox) == 0


@pytest.mark.parametrize("state", [State.WAITING, State.PAIRING])
async def test_a_record_before_the_keys_is_a_violation(
    room: Room, state: State
) -> None:
    room.session.state = state
    with pytest.raises(UnexpectedMessage):
        await room.forward(peer_of(room, Side.CUSTOMER), frame(Channel.CONTROL))


@pytest.mark.parametrize(
    "bytes_", [b"", b"\x02\x00\x00" + bytes(20), b"\x01\x00\x09" + bytes(20)]
)
async def test_what_is_no_record_is_a_violation(room: Room, bytes_: bytes) -> None:
    room.is_sealed, room.session.state = True, State.VIEWING
    with pytest.raises(MalformedFrame):
        await room.forward(peer_of(room, Side.CUSTOMER), bytes_)


async def test_a_record_for_a_link_that_is_closing_is_dropped(room: Room) -> None:
    room.is_sealed, room.session.state = True, State.VIEWING
    peer_of(room, Side.TECHNICIAN).close(Parting.DONE)
    await room.forward(peer_of(room, Side.CUSTOMER), frame(Channel.SCREEN))
    assert room._metrics.drops == {DropReason.PEER_AWAY: 1}


async def test_input_is_something_that_a_person_does_and_pictures_are_not(
    room: Room, clock: ManualClock
) -> None:
    room.is_sealed, room.session.state, room.was_driven = True, State.CONTROLLING, True
    for side, channel in (
        (Side.CUSTOMER, Channel.SCREEN),
        (Side.TECHNICIAN, Channel.INPUT),
        (Side.CUSTOMER, Channel.CONTROL),
    ):
        clock.advance(seconds=1)
        peer = peer_of(room, side)
        peer.alive_us = peer.now_us()
        await room.forward(peer, frame(channel))
    assert room.active_us == 2_000_000


@pytest.mark.parametrize("channel", [Channel.CLIPBOARD, Channel.FILE, Channel.CHAT])
async def test_who_writes_or_hands_something_over_is_not_idle(
    room: Room, clock: ManualClock, channel: Channel
) -> None:
    room.is_sealed, room.session.state = True, State.PAUSED
    clock.advance(seconds=7)
    peer = peer_of(room, Side.CUSTOMER)
    peer.alive_us = peer.now_us()
    await room.forward(peer, frame(channel))
    assert room.active_us == 7_000_000


@pytest.mark.parametrize("state", [State.PAIRING, State.CONSENTING, State.INTERRUPTED])
@pytest.mark.parametrize("channel", [Channel.CLIPBOARD, Channel.FILE, Channel.CHAT])
@pytest.mark.parametrize("side", [Side.CUSTOMER, Side.TECHNICIAN])
async def test_s40_nothing_is_shared_before_the_first_yes(
    room: Room, state: State, channel: Channel, side: Side
) -> None:
    room.is_sealed, room.session.state = True, state
    with pytest.raises(UnexpectedMessage):
        await room.forward(peer_of(room, side), frame(channel))
    assert all(len(peer.outbox) == 0 for peer in room.peers())


def test_a_message_that_was_due_is_stale_once_after_giving_up(room: Room) -> None:
    room.exchange = Exchange(RESUME)
    room.give_up_exchange()
    r1 = control.R1(y="", n="")
    assert not room.is_stale(r1, Side.CUSTOMER)
    assert room.is_stale(r1, Side.TECHNICIAN)
    assert not room.is_stale(r1, Side.TECHNICIAN)


def test_nothing_is_stale_of_who_gave_up_or_came_on_a_new_link(
    room: Room, clock: ManualClock
) -> None:
    r1 = control.R1(y="", n="")
    room.exchange = Exchange(RESUME)
    room.give_up_exchange(Side.TECHNICIAN)
    assert not room.is_stale(r1, Side.TECHNICIAN)
    room.exchange = Exchange(RESUME)
    room.give_up_exchange()
    room.sit(Peer(FakeLink(), Who(Side.TECHNICIAN, ""), clock, Times(), Metrics()))
    assert not room.is_stale(r1, Side.TECHNICIAN)


async def test_what_was_journaled_is_counted(room: Room) -> None:
    await room.note(Remark.CODE_ISSUED, {})
    assert room._metrics.entries == {"code_issued": 1}
