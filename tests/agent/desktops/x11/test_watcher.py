"""What only a real X server can show: grabs, devices that come, hands that mix."""

import queue
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xinput, xtest
from Xlib.protocol import rq

from cordee_agent.desktops.base import LocalEvent, Origin, Seen
from cordee_agent.desktops.x11.injector import X11Injector
from cordee_agent.desktops.x11.lib import (
    RAW_KEY_PRESS,
    RAW_MOTION,
    RAW_TOUCH_BEGIN,
    RAW_TOUCH_UPDATE,
    Device,
    Raw,
    Requests,
)
from cordee_agent.desktops.x11.watcher import (
    X11Watcher,
    describe,
    sends_positions,
    travelled,
)
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.xvnc import Desktop, closing

SIZE = (1366, 768)


def mouse() -> Device:
    return Device(xtest=False, absolute=False, scroll_axes=frozenset({2, 3}))


def tablet() -> Device:
    return Device(
        xtest=False,
        absolute=True,
        ranges={0: (0, 65535), 1: (0, 65535)},
        position={0: 32768.0, 1: 32768.0},
    )


def test_a_mouse_reports_how_far_it_went() -> None:
    assert travelled(mouse(), {0: -3.0, 1: 4.0}, SIZE) == 5.0
    assert travelled(mouse(), {1: 0.5}, SIZE) == 0.5


def test_a_tablet_reports_where_it_is_in_units_of_its_own() -> None:
    device = tablet()
    assert travelled(device, {0: 32768.0, 1: 32768.0}, SIZE) == 0
    pixel = 65535 / SIZE[0]
    assert travelled(device, {0: 32768.0 + 10 * pixel}, SIZE) == pytest.approx(10)
    assert travelled(device, {0: 32768.0}, SIZE) == pytest.approx(10)


def test_a_device_without_range_reports_pixels() -> None:
    device = Device(xtest=False, absolute=True, position={0: 5.0, 1: 5.0})
    assert travelled(device, {0: 8.0, 1: 9.0}, SIZE) == 5.0


@pytest.mark.parametrize(
    ("moves", "at", "found"),
    [
        ([{0: 500.0, 1: 400.0}], (500, 400), True),
        # The answer fell between two movements, whichever they were.
        ([{0: 501.0, 1: 400.0}, {0: 500.0}, {1: 401.0}], (500, 400), True),
        ([{0: 500.0, 1: 400.0}, {0: 502.0}, {0: 503.0}], (500, 400), True),
        ([{0: 3.0, 1: -1.0}], (500, 400), False),
        ([{0: 3.0}, {1: 2.0}, {0: 200.0}], (500, 400), False),
        # As well a small step as a place near the corner, or one axis by chance.
        ([{0: 3.0, 1: 2.0}], (3, 2), None),
        ([{0: 80.0}], (80, 400), None),
    ],
)
def test_places_and_distances_are_told_apart_by_where_the_device_is(
    moves: list[dict[int, float]], at: tuple[int, int], found: bool | None
) -> None:
    assert sends_positions(moves, {0: at[0], 1: at[1]}) is found


def test_turning_a_smooth_wheel_is_a_wheel_and_no_movement() -> None:
    event = describe(Raw(RAW_MOTION, 7, 0, 9, {3: 15.0}), mouse(), Requests(), SIZE)
    assert event == LocalEvent(Seen.WHEEL, Origin.CUSTOMER, 0.0, 7, 0)


def test_pressing_a_pen_harder_is_no_wheel() -> None:
    event = describe(Raw(RAW_MOTION, 7, 0, 9, {5: 15.0}), mouse(), Requests(), SIZE)
    assert event == LocalEvent(Seen.MOTION, Origin.CUSTOMER, 0.0, 7, 0)


def test_a_finger_on_the_screen_is_a_press_and_its_way_a_movement() -> None:
    down = Raw(RAW_TOUCH_BEGIN, 7, 4711, 9, {0: 32768.0, 1: 32768.0})
    device = tablet()
    event = describe(down, device, Requests(), SIZE)
    assert event == LocalEvent(Seen.BUTTON_DOWN, Origin.CUSTOMER, 0.0, 7, 1)
    moved = describe(
        Raw(RAW_TOUCH_UPDATE, 8, 4711, 9, {0: 0.0, 1: 32768.0}),
        device,
        Requests(),
        SIZE,
    )
    assert moved is not None
    assert moved.what is Seen.MOTION
    assert moved.distance == pytest.approx(683, abs=1)


def test_what_a_program_sends_that_we_did_not_is_the_customers() -> None:
    program = Device(xtest=True, absolute=False)
    event = describe(Raw(RAW_KEY_PRESS, 7, 38, 5, {}), program, Requests(), SIZE)
    assert event == LocalEvent(Seen.KEY_DOWN, Origin.CUSTOMER, 0.0, 7, 38)


@dataclass
class Watched:
    """A running watcher, an injector with its requests, and what was seen."""

    watcher: X11Watcher
    injector: X11Injector
    seen: queue.SimpleQueue[LocalEvent]

    def next(self) -> LocalEvent:
        return self.seen.get(timeout=PATIENCE_S)


@pytest.fixture
def watched(desktop: Desktop) -> Iterator[Watched]:
    requests = Requests()
    seen: queue.SimpleQueue[LocalEvent] = queue.SimpleQueue()
    watcher = X11Watcher(desktop.display, requests)
    injector = X11Injector(desktop.display, requests)
    thread = threading.Thread(target=watcher.run, args=(seen.put,))
    thread.start()
    yield Watched(watcher, injector, seen)
    injector.close()
    watcher.stop()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


