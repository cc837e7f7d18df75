import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_agent.desktops.base import LocalEvent, Origin, Seen
from cordee_agent.guard.reclaim import Cause, Detector


def motion(at_ms: int, distance: float, origin: Origin = Origin.CUSTOMER) -> LocalEvent:
    return LocalEvent(Seen.MOTION, origin, distance, at_ms, 0)


def event(what: Seen, origin: Origin = Origin.CUSTOMER) -> LocalEvent:
    return LocalEvent(what, origin, 0, 1000, 1)


def first_cause(detector: Detector, steps: list[tuple[int, float]]) -> int | None:
    """Return the time of the step that took control back, if one did."""
    for at, distance in steps:
        if detector.see(motion(at, distance)) is not None:
            return at
    return None


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        (Seen.BUTTON_DOWN, Cause.BUTTON),
        (Seen.WHEEL, Cause.WHEEL),
        (Seen.KEY_DOWN, Cause.KEY),
    ],
)
def test_a_button_a_wheel_step_and_a_key_count_at_once(
    what: Seen, cause: Cause
) -> None:
    assert Detector(4).see(event(what)) is cause


@pytest.mark.parametrize("what", [Seen.BUTTON_UP, Seen.KEY_UP])
def test_a_release_says_nothing_new(what: Seen) -> None:
    assert Detector(0).see(event(what)) is None


@pytest.mark.parametrize("what", list(Seen))
def test_what_we_injected_never_counts(what: Seen) -> None:
    ours = LocalEvent(what, Origin.OURS, 500, 1000, 1)
    assert Detector(0).see(ours) is None


def test_a_desk_that_jitters_does_not_take_control() -> None:
    jitter = [(1500 * n, 1.0) for n in range(200)]
    assert first_cause(Detector(4), jitter) is None


def test_a_slow_hand_takes_control_after_four_pixels() -> None:
    ten_pixels_a_second = [(100 * n, 1.0) for n in range(1, 50)]
    assert first_cause(Detector(4), ten_pixels_a_second) == 400


def test_a_trembling_hand_takes_control_though_it_gets_nowhere() -> None:
    tremor = [(100 * n, 2.0) for n in range(1, 50)]
    assert first_cause(Detector(4), tremor) == 200


def test_a_flick_takes_control_with_its_first_event() -> None:
    assert first_cause(Detector(4), [(7, 40.0)]) == 7


def test_path_older_than_the_window_is_forgotten() -> None:
    detector = Detector(4)
    assert first_cause(detector, [(0, 3.0), (2000, 3.0), (4000, 3.0)]) is None
    assert first_cause(detector, [(5999, 1.0)]) == 5999


def test_the_strict_setting_takes_the_smallest_movement() -> None:
    assert Detector(0).see(motion(1, 0.01)) is Cause.POINTER


def test_a_report_of_the_same_place_is_no_movement() -> None:
    assert Detector(0).see(motion(1, 0.0)) is None


def test_a_new_grant_begins_without_a_past() -> None:
    detector = Detector(4)
    detector.see(motion(1, 3.9))
    detector.reset()
    assert detector.see(motion(2, 3.9)) is None


def test_the_server_clock_may_begin_anew() -> None:
    detector = Detector(4)
    detector.see(motion(2**32 - 10, 3.0))
    assert detector.see(motion(5, 1.0)) is Cause.POINTER
    detector = Detector(4)
    detector.see(motion(2**32 - 3000, 3.0))
    assert detector.see(motion(5, 1.0)) is None


@given(
    st.lists(st.tuples(st.integers(0, 500), st.floats(0, 6)), min_size=1, max_size=60)
)
def test_control_is_taken_exactly_when_the_window_holds_enough_path(
    steps: list[tuple[int, float]],
) -> None:
    detector, now, past = Detector(4), 0, []
    for wait, distance in steps:
        now += wait
        seen = detector.see(motion(now, distance))
        if distance > 0:
            past.append((now, distance))
        path = sum(d for at, d in past if now - at < 2000)
        assert (seen is Cause.POINTER) == (distance > 0 and path >= 4)
