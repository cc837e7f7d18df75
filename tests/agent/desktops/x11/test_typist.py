from collections.abc import Iterator

import pytest

from cordee_agent.desktops.x11.keymap import KeymapReader
from cordee_agent.desktops.x11.typist import POOL, REUSE_S, SETTLE_S, Typist
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.platform, pytest.mark.slow]

KANJI = "一二三四五六七八九十百千万円日本"


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def typist(desktop: Desktop, pauses: list[float]) -> Iterator[Typist]:
    made = Typist(desktop.display, pauses.append)
    yield made
    made.close()


def keycodes_of(desktop: Desktop, text: str) -> list[int | None]:
    """Return the keys another program would find for characters now."""
    reader = KeymapReader(desktop.display)
    strokes = reader.read(None, 0).strokes
    reader.close()
    return [strokes[c].keycode if c in strokes else None for c in text]


def test_what_the_layout_has_needs_nothing(typist: Typist, pauses: list[float]) -> None:
    assert typist.prepare("éàç€@#ù\n\t") == 9
    assert pauses == []
    stroke = typist.stroke("@")
    assert stroke is not None
    assert stroke.level3


def test_line_feed_and_tab_are_the_keys(typist: Typist) -> None:
    strokes = [typist.stroke(character) for character in "\n\t"]
    assert [stroke and stroke.keycode for stroke in strokes] == [36, 23]


def test_what_the_layout_lacks_gets_a_spare_keycode_others_see(
    desktop: Desktop, typist: Typist, pauses: list[float]
) -> None:
    spare = set(typist.keymap.spare)
    assert typist.prepare("日本") == 2
    assert pauses == [SETTLE_S]
    found = keycodes_of(desktop, "日本")
    assert [stroke.keycode for c in "日本" if (stroke := typist.stroke(c))] == found
    assert set(found) <= spare
    assert typist.prepare("本日") == 2
    assert pauses == [SETTLE_S]


def test_a_text_with_more_than_the_keyboard_can_lend_is_prepared_in_pieces(
    typist: Typist,
) -> None:
    assert typist.prepare(KANJI) == POOL
    rest = KANJI[POOL:]
    assert typist.prepare(rest) == len(rest)
    assert all(typist.stroke(character) for character in rest)
    assert typist.stroke(KANJI[0]) is None
    assert typist.stroke(KANJI[POOL - 1]) is not None


def test_the_character_unused_longest_gives_its_keycode_up(typist: Typist) -> None:
    typist.prepare(KANJI[:POOL])
    typist.prepare(KANJI[0])
    typist.prepare(KANJI[POOL])
    assert typist.stroke(KANJI[0]) is not None
    assert typist.stroke(KANJI[1]) is None


def test_a_keycode_rests_before_it_means_something_else(
    desktop: Desktop, pauses: list[float]
) -> None:
    now = 100.0
    typist = Typist(desktop.display, pauses.append, lambda: now)
    typist.prepare(KANJI[:POOL])
    assert typist.stroke(KANJI[0]) is not None
    now += REUSE_S / 4
    typist.prepare(KANJI[POOL])
    # A program that is behind may look the key up this late.
    assert pauses == [SETTLE_S, REUSE_S * 3 / 4, SETTLE_S]
    typist.prepare(KANJI[POOL + 1])  # its keycode was never typed with
    assert pauses[3:] == [SETTLE_S]
    typist.close()


def test_closing_gives_the_keycodes_back(desktop: Desktop) -> None:
    typist = Typist(desktop.display)
    typist.prepare("日本")
    typist.close()
    assert keycodes_of(desktop, "日本") == [None, None]


def test_another_layout_chosen_meanwhile_is_followed(
    desktop: Desktop, typist: Typist, pauses: list[float]
) -> None:
    typist.prepare("日")
    desktop.keyboard("us")
    assert typist.prepare("a日") == 2
    stroke = typist.stroke("a")
    assert stroke is not None
    assert stroke.keycode == 38
    found = typist.stroke("日")
    assert found is not None
    assert keycodes_of(desktop, "日") == [found.keycode]
    assert typist.prepare("é") == 1
    assert typist.stroke("é") is not None


def test_its_own_changes_do_not_make_it_read_the_keyboard_again(
    typist: Typist,
) -> None:
    before = typist.keymap
    typist.prepare("日")
    typist.prepare("本")
    assert typist.keymap is before


@pytest.mark.parametrize(
    ("letter", "keycode"), [("a", 24), ("A", 24), ("q", 38), ("1", 10), ("日", None)]
)
def test_a_letter_is_found_on_the_customers_keyboard(
    typist: Typist, letter: str, keycode: int | None
) -> None:
    assert typist.key_of(letter) == keycode
