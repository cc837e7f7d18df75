"""The process's loop and threads over real pipes, before a fake desktop."""

import os
import select
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from cordee_agent.desktops.base import Origin
from cordee_agent.desktops.fake import FakeDesktop
from cordee_agent.guard.pipe import (
    Alive,
    Beat,
    Command,
    Inject,
    Open,
    OwnWindows,
    Pressed,
    Question,
    Reader,
    Ready,
    Reclaimed,
    Report,
    Shut,
    Still,
    Stop,
    WaitStill,
    pack,
    reports,
)
from cordee_agent.guard.process import BROKEN_PIPE, ENDED, GuardProcess
from cordee_shared.limits import GUARD_SILENCE_S
from cordee_shared.wire.input import (
    FAR,
    Button,
    InputEvent,
    Key,
    Mod,
    Pointer,
    Text,
    encode_batch,
)

PATIENCE_S = 10.0


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Rig:
    """A guard on its own thread, and the agent's end of its pipes."""

    def __init__(self, dead_zone_px: int = 4) -> None:
        self.desktop = FakeDesktop()
        self.clock = Clock()
        self.guard = GuardProcess(
            self.desktop.watcher, self.desktop.injector, dead_zone_px, clock=self.clock
        )
        commands_in, self._commands = os.pipe()
        self._reports, reports_out = os.pipe()
        self._reader = Reader()
        self._read: list[Report] = []
        self.status: int | None = None

        def run() -> None:
            self.status = self.guard.run(commands_in, reports_out, Reader())
            os.close(commands_in)
            os.close(reports_out)

        self._thread = threading.Thread(target=run)
        self._thread.start()

    def say(self, *said: Command) -> None:
        os.write(self._commands, b"".join(pack(command) for command in said))

    def say_bytes(self, data: bytes) -> None:
        os.write(self._commands, data)

    def inject(self, *events: InputEvent) -> None:
        self.say(Inject(encode_batch(list(events))))

    def hear(self) -> Report:
        """Return the next report."""
        while not self._read:
            readable, _, _ = select.select([self._reports], [], [], PATIENCE_S)
            assert readable, "no report came"
            data = os.read(self._reports, 65536)
            assert data, "the guard has gone"
            self._read += self._reader.take(data, reports)
        return self._read.pop(0)

    def hear_of_the_customer(self) -> Report:
        """Return the next report that is not about our own presses."""
        while True:
            report = self.hear()
            if not (isinstance(report, Pressed) and not report.customer):
                return report

    def done(self) -> None:
        """Wait until the guard has read all that was said."""
        self.say(Alive())
        while not isinstance(self.hear(), Beat):
            pass

    def hang_up(self) -> None:
        if self._commands >= 0:
            os.close(self._commands)
            self._commands = -1

    def wait_end(self) -> int | None:
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        return self.status

    def close(self) -> None:
        self.guard.end(ENDED)
        self.wait_end()
        self.hang_up()
        os.close(self._reports)


