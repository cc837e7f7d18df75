"""What machines run out of and strangers try, while two people are at work."""

import contextlib
import json
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from cordee_shared.limits import FRAME_MAX
from tests.e2e.first_help.story import FirstHelp, ended, journal, kinds
from tests.e2e.rig.processes import PATIENCE_S, wait_until
from tests.e2e.rig.relay import Relay

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@contextmanager
def locked(relay: Relay) -> Iterator[None]:
    """Hold the database as a backup gone wrong would."""
    other = sqlite3.connect(relay.data / "cordee.db", isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def full(relay: Relay) -> Iterator[None]:
    """Let no file of the relay's grow, as a full disk would."""
    none, any_ = resource.prlimit(relay.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(relay.process.pid, resource.RLIMIT_FSIZE, (1, any_))
    try:
        yield
    finally:
        resource.prlimit(relay.process.pid, resource.RLIMIT_FSIZE, (none, any_))


@pytest.mark.parametrize("trouble", [locked, full])
def test_without_a_journal_a_session_ends_and_is_written_down_later(
    trouble: Callable[[Relay], AbstractContextManager[None]],
    both: FirstHelp,
    relay: Relay,
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    with trouble(relay):
        durand.hand.move(640, 400)  # what cannot be recorded is not gone on with
        claire.waits_for_end("journal_unavailable", within=40)
        claire.reads("ended-why", "Le journal ne peut plus être écrit")
        durand.finds("Le serveur ne pouvait plus rien enregistrer", within=40)
        durand.finds("ne peut plus prendre le contrôle")
        durand.finds("Votre technicien vous le dira")
    assert ended(relay) == "journal_unavailable"
    assert kinds(relay)[-1] == "ended"
    assert (
        wait_until(relay.billing_file.read_bytes, what="the record").count(b"\n") == 1
    )
    durand.closes()
    # The next one is served as if nothing had been.
    claire.see("ended-again").click()
    claire.invites()
    assert journal(relay)[-1]["kind"] == "code_issued"


BROKEN: dict[str, tuple[str, str | bytes, int]] = {
    "unknown to an agent": ("agent", '{"t":"nonsense"}', 4400),
    "a number for a text": ("agent", '{"t":"claim","np":482}', 4400),
    "no JSON": ("agent", "this is no JSON", 4400),
    "a record out of nowhere": ("agent", b"\0" * 64, 4400),
    "a record too large": ("agent", b"\0" * (FRAME_MAX + 1), 1009),
    "unknown to a console": ("console", '{"t":"nonsense"}', 4400),
    "a message too large": ("console", "x" * (FRAME_MAX + 1), 1009),
}


def test_who_breaks_the_protocol_is_out_with_a_code_and_disturbs_nobody(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_control()
    (cookie,) = claire.page.context.cookies()
    signed_in = {
        "Origin": relay.url,
        "Cookie": f"{cookie['name']}={cookie['value']}",
    }
    closed = {
        name: breaks(relay, path, signed_in if path == "console" else {}, frame)
        for name, (path, frame, _) in BROKEN.items()
    }
    assert closed == {name: (code, []) for name, (_, _, code) in BROKEN.items()}
    # The two who are at work have not noticed.
    assert kinds(relay)[-1] == "control_granted"
    claire.waits_for_mode("controlling")
    claire.ends()
    claire.waits_for_end("technician_ended")
    durand.finds("claire a mis fin à la séance")
    assert wrong == []


def breaks(
    relay: Relay, path: str, headers: dict[str, str], frame: str | bytes
) -> tuple[int | None, list[str | bytes]]:
    """Say hello, then something wrong; return the close code and what was told."""
    said: list[str | bytes] = []
    hello = {"t": "hello", "v": 1} | ({"pk": "A" * 43} if path == "console" else {})
    url = f"ws://127.0.0.1:{relay.port}/{path}/v1"
    with connect(url, additional_headers=headers, compression=None) as link:
        link.send(json.dumps(hello))
        assert json.loads(link.recv())["t"] == "welcome"
        with contextlib.suppress(ConnectionClosed):
            link.send(frame)
            while True:
                said.append(link.recv(timeout=PATIENCE_S))
        return link.close_code, said