@pytest.mark.platform
@pytest.mark.slow
def test_of_a_thousand_mixed_events_none_is_misjudged(
    desktop: Desktop, hand: Hand, watched: Watched
) -> None:
    """Each of the three hands has buttons, keys and places of its own."""
    dice = random.Random(20)
    total = 1000

    def customer() -> None:
        for n in range(total // 2):
            if dice.random() < 0.6:
                hand.jump(700 + n % 600, 400)
            elif dice.random() < 0.5:
                hand.press(3)
                hand.release(3)
            else:
                hand.key("b")

    def stranger() -> None:
        with closing(desktop.connect()) as connection:
            for _ in range(total // 10):
                xtest.fake_input(connection, X.ButtonPress, 2)
                xtest.fake_input(connection, X.ButtonRelease, 2)
                connection.sync()

    def technician() -> None:
        for n in range(total // 2):
            watched.injector.move(n % 600, 100)
            if n % 3 == 0:
                watched.injector.button(1, down=True)
                watched.injector.button(1, down=False)
            if n % 5 == 0:
                watched.injector.key("KeyA", "", down=True)
                watched.injector.key("KeyA", "", down=False)

    hands = [threading.Thread(target=t) for t in (customer, stranger, technician)]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join(PATIENCE_S)
    hand.press(1)  # the last event of all: its button is otherwise ours alone
    ours: list[LocalEvent] = []
    theirs: list[LocalEvent] = []
    while True:
        event = watched.next()
        (ours if event.origin is Origin.OURS else theirs).append(event)
        if event.origin is Origin.CUSTOMER and event.detail == 1:
            break
    hand.release(1)
    kinds = {(e.what, e.detail) for e in ours if e.what is not Seen.MOTION}
    assert kinds == {
        (Seen.BUTTON_DOWN, 1),
        (Seen.BUTTON_UP, 1),
        (Seen.KEY_DOWN, 38),
        (Seen.KEY_UP, 38),
    }
    presses = [e.detail for e in theirs if e.what is Seen.BUTTON_DOWN]
    assert set(presses) == {1, 2, 3}
    assert presses.count(1) == 1
    assert presses.count(2) == total // 10
    assert 38 not in {e.detail for e in theirs if e.what is Seen.KEY_DOWN}
    # Not one of ours is missing, and so none was taken for the customer's.
    assert sum(e.what is Seen.MOTION for e in ours) == total // 2
    assert sum(e.what is Seen.BUTTON_DOWN for e in ours) == -(-total // 2 // 3)
    assert sum(e.what is Seen.KEY_DOWN for e in ours) == total // 2 // 5


@pytest.mark.platform
@pytest.mark.slow
def test_an_open_menu_does_not_blind_it(
    desktop: Desktop, hand: Hand, watched: Watched
) -> None:
    with closing(desktop.connect()) as connection:
        root = connection.screen().root
        grabbed = root.grab_pointer(
            False,
            X.PointerMotionMask | X.ButtonPressMask,
            X.GrabModeAsync,
            X.GrabModeAsync,
            X.NONE,
            X.NONE,
            X.CurrentTime,
        )
        assert grabbed == X.GrabSuccess
        assert (
            root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
            == X.GrabSuccess
        )
        for step in range(100):
            hand.jump(300 + step, 300)
        hand.press(1)
        hand.key("b")
        seen = [watched.next() for _ in range(103)]
        assert [event.what for event in seen] == [
            *[Seen.MOTION] * 100,
            *[Seen.BUTTON_DOWN, Seen.KEY_DOWN, Seen.KEY_UP],
        ]
        assert {event.origin for event in seen} == {Origin.CUSTOMER}


@pytest.mark.platform
@pytest.mark.slow
def test_a_device_that_says_distances_and_sends_places_is_found_out(
    hand: Hand, watched: Watched
) -> None:
    hand.jump(500, 400)
    watched.next()
    hand.jump(501, 400)
    hand.jump(501, 403)
    assert [watched.next().distance for _ in range(2)] == [1.0, 3.0]


@pytest.mark.platform
@pytest.mark.slow
def test_a_mouse_plugged_in_later_is_the_customers(
    desktop: Desktop, watched: Watched
) -> None:
    """A second pointer of programs, too: it is known by its property at once."""
    with closing(desktop.connect()) as connection:
        before = set(watched.watcher._devices)
        _add_master(connection, "second")
        wait_until(
            lambda: len(watched.watcher._devices) > len(before),
            what="the new devices",
        )
        new = {
            id: device.xtest
            for id, device in watched.watcher._devices.items()
            if id not in before
        }
        names = {
            info.deviceid: info.name
            for info in connection.xinput_query_device(xinput.AllDevices).devices
        }
        assert {names[id]: xtest for id, xtest in new.items()} == {
            "second pointer": False,
            "second keyboard": False,
            "second XTEST pointer": True,
            "second XTEST keyboard": True,
        }
    assert watched.seen.empty()


class _AddMaster(rq.Request):  # type: ignore[misc] # python-xlib has no types
    """XIChangeHierarchy with one XIAddMaster, for a name of six letters."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(43),
        rq.RequestLength(),
        rq.Card8("num_changes"),
        rq.Pad(3),
        rq.Card16("type"),
        rq.Card16("length"),
        rq.Card16("name_length"),
        rq.Bool("send_core"),
        rq.Bool("enable"),
        rq.FixedBinary("name", 8),
    )


def _add_master(display: Display, name: str) -> None:
    assert len(name) == 6
    _AddMaster(
        display=display.display,
        opcode=display.display.get_extension_major(xinput.extname),
        num_changes=1,
        type=1,
        length=4,
        name_length=6,
        send_core=1,
        enable=1,
        name=name.encode() + b"\0\0",
    )
    display.sync()
