from __future__ import annotations

import threading

import pytest

from cordee_agent.guard.gate import merged
from cordee_shared.wire.input import (
    FAR,
    Button,
    InputEvent,
    Key,
    Mod,
    Pointer,
    Release,
    Text,
    Wheel,
)
from tests.agent.guard.playbook import CFG, RELEASED, Playbook


def point(x: int, y: int, mon: int = 0, cfg: int = CFG) -> Pointer:
    return Pointer(mon=mon, cfg=cfg, x=x, y=y)


def button(x: int, y: int, *, down: int, btn: int = 0, mon: int = 0) -> Button:
    return Button(mon=mon, cfg=CFG, x=x, y=y, btn=btn, down=down)  # type: ignore[arg-type]


def wheel(x: int, y: int, dy120: int) -> Wheel:
    return Wheel(mon=0, cfg=CFG, x=x, y=y, dx120=0, dy120=dy120)


def key(code: str, name: str, *, down: int = 1, mods: int = 0) -> Key:
    return Key(code=code, key=name, loc=0, down=down, mods=mods, rep=0)  # type: ignore[arg-type]


EVERYTHING: list[InputEvent] = [
    point(0, 0),
    button(0, 0, down=1),
    button(0, 0, down=0),
    wheel(0, 0, 120),
    key("KeyA", "a"),
    key("KeyA", "a", mods=Mod.CTRL),
    key("ControlLeft", "Control"),
    Text(s="abc"),
    Release(),
]


def test_the_gate_is_shut_until_somebody_opens_it() -> None:
    (Playbook() >> EVERYTHING).end()


def test_what_comes_while_open_is_done() -> None:
    (
        Playbook()
        >> "open"
        >> point(0, 0)
        << ("move", 0, 0)
        >> button(FAR, FAR, down=1, btn=2)
        << ("move", 1919, 1079)
        << ("press", 3)
        >> button(0, 0, down=0, btn=2)
        << ("move", 0, 0)
        << ("lift", 3)
        >> wheel(0, FAR, -240)
        << ("move", 0, 1079)
        << ("wheel", 0, -240)
        >> Text(s="à")
        << ("type", "à")
        >> Release()
        << RELEASED
    ).end()


@pytest.mark.parametrize(("btn", "number"), [(0, 1), (1, 2), (2, 3), (3, 8), (4, 9)])
def test_a_browsers_button_is_the_desktops(btn: int, number: int) -> None:
    (
        Playbook()
        >> "open"
        >> button(0, 0, down=1, btn=btn)
        << ("move", 0, 0)
        << ("press", number)
    ).end()


def test_the_second_monitor_has_its_own_corner() -> None:
    (
        Playbook()
        >> "open"
        >> point(0, 0, mon=1)
        << ("move", 1920, 56)
        >> point(FAR, FAR, mon=1)
        << ("move", 3199, 1079)
    ).end()


def test_a_place_on_monitors_of_before_or_nowhere_is_dropped() -> None:
    (Playbook() >> "open" >> point(9, 9, cfg=CFG + 1) >> point(9, 9, mon=2)).end()


def test_after_the_customers_hand_nothing_passes_until_opened_again() -> None:
    (
        Playbook()
        >> "open"
        >> button(0, 0, down=1)
        << ("move", 0, 0)
        << ("press", 1)
        >> "customer"
        << RELEASED
        >> EVERYTHING
        >> "customer again"
        << RELEASED
        >> "open"
        >> point(FAR, 0)
        << ("move", 1919, 0)
    ).end()


def test_a_shut_releases_and_lets_nothing_pass() -> None:
    (Playbook() >> "open" >> "shut" << RELEASED >> EVERYTHING).end()


def test_while_a_question_stands_nothing_passes_and_then_it_does() -> None:
    (
        Playbook()
        >> "open"
        >> "question"
        << RELEASED
        >> EVERYTHING
        >> "answered"
        >> point(0, 0)
        << ("move", 0, 0)
    ).end()


def test_a_question_before_the_grant_holds_it_too() -> None:
    (Playbook() >> "question" << RELEASED >> "open" >> EVERYTHING).end()


def test_a_silent_session_passes_nothing_until_it_speaks() -> None:
    (
        Playbook()
        >> "open"
        >> key("ControlLeft", "Control")
        << ("key down", "ControlLeft")
        >> "silence"
        << RELEASED
        >> EVERYTHING
        >> "alive"
        >> key("ControlLeft", "Control", down=0)
        >> point(0, 0)
        << ("move", 0, 0)
    ).end()


