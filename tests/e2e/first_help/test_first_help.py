"""The whole path, once, on real parts: pixels, keys, hand, journal and bill."""

import pytest
from playwright.sync_api import expect

from cordee_shared.journal.entry import read_entry
from tests.e2e.first_help.story import FirstHelp, bills, journal, kinds
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import CORNERS, Painting, terminal
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_a_first_help_from_the_call_to_the_bill(
    both: FirstHelp, desktop: Desktop, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    with Painting(desktop, 900, 520, 200, 120) as painting:
        both.reaches_viewing()
        # What the X client draws is in the console's canvas, to the pixel.
        for row, colours in zip(
            painting.middles(), (CORNERS[:2], CORNERS[2:]), strict=True
        ):
            for at, colour in zip(row, colours, strict=True):
                claire.sees_pixel(at, colour)
        painting.paint((CORNERS[2:], CORNERS[:2]))
        claire.sees_pixel(painting.middles()[0][0], CORNERS[2])

    place = terminal(desktop)
    place.wait_for_focus()
    both.gives_control()
    durand.finds("utilise votre ordinateur")
    claire.clicks(200, 500)
    place.wait_for_focus()
    claire.page.keyboard.type("éèçàù€@# Âñ ok")
    claire.page.keyboard.press("Enter")
    place.wait_for("éèçàù€@# Âñ ok\n")

    # The hand on the mouse wins; only her click gives control again.
    durand.hand.move(640, 400)
    claire.waits_for_mode("reclaimed")
    durand.finds("Vous avez la main")
    durand.presses("Rendre la main")
    durand.allows_control()
    claire.waits_for_mode("controlling")

    claire.ends()
    claire.waits_for_end("technician_ended")
    durand.finds("ne peut plus prendre le contrôle")
    durand.finds("a mis fin à la séance")
    durand.finds("Rien à payer")  # under a minute: below the policy's minimum
    durand.presses("Fermer")
    assert durand.agent.process.wait_for_end() == 0
    assert durand.agent.process.group() == []

    assert kinds(relay) == [
        "code_issued",
        "code_claimed",
        "bind",
        "bind",
        "keys_confirmed",
        "view_granted",
        "control_requested",
        "control_granted",
        "reclaimed",
        "control_granted",
        "ended",
    ]
    entries = [read_entry(_raw(entry)) for entry in journal(relay)]
    assert [entry.n for entry in entries] == list(range(len(entries)))
    assert entries[-1].data["reason"] == "technician_ended"
    (bill,) = wait_until(lambda: bills(relay), what="the billing record")
    assert bill["units"] == 0
    assert bill["customer"] == "Mme Durand"
    before = relay.billing_file.read_bytes()
    relay.command("billing", "export")
    assert relay.billing_file.read_bytes() == before
    expect(claire.see("ended-bill")).to_be_visible()
    assert wrong == []


def _raw(entry: dict[str, object]) -> bytes:
    from cordee_shared.canonical import canonical

    return canonical(entry)  # type: ignore[arg-type]  # as it came out of JSON


def test_the_customer_may_read_the_code_out_instead(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    claire.signs_in()
    claire.agrees()
    claire.types_code(durand.reads_code())
    durand.allows_seeing()
    claire.waits_for_mode("viewing")
    durand.presses("Terminer")
    claire.waits_for_end("customer_ended")
    durand.finds("Vous avez mis fin à la séance")
    assert kinds(relay)[-1] == "ended"
    assert wrong == []