def wait_until(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < deadline, "it did not happen"
        threading.Event().wait(0.005)


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    assert made.hear() == Ready()
    yield made
    made.close()


def cfg(rig: Rig) -> int:
    return rig.desktop.layout.cfg


def press(rig: Rig, down: int = 1) -> Button:
    return Button(mon=0, cfg=cfg(rig), x=0, y=0, btn=0, down=down)  # type: ignore[arg-type]


CTRL = Key(code="ControlLeft", key="Control", loc=1, down=1, mods=0, rep=0)
CTRL_C = Key(code="KeyC", key="c", loc=0, down=1, mods=Mod.CTRL, rep=0)


def hold_something(rig: Rig) -> None:
    rig.say(Open())
    rig.inject(CTRL, press(rig))
    wait_until(lambda: bool(rig.desktop.buttons))
    assert rig.desktop.keys == {"ControlLeft"}
    rig.done()


def test_input_before_a_grant_does_nothing(rig: Rig) -> None:
    rig.inject(Text(s="abc"))
    rig.say(Open())
    rig.inject(Text(s="d"))
    wait_until(lambda: rig.desktop.typed != "")
    assert rig.desktop.typed == "d"


def test_the_customers_movement_shuts_before_it_is_reported(rig: Rig) -> None:
    hold_something(rig)
    rig.desktop.time_ms = 4242
    rig.desktop.move(10, 0)
    assert rig.hear_of_the_customer() == Reclaimed("pointer", 4242)
    assert (rig.desktop.buttons, rig.desktop.keys) == (set(), set())
    rig.inject(Text(s="too late"))
    rig.done()
    assert rig.desktop.typed == ""


def test_our_own_movement_is_nobodys_reclaim(rig: Rig) -> None:
    rig.say(Open())
    rig.inject(Pointer(mon=0, cfg=cfg(rig), x=FAR, y=FAR))
    wait_until(lambda: rig.desktop.pointer == (1365, 767))
    rig.done()
    rig.inject(Text(s="a"))
    wait_until(lambda: rig.desktop.typed == "a")


def test_movement_before_the_grant_does_not_count_towards_it(rig: Rig) -> None:
    rig.desktop.move(686, 384)
    rig.desktop.button(1, down=True)
    assert rig.hear() == Pressed(1000, 1, customer=True)
    rig.say(Open())
    rig.done()
    rig.desktop.move(689, 384)
    rig.inject(Text(s="a"))
    wait_until(lambda: rig.desktop.typed == "a")


def test_every_press_is_reported_with_its_owner_and_no_key_with_its_name(
    rig: Rig,
) -> None:
    rig.desktop.time_ms = 7
    rig.desktop.button(3, down=True)
    rig.desktop.button(3, down=False)
    rig.desktop.key("KeyS", down=True)
    rig.desktop.key("KeyS", down=False)
    assert rig.hear() == Pressed(7, 3, customer=True)
    assert rig.hear() == Pressed(7, 0, customer=True)
    rig.say(Open())
    rig.inject(press(rig))
    assert rig.hear() == Pressed(7, 1, customer=False)


def test_the_take_over_is_told_before_the_press_that_made_it(rig: Rig) -> None:
    rig.say(Open())
    rig.done()
    rig.desktop.button(1, down=True)
    assert rig.hear() == Reclaimed("button", 1000)
    assert rig.hear() == Pressed(1000, 1, customer=True)


def test_shut_and_a_question_release_what_is_held(rig: Rig) -> None:
    hold_something(rig)
    rig.say(Question(True))
    rig.done()
    assert (rig.desktop.buttons, rig.desktop.keys) == (set(), set())
    rig.say(Question(False))
    hold_something(rig)
    rig.say(Shut())
    rig.done()
    assert (rig.desktop.buttons, rig.desktop.keys) == (set(), set())


def test_a_silent_agent_releases_what_is_held_and_may_speak_again(rig: Rig) -> None:
    hold_something(rig)
    rig.clock.now += GUARD_SILENCE_S + 0.01
    wait_until(lambda: not rig.desktop.buttons and not rig.desktop.keys)
    rig.inject(Text(s="unheard"))
    rig.done()  # says that it is alive
    rig.inject(Text(s="a"))
    wait_until(lambda: rig.desktop.typed == "a")


def test_a_hand_that_moves_while_the_agent_is_silent_takes_control(rig: Rig) -> None:
    hold_something(rig)
    rig.clock.now += GUARD_SILENCE_S + 0.01
    wait_until(lambda: not rig.desktop.buttons)
    rig.desktop.move(9, 9)
    assert rig.hear_of_the_customer() == Reclaimed("pointer", 1000)


def test_stillness_is_told_once_the_hand_has_rested(rig: Rig) -> None:
    rig.desktop.button(1, down=True)
    assert rig.hear() == Pressed(1000, 1, customer=True)
    rig.say(WaitStill(0.5))
    rig.done()
    rig.clock.now += 0.4
    rig.desktop.button(1, down=True)
    assert rig.hear() == Pressed(1000, 1, customer=True)
    rig.clock.now += 0.4
    rig.done()
    rig.clock.now += 0.2
    assert rig.hear() == Still()


def test_our_own_windows_are_not_clicked(rig: Rig) -> None:
    rig.say(OwnWindows([(0, 0, 980, 84)]), Open())
    rig.inject(press(rig), press(rig, 0), Text(s="a"))
    # The only press there is: the character's key.
    assert rig.hear() == Pressed(1000, 0, customer=False)
    assert rig.desktop.pointer == (0, 0)


def test_a_batch_that_is_none_does_nothing(rig: Rig) -> None:
    rig.say(Open(), Inject(b"[]"), Inject(b'[{"t":"t","s":"\x1b"}]'), Inject(b"\xff"))
    rig.inject(Text(s="a"))
    wait_until(lambda: rig.desktop.typed == "a")


def test_a_shut_does_not_wait_for_a_long_text(rig: Rig) -> None:
    rig.say(Open())
    rig.inject(*[Text(s="x" * 100)] * 5)
    wait_until(lambda: rig.desktop.typed != "")
    rig.say(Shut())
    rig.done()
    typed = rig.desktop.typed
    assert len(typed) < 500
    rig.say(Open())
    rig.inject(Text(s="."))
    wait_until(lambda: rig.desktop.typed.endswith("."))
    assert rig.desktop.typed == typed + "."


def test_a_flood_is_let_go_with_everything_held(rig: Rig) -> None:
    hold_something(rig)
    rig.inject(Text(s="x" * 200))
    wait_until(lambda: rig.desktop.typed != "")
    for _ in range(300):
        rig.inject(CTRL_C)
    rig.done()
    wait_until(lambda: not rig.desktop.buttons)


def test_when_the_agent_goes_everything_is_released(rig: Rig) -> None:
    hold_something(rig)
    rig.hang_up()
    assert rig.wait_end() == ENDED
    assert (rig.desktop.buttons, rig.desktop.keys) == (set(), set())


def test_stop_releases_everything_and_ends(rig: Rig) -> None:
    hold_something(rig)
    rig.say(Stop())
    assert rig.wait_end() == ENDED
    assert (rig.desktop.buttons, rig.desktop.keys) == (set(), set())


def test_bytes_that_are_no_command_release_everything_and_end(rig: Rig) -> None:
    hold_something(rig)
    rig.say_bytes(b"\xff" * 8)
    assert rig.wait_end() == BROKEN_PIPE
    assert (rig.desktop.buttons, rig.desktop.keys) == (set(), set())


def test_a_reader_that_has_stopped_reading_does_not_delay_the_hand(rig: Rig) -> None:
    rig.say(Open())
    rig.done()
    for _ in range(5000):  # more than the pipe and the list of reports hold
        rig.desktop.button(1, down=True, origin=Origin.OURS)
    rig.desktop.move(0, 0)
    rig.desktop.key("KeyA", down=True)
    heard: list[Report] = []
    while not heard or not isinstance(heard[-1], Reclaimed):
        heard.append(rig.hear())
    assert heard[-1] == Reclaimed("pointer", 1000)
    assert 0 < len(heard) <= 5001
