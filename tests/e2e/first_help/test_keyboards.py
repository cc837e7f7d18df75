"""Every key of four layouts, pressed in a real browser, read from the customer."""

from pathlib import Path

import pytest

from tests.e2e.first_help.story import Claire, Durand, FirstHelp
from tests.e2e.rig import browser as rig_browser
from tests.e2e.rig.browser import complaints
from tests.e2e.rig.layouts import AZERTY, BEPO, QWERTY, QWERTZ, Keys, Layout
from tests.e2e.rig.processes import PATIENCE_S
from tests.e2e.rig.relay import Relay, Technician
from tests.e2e.rig.xclient import terminal
from tests.e2e.rig.xvnc import Desktop, xvnc

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: Whose layout is on which side: each is typed once and typed into once.
PAIRS: list[tuple[Layout, Layout]] = [
    (AZERTY, QWERTY),
    (QWERTY, QWERTZ),
    (QWERTZ, BEPO),
    (BEPO, AZERTY),
]


def test_every_key_of_four_layouts_reaches_the_customer_whatever_theirs_is(
    folder: Path,
    relay: Relay,
    technician: Technician,
    durand: Durand,
    desktop: Desktop,
) -> None:
    # AZERTY, QWERTY, QWERTZ and BÉPO: 600 characters, dead keys and AltGr among them.
    with (
        xvnc(folder / "t", width=1440, height=900) as hers,
        rig_browser.browser(env=hers.env(XMODIFIERS="@im=none"), height=760) as context,
        Keys(hers.display) as keys,
    ):
        claire = Claire(context.new_page(), relay, technician)
        wrong = complaints(claire.page)
        FirstHelp(claire, durand).reaches_viewing()
        place = terminal(desktop, geometry="100x14+40+440")
        FirstHelp(claire, durand).gives_control()
        claire.clicks(200, 500)
        place.wait_for_focus()
        typed = ""
        for technicians, customers in PAIRS:
            hers.keyboard(technicians.name, technicians.variant)
            desktop.keyboard(customers.name, customers.variant)
            keys.read()
            keys.type(keys.characters)
            typed += keys.characters
            for composed, (code, shift, letter) in technicians.dead.items():
                keys.compose(code, letter, shift=shift)
                typed += composed
            place.wait_for(typed, within=3 * PATIENCE_S)
        assert wrong == []
