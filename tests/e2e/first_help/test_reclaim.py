"""The customer's mouse alone takes control back, whatever else is going on.

What happened is read from the X server's own record (``rig/listener.py``): its order
and its clock, and from which device each event came.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import pytest
from Xlib import X

from cordee_shared.session.states import State
from tests.e2e.first_help.story import (
    Durand,
    FirstHelp,
    journal,
    kinds,
    wait_for_kind,
)
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.intruder import Intruder
from tests.e2e.rig.listener import Listener, Seen
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.rig.xvnc import Desktop, closing

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

#: "no injected event afterwards, within 100 ms" (issue: How it shows).
WITHIN_MS: Final = 100
#: How recently the technician must have been moving for a test to mean anything.
BUSY_MS: Final = 500


@pytest.fixture
def driven(both: FirstHelp, listener: Listener) -> FirstHelp:
    """The technician holds a button down on the customer's desktop."""
    both.reaches_control()
    holds(both, listener)
    return both


def holds(both: FirstHelp, listener: Listener) -> None:
    """Let the technician press the mouse's button, and keep it down."""
    mark = listener.mark()
    both.claire.moves(300, 420)
    both.claire.page.mouse.down()
    listener.wait_for(mark=mark, source="xtest", kind="button down")


def drags(both: FirstHelp, until: Callable[[], object]) -> None:
    """Drag to and fro until something holds."""
    places = [(300, 420), (380, 470), (460, 420), (380, 370)]

    def one_more() -> object:
        place = places.pop(0)
        places.append(place)
        both.claire.moves(*place, steps=4)
        return until()

    wait_until(one_more, what="what the drag waits for")


def warms_up(both: FirstHelp, listener: Listener) -> None:
    """Drag until the customer's desktop sees it, move after move."""
    mark = listener.mark()
    drags(both, lambda: len(listener.since(mark, source="xtest", kind="move")) > 20)


@contextmanager
def taking(hand: Hand, x: int = 640, y: int = 300) -> Iterator[threading.Thread]:
    """Let the customer's hand move while the technician's does something else."""
    thread = threading.Thread(target=hand.move, args=(x, y))
    thread.start()
    yield thread
    thread.join(PATIENCE_S)


def first_of_the_hand(listener: Listener, mark: int) -> Seen:
    """Wait for the customer's first movement and return it."""
    moved = listener.wait_for(mark=mark, source="physical", kind="move")
    return moved[0]


def injected_after(listener: Listener, at: Seen) -> list[Seen]:
    """Return what the agent still did after a moment, in the server's order."""
    seen: Sequence[Seen] = listener.since()
    after = seen[seen.index(at) + 1 :]
    return [event for event in after if event.source == "xtest"]


def check_stopped(listener: Listener, at: Seen) -> None:
    """Insist that the technician was at work, and stopped at once, button and all."""
    before = [
        event
        for event in listener.since(source="xtest", kind="move")
        if 0 <= at.server_ms - event.server_ms <= BUSY_MS
    ]
    assert before != [], "the technician was not moving: this shows nothing"
    after = injected_after(listener, at)
    late = [event for event in after if event.server_ms - at.server_ms > WITHIN_MS]
    assert late == []
    assert [event.kind for event in after if event.kind != "move"] == ["button up"]


def held(desktop: Desktop) -> tuple[int, list[int]]:
    """Return the buttons that are down, as a mask, and the keys."""
    with closing(desktop.connect()) as connection:
        mask = connection.screen().root.query_pointer().mask
        keys = connection.query_keymap()
    down = [
        8 * byte + bit
        for byte in range(32)
        for bit in range(8)
        if keys[byte] >> bit & 1
    ]
    return mask >> 8 & 0x1F, down


