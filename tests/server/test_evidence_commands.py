"""``cordee verify``, ``receipt`` and ``journal verify``, as a script uses them."""

import json
import sqlite3
from pathlib import Path

import pytest

from cordee_shared.canonical import b64
from tests.receipts import SIGNER, evident, receipt_of
from tests.server.test_cli import Run, cordee, refused, relay

__all__ = ["cordee", "relay"]

pytestmark = pytest.mark.slow


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    file = tmp_path / "receipt.json"
    file.write_bytes(receipt_of(evident(), evident(2)).write())
    return file


def test_s28_a_receipt_is_checked_offline(cordee: Run, receipt: Path) -> None:
    done = cordee("verify", str(receipt), "--relay-key", b64(SIGNER.public))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("In order: session 0000")
    assert "technician Claire, customer Mme Dupuis" in done.stdout
    alone = cordee("verify", str(receipt))
    assert f"names itself: {b64(SIGNER.public)}" in alone.stdout


def test_s27_what_is_wrong_is_named_with_exit_code_1(
    cordee: Run, receipt: Path
) -> None:
    receipt.write_bytes(receipt.read_bytes().replace(b"Imprimante", b"Imprimantf"))
    done = cordee("verify", str(receipt))
    assert done.returncode == 1
    assert done.stdout.startswith("WRONG. offer, signature: does not fit")
    receipt.write_text("{}")
    assert cordee("verify", str(receipt)).returncode == 1
    assert "cannot be read" in refused(cordee("verify", str(receipt.parent / "none")))
    assert "43 characters" in refused(
        cordee("verify", str(receipt), "--relay-key", "xyz")
    )


def test_s31_the_journal_is_verified_whole_and_between_checkpoints(
    cordee: Run, relay: Path, tmp_path: Path
) -> None:
    assert "0 entries" in cordee("journal", "verify").stdout
    assert "empty" in refused(cordee("journal", "checkpoint"))
    assert "go together" in refused(cordee("journal", "verify", "--from", "a"))
    assert "no session's id" in refused(cordee("receipt", "f"))
    assert "no such receipt" in refused(cordee("receipt", "f" * 32))


def test_s31_what_was_changed_in_a_relays_journal_is_named(
    cordee: Run, relay: Path, tmp_path: Path
) -> None:
    cordee("technician", "add", "luc")
    fields = (
        "--customer",
        "Mme Martin",
        "--purpose",
        "Imprimante",
        "--tariff",
        "remote",
    )
    made = cordee("engagement", "add", "--technician", "luc", *fields)
    assert made.returncode == 0, made.stderr
    with sqlite3.connect(relay / "cordee.db") as thief:
        thief.execute(
            "INSERT INTO entries (session, n, state, at_ms, leaf)"
            " VALUES (?, 0, 'waiting', 0, zeroblob(32))",
            ("a" * 32,),
        )
    thief.close()
    done = cordee("journal", "verify")
    assert done.returncode == 1
    assert done.stdout.startswith(
        "WRONG. entry 1 of the journal: its bytes are missing"
    )
    assert json.dumps(done.stderr) == '""'
