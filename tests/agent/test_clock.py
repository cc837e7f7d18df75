"""The agent's own clock and dice."""

from cordee_agent.clock import SystemClock, draw_below, entropy


def test_time_does_not_go_back() -> None:
    clock = SystemClock()
    readings = [clock.monotonic() for _ in range(1000)]
    assert readings == sorted(readings)
    assert clock.wall() > 1_700_000_000


def test_dice_give_what_was_asked_for() -> None:
    assert len({entropy(16) for _ in range(100)}) == 100
    assert {draw_below(3) for _ in range(200)} == {0, 1, 2}
