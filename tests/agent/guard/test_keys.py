import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_agent.guard.keys import Keys, Lift, Press, Step, Type
from cordee_shared.wire.input import Key, Mod

CTRL, SHIFT, ALT, META, ALTGR = Mod.CTRL, Mod.SHIFT, Mod.ALT, Mod.META, Mod.ALTGR


def down(code: str, key: str, mods: int = 0, rep: bool = False) -> Key:
    return Key(code=code, key=key, loc=0, down=1, mods=mods, rep=1 if rep else 0)


def up(code: str, key: str, mods: int = 0) -> Key:
    return Key(code=code, key=key, loc=0, down=0, mods=mods, rep=0)


def played(*events: Key) -> list[Step]:
    keys = Keys()
    return [step for event in events for step in keys.plan(event)]


def test_a_printable_key_types_its_character_and_holds_nothing() -> None:
    assert played(down("KeyQ", "a"), up("KeyQ", "a")) == [Type("a")]


def test_a_repeat_of_a_printable_key_types_again() -> None:
    assert played(down("KeyA", "a"), down("KeyA", "a", rep=True)) == [Type("a")] * 2


def test_shift_and_altgr_are_only_how_the_character_was_made() -> None:
    assert played(down("Digit0", "@", ALTGR)) == [Type("@")]
    assert played(down("Digit0", "@", ALTGR | SHIFT)) == [Type("@")]


def test_a_character_of_several_code_points_is_typed() -> None:
    assert played(down("KeyE", "e\u0301")) == [Type("e\u0301")]


def test_a_shortcut_presses_the_letter_and_holds_it() -> None:
    assert played(
        down("ControlLeft", "Control"),
        down("KeyQ", "a", CTRL),
        up("KeyQ", "a", CTRL),
        up("ControlLeft", "Control"),
    ) == [
        Press("ControlLeft", ""),
        Press("KeyQ", "a"),
        Lift("KeyQ", "a"),
        Lift("ControlLeft", ""),
    ]


@pytest.mark.parametrize("mod", [CTRL, ALT, META])
def test_each_of_ctrl_alt_and_meta_makes_a_shortcut(mod: Mod) -> None:
    assert played(down("KeyA", "a", mod))[-1] == Press("KeyA", "a")


def test_a_key_without_character_is_pressed_by_position() -> None:
    assert played(down("ArrowLeft", "ArrowLeft"), up("ArrowLeft", "ArrowLeft")) == [
        Press("ArrowLeft", ""),
        Lift("ArrowLeft", ""),
    ]


@pytest.mark.parametrize(
    ("code", "key", "position"),
    [
        ("Enter", "Enter", "Enter"),
        ("NumpadEnter", "Enter", "NumpadEnter"),
        ("Numpad7", "Home", "Home"),
        ("NumpadDecimal", "Delete", "Delete"),
        ("", "Backspace", "Backspace"),
        ("F5", "F5", "F5"),
    ],
)
def test_a_key_is_found_whatever_the_number_lock_says(
    code: str, key: str, position: str
) -> None:
    assert played(down(code, key)) == [Press(position, "")]


def test_a_held_key_is_not_pressed_again_by_its_repeat() -> None:
    assert played(down("ArrowUp", "ArrowUp"), down("ArrowUp", "ArrowUp", rep=True)) == [
        Press("ArrowUp", "")
    ]


@pytest.mark.parametrize(
    "key",
    ["Dead", "Process", "Unidentified", "AltGraph", "CapsLock", "NumLock", "Compose"],
)
def test_keys_that_do_nothing_by_themselves_do_nothing(key: str) -> None:
    assert played(down("BracketLeft", key), up("BracketLeft", key)) == []


def test_what_a_dead_key_composes_is_typed() -> None:
    assert played(
        down("BracketLeft", "Dead"),
        up("BracketLeft", "Dead"),
        down("KeyE", "ê"),
        up("KeyE", "ê"),
    ) == [Type("ê")]


def test_a_modifier_is_held_for_the_mouse_too() -> None:
    assert played(down("ShiftLeft", "Shift"), up("ShiftLeft", "Shift")) == [
        Press("ShiftLeft", ""),
        Lift("ShiftLeft", ""),
    ]


