"""The window on a real X server: on top, true to the X server's time, hand-pressed.

The customer's hand is a VNC client's; the technician's is our own guard's, which is
not told where our windows are, so that the window alone has to refuse.
"""

import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import BIN, Program, wait_until
from tests.e2e.rig.reader import Place, Reader
from tests.e2e.rig.xvnc import Desktop, closing

pytestmark = [pytest.mark.platform, pytest.mark.timeout(240)]

#: Stripe and frame, as they lie on the screen.
RED, BLUE = (0xC8, 0x15, 0x2D), (0x15, 0x57, 0xC0)


class Shown:
    """The window in its own process, and what it says."""

    def __init__(self, desktop: Desktop, folder: Path, **env: str) -> None:
        self._fifo = folder / "lines"
        os.mkfifo(self._fifo)
        self._desktop = desktop
        module = "tests.agent.window.stand"
        self.program: Program = desktop.start(
            *(sys.executable, "-m", module, self._fifo, "fr"), name="window", **env
        )
        self.program.wait_for_line("^ready$")

    def do(self, line: str) -> None:
        """Have a line done."""
        self._fifo.write_text(line + "\n", "utf-8")

    def show(self, name: str) -> None:
        """Show a view and wait until it is there."""
        before = self.count("shown", name)
        self.do(f"show {name}")
        wait_until(lambda: self.count("shown", name) > before, what=self.program.text)

    def said(self, *words: str) -> list[str]:
        """Return the lines that begin with these words."""
        start = " ".join(words)
        return [
            each for each in self.program.text().splitlines() if each.startswith(start)
        ]

    def count(self, *words: str) -> int:
        """Count the lines that begin with these words."""
        return len(self.said(*words))

    def wait_told(self, command: str, *, times: int = 1) -> None:
        """Wait until the session was told so often what begins with these words."""
        wait_until(
            lambda: sum(each.startswith(command) for each in self.told()) == times,
            what=self.program.text,
        )

    def told(self) -> list[str]:
        """Return what the session was told."""
        return [each.removeprefix("told ") for each in self.said("told")]


@pytest.fixture
def shown(desktop: Desktop, folder: Path) -> Iterator[Shown]:
    """The window on the customer's desktop, showing nothing yet."""
    made = Shown(desktop, folder)
    yield made
    made.program.stop()


@pytest.fixture
def reader(desktop: Desktop) -> Iterator[Reader]:
    """A screen reader, which finds what is to be pressed."""
    with Reader(desktop.env()) as ours:
        yield ours


def place_of(reader: Reader, name: str) -> Place:
    """Return where a button is that can be pressed now."""

    def look() -> Place | None:
        found = [w for w in reader.find(f"^{name}$", "button") if "enabled" in w.states]
        return found[0].middle if found else None

    return wait_until(look, what=f"a button called {name}")


def colour(desktop: Desktop, x: int, y: int) -> tuple[int, int, int]:
    """Return what is on the screen at a place."""
    with closing(desktop.connect()) as connection:
        image = connection.screen().root.get_image(x, y, 1, 1, 2, 0xFFFFFFFF)
        blue, green, red = image.data[:3]
        return red, green, blue


def wait_colour(desktop: Desktop, x: int, y: int, wanted: tuple[int, int, int]) -> None:
    wait_until(
        lambda: colour(desktop, x, y) == wanted,
        what=lambda: f"{wanted} at {x}, {y}; it is {colour(desktop, x, y)}",
    )


def test_s23_the_bar_stays_above_whatever_is_opened_or_raised(
    desktop: Desktop, shown: Shown, hand: Hand, reader: Reader
) -> None:
    shown.show("live-viewing")
    middle = desktop.width // 2
    wait_colour(desktop, middle, 2, BLUE)
    for geometry in (["-geometry", "200x60+0+0"], ["-fullscreen"]):
        before = _windows(desktop)
        desktop.start("xterm", *geometry)
        (new,) = _wait_new(desktop, before)
        _raise(desktop, new)
        wait_until(
            lambda: colour(desktop, 4, 400) == (255, 255, 255), what="on the screen"
        )
        # It may have been covered for a moment; then it comes back, and stays.
        wait_colour(desktop, middle, 2, BLUE)
    hand.click(*place_of(reader, "Terminer"))
    shown.wait_told("EndSession()")


