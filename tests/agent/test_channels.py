"""What the two people share reaches its handler in the states that allow it."""

import pytest

from cordee_agent.channels import NOTICE_S, Channels
from cordee_agent.window.sharing import Shared
from cordee_shared.errors import MalformedFrame
from cordee_shared.session.states import SHARED, State
from cordee_shared.wire.frames import Channel
from tests.clock import ManualClock


class Noting:
    """A handler that only notes what it was told."""

    def __init__(self) -> None:
        """Know of nothing."""
        self.did: list[object] = []

    def take(self, payload: bytes) -> None:
        """Note it."""
        self.did.append(payload)

    def command(self, command: object) -> None:
        """Note it."""
        self.did.append(command)

    def settle(self, is_open: bool) -> None:
        """Note it."""
        self.did.append(is_open)

    def on_time(self) -> None:
        """Note it."""
        self.did.append("time")

    def stop(self) -> None:
        """Note it."""
        self.did.append("stop")

    def show(self, shared: Shared) -> Shared:
        """Note it."""
        self.did.append("show")
        return shared


@pytest.mark.parametrize("state", State)
def test_s40_a_record_is_taken_from_the_first_yes_to_the_end(state: State) -> None:
    chat = Noting()
    channels = Channels({Channel.CHAT: chat}, ManualClock())
    if state in SHARED:
        channels.take(Channel.CHAT, b"x", state)
        assert chat.did == [b"x"]
    else:
        with pytest.raises(MalformedFrame):
            channels.take(Channel.CHAT, b"x", state)
        assert chat.did == []


def test_a_channel_that_nobody_takes_is_a_violation() -> None:
    with pytest.raises(MalformedFrame):
        Channels({Channel.CHAT: Noting()}, ManualClock()).take(
            Channel.FILE, b"x", State.VIEWING
        )


def test_every_handler_hears_of_everything() -> None:
    one, other = Noting(), Noting()
    channels = Channels({Channel.CHAT: one, Channel.FILE: other}, ManualClock())
    channels.command("click")
    channels.settle(State.PAUSED)
    channels.settle(State.INTERRUPTED)
    channels.on_time()
    assert channels.shared == Shared()
    channels.stop()
    assert one.did == ["click", True, False, "time", "show", "stop"]
    assert other.did == one.did


def test_what_is_announced_stands_for_a_while() -> None:
    clock = ManualClock()
    channels = Channels({}, clock)
    assert channels.shared.notice == ""
    clock.advance(seconds=100)
    channels.announce("screenshot")
    assert channels.shared.notice == "screenshot"
    clock.advance(seconds=NOTICE_S)
    assert channels.shared.notice == ""
