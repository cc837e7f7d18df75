"""``cordee privacy``, in the test's own process: one relay, many commands."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cordee_server.cli import app
from cordee_shared.errors import CordeeError

FIELDS = ("--customer", "Mme Canari", "--purpose", "Imprimante", "--tariff", "remote")


def run(*arguments: str) -> Result:
    """Run one command."""
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str) -> str:
    """Return the sentence that a command refuses with."""
    error = run(*arguments).exception
    assert isinstance(error, CordeeError)
    return str(error)


@pytest.fixture
def relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A relay's folder with one technician."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_text("conditions", encoding="utf-8")
    made = run(
        *("init", "--organisation", "Aide & Cie", "--phone", "01", "--terms"),
        *("words.txt", "--terms-version", "1", "--price-cents", "2500"),
    )
    assert made.exit_code == 0, made.output
    assert run("technician", "add", "luc").exit_code == 0
    return tmp_path


def test_s33_a_customers_data_are_exported_put_right_and_erased(relay: Path) -> None:
    details = json.dumps({"ref": "c-canari", "email": "canari@example.fr"})
    made = run(
        "engagement", "add", "--technician", "luc", *FIELDS, "--details", details
    )
    assert made.exit_code == 0, made.output
    assert run("privacy", "export", "c-canari", "--out", "e.json").exit_code == 0
    found = json.loads((relay / "e.json").read_text("utf-8"))
    assert found["engagements"][0]["offer"]["customer"] == "Mme Canari"
    done = run("privacy", "rectify", "c-canari", "--name", "Mme Serin")
    assert done.output == "put right: name\n"
    for file in relay.rglob("cordee.db*"):
        assert b"Canari" not in file.read_bytes()
    done = run("privacy", "erase", "c-canari")
    assert done.output.startswith("erased c-canari; the journal says so")
    assert "erased already" in refused("privacy", "erase", "c-canari")
    assert "Nobody is known" in refused("privacy", "export", "c-nobody")
    assert run("privacy", "retain").output.startswith("0 bodies")
    assert run("journal", "verify").output.startswith("In order: 2 entries")
    assert run("journal", "checkpoint").output.startswith("cordee/")