def test_the_red_frame_is_on_the_screen_and_lets_clicks_through(
    desktop: Desktop, shown: Shown, hand: Hand, reader: Reader
) -> None:
    shown.show("live-controlling")
    right, bottom = desktop.width - 3, desktop.height - 3
    for x, y in ((3, 400), (right, 400), (300, bottom), (desktop.width // 2, 2)):
        wait_colour(desktop, x, y, RED)
    terminal = desktop.start("xterm", "-fullscreen", "-e", "sh", "-c", _CLICKS)
    terminal.wait_for_line("^ready")
    wait_colour(desktop, 3, 400, RED)
    hand.click(3, 400)
    terminal.wait_for_line("^clicked")
    shown.show("live-reclaimed")
    wait_until(lambda: colour(desktop, right, 400) != RED, what="the frame goes")


def test_qts_time_stamps_are_those_the_guard_reports(
    shown: Shown, hand: Hand, reader: Reader
) -> None:
    shown.show("live-viewing")
    at = place_of(reader, "Terminer")
    for number in range(1, 11):
        hand.click(*at)
        shown.wait_told("EndSession()", times=number)
    hand.key("Return")  # the clicked button has the keyboard
    shown.wait_told("EndSession()", times=11)
    qt = [int(line.split()[1]) for line in shown.said("seen")]
    guard = [int(line.split()[1]) for line in shown.said("guard")]
    assert len(qt) == 11
    assert set(qt) <= set(guard)


def test_the_hand_ends_the_session_and_an_injected_click_does_not(
    shown: Shown, hand: Hand, reader: Reader
) -> None:
    shown.show("live-viewing")
    at = place_of(reader, "Terminer")
    shown.do("inject Terminer")
    wait_until(lambda: shown.count("seen"), what=shown.program.text)
    wait_until(lambda: shown.said("guard"), what=shown.program.text)
    assert re.fullmatch(r"guard \d+ us", shown.said("guard")[0])
    # The guard reports in order: when the hand's click is told, ours was refused.
    hand.click(*at)
    shown.wait_told("EndSession()")
    assert shown.told() == ["EndSession()"]
    assert shown.count("seen") == 2


def test_only_the_hand_answers_the_question_about_control(
    shown: Shown, hand: Hand, reader: Reader
) -> None:
    shown.show("question-control")
    at = place_of(reader, "Autoriser")
    shown.do("inject Autoriser")
    wait_until(lambda: shown.count("seen"), what=shown.program.text)
    shown.do("inject Refuser")
    wait_until(lambda: shown.count("seen") == 2, what=shown.program.text)
    hand.click(*at)
    answer = "Answer(question=1, yes=True, hand=<Hand.MOUSE: 'mouse'>"
    shown.wait_told(answer)
    assert len(shown.told()) == 1


def test_the_keyboard_alone_refuses_what_is_asked(
    shown: Shown, hand: Hand, reader: Reader
) -> None:
    shown.show("question-view")
    place_of(reader, "Refuser")
    wait_until(
        lambda: any("focused" in each.states for each in reader.widgets()),
        what="the keyboard in the window",
    )
    hand.key("Tab")
    wait_until(
        lambda: "focused" in reader.find("^Refuser$", "button")[0].states,
        what="the keyboard on the refusal",
    )
    hand.key("Return")
    answer = "Answer(question=1, yes=False, hand=<Hand.KEYBOARD: 'keyboard'>"
    shown.wait_told(answer)


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_the_guard_keeps_clicks_out_of_our_windows_at_every_scale(
    desktop: Desktop, folder: Path, scale: str, hand: Hand
) -> None:
    shown = Shown(desktop, folder, QT_SCALE_FACTOR=scale)
    shown.do("own")
    shown.show("live-controlling")
    wait_until(lambda: shown.count("rects"), what=shown.program.text)
    left, top, width, height = _numbers(shown.said("rects")[-1])
    assert colour(desktop, left + width // 2, top + 2) == RED
    below = colour(desktop, left + width // 2, top + height + 2)
    above = colour(desktop, left + width // 2, top + height - 3)
    assert above != below
    assert above == (0x14, 0x1D, 0x36)
    shown.do("inject Terminer")
    shown.do("inject Reprendre la main")
    hand.click(left + 40, top + 20)  # on the bar, beside every button
    wait_until(lambda: shown.said("guard"), what=shown.program.text)
    assert [each.split()[2] for each in shown.said("guard")] == ["customer"]
    assert shown.count("seen") == 0
    shown.program.stop()


def test_r20_the_agent_ends_when_the_system_says_so_and_leaves_nothing(
    desktop: Desktop,
) -> None:
    agent = desktop.start(
        # Nobody answers at this port.
        *(BIN / "cordee-agent", "--relay", "http://127.0.0.1:9", "--lang", "fr"),
        name="agent",
    )
    before = _windows(desktop)
    _wait_new(desktop, before)
    agent.signal(signal.SIGTERM)
    assert agent.wait_for_end() == 0
    wait_until(lambda: agent.group() == [], what="nothing left of it")
    assert "Traceback" not in agent.text()


#: Says when a button is pressed in the terminal (xterm's mouse reports).
_CLICKS = (
    "stty raw -echo; printf '\\033[?1000h'; echo ready > /proc/$PPID/fd/1;"
    " dd bs=1 count=6 >/dev/null 2>&1; echo clicked > /proc/$PPID/fd/1; sleep 60"
)


def _numbers(line: str) -> tuple[int, int, int, int]:
    left, top, width, height = map(int, re.findall(r"-?\d+", line)[:4])
    return left, top, width, height


def _windows(desktop: Desktop) -> set[int]:
    with closing(desktop.connect()) as connection:
        atom = connection.intern_atom("_NET_CLIENT_LIST")
        listed = connection.screen().root.get_full_property(atom, 0)
        return set() if listed is None else set(listed.value)


def _wait_new(desktop: Desktop, before: set[int]) -> set[int]:
    return wait_until(lambda: _windows(desktop) - before, what="a new window")


def _raise(desktop: Desktop, window: int) -> None:
    with closing(desktop.connect()) as connection:
        made = connection.create_resource_object("window", window)
        made.raise_window()
        connection.sync()
