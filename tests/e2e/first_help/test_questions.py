"""A consumer who may still withdraw: every question answered by hand, then an extra."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cordee_shared.billing.record import BillingRecord
from tests.e2e.first_help.story import Durand, FirstHelp, wait_for_kind
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.relay import Relay

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ANSWERS = (
    "Oui",
    "Sauvegardez-les d’abord, pour 20,00\u00a0€ TTC en plus",
    "Je demande expressément que l’intervention commence avant la fin du délai de "
    "rétractation de 14 jours.",
    "Je reconnais perdre mon droit de rétractation une fois la prestation pleinement "
    "exécutée.",
)


@pytest.fixture
def relay(folder: Path, deadlines: dict[str, int]) -> Iterator[Relay]:
    """A relay whose customers are consumers, whom the law wants asked."""
    with Relay(folder / "relay", deadlines=deadlines, asks=True) as running:
        yield running


def chooses(durand: Durand, words: str) -> None:
    """Go to the next question, and press one of its answers with the mouse.

    A press while the page is still deaf does nothing: then she presses again.
    """

    def in_sight() -> tuple[int, int] | None:
        """Where the answer stands, once the page has scrolled to it."""
        more = durand.finds("^Répondre ", "button").middle
        at = durand.finds(f"^{words}$").middle
        if at[1] < more[1] - 60:
            return at
        durand.hand.click(*more)
        return None

    def is_chosen() -> bool:
        return "checked" in durand.finds(f"^{words}$").states

    at = wait_until(in_sight, what=lambda: f"{words!r} in sight")
    for _ in range(3):
        durand.hand.click(*at)
        with contextlib.suppress(AssertionError):
            wait_until(is_chosen, within=3)
            return
    raise AssertionError(f"{words!r} was pressed and not chosen")


def lines(relay: Relay) -> list[bytes]:
    """Return what was handed over."""
    if not relay.billing_file.exists():
        return []
    return relay.billing_file.read_bytes().splitlines(keepends=True)


def may_say_yes(durand: Durand) -> bool:
    return "enabled" in durand.finds("^Autoriser$").states


def test_R06_R08_R13_R31_every_answer_by_mouse_and_an_extra_by_a_click(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    claire.signs_in()
    claire.agrees()
    durand.types_code(claire.invites())
    durand.finds("demande à voir votre écran")
    for words in ANSWERS:
        assert not may_say_yes(durand)
        chooses(durand, words)
    durand.presses("Autoriser")
    claire.waits_for_mode("viewing")
    granted = wait_for_kind(relay, "view_granted")
    assert granted["data"]["answers"] == {
        "adult": "adult",
        "backup": "please",
        "early": "yes",
        "waiver": "yes",
    }
    assert granted["data"]["hand"] == "mouse"

    claire.see("extra-open").click()
    claire.see("extra-label").fill("Antivirus, un an")
    claire.see("extra-price").fill("39,90")
    claire.see("extra-propose").click()
    durand.finds("propose un travail en plus")
    durand.presses("Accepter ce prix")
    wait_for_kind(relay, "extra_accepted")
    claire.reads("extra", "accepté")

    claire.ends()
    claire.waits_for_end("technician_ended")
    (line,) = wait_until(lambda: lines(relay), what=lambda: "a record in the file")
    record = BillingRecord.read(line)
    # No control, so no service; what was ordered by a click is owed.
    assert [(one.label, one.price_cents) for one in record.extras] == [
        ("Sauvegarde préalable des données", 2000),
        ("Antivirus, un an", 3990),
    ]
    assert (record.service_cents, record.amount_cents) == (0, 5990)
    durand.finds("59,90")
    assert wrong == []
