"""What an operator gets wrong: one sentence, and nothing lost."""

import asyncio
import json
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_shared.session.states import Remark
from tests.e2e.rig.processes import BIN, Program, environment
from tests.e2e.rig.relay import Relay
from tests.shared.journals import Journal

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def stopped(relay: Relay) -> Relay:
    """A relay that has run, has an account, and stands still."""
    relay.add_technician()
    relay.stop()
    return relay


def refusal(relay: Relay, *words: str) -> str:
    """Run a command that cannot work; return its one sentence."""
    done = subprocess.run(
        [BIN / "cordee", *words, "--config", relay.config],
        env=environment(relay.folder / "home"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    # Facts for the log come before it, as JSON; the sentence is for the operator.
    *facts, sentence = done.stderr.splitlines()
    assert all(json.loads(fact) for fact in facts)
    assert sentence.startswith("cordee: ")
    return sentence.removeprefix("cordee: ")


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        (
            "unit_s = 900\n",
            "",
            "[[tariffs]]",
            "tariffs.0.unit_s: expected, and missing",
        ),
        ("price_cents = 1500", 'price_cents = "15"', "price_cents", "expected `int`"),
        ("[listen]", "[listne]", "[listne]", "listne: no such setting"),
        ("port = ", "port = 7", "port", "listen.port: expected `int` <= 65535"),
        ("01 23 45 67 89", "", "phone", "provider.phone: expected `str` of length >="),
        ('policy = "', 'policy = "my-', "policy", "policy: expected one of"),
        ("minimum_units = 1", "minimum_units == 1", "", "expected TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line_and_what_was_expected(
    stopped: Relay, right: str, wrong: str, line: str, said: str
) -> None:
    good = stopped.config.read_text("utf-8")
    assert right in good
    stopped.config.write_text(bad := good.replace(right, wrong, 1), encoding="utf-8")
    sentence = refusal(stopped, "serve")
    assert sentence.startswith(str(stopped.config))
    assert said in sentence
    if line:
        number = next(n for n, row in enumerate(bad.splitlines(), 1) if line in row)
        assert f"line {number}: " in sentence
    # Put right, it runs on what it had.
    stopped.config.write_text(good, encoding="utf-8")
    stopped.start()
    assert "claire" in stopped.command("technician", "list")


def test_a_port_in_use_is_said_and_the_relay_runs_on_another(stopped: Relay) -> None:
    with socket.create_server(("127.0.0.1", stopped.port)):
        sentence = refusal(stopped, "serve")
    assert f"127.0.0.1:{stopped.port} is in use by another program" in sentence
    stopped.start()
    assert "claire" in stopped.command("technician", "list")


def test_a_data_folder_that_cannot_be_written_is_said(stopped: Relay) -> None:
    good = stopped.config.read_text("utf-8")
    below = stopped.config.name + "/data"
    stopped.config.write_text(good.replace('"data"', f'"{below}"'), encoding="utf-8")
    sentence = refusal(stopped, "init")
    assert "cannot be made" in sentence
    assert "expected a folder that can be written" in sentence
    assert "`cordee init` makes one" in refusal(stopped, "serve")


def test_a_clock_that_was_moved_back_is_said_and_may_be_accepted(
    stopped: Relay,
) -> None:
    asyncio.run(_write_in_the_future(stopped.data / "cordee.db"))
    sentence = refusal(stopped, "serve")
    assert "the clock of this machine was moved back" in sentence
    assert "--accept-clock" in sentence
    with Program(
        [BIN / "cordee", "serve", "--accept-clock", "--config", stopped.config],
        log=stopped.folder / "accepted.log",
        env=environment(stopped.folder / "home"),
    ) as accepted:
        accepted.wait_for_line(f"Cordée listens at {stopped.url}")
        accepted.signal(signal.SIGTERM)
        assert accepted.wait_for_end() == 0


async def _write_in_the_future(file: Path) -> None:
    database = open_sqlite(file)
    future = Journal(at_ms=4_102_444_800_000).fact(Remark.CODE_ISSUED)
    await SqlJournal(database).append(future.entries)
    database.close()


def test_a_damaged_database_is_said_and_left_as_it_is(stopped: Relay) -> None:
    file = stopped.data / "cordee.db"
    for beside in ("cordee.db-wal", "cordee.db-shm"):
        (stopped.data / beside).unlink(missing_ok=True)
    file.write_bytes(b"this is no database, whatever its name says" * 100)
    before = file.read_bytes()
    assert "this file is no database" in refusal(stopped, "serve")
    assert file.read_bytes() == before
