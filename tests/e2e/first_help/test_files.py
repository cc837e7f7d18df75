"""Files both ways between real parts: a yes for each, a cut, and whole at last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, expect

from tests.e2e.first_help.story import CUSTOMER, FirstHelp, journal, wait_for_kind
from tests.e2e.rig.agent import Agent
from tests.e2e.rig.axe import findings
from tests.e2e.rig.cable import Cable
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LONG = 4_000_000
SHORT = 1_000_000
#: So narrow that a freeze finds the long one on its way: it would take 20 s.
NARROW = LONG // 20


@pytest.fixture
def cable() -> Iterator[Cable]:
    """The network between the two people and the relay."""
    with Cable() as made:
        yield made


@pytest.fixture
def relay(folder: Path, cable: Cable) -> Iterator[Relay]:
    """A relay at the end of the cable."""
    with Relay(folder / "relay", public_port=cable.port) as running:
        cable.lead_to(running.port)
        yield running


def made(path: Path, size: int) -> str:
    """Write a file that repeats nowhere soon; return its SHA-256."""
    block = hashlib.sha512(path.name.encode()).digest()
    with path.open("wb") as file:
        left = size
        while left > 0:
            block = hashlib.sha512(block).digest()
            left -= file.write((block * 1024)[:left])
    return sha256(path)


def sha256(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def facts(relay: Relay) -> list[tuple[str, dict[str, object]]]:
    """Return what the journal says of files."""
    return [
        (entry["kind"], entry["data"])
        for entry in journal(relay)
        if entry["kind"].startswith("file_")
    ]


def test_R32_files_go_both_ways_and_a_cut_costs_nothing(
    both: FirstHelp,
    relay: Relay,
    cable: Cable,
    agent: Agent,
    desktop: Desktop,
    folder: Path,
    wrong: list[str],
) -> None:
    claire, durand = both.claire, both.durand
    # Without a picker to be answered: the browser stores, and then downloads.
    claire.page.add_init_script("delete window.showSaveFilePicker;")
    downloads = desktop.home / "Downloads"
    downloads.mkdir()
    driver, letter = folder / "pilote été.bin", desktop.home / "lettre.pdf"
    sums = made(driver, LONG), made(letter, SHORT)
    both.reaches_viewing()

    claire.see("files").click()
    claire.see("files-input").set_input_files(driver)
    claire.reads("file-words", f"En attente de l’accord de {CUSTOMER}")
    assert findings(claire.page) == []
    durand.finds("vous propose un fichier")
    durand.finds("pilote été.bin")
    assert list(downloads.iterdir()) == []
    cable.slow(NARROW)
    durand.presses("Accepter ce fichier")

    row = claire.see("file")
    expect(row).to_have_attribute("data-stage", "moving")
    progress = row.locator("progress")
    wait_until(lambda: moved(progress) > 0, what="the first pieces")
    # On its way for certain when the cable goes: nothing passes a relay that stands.
    relay.process.freeze()
    cable.cut_customer()
    relay.process.thaw()
    wait_for_kind(relay, "link_lost")
    assert 0 < moved(progress) < LONG
    cable.slow(0)
    cable.mend()
    expect(row).to_have_attribute("data-stage", "kept", timeout=300_000)
    (arrived,) = downloads.iterdir()
    assert (arrived.name, sha256(arrived)) == ("pilote été.bin", sums[0])
    assert arrived.stat().st_mode & 0o777 == 0o600
    durand.finds("reçu et vérifié, dans « Downloads »")

    claire.see("files-want").click()
    durand.finds("vous demande un fichier")
    durand.presses("Choisir un fichier…")
    typed(both, "lettre.pdf")
    claire.reads("file-name", "lettre.pdf|pilote")
    with claire.page.expect_download(timeout=PATIENCE_S * 1000) as download:
        claire.see("file-save").click()
    assert taken(download.value, folder) == ("lettre.pdf", sums[1])
    expect(claire.see("file").nth(1)).to_have_attribute("data-stage", "kept")
    wait_until(lambda: len(facts(relay)) == 6, what=lambda: f"all of {facts(relay)}")
    assert facts(relay) == [
        ("file_offered", {"file": 2, "size": LONG}),
        ("file_accepted", {"file": 2, "size": LONG}),
        ("file_kept", {"file": 2, "size": LONG}),
        ("file_offered", {"file": 1, "size": SHORT}),
        ("file_accepted", {"file": 1, "size": SHORT}),
        ("file_kept", {"file": 1, "size": SHORT}),
    ]
    claire.ends()
    durand.closes()
    assert sorted(each.name for each in downloads.iterdir()) == ["pilote été.bin"]
    assert wrong == []


def typed(both: FirstHelp, name: str) -> None:
    """Write a file's name into the system's dialog, and open it."""
    durand = both.durand

    def is_ready() -> bool:
        fields = durand.reader.find("", "text")
        return any("focused" in each.states for each in fields)

    wait_until(is_ready, what=lambda: f"a field for the name: {durand.words()}")
    durand.hand.type(name)
    wait_until(
        lambda: any(each.text == name for each in durand.reader.find("", "text")),
        what=lambda: f"{name} in {durand.words()}",
    )
    durand.hand.key("Return")


def moved(progress: Locator) -> float:
    """Return how many bytes the bar shows; all of them once it is gone."""
    found = progress.all()
    return float(found[0].get_attribute("value") or 0) if found else float(LONG)


def taken(download: Download, folder: Path) -> tuple[str, str]:
    """Return a download's name and the SHA-256 of what came."""
    path = folder / "taken"
    download.save_as(path)
    return download.suggested_filename, sha256(path)
