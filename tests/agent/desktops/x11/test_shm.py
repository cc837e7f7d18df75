import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib.display import Display
from Xlib.error import BadMatch

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.desktops.x11.shm import SharedPicture
from tests.e2e.rig.xclient import CORNERS, Painting
from tests.e2e.rig.xvnc import Desktop, closing, xvnc

pytestmark = pytest.mark.platform

WIDTH, HEIGHT = 640, 480


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """A small desktop without a window manager."""
    with (
        tempfile.TemporaryDirectory(prefix="cordee-") as folder,
        xvnc(Path(folder) / "x", width=WIDTH, height=HEIGHT, manager=False) as running,
    ):
        yield running


def segments() -> set[str]:
    """Return the shared segments of this machine."""
    rows = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return {row.split()[1] for row in rows}


def test_the_server_draws_into_our_memory(desktop: Desktop) -> None:
    with Painting(desktop, 100, 50, 60, 40), closing(desktop.connect()) as connection:
        picture = SharedPicture(connection, WIDTH, HEIGHT)
        picture.take(connection.screen().root)
        at = ((50 * WIDTH) + 100) * 4
        red, green, blue = CORNERS[0]
        assert bytes(picture.pixels[at : at + 3]) == bytes((blue, green, red))
        assert len(picture.pixels) == WIDTH * HEIGHT * 4
        picture.close()


def test_the_memory_is_nobody_elses_and_does_not_outlive_us(desktop: Desktop) -> None:
    before = segments()
    with closing(desktop.connect()) as connection:
        picture = SharedPicture(connection, WIDTH, HEIGHT)
        (ours,) = segments() - before
        (row,) = (
            row.split()
            for row in Path("/proc/sysvipc/shm").read_text().splitlines()
            if row.split()[1] == ours
        )
        # Private, and already marked to go with the last that holds it.
        assert int(row[2], 8) & 0o777 == 0o600
        view = picture.pixels[:4]
        picture.close()
        connection.sync()
        del picture
        gc.collect()
        assert bytes(view) == bytes(4)  # a view that stays sees memory, not a crash
        assert ours in segments()
        del view
        gc.collect()
        assert ours not in segments()


def test_a_picture_larger_than_the_desktop_is_refused_and_the_connection_lives(
    desktop: Desktop,
) -> None:
    with closing(desktop.connect()) as connection:
        picture = SharedPicture(connection, WIDTH + 1, HEIGHT)
        with pytest.raises(BadMatch):
            picture.take(connection.screen().root)
        assert connection.screen().root.get_geometry().width == WIDTH
        picture.close()


def test_a_server_without_shared_memory_is_said(desktop: Desktop) -> None:
    class Without(Display):  # type: ignore[misc] # python-xlib has no types
        def query_extension(self, name: str) -> object:
            return None if name == "MIT-SHM" else super().query_extension(name)

    with closing(Without(desktop.display)) as connection, pytest.raises(NoDesktop):
        SharedPicture(connection, WIDTH, HEIGHT)