def test_r25_the_hand_stops_a_drag_within_100_ms(
    driven: FirstHelp, desktop: Desktop, listener: Listener, wrong: list[str]
) -> None:
    claire, durand = driven.claire, driven.durand
    warms_up(driven, listener)
    mark = listener.mark()
    with taking(durand.hand) as moving:
        # The technician goes on, at the same moment and well after it.
        drags(driven, lambda: not moving.is_alive())
    at = first_of_the_hand(listener, mark)
    claire.waits_for_mode("reclaimed")
    check_stopped(listener, at)
    assert held(desktop) == (0, [])
    durand.finds("Vous avez la main")
    assert wait_for_kind(claire.relay, "reclaimed")["data"] == {"cause": "pointer"}

    # Sticky: neither moving nor asking gives control back, only her own click does.
    claire.moves(200, 600, steps=8)
    claire.page.mouse.up()
    claire.asks_for_control()
    yes = durand.finds("^Autoriser$", "button")
    claire.clicks(*yes.middle)
    check_stopped(listener, at)
    assert kinds(claire.relay)[-2:] == ["reclaimed", "control_requested"]
    durand.presses("Autoriser")
    claire.waits_for_mode("controlling")
    mark = listener.mark()
    claire.moves(500, 500)
    listener.wait_for(mark=mark, source="xtest", kind="move")
    assert wrong == []


def test_r25_with_the_relay_stopped_the_hand_stops_a_drag_all_the_same(
    driven: FirstHelp, desktop: Desktop, listener: Listener, relay: Relay
) -> None:
    claire, durand = driven.claire, driven.durand
    warms_up(driven, listener)
    mark = listener.mark()
    relay.process.freeze()
    try:
        durand.hand.move(640, 300)
        at = first_of_the_hand(listener, mark)
        listener.wait_for(mark=mark, source="xtest", kind="button up")
        durand.finds("Vous avez la main")
        # All this is under way to the agent, and must come to nothing.
        for place in ((300, 420), (460, 420)):
            claire.moves(*place, steps=4)
    finally:
        relay.process.thaw()
    claire.waits_for_mode("reclaimed")
    assert wait_for_kind(relay, "reclaimed")["data"] == {"cause": "pointer"}
    check_stopped(listener, at)
    assert held(desktop) == (0, [])


def test_r25_with_the_relay_dead_the_hand_stops_a_drag_all_the_same(
    driven: FirstHelp, desktop: Desktop, listener: Listener, relay: Relay
) -> None:
    warms_up(driven, listener)
    mark = listener.mark()
    relay.process.kill()
    driven.durand.hand.move(640, 300)
    at = first_of_the_hand(listener, mark)
    listener.wait_for(
        lambda seen: [e.kind for e in seen if e.kind == "button up"] != [],
        source="xtest",
    )
    late = [
        event
        for event in injected_after(listener, at)
        if event.server_ms - at.server_ms > WITHIN_MS
    ]
    assert late == []
    assert held(desktop) == (0, [])
    driven.durand.finds("Liaison perdue")


