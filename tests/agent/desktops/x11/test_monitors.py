import subprocess

import pytest

from cordee_agent.desktops.base import Monitor
from cordee_agent.desktops.x11.monitors import read_layout
from tests.e2e.rig.xvnc import Desktop, closing
from tests.parts import command

pytestmark = [pytest.mark.platform, pytest.mark.slow]


def test_one_screen_is_one_monitor(desktop: Desktop) -> None:
    with closing(desktop.connect()) as connection:
        layout = read_layout(connection)
        assert (layout.width, layout.height) == (1366, 768)
        assert [(m.id, m.x, m.y, m.width, m.height) for m in layout.monitors] == [
            (0, 0, 0, 1366, 768)
        ]
        assert read_layout(connection) == layout


def test_a_split_screen_is_two_monitors_with_another_number(desktop: Desktop) -> None:
    xrandr = command("xrandr", package="x11-xserver-utils")
    with closing(desktop.connect()) as connection:
        before = read_layout(connection)
        for name, geometry, output in [
            ("left", "683/300x768/200+0+0", "VNC-0"),
            ("right", "683/300x768/200+683+0", "none"),
        ]:
            subprocess.run(
                [
                    *(str(xrandr), "-display", desktop.display),
                    *("--setmonitor", name, geometry, output),
                ],
                check=True,
                capture_output=True,
            )
        layout = read_layout(connection)
        assert {(m.x, m.y, m.width, m.height) for m in layout.monitors} == {
            (0, 0, 683, 768),
            (683, 0, 683, 768),
        }
        assert [m.id for m in layout.monitors] == [0, 1]
        assert layout.cfg != before.cfg


def test_a_server_without_monitors_counts_as_one(desktop: Desktop) -> None:
    with closing(desktop.connect()) as connection:
        connection.has_extension = lambda _name: False
        assert read_layout(connection).monitors == (
            Monitor(0, 0, 0, 1366, 768, primary=True),
        )


def test_an_old_randr_counts_as_one(desktop: Desktop) -> None:
    class Old:
        major_version, minor_version = 1, 4

    with closing(desktop.connect()) as connection:
        connection.xrandr_query_version = Old
        assert len(read_layout(connection).monitors) == 1
