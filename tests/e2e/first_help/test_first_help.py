"""The whole path, once, on real parts: pixels, keys, hand, journal and bill."""

import hashlib

import pytest

from cordee_shared.canonical import (
    canonical,
    read_canonical,
    transcript_hash,
    unb64,
)
from cordee_shared.journal.act import ActReader
from cordee_shared.journal.entry import Entry, read_entry
from cordee_shared.session.states import Event, Side
from tests.e2e.first_help.story import (
    CUSTOMER,
    PURPOSE,
    FirstHelp,
    journal,
    kinds,
    records,
)
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import CORNERS, Painting, terminal
from tests.e2e.rig.xvnc import Desktop
from tests.shared.billing.test_provider import WHOLE

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def entries(relay: Relay) -> list[Entry]:
    """Return the latest session's journal, read strictly."""
    return [read_entry(canonical(entry)) for entry in journal(relay)]


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
    durand.gives_back()
    claire.waits_for_mode("controlling")

    claire.ends()
    claire.waits_for_end("technician_ended")
    claire.reads("ended-why", "Vous avez terminé la séance")
    durand.finds("a mis fin à la séance")
    durand.finds("ne peut plus prendre le contrôle")
    # Less than a minute: below what the default policy charges.
    durand.finds("Rien à payer")
    claire.reads("ended-bill", "Rien à facturer")
    durand.closes()

    told = entries(relay)
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
    assert [entry.n for entry in told] == list(range(len(told)))
    assert told[-1].data["reason"] == "technician_ended"
    check_acts(told)

    (record,) = wait_until(lambda: records(relay), what="the billing record")
    assert (record.agreed.customer, record.agreed.purpose) == (CUSTOMER, PURPOSE)
    assert (record.units, record.amount_cents, record.end_reason) == (
        0,
        0,
        "technician_ended",
    )
    given = [entry for entry in told if entry.kind.value.endswith("_granted")]
    assert [(yes.scope, yes.text, yes.entry) for yes in record.consents] == [
        (entry.data["scope"], entry.data["text"], entry.hash) for entry in given
    ]
    before = relay.billing_file.read_bytes()
    relay.command("billing", "export")
    assert relay.billing_file.read_bytes() == before
    assert wrong == []


def check_acts(told: list[Entry]) -> None:
    """Insist that each act is signed by its author, under the pairing, in a chain.

    What the journal itself says is enough to find out: anybody can do this later.
    """
    (confirmed,) = [e for e in told if e.kind is Event.KEYS_CONFIRMED]
    ya, ad_a, yb, ad_b = (
        unb64(str(confirmed.data[name])) for name in ("ya", "ad_a", "yb", "ad_b")
    )
    th = transcript_hash(ya, ad_a, yb, ad_b)
    for side, ad in ((Side.CUSTOMER, ad_a), (Side.TECHNICIAN, ad_b)):
        pk = unb64(str(read_canonical(ad)["pk"]))
        reader = ActReader(told[0].session, side, pk, th)
        acts = [e.act for e in told if e.act is not None and e.side is side]
        assert acts != []
        for act in acts:
            assert reader.read(act.raw, act.signature) == act


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
    claire.reads("ended-why", f"{CUSTOMER} a terminé la séance")
    durand.finds("Vous avez mis fin à la séance")
    durand.closes()
    assert kinds(relay)[-1] == "ended"
    assert wrong == []


@pytest.mark.parametrize("policy", ["as-written-2021"])
def test_both_are_told_the_same_price_as_the_bill(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    durand.presses("Terminer")
    claire.waits_for_end("customer_ended")
    # The quarter of an hour that was begun, by rules without a free minute.
    claire.reads("ended-bill", r"^15,00\s€$")
    durand.finds(r"^15,00\s€ TTC$")
    durand.closes()
    (record,) = wait_until(lambda: records(relay), what="the billing record")
    assert (record.units, record.amount_cents, record.currency) == (1, 1500, "EUR")
    claire.reads("ended-record", record.id)
    # R42: the document, also where nobody gave the relay the facts before the end.
    whole = WHOLE.replace("Micro-Alpes", "Aide & Cie")
    (relay.folder / "provider.toml").write_text(whole, encoding="utf-8")
    with claire.page.expect_download() as taken:
        claire.see("ended-document").click()
    assert taken.value.suggested_filename == f"justificatif-{record.id[:8]}.pdf"
    assert taken.value.path().read_bytes().startswith(b"%PDF-")
    asked = hashlib.sha256(relay.billing_file.read_bytes()).hexdigest()
    relay.command("billing", "export", "--out", str(relay.folder / "again.jsonl"))
    again = (relay.folder / "again.jsonl").read_bytes()
    assert hashlib.sha256(again).hexdigest() == asked
    assert wrong == []
