"""What ``desktops/base.py`` promises of a watcher and an injector, on every desktop."""

import queue
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest
from Xlib import X
from Xlib.ext import xtest

from cordee_agent.desktops import choose
from cordee_agent.desktops.base import (
    Injector,
    Layout,
    LocalEvent,
    Origin,
    Seen,
    Watcher,
)
from cordee_agent.desktops.fake import FakeDesktop
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import PATIENCE_S
from tests.e2e.rig.xclient import TypingPlace, terminal
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

OURS, CUSTOMER = Origin.OURS, Origin.CUSTOMER


class Rig(Protocol):
    """A desktop, the customer's hand on it, and what can be seen of it."""

    watcher: Watcher
    injector: Injector

    def move(self, dx: int, dy: int) -> None:
        """The customer moves."""

    def click(self, button: int) -> None:
        """The customer clicks."""

    def notch(self) -> None:
        """The customer turns the wheel by one notch, down."""

    def key(self) -> None:
        """The customer presses and releases a key."""

    def foreign_click(self, button: int) -> None:
        """Another program on the customer's computer clicks."""

    def pointer(self) -> tuple[int, int]:
        """Where the pointer is."""

    def held(self) -> int:
        """How many buttons and keys are down."""

    def typing(self) -> None:
        """Somewhere characters can be typed is made ready."""

    def typed(self, text: str) -> None:
        """Wait until exactly this has been typed."""


class FakeRig:
    def __init__(self) -> None:
        self.desktop = FakeDesktop()
        self.watcher = self.desktop.watcher
        self.injector = self.desktop.injector

    def move(self, dx: int, dy: int) -> None:
        x, y = self.desktop.pointer
        self.desktop.move(x + dx, y + dy)

    def click(self, button: int) -> None:
        self.desktop.button(button, down=True)
        self.desktop.button(button, down=False)

    def notch(self) -> None:
        self.desktop.wheel(0, 1)

    def key(self) -> None:
        self.desktop.key("KeyB", down=True)
        self.desktop.key("KeyB", down=False)

    def foreign_click(self, button: int) -> None:
        self.click(button)

    def pointer(self) -> tuple[int, int]:
        return self.desktop.pointer

    def held(self) -> int:
        return len(self.desktop.buttons) + len(self.desktop.keys)

    def typing(self) -> None:
        """Nothing has to be made ready."""

    def typed(self, text: str) -> None:
        assert self.desktop.typed == text


class X11Rig:
    def __init__(self, desktop: Desktop, hand: Hand) -> None:
        self.desktop = desktop
        self.hand = hand
        self.watcher, self.injector = choose.open_hands(desktop.display)
        self._place: TypingPlace | None = None

    def move(self, dx: int, dy: int) -> None:
        self.hand.jump(self.hand.x + dx, self.hand.y + dy)

    def click(self, button: int) -> None:
        self.hand.press(button)
        self.hand.release(button)

    def notch(self) -> None:
        self.hand.wheel(-1)

    def key(self) -> None:
        self.hand.key("b")

    def foreign_click(self, button: int) -> None:
        with closing(self.desktop.connect()) as connection:
            xtest.fake_input(connection, X.ButtonPress, button)
            xtest.fake_input(connection, X.ButtonRelease, button)
            connection.sync()

    def pointer(self) -> tuple[int, int]:
        return self.desktop.pointer()

    def held(self) -> int:
        with closing(self.desktop.connect()) as connection:
            mask = connection.screen().root.query_pointer().mask
            keys = sum(bin(byte).count("1") for byte in connection.query_keymap())
            return keys + bin(mask >> 8 & 0x1F).count("1")

    def typing(self) -> None:
        self._place = terminal(self.desktop)

    def typed(self, text: str) -> None:
        assert self._place is not None
        self._place.wait_for(text)


@pytest.fixture(
    params=[
        "fake",
        pytest.param("x11", marks=[pytest.mark.platform, pytest.mark.slow]),
    ]
)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with ExitStack() as stack:
        if request.param == "fake":
            made: Rig = FakeRig()
        else:
            path = stack.enter_context(tempfile.TemporaryDirectory(prefix="cordee-"))
            desktop = stack.enter_context(xvnc(Path(path) / "x"))
            made = X11Rig(desktop, stack.enter_context(Hand(desktop.socket)))
        stack.callback(made.watcher.stop)
        stack.callback(made.injector.close)
        yield made


class Watching:
    """Runs the watcher on its thread and keeps what it saw."""

    def __init__(self, rig: Rig) -> None:
        self._watcher = rig.watcher
        self._seen: queue.SimpleQueue[LocalEvent] = queue.SimpleQueue()
        self._thread = threading.Thread(target=rig.watcher.run, args=(self._seen.put,))
        self._thread.start()

    def next(self) -> LocalEvent:
        return self._seen.get(timeout=PATIENCE_S)

    def expect(self, *expected: tuple[Seen, Origin]) -> list[LocalEvent]:
        """Check the next events, whole and in order, and return them."""
        seen = [self.next() for _ in expected]
        assert [(event.what, event.origin) for event in seen] == list(expected)
        return seen

    def nothing_more(self) -> None:
        assert self._seen.empty()

    def stop(self) -> None:
        self._watcher.stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def watching(rig: Rig) -> Iterator[Watching]:
    running = Watching(rig)
    rig.move(1, 1)  # a hand's first movement says where it is
    running.expect((Seen.MOTION, CUSTOMER))
    yield running
    running.stop()


def test_the_customers_movement_is_the_customers_and_has_its_length(
    rig: Rig, watching: Watching
) -> None:
    rig.move(3, 4)
    rig.move(0, -10)
    near, far = watching.expect((Seen.MOTION, CUSTOMER), (Seen.MOTION, CUSTOMER))
    assert (near.distance, far.distance) == (5.0, 10.0)