def test_a_dialog_that_holds_mouse_and_keyboard_does_not_hide_the_hand(
    both: FirstHelp, desktop: Desktop, listener: Listener
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    with closing(desktop.connect()) as dialog:
        root = dialog.screen().root
        window = root.create_window(
            560, 480, 240, 120, 0, dialog.screen().root_depth, override_redirect=True
        )
        window.map()
        dialog.sync()
        mask = X.PointerMotionMask | X.ButtonPressMask
        modes = X.GrabModeAsync, X.GrabModeAsync
        now = X.CurrentTime
        assert window.grab_keyboard(True, *modes, now) == X.GrabSuccess
        grabbed = window.grab_pointer(False, mask, *modes, X.NONE, X.NONE, now)
        assert grabbed == X.GrabSuccess
        holds(both, listener)
        warms_up(both, listener)
        mark = listener.mark()
        with taking(durand.hand) as moving:
            drags(both, lambda: not moving.is_alive())
        at = first_of_the_hand(listener, mark)
        claire.waits_for_mode("reclaimed")
        check_stopped(listener, at)
    assert held(desktop) == (0, [])


def test_the_mouse_alone_is_enough_for_everything(
    both: FirstHelp, desktop: Desktop, listener: Listener, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    unplug_keyboard(desktop)
    claire.signs_in()
    claire.agrees()
    claire.types_code(durand.reads_code())
    durand.allows_seeing()
    both.gives_control()
    durand.hand.move(640, 400)
    claire.waits_for_mode("reclaimed")
    durand.gives_back()
    claire.waits_for_mode("controlling")
    durand.presses("Reprendre la main")
    claire.waits_for_mode("reclaimed")
    durand.presses("Masquer l’écran")
    claire.waits_for_mode("paused")
    durand.presses("Terminer")
    claire.waits_for_end("customer_ended")
    durand.closes()
    physical = {event.kind for event in listener.since(source="physical")}
    assert physical == {"move", "button down", "button up"}
    assert wrong == []


def unplug_keyboard(desktop: Desktop) -> None:
    """Take the customer's keyboard away: its device is disabled in the server."""
    with closing(desktop.connect()) as connection:
        enabled = connection.intern_atom("Device Enabled")
        devices = connection.xinput_query_device(0).devices
        (keyboard,) = [d for d in devices if d.name == "TigerVNC keyboard"]
        connection.xinput_change_device_property(
            keyboard.deviceid, enabled, 19, 0, (8, b"\0")
        )
        connection.sync()


def test_the_technicians_mouse_presses_none_of_the_agents_buttons(
    both: FirstHelp, listener: Listener, relay: Relay
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    mark = listener.mark()
    buttons = [
        durand.finds(f"^{name}$", "button")
        for name in ("Terminer", "Masquer l’écran", "Reprendre la main")
    ]
    for button in buttons:
        claire.clicks(*button.middle)
    claire.clicks(640, 600)
    pressed = listener.wait_for(mark=mark, source="xtest", kind="button down")
    assert len(pressed) == 1  # the last one alone
    been = {
        (move.axes[0], move.axes[1])
        for move in listener.since(mark, source="xtest", kind="move")
    }
    assert {tuple(button.middle) for button in buttons} <= been
    assert kinds(relay)[-1] == "control_granted"
    assert claire.see("mode").get_attribute("data-mode") == "controlling"
    assert journal(relay)[-1]["state"] == "controlling"


def test_a_program_that_obeys_nobody_moves_and_presses_nothing_without_a_yes(
    durand: Durand, relay: Relay, technician: Technician, listener: Listener
) -> None:
    """Its input comes all the same; the customer's side alone must withstand it."""
    with Intruder(relay, technician) as intruder:
        durand.types_code(intruder.invites())
        durand.allows_seeing()
        intruder.waits_for(State.VIEWING)
        intruder.asks_for_control()
        durand.allows_control()
        intruder.waits_for(State.CONTROLLING)
        mark = listener.mark()
        intruder.clicks(640, 600)
        listener.wait_for(mark=mark, source="xtest", kind="button up")

        durand.hand.move(640, 300)
        intruder.waits_for(State.RECLAIMED)
        give = durand.finds("^Rendre la main$", "button")
        mark = listener.mark()
        intruder.clicks(*give.middle, times=3)
        intruder.clicks(640, 600, times=3)
        # It may ask; then the question stands, and only the customer answers it.
        intruder.asks_for_control()
        yes = durand.finds("^Autoriser$", "button")
        intruder.clicks(*yes.middle, times=3)
        for code, key in (("Tab", "Tab"), ("Enter", "Enter"), ("Space", " ")):
            intruder.presses(code, key)
        durand.presses("Refuser")
        wait_for_kind(relay, "consent_refused")
        assert listener.since(mark, source="xtest") == []
        assert kinds(relay)[-3:] == [
            "reclaimed",
            "control_requested",
            "consent_refused",
        ]

        intruder.asks_for_control()
        durand.allows_control()
        intruder.waits_for(State.CONTROLLING)
        # What was sent meanwhile is gone, not kept for later.
        assert listener.since(mark, source="xtest") == []
        intruder.clicks(640, 600)
        listener.wait_for(mark=mark, source="xtest", kind="button down")
        # Her hand on its way takes control back, and the bar's buttons change.
        durand.hand.move(640, 300)
        intruder.waits_for(State.RECLAIMED)
        durand.presses("Terminer")
        durand.finds("Vous avez mis fin à la séance")
        durand.closes()