def test_both_sides_of_a_modifier_are_held_apart() -> None:
    assert played(
        down("ShiftLeft", "Shift"),
        down("ShiftRight", "Shift", SHIFT),
        up("ShiftLeft", "Shift", SHIFT),
        up("ShiftRight", "Shift"),
    ) == [
        Press("ShiftLeft", ""),
        Press("ShiftRight", ""),
        Lift("ShiftLeft", ""),
        Lift("ShiftRight", ""),
    ]


def test_the_right_alt_of_the_technician_is_no_altgr_of_the_customer() -> None:
    assert played(down("AltRight", "Alt"), up("AltRight", "Alt")) == [
        Press("AltLeft", ""),
        Lift("AltLeft", ""),
    ]


def test_a_lost_release_of_a_modifier_is_made_good_before_the_next_key() -> None:
    assert played(down("ControlLeft", "Control"), down("KeyA", "a")) == [
        Press("ControlLeft", ""),
        Lift("ControlLeft", ""),
        Type("a"),
    ]


def test_a_lost_press_of_a_modifier_is_made_good_before_the_next_key() -> None:
    assert played(down("KeyC", "c", CTRL), down("Tab", "Tab", CTRL | SHIFT)) == [
        Press("ControlLeft", ""),
        Press("KeyC", "c"),
        Press("ShiftLeft", ""),
        Press("Tab", ""),
    ]


def test_shift_stays_held_while_characters_are_typed() -> None:
    assert played(
        down("ShiftLeft", "Shift"), down("KeyA", "A", SHIFT), up("KeyA", "A", SHIFT)
    ) == [Press("ShiftLeft", ""), Type("A")]


def test_altgr_as_windows_browsers_send_it_holds_no_ctrl() -> None:
    # The browser showed Ctrl first; the console then says AltGr alone (rule 4).
    assert played(
        down("ControlLeft", "Control"),
        down("AltRight", "AltGraph", CTRL),
        down("Digit0", "@", ALTGR),
    ) == [Press("ControlLeft", ""), Lift("ControlLeft", ""), Type("@")]


def test_what_went_down_comes_up_though_its_modifier_went_first() -> None:
    assert played(
        down("ControlLeft", "Control"),
        down("KeyV", "v", CTRL),
        up("ControlLeft", "Control"),
        up("KeyV", "v"),
    ) == [
        Press("ControlLeft", ""),
        Press("KeyV", "v"),
        Lift("ControlLeft", ""),
        Lift("KeyV", "v"),
    ]


def test_a_release_of_what_was_never_pressed_does_nothing() -> None:
    assert played(up("KeyA", "a"), up("ControlLeft", "Control"), up("F1", "F1")) == []


def test_after_a_reset_nothing_is_believed_held() -> None:
    keys = Keys()
    keys.plan(down("ControlLeft", "Control"))
    keys.plan(down("ArrowUp", "ArrowUp", CTRL))
    keys.reset()
    assert keys.plan(up("ArrowUp", "ArrowUp", CTRL)) == []
    assert keys.plan(up("ControlLeft", "Control")) == []


KEYS = [
    *[("KeyA", "a"), ("KeyA", "A"), ("Digit1", "&"), ("Enter", "Enter")],
    *[("ShiftLeft", "Shift"), ("ControlLeft", "Control"), ("ControlRight", "Control")],
    *[("AltLeft", "Alt"), ("MetaLeft", "Meta"), ("ArrowUp", "ArrowUp"), ("", "Dead")],
]


@given(
    st.lists(
        st.builds(
            lambda at, pressed, mods: (down if pressed else up)(*KEYS[at], mods),
            st.integers(0, len(KEYS) - 1),
            st.booleans(),
            st.integers(0, 127),
        ),
        max_size=40,
    )
)
def test_whatever_happens_nothing_is_pressed_twice_or_lifted_unpressed(
    events: list[Key],
) -> None:
    keys, held = Keys(), set[tuple[str, str]]()
    for event in events:
        steps = keys.plan(event)
        assert all(not isinstance(step, Type) for step in steps[:-1])
        for step in steps:
            if isinstance(step, Press):
                assert tuple(step) not in held
                held.add((step.code, step.letter))
            elif isinstance(step, Lift):
                held.remove((step.code, step.letter))
    # And every release with no modifier left empties the hands.
    for code, key in KEYS:
        for step in keys.plan(up(code, key)):
            held.remove((step.code, step.letter))  # type: ignore[union-attr]
    assert held == set()
