import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.cli import qr
from tests.builders import ended, invited

Run = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.slow

FIRST = (
    *("init", "--organisation", "Aide & Cie", "--phone", "01 23 45 67 89"),
    *("--terms", "terms.txt", "--terms-version", "2021-11-01"),
    *("--price-cents", "2500"),
)


@pytest.fixture
def cordee(tmp_path: Path) -> Run:
    """The command, in a folder of its own."""
    (tmp_path / "terms.txt").write_text("Article 1")
    quiet = {k: v for k, v in os.environ.items() if not k.startswith("CORDEE_")}

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cordee_server", *words],
            cwd=tmp_path,
            env=quiet | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def relay(cordee: Run, tmp_path: Path) -> Path:
    """The data folder of a relay that was made by the command."""
    assert cordee(*FIRST).returncode == 0
    return tmp_path / "data"


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence of a refusal."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("cordee: ")
    return line.removeprefix("cordee: ")


def test_init_says_what_it_needs_to_write_settings(cordee: Run) -> None:
    assert refused(cordee("init", "--phone", "1")) == (
        "cordee.toml: not there; to write it, expected --organisation, --terms, "
        "--terms-version, --price-cents"
    )


def test_init_twice_changes_nothing(cordee: Run, relay: Path) -> None:
    before = {file.name: file.read_bytes() for file in relay.glob("*.key")}
    again = cordee("init")
    assert again.returncode == 0
    assert "made" not in again.stdout
    assert {file.name: file.read_bytes() for file in relay.glob("*.key")} == before


def test_an_account_is_made_listed_reset_and_removed(cordee: Run, relay: Path) -> None:
    added = cordee("technician", "add", "luc", "--display-name", "Luc Martin")
    assert added.returncode == 0
    shown = dict(re.findall(r"^(\w[\w ]*):\s+(.*)$", added.stdout, re.MULTILINE))
    assert (shown["Name"], shown["Shown as"]) == ("luc", "Luc Martin")
    assert len(pyotp.TOTP(shown["Secret"]).now()) == 6
    assert "█" in added.stdout
    for file in (path for path in relay.iterdir() if path.is_file()):
        for secret in (shown["Password"], shown["Secret"]):
            assert secret.encode() not in file.read_bytes(), file.name
    assert "Luc Martin" in cordee("technician", "list").stdout
    assert shown["Role"] == "technician"
    codes = re.findall(r"^  ([a-z2-7]{4}(?:-[a-z2-7]{4}){3})$", added.stdout, re.M)
    assert len(codes) == 8
    again = cordee("technician", "reset", "luc")
    assert shown["Password"] not in again.stdout
    assert cordee("technician", "remove", "luc").stdout == "removed luc\n"
    assert cordee("technician", "list").stdout == ""
    assert refused(cordee("technician", "remove", "luc")) == (
        "There is no technician 'luc'."
    )


def test_roles_locks_and_recovery_codes_are_the_operators_too(
    cordee: Run, relay: Path
) -> None:
    added = cordee("technician", "add", "ada", "--role", "admin")
    assert re.search(r"^Role:\s+admin$", added.stdout, re.MULTILINE)
    made = cordee("technician", "recovery", "ada").stdout.split()
    assert len([word for word in made if re.fullmatch(r"[a-z2-7-]{19}", word)]) == 8
    assert cordee("technician", "role", "ada", "auditor").stdout == (
        "ada is auditor now\n"
    )
    assert cordee("technician", "lock", "ada").stdout == "locked ada\n"
    assert re.search(r"auditor .* locked$", cordee("technician", "list").stdout)
    assert cordee("technician", "unlock", "ada").stdout == "unlocked ada\n"
    assert "locked" not in cordee("technician", "list").stdout
    for words in (("role", "ben", "admin"), ("lock", "ben"), ("recovery", "ben")):
        assert refused(cordee("technician", *words)) in (
            "There is no technician 'ben'.",
            "This account is gone.",
        )


def test_a_terminal_without_blocks_does_not_cost_the_password(
    cordee: Run, relay: Path
) -> None:
    added = cordee("technician", "add", "luc", PYTHONIOENCODING="ascii")
    assert added.returncode == 0
    assert re.search(r"Password:\s+\S{23}$", added.stdout, re.MULTILINE)


async def test_the_journal_is_shown_by_session_and_by_entry(
    cordee: Run, relay: Path
) -> None:
    database = open_sqlite(relay / "cordee.db")
    journal = SqlJournal(database)
    for written in (invited(1), ended(2)):
        await journal.append(written.entries)
    database.close()
    listed = cordee("journal", "show").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [ended(2).id, invited(1).id]
    assert "ended" in listed[0]
    shown = cordee("journal", "show", ended(2).id).stdout.splitlines()
    assert [line.split()[4] for line in shown] == ["code_issued", "ended"]
    # Another key wrote these: the command must not pass them off as the relay's.
    assert all("FORGED" in line for line in shown)
    raw = cordee("journal", "show", ended(2).id, "--json").stdout.splitlines()
    assert raw == [entry.raw.decode() for entry in ended(2).entries]
    assert refused(cordee("journal", "show", "0" * 32)) == (
        f"There is no session {'0' * 32}."
    )
    assert "is no session's id" in refused(cordee("journal", "show", "nonsense"))


def test_the_billing_file_is_written_where_one_wants_it(
    cordee: Run, relay: Path, tmp_path: Path
) -> None:
    done = cordee("billing", "export", "--out", "here.jsonl")
    assert done.stdout.splitlines()[0] == "0 records in here.jsonl"
    assert (tmp_path / "here.jsonl").read_bytes() == b""
    missing = cordee("billing", "export", "--out", "nowhere/here.jsonl")
    assert refused(missing).endswith("cannot be written (No such file or directory)")


@pytest.mark.parametrize(
    ("words", "environment", "sentence"),
    [
        (("serve", "--config", "none.toml"), {}, "none.toml: cannot be read"),
        (("serve",), {"CORDEE_LISTEN_PORT": "x"}, "environment: CORDEE_LISTEN_PORT: "),
        (("serve",), {"CORDEE_POLICY": "x"}, "cordee.toml, line 9: policy: expected"),
        (("serve",), {"CORDEE_DATA": "other"}, "`cordee init` makes one"),
        (("init",), {"CORDEE_DATA": "cordee.toml/x"}, "cannot be made"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_exit_code_2(
    cordee: Run,
    relay: Path,
    words: tuple[str, ...],
    environment: dict[str, str],
    sentence: str,
) -> None:
    assert sentence in refused(cordee(*words, **environment))


async def test_a_clock_that_was_moved_back_is_refused_at_start(
    cordee: Run, relay: Path
) -> None:
    from tests.shared.journals import Journal

    database = open_sqlite(relay / "cordee.db")
    future = Journal(at_ms=4_102_444_800_000).fact(ended().entries[0].kind)
    await SqlJournal(database).append(future.entries)
    database.close()
    assert "the clock of this machine was moved back" in refused(cordee("serve"))


def test_a_qr_code_holds_the_address() -> None:
    drawn = qr("otpauth://totp/x?secret=ABC")
    assert set(drawn) <= set("█▀▄ \n")
    assert len({len(line) for line in drawn.splitlines()}) == 1
