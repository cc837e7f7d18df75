"""Every way in which it can end: journaled, told to both people, nothing left.

Deadlines are the relay's own settings, shortened; what a person would wait for in
minutes comes here in seconds.
"""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.first_help.story import (
    CUSTOMER,
    Claire,
    FirstHelp,
    ended,
    journal,
    kinds,
    misheard,
    records,
    wait_for_kind,
)
from tests.e2e.rig.agent import windows
from tests.e2e.rig.cable import Cable
from tests.e2e.rig.listener import Listener
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import CORNERS, Painting, terminal
from tests.e2e.rig.xvnc import Desktop, closing

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def last(relay: Relay) -> dict[str, Any]:
    """Return what the latest session's last entry says."""
    data: dict[str, Any] = journal(relay)[-1]["data"]
    return data


def ready(both: FirstHelp) -> Claire:
    """Sign in and write the engagement down."""
    both.claire.signs_in()
    both.claire.agrees()
    return both.claire


# --- the code -----------------------------------------------------------------------


def test_an_invitation_typed_wrong_three_times_is_worth_nothing(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = ready(both), both.durand
    code = claire.invites()
    # A digit that cannot be right is found here, and costs nothing.
    durand.types_code(code[:-1] + str((int(code[-1]) + 1) % 10))
    durand.finds("Un chiffre n’est pas le bon")
    assert kinds(relay) == ["code_issued"]

    other = misheard(code)
    durand.retypes_code(other)
    claire.reads("code-runs", "Il en reste 2")
    durand.finds("Ce code n’est pas le bon")
    durand.retypes_code(other)
    claire.reads("code-runs", "Il en reste un")
    durand.finds("Ce code n’est pas le bon")
    durand.retypes_code(other)
    claire.reads("invite-refusal", "il ne vaut plus rien")
    assert ended(relay) == "code_refused"
    assert kinds(relay) == [
        "code_issued",
        *["code_claimed", "run_failed"] * 2,
        "code_claimed",
        "ended",
    ]
    # Now even the right one is nothing, and that is all that is said.
    durand.retypes_code(code)
    durand.finds("Ce code n’est pas valable")
    assert [record.units for record in records(relay)] == [0]
    # Both can go on from here, with a new one.
    durand.retypes_code(claire.invites())
    durand.allows_seeing()
    claire.waits_for_mode("viewing")
    assert wrong == []


def test_a_code_typed_wrong_by_the_technician_is_burnt_at_once(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = ready(both), both.durand
    code = durand.reads_code()
    claire.types_code(misheard(code))
    claire.reads("claim-refusal", "Le code n’était pas le bon")
    durand.finds("Le code a été mal tapé de l’autre côté")
    assert ended(relay) == "code_refused"
    claire.types_code(code)
    claire.reads("claim-refusal", "Ce code n’est pas valable")
    claire.types_code(durand.reads_code())
    durand.allows_seeing()
    claire.waits_for_mode("viewing")
    assert wrong == []


@pytest.mark.parametrize("deadlines", [{"invitation_s": 3}])
def test_an_invitation_that_waited_too_long_has_expired(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = ready(both), both.durand
    code = claire.invites()
    claire.reads("invite-refusal", "Le code a expiré avant d’être tapé")
    assert ended(relay) == "code_expired"
    durand.types_code(code)
    durand.finds("Ce code n’est pas valable")
    assert kinds(relay) == ["code_issued", "ended"]
    assert wrong == []


@pytest.mark.parametrize("deadlines", [{"agent_code_s": 3}])
def test_a_code_that_waited_too_long_on_the_customers_screen_has_expired(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = ready(both), both.durand
    code = durand.reads_code()
    durand.finds("Ce code n’est plus valable")
    assert ended(relay) == "code_expired"
    claire.types_code(code)
    claire.reads("claim-refusal", "Ce code n’est pas valable")
    assert kinds(relay) == ["code_issued", "ended"]
    assert wrong == []


# --- consent ------------------------------------------------------------------------


def test_a_refusal_ends_it_before_anything_was_seen(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = ready(both), both.durand
    durand.types_code(claire.invites())
    durand.finds("demande à voir votre écran")
    durand.says_no()
    claire.waits_for_end("consent_denied")
    claire.reads("ended-why", f"{CUSTOMER} a préféré ne pas montrer son écran")
    durand.finds("Vous avez refusé. Personne n’a vu votre écran")
    durand.closes()
    assert kinds(relay)[-3:] == ["keys_confirmed", "consent_refused", "ended"]
    assert last(relay)["reason"] == "consent_denied"
    assert [(r.seconds, r.units) for r in records(relay)] == [(0, 0)]
    assert wrong == []


@pytest.mark.parametrize("deadlines", [{"consent_s": 3}])
def test_no_answer_means_no(both: FirstHelp, relay: Relay, wrong: list[str]) -> None:
    claire, durand = ready(both), both.durand
    durand.types_code(claire.invites())
    claire.waits_for_end("consent_expired")
    claire.reads("ended-why", f"{CUSTOMER} n’a pas répondu à temps")
    durand.finds("Sans réponse de votre part, c’était non")
    durand.closes()
    refused = wait_for_kind(relay, "consent_refused")
    assert refused["data"] == {"scope": "view", "why": "timeout"}
    assert (journal(relay)[-1]["side"], ended(relay)) == ("customer", "consent_expired")
    assert wrong == []


def test_control_refused_leaves_the_technician_a_spectator(
    both: FirstHelp, relay: Relay, listener: Listener, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_viewing()
    claire.asks_for_control()
    durand.finds("demande à utiliser votre souris")
    durand.says_no()
    claire.reads("mode-hint", f"{CUSTOMER} garde la main")
    claire.waits_for_mode("viewing")
    claire.clicks(200, 500)
    claire.ends()
    durand.finds("claire a mis fin à la séance")
    durand.closes()
    assert listener.since(source="xtest") == []
    assert kinds(relay)[-3:] == ["control_requested", "consent_refused", "ended"]
    assert wrong == []


# --- somebody is gone ---------------------------------------------------------------


@pytest.mark.parametrize("deadlines", [{"tick_s": 1}])
@pytest.mark.parametrize("policy", ["as-written-2021"])
def test_a_killed_relay_takes_nothing_with_it(
    both: FirstHelp, relay: Relay, desktop: Desktop
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    checkpoint = wait_for_kind(relay, "checkpoint")
    relay.process.kill()
    durand.finds("Liaison perdue")
    claire.waits_for_mode("interrupted")
    claire.reads("mode-hint", "Votre liaison est coupée")
    relay.start()
    claire.waits_for_end("link_expired")
    claire.reads("ended-why", "La liaison n’est pas revenue à temps")
    durand.finds("ne peut plus prendre le contrôle")
    durand.finds("La liaison a été perdue")
    durand.closes()
    assert windows(desktop) == set()
    assert ended(relay) == "relay_stopped"
    assert last(relay)["recovered"] is True
    # What the journal proves is billed, not what might have been.
    (record,) = records(relay)
    proven = [
        entry for entry in journal(relay) if entry["kind"] in ("checkpoint", "tick")
    ][-1]
    assert record.segments[-1].end_us <= proven["mono_us"]
    assert record.segments[-1].end_us >= checkpoint["data"]["customer_us"]
    assert record.end_reason == "relay_crashed"


def test_a_stopped_relay_says_goodbye(
    both: FirstHelp, relay: Relay, desktop: Desktop
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    relay.process.signal(signal.SIGTERM)
    assert relay.process.wait_for_end() == 0
    claire.waits_for_end("relay_stopped")
    claire.reads("ended-why", "Le relais a été arrêté par son responsable")
    durand.finds("Le serveur d’assistance s’est arrêté")
    durand.finds("Rien à payer")
    durand.closes()
    assert windows(desktop) == set()
    assert ended(relay) == "relay_stopped"
    assert "recovered" not in last(relay)
    assert [r.end_reason for r in records(relay)] == ["relay_stopped"]


@pytest.mark.parametrize("deadlines", [{"resume_s": 5}])
def test_a_killed_agent_lets_everything_go(
    both: FirstHelp, relay: Relay, desktop: Desktop, listener: Listener
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    mark = listener.mark()
    claire.moves(300, 500)
    claire.page.mouse.down()
    claire.page.keyboard.down("Shift")
    listener.wait_for(mark=mark, source="xtest", kind="button down")
    listener.wait_for(mark=mark, source="xtest", kind="key down")
    durand.agent.process.kill()
    listener.wait_for(mark=mark, source="xtest", kind="button up")
    listener.wait_for(mark=mark, source="xtest", kind="key up")
    wait_until(
        lambda: durand.agent.process.group() == [],
        what=lambda: f"the guard goes: {durand.agent.process.group()}",
    )
    with closing(desktop.connect()) as connection:
        assert not any(connection.query_keymap())
        assert connection.screen().root.query_pointer().mask & 0x1F00 == 0
    claire.waits_for_mode("interrupted")
    claire.reads("mode-hint", f"La liaison de {CUSTOMER} est coupée")
    claire.waits_for_end("link_expired")
    claire.reads("ended-why", "La liaison n’est pas revenue à temps")
    assert kinds(relay)[-2:] == ["link_lost", "ended"]
    assert last(relay)["reason"] == "link_expired"
    assert windows(desktop) == set()


@pytest.mark.parametrize("deadlines", [{"resume_s": 5}])
def test_a_closed_browser_ends_it(
    both: FirstHelp, relay: Relay, desktop: Desktop, listener: Listener, page: Page
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    mark = listener.mark()
    claire.moves(300, 500)
    claire.page.mouse.down()
    listener.wait_for(mark=mark, source="xtest", kind="button down")
    page.context.close()
    listener.wait_for(mark=mark, source="xtest", kind="button up")
    durand.finds("Liaison perdue")
    durand.finds("La liaison a été perdue trop longtemps")
    durand.closes()
    assert windows(desktop) == set()
    assert kinds(relay)[-2:] == ["link_lost", "ended"]
    assert last(relay)["reason"] == "link_expired"


# --- the network --------------------------------------------------------------------


class TestOnACable:
    """Agent and browser reach the relay through a cable that can be cut."""

    @pytest.fixture
    def cable(self) -> Iterator[Cable]:
        """A cable, whole."""
        with Cable() as running:
            yield running

    @pytest.fixture
    def relay(self, folder: Path, cable: Cable) -> Iterator[Relay]:
        """A relay at the end of the cable."""
        with Relay(folder / "relay", public_port=cable.port) as running:
            cable.lead_to(running.port)
            yield running

    @pytest.mark.parametrize("whose", ["customer", "technician"])
    def test_after_a_cut_seeing_comes_back_and_control_does_not(
        self,
        whose: str,
        cable: Cable,
        both: FirstHelp,
        relay: Relay,
        desktop: Desktop,
        listener: Listener,
    ) -> None:
        claire, durand = both.claire, both.durand
        both.reaches_control()
        mark = listener.mark()
        claire.moves(300, 500)
        claire.page.mouse.down()
        listener.wait_for(mark=mark, source="xtest", kind="button down")
        cable.cut_customer() if whose == "customer" else cable.cut_technician()
        # What is held is released, whoever's network it was.
        listener.wait_for(mark=mark, source="xtest", kind="button up")
        durand.finds("Liaison perdue")
        claire.waits_for_mode("interrupted")
        claire.page.mouse.up()
        with Painting(desktop, 900, 520, 200, 120) as painting:
            cable.mend()
            claire.waits_for_mode("viewing")
            durand.finds("voit votre écran")
            claire.sees_pixel(painting.middles()[1][1], CORNERS[3])
        lost = wait_for_kind(relay, "link_lost")
        assert lost["data"]["side"] == whose
        assert kinds(relay)[-2:] == ["link_lost", "link_restored"]
        mark = listener.mark()
        claire.clicks(200, 500)
        # Asked again, and given again, it works as before.
        place = terminal(desktop)
        both.gives_control()
        assert listener.since(mark, source="xtest") == []
        claire.clicks(200, 500)
        place.wait_for_focus()
        claire.page.keyboard.type("encore là")
        place.wait_for("encore là")
        durand.presses("Terminer")
        claire.waits_for_end("customer_ended")
        durand.closes()
        assert ended(relay) == "customer_ended"
