"""What every desktop promises is in the contract; here is what only the fake does."""

from cordee_agent.desktops.base import LocalEvent, Monitor, Origin, Seen
from cordee_agent.desktops.fake import FakeDesktop


def seen_by(desktop: FakeDesktop) -> list[LocalEvent]:
    events: list[LocalEvent] = []
    desktop.watcher.stop()
    desktop.watcher.run(events.append)
    return events


def test_a_test_sets_the_time_of_what_happens() -> None:
    desktop = FakeDesktop()
    desktop.time_ms = 77
    desktop.move(683, 387)
    assert seen_by(desktop) == [LocalEvent(Seen.MOTION, Origin.CUSTOMER, 3.0, 77, 0)]


def test_a_test_arranges_the_monitors() -> None:
    desktop = FakeDesktop()
    before = desktop.injector.layout().cfg
    desktop.monitors = (
        Monitor(0, 0, 0, 800, 600, primary=True),
        Monitor(1, 800, 0, 800, 600, primary=False),
    )
    assert (desktop.layout.width, desktop.layout.height) == (1600, 600)
    assert desktop.injector.layout().cfg != before


def test_what_it_cannot_type_is_left_out() -> None:
    desktop = FakeDesktop(untypable="日")
    for character in "a日b":
        desktop.injector.type_character(character)
    assert desktop.typed == "ab"


def test_it_prepares_no_more_than_it_is_told() -> None:
    assert FakeDesktop(prepared_at_once=3).injector.prepare("abcdef") == 3
