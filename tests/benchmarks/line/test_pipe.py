"""The line is as slow as it says, and its queue as long."""

import pytest

from benchmarks.line.pipe import HEADERS, PROFILES, SEGMENT, Pipe, Way

FULL = SEGMENT + HEADERS


def filled(pipe: Pipe, packets: int, at: float = 0.0) -> list[float]:
    return [pipe.put(at, SEGMENT) for _ in range(packets)]


@pytest.mark.parametrize("name", PROFILES)
def test_twice_the_packets_take_twice_as_long_beyond_the_delay(name: str) -> None:
    way = PROFILES[name].up
    few, many = filled(Pipe(way), 10)[-1], filled(Pipe(way), 20)[-1]
    assert (many - way.delay) / (few - way.delay) == pytest.approx(2)
    assert few - way.delay == pytest.approx(10 * FULL * 8 / way.rate)


def test_a_packet_alone_takes_the_delay_and_its_own_bits() -> None:
    pipe = Pipe(Way(1e6, 0.025, 64 * 1024))
    assert pipe.put(5.0, 100) == pytest.approx(5.0 + (100 + HEADERS) * 8 / 1e6 + 0.025)


def test_a_line_at_rest_is_free_again() -> None:
    pipe = Pipe(Way(1e6, 0.025, 64 * 1024))
    first = filled(pipe, 8)[0]
    assert pipe.put(10.0, SEGMENT) - 10.0 == pytest.approx(first)


def test_the_queue_is_as_long_as_it_says_and_then_there_is_no_room() -> None:
    way = Way(1e6, 0.025, 64 * 1024)
    pipe = Pipe(way)
    count = way.queue // FULL
    for _ in range(count):
        assert pipe.room_at(0.0) == 0.0
        pipe.put(0.0, SEGMENT)
    assert pipe.queued(0.0) == count * FULL
    room_at = pipe.room_at(0.0)
    # Room for one more comes when the first has left, and not before.
    assert room_at == pytest.approx(FULL * 8 / way.rate)
    assert pipe.room_at(room_at) == room_at
    assert pipe.queued(room_at) == (count - 1) * FULL


def test_the_deepest_queue_delays_a_key_by_half_a_second_on_adsl() -> None:
    adsl = PROFILES["adsl"].up
    assert adsl.queue * 8 / adsl.rate == pytest.approx(0.524, rel=0.01)


def test_what_is_carried_is_counted_with_and_without_headers() -> None:
    pipe = Pipe(Way(1e6, 0.0, 64 * 1024))
    filled(pipe, 3)
    assert (pipe.carried, pipe.wired) == (3 * SEGMENT, 3 * FULL)


def test_every_profile_says_what_it_is() -> None:
    assert str(PROFILES["adsl"]) == (
        "adsl: 1 Mbit/s up, 8 down, 25 ms each way, queue 64 KiB"
    )