def test_the_customers_button_wheel_and_key_are_the_customers(
    rig: Rig, watching: Watching
) -> None:
    rig.click(3)
    press, _ = watching.expect((Seen.BUTTON_DOWN, CUSTOMER), (Seen.BUTTON_UP, CUSTOMER))
    assert press.detail == 3
    rig.notch()
    watching.expect((Seen.WHEEL, CUSTOMER))
    rig.key()
    watching.expect((Seen.KEY_DOWN, CUSTOMER), (Seen.KEY_UP, CUSTOMER))


def test_what_the_injector_does_is_ours(rig: Rig, watching: Watching) -> None:
    rig.injector.move(40, 50)
    watching.expect((Seen.MOTION, OURS))
    rig.injector.button(1, down=True)
    rig.injector.button(1, down=False)
    press, _ = watching.expect((Seen.BUTTON_DOWN, OURS), (Seen.BUTTON_UP, OURS))
    assert press.detail == 1
    rig.injector.wheel(0, 120)
    watching.expect((Seen.WHEEL, OURS))
    rig.injector.key("F1", "", down=True)
    rig.injector.key("F1", "", down=False)
    watching.expect((Seen.KEY_DOWN, OURS), (Seen.KEY_UP, OURS))


def test_what_another_program_injects_is_the_customers(
    rig: Rig, watching: Watching
) -> None:
    rig.injector.button(1, down=True)
    rig.foreign_click(3)
    rig.injector.button(1, down=False)
    watching.expect(
        (Seen.BUTTON_DOWN, OURS),
        (Seen.BUTTON_DOWN, CUSTOMER),
        (Seen.BUTTON_UP, CUSTOMER),
        (Seen.BUTTON_UP, OURS),
    )


def test_the_watcher_ends_when_told_though_nothing_happens(rig: Rig) -> None:
    running = Watching(rig)
    running.stop()
    running.stop()


def test_the_pointer_goes_to_every_corner(rig: Rig) -> None:
    layout: Layout = rig.injector.layout()
    right, bottom = layout.width - 1, layout.height - 1
    for corner in [(0, 0), (right, 0), (right, bottom), (0, bottom)]:
        rig.injector.move(*corner)
        assert rig.pointer() == corner


def test_the_monitors_lie_within_the_desktop(rig: Rig) -> None:
    layout = rig.injector.layout()
    assert layout.monitors
    for monitor in layout.monitors:
        assert 0 <= monitor.x < monitor.x + monitor.width <= layout.width
        assert 0 <= monitor.y < monitor.y + monitor.height <= layout.height
    assert layout == rig.injector.layout()


def test_what_is_down_is_not_pressed_again_nor_lifted_twice(
    rig: Rig, watching: Watching
) -> None:
    for down in (True, True, False, False):
        rig.injector.button(1, down=down)
    for down in (True, True, False, False):
        rig.injector.key("ShiftLeft", "", down=down)
    rig.injector.move(9, 9)
    watching.expect(
        (Seen.BUTTON_DOWN, OURS),
        (Seen.BUTTON_UP, OURS),
        (Seen.KEY_DOWN, OURS),
        (Seen.KEY_UP, OURS),
        (Seen.MOTION, OURS),
    )


def test_release_all_leaves_nothing_down(rig: Rig, watching: Watching) -> None:
    rig.injector.button(1, down=True)
    rig.injector.button(3, down=True)
    rig.injector.key("ControlLeft", "", down=True)
    rig.injector.key("KeyQ", "a", down=True)
    assert rig.held() == 4
    rig.injector.release_all()
    assert rig.held() == 0
    rig.injector.key("KeyQ", "a", down=False)  # it is up already
    events = [watching.next() for _ in range(8)]
    assert {event.origin for event in events} == {OURS}
    watching.nothing_more()


def test_closing_leaves_nothing_down(rig: Rig) -> None:
    rig.injector.key("AltLeft", "", down=True)
    rig.injector.close()
    assert rig.held() == 0


def test_a_key_of_no_name_does_nothing(rig: Rig) -> None:
    rig.injector.key("", "", down=True)
    assert rig.held() == 0


def test_parts_of_a_notch_add_up(rig: Rig, watching: Watching) -> None:
    for part in (40, 40, 40, 120, 60):
        rig.injector.wheel(0, part)
    rig.injector.wheel(0, -119)  # the other way: what was left over is forgotten
    rig.injector.move(9, 9)
    watching.expect((Seen.WHEEL, OURS), (Seen.WHEEL, OURS), (Seen.MOTION, OURS))


def test_every_character_is_typed_as_it_is(rig: Rig) -> None:
    rig.typing()
    text = "Ça coûte 5 €, @ # éèçàù ê ñ Œ Ł « » 日本 Ω ж {} ~ \\ ^ `\tfin.\n"
    left = text
    while left:
        ready = rig.injector.prepare(left)
        assert ready >= 1
        for character in left[:ready]:
            rig.injector.type_character(character)
            time.sleep(0.008)  # the pace of the gate, not a wait
        left = left[ready:]
    rig.typed(text)
    assert rig.held() == 0


def test_typing_keeps_what_is_held(rig: Rig) -> None:
    rig.typing()
    rig.injector.key("ShiftLeft", "", down=True)
    rig.injector.prepare("aé1A")
    for character in "aé1A":
        rig.injector.type_character(character)
        time.sleep(0.008)  # the pace of the gate, not a wait
    rig.typed("aé1A")
    assert rig.held() == 1


def test_an_empty_text_has_nothing_to_prepare(rig: Rig) -> None:
    assert rig.injector.prepare("") == 0
