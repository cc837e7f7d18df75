"""What only an X server can show; the rest of the promises is in the contract."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.desktops.x11 import xkb
from cordee_agent.desktops.x11.injector import X11Injector
from cordee_agent.desktops.x11.lib import Requests
from cordee_agent.desktops.x11.xkb import Keyboard
from tests.e2e.rig.listener import Listener
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.xclient import TypingPlace, entry, terminal, tk_entry
from tests.e2e.rig.xvnc import Desktop, closing
from tests.parts import command

pytestmark = [pytest.mark.platform, pytest.mark.slow]

TEXT = (
    "Été à Sèvres: ça coûte 5 €, non? @ # ù ê ñ Œ œ Ł « » 日本語 漢字 ж 👍 😀 ⇔ ‰"
    " {} ~ \\ ^ ` AbC"
)
#: Of layouts and their variants.
LAYOUTS = [
    ("fr", ""),
    ("us", ""),
    ("de", ""),
    ("fr", "bepo"),
    ("ru", ""),
    ("us,fr", ""),
]


@contextmanager
def injecting(desktop: Desktop) -> Iterator[X11Injector]:
    made = X11Injector(desktop.display, Requests())
    try:
        yield made
    finally:
        made.close()


def write(injector: X11Injector, text: str) -> None:
    """Type as the gate does."""
    while text:
        ready = injector.prepare(text)
        for character in text[:ready]:
            injector.type_character(character)
            time.sleep(0.008)  # the pace of the gate, not a wait
        text = text[ready:]


@pytest.mark.parametrize("open_place", [terminal, entry, tk_entry])
def test_every_layout_types_the_same_text_in_terminal_qt_and_tk(
    desktop: Desktop, open_place: Callable[[Desktop], TypingPlace]
) -> None:
    place = open_place(desktop)
    typed = ""
    for layout, variant in LAYOUTS:
        desktop.keyboard(layout, variant)
        with injecting(desktop) as injector:
            write(injector, TEXT)
            typed += TEXT
            place.wait_for(typed)


def test_the_second_group_types_the_same_text(desktop: Desktop) -> None:
    desktop.keyboard("us,fr")
    place = terminal(desktop)
    with closing(desktop.connect()) as connection, injecting(desktop) as injector:
        write(injector, "a")
        _lock_group(connection, 1)
        write(injector, TEXT)
        _lock_group(connection, 0)
        write(injector, "z")
        place.wait_for("a" + TEXT + "z")


def test_caps_lock_does_not_change_the_text_and_is_put_back(desktop: Desktop) -> None:
    place = terminal(desktop)
    with closing(desktop.connect()) as connection:
        keyboard = Keyboard(connection)
        keyboard.set_caps_lock(True)
        with injecting(desktop) as injector:
            write(injector, "Déjà vu Œuf œuf")
            place.wait_for("Déjà vu Œuf œuf")
            assert not keyboard.state().caps_lock
            injector.release_all()
            assert keyboard.state().caps_lock


@pytest.mark.parametrize(
    ("layout", "keycode"), [("fr", 24), ("us", 38), ("ru", 38), ("de", 38)]
)
def test_a_shortcuts_letter_is_the_customers(
    desktop: Desktop, listener: Listener, layout: str, keycode: int
) -> None:
    desktop.keyboard(layout)
    with injecting(desktop) as injector:
        mark = listener.mark()
        injector.key("ControlLeft", "", down=True)
        injector.key("KeyA", "a", down=True)
        injector.key("KeyA", "a", down=False)
        seen = listener.wait_for(lambda s: len(s) >= 3, mark=mark)
        assert [(s.kind, s.detail) for s in seen] == [
            ("key down", 37),
            ("key down", keycode),
            ("key up", keycode),
        ]


def test_ctrl_a_on_azerty_selects_all(desktop: Desktop) -> None:
    place = entry(desktop)
    with injecting(desktop) as injector:
        write(injector, "une ligne")
        place.wait_for("une ligne")
        injector.key("ControlLeft", "", down=True)
        injector.key("KeyA", "a", down=True)
        injector.release_all()
        write(injector, "x")
        place.wait_for("x")


def test_typing_the_letter_of_a_held_shortcut_types_it(desktop: Desktop) -> None:
    place = terminal(desktop)
    with injecting(desktop) as injector:
        injector.key("KeyA", "a", down=True)
        place.wait_for("a")
        write(injector, "ab")
        place.wait_for("aab")
        injector.key("KeyA", "a", down=False)
        with closing(desktop.connect()) as connection:
            assert not any(connection.query_keymap())


def test_the_wheel_turns_as_buttons_in_all_four_ways(
    desktop: Desktop, listener: Listener
) -> None:
    with injecting(desktop) as injector:
        mark = listener.mark()
        for turn in [(0, 240), (0, -120), (120, 0), (-120, 0)]:
            injector.wheel(*turn)
        seen = listener.wait_for(lambda s: len(s) >= 5, mark=mark, kind="button down")
        assert [s.detail for s in seen] == [5, 5, 4, 7, 6]


def test_another_arrangement_of_monitors_is_seen(desktop: Desktop) -> None:
    xrandr = command("xrandr", package="x11-xserver-utils")
    with injecting(desktop) as injector:
        before = injector.layout()
        subprocess.run(
            [xrandr, "-display", desktop.display, "-s", "1024x768"],
            check=True,
            capture_output=True,
        )
        wait_until(lambda: injector.layout().cfg != before.cfg)
        after = injector.layout()
        assert (after.width, after.height) == (1024, 768)


def test_a_server_that_goes_is_said_and_releasing_on_it_is_quiet(
    desktop: Desktop,
) -> None:
    injector = X11Injector(desktop.display, Requests())
    injector._display.display.socket.shutdown(socket.SHUT_RDWR)
    with pytest.raises(NoDesktop, match="the X server has gone"):
        injector.move(1, 1)
    injector.release_all()
    injector.close()


def _lock_group(connection: object, group: int) -> None:
    keyboard = Keyboard(connection)
    xkb._LatchLockState(
        display=keyboard._display.display,
        opcode=keyboard._opcode,
        device=0x100,
        affect_locks=0,
        locks=0,
        lock_group=1,
        group=group,
        affect_latches=0,
        latches=0,
        latch_group=0,
        group_latch=0,
    )
    keyboard._display.sync()
    assert keyboard.state().group == group
