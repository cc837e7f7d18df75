import sys

import pytest

from cordee_agent.desktops import choose
from cordee_agent.desktops.base import NoDesktop

X11 = {"DISPLAY": ":0"}


def test_the_display_asked_for_comes_before_the_environments() -> None:
    assert choose.x11_display(":5", platform="linux", environment=X11) == ":5"
    assert choose.x11_display("", platform="linux", environment=X11) == ":0"
    assert choose.x11_display(None, platform="linux", environment=X11) == ":0"


@pytest.mark.parametrize(
    ("platform", "environment", "sentence"),
    [
        ("win32", X11, "Windows"),
        ("cygwin", X11, "Windows"),
        ("darwin", X11, "macOS"),
        ("linux", {}, "DISPLAY is not set"),
        ("linux", {"DISPLAY": ""}, "DISPLAY is not set"),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, "choose an X11"),
        # Both: the X server is XWayland, which sees only some of the programs.
        ("linux", {**X11, "WAYLAND_DISPLAY": "wayland-0"}, "choose an X11"),
        ("linux", {**X11, "XDG_SESSION_TYPE": "wayland"}, "choose an X11"),
    ],
)
def test_where_the_hand_cannot_be_watched_there_is_no_desktop_but_a_sentence(
    platform: str, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(NoDesktop, match=sentence):
        choose.x11_display(None, platform=platform, environment=environment)


# python-xlib drops the sockets it tried without closing them.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize(
    "open_it", [choose.open_hands, choose.open_screen, choose.release_everything]
)
def test_a_display_that_does_not_answer_is_said(open_it: object) -> None:
    assert callable(open_it)
    with pytest.raises(NoDesktop):
        open_it(":9999")


@pytest.mark.parametrize(
    ("lost", "open_it"),
    [
        ("cordee_agent.desktops.x11.watcher", choose.open_hands),
        ("cordee_agent.desktops.x11.screen", choose.open_screen),
        ("cordee_agent.desktops.x11.lib", choose.release_everything),
    ],
)
def test_a_lost_library_is_a_sentence(
    lost: str, open_it: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(open_it)
    package = sys.modules.get("cordee_agent.desktops.x11")
    if package is not None:
        monkeypatch.delattr(package, lost.rpartition(".")[2], raising=False)
    monkeypatch.setitem(sys.modules, lost, None)
    with pytest.raises(NoDesktop, match=r"not installed|missing"):
        open_it(":9999")
