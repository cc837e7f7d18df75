import pytest
from Xlib import X
from Xlib.ext import xtest

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.desktops.x11.xkb import Keyboard, State
from tests.e2e.rig.xvnc import Desktop, closing

pytestmark = [pytest.mark.platform, pytest.mark.slow]

CAPS_LOCK = 66


def test_caps_lock_is_seen_and_set_without_a_key(desktop: Desktop) -> None:
    with closing(desktop.connect()) as connection:
        keyboard = Keyboard(connection)
        assert keyboard.state() == State(0, caps_lock=False)
        xtest.fake_input(connection, X.KeyPress, CAPS_LOCK)
        xtest.fake_input(connection, X.KeyRelease, CAPS_LOCK)
        assert keyboard.state().caps_lock
        keyboard.set_caps_lock(False)
        assert not keyboard.state().caps_lock
        keyboard.set_caps_lock(True)
        assert keyboard.state().caps_lock
        root = connection.screen().root
        assert root.query_pointer().mask & X.LockMask


def test_other_modifiers_are_left_alone(desktop: Desktop) -> None:
    with closing(desktop.connect()) as connection:
        keyboard = Keyboard(connection)
        xtest.fake_input(connection, X.KeyPress, 37)  # Ctrl
        keyboard.set_caps_lock(True)
        keyboard.set_caps_lock(False)
        assert connection.screen().root.query_pointer().mask == X.ControlMask


def test_a_server_without_xkb_is_said(desktop: Desktop) -> None:
    with closing(desktop.connect()) as connection:
        connection.query_extension = lambda _name: None
        with pytest.raises(NoDesktop, match="no XKB"):
            Keyboard(connection)
