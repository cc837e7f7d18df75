import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Xlib import X
from Xlib.ext import xtest

from cordee_agent.desktops.base import NoDesktop
from cordee_agent.desktops.x11.lib import (
    RAW_BUTTON_PRESS,
    RAW_KEY_PRESS,
    RAW_MOTION,
    RAW_TOUCH_BEGIN,
    Raw,
    Request,
    Requests,
    decode_raw,
    find_xtest_keyboard,
    negotiate_xinput,
    open_display,
    read_devices,
    release_everything,
)
from tests.clock import ManualClock
from tests.e2e.rig.xvnc import Desktop, closing

A, B = Request(RAW_KEY_PRESS, 38), Request(RAW_BUTTON_PRESS, 1)


def requests(*sent: Request) -> Requests:
    made = Requests(lambda: 0.0)
    for request in sent:
        made.expect(request)
    return made


def test_our_requests_come_back_as_ours_once_each() -> None:
    own = requests(A, B)
    assert [own.is_ours(seen) for seen in (A, B, A, B)] == [True, True, False, False]


def test_what_nobody_here_sent_is_not_ours() -> None:
    assert not requests().is_ours(A)
    assert not requests(Request(RAW_MOTION, 0, 5, 6)).is_ours(
        Request(RAW_MOTION, 0, 5, 7)
    )


def test_a_request_without_an_event_does_not_hide_the_next() -> None:
    own = requests(A, A, B)  # the second press of a key that is down is no event
    assert own.is_ours(A)
    assert own.is_ours(B)
    assert not own.is_ours(A)


def test_a_request_without_an_event_is_not_kept_for_a_stranger() -> None:
    clock = ManualClock()
    own = Requests(lambda: clock.monotonic_ms() / 1000)
    own.expect(A)
    clock.advance(seconds=Requests.KEPT_S + 1)
    own.expect(B)
    assert not own.is_ours(A)
    assert own.is_ours(B)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([A, B])), max_size=30))
def test_of_two_that_look_alike_one_is_always_the_customers(
    events: list[tuple[bool, Request]],
) -> None:
    own = requests(*[request for ours, request in events if ours])
    judged = [own.is_ours(request) for _, request in events]
    assert judged.count(False) >= sum(not ours for ours, _ in events)


def raw_bytes(
    *, time: int, detail: int, source: int, axes: dict[int, tuple[int, int]]
) -> bytes:
    """Write an event's body as XI2proto.h has it: accelerated, then raw values."""
    mask = sum(1 << axis for axis in axes)
    values = b"".join(struct.pack("=iI", *axes[axis]) for axis in sorted(axes))
    head = struct.pack("=HIIHHI4x", 2, time, detail, source, 1, 0)
    return head + struct.pack("=I", mask) + values + values


def test_a_raw_event_is_decoded_with_its_fractions_and_signs() -> None:
    data = raw_bytes(
        time=4_000_000_000, detail=0, source=9, axes={0: (-3, 1 << 31), 3: (120, 0)}
    )
    assert decode_raw(RAW_MOTION, data) == Raw(
        RAW_MOTION, 4_000_000_000, 0, 9, {0: -2.5, 3: 120.0}
    )


def test_a_touch_is_decoded_like_the_others() -> None:
    data = raw_bytes(time=5, detail=77, source=11, axes={0: (10, 0), 1: (20, 0)})
    assert decode_raw(RAW_TOUCH_BEGIN, data) == Raw(
        RAW_TOUCH_BEGIN, 5, 77, 11, {0: 10.0, 1: 20.0}
    )


# python-xlib drops the sockets it tried without closing them.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    with pytest.raises(NoDesktop, match="the X server cannot be reached"):
        open_display(":9999")


@pytest.mark.parametrize(
    ("has", "sentence"),
    [
        ({"XWAYLAND", "XTEST", "XInputExtension"}, "Wayland"),
        ({"XInputExtension"}, "no XTEST"),
        ({"XTEST"}, "no XInputExtension"),
    ],
)
def test_a_server_that_lacks_something_is_said_in_a_sentence(
    has: set[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []

    class Lacking:
        def __init__(self, _name: str | None) -> None:
            pass

        def set_error_handler(self, _handler: object) -> None:
            pass

        def has_extension(self, name: str) -> bool:
            return name in has

        def close(self) -> None:
            closed.append(True)

    monkeypatch.setattr("cordee_agent.desktops.x11.lib.Display", Lacking)
    with pytest.raises(NoDesktop, match=sentence):
        open_display(":0")
    assert closed == [True]


@pytest.mark.platform
@pytest.mark.slow
def test_the_devices_of_programs_are_known_by_their_property(desktop: Desktop) -> None:
    with closing(open_display(desktop.display)) as display:
        assert negotiate_xinput(display) > 0
        devices = read_devices(display)
        names = {
            info.deviceid: info.name for info in display.xinput_query_device(0).devices
        }
        of_programs = {names[id] for id, device in devices.items() if device.xtest}
        assert of_programs == {
            "Virtual core XTEST pointer",
            "Virtual core XTEST keyboard",
        }
        keyboard = find_xtest_keyboard(display)
        assert keyboard is not None
        assert names[keyboard] == "Virtual core XTEST keyboard"


@pytest.mark.platform
@pytest.mark.slow
def test_everything_is_released_over_a_connection_of_its_own(desktop: Desktop) -> None:
    with closing(desktop.connect()) as connection:
        for keycode in (37, 50, 38):
            xtest.fake_input(connection, X.KeyPress, keycode)
        for button in (1, 3, 9):
            xtest.fake_input(connection, X.ButtonPress, button)
        connection.sync()
        root = connection.screen().root
        assert root.query_pointer().mask == 0x505  # Shift, Ctrl, buttons 1 and 3
        release_everything(desktop.display)
        assert root.query_pointer().mask == 0
        assert not any(connection.query_keymap())
