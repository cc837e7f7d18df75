"""The rig itself: a test on the whole path believes what these have shown."""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from Xlib import X
from Xlib.ext import xtest

from tests.e2e.rig.browser import canvas_pixel, complaints, wait_for_pixel
from tests.e2e.rig.cable import Cable
from tests.e2e.rig.hand import RIGHT, Hand
from tests.e2e.rig.listener import Listener, Seen
from tests.e2e.rig.memory import encodings, found_in
from tests.e2e.rig.processes import Program, environment, wait_until
from tests.e2e.rig.reader import Reader
from tests.e2e.rig.xclient import CORNERS, Painting, entry, terminal
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

pytestmark = pytest.mark.e2e


def inject(desktop: Desktop, *events: tuple[int, int, int, int]) -> None:
    """Do what the agent does: input by XTEST (type, detail, x, y)."""
    with closing(desktop.connect()) as connection:
        for kind, detail, x, y in events:
            xtest.fake_input(connection, kind, detail, x=x, y=y)
        connection.sync()


def places(seen: list[Seen]) -> list[tuple[float, float]]:
    return [(move.axes[0], move.axes[1]) for move in seen]


def test_the_hand_is_seen_as_physical(hand: Hand, listener: Listener) -> None:
    hand.move(300, 200, steps=5)
    moves = listener.wait_for(lambda seen: len(seen) >= 5, kind="move")
    assert {move.source for move in moves} == {"physical"}
    assert places(moves)[-1] == (300, 200)