def test_what_was_sent_under_one_grant_is_not_done_under_the_next() -> None:
    book = Playbook() >> "open"
    old = book.gate.grant
    book >> "customer" << RELEASED >> "open"
    book.gate.inject(EVERYTHING, old)
    book.end()


def test_opening_what_is_open_does_not_drop_what_waits() -> None:
    book = Playbook() >> "open"
    waiting = book.gate.grant
    book >> "open"
    book.gate.inject([point(0, 0)], waiting)
    (book << ("move", 0, 0)).end()


def test_a_take_over_stops_a_text_between_two_characters() -> None:
    takers: list[threading.Thread] = []

    def pause(_seconds: float) -> None:
        # Between two characters the lock is free: whoever waits for it has it now.
        for taker in takers:
            taker.join(10)

    book = Playbook(pause) >> "open"

    def customer_moves(character: str) -> None:
        if character == "b":
            # Another thread, as the watcher is; it waits for the lock we are under.
            takers.append(threading.Thread(target=book.gate.take_over))
            takers[0].start()

    book.injector.before_character = customer_moves
    book >> [Text(s="abcdef"), point(0, 0)]
    assert not takers[0].is_alive()
    (book << ("type", "a") << ("type", "b") << RELEASED).end()


def test_a_long_text_is_prepared_in_pieces_and_paced() -> None:
    book = Playbook() >> "open"
    book.injector.lent = 2
    book >> Text(s="abcde")
    for character in "abcde":
        book << ("type", character)
    book.end()
    assert book.pauses == [0.008] * 5


def test_a_shortcut_holds_its_keys_until_they_are_let_go() -> None:
    (
        Playbook()
        >> "open"
        >> key("ControlLeft", "Control")
        << ("key down", "ControlLeft")
        >> key("KeyQ", "a", mods=Mod.CTRL)
        << ("key down", "a")
        >> key("KeyQ", "a", down=0, mods=Mod.CTRL)
        << ("key up", "a")
        >> key("ControlLeft", "Control", down=0)
        << ("key up", "ControlLeft")
    ).end()


def test_keys_released_by_a_take_over_are_not_believed_held_afterwards() -> None:
    (
        Playbook()
        >> "open"
        >> key("ControlLeft", "Control")
        << ("key down", "ControlLeft")
        >> "customer"
        << RELEASED
        >> "open"
        >> key("KeyC", "c", mods=Mod.CTRL)
        << ("key down", "ControlLeft")
        << ("key down", "c")
    ).end()


def test_the_agents_own_windows_are_not_clicked() -> None:
    book = Playbook()
    book.gate.own_windows([(100, 100, 50, 20), (0, 1000, 10, 10)])
    book >> "open"
    for x, y, ours in [
        (100, 100, True),
        (149, 119, True),
        (150, 110, False),
        (110, 120, False),
        (99, 110, False),
        (5, 1005, True),
    ]:
        place = (round(x * FAR / 1919), round(y * FAR / 1079))
        book >> button(*place, down=1) << ("move", x, y)
        if not ours:
            book << ("press", 1)
        book >> button(*place, down=0) << ("move", x, y)
        if not ours:
            book << ("lift", 1)
        book >> wheel(*place, 120) << ("move", x, y)
        if not ours:
            book << ("wheel", 0, 120)
    book.end()


def test_a_button_pressed_elsewhere_comes_up_over_the_agents_window_too() -> None:
    book = Playbook()
    book.gate.own_windows([(0, 0, 50, 50)])
    (
        book
        >> "open"
        >> button(FAR, FAR, down=1)
        << ("move", 1919, 1079)
        << ("press", 1)
        >> button(0, 0, down=0)
        << ("move", 0, 0)
        << ("lift", 1)
    ).end()


def test_moves_that_wait_are_merged_into_the_last() -> None:
    (
        Playbook()
        >> "open"
        >> [
            point(0, 0),
            point(FAR, 0),
            button(0, 0, down=1),
            point(0, FAR),
            point(FAR, FAR),
        ]
        << ("move", 1919, 0)
        << ("move", 0, 0)
        << ("press", 1)
        << ("move", 1919, 1079)
    ).end()


def test_merging_keeps_everything_but_moves() -> None:
    assert list(merged(EVERYTHING)) == EVERYTHING
    assert list(merged([])) == []


def test_closing_releases_and_closes_the_injector() -> None:
    book = Playbook() >> "open"
    book.gate.close()
    (book << RELEASED << ("close",)).end()
    (book >> EVERYTHING).end()
