import gc
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import mss
import numpy as np
import pytest
from Xlib import Xcursorfont
from Xlib.display import Display

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.desktops.x11 import screen as backend
from cordee_agent.desktops.x11.screen import X11Screen, straight
from cordee_agent.picture.differ import pixels_of
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.xclient import CORNERS, Painting
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

pytestmark = pytest.mark.platform

WIDTH, HEIGHT = 800, 600


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """A small desktop without a window manager."""
    with (
        tempfile.TemporaryDirectory(prefix="cordee-") as folder,
        xvnc(Path(folder) / "x", width=WIDTH, height=HEIGHT, manager=False) as running,
    ):
        yield running


@pytest.fixture
def screen(desktop: Desktop) -> Iterator[X11Screen]:
    """The desktop as the agent sees it, with nothing left to tell."""
    seen = X11Screen(desktop.display)
    quiet(seen)
    yield seen
    seen.close()


def quiet(screen: X11Screen) -> None:
    wait_until(lambda: not screen.wait_change(0.05), what="a quiet desktop")


def colours(screen: X11Screen, places: list[list[tuple[int, int]]]) -> list[object]:
    pixels = pixels_of(screen.grab())
    return [
        [
            (int(word) >> 16 & 255, int(word) >> 8 & 255, int(word) & 255)
            for word in (pixels[y, x] for x, y in row)
        ]
        for row in places
    ]


def test_what_is_painted_is_seen_exactly(desktop: Desktop, screen: X11Screen) -> None:
    with Painting(desktop, 100, 50, 64, 40) as painting:
        assert colours(screen, painting.middles()) == painting.colours
        frame = screen.grab()
        assert (frame.width, frame.height) == (WIDTH, HEIGHT)
        assert len(frame.pixels) >= frame.stride * frame.height
    assert screen.way == "MIT-SHM"


def test_a_change_wakes_who_waits_for_it(desktop: Desktop, screen: X11Screen) -> None:
    assert screen.wait_change(0.05) is False
    with Painting(desktop, 100, 50, 64, 40) as painting:
        assert screen.wait_change(PATIENCE_S) is True
        quiet(screen)
        painting.paint((CORNERS[2:], CORNERS[:2]))
        before = time.monotonic()
        assert screen.wait_change(PATIENCE_S) is True
        assert time.monotonic() - before < PATIENCE_S / 2
        assert colours(screen, painting.middles()) == painting.colours


def test_a_change_between_two_looks_is_not_lost(
    desktop: Desktop, screen: X11Screen
) -> None:
    with Painting(desktop, 100, 50, 64, 40) as painting:
        for _ in range(20):
            painting.paint((CORNERS[2:], CORNERS[:2]))
            assert screen.wait_change(PATIENCE_S) is True
            assert colours(screen, painting.middles()) == painting.colours
            painting.paint((CORNERS[:2], CORNERS[2:]))
            assert screen.wait_change(PATIENCE_S) is True
            assert colours(screen, painting.middles()) == painting.colours


def test_the_pointer_is_where_the_customers_hand_put_it(
    desktop: Desktop, screen: X11Screen
) -> None:
    with Hand(desktop.socket) as hand:
        hand.jump(123, 234)
        wait_until(lambda: desktop.pointer() == (123, 234), what="the pointer")
        cursor = screen.cursor()
        assert cursor is not None
        assert (cursor.x, cursor.y) == (123, 234)
        assert len(cursor.rgba) == cursor.width * cursor.height * 4
        assert cursor.hot_x < cursor.width
        assert cursor.hot_y < cursor.height
        hand.jump(5, 6)
        wait_until(lambda: desktop.pointer() == (5, 6), what="the pointer")
        moved = screen.cursor()
        assert moved is not None
        assert (moved.x, moved.y, moved.serial) == (5, 6, cursor.serial)


def test_a_new_pointer_shape_is_told(desktop: Desktop, screen: X11Screen) -> None:
    before = screen.cursor()
    assert before is not None
    with closing(desktop.connect()) as connection:
        font = connection.open_font("cursor")
        hand = font.create_glyph_cursor(
            font,
            Xcursorfont.hand2,
            Xcursorfont.hand2 + 1,
            (65535, 0, 0),
            (0, 0, 65535),
        )
        connection.screen().root.change_attributes(cursor=hand)
        connection.sync()
        assert screen.wait_change(PATIENCE_S) is True
        after = screen.cursor()
    assert after is not None
    assert after.serial != before.serial
    assert after.rgba != before.rgba
    assert {after.rgba[at : at + 4] for at in range(0, len(after.rgba), 4)} >= {
        bytes((255, 0, 0, 255)),
        bytes((0, 0, 255, 255)),
    }


