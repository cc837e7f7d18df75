"""The customer hides the screen: nothing of it crosses until it is shown again."""

import pytest
from playwright.sync_api import Page, WebSocket, expect

from cordee_shared.wire.frames import Channel
from tests.e2e.first_help.story import CUSTOMER, FirstHelp, kinds
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import CORNERS, Painting
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

#: Version, epoch, channel: what of a record is in clear.
_CHANNEL_AT = 2


@pytest.fixture
def channels(page: Page) -> list[int]:
    """The channel of each record that reaches the technician's page."""
    seen: list[int] = []

    def opened(link: WebSocket) -> None:
        link.on(
            "framereceived",
            lambda frame: (
                seen.append(frame[_CHANNEL_AT]) if isinstance(frame, bytes) else None
            ),
        )

    page.on("websocket", opened)
    return seen


def test_what_is_hidden_is_not_sent_and_control_does_not_come_back_with_it(
    both: FirstHelp,
    relay: Relay,
    desktop: Desktop,
    channels: list[int],
    wrong: list[str],
) -> None:
    claire, durand = both.claire, both.durand
    with Painting(desktop, 900, 520, 200, 120) as painting:
        place = painting.middles()[0][0]
        both.reaches_control()
        claire.sees_pixel(place, CORNERS[0])
        durand.presses("Masquer l’écran")
        claire.waits_for_mode("paused")
        claire.reads("cover", f"{CUSTOMER} a masqué son écran")
        durand.finds("Écran masqué")
        until_hidden = len(channels)

        painting.paint((CORNERS[2:], CORNERS[:2]))
        durand.hand.move(700, 650)
        # Shown again by her own hand, after what had to stay hidden has happened.
        durand.shows_again()
        claire.waits_for_mode("viewing")
        claire.sees_pixel(place, CORNERS[2])
        expect(claire.see("cover")).to_have_count(0)

    assert Channel.SCREEN in channels[:until_hidden]
    # The first record after it is the act that shows the screen again.
    assert channels[until_hidden] == Channel.CONTROL
    assert kinds(relay)[-2:] == ["paused", "continued"]
    claire.ends()
    durand.finds("claire a mis fin à la séance")
    assert wrong == []
