import pytest

from cordee_agent.desktops.x11.codes import KEYCODES


@pytest.mark.parametrize(
    ("code", "keycode"),
    [
        # From /usr/share/X11/xkb/keycodes/evdev, by hand: <ESC> <AE01> <AD01> ...
        *[("Escape", 9), ("Digit1", 10), ("KeyQ", 24), ("Enter", 36), ("KeyA", 38)],
        *[("Backquote", 49), ("Backslash", 51), ("KeyZ", 52), ("Space", 65)],
        *[("F10", 76), ("Numpad7", 79), ("NumpadDecimal", 91), ("IntlBackslash", 94)],
        *[("F11", 95), ("F12", 96), ("NumpadEnter", 104), ("ControlRight", 105)],
        *[("AltRight", 108), ("Home", 110), ("ArrowUp", 111), ("Delete", 119)],
        *[("Pause", 127), ("MetaLeft", 133), ("ContextMenu", 135), ("F13", 191)],
    ],
)
def test_a_position_has_its_evdev_keycode(code: str, keycode: int) -> None:
    assert KEYCODES[code] == keycode


def test_no_two_positions_share_a_keycode_and_all_fit_the_protocol() -> None:
    assert len(set(KEYCODES.values())) == len(KEYCODES)
    assert all(8 <= keycode <= 255 for keycode in KEYCODES.values())


def test_the_computer_cannot_be_switched_off_from_afar() -> None:
    assert {"Power", "Sleep", "WakeUp"} & KEYCODES.keys() == set()