def test_a_desktop_of_another_size_is_a_new_layout(
    desktop: Desktop, screen: X11Screen
) -> None:
    before = screen.layout()
    assert (before.width, before.height, len(before.monitors)) == (WIDTH, HEIGHT, 1)
    assert screen.layout() is before
    resize(desktop, "640x480")
    assert screen.wait_change(PATIENCE_S) is True
    after = screen.layout()
    assert (after.width, after.height) == (640, 480)
    assert after.cfg != before.cfg
    assert (after.monitors[0].width, after.monitors[0].height) == (640, 480)
    frame = screen.grab()
    assert (frame.width, frame.height) == (640, 480)


def resize(desktop: Desktop, size: str) -> None:
    """Change the desktop's size, as its settings would."""
    subprocess.run(
        ["xrandr", "-d", desktop.display, "-s", size],
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )


def test_a_desktop_that_shrinks_before_the_look_is_looked_at_again(
    desktop: Desktop, screen: X11Screen
) -> None:
    screen.grab()
    stale = screen.layout()
    resize(desktop, "640x480")
    # As if the server's word of it had not come yet.
    screen._is_moved = False
    screen._hear = lambda: None  # type: ignore[method-assign] # the race
    assert screen.layout() is stale
    frame = screen.grab()
    assert (frame.width, frame.height) == (640, 480)


def test_without_shared_memory_another_way_is_found_and_said(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise NoDesktop("not here")

    monkeypatch.setattr(backend, "SharedPicture", refused)
    screen = X11Screen(desktop.display)
    with Painting(desktop, 100, 50, 64, 40) as painting:
        assert colours(screen, painting.middles()) == painting.colours
    # Xvnc lists its depth twice, which mss's default backend does not survive.
    assert screen.way.startswith("mss")
    assert "MIT-SHM: not here" in screen.way
    screen.close()


def test_without_any_way_it_says_why_each_failed(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise NoDesktop("not here")

    monkeypatch.setattr(backend, "SharedPicture", refused)
    monkeypatch.setattr(mss, "MSS", refused)
    screen = X11Screen(desktop.display)
    with pytest.raises(NoDesktop, match="MIT-SHM: not here; mss: not here"):
        screen.grab()
    screen.close()


def test_a_server_that_cannot_tell_of_damage_is_looked_at_each_time(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = Display.has_extension
    monkeypatch.setattr(
        Display,
        "has_extension",
        lambda self, name: (
            name not in ("DAMAGE", "XFIXES", "RANDR") and has(self, name)
        ),
    )
    screen = X11Screen(desktop.display)
    assert screen.wait_change(0.0) is True
    assert screen.wait_change(0.01) is True
    assert screen.cursor() is None
    assert screen.layout().monitors[0].primary
    assert screen.grab().width == WIDTH
    screen.close()


def test_a_server_that_dies_is_said_and_survived() -> None:
    with tempfile.TemporaryDirectory(prefix="cordee-") as folder:
        server = xvnc(Path(folder) / "x", width=WIDTH, height=HEIGHT, manager=False)
        desktop = server.__enter__()
        screen = X11Screen(desktop.display)
        screen.grab()
        desktop.server.kill()
        with pytest.raises(NoDesktop):
            screen.grab()
        with pytest.raises(NoDesktop):
            screen.layout()
        assert screen.cursor() is None
        assert screen.wait_change(0.1) is True
        screen.close()
        with pytest.raises(AssertionError, match="the X server died"):
            server.__exit__(None, None, None)


# python-xlib forgets the sockets it could not connect.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_display_is_said() -> None:
    with pytest.raises(NoDesktop, match="no X server at :4711"):
        X11Screen(":4711")
    gc.collect()


def test_no_display_in_the_environment_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NoDesktop, match="DISPLAY is not set"):
        X11Screen()


def test_premultiplied_pixels_become_straight_ones() -> None:
    half_red, clear, white = 0x80800000, 0x00000000, 0xFFFFFFFF
    argb = np.array([half_red, clear, white, 0x40102040], dtype=np.uint32)
    assert straight(argb.tolist(), 4) == bytes(
        (255, 0, 0, 128, 0, 0, 0, 0, 255, 255, 255, 255, 64, 128, 255, 64)
    )
    assert straight([], 0) == b""
