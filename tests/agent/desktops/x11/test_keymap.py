from collections.abc import Iterator

import pytest

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.desktops.x11 import keymap as keymap_module
from cordee_agent.desktops.x11.keymap import KeymapReader, Stroke
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.platform, pytest.mark.slow]


@pytest.fixture
def reader(desktop: Desktop) -> Iterator[KeymapReader]:
    made = KeymapReader(desktop.display)
    yield made
    made.close()


def test_a_french_keyboard_gives_its_characters(reader: KeymapReader) -> None:
    strokes = reader.read(None, 0).strokes
    assert strokes["a"] == Stroke(24, shift=False, level3=False)
    assert strokes["A"] == Stroke(24, shift=True, level3=False)
    assert strokes["é"] == Stroke(11, shift=False, level3=False)
    assert strokes["2"] == Stroke(11, shift=True, level3=False)
    assert strokes["€"] == Stroke(26, shift=False, level3=True)
    assert strokes["@"] == Stroke(19, shift=False, level3=True)
    assert strokes[" "].keycode == 65
    assert "日" not in strokes


def test_dead_keys_are_no_characters(reader: KeymapReader) -> None:
    # The key right of P is dead_circumflex there; the plain one takes AltGr.
    assert reader.read(None, 0).strokes["^"].keycode != 34


def test_the_number_pad_is_not_used_for_digits(
    desktop: Desktop, reader: KeymapReader
) -> None:
    desktop.keyboard("us")
    assert reader.read(None, 0).strokes["7"].keycode == 16


def test_the_second_group_of_a_keyboard_is_another_layout(
    desktop: Desktop, reader: KeymapReader
) -> None:
    desktop.keyboard("us,fr")
    assert reader.read(None, 0).strokes["a"].keycode == 38
    assert reader.read(None, 1).strokes["a"].keycode == 24


def test_modifiers_are_found_by_what_they_do(
    desktop: Desktop, reader: KeymapReader
) -> None:
    keymap = reader.read(None, 0)
    assert keymap.modifier("ControlLeft") == 37
    assert keymap.modifier("AltGraph") == 92
    assert keymap.modifier("KeyA") is None


def test_some_keycodes_are_spare(reader: KeymapReader) -> None:
    keymap = reader.read(None, 0)
    assert len(keymap.spare) >= 12
    used = {stroke.keycode for stroke in keymap.strokes.values()}
    assert used & set(keymap.spare) == set()


@pytest.mark.parametrize(
    ("character", "keysym"),
    [
        ("a", 0x61),
        ("é", 0xE9),
        ("€", 0x010020AC),
        ("⇔", 0x010021D4),
        ("日", 0x010065E5),
    ],
)
def test_a_character_has_a_keysym_that_every_program_knows(
    reader: KeymapReader, character: str, keysym: int
) -> None:
    assert reader.keysym(character) == keysym


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(NoDesktop, match="cannot be reached"):
        KeymapReader(":9999")


def test_a_library_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keymap_module, "_XKBCOMMON_X11", "libxkbcommon-none.so.0")
    with pytest.raises(NoDesktop, match="library of the keyboard is missing"):
        KeymapReader(":0")


def test_closing_twice_is_closing_once(desktop: Desktop) -> None:
    made = KeymapReader(desktop.display)
    made.close()
    made.close()
    assert made._connection is None
