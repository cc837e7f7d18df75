"""The single-file verifier: the same receipts, the same changes, no line in common."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cordee_shared.canonical import b64
from cordee_shared.session.states import TRANSITIONS, Event
from tests.receipts import SIGNER, changes, evident, receipt_of

FILE = Path(__file__).parents[3] / "docs/evidence/verify_receipt.py"
OTHERS = evident(2), evident(3)


@pytest.fixture(scope="module")
def verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_receipt", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_s28_it_needs_one_file_and_one_package() -> None:
    needed = set()
    for node in ast.walk(ast.parse(FILE.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            needed |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            needed.add((node.module or "").split(".")[0])
    assert needed - sys.stdlib_module_names == {"cryptography"}


def test_s28_it_runs_alone_and_says_what_a_receipt_shows(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    file.write_bytes(receipt_of(evident(), *OTHERS, since=1).write())
    done = subprocess.run(
        [sys.executable, "-I", str(FILE), str(file), "--relay-key", b64(SIGNER.public)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Everything fits.\nProvider: Aide & Cie")
    assert "control_granted" in done.stdout
    assert "Technician: Claire" in done.stdout


@pytest.mark.slow
def test_s27_it_finds_every_change_that_the_product_finds(
    verifier: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, missed = receipt_of(evident(), evident(2)).write(), []
    file = tmp_path / "receipt.json"
    for name, changed in changes(raw):
        file.write_bytes(changed)
        if verifier.main([str(file), "--relay-key", b64(SIGNER.public)]) != 1:
            missed.append(name)
        assert capsys.readouterr().err.startswith("WRONG. ")
    assert missed == []


def test_s27_it_names_what_is_wrong(
    verifier: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "receipt.json"
    raw = receipt_of(evident(), *OTHERS).write()
    for former, latter, named in (
        (b"Un c", b"Un d", "entry 10: is not what its leaf stands for"),
        (b"Imprimante", b"Imprimantes", "offer: its signature does not fit"),
        (b"index ", b"indez ", "proof: has no index"),
    ):
        file.write_bytes(raw.replace(former, latter, 1))
        assert verifier.main([str(file)]) == 1
        assert capsys.readouterr().err == f"WRONG. {named}\n"


def test_another_relays_key_is_told(
    verifier: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "receipt.json"
    file.write_bytes(receipt_of(evident()).write())
    assert verifier.main([str(file), "--relay-key", b64(bytes(32))]) == 1
    assert capsys.readouterr().err == "WRONG. relay: is not the key given\n"
    assert verifier.main([str(tmp_path / "none")]) == 2
    assert verifier.main([]) == 2


def test_its_table_is_the_sessions(verifier: ModuleType) -> None:
    table = {
        state.value: {event.value: after.value for event, after in row.items()}
        for state, row in TRANSITIONS.items()
    }
    assert {state: row for state, row in verifier.TABLE.items() if row} == {
        state: row for state, row in table.items() if row
    }
    assert {event.value for event in Event} == verifier.EVENTS