def test_xtest_is_seen_as_a_program(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    inject(desktop, (X.MotionNotify, 0, 500, 400), (X.ButtonPress, 3, 0, 0))
    inject(desktop, (X.ButtonRelease, 3, 0, 0))
    seen = listener.wait_for(lambda seen: len(seen) >= 3)
    assert [(event.kind, event.source) for event in seen] == [
        ("move", "xtest"),
        ("button down", "xtest"),
        ("button up", "xtest"),
    ]
    assert places(seen[:1]) == [(500, 400)]
    assert desktop.pointer() == (500, 400)


def test_hand_and_program_are_told_apart_when_mixed(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    for step in range(20):
        hand.jump(100 + step, 100)
        inject(desktop, (X.MotionNotify, 0, 600 + step, 500))
    seen = listener.wait_for(lambda seen: len(seen) >= 40)
    wrong = [
        move for move in seen if (move.axes[0] < 400) != (move.source == "physical")
    ]
    assert wrong == []


def test_the_witness_sees_during_a_grab(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    with closing(desktop.connect()) as connection:
        root = connection.screen().root
        root.grab_pointer(
            False,
            X.PointerMotionMask,
            X.GrabModeAsync,
            X.GrabModeAsync,
            X.NONE,
            X.NONE,
            X.CurrentTime,
        )
        connection.sync()
        hand.move(321, 123, steps=4)
        listener.wait_for(
            lambda seen: places(list(seen))[-1:] == [(321, 123)], kind="move"
        )


def test_buttons_wheel_and_keys_of_the_hand(hand: Hand, listener: Listener) -> None:
    hand.click(200, 150, RIGHT)
    hand.wheel(2)
    hand.wheel(-1)
    hand.key("a")
    seen = listener.wait_for(
        lambda seen: any(event.kind == "key up" for event in seen), source="physical"
    )
    down = [event.detail for event in seen if event.kind == "button down"]
    assert down == [3, 4, 4, 5]
    assert [event.kind for event in seen[-2:]] == ["key down", "key up"]


@pytest.mark.parametrize("place", [terminal, entry])
def test_what_the_hand_types_arrives(
    place: Callable[[Desktop], Any], desktop: Desktop, hand: Hand
) -> None:
    where = place(desktop)
    text = "Bonjour, été à 9 h : Noël (100 %) @ç#"
    hand.type(text)
    where.wait_for(text)


def test_a_screen_reader_finds_what_the_hand_presses(
    desktop: Desktop, hand: Hand, reader: Reader
) -> None:
    place = entry(desktop, x=60, y=300)
    wait_until(lambda: reader.find(role="text"), what="the line edit is told")
    (edit,) = reader.find(role="text")
    assert (edit.width, edit.height) == (480, 60)
    hand.click(*edit.middle)
    hand.type("oui")
    place.wait_for("oui")
    assert [widget.text for widget in reader.find("^oui$", role="text")] == ["oui"]
    (edit,) = reader.find(role="text")
    assert edit.states >= {"enabled", "focused", "showing"}


def test_another_layout_types_other_characters(
    desktop: Desktop, hand: Hand, listener: Listener
) -> None:
    codes = []
    for layout in ("fr", "us"):
        desktop.keyboard(layout)
        mark = listener.mark()
        hand.key("a")
        codes.append(listener.wait_for(mark=mark, kind="key down")[0].detail)
    assert codes == [24, 38]  # where Q and A are on a US keyboard


def test_a_painting_is_where_it_says(desktop: Desktop) -> None:
    with Painting(desktop, 100, 60, 200, 120) as painting:
        (first, second), (third, fourth) = painting.middles()
        seen = [painting.colour_at(*at) for at in (first, second, third, fourth)]
        assert tuple(seen) == CORNERS
        assert (first, fourth) == ((150, 90), (250, 150))
        painting.paint([[(1, 2, 3)]])
        assert painting.colour_at(*first) == (1, 2, 3)


def test_a_pixel_of_a_canvas_is_read(page: Page) -> None:
    said = complaints(page)
    page.goto("data:text/html,<canvas id=screen width=40 height=20></canvas>")
    page.locator("#screen").evaluate(
        "canvas => { const c = canvas.getContext('2d');"
        " c.fillStyle = 'rgb(12,34,56)'; c.fillRect(10, 5, 4, 4); }"
    )
    wait_for_pixel(page, "#screen", (13, 8), (12, 34, 56))
    assert canvas_pixel(page, "#screen", 14, 8) == (0, 0, 0)
    assert said == []


def test_two_desktops_do_not_share_a_hand(folder: Path, desktop: Desktop) -> None:
    with (
        xvnc(folder / "y", manager=False) as other,
        Hand(other.socket) as hand,
        Listener(desktop.display) as here,
        Listener(other.display) as there,
    ):
        hand.move(50, 50, steps=2)
        there.wait_for(lambda seen: len(seen) >= 2)
        assert here.since() == []


def test_a_dead_x_server_fails_the_test(folder: Path) -> None:
    with (
        pytest.raises(AssertionError, match="the X server died"),
        xvnc(folder / "z", manager=False) as desktop,
    ):
        desktop.server.kill()


def test_nothing_a_program_started_is_left(folder: Path) -> None:
    argv = ["sh", "-c", "sleep 600 & echo started; exec sleep 600"]
    with Program(argv, log=folder / "sh.log", env=environment(folder)) as program:
        program.wait_for_line("^started$")
        assert len(program.group()) == 2
    wait_until(lambda: program.group() == [], what="the group to be gone")


def test_a_program_that_ends_early_says_what_it_wrote(folder: Path) -> None:
    argv = [sys.executable, "-c", "print('port in use'); raise SystemExit(3)"]
    with (
        Program(argv, log=folder / "p.log", env=environment(folder)) as program,
        pytest.raises(AssertionError, match=r"ended with 3.*(?s:.)*port in use"),
    ):
        program.wait_for_line("listening")


class Echo(threading.Thread):
    """Says back what it hears, on each connection in turn."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.start()

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                heard, _ = self.listener.accept()
                with heard:
                    while data := heard.recv(65536):
                        heard.sendall(data)


def said_back(port: int, line: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as end:
        try:
            end.sendall(line)
            return end.recv(65536)
        except ConnectionError:
            return b""


def test_a_cable_carries_until_it_is_cut_and_again_when_mended() -> None:
    agent, page = b"GET /agent/v1 HTTP/1.1", b"GET / HTTP/1.1"
    echo = Echo()
    with echo.listener, Cable() as cable:
        cable.lead_to(echo.listener.getsockname()[1])
        assert said_back(cable.port, agent) == agent
        with socket.create_connection(("127.0.0.1", cable.port), 10) as held:
            held.sendall(agent)
            assert held.recv(100) == agent
            cable.cut_customer()
            assert gone(held)
        assert said_back(cable.port, agent) == b""
        assert said_back(cable.port, page) == page
        cable.mend()
        assert said_back(cable.port, agent) == agent
        echo.listener.shutdown(socket.SHUT_RDWR)
    echo.join(10)


def gone(end: socket.socket) -> bool:
    try:
        return end.recv(100) == b""
    except ConnectionError:
        return True


def test_what_a_program_has_in_its_memory_is_found(folder: Path) -> None:
    # Made while it runs: what stands in the command line would be found anyway.
    code = (
        "kept = ''.join(chr(97 + 7 * n % 26) for n in range(20)); print('up'); input()"
    )
    argv = ["sh", "-c", f'tail -f /dev/null | "$0" -c "{code}"', sys.executable]
    with Program(argv, log=folder / "p.log", env=environment(folder)) as program:
        program.wait_for_line("up")
        word = "".join(chr(97 + 7 * n % 26) for n in range(20))
        wanted, other = encodings("kept", word), encodings("other", word[::-1])
        assert found_in(program, wanted | other) == {"kept in utf-8"}
        assert program.running


def test_a_frozen_program_goes_on_when_thawed(folder: Path) -> None:
    argv = [sys.executable, "-c", "print('up'); input_ = __import__('signal').pause()"]
    with Program(argv, log=folder / "p.log", env=environment(folder)) as program:
        program.wait_for_line("up")
        program.freeze()
        state = Path(f"/proc/{program.pid}/stat")
        wait_until(lambda: " T " in state.read_text(), what="the program is frozen")
        program.thaw()
        program.signal(signal.SIGTERM)
        assert program.wait_for_end() == -signal.SIGTERM
